"""A change computes the nodes above it, and nothing else; and no change is lost between two workers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from indicators.models import (
    Indicator,
    ReportingPeriod,
    RolledUpValue,
    RollUpMark,
    Submission,
)
from indicators.rollup import audit_period, computing, fold_marks, roll_up_period, statement
from indicators.services import submission_reopen
from jobs.services import run_queued
from organisations.models import Organisation, User
from tests.conftest import Cast, Region
from tests.indicators.steps import accept, agree, count, hand_in, open_period, report, total
from tests.two_connections import in_a_thread

pytestmark = pytest.mark.django_db


def _marks(period: ReportingPeriod) -> list[int | None]:
    return sorted(RollUpMark.objects.filter(period_id=period.pk).values_list("organisation_id", flat=True), key=str)


def _spoil(indicator: Indicator, period: ReportingPeriod, node: Organisation) -> None:
    RolledUpValue.objects.filter(indicator=indicator, period=period, organisation=node).update(value=99)


def test_the_totals_above_a_school_are_computed_and_those_beside_it_left_alone(
    indicator: Indicator, period: ReportingPeriod, region: Region, reporter: User, cast: Cast
) -> None:
    report(period, {region.village_school: {"roads": "2", "safe": "1"}}, reporter, cast.office)
    _spoil(indicator, period, region.district)

    accept(hand_in(period, region.schools[0], reporter, roads="4", safe="1"), cast.office)
    assert _marks(period) == [region.schools[0].pk] * 2  # it was handed in, and accepted
    run_queued()

    assert _marks(period) == []
    assert total(indicator, period, region.town).value == 25
    assert total(indicator, period, region.root).operands == {"roads": "6", "safe": "2"}
    assert total(indicator, period, region.district).value == 99


def test_opening_a_period_computes_all_of_it(indicator: Indicator, period: ReportingPeriod, region: Region) -> None:
    assert _marks(period) == [None]
    run_queued()
    nodes = RolledUpValue.objects.filter(indicator=indicator, period=period).values_list("organisation", flat=True)
    assert set(nodes) == {region.root.pk, region.town.pk, region.district.pk}


def test_a_later_period_is_marked_only_where_it_adds_up_the_year(
    indicator: Indicator, region: Region, reporter: User, cast: Cast
) -> None:
    first, second = (open_period(cast.office, indicator.project, number=n) for n in (1, 2))
    count("trained", cast.office, time="flow", kinds=["school"])
    agree(indicator, "trained", cast.office)
    third = open_period(cast.office, indicator.project, number=3)
    run_queued()

    accept(hand_in(first, region.schools[0], reporter, roads="4", safe="1"), cast.office)

    assert [len(_marks(period)) for period in (first, second, third)] == [2, 0, 1]


def test_a_reopened_form_takes_its_figures_out_of_the_totals(
    indicator: Indicator, period: ReportingPeriod, region: Region, reporter: User, cast: Cast
) -> None:
    schools = region.schools[:2]
    report(period, {school: {"roads": "4", "safe": "1"} for school in schools}, reporter, cast.office)
    form = Submission.objects.get(period=period, organisation=schools[0])

    submission_reopen(submission=form, version=form.version, reason="Ошибка в числе подъездов.", actor=cast.office)
    run_queued()

    value = total(indicator, period, region.root)
    assert (value.operands, value.submitted, value.accepted) == ({"roads": "4", "safe": "1"}, 1, 1)
    assert audit_period(period_id=period.pk).differences == 0


def test_a_school_that_moves_closes_or_merges_changes_no_past_total(
    indicator: Indicator, period: ReportingPeriod, region: Region, reporter: User, cast: Cast
) -> None:
    figures = {school: {"roads": "4", "safe": "1"} for school in (*region.schools, region.village_school)}
    report(period, figures, reporter, cast.office)
    kept = list(RolledUpValue.objects.order_by("pk").values())
    moved, closed, merged = region.schools
    Organisation.objects.filter(pk=moved.pk).update(parent=region.district, path=f"{region.district.path}{moved.pk}.")
    Organisation.objects.filter(pk=closed.pk).update(closed_at="2026-04-01")
    Organisation.objects.filter(pk=merged.pk).update(closed_at="2026-04-01", successor=closed)

    assert audit_period(period_id=period.pk).differences == 0
    assert roll_up_period(period_id=period.pk) == 0
    RollUpMark.objects.create(period_id=period.pk, organisation_id=moved.pk)
    assert fold_marks(period_id=period.pk) == 0
    assert list(RolledUpValue.objects.order_by("pk").values()) == kept


# --- Two workers and a school at the same moment ------------------------------------------------------------------


@pytest.fixture
def handed_in(period: ReportingPeriod, region: Region, cast: Cast) -> list[Submission]:
    forms = [
        hand_in(period, school, reporter, roads="4", safe="1")
        for school, reporter in zip(region.schools, cast.reporters, strict=True)
    ]
    run_queued()
    return forms


class _Pause:
    """A place where a thread stops until it is let go on."""

    def __init__(self) -> None:
        self.reached, self.go_on = threading.Event(), threading.Event()

    def __call__(self) -> None:
        self.reached.set()
        assert self.go_on.wait(20)


def _accepted_while_a_fold_runs(
    forms: list[Submission], period: ReportingPeriod, cast: Cast, fold: Callable[[Callable[[], None]], object]
) -> None:
    """The fold has computed and not ended when another form is accepted; then a second fold runs."""
    accept(forms[0], cast.office)
    pause = _Pause()
    worker = in_a_thread(lambda: fold(pause))
    assert pause.reached.wait(20)
    accept(forms[1], cast.office)
    pause.go_on.set()
    worker.join(20)
    fold_marks(period_id=period.pk)


@pytest.mark.django_db(transaction=True)
def test_a_form_accepted_while_a_fold_runs_is_in_the_next_one(
    handed_in: list[Submission], indicator: Indicator, period: ReportingPeriod, region: Region, cast: Cast
) -> None:
    def fold(pause: Callable[[], None]) -> None:
        with transaction.atomic():
            fold_marks(period_id=period.pk)
            pause()

    _accepted_while_a_fold_runs(handed_in, period, cast, fold)

    assert total(indicator, period, region.root).accepted == 2
    assert audit_period(period_id=period.pk).differences == 0


@pytest.mark.django_db(transaction=True)
def test_a_fold_that_took_its_marks_after_computing_would_lose_one(
    handed_in: list[Submission], indicator: Indicator, period: ReportingPeriod, region: Region, cast: Cast
) -> None:
    def fold(pause: Callable[[], None]) -> None:
        with transaction.atomic():
            computing.take_turns(period.pk)
            changed = RollUpMark.objects.filter(period_id=period.pk).values_list("organisation_id", flat=True)
            computing._keep(period.pk, computing._nodes_above(period.pk, [pk for pk in changed if pk is not None]))
            pause()
            computing._take_marks(period.pk)

    _accepted_while_a_fold_runs(handed_in, period, cast, fold)

    assert total(indicator, period, region.root).accepted == 1


_GATE = 77


@pytest.fixture
def first_is_slow(handed_in: list[Submission], monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on: the statement of the first fold begins, and goes on only when the test opens a gate."""
    slow: list[bool] = []

    def computed(rules: Any, nodes: Any, *, then: str) -> tuple[str, dict[str, Any]]:
        text, given = statement.computed(rules, nodes, then=then)
        if not slow:
            slow.append(True)
            text = text.replace("WHERE", f"WHERE pg_advisory_xact_lock_shared({_GATE})::text = '' AND", 1)
        return text, given

    monkeypatch.setattr(computing, "computed", computed)


