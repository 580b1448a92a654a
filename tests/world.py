"""A portal in the middle of its work: one of everything that has an address, in every state."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from indicators.models import BaseIndicator, Indicator, ReportingPeriod, Submission
from indicators.services import submission_accept, submission_return, submission_save_draft
from jobs.models import Job
from jobs.services import run_queued
from organisations.models import Organisation
from projects.models import ChangeRequest, Project, Redaction
from projects.passport.schema import Passport
from projects.services.proposals import change_request_open
from reports.models import GeneratedDocument
from reports.services import passport_request
from tests.conftest import Cast, Region
from tests.indicators.steps import agree, count, hand_in, open_period


@dataclass(frozen=True)
class World:
    region: Region
    cast: Cast
    project: Project
    draft: ChangeRequest
    base_indicator: BaseIndicator
    indicator: Indicator
    period: ReportingPeriod
    submitted: Submission
    returned: Submission
    document: GeneratedDocument
    job: Job

    @property
    def redaction(self) -> Redaction:
        redaction: Redaction = self.project.redactions.get()
        return redaction

    @property
    def export_ending(self) -> str:
        return "csv"

    @property
    def first_school(self) -> Organisation:
        return self.region.schools[0]


@pytest.fixture
def world(project: Project, passport: Passport, region: Region, cast: Cast) -> World:
    """A project in force and a proposal to change it; a period with a form accepted, waiting, returned and begun."""
    draft = change_request_open(
        passport=passport, territory=region.root, project=project, source_file=None, actor=cast.office
    )
    roads = count("roads", cast.office, name="Подъезды к школе", kinds=["school"], unit="ед.")
    safe = count("safe", cast.office, name="Безопасные подъезды", kinds=["school"], not_above=roads, unit="ед.")
    indicator = Indicator.objects.get(project=project)
    agree(indicator, "100 * safe / roads", cast.office)
    period = open_period(cast.office, project)
    first, second, third = (
        hand_in(period, school, reporter, roads="4", safe=safe_roads)
        for school, reporter, safe_roads in zip(region.schools, cast.reporters, ("1", "2", "3"), strict=True)
    )
    submission_accept(submission=first, version=first.version, actor=cast.office)
    returned = submission_return(
        submission=third, version=third.version, comment="Проверьте число подъездов.", actor=cast.office
    )
    begun = period.submissions.get(organisation=region.village_school)
    submission_save_draft(submission=begun, values={"roads": "2"}, version=begun.version, actor=cast.village_reporter)
    document = passport_request(redaction=project.redactions.get(), ending="xlsx", actor=cast.office)
    run_queued()
    job = document.job
    assert job is not None
    return World(region, cast, project, draft, safe, indicator, period, second, returned, document, job)
