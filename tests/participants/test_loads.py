"""How busy a person is: whom a name means, what adds up, and when."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from participants.loads import Person, Place, Term, people_in, person_named
from projects.passport.people import employment_of, people_in_cell

TODAY = dt.date(2026, 11, 21)


def day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def term(pk: int, start: str = "2026-01-01", end: str = "2026-12-31") -> Term:
    return Term(pk, f"Проект {pk}", "Область", 1, day(start), day(end))


def place(project: Term, name: str, employment: int | None = None, group: str = "") -> Place:
    (named,) = people_in_cell(name)
    percent = None if employment is None else Decimal(employment)
    return Place(project, named, "Участник", "инженер", group=group, employment=percent)


def one(*places: Place) -> Person:
    (person,) = people_in(places, TODAY)
    return person


def loads(person: Person) -> list[tuple[str, str | None, Decimal | int | None]]:
    return [
        (stretch.start.isoformat(), stretch.end.isoformat() if stretch.end else None, stretch.percent)
        for stretch in person.stretches
    ]


def test_spellings_of_one_name_are_one_person() -> None:
    project = term(1)
    names = ("Стяжкин С. В.", "С.В. Стяжкин", "Стяжкин С.В.", "Cтяжкин C.B.", "Стяжкин Сергей Владимирович")
    person = one(*(place(project, name) for name in names))
    assert person.name == "Стяжкин Сергей Владимирович"
    assert person.spellings == names


def test_full_names_tell_namesakes_apart_and_initials_alone_stay_apart() -> None:
    names = ("Орлов И.И.", "Орлов Иван Ильич", "Орлов Игорь Ильич", "Ким Ли", "ким ли", "Орлов И. И.")
    people = people_in([place(term(1), name) for name in names], TODAY)
    assert [person.spellings for person in people] == [
        ("Орлов И.И.", "Орлов И. И."),
        ("Орлов Иван Ильич",),
        ("Орлов Игорь Ильич",),
        ("Ким Ли", "ким ли"),
    ]
    for person in people:
        (named,) = people_in_cell(person.name)
        assert person_named(named, people) is person


def test_a_full_name_finds_whom_the_passports_give_by_initials_only() -> None:
    people = people_in([place(term(1), "Орлов И.И.")], TODAY)
    (named,) = people_in_cell("Орлов Иван Ильич")
    assert person_named(named, people) is people[0]
    (other,) = people_in_cell("Орлов А.И.")
    assert person_named(other, people) is None


@pytest.mark.parametrize(
    ("rows", "percent"),
    [
        ([("Первый", 10), ("Второй", 10)], 10),
        ([("Первый", 10), ("Второй", 20)], 30),
        ([("Первый", 10), ("Первый", 10)], 20),
        ([("Первый", None), ("Второй", 5)], 5),
        ([("Первый", 0)], 0),
        ([("Первый", None)], None),
    ],
)
def test_employment_in_one_project_is_counted_as_the_check_counts_it(
    rows: list[tuple[str, int | None]], percent: int | None
) -> None:
    assert employment_of((group, None if value is None else Decimal(value)) for group, value in rows) == percent


def test_projects_that_overlap_add_up_and_others_do_not() -> None:
    person = one(
        place(term(1, "2026-01-01", "2027-06-30"), "Лугов К.Т.", 70),
        place(term(2, "2027-01-01", "2028-12-31"), "Лугов К.Т.", 60),
        place(term(3, "2020-01-01", "2024-12-31"), "Лугов К.Т.", 90),
    )
    assert loads(person) == [
        ("2026-11-21", "2026-12-31", 70),
        ("2027-01-01", "2027-06-30", 130),
        ("2027-07-01", "2028-12-31", 60),
    ]
    assert person.now is not None
    assert person.now.percent == 70
    assert person.peak is not None
    assert person.peak.percent == 130
    assert person.is_double_booked
    assert len(person.running) == 2


def test_a_day_between_two_projects_is_free_and_an_open_end_stays_open() -> None:
    person = one(
        place(term(1, "", "2026-12-31"), "Лугов К.Т.", 100), place(term(2, "2027-01-02", ""), "Лугов К.Т.", 100)
    )
    assert loads(person) == [("2026-11-21", "2026-12-31", 100), ("2027-01-02", None, 100)]
    assert not person.is_over_full


def test_too_much_in_one_project_is_no_double_booking() -> None:
    person = one(place(term(1), "Лугов К.Т.", 120), place(term(2), "Лугов К.Т."))
    assert person.is_over_full
    assert not person.is_double_booked


def test_whoever_has_only_finished_projects_is_free() -> None:
    person = one(place(term(1, "2020-01-01", "2024-12-31"), "Лугов К.Т.", 120))
    assert (person.now, person.peak, person.running) == (None, None, ())
    assert not person.is_over_full


def test_what_nobody_states_is_not_nothing() -> None:
    silent = one(place(term(1), "Лугов К.Т."))
    assert silent.now is not None
    assert silent.now.percent is None
    idle = one(place(term(1), "Лугов К.Т.", 0))
    assert idle.now is not None
    assert idle.now.percent == 0
