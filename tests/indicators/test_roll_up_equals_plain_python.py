"""Random trees, rules, rosters, kinds and figures: the statement agrees with the plain model to the last digit."""

from __future__ import annotations

import itertools
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.models import (
    BaseIndicator,
    Fact,
    Indicator,
    Measurement,
    PeriodProject,
    ReportingPeriod,
    RolledUpValue,
    Submission,
    Target,
)
from indicators.rollup import roll_up_period
from organisations.models import Organisation, User
from organisations.roles import Role
from organisations.services import organisation_create, user_create
from projects.models import Project
from tests.indicators.plain_model import Base, Country, Leaf
from tests.indicators.steps import agree, count, indicator_of, open_period

FORMULAS = (
    "x",
    "100 * x / y",
    "100 * x / organisations",
    "organisations / expected",
    "max(x; y) - min(y; w)",
    "round(x / (y - w); 3)",
)
over_organisations = st.sampled_from(["sum", "average", "weighted_average", "minimum", "maximum"])
over_time = st.sampled_from(["snapshot", "flow", "cumulative", "average"])
figures = st.dictionaries(
    st.sampled_from("xyw"),
    st.one_of(
        st.integers(0, 9).map(Decimal), st.decimals(-(10**6), 10**6, places=3, allow_nan=False, allow_infinity=False)
    ),
)
kinds = st.sampled_from([frozenset(), frozenset({"school"}), frozenset({"college"}), frozenset({"school", "college"})])
states = st.sampled_from(["accepted", "accepted", "accepted", "submitted", "draft"])


@st.composite
def countries(draw: st.DrawFn) -> Country:
    towns = draw(st.integers(1, 3))
    periods = draw(st.integers(1, 3))
    bases = {
        "w": Base("w", draw(over_organisations.filter("weighted_average".__ne__)), draw(over_time), None, draw(kinds)),
        **{
            code: Base(code, rule, draw(over_time), "w" if rule == "weighted_average" else None, draw(kinds))
            for code in "xy"
            for rule in [draw(over_organisations)]
        },
    }
    leaves = draw(
        st.lists(
            st.builds(
                Leaf,
                node=st.integers(0, towns),  # 0 is the region itself: a college of its own
                projects=st.sampled_from([frozenset({0}), frozenset({1}), frozenset({0, 1})]),
                states=st.tuples(*[states] * periods),
                figures=st.tuples(*[figures] * periods),
                kind=st.sampled_from(["school", "school", "college"]),
            ),
            min_size=2,
            max_size=7,
        )
    )
    somebody = "school" if any(base.is_asked_of("school") for base in bases.values()) else "college"
    everybody = Leaf(draw(st.integers(0, towns)), frozenset({0, 1}), ("accepted",) * periods, ({},) * periods, somebody)
    formulas = draw(st.lists(st.sampled_from(FORMULAS), min_size=1, max_size=4))
    pairs = tuple((place % 2, text) for place, text in enumerate([*formulas, "x + y + w", "x + y + w"]))
    return Country((None, *[0] * towns), (*leaves, everybody), bases, pairs, periods)


@pytest.fixture
def office(db: None) -> User:
    root = organisation_create(kind="region", name="Область")
    return user_create(login="office", full_name="Волкова Анна", roles=((Role.OFFICE, root),))


@pytest.mark.django_db
@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(country=countries())
def test_every_figure_of_every_node_is_that_of_the_plain_model(country: Country, office: User) -> None:
    with transaction.atomic():
        compare(country, office)
        transaction.set_rollback(True)


def compare(country: Country, office: User) -> None:
    """Build the country, roll every period up, and look at every node of every formula."""
    nodes, periods, indicators = _build(country, office)
    for place, period in enumerate(periods):
        roll_up_period(period_id=period.pk)
        kept = {
            (value.indicator_id, value.organisation_id): value for value in RolledUpValue.objects.filter(period=period)
        }
        for number, node in itertools.product(range(len(country.formulas)), range(len(nodes))):
            value = kept.pop((indicators[number].pk, nodes[node].pk), None)
            coverage = country.coverage(node, number, place)
            if coverage[0] == 0:
                assert value is None
                continue
            assert value is not None
            assert (value.expected, value.submitted, value.accepted) == coverage
            assert value.value == country.value(node, number, place), (country.formulas[number], node, place)
        assert not kept


