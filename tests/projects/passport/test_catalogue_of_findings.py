"""Every code of the catalogue: a passport where it is found, and nothing else is, and one where it must not be."""

from __future__ import annotations

import pytest

from projects.passport import Passport, check, read
from projects.passport.checks import CODES
from projects.passport.schema import (
    BreakdownRow,
    FinanceRow,
    Indicator,
    Methodology,
    Participant,
    Person,
    PlanRow,
    Result,
)
from reports.demo.passports import PASSPORTS
from tests.projects.passport import northern
from tests.projects.passport.changes import OWN, ROADS, TOTAL, Change, field, line, money, put, renamed
from tests.projects.passport.faulty import FIRES, Place
from tests.projects.passport.harmless import SILENT
from tests.projects.passport.word import word_file


@pytest.fixture(scope="module")
def regional() -> Passport:
    return read(word_file(northern.regional()))


@pytest.mark.parametrize(("code", "change", "place"), FIRES, ids=lambda value: value if isinstance(value, str) else "")
def test_a_fault_is_found_where_it_is_and_nothing_else_is(
    regional: Passport, code: str, change: Change, place: Place
) -> None:
    findings = check(change(regional))
    assert {found.code for found in findings} == {code}
    found = findings[0]
    assert (found.section, found.row, found.number, found.field, found.raw) == place
    assert found.message[0].isupper()
    assert found.message.endswith((".", "!"))


@pytest.mark.parametrize(("code", "change"), SILENT, ids=lambda value: value if isinstance(value, str) else "")
def test_what_only_looks_like_a_fault_is_not_found(regional: Passport, code: str, change: Change) -> None:
    assert code not in {found.code for found in check(change(regional))}


def test_every_code_of_the_catalogue_has_both_cases() -> None:
    assert {code for code, _, _ in FIRES} == set(CODES)
    assert {code for code, _ in SILENT} == set(CODES)
    assert len(set(CODES)) == len(CODES)


def test_faultless_passports_have_no_findings(regional: Passport) -> None:
    for passport in (regional, read(word_file(northern.municipal())), *(made() for made in PASSPORTS.values())):
        assert check(passport) == []


def test_a_municipality_may_name_the_region_it_lies_in(regional: Passport) -> None:
    town = read(word_file(northern.municipal())).model_copy(update={"territory": "город Ельники"})
    named = put("results", 0, name="Заменены окна в школах города, Вологодская область")(town)
    assert [found.code for found in check(renamed("Заменены окна в школах города")(named))] == []
    official = field(curator=Person(name="Снегов О.Ю.", position="заместитель министра Псковской области"))
    findings = [found for found in check(official(named)) if found.code == "territory.foreign"]
    assert [(found.section, found.raw) for found in findings] == [("results", "Вологодская область")]
    other = put("results", 0, name="Заменены окна в школах города Сосны")(town)
    assert [found.raw for found in check(other) if found.code == "territory.foreign"] == ["города Сосны"]


def test_a_sum_that_does_not_agree_tells_which_line_is_in_thousands(regional: Passport) -> None:
    wrong = money(
        line("1.1", ROADS, "100.5"),
        line("1.1.1", "федеральный бюджет", "80"),
        line("1.1.2", OWN, "20500"),
        line(None, TOTAL, "100.5"),
    )
    found = [found for found in check(wrong(regional)) if found.code == "finance.magnitude"]
    assert [(one.row, one.severity) for one in found] == [(2, "error")]


def test_empty_passports_and_empty_rows_are_checked_too() -> None:
    empty = Passport(
        indicators=(Indicator(),),
        results=(Result(),),
        finance=(FinanceRow(),),
        participants=(Participant(),),
        plan=(PlanRow(),),
        breakdown=(BreakdownRow(),),
        methodology=(Methodology(),),
    )
    for passport in (Passport(), empty):
        assert "section.missing" in {found.code for found in check(passport)}
