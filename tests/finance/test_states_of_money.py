"""The state of every line by year: what is counted once, what is expected by a day, and the word for it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from finance.models import ExecutionThreshold, FinanceLine
from finance.selectors import MoneyState, money_states
from finance.status import FIRST_THRESHOLD, Control, judge
from organisations.models import User
from projects.models import Project
from projects.passport.schema import Passport
from projects.services.proposals import change_request_open
from projects.status import Status
from tests.conftest import Cast, Region, approve
from tests.finance.steps import enter, funded_project, lines_of, money_passport

MARCH, JUNE = dt.date(2025, 3, 31), dt.date(2025, 6, 30)
AUGUST = dt.date(2025, 8, 1)
Lines = dict[str, FinanceLine]


def state(project: Project, line: FinanceLine, year: int = 2025, today: dt.date = AUGUST) -> MoneyState:
    [found] = [s for s in money_states([project], today=today) if (s.line.pk, s.year) == (line.pk, year)]
    return found


def test_every_rouble_is_counted_once(funded: Project, lines: Lines) -> None:
    states = money_states([funded], today=AUGUST)
    assert {s.line.pk for s in states} == {lines[name].pk for name in ("federal", "regional", "extrabudgetary")}
    assert sum(s.planned or 0 for s in states if s.year == 2025) == 12_500_000


def test_the_last_figures_on_or_before_the_day_count(funded: Project, lines: Lines, cast: Cast) -> None:
    enter(lines["federal"], MARCH, "2500000", "9000000", actor=cast.head)
    enter(lines["federal"], JUNE, "6000000", actor=cast.head)
    found = state(funded, lines["federal"])
    assert (found.executed, found.as_of, found.contracted) == (Decimal(6_000_000), JUNE, Decimal(9_000_000))
    assert (found.percent, found.expected, found.control) == (Decimal(60), Decimal(50), JUNE)
    assert found.status is Status.GREEN
    assert state(funded, lines["federal"], today=dt.date(2025, 5, 1)).executed == 2_500_000


def test_a_withdrawn_entry_is_as_if_it_had_not_been(funded: Project, lines: Lines, cast: Cast) -> None:
    enter(lines["federal"], MARCH, "2500000", actor=cast.head)
    enter(lines["federal"], JUNE, "6000000", actor=cast.head)
    enter(lines["federal"], JUNE, explanation="ошибка", actor=cast.head)
    assert state(funded, lines["federal"]).executed == 2_500_000


def test_what_was_entered_for_a_result_as_one_sum_counts_as_that(funded: Project, lines: Lines, cast: Cast) -> None:
    enter(lines["roads"], JUNE, "7000000", actor=cast.head)
    states = [s for s in money_states([funded], today=AUGUST) if s.year == 2025]
    assert {s.line.pk for s in states} == {lines["roads"].pk, lines["extrabudgetary"].pk}
    assert sum(s.planned or 0 for s in states) == 12_500_000
    enter(lines["federal"], JUNE, "6000000", actor=cast.head)
    states = [s for s in money_states([funded], today=AUGUST) if s.year == 2025]
    assert lines["roads"].pk not in {s.line.pk for s in states}


def test_transfers_and_totals_are_entered_and_never_added(funded: Project, lines: Lines, cast: Cast) -> None:
    for name in ("transfers", "all", "all_federal"):
        enter(lines[name], JUNE, "5000000", actor=cast.head)
    assert all(s.executed is None for s in money_states([funded], today=AUGUST))


@pytest.mark.parametrize(
    ("planned", "executed", "as_of", "word"),
    [
        (100, 50, JUNE, Status.GREEN),
        (100, 45, JUNE, Status.YELLOW),
        (100, 44, JUNE, Status.RED),
        (100, None, None, Status.GREY),
        (100, 40, MARCH, Status.GREY),
        (100, 50, MARCH, Status.GREEN),
        (100, 101, JUNE, Status.YELLOW),
        (100, -1, JUNE, Status.RED),
        (0, None, None, Status.NOT_PLANNED),
        (0, 0, JUNE, Status.GREEN),
        (0, 1, JUNE, Status.YELLOW),
        (None, None, None, Status.NOT_PLANNED),
        (None, 5, JUNE, Status.YELLOW),
    ],
)
def test_the_word_for_a_line(planned: int | None, executed: int | None, as_of: dt.date | None, word: Status) -> None:
    said = (None if planned is None else Decimal(planned), None if executed is None else Decimal(executed))
    control = Control(JUNE, Decimal(50), Decimal(90), dt.date(2025, 7, 14))
    assert judge(planned=said[0], executed=said[1], as_of=as_of, control=control) is word


def test_nothing_is_late_before_its_day(funded: Project, lines: Lines) -> None:
    """Ten working days after the quarter: in 2025 the tenth after 31 March is 14 April."""
    assert state(funded, lines["federal"], today=dt.date(2025, 4, 14)).status is Status.PENDING
    assert state(funded, lines["federal"], today=dt.date(2025, 4, 15)).status is Status.GREY
    assert state(funded, lines["federal"], 2026).status is Status.PENDING


def test_thresholds_hold_from_their_day(funded: Project, lines: Lines, cast: Cast) -> None:
    ExecutionThreshold.objects.create(
        effective_from=dt.date(2025, 6, 1), **(FIRST_THRESHOLD | {"second": 70, "third": 80})
    )
    enter(lines["federal"], JUNE, "6000000", actor=cast.head)
    found = state(funded, lines["federal"])
    assert (found.expected, found.status) == (Decimal(70), Status.RED)


def test_the_parts_of_a_consolidated_budget_are_not_added_to_it(passport: Passport, region: Region, cast: Cast) -> None:
    rows = [
        {"number": "1.1", "name": "Подъезды", "amounts": {"2025": "10"}, "total": "10"},
        {"name": "консолидированный бюджет области", "source": "municipal", "amounts": {"2025": "10"}},
        {"name": "бюджет области", "source": "regional", "amounts": {"2025": "7"}},
        {"name": "бюджеты городов", "source": "municipal", "amounts": {"2025": "3"}},
    ]
    draft = change_request_open(
        passport=money_passport(passport, rows),
        territory=region.root,
        project=None,
        source_file=None,
        actor=cast.office,
    )
    [found] = money_states([approve(draft, cast.curator)], today=AUGUST)
    assert found.planned == 10_000_000


def test_figures_survive_a_redaction_that_renames_and_drops_lines(funded: Project, lines: Lines, cast: Cast) -> None:
    enter(lines["federal"], JUNE, "6000000", actor=cast.head)
    enter(lines["extrabudgetary"], JUNE, "250000", actor=cast.head)
    document = funded.redactions.first().passport  # type: ignore[union-attr]
    kept = [row for row in document.finance if row.source != "extrabudgetary" and row.number != "1.2"]
    kept[1] = kept[1].model_copy(update={"name": "федеральный бюджет (дороги)", "number": "1.1.1"})
    draft = change_request_open(
        passport=document.model_copy(update={"finance": tuple(kept)}),
        territory=funded.territory,
        project=funded,
        source_file=None,
        actor=cast.office,
    )
    approve(draft, cast.curator)
    states = money_states([funded], today=AUGUST)
    assert [s.executed for s in states if s.line.pk == lines["federal"].pk and s.year == 2025] == [6_000_000]
    assert lines["extrabudgetary"].pk not in {s.line.pk for s in states}
    lines["extrabudgetary"].refresh_from_db()
    assert lines["extrabudgetary"].archived_at
    assert lines["extrabudgetary"].entries.get().executed == 250_000


def test_the_number_of_queries_is_constant(
    funded: Project,
    lines: Lines,
    passport: Passport,
    region: Region,
    cast: Cast,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(6):
        money_states([funded], today=AUGUST)
    other = funded_project(passport.model_copy(update={"title": "Другой", "short_title": "Другой"}), region, cast)
    _enter_all(other, cast.head)
    with django_assert_num_queries(6):
        assert len(money_states([funded, other], today=AUGUST)) == 12


def _enter_all(project: Project, actor: User) -> None:
    for line in lines_of(project).values():
        enter(line, JUNE, "400000", actor=actor)
