"""What stands in a form: its questions in order, what was answered, last time's value, and the arithmetic."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from indicators.folding import fold
from indicators.formulas import evaluate, operands, parse, to_text
from indicators.models import (
    Answer,
    Fact,
    Indicator,
    Measurement,
    PeriodOrganisation,
    PeriodTarget,
    Question,
    ReportingPeriod,
    Submission,
)


def questions_of(submission: Submission) -> list[Question]:
    """What is asked of this organisation, in order: each question once, over all its projects of the period."""
    place = PeriodOrganisation.objects.get(period=submission.period_id, organisation=submission.organisation_id)
    asked = Question.objects.filter(projects__roster_groups=place.roster_group_id).order_by("position").distinct()
    return [question for question in asked if question.is_asked_of(place.kind)]


@dataclass(frozen=True)
class FormLine:
    """One question of a form. ``previous`` is the accepted figure of the period before, None where there is none."""

    question: Question
    answer: Answer | None
    previous: Decimal | None

    @property
    def code(self) -> str:
        return self.question.code

    @property
    def value(self) -> Decimal | None:
        return self.answer.value if self.answer else None

    @property
    def not_applicable(self) -> bool:
        return bool(self.answer and self.answer.not_applicable)

    @property
    def is_given(self) -> bool:
        return bool(self.answer and self.answer.is_given)


@dataclass(frozen=True)
class FormIndicator:
    """An indicator that the form contributes to, computed for this organisation alone over the year so far.

    ``value`` None is «не определено». ``target`` None: no target for this organisation or the whole in that year.
    ``own_target``: the target is this organisation's, not that of the whole project. ``heading``: the name of the
    indicator that it is a part of («3» over «3.1»), without which «в 1–4 классах» says nothing; else empty.
    """

    measurement: Measurement
    heading: str
    formula: str
    value: Decimal | None
    target: Decimal | None
    own_target: bool


@dataclass(frozen=True)
class Form:
    submission: Submission
    period: ReportingPeriod
    previous_period: ReportingPeriod | None
    lines: tuple[FormLine, ...]
    indicators: tuple[FormIndicator, ...]

    @cached_property
    def answered(self) -> int:
        return sum(line.is_given for line in self.lines)


def form_of(submission: Submission) -> Form:
    """Everything that the page of a form shows. A constant number of queries."""
    period = submission.period
    questions = questions_of(submission)
    answers = {row.question_id: row for row in submission.answers.all()}
    previous = previous_period(period)
    before = _facts(previous, submission.organisation_id)
    lines = tuple(
        FormLine(question, answers.get(question.pk), before.get(question.base_indicator_id)) for question in questions
    )
    return Form(submission, period, previous, lines, _indicators(submission, lines))


def year_so_far(submission: Submission, lines: Sequence[FormLine]) -> dict[str, Decimal | None]:
    """Figures of the year by the codes of questions: earlier accepted ones folded with those of this form."""
    period = submission.period
    facts = Fact.objects.filter(
        organisation=submission.organisation_id,
        period__kind=period.kind,
        period__year=period.year,
        period__number__lt=period.number,
        base_indicator__in=[line.question.base_indicator_id for line in lines],
    ).order_by("period__number")
    earlier: dict[int, list[Decimal | None]] = defaultdict(list)
    for base_indicator_id, value in facts.values_list("base_indicator_id", "value"):
        earlier[base_indicator_id].append(value)
    return {
        line.code: fold(line.question.over_time, earlier[line.question.base_indicator_id], line.value) for line in lines
    }


def previous_period(period: ReportingPeriod) -> ReportingPeriod | None:
    """The period of the same kind that ended last before this one began."""
    return ReportingPeriod.objects.filter(kind=period.kind, end__lt=period.start).order_by("-end").first()


def _facts(period: ReportingPeriod | None, organisation_id: int) -> dict[int, Decimal]:
    if period is None:
        return {}
    rows = Fact.objects.filter(period=period, organisation=organisation_id)
    return dict(rows.values_list("base_indicator_id", "value"))


def _indicators(submission: Submission, lines: tuple[FormLine, ...]) -> tuple[FormIndicator, ...]:
    codes = {line.code for line in lines}
    rows = (
        Measurement.objects.filter(
            period=submission.period_id,
            project__roster_groups__organisations__organisation=submission.organisation_id,
            project__roster_groups__organisations__period=submission.period_id,
        )
        .select_related("project")
        .order_by("project_id", "indicator__position")
        .distinct()
    )
    measurements = [row for row in rows if operands(parse(row.formula)) <= codes]
    targets = {(t.measurement_id, t.organisation_id): t.value for t in _targets(measurements, submission)}
    values = leaf_values(year_so_far(submission, lines), accepted=True)
    headings = _headings(measurements)
    found = []
    for row in measurements:
        own = (row.pk, submission.organisation_id)
        target = targets[own] if own in targets else targets.get((row.pk, None))
        tree = parse(row.formula)
        heading = headings.get((row.project.project_id, row.number.rpartition(".")[0]), "")
        found.append(FormIndicator(row, heading, to_text(tree), evaluate(tree, values), target, own in targets))
    return tuple(found)


def _headings(measurements: Sequence[Measurement]) -> dict[tuple[int, str], str]:
    """Names of indicators by project and number, each without its unit; of projects that number parts alone."""
    projects = {row.project.project_id for row in measurements if "." in row.number}
    rows = Indicator.objects.current().filter(project__in=projects)
    return {
        (row.project_id, row.number): row.name.removesuffix(f", {row.unit}")
        for row in rows.only("project_id", "number", "name", "unit")
    }


def _targets(measurements: list[Measurement], submission: Submission) -> list[PeriodTarget]:
    rows = PeriodTarget.objects.filter(measurement__in=measurements)
    return list(rows.filter(organisation=None) | rows.filter(organisation=submission.organisation_id))


def leaf_values(answers: Mapping[str, Decimal | None], *, accepted: bool) -> dict[str, Decimal | None]:
    """Operands of a formula at one organisation: its own figures, itself as the only one expected and accepted."""
    return {**answers, "expected": Decimal(1), "organisations": Decimal(1) if accepted else Decimal(0)}