def _two_folds_at_once(forms: list[Submission], period: ReportingPeriod, cast: Cast) -> None:
    """The first, of the whole period, stands at its gate; a form is accepted; the second begins.

    There are no marks when the first begins, or the second would wait for these rows.
    """
    accept(forms[0], cast.office)
    RollUpMark.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_GATE])
        first = in_a_thread(lambda: roll_up_period(period_id=period.pk))
        _wait_until_blocked(1, first)
        accept(forms[1], cast.office)
        second = in_a_thread(lambda: fold_marks(period_id=period.pk))
        _wait_until_blocked(2, second)
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_GATE])
    for thread in (first, second):
        thread.join(20)
        assert not thread.is_alive()


def _wait_until_blocked(number: int, thread: threading.Thread) -> None:
    """Until so many wait for an advisory lock, or the thread is done."""
    end = time.monotonic() + 20
    while thread.is_alive() and time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'"
            )
            if cursor.fetchone()[0] >= number:
                return
        time.sleep(0.01)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("first_is_slow")
def test_two_folds_of_a_period_take_turns(
    handed_in: list[Submission], indicator: Indicator, period: ReportingPeriod, region: Region, cast: Cast
) -> None:
    _two_folds_at_once(handed_in, period, cast)

    assert total(indicator, period, region.root).accepted == 2
    assert audit_period(period_id=period.pk).differences == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("first_is_slow")
def test_without_turns_the_slower_fold_would_write_over_the_newer_figures(
    handed_in: list[Submission],
    indicator: Indicator,
    period: ReportingPeriod,
    region: Region,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(computing, "take_turns", lambda _: None)

    _two_folds_at_once(handed_in, period, cast)

    assert total(indicator, period, region.root).accepted == 1
    assert not RollUpMark.objects.exists(), "and nobody would ever compute it anew"
