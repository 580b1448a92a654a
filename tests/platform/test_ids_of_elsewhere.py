"""Addresses that name a thing and what it belongs to: an id of elsewhere is not found in any position.

The one who asks may read both, so it is not the right to see that answers, but that the two do not belong together.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from finance.models import FinanceLine
from indicators.models import Indicator, ReportingPeriod
from milestones.models import PlanRow
from organisations.models import User
from projects.models import Project
from projects.passport.schema import Passport
from projects.services.proposals import change_request_open
from tests.conftest import approve
from tests.indicators.steps import agree, open_period
from tests.platform.test_every_route import ROUTES
from tests.world import World

# What names no thing of its own: any owner has them.
WORDS = {"edited_section", "redaction.number", "period.year", "export_ending", "list_name", "part.kind"}


class Elsewhere:
    """A second project of the same region with a period, a line of money and rows of its own, and a second person."""

    def __init__(self, world: World, passport: Passport) -> None:
        cast = world.cast
        draft = change_request_open(
            passport=passport, territory=world.region.root, project=None, source_file=None, actor=cast.office
        )
        self.project: Project = approve(draft, cast.curator)
        self.indicator = Indicator.objects.get(project=self.project)
        agree(self.indicator, "100 * safe / roads", cast.office)
        self.period: ReportingPeriod = open_period(cast.office, self.project, number=2)
        self.plan_row = PlanRow.objects.get(project=self.project, number="1.1")
        self.done_row = PlanRow.objects.get(project=self.project, number="1.1.1")
        self.money_line = FinanceLine.objects.get(project=self.project, source="regional")
        self.returned = world.submitted
        self.submitted = world.returned
        self.part = self.indicator
        self.village_reporter: User = cast.reporters[0]
        self.village_role = cast.reporters[0].memberships.get()

    def of(self, path: str) -> Any:
        """The id of a thing of the same kind that belongs elsewhere; None where there is no second one."""
        try:
            return attrgetter(path.removeprefix("cast."))(self)
        except AttributeError:
            return None


def named_together(about: str) -> bool:
    return len([path for path in about.split() if path not in WORDS]) > 1


TOGETHER = {name for name, (_, about, _) in ROUTES.items() if named_together(about)} - {
    # The secret of a letter belongs to its login, and neither is an id (test_invitations, test_password_by_letter).
    "organisations:first_sign_in_by_link",
    "organisations:password_reset",
    # Every municipality has a workbook of every period.
    "indicators:municipality_workbook_file",
    # Keys of programs open these (tests/indicators/api).
    "api:proof",
}


@pytest.mark.django_db
def test_an_id_of_elsewhere_is_not_found_in_any_position(world: World, passport: Passport) -> None:
    elsewhere = Elsewhere(world, passport)
    browser = Client()
    browser.force_login(world.cast.office)
    found, tried = [], set()
    for name in sorted(TOGETHER):
        method, about, _ = ROUTES[name]
        paths = about.split()
        own = [attrgetter(path)(world) for path in paths]
        for place, path in enumerate(paths):
            other = None if path in WORDS else elsewhere.of(path)
            if other is None:
                continue
            address = reverse(name, args=[*own[:place], other, *own[place + 1 :]])
            answer = browser.post(address) if method == "POST" else browser.get(address)
            tried.add(name)
            if answer.status_code != 404:
                found.append(f"{answer.status_code} {name} with {path} of elsewhere")
    assert not found, "\n".join(found)
    assert tried == TOGETHER, "each has a position that another's id was tried in"
