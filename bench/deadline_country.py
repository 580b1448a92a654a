"""A country on the last day of a period, and the people who come: what the benches of that day share.

Importing it says how the portal runs in a bench: as in production, on one's own machine, with files of its own.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

VAR = Path(tempfile.mkdtemp(prefix="vekha-deadline-"))
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "HTTPS": "0",
    "SECOND_FACTOR": "offered",
    "ALLOWED_HOSTS": "localhost",
    "VAR_DIR": str(VAR),
    "STATIC_ROOT": str(VAR / "static"),
    "REDIS_URL": os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/7"),
    "LOG_LEVEL": "WARNING",
}

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.db import connection  # noqa: E402

from bench.rollup_region import build  # noqa: E402
from config.sessions import SessionStore  # noqa: E402
from indicators.models import (  # noqa: E402
    Fact,
    PeriodOrganisation,
    Question,
    ReportingPeriod,
    RolledUpValue,
    Submission,
)
from indicators.rollup import roll_up_period  # noqa: E402
from jobs.models import Job  # noqa: E402
from organisations.models import Membership, Organisation, User  # noqa: E402
from organisations.roles import Role  # noqa: E402

STAFF_OF_A_KIND = 4


def country(organisations: int) -> ReportingPeriod:
    """Twelve months of a country; the last alone is open, and nobody has begun it.

    Of the month before the answers are there too, and not facts alone: no such day begins with an empty table of them.
    """
    *_, period = build(organisations=organisations)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM indicators_fact WHERE period_id = %s", [period.pk])
        cursor.execute(
            "UPDATE indicators_submission SET state = 'draft', version = 0, submitted_at = NULL,"
            " submitted_by_id = NULL, reviewed_at = NULL, reviewed_by_id = NULL WHERE period_id = %s",
            [period.pk],
        )
        cursor.execute(
            "UPDATE indicators_reportingperiod SET state = 'closed', closed_at = now() WHERE id <> %s", [period.pk]
        )
        cursor.execute(_ANSWERS_OF_THE_MONTH_BEFORE, [period.pk])
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
    roll_up_period(period_id=period.pk)
    Job.objects.all().delete()
    return period


_ANSWERS_OF_THE_MONTH_BEFORE = """
    INSERT INTO indicators_answer (submission_id, question_id, value, not_applicable, explanation, remark)
    SELECT fact.submission_id, question.id, fact.value, false, '', ''
    FROM indicators_fact AS fact
    JOIN indicators_question AS question USING (period_id, base_indicator_id)
    WHERE fact.period_id = (SELECT max(id) FROM indicators_reportingperiod WHERE id < %s)
"""


def forms_of(period: ReportingPeriod, number: int) -> list[dict[str, Any]]:
    """Forms that nobody has begun, each with a head, a session and the figures to send: those of the month before."""
    rows = list(
        Submission.objects.filter(period=period, version=0)
        .exclude(organisation__memberships__role=Role.REPORTER)
        .select_related("organisation")
        .order_by("?")[:number]
    )
    if len(rows) < number:
        raise SystemExit("The country has too few schools for this load.")
    heads = User.objects.bulk_create(
        User(login=f"head{row.pk}", password="!", full_name=f"Глава {row.pk}") for row in rows
    )
    Membership.objects.bulk_create(
        Membership(user=head, organisation=row.organisation, role=Role.REPORTER)
        for head, row in zip(heads, rows, strict=True)
    )
    before = defaultdict(dict)  # type: ignore[var-annotated]
    last = ReportingPeriod.objects.filter(kind=period.kind, end__lt=period.start).latest("end")
    facts = Fact.objects.filter(period=last, organisation__in=[row.organisation_id for row in rows])
    for organisation, base, value in facts.values_list("organisation_id", "base_indicator_id", "value"):
        before[organisation][base] = value
    asked = _asked(period)
    rosters = PeriodOrganisation.objects.filter(period=period)
    places = {
        row: (group, kind) for row, group, kind in rosters.values_list("organisation_id", "roster_group_id", "kind")
    }
    return [
        {
            "id": row.pk,
            "session": session_of(head),
            "answers": {
                code: typed(kind, before[row.organisation_id].get(base, Decimal(row.pk % 90 + 1)))
                for code, base, kind in asked[places[row.organisation_id]]
            },
        }
        for head, row in zip(heads, rows, strict=True)
    ]


def _asked(period: ReportingPeriod) -> dict[tuple[int, str], list[tuple[str, int, str]]]:
    """Codes, base indicators and kinds of the questions of each roster group and kind of organisation."""
    found: dict[tuple[int, str], list[tuple[str, int, str]]] = {}
    places = PeriodOrganisation.objects.filter(period=period).exclude(roster_group=None)
    for group, kind in places.order_by().values_list("roster_group_id", "kind").distinct():
        rows = Question.objects.filter(projects__roster_groups=group).distinct()
        found[group, kind] = [(row.code, row.base_indicator_id, row.kind) for row in rows if row.is_asked_of(kind)]
    return found


def staff() -> list[User]:
    """Those who look on such a day: the ministry of the country, of its regions, and coordinators of municipalities."""
    found = list(User.objects.filter(login="office"))
    for role, kind in ((Role.OFFICE, "region"), (Role.COORDINATOR, "municipality")):
        for place in Organisation.objects.filter(kind=kind).exclude(depth=0).order_by("path")[:STAFF_OF_A_KIND]:
            person, made = User.objects.get_or_create(
                login=f"{role}{place.pk}", defaults={"full_name": "Иванова Ольга"}
            )
            if made:
                Membership.objects.create(user=person, organisation=place, role=role)
            found.append(person)
    return found


def typed(kind: str, value: Decimal) -> str:
    return ("да" if value else "нет") if kind == "boolean" else str(value)


def session_of(user: User) -> str:
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def views_of(period: ReportingPeriod) -> list[dict[str, str]]:
    """What staff look at on such a day."""
    value = RolledUpValue.objects.filter(period=period).select_related("indicator").first()
    assert value is not None
    project = value.indicator.project_id
    return [
        {"name": "home", "path": "/"},
        {"name": "period", "path": f"/periods/{period.pk}/"},
        {"name": "review", "path": f"/review/?period={period.pk}"},
        {"name": "plan_fact", "path": f"/projects/{project}/plan-fact/"},
        {"name": "project", "path": f"/projects/{project}/"},
        {"name": "drill_down", "path": f"/projects/{project}/plan-fact/{value.indicator_id}/"},
    ]
