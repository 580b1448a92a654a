"""Two passports are compared cell by cell, rows known by their ids."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings

from projects.passport.diff import diff, moved_rows
from projects.passport.flat import Held, assemble, flatten
from projects.passport.schema import Passport, Unread
from tests.projects.passport.edits import FREE, IDENTIFIED, comparable, with_ids


@pytest.fixture
def before() -> Passport:
    return Passport.model_validate(
        {
            "goal": "Тёплые школы",
            "start": "2025-01-01",
            "indicators": [{"id": "i", "number": "1", "name": "Доля", "targets": {"2025": "5", "2026": None}}],
            "tasks": [
                {"id": "t1", "number": "1", "name": "Утеплить"},
                {"id": "t2", "number": "2", "name": "Покрасить"},
            ],
            "results": [
                {"id": "a", "number": "1.1", "name": "Окна", "task": 0},
                {"id": "b", "number": "1.2", "name": "Двери", "task": 0},
                {"id": "c", "number": "1.3", "name": "Крыши", "task": 0, "due": "2026-12-31"},
            ],
            "finance": [{"id": "m", "name": "Окна", "amounts": {"2025": "1.5"}, "total": "1.5"}],
        }
    )


def changes(before: Passport, after: Passport) -> dict[tuple[str, str, str], tuple[object, object]]:
    """Changed cells by section, row and column title."""
    found: dict[tuple[str, str, str], tuple[object, object]] = {}
    for section in diff(before, after):
        for cell in section.cells:
            found[section.key, "", cell.title] = (cell.old.value, cell.new.value)
        for row in section.rows:
            for cell in row.cells:
                found[section.key, row.row, cell.title] = (cell.old.value, cell.new.value)
    return found


def test_every_cell_that_changes_is_told_with_its_column_and_its_type(before: Passport) -> None:
    indicator = before.indicators[0].model_copy(update={"targets": {"2025": Decimal(6), "2026": Decimal(7)}})
    money = before.finance[0].model_copy(update={"amounts": {"2025": Decimal(2)}})
    after = before.model_copy(
        update={"goal": "Школы", "start": dt.date(2025, 2, 1), "indicators": (indicator,), "finance": (money,)}
    )
    assert changes(before, after) == {
        ("main", "", "Срок начала проекта"): (dt.date(2025, 1, 1), dt.date(2025, 2, 1)),
        ("indicators", "", "Цель проекта"): ("Тёплые школы", "Школы"),
        ("indicators", "i", "2025"): (Decimal(5), Decimal(6)),
        ("indicators", "i", "2026"): ((), Decimal(7)),
        ("finance", "m", "2025"): (Decimal("1.5"), Decimal(2)),
    }


def test_renaming_and_renumbering_is_no_new_row(before: Passport) -> None:
    row = before.results[0].model_copy(update={"number": "2.7", "name": "Новые окна", "task": 1})
    section = diff(before, before.model_copy(update={"results": (row, *before.results[1:])}))[0]
    assert [(change.kind, change.row, change.number) for change in section.rows] == [("changed", "a", "2.7")]
    assert [(cell.field, cell.old, cell.new) for cell in section.rows[0].cells] == [
        ("number", Held("1.1"), Held("2.7")),
        ("name", Held("Окна"), Held("Новые окна")),
        ("task", Held("1 Утеплить"), Held("2 Покрасить")),
    ]


def test_rows_added_removed_and_moved_stand_in_the_order_of_the_document(before: Passport) -> None:
    first, second, third = before.results
    added = first.model_copy(update={"id": "n", "name": "Полы"})
    section = diff(before, before.model_copy(update={"results": (third, first, added)}))[0]
    assert [(row.kind, row.row, row.places) for row in section.rows] == [
        ("moved", "c", (3, 1)),
        ("removed", "b", None),
        ("added", "n", None),
    ]
    assert (second.name, section.count("added")) == (section.rows[1].name, 1)


def test_words_that_are_no_value_are_compared_too(before: Passport) -> None:
    after = before.model_copy(
        update={"unread": (Unread(section="results", row=0, field="due", raw="31.11.2020"),)},
    )
    (row,) = diff(before, after)[0].rows
    assert (row.cells[0].title, row.cells[0].new) == ("Срок", Held(None, ("31.11.2020",)))


def test_the_stamp_of_the_decision_is_no_difference(before: Passport) -> None:
    stamp = before.approval.model_copy(update={"protocol_number": "7"})
    assert diff(before, before.model_copy(update={"approval": stamp})) == ()


def test_a_row_without_an_id_is_refused(before: Passport) -> None:
    nameless = before.model_copy(update={"tasks": (before.tasks[0].model_copy(update={"id": None}),), "results": ()})
    with pytest.raises(ValueError, match="tasks"):
        diff(before, nameless)


def test_the_fewest_rows_have_moved() -> None:
    assert moved_rows("abcdef", "fabcde") == {"f"}
    assert moved_rows("abcdef", "abcdef") == set()
    assert moved_rows("abc", "xcay") == {"c"} or moved_rows("abc", "xcay") == {"a"}


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(passport=FREE)
def test_a_passport_taken_apart_and_put_together_is_the_same(passport: Passport) -> None:
    assert comparable(assemble(flatten(passport))) == comparable(passport)
    assert diff(passport, passport) == ()


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(one=IDENTIFIED, other=IDENTIFIED)
def test_there_and_back_the_same_cells_differ(one: Passport, other: Passport) -> None:
    there = changes(one, other)
    assert {key: (new, old) for key, (old, new) in changes(other, one).items()} == there
    assert with_ids(one) != one
