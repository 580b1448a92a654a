"""Each finding appears where a passport is wrong, says so in words a clerk understands, and is silent elsewhere."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from projects.passport import Finding, Passport, check, read
from projects.passport.schema import (
    Base,
    BreakdownRow,
    FinanceRow,
    Indicator,
    Participant,
    PlanRow,
    Unread,
)
from tests.projects.passport import northern
from tests.projects.passport.word import word_file


@pytest.fixture(scope="module")
def passport() -> Passport:
    return read(word_file(northern.regional()))


@pytest.fixture(scope="module")
def municipal() -> Passport:
    return read(word_file(northern.municipal()))


def changed(passport: Passport, section: str, row: int, **values: Any) -> Passport:
    """The passport with some fields of one row replaced."""
    rows = list(getattr(passport, section))
    rows[row] = rows[row].model_copy(update=values)
    return passport.model_copy(update={section: tuple(rows)})


def with_unread(passport: Passport, section: str, row: int | None, field: str, raw: str) -> Passport:
    return passport.model_copy(
        update={"unread": (*passport.unread, Unread(section=section, row=row, field=field, raw=raw))}
    )


def found(passport: Passport, code: str) -> list[Finding]:
    return [finding for finding in check(passport) if finding.code == code]


def only(passport: Passport, code: str) -> Finding:
    """The one finding of a passport that was faultless before one thing in it was changed."""
    findings = check(passport)
    assert [finding.code for finding in findings] == [code]
    return findings[0]


def money(*values: str) -> dict[str, Decimal]:
    return {str(2021 + index): Decimal(value) for index, value in enumerate(values)}


# Sections


@pytest.mark.parametrize("section", ["indicators", "participants", "plan"])
def test_a_section_that_is_not_there(passport: Passport, section: str) -> None:
    without = passport.model_copy(update={section: (), "breakdown": (), "unread": ()})
    finding = only(without, "section.missing")
    assert (finding.section, finding.row, finding.severity) == (section, None, "error")


def test_money_of_an_annex_is_not_section_four(passport: Passport) -> None:
    purchases = (
        FinanceRow(number="1", name="Покупка окон", amounts=money("1", "2"), total=Decimal(3)),
        FinanceRow(number="2", name="Покупка дверей", amounts=money("1", "1"), total=Decimal(2)),
    )
    finding = only(passport.model_copy(update={"finance": purchases}), "section.missing")
    assert finding.section == "finance"
    assert "2\u00a0строки" in finding.message


def test_a_section_that_stands_twice(passport: Passport) -> None:
    finding = only(passport.model_copy(update={"finance": passport.finance * 2}), "section.duplicate")
    assert (finding.section, finding.row) == ("finance", 7)


# Numbers


def test_a_repeated_number(passport: Passport) -> None:
    twice = only(changed(passport, "results", 1, number="1.1"), "number.duplicate")
    assert (twice.section, twice.row, twice.number, twice.raw) == ("results", 1, "1.1", "1.1")


def test_participants_numbered_anew_in_every_group_repeat_nothing(passport: Passport) -> None:
    people = tuple(
        Participant(number=number, role="Участник", name="Озёрная М.Л.", employment=Decimal(5), group=group)
        for group in ("Дороги", "Автобусы")
        for number in ("1", "2")
    )
    assert check(passport.model_copy(update={"participants": people})) == []


@pytest.mark.parametrize(
    ("numbers", "at", "words"),
    [
        (["1", "1.1.1", "1.1", "1.2.2", "1.2", "2"], 3, "нет номера 1.2.1"),
        (["1", "2", "3", "7", "8", "9"], 3, "нет номеров 4–6"),
        (["1", "1.1", "1.3", "2", "2.1", "3"], 2, "нет номера 1.2"),
        (["2", "3", "4", "5", "6", "7"], 0, "нет номера 1"),
    ],
)
def test_a_gap_stands_at_the_first_row_after_it(passport: Passport, numbers: list[str], at: int, words: str) -> None:
    finding = only(numbered(passport, numbers), "number.gap")
    assert (finding.section, finding.row, finding.number) == ("plan", at, numbers[at])
    assert words in finding.message


@pytest.mark.parametrize(
    "numbers",
    [
        ["1", "1.1.1", "1.1.2", "1.1", "1.2.1", "1.2"],
        ["1", "1.1", "2", "2.1", "3", "3.1"],
        ["1", "2", "3", "4", "5", "6"],
    ],
)
def test_numbers_in_the_order_of_the_form_have_no_gap(passport: Passport, numbers: list[str]) -> None:
    assert check(numbered(passport, numbers)) == []


def numbered(passport: Passport, numbers: list[str]) -> Passport:
    rows = tuple(row.model_copy(update={"number": number}) for row, number in zip(passport.plan, numbers, strict=True))
    dated = tuple(row.model_copy(update={"start": row.start or row.end}) for row in rows)
    return passport.model_copy(update={"plan": dated, "unread": ()})


def test_a_letter_for_a_digit_is_malformed_and_no_gap(passport: Passport) -> None:
    finding = only(numbered(passport, ["1", "2", "3", "4", "б", "6"]), "number.malformed")
    assert (finding.row, finding.raw) == (4, "б")


def test_a_row_without_a_number_is_missing_it_and_no_gap(passport: Passport) -> None:
    finding = only(changed(passport, "participants", 1, number=None), "number.missing")
    assert (finding.section, finding.row) == ("participants", 1)


def test_sources_and_totals_need_no_number(municipal: Passport) -> None:
    assert found(municipal, "number.missing") == []


# Dates


def test_a_day_that_no_calendar_has(passport: Passport) -> None:
    wrong = with_unread(changed(passport, "plan", 4, end=None), "plan", 4, "end", "31.11.2022")
    finding = only(wrong, "date.invalid")
    assert (finding.row, finding.field, finding.raw) == (4, "end", "31.11.2022")
    assert "такой даты нет" in finding.message


def test_words_for_a_date(passport: Passport) -> None:
    wrong = with_unread(changed(passport, "results", 1, due=None), "results", 1, "due", "IV квартал 2023")
    assert "это не дата" in only(wrong, "date.invalid").message


def test_dates_that_are_missing(passport: Passport) -> None:
    assert only(changed(passport, "plan", 3, end=None), "date.missing").field == "end"
    assert only(changed(passport, "results", 1, due=None), "date.missing").section == "results"
    assert only(changed(passport, "indicators", 0, base=Base(value=Decimal(1))), "date.missing").field == "base.date"
    assert only(passport.model_copy(update={"end": None}), "date.missing").section == "end"


def test_an_end_before_its_start(passport: Passport) -> None:
    row = passport.plan[1]
    finding = only(changed(passport, "plan", 1, start=row.end, end=row.start), "date.order")
    assert finding.message == "В строке 1.1.1 плана мероприятий окончание 01.02.2021 раньше начала 30.06.2021."


def test_a_date_outside_the_term_of_the_project(passport: Passport) -> None:
    early = passport.plan[4].start
    assert early is not None
    finding = only(changed(passport, "plan", 4, start=early.replace(year=2020)), "date.outside_project")
    assert (finding.row, finding.raw) == (4, "01.09.2020")


# Values


def targets(passport: Passport, raw: str | None) -> Passport:
    """The first indicator without its target for 2022, with what stands in its place."""
    kept = {**passport.indicators[0].targets, "2022": None}
    without = changed(passport, "indicators", 0, targets=kept)
    return with_unread(without, "indicators", 0, "targets.2022", raw) if raw else without


@pytest.mark.parametrize("raw", ["XX", "хх", "Х,Х", "____", "уточняется"])
def test_a_placeholder_where_a_number_belongs(passport: Passport, raw: str) -> None:
    finding = only(targets(passport, raw), "value.placeholder")
    assert (finding.section, finding.number, finding.field, finding.raw) == ("indicators", "1", "targets.2022", raw)


def test_words_where_a_number_belongs(passport: Passport) -> None:
    assert only(targets(passport, "не менее 65"), "value.not_a_number").raw == "не менее 65"


def test_an_empty_target_is_missing_and_a_dash_is_not(passport: Passport) -> None:
    assert only(targets(passport, None), "value.missing").field == "targets.2022"
    assert check(targets(passport, "-")) == []


def test_a_heading_over_sub_indicators_needs_no_values(passport: Passport) -> None:
    empty = dict.fromkeys(("2021", "2022", "2023"))
    heading = Indicator(number="1", name="Доля детей", targets=empty)
    below = passport.indicators[0].model_copy(update={"number": "1.1"})
    indicators = (heading, below, passport.indicators[1])
    assert check(passport.model_copy(update={"indicators": indicators})) == []
    alone = (*passport.indicators, Indicator(number="3", name="Доля", targets=empty))
    assert only(passport.model_copy(update={"indicators": alone}), "value.missing").field == "targets"


def test_a_blank_of_the_template_in_a_title(passport: Passport) -> None:
    assert only(passport.model_copy(update={"goal": "достичь ____ процентов"}), "value.placeholder").raw == "____"


# Breakdown


def test_schools_at_0_and_100_are_a_share(municipal: Passport) -> None:
    wrong = changed(municipal, "indicators", 0, targets={**municipal.indicators[0].targets, "2021": Decimal(25)})
    finding = only(wrong, "indicator.breakdown_contradicts")
    assert (finding.section, finding.row, finding.number, finding.raw) == ("breakdown", 0, "1", "25")
    assert finding.message.endswith("значение 100 стоит у 2 из 4, это 50,0 %, а в разделе 2 стоит 25.")


def test_the_fewest_schools_that_reach_the_target_agree_with_it(municipal: Passport) -> None:
    near = changed(municipal, "indicators", 0, targets={**municipal.indicators[0].targets, "2021": Decimal("40.5")})
    assert check(near) == []


def test_a_target_outside_all_municipalities_cannot_be_their_mean(passport: Passport) -> None:
    wrong = changed(passport, "indicators", 0, targets=money("50", "71.5", "80"))
    finding = only(wrong, "indicator.breakdown_contradicts")
    assert finding.field == "targets.2022"
    assert "среднее 65,0 (веса не указаны)" in finding.message
    assert check(changed(passport, "indicators", 0, targets=money("50", "69.9", "80"))) == []


def test_counts_are_added_up(passport: Passport) -> None:
    parts = [("Береговой район", "4", "8", "500"), ("Лесной район", "6", "12", "530")]
    rows = tuple(
        BreakdownRow(indicator="Количество новых автобусов, единиц", territory=name, targets=money(*values))
        for name, *values in parts
    )
    assert check(passport.model_copy(update={"breakdown": rows})) == []
    fewer = passport.model_copy(
        update={"breakdown": (rows[0], rows[1].model_copy(update={"targets": money("5", "12", "530")}))}
    )
    finding = only(fewer, "indicator.breakdown_contradicts")
    assert finding.number == "2"
    assert "сумма по территориям 9, а в разделе 2 стоит 10" in finding.message


# Money


def test_years_that_do_not_make_the_total(passport: Passport) -> None:
    wrong = passport.model_copy(
        update={
            "finance": (
                FinanceRow(number="1.1", name=northern.RESULT_ROADS, amounts=money("50", "50"), total=Decimal(120)),
            )
        }
    )
    finding = only(wrong, "finance.row_total")
    assert finding.message == "По строке 1.1 сумма по годам 100,0, а во «Всего» стоит 120,0."


@pytest.mark.parametrize(("total", "findings"), [("100.5", 0), ("100.6", 0), ("100.7", 1), ("100.4", 0)])
def test_rounding_explains_half_of_the_last_digit_for_each_addend(
    passport: Passport, total: str, findings: int
) -> None:
    row = FinanceRow(
        number="1.1", name=northern.RESULT_ROADS, amounts=money("33.5", "33.5", "33.5"), total=Decimal(total)
    )
    assert len(check(passport.model_copy(update={"finance": (row,)}))) == findings


def test_sources_that_do_not_make_the_result(passport: Passport) -> None:
    less = {**(passport.finance[2].amounts or {}), "2021": Decimal(10)}
    findings = check(changed(passport, "finance", 2, amounts=less, total=Decimal(160)))
    assert {finding.code for finding in findings} == {"finance.sources_sum", "finance.source_total"}
    first = findings[0]
    assert (first.row, first.number, first.field) == (0, "1.1", "amounts.2021")
    assert first.message == "По строке 1.1 источники за 2021 год дают в сумме 90,25, а в строке стоит 100,25."


def test_results_that_do_not_make_the_project(passport: Passport) -> None:
    more = money("100.25", "200.25", "1000.5")
    extra = FinanceRow(number="1.3", name="Построен мост", amounts=more, total=Decimal(1301))
    rows = (*passport.finance[:4], extra, *passport.finance[4:])
    findings = check(passport.model_copy(update={"finance": rows}))
    assert {finding.code for finding in findings} == {"finance.project_total"}
    assert {finding.row for finding in findings} == {5}


def test_a_consolidated_budget_holds_the_two_below_it(passport: Passport) -> None:
    def line(name: str, value: str) -> FinanceRow:
        from projects.passport.rules import finance_source

        return FinanceRow(name=name, source=finance_source(name), amounts=money(value), total=Decimal(value))

    rows = (
        FinanceRow(number="1.1", name=northern.RESULT_ROADS, amounts=money("100"), total=Decimal(100)),
        line("федеральный бюджет", "60"),
        line("консолидированный бюджет Северской области, в том числе:", "40"),
        line("бюджет Северской области", "30"),
        line("из них межбюджетные трансферты местным бюджетам", "5"),
        line("бюджеты муниципальных образований", "10"),
    )
    assert check(passport.model_copy(update={"finance": rows})) == []


def test_transfers_larger_than_their_source(municipal: Passport) -> None:
    larger = {**(municipal.finance[2].amounts or {}), "2020": Decimal(40000)}
    findings = check(changed(municipal, "finance", 2, amounts=larger, total=Decimal(46000)))
    assert [finding.code for finding in findings] == ["finance.part_exceeds_whole"]
    assert "40\u202f000,0" in findings[0].message


# All together


def test_findings_come_by_section_and_row(passport: Passport) -> None:
    wrong = changed(changed(passport, "plan", 3, end=None), "plan", 1, end=None)
    wrong = changed(wrong.model_copy(update={"end": None}), "results", 1, number=None)
    places = [(finding.section, finding.row) for finding in check(wrong)]
    assert places == [("end", None), ("results", 1), ("plan", 1), ("plan", 3)]


def test_a_file_and_its_data_give_the_same_findings(passport: Passport) -> None:
    wrong = targets(changed(passport, "plan", 3, end=None), "XX")
    assert check(read(wrong.model_dump_json().encode())) == check(wrong)
    assert PlanRow(number="1", kind="result").kind == "result"
