"""Forms of a person's own organisations, in the order in which they need the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from indicators.models import Submission, SubmissionState

_SENT = {SubmissionState.SUBMITTED, SubmissionState.CHECKED}


@dataclass(frozen=True)
class MySubmissions:
    """``to_do`` can still be written: returned and reopened ones first, then by deadline. ``sent`` wait for review."""

    to_do: tuple[Submission, ...]
    sent: tuple[Submission, ...]
    past: tuple[Submission, ...]


def my_submissions(user: Any) -> MySubmissions:
    """Forms that the person fills in. One query."""
    rows = list(
        Submission.objects.writable_by(user)
        .select_related("period", "organisation")
        .order_by("-period__end", "-period_id", "organisation__sort_key", "pk")
    )
    to_do = [row for row in rows if row.period.is_open and row.is_writable]
    to_do.sort(key=lambda row: (row.state == SubmissionState.DRAFT, row.period.deadline))
    sent = [row for row in rows if row.period.is_open and row.state in _SENT]
    known = {row.pk for row in (*to_do, *sent)}
    return MySubmissions(tuple(to_do), tuple(sent), tuple(row for row in rows if row.pk not in known))
