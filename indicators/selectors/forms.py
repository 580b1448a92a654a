"""What stands in a form: its questions in order, what was answered, last time's value, and the arithmetic."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cached_property

from indicators.folding import ADDED_UP, fold
from indicators.formulas import evaluate, to_text
from indicators.jumps import jump
from indicators.models import (
    Answer,
    Evidence,
    EvidenceRule,
    Fact,
    Indicator,
    Measurement,
    PeriodTarget,
    Question,
    ReportingPeriod,
    Submission,
)
from indicators.selectors.frozen import Measured, measured_of, questions_of
from organisations.prepared import Prepared

MONTHS_OF_YEAR = 12


# Of its kind the last periods that ended before a day, with all of its year.
_ENDED = Prepared(
    lambda kind, day: ReportingPeriod.objects.filter(kind=kind, end__lt=day).order_by("-end")[:MONTHS_OF_YEAR]
)
_ANSWERS = Prepared(lambda form: Answer.objects.filter(submission=form))
_EVIDENCE = Prepared(
    lambda form: Evidence.objects.filter(submission=form).select_related("file", "added_by").order_by("pk")
)
_FACTS = Prepared(
    lambda organisation, periods, asked: Fact.objects.filter(
        organisation=organisation, period__in=periods.each, base_indicator__in=asked.each
    ).values_list("period_id", "base_indicator_id", "value")
)
_OWN_TARGETS = Prepared(
    lambda measured, organisation: PeriodTarget.objects.filter(
        measurement__in=measured.each, organisation=organisation
    ).values_list("measurement_id", "value")
)


class Lack(Enum):
    """What a question wants before its form can be sent, in one sentence."""

    ANSWER = "Ответьте на этот вопрос."
    EXPLANATION = "Поясните одним предложением, почему число так изменилось."
    EVIDENCE = "Приложите файл, который это подтверждает."


@dataclass(frozen=True)
class FormLine:
    """One question of a form. ``previous`` is the accepted figure of the period before, None where there is none.

    ``odd``: what looks odd about the answer beside the previous one, in one sentence; empty where nothing does.
    """

    question: Question
    answer: Answer | None
    previous: Decimal | None
    odd: str = ""
    evidence: tuple[Evidence, ...] = ()

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

    @property
    def explanation(self) -> str:
        return self.answer.explanation if self.answer else ""

    @property
    def remark(self) -> str:
        return self.answer.remark if self.answer else ""

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """Zero and «no» need no file: there is nothing to show."""
        if not self.is_given:
            return (Lack.ANSWER,)
        unexplained = self.odd and not self.explanation
        unproven = self.question.evidence == EvidenceRule.REQUIRED and self.value and not self.evidence
        return (*([Lack.EXPLANATION] if unexplained else []), *([Lack.EVIDENCE] if unproven else []))


@dataclass(frozen=True)
class FormIndicator:
    """An indicator that the form contributes to, computed for this organisation alone over the year so far.

    ``codes``: the questions that it is computed from.
    ``value`` None is «не определено». ``target`` None: no target for this organisation or the whole in that year.
    ``figures`` is the formula with the figures of this organisation in it, «?» where there is none yet; ``so_far``:
    some of them are not those of this form alone, but with what was accepted earlier in the year.
    ``own_target``: the target is this organisation's, not that of the whole project. ``heading``: the name of the
    indicator that it is a part of («3» over «3.1»), without which «в 1–4 классах» says nothing; else empty.
    """

    measurement: Measurement
    codes: frozenset[str]
    heading: str
    formula: str
    figures: str
    so_far: bool
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
    evidence: tuple[Evidence, ...] = ()
    """Files of the whole form; those of a question stand at its line."""

    @cached_property
    def answered(self) -> int:
        return sum(line.is_given for line in self.lines)

    @cached_property
    def lacks(self) -> dict[str, tuple[Lack, ...]]:
        """What keeps the form from being sent, by the codes of questions."""
        return _lacks(self.lines)


def form_of(submission: Submission) -> Form:
    """Everything that the page of a form shows. A constant number of queries."""
    past = past_of(submission)
    files = evidence_of(submission)
    lines = lines_of(submission, past, files)
    indicators = _indicators(submission, lines, past.of_year)
    return Form(submission, submission.period, past.previous, lines, indicators, tuple(files.get(None, ())))


def lacks_of(submission: Submission) -> dict[str, tuple[Lack, ...]]:
    """What keeps a form from being sent, by the codes of questions, without what its figures come to."""
    return _lacks(lines_of(submission, past_of(submission), evidence_of(submission)))


def _lacks(lines: Sequence[FormLine]) -> dict[str, tuple[Lack, ...]]:
    return {line.code: lacks for line in lines if (lacks := line.lacks)}


def lines_of(
    submission: Submission, past: Past, files: Mapping[int | None, Sequence[Evidence]]
) -> tuple[FormLine, ...]:
    """The questions of a form with what stands in them."""
    answers = {row.question_id: row for row in answers_of(submission)}
    same_year = past.previous is not None and past.previous.year == submission.period.year
    lines = []
    for question in questions_of(submission):
        answer, before = answers.get(question.pk), past.facts.get(question.base_indicator_id)
        value = answer.value if answer else None
        odd = jump(value, before, kind=question.kind, over_time=question.over_time, same_year=same_year)
        lines.append(FormLine(question, answer, before, odd, tuple(files.get(question.pk, ()))))
    return tuple(lines)


def answers_of(submission: Submission) -> list[Answer]:
    """What was answered, by question. One query."""
    return _ANSWERS.all(submission.pk)


def evidence_of(submission: Submission) -> dict[int | None, list[Evidence]]:
    """Files of a form by the ids of their questions; under None those of the whole form. One query."""
    found: dict[int | None, list[Evidence]] = defaultdict(list)
    for row in _EVIDENCE.all(submission.pk):
        found[row.question_id].append(row)
    return found


@dataclass(frozen=True)
class Past:
    """The period before a form's own, its accepted figures by base indicator, and all earlier periods of the year."""

    previous: ReportingPeriod | None
    facts: Mapping[int, Decimal]
    of_year: tuple[ReportingPeriod, ...]


