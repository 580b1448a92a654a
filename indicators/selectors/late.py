"""Whom to hurry: organisations that have not handed in, with their heads and when they were last reminded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from indicators.models import ReportingPeriod, Submission
from indicators.selectors.completeness import organisations_of
from organisations.models import Membership, Notification, NotificationKind, User
from organisations.roles import Role


def late_forms(period: ReportingPeriod, user: Any, *, municipality: int | None = None) -> QuerySet[Any]:
    """Forms that are not handed in, by municipality and name; ``reminded_at``: the last reminder of each."""
    reminders = Notification.objects.filter(subject=OuterRef("subject"), kind=NotificationKind.REMINDER)
    rows = organisations_of(period, user, municipality=municipality, state="not_sent").annotate(
        subject=Concat(Value("submission:"), Cast("pk", CharField())),
        reminded_at=Subquery(reminders.order_by("-created_at").values("created_at")[:1]),
    )
    found: QuerySet[Any] = rows.order_by(F("municipality_name").asc(nulls_first=True), "place__sort_key", "pk")
    return found


def heads_of(forms: Iterable[Submission]) -> dict[int, list[User]]:
    """People who fill in the forms of each organisation, by its id. One query."""
    found: dict[int, list[User]] = defaultdict(list)
    rows = Membership.objects.filter(
        role=Role.REPORTER, organisation__in={form.organisation_id for form in forms}, user__is_active=True
    )
    for row in rows.select_related("user").order_by("user__full_name", "pk"):
        found[row.organisation_id].append(row.user)
    return found