def _build(country: Country, office: User) -> tuple[list[Organisation], list[ReportingPeriod], list[Indicator]]:
    root = Organisation.objects.get(depth=0)
    towns = [organisation_create(kind="municipality", name=f"Район {n}", parent=root) for n in country.parents[1:]]
    nodes = [root, *towns]
    schools = [organisation_create(kind=leaf.kind, name="Школа", parent=nodes[leaf.node]) for leaf in country.leaves]
    made: dict[str, BaseIndicator] = {}
    for code in "wxy":
        base = country.bases[code]
        made[code] = count(
            code,
            office,
            kind="decimal",
            over=base.over_organisations,
            time=base.over_time,
            minimum=None,
            weight=made.get(base.weight or ""),
            kinds=sorted(base.kinds),
        )
    projects = [
        Project.objects.create(territory=root, level="regional", title=f"Проект {n}", short_title=f"Проект {n}")
        for n in (0, 1)
    ]
    indicators = [indicator_of(projects[project], str(n)) for n, (project, _) in enumerate(country.formulas)]
    for indicator, (_, text) in zip(indicators, country.formulas, strict=True):
        agree(indicator, text, office)
    for number, project in enumerate(projects):
        named = Indicator.objects.create(project=project, row_id=uuid.uuid4(), position=200)
        for leaf, school in zip(country.leaves, schools, strict=True):
            if number in leaf.projects:
                Target.objects.create(indicator=named, organisation=school, year=2026, value=1)
    periods = [open_period(office, *projects, number=number + 1) for number in range(country.periods)]
    assert PeriodProject.objects.count() == 2 * country.periods
    assert Measurement.objects.count() == len(country.formulas) * country.periods
    _report(country, schools, periods, made, office)
    return nodes, periods, indicators


def _report(
    country: Country,
    schools: list[Organisation],
    periods: list[ReportingPeriod],
    made: dict[str, BaseIndicator],
    office: User,
) -> None:
    """Forms and facts as the services leave them, in a few statements; every draw of the suite would cost seconds."""
    reporter, _ = User.objects.get_or_create(login="reporter", defaults={"full_name": "Орлова Нина"})
    for place, period in enumerate(periods):
        forms = {form.organisation_id: form for form in Submission.objects.filter(period=period)}
        facts = []
        for leaf, school in zip(country.leaves, schools, strict=True):
            if not country.on_roster(leaf):
                assert school.pk not in forms
                continue
            form = forms[school.pk]
            _put(form, leaf.states[place], reporter, office)
            if leaf.accepted(place):
                facts += [
                    Fact(period=period, organisation=school, base_indicator=made[code], submission=form, value=value)
                    for code, value in leaf.figures[place].items()
                    if country.bases[code].is_asked_of(leaf.kind)
                ]
        Fact.objects.bulk_create(facts)


def _put(form: Submission, state: str, reporter: User, office: User) -> None:
    columns: dict[str, Any] = {"state": state}
    if state != "draft":
        columns |= {"submitted_by": reporter, "submitted_at": form.period.deadline}
    if state == "accepted":
        columns |= {"reviewed_by": office, "reviewed_at": form.period.deadline}
    Submission.objects.filter(pk=form.pk).update(**columns)


@pytest.mark.django_db
def test_the_statement_reads_facts_by_their_covering_index_alone(office: User) -> None:
    leaf = Leaf(1, frozenset({0, 1}), ("accepted",), ({"x": Decimal(1)},))
    bases = {code: Base(code, "sum", "snapshot") for code in "xyw"}
    _, (period,), _ = _build(Country((None, 0), (leaf,), bases, ((0, "x"), (1, "y + w"))), office)
    with connection.cursor() as cursor:
        # On so few rows anything is as cheap; what is asked here is whether the index can do it alone.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(
            "EXPLAIN SELECT organisation_id, base_indicator_id, value FROM indicators_fact"
            " WHERE period_id = %s AND base_indicator_id = ANY (%s)",
            [period.pk, [made.pk for made in BaseIndicator.objects.all()]],
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Only Scan using fact_once" in plan
