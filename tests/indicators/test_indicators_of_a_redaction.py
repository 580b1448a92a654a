"""Indicators and targets as the redaction in force has them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from indicators.models import Indicator, Target
from projects.models import ChangeRequest, Project
from projects.passport.schema import Passport
from projects.sections import project_all
from projects.services.proposals import change_request_open
from tests.conftest import Cast, Region, approve
from tests.indicators.steps import agree, count


def test_an_indicator_has_its_columns_and_its_methodology(project: Project) -> None:
    row = Indicator.objects.get(project=project)

    assert (row.number, row.unit, row.kind, row.direction) == ("1", "процент", "main", "increasing")
    assert row.base_value == 10
    assert str(row.base_date) == "2024-12-31"
    assert row.formula_wording == "100 × школы с безопасным подъездом / все школы"
    assert (row.data_source, row.schedule) == ("отчёты школ", "ежеквартально")


def test_targets_are_those_of_the_whole_and_of_the_recognised_breakdown(project: Project, region: Region) -> None:
    targets = {(row.organisation_id, row.year): row.value for row in Target.objects.all()}

    nodes = (None, region.town.pk, region.district.pk)
    assert targets == {(node, year): value for node in nodes for year, value in ((2025, 50), (2026, 100))}


def test_projecting_twice_changes_no_indicator(project: Project) -> None:
    before = (
        list(Indicator.objects.values()),
        sorted(Target.objects.values_list("organisation", "year", "value"), key=str),
    )

    project_all(project.redactions.get())

    after = (
        list(Indicator.objects.values()),
        sorted(Target.objects.values_list("organisation", "year", "value"), key=str),
    )
    assert after == before


@pytest.fixture
def amended(project: Project, passport: Passport, region: Region, cast: Cast) -> ChangeRequest:
    """The next redaction: the indicator renamed and renumbered with a dash for 2026, another one added before it."""
    old = passport.indicators[0]
    renamed = old.model_copy(
        update={
            "id": str(Indicator.objects.get(project=project).row_id),
            "number": "2",
            "name": "Безопасные подъезды, %",
            "targets": {"2025": Decimal("39.47"), "2026": None},
        }
    )
    added = old.model_copy(update={"name": "Число школ", "unit": "единица"})
    document = passport.model_copy(update={"indicators": (added, renamed), "breakdown": (), "methodology": ()})
    return change_request_open(
        passport=document, territory=region.root, project=project, source_file=None, actor=cast.office
    )


def test_what_hangs_on_an_indicator_stays_when_it_is_renamed(
    project: Project, amended: ChangeRequest, cast: Cast
) -> None:
    count("safe", cast.office)
    row = Indicator.objects.get(project=project)
    agree(row, "safe", cast.office)

    approve(amended, cast.curator)

    row.refresh_from_db()
    assert (row.number, row.name, row.position, row.formula.text) == ("2", "Безопасные подъезды, %", 1, "safe")
    assert {target.year: target.value for target in row.targets.all()} == {2025: Decimal("39.47"), 2026: None}
    assert row.formula_wording == ""


def test_an_indicator_that_is_dropped_is_archived_and_keeps_its_formula(
    project: Project, passport: Passport, region: Region, cast: Cast
) -> None:
    row = Indicator.objects.get(project=project)
    count("safe", cast.office)
    agree(row, "safe", cast.office)
    document = passport.model_copy(update={"indicators": (), "breakdown": (), "methodology": ()})
    draft = change_request_open(
        passport=document, territory=region.root, project=project, source_file=None, actor=cast.office
    )

    approve(draft, cast.curator)

    row.refresh_from_db()
    assert row.archived_at is not None
    assert row.formula.text == "safe"
    assert not Indicator.objects.filter(project=project).current().exists()
