"""A plan whose deadlines lie around today, and steps with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.utils import timezone

from milestones.models import PlanProgress, PlanRow
from milestones.services import progress_save
from organisations.models import User
from projects.models import Project
from projects.passport.schema import Passport
from projects.services.proposals import change_request_open
from tests.conftest import Cast, Region, approve

Saved = Callable[..., PlanProgress]


def day(ahead: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=ahead)


def planned(number: str, kind: str, end: int | None, start: int | None = None, **more: Any) -> dict[str, Any]:
    """A row of the plan whose dates are counted from today."""
    return {
        "number": number,
        "name": {"result": "Подъезды к школам приведены в порядок"}.get(kind, f"Строка {number}"),
        "kind": kind,
        "start": None if start is None else day(start).isoformat(),
        "end": None if end is None else day(end).isoformat(),
        "responsible": "Громов Б.И.",
        "document": "отчёт",
        "control_level": "РП",
        **more,
    }


PLAN = [
    planned("1", "result", 200, -200),
    planned("1.1.1", "activity", -10, -100),
    planned("1.1.2", "activity", 3, -100, responsible="Дёмина Инна Юрьевна, Журавлёв П. К."),
    planned("1.1", "control_point", 5),
    planned("1.2.1", "activity", 60, 10, responsible="Министерство"),
    planned("1.2", "control_point", 90),
]


def redacted(passport: Passport, rows: Iterable[dict[str, Any]], project: Project | None, cast: Cast) -> Project:
    """Approve the passport with this plan, as the first redaction or as the next one."""
    given = passport.model_dump(mode="json")
    document = Passport.model_validate(
        {**given, "plan": list(rows), "start": day(-300).isoformat(), "end": day(300).isoformat()}
    )
    territory = cast.office.memberships.get().organisation
    draft = change_request_open(
        passport=document, territory=territory, project=project, source_file=None, actor=cast.office
    )
    return approve(draft, cast.curator)


@pytest.fixture
def plan(passport: Passport, region: Region, cast: Cast) -> Project:
    """A project with the plan around today: 1.1.1 is overdue, 1.1.2 and 1.1 are due soon, the rest has time."""
    return redacted(passport, PLAN, None, cast)


@pytest.fixture
def row(plan: Project) -> Callable[[str], PlanRow]:
    def found(number: str) -> PlanRow:
        return PlanRow.objects.select_related("project__territory").get(project=plan, number=number)

    return found


@pytest.fixture
def save(cast: Cast) -> Saved:
    """Write about a row as the office does, over whatever was written last."""

    def write(row: PlanRow, actor: User | None = None, **said: Any) -> PlanProgress:
        known = PlanProgress.objects.filter(row=row).first()
        blank = {"completed_on": None, "forecast": None, "forecast_reason": "", "comment": ""}
        version = said.pop("version", known.version if known else 0)
        return progress_save(row=row, version=version, actor=actor or cast.office, **{**blank, **said})

    return write
