"""Figures of past years are brought over with their own dates, through the rules of the form."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from indicators.models import Fact, Indicator, ReportingPeriod, Submission
from indicators.services import (
    PastForm,
    StateConflict,
    ValidationFailed,
    base_indicator_save,
    formula_save,
    history_import,
    period_close,
    period_open,
    submission_save_draft,
)
from jobs.models import Job
from projects.models import Project
from tests.conftest import Cast, Region

MOSCOW = dt.timezone(dt.timedelta(hours=3))
DEADLINE = dt.datetime(2026, 1, 20, 18, tzinfo=MOSCOW)


@pytest.fixture
def period(project: Project, cast: Cast) -> ReportingPeriod:
    """The year 2025: pupils, and how many of them come by a safe road."""
    pupils = base_indicator_save(
        code="pupils", name="Учеников", kind="integer", over_organisations="sum", over_time="snapshot",
        kinds=["school"], actor=cast.office,
    )  # fmt: skip
    base_indicator_save(
        code="safe", name="Из них безопасно", kind="integer", over_organisations="sum", over_time="snapshot",
        kinds=["school"], not_above=pupils, actor=cast.office,
    )  # fmt: skip
    formula_save(indicator=Indicator.objects.get(project=project), text="100 * safe / pupils", actor=cast.office)
    return period_open(kind="year", year=2025, number=1, deadline=DEADLINE, projects=[project], actor=cast.office)


@pytest.fixture
def row(region: Region, cast: Cast) -> PastForm:
    return PastForm(
        organisation_id=region.schools[0].pk,
        values={"pupils": "1 200", "safe": "300"},
        submitted_by=cast.reporters[0],
        submitted_at=DEADLINE - dt.timedelta(days=3),
        accepted_at=DEADLINE + dt.timedelta(days=1),
    )


def test_a_past_form_is_accepted_with_its_own_dates_and_becomes_facts(
    period: ReportingPeriod, row: PastForm, region: Region, cast: Cast
) -> None:
    late = replace(row, organisation_id=region.schools[1].pk, submitted_at=DEADLINE + dt.timedelta(hours=1))
    assert history_import(period=period, rows=[row, late], actor=cast.office) == 2
    first, second = Submission.objects.filter(period=period, state="accepted").order_by("submitted_at")
    assert (first.organisation_id, first.submitted_at, first.late) == (row.organisation_id, row.submitted_at, False)
    assert (first.submitted_by, first.reviewed_by, first.reviewed_at) == (
        cast.reporters[0],
        cast.office,
        row.accepted_at,
    )
    assert (second.organisation_id, second.late) == (late.organisation_id, True)
    facts = Fact.objects.filter(submission=first).values_list("base_indicator__code", "value")
    assert dict(facts) == {"pupils": Decimal(1200), "safe": Decimal(300)}
    assert Job.objects.filter(handler="indicators.roll_up", key=f"period:{period.pk}").count() == 1
    assert Submission.objects.filter(period=period, state="draft").count() == 2


def test_what_the_form_would_refuse_is_refused_and_nothing_is_written(
    period: ReportingPeriod, row: PastForm, region: Region, cast: Cast
) -> None:
    key = str(row.organisation_id)
    refused = {
        f"{key}.safe": replace(row, values={"pupils": "100", "safe": "101"}),
        f"{key}.pupils": replace(row, values={"safe": "1"}),
        f"{key}.unheard_of": replace(row, values={**row.values, "unheard_of": "1"}),
        str(region.college.pk): replace(row, organisation_id=region.college.pk),
        key: replace(row, accepted_at=DEADLINE - dt.timedelta(days=4)),
    }
    other = replace(row, organisation_id=region.schools[2].pk)
    for field, wrong in refused.items():
        with pytest.raises(ValidationFailed) as caught:
            history_import(period=period, rows=[other, wrong], actor=cast.office)
        assert list(caught.value.errors) == [field]
    for wrong in (
        replace(row, submitted_by=cast.office),
        replace(row, submitted_at=dt.datetime(2024, 12, 31, tzinfo=MOSCOW)),
        replace(row, accepted_at=dt.datetime(2999, 1, 1, tzinfo=MOSCOW)),
        replace(other),
    ):
        with pytest.raises(ValidationFailed):
            history_import(period=period, rows=[other, wrong], actor=cast.office)
    assert not Submission.objects.exclude(state="draft", version=0).exists()
    assert not Fact.objects.exists()


def test_a_form_begun_here_and_a_closed_period_are_left_alone(
    period: ReportingPeriod, row: PastForm, cast: Cast
) -> None:
    form = Submission.objects.get(period=period, organisation=row.organisation_id)
    submission_save_draft(submission=form, values={"pupils": "5"}, version=0, actor=cast.reporters[0])
    with pytest.raises(StateConflict):
        history_import(period=period, rows=[row], actor=cast.office)
    period_close(period=period, actor=cast.office)
    with pytest.raises(StateConflict):
        history_import(period=period, rows=[row], actor=cast.office)


def test_only_who_reviews_and_opens_periods_may_do_it(period: ReportingPeriod, row: PastForm, cast: Cast) -> None:
    for person in (cast.coordinator, cast.auditor, cast.reporters[1]):
        with pytest.raises(PermissionDenied):
            history_import(period=period, rows=[row], actor=person)
