"""Forms as the API shows them."""

from __future__ import annotations

from indicators.api.shapes import EvidenceShown, FormShown, OrganisationShown, PeriodShown, QuestionShown, WholeForm
from indicators.forms.answers import warnings_of
from indicators.models import Evidence, Submission
from indicators.querysets import SubmissionQuerySet
from indicators.selectors.forms import form_of


def forms_with_their_places(rows: SubmissionQuerySet) -> SubmissionQuerySet:
    return rows.select_related("period", "organisation")


def shown(row: Submission) -> FormShown:
    return FormShown(**_head(row))


def whole(row: Submission) -> WholeForm:
    """A constant number of queries."""
    form = form_of(row)
    warnings = warnings_of(form)
    return WholeForm(
        **_head(row),
        questions=[
            QuestionShown(
                code=line.code,
                name=line.question.name,
                kind=line.question.kind,
                unit=line.question.unit,
                okei=line.question.okei,
                hint=line.question.hint,
                minimum=line.question.minimum,
                maximum=line.question.maximum,
                may_not_apply=line.question.may_not_apply,
                evidence=line.question.evidence,
                previous=line.previous,
                value=line.value,
                not_applicable=line.not_applicable,
                explanation=line.answer.explanation if line.answer else "",
                remark=line.answer.remark if line.answer else "",
                warning=warnings.get(line.code, ""),
            )
            for line in form.lines
        ],
        evidence=[proof_shown(proof) for proof in row.evidence.select_related("question", "file")],
    )


def proof_shown(proof: Evidence) -> EvidenceShown:
    return EvidenceShown(
        id=proof.pk,
        question=proof.question.code if proof.question else None,
        name=proof.file.name,
        size=proof.file.size,
        sha256=proof.file.sha256,
    )


def _head(row: Submission) -> dict[str, object]:
    period = row.period
    return {
        "id": row.pk,
        "version": row.version,
        "state": row.state,
        "state_name": row.get_state_display(),
        "writable": row.is_writable and period.is_open,
        "late": row.late,
        "submitted_at": row.submitted_at,
        "comment": row.comment,
        "organisation": OrganisationShown(id=row.organisation_id, name=row.organisation.name, inn=row.organisation.inn),
        "period": PeriodShown(
            id=period.pk,
            kind=period.kind,
            year=period.year,
            number=period.number,
            name=str(period),
            start=period.start,
            end=period.end,
            deadline=period.deadline,
            open=period.is_open,
        ),
    }
