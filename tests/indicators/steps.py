"""What people do in this room, in one line each: the sentences that the tests are made of."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from indicators.models import BaseIndicator, Indicator, Measurement, ReportingPeriod, RolledUpValue, Submission
from indicators.services import (
    base_indicator_save,
    formula_save,
    period_open,
    submission_accept,
    submission_save_draft,
    submission_submit,
)
from jobs.services import run_queued
from organisations.models import Organisation, User
from projects.models import Project

FAR = dt.datetime(2099, 12, 31, 20, 0, tzinfo=dt.UTC)


def count(
    code: str, actor: User, *, kind: str = "integer", over: str = "sum", time: str = "snapshot", **more: Any
) -> BaseIndicator:
    """Add a base indicator to the catalogue; a yes/no one is counted."""
    return base_indicator_save(
        code=code,
        name=more.pop("name", f"Показатель {code}"),
        kind=kind,
        over_organisations="count_yes" if kind == "boolean" else over,
        over_time=time,
        actor=actor,
        **more,
    )


def indicator_of(project: Project, number: str = "1", **more: Any) -> Indicator:
    """An indicator beside those of the passport."""
    return Indicator.objects.create(
        project=project, row_id=uuid.uuid4(), position=100, number=number, name=f"Показатель {number}", **more
    )


def agree(indicator: Indicator, text: str, actor: User) -> None:
    formula_save(indicator=indicator, text=text, actor=actor)


def open_period(actor: User, *projects: Project, **more: Any) -> ReportingPeriod:
    """A quarter of 2026, unless told otherwise, that is not over soon."""
    given = {"kind": "quarter", "year": 2026, "number": 1, "deadline": FAR, **more}
    return period_open(projects=projects, actor=actor, **given)


def form_at(period: ReportingPeriod, organisation: Organisation) -> Submission:
    rows = Submission.objects.select_related("period", "organisation")
    form: Submission = rows.get(period=period, organisation=organisation)
    return form


def fill_in(form: Submission, actor: User, **values: str | None) -> dict[str, str]:
    """Type values into a form and keep them; returns what was refused."""
    form.refresh_from_db()
    return submission_save_draft(submission=form, values=values, version=form.version, actor=actor).errors


def hand_in(period: ReportingPeriod, organisation: Organisation, actor: User, **values: str | None) -> Submission:
    form = form_at(period, organisation)
    # Whatever changed much has its reason.
    said = dict.fromkeys(values, "Так и есть.")
    return submission_submit(submission=form, version=form.version, actor=actor, values=values, explanations=said)


def accept(form: Submission, actor: User) -> Submission:
    form.refresh_from_db()
    return submission_accept(submission=form, version=form.version, actor=actor)


def report(
    period: ReportingPeriod, figures: Mapping[Organisation, Mapping[str, str]], reporter: User, office: User
) -> None:
    """Hand in and accept a form for each organisation, then let the workers run."""
    for organisation, values in figures.items():
        accept(hand_in(period, organisation, reporter, **values), office)
    run_queued()


def total(indicator: Indicator, period: ReportingPeriod, node: Organisation) -> RolledUpValue:
    return RolledUpValue.objects.get(indicator=indicator, period=period, organisation=node)


def measured(indicator: Indicator, period: ReportingPeriod) -> Measurement:
    return Measurement.objects.select_related("period", "project", "indicator").get(indicator=indicator, period=period)
