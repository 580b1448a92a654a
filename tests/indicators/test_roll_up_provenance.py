"""From a form to every figure that it is in, and from the figure back to the form."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from indicators.models import Indicator, ReportingPeriod
from indicators.selectors.provenance import figures_of
from organisations.models import User
from tests.conftest import Cast, Region
from tests.indicators.steps import form_at, hand_in, report

pytestmark = pytest.mark.django_db


def test_an_accepted_form_leads_to_its_figures_and_they_lead_back(
    indicator: Indicator,
    period: ReportingPeriod,
    region: Region,
    reporter: User,
    cast: Cast,
    as_user: Callable[[User], Client],
) -> None:
    school = region.schools[0]
    report(period, {school: {"roads": "4", "safe": "1"}}, reporter, cast.office)
    form = form_at(period, school)
    office = as_user(cast.office)
    page = office.get(reverse("indicators:submission", args=[form.pk])).content.decode()

    (found,) = figures_of(form)
    assert [node.organisation_id for node in found.nodes] == [region.root.pk, region.town.pk, school.pk]
    figures = [
        reverse("reports:plan_fact_figure", args=[indicator.project_id, indicator.pk, period.pk, node.organisation_id])
        for node in found.nodes
    ]
    assert all(f'href="{address}"' in page for address in figures)
    # Down the tree again: each figure leads to the next one, and the last one to the form.
    for above, below in zip(figures, [*figures[1:], reverse("indicators:submission", args=[form.pk])], strict=True):
        assert below in office.get(above).content.decode()


def test_a_form_that_is_not_accepted_is_in_no_figure(period: ReportingPeriod, region: Region, reporter: User) -> None:
    assert figures_of(hand_in(period, region.schools[0], reporter, roads="4", safe="1")) == []
