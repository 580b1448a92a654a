"""What happened to a form: who did what and when, from the audit trail that the database itself keeps."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.apps import apps

from indicators.models import Question, Submission, SubmissionState
from organisations.models import User
from organisations.prepared import Prepared

Figure = tuple[Decimal | None, bool]
"""A value, and whether the question was said not to concern the organisation."""
NOTHING: Figure = (None, False)


@dataclass(frozen=True)
class Change:
    """A figure that was written, and what stood there before."""

    question: Question
    before: Figure
    after: Figure


@dataclass(frozen=True)
class Event:
    """``what``: saved, or the state that the form came into. ``times``: how many saves in a row stand for this one."""

    what: str
    at: dt.datetime
    person: User | None
    comment: str = ""
    late: bool = False
    corrected_late: bool = False
    changes: tuple[Change, ...] = ()
    times: int = 1


_EVENTS: Prepared[Any] = Prepared(
    lambda form: apps.get_model("indicators", "SubmissionEvent").objects.filter(pgh_obj_id=form).order_by("pgh_id")
)
_PEOPLE = Prepared(lambda ids: User.objects.filter(pk__in=ids.each))
_FIGURES: Prepared[Any] = Prepared(
    lambda form: (
        apps.get_model("indicators", "AnswerEvent")
        .objects.filter(submission_id=form)
        .select_related("question")
        .order_by("pgh_id")
    )
)


def history_of(submission: Submission) -> list[Event]:
    """Events of a form, the latest first; saves of one person in a row are one event. Three queries."""
    rows = _EVENTS.all(submission.pk)
    people = {person.pk: person for person in _PEOPLE.all([pk for row in rows for pk in _people(row) if pk])}
    changes = _changes(submission)
    events: list[Event] = []
    state, version = str(SubmissionState.DRAFT), 0
    for row in rows:
        event = _event(row, state, people)
        if row.version > version and event:
            events.append(replace(event, changes=tuple(changes.pop(row.pgh_created_at, ()))))
        state, version = row.state, row.version
    return _merged(events)[::-1]


def _people(row: Any) -> tuple[int | None, ...]:
    return row.filled_by_id, row.submitted_by_id, row.checked_by_id, row.reviewed_by_id


def _event(row: Any, state: str, people: dict[int, User]) -> Event | None:
    if row.state == state:
        return Event("saved", row.filled_at or row.pgh_created_at, people.get(row.filled_by_id))
    match row.state:
        case SubmissionState.SUBMITTED:
            sent = Event("submitted", row.submitted_at, people.get(row.submitted_by_id))
            return replace(sent, late=row.late, corrected_late=row.corrected_late)
        case SubmissionState.RETURNED:
            return Event("returned", row.reviewed_at, people.get(row.reviewed_by_id), comment=row.comment)
        case SubmissionState.CHECKED:
            return Event("checked", row.checked_at, people.get(row.checked_by_id))
        case SubmissionState.ACCEPTED:
            return Event("accepted", row.reviewed_at, people.get(row.reviewed_by_id))
        case SubmissionState.REOPENED:
            return Event("reopened", row.reviewed_at, people.get(row.reviewed_by_id), comment=row.comment)
    return None


def _changes(submission: Submission) -> dict[dt.datetime, list[Change]]:
    """Figures that were written, by the moment of their transaction: a save and its figures share it."""
    found: dict[dt.datetime, list[Change]] = defaultdict(list)
    last: dict[int, Figure] = {}
    for row in _FIGURES.all(submission.pk):
        after = NOTHING if row.pgh_label == "delete" else (row.value, row.not_applicable)
        before = last.get(row.question_id, NOTHING)
        last[row.question_id] = after
        if before != after:
            found[row.pgh_created_at].append(Change(row.question, before, after))
    return found


def _merged(events: Iterable[Event]) -> list[Event]:
    """Autosave writes every few seconds; for people that is one sitting."""
    merged: list[Event] = []
    for event in events:
        last = merged[-1] if merged else None
        if last and last.what == event.what == "saved" and last.person == event.person:
            merged[-1] = replace(
                event, changes=_folded((*last.changes, *event.changes)), times=last.times + event.times
            )
        else:
            merged.append(event)
    return merged


def _folded(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """The first «before» and the last «after» of each question; what ended as it began is no change."""
    folded: dict[int, Change] = {}
    for change in changes:
        first = folded.get(change.question.pk, change)
        folded[change.question.pk] = Change(change.question, first.before, change.after)
    return tuple(change for change in folded.values() if change.before != change.after)
