"""A section as a table: sent back untouched it is the same document; what was typed is read or kept as it was typed."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings

from projects.passport import Passport, check, read
from projects.passport.grid import SECTIONS, TypedRow, Written, grid_of, written
from tests.projects.passport import northern
from tests.projects.passport.strategies import passports
from tests.projects.passport.word import word_file

EXPECTED = Path(__file__).resolve().parents[4] / "shared" / "passports" / "expected"


def untouched(passport: Passport, section: str) -> list[TypedRow]:
    return [TypedRow(row.key, row.kind, {}) for row in grid_of(passport, section).rows]


def as_shown(passport: Passport, section: str) -> list[TypedRow]:
    """Every cell typed again just as the table shows it."""
    return [
        TypedRow(row.key, row.kind, {field: text for field, text in row.cells.items() if field != "label"})
        for row in grid_of(passport, section).rows
    ]


def with_ids(passport: Passport) -> Passport:
    names = ("indicators", "tasks", "results", "finance", "participants", "plan", "breakdown", "methodology")
    made = {
        name: tuple(row.model_copy(update={"id": row.id or str(uuid.uuid4())}) for row in getattr(passport, name))
        for name in names
    }
    return passport.model_copy(update=made)


@settings(max_examples=60, deadline=None)
@given(passports(free=True))
def test_an_untouched_table_gives_the_identical_document(passport: Passport) -> None:
    for section in SECTIONS:
        found = written(passport, section, untouched(passport, section))
        assert (section, found.passport, found.refusals) == (section, passport, [])


@settings(max_examples=60, deadline=None)
@given(passports())
def test_what_is_shown_is_read_back_to_the_same_values(passport: Passport) -> None:
    passport = with_ids(passport)
    for section in SECTIONS:
        found = written(passport, section, as_shown(passport, section))
        assert found.refusals == []
        assert told(found.passport) == told(passport), section


def municipal() -> Passport:
    return read(word_file(northern.municipal()))


def regional() -> Passport:
    return read(word_file(northern.regional()))


def told(passport: Passport) -> tuple[dict[str, object], set[str]]:
    document = passport.model_dump(mode="json")
    unread = document.pop("unread")
    return document, {json.dumps(item, sort_keys=True) for item in unread}


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("name", ["kirov", "sayansk"])
def test_a_real_passport_survives_its_table(name: str, section: str) -> None:
    file = EXPECTED / f"{name}.json"
    if not file.exists():
        pytest.skip("the real passports are not beside the project")
    passport = with_ids(Passport.model_validate_json(file.read_text()))
    assert written(passport, section, untouched(passport, section)).passport == passport
    found = written(passport, section, as_shown(passport, section))
    assert (found.passport, found.refusals) == (passport, [])


def typed(passport: Passport, section: str, at: int, **cells: str) -> Written:
    rows = untouched(passport, section)
    names = {name.replace("__", "."): text for name, text in cells.items()}
    rows[at] = TypedRow(rows[at].key, rows[at].kind, names)
    return written(passport, section, rows)


def test_values_are_read_as_readers_read_them() -> None:
    passport = with_ids(municipal())
    row = typed(passport, "indicators", 0, targets__2020="1 069,44", base__date="1 января 2018 г.", kind="доп.")
    assert row.passport.indicators[0].targets["2020"] == Decimal("1069.44")
    assert row.passport.indicators[0].base.date == dt.date(2018, 1, 1)
    assert row.passport.indicators[0].kind == "additional"


@pytest.mark.parametrize(
    ("section", "field", "raw", "code"),
    [
        ("plan", "end", "31.11.2020", "date.invalid"),
        ("plan", "end", "31.11", "date.invalid"),
        ("indicators", "targets.2020", "много", "value.not_a_number"),
        ("indicators", "targets.2020", "XX", "value.placeholder"),
        ("finance", "amounts.2020", "много", "value.not_a_number"),
        ("results", "due", "осенью", "date.invalid"),
    ],
)
def test_what_is_no_value_is_kept_as_typed_and_told(section: str, field: str, raw: str, code: str) -> None:
    passport = with_ids(municipal())
    at = next(i for i, row in enumerate(grid_of(passport, section).rows) if row.place[0] == section)
    found = typed(passport, section, at, **{field.replace(".", "__"): raw})
    row = found.places[at]
    assert row is not None
    assert grid_of(found.passport, section).rows[at].cells[field] == raw
    said = [f for f in check(found.passport) if (f.section, f.row, f.field, f.code) == (*row, field, code)]
    assert [f.raw for f in said] == [raw]
    # Typed once more as it was, it is the document that it was.
    was = grid_of(passport, section).rows[at].cells.get(field, "")
    back = typed(found.passport, section, at, **{field.replace(".", "__"): was}).passport
    assert told(back) == told(passport)


def test_words_without_a_value_move_with_their_row() -> None:
    passport = typed(with_ids(municipal()), "plan", 0, end="XX").passport
    rows = untouched(passport, "plan")
    found = written(passport, "plan", [rows[1], TypedRow(None, "", {"name": "Новая"}), rows[0]]).passport
    assert [(u.row, u.raw) for u in found.unread if u.section == "plan" and u.field == "end"] == [(2, "XX")]
    assert [row.name for row in found.plan] == [passport.plan[1].name, "Новая", passport.plan[0].name]
    gone = written(passport, "plan", rows[1:]).passport
    assert not [u for u in gone.unread if u.section == "plan" and u.raw == "XX"]


def test_a_result_serves_the_task_it_stands_under_and_a_task_keeps_no_result_cells() -> None:
    passport = with_ids(regional())
    rows = untouched(passport, "results")
    kinds = [row.kind for row in grid_of(passport, "results").rows]
    first = kinds.index("result")
    moved = written(passport, "results", [*rows[:first], *rows[first + 1 :], rows[first]])
    last = moved.passport.results[-1]
    assert last.id == rows[first].key
    assert last.task == len(passport.tasks) - 1
    rows[first] = TypedRow(rows[first].key, "task", {})
    refused = written(passport, "results", rows)
    assert refused.refusals
    assert "У задачи нет графы" in refused.refusals[0].message
    cleared = TypedRow(rows[first].key, "task", dict.fromkeys(grid_of(passport, "results").rows[first].cells, ""))
    rows[first] = TypedRow(cleared.key, "task", {**cleared.cells, "name": "Задача"})
    assert written(passport, "results", rows).passport.tasks[-1 if len(kinds) == 1 else 1].name == "Задача"


def test_a_year_comes_and_goes_with_its_column() -> None:
    passport = with_ids(municipal())
    years = grid_of(passport, "indicators").years
    rows = untouched(passport, "indicators")
    more = written(passport, "indicators", rows, [*years, "2031"]).passport
    assert all(row.targets["2031"] is None for row in more.indicators)
    less = written(more, "indicators", rows, years).passport
    assert less == passport
    without = written(passport, "indicators", rows, years[1:]).passport
    assert grid_of(without, "indicators").years == years[1:]


def test_a_new_indicator_without_a_target_says_so() -> None:
    passport = with_ids(municipal())
    rows = [*untouched(passport, "indicators"), TypedRow(None, "indicator", {"number": "9", "name": "Охват, процент"})]
    made = written(passport, "indicators", rows).passport
    last = len(made.indicators) - 1
    assert set(made.indicators[last].targets) == set(grid_of(passport, "indicators").years)
    assert ("value.missing", "targets") in [(f.code, f.field) for f in check(made) if f.row == last]


def test_money_without_any_year_has_no_amounts() -> None:
    passport = with_ids(municipal())
    grid = grid_of(passport, "finance")
    at = next(i for i, row in enumerate(passport.finance) if row.amounts)
    empty = {f"amounts.{year}": "" for year in grid.years}
    rows = untouched(passport, "finance")
    rows[at] = TypedRow(rows[at].key, "", {**empty, "name": "внебюджетные источники"})
    line = written(passport, "finance", rows).passport.finance[at]
    assert (line.amounts, line.source) == (None, "extrabudgetary")


def test_control_levels_have_one_meaning_each() -> None:
    passport = with_ids(municipal()).model_copy(update={"control_levels": {"К": "куратор", "РП": "руководитель"}})
    rows = [*untouched(passport, "control_levels"), TypedRow(None, "", {"short": "К", "meaning": "кто-то"})]
    assert "уже есть" in written(passport, "control_levels", rows).refusals[0].message
    rows[2] = TypedRow(None, "", {"short": "П"})
    assert "что означает" in written(passport, "control_levels", rows).refusals[0].message
    rows[2] = TypedRow(None, "", {"short": "П", "meaning": "проектный офис"})
    assert list(written(passport, "control_levels", rows).passport.control_levels) == ["К", "РП", "П"]


def test_single_fields_and_programmes() -> None:
    passport = with_ids(municipal())
    rows = untouched(passport, "main")
    keys = [row.key for row in rows]
    rows[keys.index("title")] = TypedRow("title", "", {"value": " Новое   имя "})
    rows[keys.index("end")] = TypedRow("end", "", {"value": "31.11.2030"})
    rows.append(TypedRow(None, "programmes", {"value": "Развитие образования"}))
    found = written(passport, "main", rows).passport
    assert (found.title, found.end) == ("Новое имя", None)
    assert found.programmes == (*passport.programmes, "Развитие образования")
    assert ("end", "31.11.2030") in [(u.section, u.raw) for u in found.unread]
    assert "date.invalid" in [f.code for f in check(found) if f.section == "end"]


def test_a_text_too_long_for_a_passport_is_refused_by_its_cell() -> None:
    found = typed(with_ids(municipal()), "plan", 1, name="д" * 50_001)
    assert [(r.row, r.field) for r in found.refusals] == [(1, "name")]