def past_of(submission: Submission) -> Past:
    """What the organisation of a form reported last. Two queries.

    The base indicators are named, or the index of facts would be read for a whole period.
    """
    period = submission.period
    ended = _ENDED.all(period.kind, period.start)
    if not ended:
        return Past(None, {}, ())
    asked = [question.base_indicator_id for question in questions_of(submission)]
    facts = {base: value for _, base, value in _FACTS.all(submission.organisation_id, [ended[0].pk], asked)}
    return Past(ended[0], facts, tuple(row for row in ended if row.year == period.year))


def year_so_far(
    submission: Submission, lines: Sequence[FormLine], past: Sequence[ReportingPeriod]
) -> dict[str, Decimal | None]:
    """Figures of the year by the codes of questions: those accepted in ``past`` periods folded with this form's."""
    earlier: dict[int, list[Decimal | None]] = defaultdict(list)
    asked = [line.question.base_indicator_id for line in lines if line.question.over_time in ADDED_UP]
    if past and asked:
        rows = _FACTS.all(submission.organisation_id, [period.pk for period in past], asked)
        order = {period.pk: period.number for period in past}
        for _, base, value in sorted(rows, key=lambda row: order[row[0]]):
            earlier[base].append(value)
    return {
        line.code: fold(line.question.over_time, earlier[line.question.base_indicator_id], line.value) for line in lines
    }


def previous_period(period: ReportingPeriod) -> ReportingPeriod | None:
    """The period of the same kind that ended last before this one began."""
    return next(iter(_ENDED.all(period.kind, period.start)), None)


def _indicators(
    submission: Submission, lines: tuple[FormLine, ...], past: Sequence[ReportingPeriod]
) -> tuple[FormIndicator, ...]:
    measured = measured_of(submission)
    own_targets = _own_targets(measured, submission.organisation_id)
    folded = year_so_far(submission, lines, past)
    values = leaf_values(folded, accepted=True)
    earlier = {line.code for line in lines if folded[line.code] != line.value}
    headings = _headings([row.measurement for row in measured])
    found = []
    for row in measured:
        measurement = row.measurement
        own = measurement.pk in own_targets
        # Results have numbers of their own: «1.1» is no part of indicator 1.
        above = (measurement.project.project_id, measurement.number.rpartition(".")[0])
        found.append(
            FormIndicator(
                measurement=measurement,
                codes=row.codes,
                heading="" if row.of_result else headings.get(above, ""),
                formula=to_text(row.tree),
                figures=to_text(row.tree, values),
                so_far=bool(earlier & row.codes),
                value=evaluate(row.tree, values),
                target=own_targets[measurement.pk] if own else row.target,
                own_target=own,
            )
        )
    return tuple(found)


def _headings(measurements: Sequence[Measurement]) -> dict[tuple[int, str], str]:
    """Names of indicators by project and number, each without its unit; of projects that number parts alone."""
    projects = {row.project.project_id for row in measurements if "." in row.number}
    if not projects:
        return {}
    rows = Indicator.objects.current().filter(project__in=projects, result=None)
    return {
        (row.project_id, row.number): row.name.removesuffix(f", {row.unit}")
        for row in rows.only("project_id", "number", "name", "unit")
    }


def _own_targets(measured: Sequence[Measured], organisation_id: int) -> dict[int, Decimal | None]:
    return dict(_OWN_TARGETS.all([row.measurement.pk for row in measured], organisation_id))


def leaf_values(answers: Mapping[str, Decimal | None], *, accepted: bool) -> dict[str, Decimal | None]:
    """Operands of a formula at one organisation: its own figures, itself as the only one expected and accepted."""
    return {**answers, "expected": Decimal(1), "organisations": Decimal(1) if accepted else Decimal(0)}
