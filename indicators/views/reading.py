"""A form as it is read: by its organisation after it was sent, by those who review it and by those who only look."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from indicators.forms.answers import answer_words, change_words, shown, warnings_of
from indicators.models import Submission, SubmissionState
from indicators.selectors.acceptances import versions_of
from indicators.selectors.forms import Form, form_of
from indicators.selectors.history import history_of
from indicators.selectors.provenance import figures_of
from indicators.selectors.removed_evidence import removed_from
from organisations.access import access_of
from organisations.models import User
from organisations.prepared import Prepared
from organisations.roles import Action, Role
from organisations.views.requests import SignedInRequest
from projects.passport.typography import NO_BREAK, date_long, plural
from projects.templatetags.components import Step


def visible_submission(request: HttpRequest, pk: int, *beside: str) -> Submission:
    """The form with its period and organisation, and what else the page shows ``beside`` them."""
    row = _form_with(beside).first(pk)
    if row is None or not access_of(request.user).allows(Action.READ_SUBMISSIONS, row.organisation):
        raise Http404
    return row


@cache
def _form_with(beside: tuple[str, ...]) -> Prepared[Submission]:
    rows = Submission.objects.select_related("period", "organisation", *beside)
    return Prepared(lambda pk: rows.filter(pk=pk))


def figures_context(row: Submission, form: Form) -> dict[str, Any]:
    """Figures beside the previous ones and what they come to."""
    warnings = warnings_of(form)
    return {
        "submission": row,
        "form": form,
        "figures": figures(form, warnings),
        "warned": bool(warnings),
        "deadline": deadline_words(row.period.deadline, timezone.now()),
    }


def reading_context(request: SignedInRequest, row: Submission) -> dict[str, Any]:
    """The figures of a form, where it stands and how it got there."""
    access = access_of(request.user)
    return {
        **figures_context(row, form_of(row)),
        "title": f"Форма за {row.period}",
        "breadcrumbs": submission_crumbs(request, row),
        "steps": steps(row),
        "history": history_of(row),
        "made_of": figures_of(row),
        "versions": versions_of(row),
        "removed": removed_from(row) if oversees(request.user) else [],
        "may_fill_in": access.allows(Action.WRITE_SUBMISSION, row.organisation),
        "may_review": any(
            access.allows(action, row.organisation) for action in (Action.REVIEW_SUBMISSIONS, Action.CHECK_SUBMISSIONS)
        ),
        "may_reopen": row.period.is_open
        and row.state == SubmissionState.ACCEPTED
        and access.allows(Action.REVIEW_SUBMISSIONS, row.organisation)
        and request.user.pk not in {row.filled_by_id, row.submitted_by_id},
    }


def oversees(user: User) -> bool:
    """Whether somebody looks at the forms of many organisations, and does not report for one."""
    access = access_of(user)
    return access.allows(Action.READ_SUBMISSIONS) and not access.allows(Action.WRITE_SUBMISSION)


def figures(form: Form, warnings: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "question": line.question,
            "answer": answer_words(line),
            "given": line.is_given,
            "previous": shown(line.question, line.previous) if line.previous is not None else None,
            "warning": warnings.get(line.code, ""),
            "change": change_words(line),
            "explanation": line.explanation,
            "remark": line.remark,
            "evidence": line.evidence,
        }
        for line in form.lines
    ]


def steps(row: Submission) -> list[Step]:
    """Where the form stands on its way: one review or two."""
    back = {SubmissionState.RETURNED: "Возвращена: исправить", SubmissionState.REOPENED: "Открыта для исправления"}
    names = ["Заполняется", "На проверке", "Принята"]
    if row.levels == 2:
        names[1:2] = ["Проверяет муниципалитет", "Проверяет министерство"]
    match row.state:
        case SubmissionState.SUBMITTED:
            here = 1
        case SubmissionState.CHECKED:
            here = 2
        case SubmissionState.ACCEPTED:
            here = len(names)
        case _:
            here = 0
    notes = {1: row.submitted_at, 2: row.checked_at, len(names) - 1: row.reviewed_at}
    found = []
    for place, name in enumerate(names):
        moment = notes.get(place) if 0 < place <= here else None
        note = date_long(timezone.localtime(moment)) if moment else ""
        if place == 0 and row.state in back:
            found.append(Step(back[SubmissionState(row.state)], "returned"))
        else:
            found.append(Step(name, "done" if place < here else "current" if place == here else "ahead", note))
    return found


def deadline_words(deadline: dt.datetime, now: dt.datetime) -> str:
    """«до 5 декабря 2026 г., 18:00 — осталось 9 дней»: how long there is, counted in days of the calendar."""
    local, today = timezone.localtime(deadline), timezone.localtime(now)
    until = f"до {date_long(local)}, {local:%H:%M}"
    if now > deadline:
        return f"{until} — срок прошёл"
    days = (local.date() - today.date()).days
    if days == 0:
        return f"{until} — осталось меньше дня"
    left = "остался" if days % 10 == 1 and days % 100 != 11 else "осталось"
    return f"{until} — {left}{NO_BREAK}{plural(days, 'день', 'дня', 'дней')}"


def submission_crumbs(request: SignedInRequest, row: Submission, *here: str) -> list[tuple[str, str]]:
    """Up from a form: to a person's own forms, or to the period for everybody else."""
    if access_of(request.user).holds(Role.REPORTER):
        above = [("Мои формы", reverse("indicators:my_submissions"))]
    else:
        above = [
            ("Периоды", reverse("indicators:periods")),
            (str(row.period), reverse("indicators:period", args=[row.period_id])),
        ]
    own = row.organisation.short_name
    tail = [(name, "") for name in here]
    return [*above, (own, reverse("indicators:submission", args=[row.pk]) if here else ""), *tail]
