"""The tables of the official form: their columns, titles and rows, made of a passport. Source: domain rules, §2."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from projects.passport.form_words import (
    NO_GROUP,
    NO_INDICATOR,
    NO_TASK,
    OWN_INDICATORS,
    OWN_RESULTS,
    QUOTED_RESULT,
    TASK_AGAIN,
)
from projects.passport.recogniser.breakdown import indicator_of
from projects.passport.recogniser.indicators import said_unit
from projects.passport.recogniser.results import says_federal_result, yearly_targets
from projects.passport.schema import Passport
from projects.passport.values import row_number, split_number
from reports.documents.print_table import Cell, Column, Head, PrintTable, Row, print_table
from reports.documents.wording import DIRECTIONS, INDICATOR_KINDS, project_word
from reports.documents.written import Written, printable, years_of

_TEXT = Column()
_CENTRE = Column("centre")
_YEAR = Column("number", equal=True)


def _centre(text: str) -> Cell:
    return Cell(text, "centre")


def _across(text: str, columns: int) -> Cell:
    return Cell(text, columns=columns, names_row=True)


def indicators_table(passport: Passport, written: Written) -> PrintTable | None:
    """Section 2. A federal indicator that the passport quotes stands above its own, across the table.

    The form has the unit in the name; where it is not there, a column says it, and so for the direction.
    """
    rows_of = passport.indicators
    if not rows_of:
        return None
    years = years_of(row.targets for row in rows_of)
    with_unit = any(said_unit(row.number, row.name or "", rows_of[:at]) != row.unit for at, row in enumerate(rows_of))
    with_direction = any(row.direction for row in rows_of)
    columns = [_CENTRE, _TEXT, *[_CENTRE] * (3 + with_unit + with_direction), *[_YEAR] * len(years)]
    rows: list[Row] = []
    quoted = _Quoted(OWN_INDICATORS.format(project=project_word(passport.level).genitive))
    for index, row in enumerate(rows_of):
        at = ("indicators", index)
        heading = quoted.above(row.number, row.federal_name)
        if heading:
            rows.append(Row((_across(printable(heading), len(columns)),), joined=True))
        kind = INDICATOR_KINDS[row.kind].capitalize() if row.kind else written.text(*at, "kind", None)
        unit = [_centre(written.text(*at, "unit", row.unit))] if with_unit else []
        direction = [_centre(DIRECTIONS[row.direction] if row.direction else "")] if with_direction else []
        cells = (
            _centre(written.text(*at, "number", row.number)),
            Cell(written.text(*at, "name", row.name), names_row=True),
            *unit,
            _centre(kind),
            *direction,
            _centre(written.number(*at, "base.value", row.base.value)),
            _centre(written.date(*at, "base.date", row.base.date)),
            *_year_cells(written, at, "targets", row.targets, years),
        )
        rows.append(Row(cells))
    first = [Head("№\nп/п", rows=2), Head("Наименование показателя", rows=2)]
    first += [Head("Единица измерения", rows=2)] * with_unit
    first += [Head("Тип показателя", rows=2)]
    first += [Head("Признак возрастания (убывания)", rows=2)] * with_direction
    return print_table(columns, _values_head(years, *first), rows)


class _Quoted:
    """Which federal indicator holds for a row, from the rows above it: for its own and those below its number."""

    def __init__(self, own: str) -> None:
        self._own = own
        self._federal: str | None = None
        self._scope: str | None = None

    def above(self, number: str | None, federal: str | None) -> str | None:
        """The words to stand above a row of that number, so that it is understood to serve ``federal``."""
        inside = self._scope is not None and (number or "").startswith(f"{self._scope}.")
        known = self._federal if inside else None
        if federal == known:
            if not inside:
                self._federal = self._scope = None
            return None
        self._federal, self._scope = federal, (number or "") if federal else None
        return federal or self._own


def _values_head(years: tuple[str, ...], *first: Head) -> tuple[tuple[Head, ...], ...]:
    upper = (*first, Head("Базовое значение", columns=2))
    lower = (Head("значение"), Head("дата"))
    if not years:
        return upper, lower
    return (*upper, Head("Период, год", columns=len(years))), (*lower, *(Head(year) for year in years))


def _year_cells(
    written: Written, at: tuple[str, int], field: str, values: Mapping[str, Decimal | None], years: tuple[str, ...]
) -> Iterator[Cell]:
    for year in years:
        yield _centre(written.number(*at, f"{field}.{year}", values.get(year)))


def results_table(passport: Passport, written: Written) -> PrintTable | None:
    """Section 3: results under their tasks, each below the federal result that it serves.

    Yearly values stand in the characteristic; where they do not, years have columns.
    """
    if not passport.results and not passport.tasks:
        return None
    years = _result_years(passport)
    columns = [_CENTRE, _TEXT, _CENTRE, _TEXT, *[_YEAR] * len(years)]
    own = OWN_RESULTS.format(project=project_word(passport.level).genitive)
    rows: list[Row] = []
    shown, task, federal = 0, None, None
    for index, row in enumerate(passport.results):
        if row.task != task:
            rows += _task_rows(passport, written, row.task, shown, len(columns))
            shown, task, federal = max(shown, (row.task or 0) + 1 if row.task is not None else 0), row.task, None
        if row.federal_result != federal:
            federal = row.federal_result
            rows.append(Row((_across(_federal_words(federal) if federal else own, len(columns)),), joined=True))
        at = ("results", index)
        cells = (
            _centre(written.text(*at, "number", row.number)),
            Cell(written.text(*at, "name", row.name), names_row=True),
            _centre(written.date(*at, "due", row.due)),
            Cell(written.text(*at, "characteristic", row.characteristic)),
            *_year_cells(written, at, "targets", row.targets, years),
        )
        rows.append(Row(cells))
    rows += [_task_row(passport, written, index, len(columns)) for index in range(shown, len(passport.tasks))]
    deep = 2 if years else 1
    first = [
        Head("№\nп/п", rows=deep),
        Head("Наименование задачи, результата", rows=deep),
        Head("Срок", rows=deep),
        Head("Характеристика результата", rows=deep),
    ]
    if not years:
        return print_table(columns, (tuple(first),), rows)
    head = ((*first, Head("Период, год", columns=len(years))), tuple(Head(year) for year in years))
    return print_table(columns, head, rows)


def _result_years(passport: Passport) -> tuple[str, ...]:
    said = [yearly_targets(row.characteristic or "") for row in passport.results]
    if all(row.targets == values for row, values in zip(passport.results, said, strict=True)):
        return ()
    return years_of(row.targets for row in passport.results) or years_of(said)


def _task_rows(passport: Passport, written: Written, task: int | None, shown: int, width: int) -> list[Row]:
    """The heading above results: of a task after those not named yet, of one named before, or of no task."""
    if task is None:
        return [Row((_across(NO_TASK, width),), joined=True)]
    if task < shown:
        return [_task_row(passport, written, task, width, TASK_AGAIN)]
    return [_task_row(passport, written, index, width) for index in range(shown, task + 1)]


def _task_row(passport: Passport, written: Written, index: int, width: int, ending: str = "") -> Row:
    task = passport.tasks[index]
    number_text = written.text("tasks", index, "number", task.number)
    name = written.text("tasks", index, "name", task.name) + ending
    if not number_text:
        return Row((_across(name, width),), strong=True, joined=True)
    return Row((_centre(number_text), _across(name, width - 1)), strong=True, joined=True)


def _federal_words(text: str) -> str:
    """The form marks a federal result as quoted; a document that says so itself is not told twice."""
    quoted = printable(text)
    return quoted if says_federal_result(quoted) else QUOTED_RESULT + quoted


def participants_table(passport: Passport, written: Written) -> PrintTable | None:
    """Section 5: people under the result they work on; a group row stands across the table."""
    if not passport.participants:
        return None
    rows: list[Row] = []
    group: str | None = None
    for index, row in enumerate(passport.participants):
        at = ("participants", index)
        if row.group != group:
            group = row.group
            rows.append(Row((_across(printable(group) or NO_GROUP, 6),), joined=True))
        cells = (
            _centre(written.text(*at, "number", row.number)),
            Cell(written.text(*at, "role", row.role)),
            Cell(written.text(*at, "name", row.name), names_row=True),
            Cell(written.text(*at, "position", row.position)),
            Cell(written.text(*at, "supervisor", row.supervisor)),
            _centre(written.number(*at, "employment", row.employment)),
        )
        rows.append(Row(cells))
    head = (
        Head("№\nп/п"),
        Head("Роль в проекте"),
        Head("Фамилия, инициалы"),
        Head("Должность"),
        Head("Непосредственный руководитель"),
        Head("Занятость в проекте (процентов)"),
    )
    columns = [_CENTRE, _TEXT, _TEXT, _TEXT, _TEXT, _CENTRE]
    return print_table(columns, (head,), rows)


def plan_table(passport: Passport, written: Written) -> PrintTable | None:
    """Appendix 1. A control point has no start: a dash there is printed where the document wrote it."""
    if not passport.plan:
        return None
    rows: list[Row] = []
    for index, row in enumerate(passport.plan):
        at = ("plan", index)
        cells = (
            _centre(written.text(*at, "number", row.number)),
            Cell(written.text(*at, "name", row.name), names_row=True),
            _centre(written.date(*at, "start", row.start)),
            _centre(written.date(*at, "end", row.end)),
            Cell(written.text(*at, "responsible", row.responsible)),
            Cell(written.text(*at, "document", row.document)),
            _centre(written.text(*at, "control_level", row.control_level)),
        )
        rows.append(Row(cells))
    upper = (
        Head("№\nп/п", rows=2),
        Head("Наименование результата, мероприятия, контрольной точки", rows=2),
        Head("Сроки реализации", columns=2),
        Head("Ответственный исполнитель", rows=2),
        Head("Вид документа и характеристика результата", rows=2),
        Head("Уровень контроля", rows=2, mark="1" if passport.control_levels else ""),
    )
    columns = [_CENTRE, _TEXT, _CENTRE, _CENTRE, _TEXT, _TEXT, _CENTRE]
    head = (upper, (Head("начало"), Head("окончание")))
    return print_table(columns, head, rows)


def breakdown_table(passport: Passport, written: Written) -> PrintTable | None:
    """Appendix 2: targets by municipality or organisation under a row that names the indicator.

    Places whose names begin with a number stand beside a number of their own: it would be taken for the row's.
    """
    if not passport.breakdown:
        return None
    years = years_of(row.targets for row in passport.breakdown)
    numbered = any(split_number(row.territory or "")[0] for row in passport.breakdown)
    columns = [*[_CENTRE] * numbered, _TEXT, _CENTRE, _CENTRE, *[_YEAR] * len(years)]
    rows: list[Row] = []
    indicator: str | None = None
    for index, row in enumerate(passport.breakdown):
        at = ("breakdown", index)
        if row.indicator != indicator:
            indicator = row.indicator
            title = indicator_title(passport, indicator) or NO_INDICATOR
            rows.append(Row((_across(title, len(columns)),), joined=True))
        cells = (
            *[_centre(str(index + 1))] * numbered,
            Cell(written.text(*at, "territory", row.territory), names_row=True),
            _centre(written.number(*at, "base.value", row.base.value)),
            _centre(written.date(*at, "base.date", row.base.date)),
            *_year_cells(written, at, "targets", row.targets, years),
        )
        rows.append(Row(cells))
    first = [Head("№\nп/п", rows=2)] * numbered + [Head("Муниципальное образование, организация", rows=2)]
    return print_table(columns, _values_head(years, *first), rows)


_METHODOLOGY = {
    "formula": "Методика расчета (формула)",
    "base_indicators": "Базовые показатели (используемые в формуле)",
    "source": "Источник данных",
    "collector": "Ответственный за сбор данных",
    "aggregation": "Уровень агрегирования информации",
    "schedule": "Срок и периодичность",
    "note": "Дополнительная информация",
}


def methodology_table(passport: Passport, written: Written) -> PrintTable | None:
    """The methodology: how each indicator is calculated, under a row that names it."""
    if not passport.methodology:
        return None
    columns = [_CENTRE, *[_TEXT] * len(_METHODOLOGY)]
    rows: list[Row] = []
    titled = False
    for index, row in enumerate(passport.methodology):
        texts = {field: written.text("methodology", index, field, getattr(row, field)) for field in _METHODOLOGY}
        if row.indicator is None and [field for field, text in texts.items() if text] == ["note"]:
            # «No additional indicators»: words about the whole table and not about an indicator.
            rows.append(Row((_across(texts["note"], len(columns)),)))
            titled = True
            continue
        own_number = row.indicator if row_number(row.indicator or "") == row.indicator else None
        title = indicator_title(passport, row.indicator) or (NO_INDICATOR if titled else "")
        if title and title != own_number:
            rows.append(Row((_across(title, len(columns)),), joined=True))
            titled = True
        rows.append(Row((_centre(printable(own_number)), *(Cell(text) for text in texts.values()))))
    head = (Head("№\nп/п"), *(Head(title) for title in _METHODOLOGY.values()))
    return print_table(columns, (head,), rows)


def indicator_title(passport: Passport, indicator: str | None) -> str:
    """«1. Доля школ…» for the number of an indicator; what is no number of one stays as it is written."""
    for row in passport.indicators:
        if indicator and row.number == indicator and row.name:
            title = f"{printable(indicator)}. {printable(row.name)}"
            return title if indicator_of(title) == indicator else printable(indicator)
    return printable(indicator)
