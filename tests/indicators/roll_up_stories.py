"""Random stories for the roll-up: a tree, rules and rosters; periods that are opened one after another; forms that are
handed in, returned, accepted, reopened; organisations that move, close and join; and folds in between.

:func:`tell` lives a story in the database and holds every fold against the plain model.
"""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from indicators.models import (
    BaseIndicator,
    Fact,
    Indicator,
    ReportingPeriod,
    RolledUpValue,
    RollUpMark,
    Submission,
    Target,
)
from indicators.rollup import audit_period, fold_marks, roll_up_period
from indicators.services.marks import mark_coverage, mark_for_roll_up
from organisations.models import Organisation, User
from organisations.roles import Role
from organisations.services import (
    organisation_close,
    organisation_create,
    organisation_merge,
    organisation_move,
    user_create,
)
from organisations.services.errors import StateConflict
from projects.models import Project
from tests.indicators.plain_model import Base, Country, Leaf
from tests.indicators.steps import agree, count, indicator_of, open_period

DAY = dt.date(2026, 1, 10)
PERIODS = 3
FORMULAS = (
    "x",
    "100 * x / y",
    "100 * x / organisations",
    "organisations / expected",
    "100 * b / organisations",
    "max(x; y) - min(y; w)",
    "round(x / (y - w); 3)",
)
EVERYTHING = "x + y + w + b"
Form = tuple[str, dict[str, Decimal]]


@dataclass(frozen=True)
class Step:
    """Something that happens. Numbers count modulo what there is; a step that makes no sense then is passed over."""

    what: str
    first: int = 0
    second: int = 0
    figures: dict[str, Decimal] = field(default_factory=dict)
    forms: tuple[Form, ...] = ()


@dataclass(frozen=True)
class Story:
    """``leaves``: node, kind, projects of each organisation; the last one is never closed and is on every roster."""

    parents: tuple[int | None, ...]
    leaves: tuple[tuple[int, str, frozenset[int]], ...]
    bases: dict[str, Base]
    formulas: tuple[tuple[int, str], ...]
    territories: tuple[int, int]
    steps: tuple[Step, ...]


_over_organisations = st.sampled_from(["sum", "average", "weighted_average", "minimum", "maximum"])
_over_unweighted = _over_organisations.filter("weighted_average".__ne__)
_over_time = st.sampled_from(["snapshot", "flow", "cumulative", "average"])
_numbers = st.one_of(
    st.integers(0, 9).map(Decimal), st.decimals(-(10**6), 10**6, places=3, allow_nan=False, allow_infinity=False)
)
_figures = st.builds(
    lambda numbers, yes: numbers | yes,
    st.dictionaries(st.sampled_from("xyw"), _numbers),
    st.dictionaries(st.just("b"), st.sampled_from([Decimal(0), Decimal(1)])),
)
_kinds = st.frozensets(st.sampled_from(["school", "college"]))
_kind = st.sampled_from(["school", "school", "college"])
_states = st.sampled_from(["accepted", "accepted", "accepted", "submitted", "checked", "draft"])
_small = st.integers(0, 50)
_step = st.one_of(
    st.builds(Step, st.sampled_from(["accept", "accept", "reopen", "correct"]), _small, _small, _figures),
    st.builds(
        Step, st.sampled_from(["hand in", "check", "return", "fold", "fold", "move", "move node"]), _small, _small
    ),
    st.builds(Step, st.sampled_from(["close", "merge", "all"]), _small, _small),
)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    parents = (None, *(draw(st.integers(0, number)) for number in range(draw(st.integers(1, 5)))))
    nodes = st.integers(0, len(parents) - 1)
    bases = {
        "w": Base(
            "w", draw(_over_organisations.filter("weighted_average".__ne__)), draw(_over_time), None, draw(_kinds)
        ),
        **{
            code: Base(code, rule, draw(_over_time), "w" if rule == "weighted_average" else None, draw(_kinds))
            for code in "xy"
            for rule in [draw(_over_organisations)]
        },
        "b": Base("b", "count_yes", draw(st.sampled_from(["snapshot", "cumulative"])), None, draw(_kinds)),
    }
    somebody = "school" if any(base.is_asked_of("school") for base in bases.values()) else "college"
    rosters = st.sampled_from([frozenset({0}), frozenset({1}), frozenset({0, 1})])
    leaves = [
        *draw(
            st.lists(
                st.tuples(nodes, st.sampled_from(["school", "school", "college"]), rosters), min_size=2, max_size=7
            )
        ),
        (draw(nodes), somebody, frozenset({0, 1})),
    ]
    formulas = draw(st.lists(st.sampled_from(FORMULAS), min_size=1, max_size=4))
    opening = st.builds(
        lambda forms: Step("open", forms=tuple(forms)),
        st.lists(st.tuples(_states, _figures), min_size=len(leaves), max_size=len(leaves)),
    )
    parts = [[draw(opening), *draw(st.lists(_step, max_size=6))] for _ in range(draw(st.integers(1, PERIODS)))]
    return Story(
        parents,
        tuple(leaves),
        bases,
        tuple((place % 2, text) for place, text in enumerate([*formulas, EVERYTHING, EVERYTHING])),
        (0, draw(nodes)),
        tuple(itertools.chain(*parts)),
    )


