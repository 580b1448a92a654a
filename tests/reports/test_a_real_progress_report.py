"""The progress report of a real project for 2020, figure by figure, with a redaction and facts that the portal holds.

The redaction, the periods, the forms and the figures of the ministry go through the portal's own services. The report
stands in the same arrangement as the real one: its rows in their order, its cells in theirs. Read back, what the
workbook, the Word file and the PDF hold is the same again.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from indicators.models import Indicator
from indicators.services import direct_figure_enter
from jobs.files.archive import Archive
from jobs.services import run_queued
from jobs.storage import store_file
from projects.models import Project
from projects.passport.intermediate import Document, Paragraph, Table, squash
from projects.passport.readers.docx import read_docx
from projects.passport.readers.pdf import read_pdf
from projects.passport.schema import Passport
from projects.services.proposals import change_request_open
from reports.documents.dataset import Dataset
from reports.documents.report import Part, Report, render_report
from reports.progress import progress_of, progress_report
from tests.conftest import Cast, Region, approve
from tests.indicators.steps import accept, agree, count, hand_in, open_period
from tests.reports.real_progress import MARK, PATH, Line, RealProgress, figure, real_progress

pytestmark = [
    pytest.mark.skipif(not PATH.exists(), reason="the real progress report does not lie beside the project"),
    pytest.mark.django_db,
]
REPORTED = (2019, 2020)
TODAY = dt.date(2021, 2, 1)
# What forms of schools make up; everything else the ministry enters, with a document for each figure.
BY_FORMS = {("indicators", "2"): "100 * connected / all_of_them", ("results", "1"): "equipped"}
# The portal keeps values, not zeros behind them: the one sum that has two digits where all others have one gets none.
WRITTEN_OTHERWISE = {"13 264,90": "13 264,9"}


@pytest.fixture(scope="module")
def real() -> RealProgress:
    return real_progress()


@pytest.fixture
def real_project(real: RealProgress, region: Region, cast: Cast) -> Project:
    """The redaction that the report is about, and its facts."""
    draft = change_request_open(
        passport=passport_of(real), territory=region.root, project=None, source_file=None, actor=cast.office
    )
    project = approve(draft, cast.curator)
    yardsticks = {
        ("results" if row.result_id else "indicators", row.number): row
        for row in Indicator.objects.filter(project=project).select_related("project__territory")
    }
    count("connected", cast.office, kinds=["school"], time="cumulative")
    count("all_of_them", cast.office, kinds=["school"])
    count("equipped", cast.office, kinds=["school"], time="cumulative")
    for key, formula in BY_FORMS.items():
        agree(yardsticks[key], formula, cast.office)
    facts = {
        (section, line.number): [figure(cell) for cell in line.cells[1 : 2 * len(REPORTED) : 2]]
        for section in ("indicators", "results")
        for line in getattr(real, section)
    }
    _hand_in_forms(project, region, cast, *(facts[key] for key in BY_FORMS))
    for key, values in facts.items():
        if key not in BY_FORMS:
            _enter(yardsticks[key], values, cast)
    return project


def passport_of(real: RealProgress) -> Passport:
    """A later redaction than the passport that is known: as much of it as the report tells."""
    years = [str(year) for year in real.years]

    def planned(line: Line) -> dict[str, str | None]:
        """Years that are reported have two cells, plan and fact; later ones their plan alone."""
        reported = 2 * len(REPORTED)
        values = [figure(cell) for cell in (*line.cells[:reported:2], *line.cells[reported:])]
        return dict(zip(years, (None if value is None else str(value) for value in values), strict=True))

    def rows(lines: tuple[Line, ...], **more: Any) -> list[dict[str, Any]]:
        return [
            {
                "number": line.number,
                "name": line.bare_name,
                "targets": planned(line),
                **{key: value(line) for key, value in more.items()},
            }
            for line in lines
        ]

    money = [
        {year: str(figure(cell)) for year, cell in zip(years, line.cells, strict=True) if figure(cell) is not None}
        for line in real.money
    ]
    return Passport.model_validate(
        {
            "level": "regional",
            "title": real.title,
            "short_title": real.title,
            "territory": "Северская область",
            "curator": dict(zip(("name", "position"), real.curator, strict=True)),
            "head": dict(zip(("name", "position"), real.head, strict=True)),
            "goal": real.goal,
            "indicators": rows(real.indicators, unit=lambda line: line.bare_name.rpartition(", ")[2]),
            "methodology": [
                {"indicator": line.number, "schedule": "ежегодно, нарастающим итогом"} for line in real.indicators
            ],
            "results": rows(real.results, characteristic=lambda _: "Считается нарастающим итогом"),
            "finance_unit": "thousand",
            "finance": [
                {"number": line.number, "name": line.name.removesuffix(", тыс. рублей"), "amounts": amounts}
                for line, amounts in zip(real.money, money, strict=True)
            ],
            "participants": [
                {"number": "1", "role": "Функциональный заказчик", "position": real.customer},
                *(
                    {"number": str(number), "role": "Участник", "position": name}
                    for number, name in enumerate(real.participants, 2)
                ),
            ],
        }
    )


def _hand_in_forms(
    project: Project, region: Region, cast: Cast, shares: list[Decimal | None], equipped: list[Decimal | None]
) -> None:
    """A period a year. The first school has what the report counts; in the second year the last is not accepted."""
    schools = dict(zip((*region.schools, region.village_school), (*cast.reporters, cast.village_reporter), strict=True))
    for index, year in enumerate(REPORTED):
        period = open_period(cast.office, project, kind="year", year=year, number=1)
        forms = []
        for school, reporter in schools.items():
            first = school == region.schools[0]
            # A hundred in those that are accepted, so that what is counted is the share.
            connected, equipped_here, of_all = (
                (shares[index], equipped[index], 70 + 10 * index) if first else (0, 0, 10)
            )
            values = {"connected": str(connected), "equipped": str(equipped_here), "all_of_them": str(of_all)}
            forms.append(hand_in(period, school, reporter, **values))
        for form in forms[: len(forms) - index]:
            accept(form, cast.office)
        run_queued()


def _enter(indicator: Indicator, values: list[Decimal | None], cast: Cast) -> None:
    for year, value in zip(REPORTED, values, strict=True):
        direct_figure_enter(
            indicator=indicator,
            organisation=indicator.project.territory,
            year=year,
            kind="actual",
            value=value,
            as_of=dt.date(year, 12, 31),
            reason="Отчёт министерства",
            file=store_file(name="Отчёт.pdf", content_type="application/pdf", content=b"%PDF-1.7"),
            actor=cast.office,
        )


@pytest.fixture
def made(real_project: Project, cast: Cast) -> Report:
    progress = progress_of(real_project, real_project.redactions.get(), cast.auditor)
    return progress_report(progress, year=REPORTED[-1], today=TODAY)


def part(made: Report, title: str) -> Part:
    return next(one for one in made.parts if one.title.startswith(title))


def table_of(made: Report, title: str) -> Dataset:
    found = part(made, title).table
    assert found is not None
    return found


TABLES = {
    "indicators": "Показатели проекта",
    "results": "Результаты проекта в цифрах",
    "money": "Объём финансирования",
}


def test_its_words_are_those_of_the_real_one(made: Report, real: RealProgress) -> None:
    assert made.title == f"Реализация регионального проекта «{real.title}»"
    assert part(made, "Цель").paragraphs == (real.goal, f"Функциональный заказчик – {real.customer}")
    assert [row[1:] for row in table_of(made, "Ответственные").rows] == [real.curator, real.head]
    assert part(made, "Участники").items == real.participants


@pytest.mark.parametrize("section", TABLES)
def test_every_figure_stands_where_the_real_one_has_it(made: Report, real: RealProgress, section: str) -> None:
    table = table_of(made, TABLES[section])
    places = [index for index, column in enumerate(table.columns) if not column.under]
    rows = [[row[index] for index in places] for row in table.rows]
    assert len(rows) == len(getattr(real, section))
    for row, line in zip(rows, getattr(real, section), strict=True):
        assert row[:2] == [line.number, line.name]
        assert [None if cell == "-" else cell for cell in row[2:]] == [figure(cell) for cell in line.cells]


def test_years_that_passed_have_plan_and_fact_and_later_ones_a_plan(made: Report, real: RealProgress) -> None:
    for section in ("indicators", "results"):
        columns = [column for column in table_of(made, TABLES[section]).columns if column.group and not column.under]
        expected = [(str(year), word) for year in real.years for word in ("план", "факт")[: 1 + (year <= REPORTED[-1])]]
        assert [(column.group, column.title) for column in columns] == expected


def test_what_schools_made_up_has_its_coverage_and_what_was_entered_says_so(made: Report) -> None:
    for section in ("indicators", "results"):
        table = table_of(made, TABLES[section])
        below = [index for index, column in enumerate(table.columns) if column.under]
        for row in table.rows:
            by_forms = (section, row[0]) in BY_FORMS
            assert [row[index] for index in below] == (
                ["4\u00a0из\u00a04", "3\u00a0из\u00a04"] if by_forms else ["внесено"] * 2
            )
    assert MARK in str(table_of(made, "Показатели").rows[0][1])


@pytest.mark.parametrize("ending", ["pdf", "docx", "xlsx"])
def test_a_document_holds_every_figure_in_its_place(made: Report, real: RealProgress, ending: str) -> None:
    content = render_report(Report.model_validate_json(made.model_dump_json()), ending)
    words, tables = {"pdf": _in_pdf, "docx": _in_docx, "xlsx": _in_workbook}[ending](content)
    for name in (real.goal, real.customer, *real.participants):
        assert name in words
    for section in TABLES:
        lines: tuple[Line, ...] = getattr(real, section)
        found = _beginning_with(tables, lines[0].name)
        assert len(found) == len(lines)
        for row, line in zip(found, lines, strict=True):
            assert row[:2] == [line.number, line.name]
            assert row[2:] == [WRITTEN_OTHERWISE.get(cell, cell) for cell in line.cells]


def _beginning_with(tables: list[list[list[str]]], name: str) -> list[list[str]]:
    """The rows below the header of the table that has this name in its first."""
    for table in tables:
        for index, row in enumerate(table):
            if row[1:2] == [name]:
                return table[index:]
    raise AssertionError(f"no table has {name}")


def _in_pdf(content: bytes) -> tuple[str, list[list[list[str]]]]:
    return _in(read_pdf(content))


def _in_docx(content: bytes) -> tuple[str, list[list[list[str]]]]:
    return _in(read_docx(Archive(content)))


def _in(document: Document) -> tuple[str, list[list[list[str]]]]:
    """Paragraphs, and tables without what stands below a fact."""
    words = " ".join(block.text for block in document.blocks if isinstance(block, Paragraph))
    tables = [
        [[_without_basis(cell) for cell in row.cells] for row in block.rows]
        for block in document.blocks
        if isinstance(block, Table)
    ]
    return squash(words), tables


def _without_basis(cell: str) -> str:
    text = squash(cell)
    for below in ("внесено", "4 из 4", "3 из 4"):
        text = text.removesuffix(f" {below}")
    return text


def _in_workbook(content: bytes) -> tuple[str, list[list[list[str]]]]:
    """A sheet as rows; numbers as the sheet shows them, columns of what facts are based on left out."""
    book = openpyxl.load_workbook(BytesIO(content))
    words, *sheets = [[list(row) for row in sheet.iter_rows()] for sheet in book]
    tables = []
    for sheet in sheets:
        skipped = {
            index for row in sheet for index, cell in enumerate(row) if str(cell.value or "").endswith("откуда факт")
        }
        tables.append(
            [[_shown(cell) for index, cell in enumerate(row) if index not in skipped] for row in sheet if any(row)]
        )
    return squash(" ".join(str(cell.value) for row in words for cell in row if cell.value)), tables


def _shown(cell: Any) -> str:
    if isinstance(cell.value, int | float):
        decimals = len(cell.number_format.partition(".")[2])
        return f"{cell.value:,.{decimals}f}".replace(",", " ").replace(".", ",")
    return squash(str(cell.value or ""))
