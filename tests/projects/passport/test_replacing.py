"""One person of a passport replaced by another: only what names the person changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from projects.passport.people import Named, mentions_in, named_in
from projects.passport.reading import read
from projects.passport.replacing import Newcomer, replacing, spelled_like, with_cells
from projects.passport.schema import Participant, Passport, Person, PlanRow, Unread
from tests.projects.passport.strategies import passports

SHARED = Path(__file__).resolve().parents[4] / "shared" / "passports"
OLD = "Стяжкин С. В."
NEW = Newcomer("Озёрная Инна Юрьевна", "министр", "Рысева О.Н., первый заместитель")


def who(text: str = OLD) -> Named:
    return next(named_in(text))


def responsible(text: str, newcomer: Newcomer = NEW) -> str | None:
    passport = Passport(plan=(PlanRow(number="1.1", kind="control_point", responsible=text),))
    return with_cells(passport, replacing(passport, who(), newcomer)).plan[0].responsible


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Стяжкин С. В.", "Озёрная И. Ю."),
        ("Стяжкин С.В", "Озёрная И.Ю"),
        ("С.В. Стяжкин", "И.Ю. Озёрная"),
        ("С.В.Стяжкин", "И.Ю.Озёрная"),
        ("Стяжкин Сергей Владимирович", "Озёрная Инна Юрьевна"),
        ("Cтяжкин C.B.", "Озёрная И.Ю."),
    ],
)
def test_a_name_is_written_as_the_one_before(written: str, expected: str) -> None:
    mention = next(mentions_in(written))
    assert spelled_like(mention, written, NEW.name) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Малых Е.В., Стяжкин С.В., Мельникова А.Н.", "Малых Е.В., Озёрная И.Ю., Мельникова А.Н."),
        ("Стяжкин С.В.; Стяжкин С.В.", "Озёрная И.Ю."),
        ("Стяжкин С.В., Озёрная И. Ю.", "Озёрная И. Ю."),
        ("Малых Е.В., Стяжкин С.В., Озёрная И. Ю.", "Малых Е.В., Озёрная И. Ю."),
        ("Малых Е.В.", "Малых Е.В."),
        ("Стяжкин А.В.", "Стяжкин А.В."),
        ("школа им. С.В. Стяжкина", "школа им. С.В. Стяжкина"),
        ("руководители школ", "руководители школ"),
    ],
)
def test_of_several_people_in_a_cell_only_the_one_changes(cell: str, expected: str) -> None:
    assert responsible(cell) == expected


def test_a_post_behind_the_name_goes_with_it() -> None:
    passport = Passport(
        head=Person(name="Стяжкин Сергей Владимирович", position="и.о. министра"),
        participants=(
            Participant(number="1", name=OLD, position="и.о. министра", supervisor="Петров П.П., губернатор"),
            Participant(number="2", name="Малых Е. В.", supervisor="Стяжкин С.В., заместитель министра"),
            Participant(number="3", name="Сухих А. В., Стяжкин С. В.", position="консультанты"),
        ),
        plan=(PlanRow(number="1.1", kind="control_point", responsible="Стяжкин С.В., и.о. министра; Малых Е.В."),),
    )
    after = with_cells(passport, replacing(passport, who(), NEW))
    assert after.head == Person(name="Озёрная Инна Юрьевна", position="министр")
    first, second, third = after.participants
    assert (first.name, first.position, first.supervisor) == ("Озёрная И. Ю.", "министр", NEW.supervisor)
    assert second.supervisor == "Озёрная И.Ю., министр"
    assert (third.name, third.position) == ("Сухих А. В., Озёрная И. Ю.", "консультанты")
    assert after.plan[0].responsible == "Озёрная И.Ю., министр; Малых Е.В."


def test_what_the_newcomer_does_not_say_stays() -> None:
    passport = Passport(participants=(Participant(name=OLD, position="министр", supervisor="Петров П.П."),))
    (row,) = with_cells(passport, replacing(passport, who(), Newcomer("Ким Ли"))).participants
    assert (row.name, row.position, row.supervisor) == ("Ким Ли", "министр", "Петров П.П.")
    back = with_cells(
        Passport(participants=(row,)),
        replacing(Passport(participants=(row,)), Named("ким ли", "", "", "Ким Ли"), Newcomer(OLD)),
    )
    assert back == passport


def test_a_namesake_may_come() -> None:
    passport = Passport(participants=(Participant(name=OLD),))
    (cell,) = replacing(passport, who(), Newcomer("Стяжкин Семён Михайлович"))
    assert cell.after == "Стяжкин С. М."


def test_a_value_ends_what_was_written_in_its_place() -> None:
    dash = Unread(section="participants", row=0, field="supervisor", raw="-")
    other = Unread(section="participants", row=0, field="employment", raw="XX")
    passport = Passport(participants=(Participant(name=OLD),), unread=(dash, other))
    assert with_cells(passport, replacing(passport, who(), NEW)).unread == (other,)


def _untouched(document: dict[str, Any], cells: set[tuple[str, int | None, str]]) -> dict[str, Any]:
    for section, row, field in cells:
        part = document[section] if row is None else document[section][row]
        part[field] = "changed"
    document.pop("unread")
    return document


def _check(passport: Passport, person: Named) -> int:
    cells = replacing(passport, person, NEW)
    after = with_cells(passport, cells)
    places = {(cell.section, cell.row, cell.field) for cell in cells}
    assert _untouched(passport.model_dump(mode="json"), places) == _untouched(after.model_dump(mode="json"), places)
    assert Passport.model_validate(after.model_dump(mode="json")) == after
    assert not replacing(after, person, NEW)
    return len(cells)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real passports are not beside the project")
@pytest.mark.parametrize(("name", "person", "count"), [("kirov", OLD, 58), ("sayansk", "Баранец Т.Г.", 43)])
def test_in_a_real_passport_everything_else_stays(name: str, person: str, count: int) -> None:
    passport = read(SHARED / f"{name}.docx")
    assert _check(passport, who(person)) == count


@given(passports(free=True))
def test_in_any_passport_everything_else_stays(passport: Passport) -> None:
    named = [who for event in passport.plan for who in named_in(event.responsible)]
    named += [who for row in passport.participants for who in named_in(row.name)]
    for person in named[:3]:
        assert _check(passport, person)
