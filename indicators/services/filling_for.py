"""Filling in the forms of many organisations for them: from the workbook of a municipality, by its coordinator.

Values pass the same reading and the same gate as those of the page. An empty cell leaves the answer as it is. What an
organisation wrote since the workbook was made is not overwritten, unless that is asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from indicators.answers import Given
from indicators.models import Answer, Question, ReportingPeriod, StandIn, Submission
from indicators.selectors.municipality_forms import given_in
from indicators.services.errors import StateConflict
from indicators.services.gate import Step, submissions_write_gate
from indicators.services.history import questions_by_organisation
from indicators.services.submissions import parts_above_their_whole, read_values
from indicators.services.telling import tell_filled_for
from indicators.workbooks.reading import FilledForm, typed_answers
from jobs.files.archive import check_size
from jobs.models import Job
from jobs.services import enqueue
from jobs.storage import store_file
from organisations.access import require
from organisations.models import User
from organisations.roles import Action

HANDLER = "indicators.read_municipality_workbook"


@dataclass(frozen=True)
class FilledFor:
    """What came of a row. ``refused``: one sentence for all of it; ``errors``: by the codes of questions."""

    row: FilledForm
    name: str = ""
    taken: int = 0
    refused: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def forms_fill_for(
    *, period: ReportingPeriod, rows: Sequence[FilledForm], overwrite: bool, actor: User
) -> list[FilledFor]:
    """Fill in drafts for the organisations of a municipality, a row of its workbook each; their heads submit them.

    ``overwrite``: also what was written since the workbook was made. The same number of queries for any number of
    rows. Whoever fills in for an organisation is written down as its stand-in, and reviews none of these forms.
    Raises ``StateConflict`` where the period is closed.
    """
    # Versions are compared below, cell by cell.
    forms, _, refused = submissions_write_gate(
        period=period, versions=dict.fromkeys(row.mark.form for row in rows), step=Step.FILL_FOR, actor=actor
    )
    seen = Submission.objects.visible_to(actor).filter(period=period, pk__in=refused).select_related("organisation")
    known = {form.pk: form for form in [*forms, *seen]}
    asked = questions_by_organisation(period, [form.organisation_id for form in known.values()])
    before = given_in(known.values())
    outcomes, changed = [], []
    for row in rows:
        form = known.get(row.mark.form)
        if form is None:
            outcomes.append(FilledFor(row, refused=refused[row.mark.form]))
            continue
        weighed = _weigh(row, form, asked[form.organisation_id], before[form.pk], overwrite=overwrite)
        if form.pk in refused:
            # What was handed in meanwhile and stands there just so is no news to anybody.
            sentence = refused[form.pk] if weighed.differs else ""
            outcomes.append(FilledFor(row, form.organisation.short_name, refused=sentence))
            continue
        taken = len(row.answers) - len(weighed.errors)
        outcomes.append(FilledFor(row, form.organisation.short_name, taken, errors=weighed.errors))
        changed += [_answer(form, asked[form.organisation_id][code], given) for code, given in weighed.new.items()]
    _write(period, changed, actor)
    return outcomes


@dataclass(frozen=True)
class _Weighed:
    """``new``: what is to be written. ``differs``: the row says something else than the form does."""

    new: dict[str, Given]
    errors: dict[str, str]
    differs: bool


def _weigh(
    row: FilledForm, form: Submission, asked: Mapping[str, Question], before: Mapping[str, Given], *, overwrite: bool
) -> _Weighed:
    texts, unreadable = typed_answers(row, asked)
    given, wrong = read_values(texts, asked)
    differing = {code: answer for code, answer in given.items() if answer != before.get(code, Given())}
    errors = unreadable | wrong
    differs = bool(errors or differing)
    if form.version != row.mark.version and not overwrite:
        for code in [code for code in differing if before.get(code, Given()).is_given]:
            del differing[code]
            errors[code] = "В форме уже другой ответ: его записали после того, как скачали книгу. Он остался."
    own = {question.pk: before.get(code, Given()) for code, question in asked.items()}
    parts = parts_above_their_whole(asked, own, differing)
    return _Weighed({code: answer for code, answer in differing.items() if code not in parts}, errors | parts, differs)


def _answer(form: Submission, question: Question, given: Given) -> Answer:
    return Answer(submission=form, question=question, value=given.value, not_applicable=given.not_applicable)


def _write(period: ReportingPeriod, answers: Collection[Answer], actor: User) -> None:
    Answer.objects.bulk_create(
        answers,
        update_conflicts=True,
        unique_fields=["submission", "question"],
        update_fields=["value", "not_applicable"],
    )
    forms = {answer.submission_id for answer in answers}
    StandIn.objects.bulk_create([StandIn(submission_id=pk, person=actor) for pk in forms], ignore_conflicts=True)
    Submission.objects.filter(pk__in=forms).update(version=F("version") + 1, filled_by=actor, filled_at=Now())
    tell_filled_for(period, forms, actor)


def municipality_workbook_upload(
    *, period: ReportingPeriod, name: str, content: BinaryIO, size: int, overwrite: bool, actor: User, back: str
) -> Job:
    """Take the workbook of a municipality in and have a worker read it. Raises ``UnreadableFile`` for its size alone,
    ``PermissionDenied``, and ``StateConflict`` where the period is closed.
    """
    require(actor, Action.FILL_FOR_SCHOOLS)
    if not period.is_open:
        raise StateConflict(f"Отчётный период закрыт: {period}. Изменить формы уже нельзя.")
    check_size(size)
    data = content.read()
    with transaction.atomic():
        stored = store_file(name=name, content_type="application/octet-stream", content=data)
        return enqueue(
            handler=HANDLER,
            arguments={
                "file": str(stored.pk),
                "period": period.pk,
                "overwrite": overwrite,
                "actor": actor.pk,
                "back": back,
            },
            title=f"Чтение книги «{stored.name}»",
            owner_id=actor.pk,
        )


def in_chunks(rows: Sequence[FilledForm], size: int) -> Iterable[Sequence[FilledForm]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))
