"""What opening a period freezes. Afterwards nothing of the period reads the live catalogue or the live tree."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Q

from indicators.formulas import Node, Operand, operands, parse, walk
from indicators.models import (
    BaseIndicator,
    Direction,
    IndicatorFormula,
    Measurement,
    PeriodOrganisation,
    PeriodProject,
    PeriodTarget,
    Question,
    ReportingPeriod,
    ReviewRoute,
    RosterGroup,
    Submission,
    Target,
    Threshold,
)
from organisations.models import REPORTING_KINDS, Organisation
from projects.models import Project

# What holds until the ministry sets its own: any shortfall is a deviation, one of a tenth is critical.
FIRST_GREEN, FIRST_YELLOW = Decimal(100), Decimal(90)
_BATCH = 2000


class NothingToAsk(Exception):
    """A project that a period cannot be opened for; one Russian sentence."""


@dataclass(frozen=True)
class Agreed:
    """What the ministry agreed for one project: formulas, and the base indicators they need, weights included."""

    project: Project
    formulas: tuple[IndicatorFormula, ...]
    needed: tuple[BaseIndicator, ...]

    @property
    def kinds(self) -> frozenset[str]:
        """Kinds of organisation that report at least one of the figures."""
        return frozenset(kind for row in self.needed for kind in (row.kinds or REPORTING_KINDS))


def freeze(period: ReportingPeriod, projects: Sequence[Project]) -> None:
    """Write the frozen tables of a new period and an empty form for everybody on a roster."""
    agreed = [agreed_for(project) for project in projects]
    rosters = rosters_of(period, agreed)
    for plan in agreed:
        if not rosters[plan.project.pk]:
            raise NothingToAsk(f"В проекте «{plan.project}» некому отчитываться: нет организаций нужного вида.")
    questions = _freeze_questions(period, agreed)
    members = _freeze_projects(period, agreed, questions)
    _freeze_measurements(period, agreed, members, questions)
    _freeze_tree(period, agreed, members, rosters)


def agreed_for(project: Project) -> Agreed:
    """What a period opened now would freeze for the project. Raises :class:`NothingToAsk`."""
    rows = IndicatorFormula.objects.filter(indicator__project=project, indicator__archived_at=None)
    formulas = tuple(
        rows.select_related("indicator").prefetch_related("operands__weight").order_by("indicator__position")
    )
    if not formulas:
        raise NothingToAsk(f"В проекте «{project}» ни у одного показателя нет формулы: задайте её до открытия периода.")
    needed: dict[str, BaseIndicator] = {}
    for formula in formulas:
        by_code = {row.code: row for row in formula.operands.all()}
        for code in _in_order(parse(formula.text)):
            row = by_code[code]
            needed.setdefault(code, row)
            if row.weight:
                needed.setdefault(row.weight.code, row.weight)
    return Agreed(project, formulas, tuple(needed.values()))


def _in_order(tree: Node) -> Iterable[str]:
    """Base indicators of a formula in the order they are read, so that a form asks in that order."""
    names = operands(tree)
    return dict.fromkeys(part.name for part in walk(tree) if isinstance(part, Operand) and part.name in names)


def rosters_of(period: ReportingPeriod, agreed: Sequence[Agreed]) -> dict[int, set[int]]:
    """Who reports for each project: the organisations its breakdown names, else all below its territory.

    Either way those of a kind that reports one of the figures, and that still stood at the end of the period.
    """
    found = {}
    for plan in agreed:
        able = Organisation.objects.filter(_stood(period), kind__in=plan.kinds & set(REPORTING_KINDS))
        named = able.filter(
            pk__in=Target.objects.filter(
                indicator__project=plan.project, indicator__archived_at=None, organisation__kind__in=REPORTING_KINDS
            ).values("organisation")
        )
        below = able.filter(path__startswith=plan.project.territory.path)
        found[plan.project.pk] = set(named.values_list("pk", flat=True)) or set(below.values_list("pk", flat=True))
    return found


def _stood(period: ReportingPeriod) -> Q:
    """Organisations that were not closed when the period ended."""
    return Q(closed_at=None) | Q(closed_at__gt=period.end)


def _freeze_questions(period: ReportingPeriod, agreed: Sequence[Agreed]) -> dict[int, Question]:
    """One question for each base indicator, however many projects need it; by the id of the base indicator."""
    needed = {row.pk: row for plan in agreed for row in plan.needed}
    made = Question.objects.bulk_create(
        Question(
            period=period,
            base_indicator=row,
            position=position,
            weight_id=row.weight_id,
            # A limit that nobody is asked about is no limit here.
            not_above_id=row.not_above_id if row.not_above_id in needed else None,
            **{field: getattr(row, field) for field in _COPIED},
        )
        for position, row in enumerate(_wholes_first(needed))
    )
    return {question.base_indicator_id: question for question in made}


def _wholes_first(needed: dict[int, BaseIndicator]) -> list[BaseIndicator]:
    """The order of a form: «сколько всего» stands before «сколько из них», whichever a formula names first."""
    ordered: dict[int, BaseIndicator] = {}
    for row in needed.values():
        above = [row]
        while (whole := needed.get(above[-1].not_above_id or 0)) and whole not in above:
            above.append(whole)
        ordered |= {part.pk: part for part in reversed(above) if part.pk not in ordered}
    return list(ordered.values())


_COPIED = (
    "code",
    "name",
    "kind",
    "unit",
    "okei",
    "hint",
    "evidence",
    "minimum",
    "maximum",
    "over_organisations",
    "over_time",
    "may_not_apply",
    "kinds",
)


def _freeze_projects(
    period: ReportingPeriod, agreed: Sequence[Agreed], questions: dict[int, Question]
) -> dict[int, PeriodProject]:
    members = {}
    for plan in agreed:
        territory = plan.project.territory
        member = PeriodProject.objects.create(
            period=period, project=plan.project, territory=territory, territory_path=territory.path
        )
        member.questions.set([questions[row.pk] for row in plan.needed])
        members[plan.project.pk] = member
    return members


def _freeze_measurements(
    period: ReportingPeriod,
    agreed: Sequence[Agreed],
    members: dict[int, PeriodProject],
    questions: dict[int, Question],
) -> None:
    green, yellow = thresholds_on(period.end, Threshold.objects.all())
    made = Measurement.objects.bulk_create(
        Measurement(
            period=period,
            project=members[plan.project.pk],
            indicator=formula.indicator,
            number=formula.indicator.number,
            name=formula.indicator.name,
            unit=formula.indicator.unit,
            direction=formula.indicator.direction or Direction.INCREASING,
            formula=formula.text,
            kinds=_concerned(formula),
            green=green,
            yellow=yellow,
        )
        for plan in agreed
        for formula in plan.formulas
    )
    measurements = {row.indicator_id: row for row in made}
    through = Measurement.operands.through
    through._default_manager.bulk_create(
        through(measurement_id=measurements[formula.indicator_id].pk, question_id=questions[row.pk].pk)
        for plan in agreed
        for formula in plan.formulas
        for row in formula.operands.all()
    )
    targets = Target.objects.filter(indicator__in=list(measurements), year=period.year)
    PeriodTarget.objects.bulk_create(
        PeriodTarget(
            measurement=measurements[target.indicator_id], organisation_id=target.organisation_id, value=target.value
        )
        for target in targets
    )


def _concerned(formula: IndicatorFormula) -> list[str]:
    """Kinds that are asked for one of the operands; none named where one is asked of all, or there are no operands."""
    asked = [row.kinds for row in formula.operands.all()]
    return sorted({kind for kinds in asked for kind in kinds}) if all(asked) else []


def thresholds_on(day: dt.date, known: Iterable[Threshold]) -> tuple[Decimal, Decimal]:
    """Green and yellow as they hold on a day; ``known`` are the latest first, as the model orders them."""
    row = next((row for row in known if row.effective_from <= day), None)
    return (row.green, row.yellow) if row else (FIRST_GREEN, FIRST_YELLOW)


def _freeze_tree(
    period: ReportingPeriod,
    agreed: Sequence[Agreed],
    members: dict[int, PeriodProject],
    rosters: dict[int, set[int]],
) -> None:
    groups = _freeze_groups(period, members, rosters)
    roots = {plan.project.territory.path.split(".")[0] + "." for plan in agreed}
    below = reduce(or_, (Q(path__startswith=root) for root in sorted(roots)))
    # A municipality stays, whatever became of it: its schools are totalled somewhere.
    tree = Organisation.objects.filter(below, _stood(period) | ~Q(kind__in=REPORTING_KINDS))
    PeriodOrganisation.objects.bulk_create(
        (
            PeriodOrganisation(
                period=period,
                organisation=row,
                parent_id=row.parent_id,
                path=row.path,
                depth=row.depth,
                kind=row.kind,
                name=row.name,
                short_name=row.short_name,
                sort_key=row.sort_key,
                roster_group=groups.get(row.pk),
            )
            for row in tree
        ),
        batch_size=_BATCH,
    )
    levels = _levels(members, rosters)
    Submission.objects.bulk_create(
        (Submission(period=period, organisation_id=pk, levels=levels[pk]) for pk in sorted(groups)),
        batch_size=_BATCH,
    )


def _levels(members: dict[int, PeriodProject], rosters: dict[int, set[int]]) -> dict[int, int]:
    """How many reviews the form of each organisation passes: two where one of its projects wants two."""
    twice = set(
        ReviewRoute.objects.filter(project__in=members, municipality_first=True).values_list("project_id", flat=True)
    )
    levels: dict[int, int] = {}
    for project_id, roster in rosters.items():
        for organisation_id in roster:
            levels[organisation_id] = max(levels.get(organisation_id, 1), 2 if project_id in twice else 1)
    return levels


def _freeze_groups(
    period: ReportingPeriod, members: dict[int, PeriodProject], rosters: dict[int, set[int]]
) -> dict[int, RosterGroup]:
    """The roster group of each organisation that reports, by its id."""
    projects_of: dict[int, list[int]] = defaultdict(list)
    for project_id in sorted(rosters):
        for organisation_id in rosters[project_id]:
            projects_of[organisation_id].append(project_id)
    groups: dict[str, RosterGroup] = {}
    for project_ids in projects_of.values():
        key = ",".join(map(str, project_ids))
        if key not in groups:
            groups[key] = RosterGroup.objects.create(period=period, key=key)
            groups[key].projects.set([members[project_id] for project_id in project_ids])
    return {pk: groups[",".join(map(str, project_ids))] for pk, project_ids in projects_of.items()}
