"""«Перенос сведений прошлых лет»: accepted figures of past periods, brought over from where they were kept before.

A region that begins to work here has years behind it. Their forms were filled in, checked and accepted elsewhere, on
their own days; entered one by one through the form they would all be late and accepted today.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from indicators.answers import Given
from indicators.models import (
    Acceptance,
    Answer,
    Fact,
    PeriodOrganisation,
    Question,
    ReportingPeriod,
    Submission,
    SubmissionState,
)
from indicators.services.errors import StateConflict, ValidationFailed
from indicators.services.marks import mark_for_roll_up
from indicators.services.review import acceptance_of
from indicators.services.submissions import parts_above_their_whole, read_values
from organisations.access import require
from organisations.models import User
from organisations.roles import Action

_BATCH = 2000


@dataclass(frozen=True)
class PastForm:
    """A form as it was accepted elsewhere. ``values`` by the codes of questions, as a person would type them.

    ``submitted_by`` is who answers for the figures; ``submitted_at`` decides whether the form was late.
    """

    organisation_id: int
    values: Mapping[str, str | None]
    submitted_by: User
    submitted_at: dt.datetime
    accepted_at: dt.datetime


@transaction.atomic
def history_import(*, period: ReportingPeriod, rows: Sequence[PastForm], actor: User) -> int:
    """Write accepted forms with their own dates, answers and facts, and mark the totals; returns how many forms.

    All or nothing. Raises ``PermissionDenied``; ``StateConflict`` where the period is closed or a form was begun here;
    ``ValidationFailed`` with a sentence for each «organisation id» or «organisation id.code»: not on the roster of the
    period, a date that cannot be, a value that the form would refuse, a question without an answer.
    """
    # Forms before their period, as every other write takes them, or the two would wait for one another.
    forms = _forms_locked(period, rows)
    locked = ReportingPeriod.objects.select_for_update().get(pk=period.pk)
    for member in locked.projects.select_related("territory"):
        require(actor, Action.MANAGE_PERIODS, member.territory)
        require(actor, Action.REVIEW_SUBMISSIONS, member.territory)
    if not locked.is_open:
        raise StateConflict(f"Отчётный период закрыт: {locked}. Перенести в него сведения уже нельзя.")
    questions = questions_by_organisation(locked, [row.organisation_id for row in rows])
    given, errors = _checked(locked, rows, forms, questions, actor)
    if errors:
        raise ValidationFailed(errors)
    begun = [str(form) for form in forms.values() if form.state != SubmissionState.DRAFT or form.version]
    if begun:
        raise StateConflict(f"Форму уже заполняют здесь: {begun[0]}. Её сведения перенести нельзя.")
    _write(locked, rows, forms, questions, given, actor)
    mark_for_roll_up(locked, organisations=list(forms))
    return len(rows)


def _forms_locked(period: ReportingPeriod, rows: Iterable[PastForm]) -> dict[int, Submission]:
    """The forms by organisation, locked in the order of their ids."""
    wanted = Submission.objects.filter(period=period, organisation__in=[row.organisation_id for row in rows])
    found = wanted.select_for_update(of=("self",)).select_related("organisation", "period").order_by("pk")
    return {form.organisation_id: form for form in found}


def questions_by_organisation(
    period: ReportingPeriod, organisation_ids: Iterable[int]
) -> dict[int, dict[str, Question]]:
    """What each organisation is asked, by code: what :func:`indicators.selectors.frozen.questions_of` says of one."""
    of_group: dict[int, list[Question]] = defaultdict(list)
    asked = Question.objects.filter(period=period, projects__roster_groups__isnull=False)
    for question, group in _pairs(asked):
        of_group[group].append(question)
    places = PeriodOrganisation.objects.filter(period=period, organisation__in=list(organisation_ids))
    return {
        place.organisation_id: {
            question.code: question
            for question in of_group[place.roster_group_id or 0]
            if question.is_asked_of(place.kind)
        }
        for place in places
    }


def _pairs(asked: Iterable[Question]) -> list[tuple[Question, int]]:
    questions = {question.pk: question for question in asked}
    rows = Question.objects.filter(pk__in=questions).values_list("pk", "projects__roster_groups")
    return sorted(
        {(questions[pk], group) for pk, group in rows if group is not None}, key=lambda pair: pair[0].position
    )


def _checked(
    period: ReportingPeriod,
    rows: Sequence[PastForm],
    forms: Mapping[int, Submission],
    questions: Mapping[int, Mapping[str, Question]],
    actor: User,
) -> tuple[dict[int, dict[str, Given]], dict[str, str]]:
    """The answers by organisation, read by the rules of the form, and everything that is refused."""
    now = _now()
    given: dict[int, dict[str, Given]] = {}
    errors: dict[str, str] = {}
    for row in rows:
        key = str(row.organisation_id)
        if row.organisation_id not in forms:
            errors[key] = f"Организация № {key} за этот период не отчитывается."
        elif row.organisation_id in given:
            errors[key] = "Сведения этой организации встречаются дважды."
        elif wrong := _wrong_dates(row, period, now):
            errors[key] = wrong
        elif row.submitted_by == actor:
            errors[key] = "Форму принимает не тот, кто её отправил."
        else:
            asked = questions[row.organisation_id]
            given[row.organisation_id], found = _read(row, asked)
            errors |= {f"{key}.{code}": message for code, message in found.items()}
    return given, errors


def _now() -> dt.datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        now: dt.datetime = cursor.fetchone()[0]
    return now


def _wrong_dates(row: PastForm, period: ReportingPeriod, now: dt.datetime) -> str | None:
    if row.submitted_at.date() < period.start:
        return "Сведения не могли быть отправлены до начала периода."
    if row.accepted_at < row.submitted_at:
        return "Сведения не могли быть приняты раньше, чем отправлены."
    return "Дата в будущем: перенести можно только принятые сведения." if row.accepted_at > now else None


def _read(row: PastForm, asked: Mapping[str, Question]) -> tuple[dict[str, Given], dict[str, str]]:
    typed, errors = read_values(row.values, asked)
    errors |= parts_above_their_whole(asked, {}, typed)
    missing = {code for code in asked if not typed.get(code, Given()).is_given} - errors.keys()
    return typed, errors | dict.fromkeys(sorted(missing), "Нет ответа: без него форма не была бы принята.")


def _write(
    period: ReportingPeriod,
    rows: Sequence[PastForm],
    forms: Mapping[int, Submission],
    questions: Mapping[int, Mapping[str, Question]],
    given: Mapping[int, Mapping[str, Given]],
    actor: User,
) -> None:
    answers: list[Answer] = []
    facts: list[Fact] = []
    kept: list[Acceptance] = []
    for row in rows:
        form = forms[row.organisation_id]
        _accept(form, row, period, actor)
        own: list[Answer] = []
        for code, answer in given[row.organisation_id].items():
            question = questions[row.organisation_id][code]
            own.append(
                Answer(submission=form, question=question, value=answer.value, not_applicable=answer.not_applicable)
            )
            if answer.value is not None:
                facts.append(
                    Fact(
                        period=period,
                        organisation_id=row.organisation_id,
                        base_indicator_id=question.base_indicator_id,
                        submission=form,
                        value=answer.value,
                    )
                )
        kept.append(acceptance_of(form, 1, own, []))
        answers += own
    # All these rows exist and are locked. bulk_update would write a CASE with a branch a row for every column.
    Submission.objects.bulk_create(
        forms.values(), update_conflicts=True, unique_fields=["id"], update_fields=_ACCEPTED_FIELDS, batch_size=_BATCH
    )
    Answer.objects.bulk_create(answers, batch_size=_BATCH)
    Fact.objects.bulk_create(facts, batch_size=_BATCH)
    Acceptance.objects.bulk_create(kept, batch_size=_BATCH)


_ACCEPTED_FIELDS = (
    "state",
    "version",
    "filled_by",
    "filled_at",
    "submitted_by",
    "submitted_at",
    "first_submitted_at",
    "late",
    "reviewed_by",
    "reviewed_at",
    "levels",
)


def _accept(form: Submission, row: PastForm, period: ReportingPeriod, actor: User) -> None:
    form.state, form.version = SubmissionState.ACCEPTED, form.version + 1
    # Accepted elsewhere, by the rules of that place: no municipality checks it here.
    form.levels = 1
    form.filled_by = form.submitted_by = row.submitted_by
    form.filled_at = form.submitted_at = form.first_submitted_at = row.submitted_at
    form.late = row.submitted_at > period.deadline
    form.reviewed_by, form.reviewed_at = actor, row.accepted_at