def tell(story: Story, office: User) -> None:
    """Live the story in the database; raises ``AssertionError`` where the roll-up comes to something else."""
    told = _Told(story, office)
    for step in story.steps:
        told.happen(step)
    for place, period in enumerate(told.periods):
        fold_marks(period_id=period.pk)
        told.compare(place)
    for period in told.periods:
        assert audit_period(period_id=period.pk).differences == 0
        assert roll_up_period(period_id=period.pk) == 0
    assert not RollUpMark.objects.exists()


def office_of(root: Organisation) -> User:
    return user_create(login="office", full_name="Волкова Анна", roles=((Role.OFFICE, root),))


class _Told:
    """The story so far: in the database, and beside it what the plain model needs."""

    def __init__(self, story: Story, office: User) -> None:
        self.story, self.office = story, office
        self.people = [user_create(login=f"person{n}", full_name="Орлова Нина") for n in (1, 2)]
        self.parents = list(story.parents)
        self.places: list[int | None] = [node for node, _, _ in story.leaves]
        self.periods: list[ReportingPeriod] = []
        self.trees: list[tuple[int | None, ...]] = []
        self.stood: list[tuple[int | None, ...]] = []
        self.states: list[list[str]] = []
        self.figures: list[list[dict[str, Decimal]]] = []
        self._build()

    def _build(self) -> None:
        story = self.story
        self.nodes = [Organisation.objects.get(depth=0)]
        for number, parent in enumerate(story.parents[1:], 1):
            assert parent is not None
            self.nodes.append(
                organisation_create(kind="municipality", name=f"Район {number}", parent=self.nodes[parent])
            )
        self.schools = [
            organisation_create(kind=kind, name="Школа", parent=self.nodes[node]) for node, kind, _ in story.leaves
        ]
        self.made: dict[str, BaseIndicator] = {}
        for code in "wxyb":
            base = story.bases[code]
            self.made[code] = count(
                code,
                self.office,
                kind="boolean" if code == "b" else "decimal",
                over=base.over_organisations,
                time=base.over_time,
                minimum=None,
                weight=self.made.get(base.weight or ""),
                kinds=sorted(base.kinds),
            )
        self.projects = [
            Project.objects.create(
                territory=self.nodes[node], level="regional", title=f"Проект {n}", short_title=str(n)
            )
            for n, node in enumerate(story.territories)
        ]
        self.indicators = [
            indicator_of(self.projects[project], str(n)) for n, (project, _) in enumerate(story.formulas)
        ]
        for indicator, (_, text) in zip(self.indicators, story.formulas, strict=True):
            agree(indicator, text, self.office)
        for number, project in enumerate(self.projects):
            named = Indicator.objects.create(project=project, row_id=uuid.uuid4(), position=200)
            Target.objects.bulk_create(
                Target(indicator=named, organisation=school, year=2026, value=1)
                for (_, _, projects), school in zip(story.leaves, self.schools, strict=True)
                if number in projects
            )

    def happen(self, step: Step) -> None:
        getattr(self, "_" + step.what.replace(" ", "_"))(step)

    # --- Periods -------------------------------------------------------------------------------------------------

    def _open(self, step: Step) -> None:
        # Read anew: their territories may have moved.
        projects = Project.objects.select_related("territory").order_by("pk")
        period = open_period(self.office, *projects, number=len(self.periods) + 1)
        self.periods.append(period)
        self.trees.append(tuple(self.parents))
        self.stood.append(tuple(self.places))
        self.states.append(["draft"] * len(self.schools))
        self.figures.append([{} for _ in self.schools])
        for leaf, (state, figures) in enumerate(step.forms):
            if self._form(leaf, len(self.periods) - 1):
                self._set(leaf, len(self.periods) - 1, state, figures)

    def _fold(self, step: Step) -> None:
        place = step.first % len(self.periods)
        fold_marks(period_id=self.periods[place].pk)
        self.compare(place)

    def _all(self, step: Step) -> None:
        place = step.first % len(self.periods)
        roll_up_period(period_id=self.periods[place].pk)
        self.compare(place)

    # --- Forms: as the services leave them, in a few statements ----------------------------------------------------

    def _accept(self, step: Step) -> None:
        self._change(step, {"draft", "submitted", "checked", "returned", "reopened"}, "accepted")

    def _hand_in(self, step: Step) -> None:
        self._change(step, {"draft", "returned", "reopened"}, "submitted")

    def _check(self, step: Step) -> None:
        self._change(step, {"submitted"}, "checked")

    def _return(self, step: Step) -> None:
        self._change(step, {"submitted", "checked"}, "returned")

    def _reopen(self, step: Step) -> None:
        self._change(step, {"accepted"}, "reopened")

    def _correct(self, step: Step) -> None:
        self._change(step, {"accepted"}, "reopened")
        self._accept(step)

    def _change(self, step: Step, before: set[str], after: str) -> None:
        leaf, period = step.first % len(self.schools), step.second % len(self.periods)
        if self._form(leaf, period) and self.states[period][leaf] in before:
            self._set(leaf, period, after, step.figures)

    def _form(self, leaf: int, period: int) -> Submission | None:
        form: Submission | None = Submission.objects.filter(
            period=self.periods[period], organisation=self.schools[leaf]
        ).first()
        return form

    def _set(self, leaf: int, place: int, state: str, figures: dict[str, Decimal]) -> None:
        period, school = self.periods[place], self.schools[leaf]
        before, self.states[place][leaf] = self.states[place][leaf], state
        form = Submission.objects.get(period=period, organisation=school)
        reporter, checker = self.people
        columns: dict[str, Any] = {"state": state, "levels": 1, "comment": "", "checked_by": None, "checked_at": None}
        columns |= {"reviewed_by": None, "reviewed_at": None}
        if state != "draft":
            columns |= {"submitted_by": reporter, "submitted_at": period.deadline}
        if state == "checked":
            columns |= {"levels": 2, "checked_by": checker, "checked_at": period.deadline}
        if state in ("accepted", "returned", "reopened"):
            columns |= {"reviewed_by": self.office, "reviewed_at": period.deadline, "comment": "Уточните."}
        Submission.objects.filter(pk=form.pk).update(**columns)
        if before == "accepted":
            Fact.objects.filter(submission=form).delete()
        if state == "accepted":
            self.figures[place][leaf] = figures
            Fact.objects.bulk_create(
                Fact(period=period, organisation=school, base_indicator=self.made[code], submission=form, value=value)
                for code, value in figures.items()
                if self.story.bases[code].is_asked_of(school.kind)
            )
        mark = mark_for_roll_up if "accepted" in (before, state) else mark_coverage
        mark(period, organisations=[school.pk])

    # --- The tree ------------------------------------------------------------------------------------------------

    def _move(self, step: Step) -> None:
        leaf, node = step.first % len(self.schools), step.second % len(self.nodes)
        if self.places[leaf] not in (None, node):
            self.places[leaf] = node
            organisation_move(
                organisation=self.schools[leaf], parent=self.nodes[node], day=DAY, reason="Приказ", actor=self.office
            )

    def _move_node(self, step: Step) -> None:
        node, below = step.first % len(self.nodes), step.second % len(self.nodes)
        if node and self.parents[node] != below and node not in self._line(below):
            with suppress(StateConflict):  # a district under a district
                organisation_move(
                    organisation=self.nodes[node], parent=self.nodes[below], day=DAY, reason="Приказ", actor=self.office
                )
                self.parents[node] = below

    def _line(self, node: int | None) -> list[int]:
        return [] if node is None else [node, *self._line(self.parents[node])]

    def _close(self, step: Step) -> None:
        leaf = step.first % (len(self.schools) - 1)
        if self.places[leaf] is not None:
            self.places[leaf] = None
            organisation_close(organisation=self.schools[leaf], day=DAY, reason="Приказ", actor=self.office)

    def _merge(self, step: Step) -> None:
        leaf = step.first % (len(self.schools) - 1)
        if self.places[leaf] is not None:
            self.places[leaf] = None
            organisation_merge(
                organisations=[self.schools[leaf]],
                successor=self.schools[-1],
                day=DAY,
                reason="Приказ",
                actor=self.office,
            )

    # --- The plain model -----------------------------------------------------------------------------------------

    def country(self) -> Country:
        leaves = [
            Leaf(
                projects,
                tuple(stood[n] for stood in self.stood),
                tuple(states[n] for states in self.states),
                tuple(figures[n] for figures in self.figures),
                kind,
            )
            for n, (_, kind, projects) in enumerate(self.story.leaves)
        ]
        return Country(
            tuple(self.trees), tuple(leaves), self.story.bases, self.story.formulas, tuple(self.story.territories)
        )

    def compare(self, place: int) -> None:
        """Every node of every formula in this period."""
        country = self.country()
        kept = {
            (value.indicator_id, value.organisation_id): value
            for value in RolledUpValue.objects.filter(period=self.periods[place])
        }
        for number, node in itertools.product(range(len(self.indicators)), range(len(self.nodes))):
            value = kept.pop((self.indicators[number].pk, self.nodes[node].pk), None)
            coverage = country.coverage(node, number, place)
            if coverage[0] == 0:
                assert value is None, (self.story.formulas[number], node, place)
                continue
            assert value is not None, (self.story.formulas[number], node, place)
            assert (value.expected, value.submitted, value.accepted) == coverage
            assert value.value == country.value(node, number, place), (self.story.formulas[number], node, place)
        assert not kept


def first_story(leaves: Sequence[tuple[int, str, frozenset[int]]], forms: Sequence[Form]) -> Story:
    """A small one, told in advance: sums of schools below one municipality."""
    bases = {code: Base(code, "sum", "snapshot") for code in "xyw"} | {"b": Base("b", "count_yes", "snapshot")}
    formulas = ((0, EVERYTHING), (1, EVERYTHING))
    return Story((None, 0), tuple(leaves), bases, formulas, (0, 0), (Step("open", forms=tuple(forms)),))
