"""Forms that wait for review, and what looks odd in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from indicators.jumps import jump
from indicators.models import Answer, Fact, PeriodOrganisation, ReportingPeriod, Submission
from organisations.models import Organisation, OrganisationKind
from projects.models import Project


@dataclass(frozen=True)
class Oddity:
    """A figure of a form that jumps against the last accepted one."""

    name: str
    sentence: str

    @property
    def words(self) -> str:
        return f"{self.name}: {self.sentence[0].lower()}{self.sentence[1:]}"


@dataclass(frozen=True)
class QueueFilters:
    period: int | None = None
    municipality: int | None = None
    project: int | None = None
    late: bool = False


def waiting_forms(user: Any, filters: QueueFilters) -> QuerySet[Any]:
    """Forms that the person sees and that wait for review, the oldest first, each with ``municipality`` in words.

    Municipality and project are those of the day when the period was opened.
    """
    place = PeriodOrganisation.objects.filter(period=OuterRef("period"), organisation=OuterRef("organisation"))
    rows: QuerySet[Any] = Submission.objects.visible_to(user).waiting()
    if filters.period:
        rows = rows.filter(period=filters.period)
    if filters.late:
        rows = rows.filter(late=True)
    if filters.municipality:
        rows = rows.filter(Exists(place.filter(parent=filters.municipality)))
    if filters.project:
        rows = rows.filter(Exists(place.filter(roster_group__projects__project=filters.project)))
    found: QuerySet[Any] = rows.annotate(municipality=Subquery(place.values("parent__short_name")[:1]))
    return found.select_related("period", "organisation", "submitted_by")


def oddities_of(submissions: Sequence[Submission]) -> dict[int, list[Oddity]]:
    """What looks odd in each form, by its id. Three queries for any number of forms."""
    before = _previous_periods({row.period_id: row.period for row in submissions}.values())
    facts = _facts(before, submissions)
    forms = {row.pk: row for row in submissions}
    found: dict[int, list[Oddity]] = defaultdict(list)
    answers = Answer.objects.filter(submission__in=list(forms)).exclude(value=None)
    for answer in answers.select_related("question").order_by("question__position"):
        form, question = forms[answer.submission_id], answer.question
        previous = before.get(form.period_id)
        if previous is None:
            continue
        sentence = jump(
            answer.value,
            facts.get((previous.pk, form.organisation_id, question.base_indicator_id)),
            kind=question.kind,
            over_time=question.over_time,
            same_year=previous.year == form.period.year,
        )
        if sentence:
            found[form.pk].append(Oddity(question.name, sentence))
    return found


def _previous_periods(periods: Iterable[ReportingPeriod]) -> dict[int, ReportingPeriod]:
    """For each period the one of its kind that ended last before it began."""
    wanted = list(periods)
    earlier = ReportingPeriod.objects.filter(kind__in={row.kind for row in wanted}).order_by("end")
    known = list(earlier) if wanted else []
    found = {}
    for period in wanted:
        ended = [row for row in known if row.kind == period.kind and row.end < period.start]
        if ended:
            found[period.pk] = ended[-1]
    return found


def _facts(
    before: dict[int, ReportingPeriod], submissions: Sequence[Submission]
) -> dict[tuple[int, int, int], Decimal]:
    if not before:
        return {}
    rows = Fact.objects.filter(
        period__in=set(before.values()), organisation__in={row.organisation_id for row in submissions}
    )
    return {
        (period, organisation, base): value
        for period, organisation, base, value in rows.values_list(
            "period_id", "organisation_id", "base_indicator_id", "value"
        )
    }


def periods_to_choose(user: Any) -> QuerySet[ReportingPeriod]:
    return ReportingPeriod.objects.visible_to(user).order_by("-end", "-pk")


def municipalities_to_choose(user: Any) -> QuerySet[Organisation]:
    rows = Organisation.objects.visible_to(user).filter(kind=OrganisationKind.MUNICIPALITY)
    return rows.order_by("sort_key", "pk")


def projects_to_choose(user: Any) -> QuerySet[Project]:
    return Project.objects.visible_to(user).filter(periods__isnull=False).distinct().order_by("short_title", "pk")
