"""Files that proved an accepted form and were taken away when it was opened again: their bytes stay to be seen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.apps import apps

from indicators.models import Question, Submission
from jobs.models import StoredFile


@dataclass(frozen=True)
class Removed:
    """``question`` is None for a file of the whole form."""

    file: StoredFile
    question: Question | None
    at: dt.datetime


def removed_from(submission: Submission) -> list[Removed]:
    """The latest first; a file of a form that was never accepted is gone with its row. Three queries at most."""
    events = apps.get_model("indicators", "EvidenceEvent").objects.filter(
        submission_id=submission.pk, pgh_label="delete"
    )
    rows = list(events.order_by("-pgh_id"))
    files = StoredFile.objects.in_bulk([row.file_id for row in rows]) if rows else {}
    questions = Question.objects.in_bulk({row.question_id for row in rows if row.question_id}) if files else {}
    return [
        Removed(files[row.file_id], questions.get(row.question_id), row.pgh_created_at)
        for row in rows
        if row.file_id in files
    ]
