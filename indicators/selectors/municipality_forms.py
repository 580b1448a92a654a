"""The forms of one municipality in a period with what stands in them, for the workbook that holds them all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from indicators.answers import Given
from indicators.models import Answer, Fact, PeriodOrganisation, Question, ReportingPeriod, Submission
from indicators.selectors.forms import previous_period
from indicators.services.history import questions_by_organisation


@dataclass(frozen=True)
class SchoolForm:
    """``asked``: codes of the questions of this form. ``previous``: accepted figures of the period before."""

    form: Submission
    name: str
    asked: frozenset[str]
    answers: Mapping[str, Given]
    previous: Mapping[str, Decimal]


@dataclass(frozen=True)
class MunicipalityForms:
    period: ReportingPeriod
    previous_period: ReportingPeriod | None
    municipality: PeriodOrganisation
    questions: tuple[Question, ...]
    forms: tuple[SchoolForm, ...]


def municipality_forms(period: ReportingPeriod, municipality: PeriodOrganisation, user: Any) -> MunicipalityForms:
    """Forms of the organisations that stood right below the municipality when the period was opened. Ten queries."""
    places = PeriodOrganisation.objects.filter(period=period, parent=municipality.organisation_id)
    names = dict(places.values_list("organisation_id", "short_name"))
    order = {pk: place for place, pk in enumerate(places.values_list("organisation_id", flat=True))}
    rows = Submission.objects.visible_to(user).filter(period=period, organisation__in=names)
    submissions = sorted(rows.select_related("organisation"), key=lambda form: order[form.organisation_id])
    asked = questions_by_organisation(period, names)
    questions = {question.pk: question for own in asked.values() for question in own.values()}
    answers = given_in(submissions)
    before = previous_period(period)
    facts = _facts(before, names, {row.base_indicator_id: row.code for row in questions.values()})
    return MunicipalityForms(
        period=period,
        previous_period=before,
        municipality=municipality,
        questions=tuple(sorted(questions.values(), key=lambda question: question.position)),
        forms=tuple(
            SchoolForm(
                form=form,
                name=names[form.organisation_id],
                asked=frozenset(asked.get(form.organisation_id, {})),
                answers=answers[form.pk],
                previous=facts[form.organisation_id],
            )
            for form in submissions
        ),
    )


def given_in(forms: Iterable[Submission]) -> Mapping[int, Mapping[str, Given]]:
    """What was answered, by the ids of forms and the codes of questions. One query."""
    found: dict[int, dict[str, Given]] = defaultdict(dict)
    rows = Answer.objects.filter(submission__in=[form.pk for form in forms])
    for form, code, value, not_applicable in rows.values_list(
        "submission_id", "question__code", "value", "not_applicable"
    ):
        found[form][code] = Given(value, not_applicable)
    return found


def _facts(
    period: ReportingPeriod | None, organisations: Iterable[int], codes: Mapping[int, str]
) -> Mapping[int, Mapping[str, Decimal]]:
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    if period is not None:
        rows = Fact.objects.filter(period=period, organisation__in=list(organisations), base_indicator__in=list(codes))
        for organisation, base_indicator, value in rows.values_list("organisation_id", "base_indicator_id", "value"):
            found[organisation][codes[base_indicator]] = value
    return found


def municipalities_of(period: ReportingPeriod, user: Any) -> Sequence[PeriodOrganisation]:
    """Municipalities of the period with forms that the person sees."""
    seen = Submission.objects.visible_to(user).filter(period=period).values("organisation")
    parents = PeriodOrganisation.objects.filter(period=period, organisation__in=seen).values("parent")
    return list(
        PeriodOrganisation.objects.filter(period=period, organisation__in=parents).order_by("depth", "sort_key")
    )
