"""The fictional region: what a visitor of the demo must find in it. Loaded once for all tests of this file."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import connection, transaction

from finance.models import ExecutionEntry
from finance.selectors import money_states
from indicators.models import (
    Answer,
    DirectFigure,
    Evidence,
    Fact,
    FormAnomalies,
    Indicator,
    PastValue,
    ReportingPeriod,
    RolledUpValue,
    Submission,
)
from indicators.models.periods import PeriodState
from indicators.services.history import questions_by_organisation
from organisations.models import Notification, Organisation, OrganisationKind, User
from organisations.roles import Role
from projects.models import ChangeRequest, Project
from projects.passport import check
from reports.demo import deviations
from reports.demo.accounts import ACCOUNTS, FILLS_IN, IS_RETURNED, PASSWORD
from reports.demo.figures import figures
from reports.demo.geography import SILENT_LAST_YEAR, SILENT_NOW
from reports.demo.loading import Loaded, load
from reports.demo.moments import YEAR_2025
from reports.demo.organisations import inn_of, organisations
from reports.demo.passports import PASSPORTS
from reports.models import MonitoringReport


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[Loaded]:
    """The region with fewer forms at work and no printed documents, in a transaction that is thrown away."""
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                yield load(lambda _: None, lightly=True)
                transaction.set_rollback(True)
        finally:
            # The load asks this of its own connection, which the rest of the suite goes on using.
            with connection.cursor() as cursor:
                cursor.execute("RESET synchronous_commit")


@pytest.mark.parametrize("key", list(PASSPORTS))
def test_its_passports_contradict_themselves_nowhere(key: str) -> None:
    passport = PASSPORTS[key]()
    assert check(passport) == []
    assert len(passport.plan) >= 25
    assert passport.finance
    assert passport.breakdown
    assert passport.methodology


def test_every_organisation_has_a_name_and_a_valid_inn_of_its_own() -> None:
    rows = organisations()
    assert len({row.inn for row in rows}) == len({row.name for row in rows}) == len({row.short_name for row in rows})
    assert len(rows) == 240
    assert inn_of("770708389") == "7707083893"  # a well-known one, as the check digit must come out
    assert all(inn_of(row.inn[:9]) == row.inn for row in rows)


def test_its_figures_are_the_same_on_every_machine() -> None:
    row = next(row for row in organisations() if row.short_name == FILLS_IN)
    counted = figures(row, YEAR_2025)
    assert row.inn == "9802082332"
    assert {code: counted[code] for code in ("pupils", "devices", "temperature")} == {
        "pupils": Decimal(811),
        "devices": Decimal(46),
        "temperature": Decimal("19.5"),
    }


@pytest.mark.django_db
def test_the_region_has_its_municipalities_organisations_and_projects(loaded: Loaded) -> None:
    kinds = Counter(Organisation.objects.values_list("kind", flat=True))
    assert kinds[OrganisationKind.REGION] == 1
    assert kinds[OrganisationKind.MUNICIPALITY] == 12
    reporting = {kind: kinds[kind] for kind in ("school", "kindergarten", "college", "centre")}
    assert sum(reporting.values()) == 240
    assert all(reporting.values())
    assert sorted(Project.objects.values_list("level", flat=True)) == ["municipal", "regional", "regional"]
    assert sorted(p.redactions.count() for p in Project.objects.all()) == [1, 1, 2]
    assert Counter(ChangeRequest.objects.values_list("state", flat=True)) == {
        "approved": 4,
        "draft": 1,
        "on_approval": 1,
        "rejected": 1,
    }
    draft = ChangeRequest.objects.get(state="draft")
    assert {"value.placeholder", "finance.row_total", "date.invalid"} <= {finding.code for finding in draft.found}


@pytest.mark.django_db
def test_each_printed_account_signs_in_and_every_role_has_one(loaded: Loaded) -> None:
    assert {account.role for account in ACCOUNTS} == set(Role)
    for account in ACCOUNTS:
        user = authenticate(username=account.login, password=PASSWORD)
        assert isinstance(user, User)
        assert [m.role for m in user.memberships.all()] == [account.role]


@pytest.mark.django_db
def test_the_open_period_has_forms_in_every_state_and_the_closed_ones_have_gaps(loaded: Loaded) -> None:
    period = ReportingPeriod.objects.get(kind="nine_months", year=2026)
    forms = Submission.objects.filter(period=period)
    states = Counter(forms.values_list("state", flat=True))
    assert all(states[state] >= 3 for state in ("draft", "submitted", "returned", "accepted"))
    untouched = forms.filter(version=0)
    assert untouched.exists()
    assert forms.filter(state="draft", version__gt=0).exists()
    assert period.deadline > period.opened_at
    assert forms.get(organisation=loaded.organisations[FILLS_IN]).version == 0
    assert "{" not in forms.get(organisation=loaded.organisations[IS_RETURNED], state="returned").comment
    assert Submission.objects.filter(period__state=PeriodState.OPEN, late=True).count() >= 2
    closed = ReportingPeriod.objects.filter(state=PeriodState.CLOSED)
    assert sorted(closed.values_list("kind", "year")) == [("nine_months", 2025), ("year", 2024), ("year", 2025)]
    for row in closed:
        accepted = Submission.objects.filter(period=row, state="accepted").count()
        assert 0.85 < accepted / Submission.objects.filter(period=row).count() < 0.97


@pytest.mark.django_db
def test_what_stands_out_can_be_found(loaded: Loaded) -> None:
    year = ReportingPeriod.objects.get(kind="year", year=2025)
    now = ReportingPeriod.objects.get(kind="nine_months", year=2026)
    silent = Submission.objects.filter(organisation__parent=loaded.places[SILENT_LAST_YEAR], period=year)
    assert set(silent.values_list("state", flat=True)) == {"draft"}
    idle = Submission.objects.filter(organisation__parent=loaded.places[SILENT_NOW], period=now)
    assert set(idle.values_list("version", flat=True)) == {0}
    speeds = Fact.objects.filter(period=year, base_indicator__code="internet_speed").order_by("-value")
    assert speeds[0].organisation.short_name == deviations.TEN_TIMES_SPEED
    closed = loaded.organisations[deviations.CLOSED_SCHOOL]
    assert closed.pk in questions_by_organisation(year, [closed.pk])
    assert closed.pk not in questions_by_organisation(now, [closed.pk])
    cold = RolledUpValue.objects.get(
        period=year, organisation=loaded.root, indicator__number="4", indicator__project=loaded.projects["warm"]
    )
    assert cold.value == 3
    assert cold.accepted < cold.submitted < cold.expected


@pytest.mark.django_db
def test_it_shows_how_figures_are_collected(loaded: Loaded) -> None:
    now = Submission.objects.filter(period__kind="nine_months", period__year=2026)
    assert set(now.values_list("levels", flat=True)) == {1, 2}
    assert now.filter(state="reopened").count() == 1
    assert Evidence.objects.filter(submission__in=now).exists()
    assert Answer.objects.filter(submission__in=now).exclude(explanation="").exists()
    assert Answer.objects.filter(submission__in=now).exclude(remark="").exists()
    assert FormAnomalies.objects.filter(submission__in=now.filter(state="submitted"), weight__gt=0).exists()
    half = Submission.objects.filter(period__kind="half_year")
    assert Counter(half.values_list("state", flat=True)) == {"accepted": 6, "submitted": 1, "checked": 1, "draft": 3}
    assert Notification.objects.filter(kind="reminder").count() == 3
    before = PastValue.objects.get(
        reopening__period__year=2025, organisation=loaded.root, indicator=_indicator(loaded, "digital", "5")
    )
    after = RolledUpValue.objects.get(
        period=before.reopening.period, organisation=loaded.root, indicator=before.indicator
    )
    assert before.value is not None
    assert after.value is not None
    assert after.value > before.value
    assert Counter(DirectFigure.objects.values_list("kind", flat=True)) == {"actual": 1, "forecast": 1}


def _indicator(loaded: Loaded, project: str, number: str) -> Indicator:
    return Indicator.objects.get(project=loaded.projects[project], number=number, result=None)


@pytest.mark.django_db
def test_a_monitoring_report_is_there_to_be_seen(loaded: Loaded) -> None:
    (report,) = MonitoringReport.objects.filter(project=loaded.projects["digital"])
    assert (report.state, report.registration, str(report.period_words)) == ("fixed", 1, "III квартал 2026 г.")
    assert "Отстаёт подключение дальних школ" in str(report.snapshot)
    assert not User.objects.exclude(email__endswith="@severnaya.example").exists()


@pytest.mark.django_db
def test_a_second_load_leaves_the_region_alone(loaded: Loaded) -> None:
    before = Organisation.objects.count(), Submission.objects.count()
    told, shown = StringIO(), StringIO()
    call_command("demo_region", stdout=shown, stderr=told)
    assert (Organisation.objects.count(), Submission.objects.count()) == before
    assert "уже загружена" in told.getvalue()
    assert all(account.login in shown.getvalue() for account in ACCOUNTS)
    assert PASSWORD in shown.getvalue()


def test_its_money_is_executed_and_some_of_it_is_behind(loaded: Loaded) -> None:
    states = money_states(loaded.projects.values(), today=dt.date(2026, 11, 1))
    year = [state for state in states if state.year == 2026 and state.planned]
    assert year
    assert all(state.executed is not None for state in year)
    assert len({state.status for state in year}) >= 2
    assert ExecutionEntry.objects.filter(executed__lt=0).exists()
