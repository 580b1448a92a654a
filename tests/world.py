"""A portal in the middle of its work: one of everything that has an address, in every state."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.utils import timezone

from finance.entering import Given
from finance.models import ExecutionLoad, FinanceLine
from finance.services import execution_enter, execution_load_create
from finance.workbook import read_execution_book
from indicators.models import BaseIndicator, DirectFigure, Evidence, Indicator, ReportingPeriod, Submission
from indicators.services import (
    direct_figure_enter,
    evidence_add,
    submission_accept,
    submission_return,
    submission_save_draft,
)
from jobs.models import Job, JobState
from jobs.services import run_queued
from jobs.storage import store_file
from milestones.models import PlanEvidence, PlanRow
from milestones.services import evidence_add as plan_evidence_add
from milestones.services import progress_save
from organisations.models import ApiToken, ExceptionalDay, Membership, Notification, Organisation, RegisterLoad, Scope
from organisations.register.reading import read_workbook
from organisations.services import organisation_close, organisation_create
from organisations.services.calendar import exceptional_day_save
from organisations.services.passwords import NEW_PASSWORD_HANDLER
from organisations.services.register import register_load_create
from organisations.services.tokens import token_create
from projects.models import ChangeRequest, Project, Redaction
from projects.passport.schema import Passport
from projects.services.proposals import change_request_open
from reports.deviations.services import deviation_explain
from reports.models import Deviation, GeneratedDocument, MonitoringReport, PartState
from reports.monitoring.services import monitoring_begin, monitoring_fix
from reports.services import passport_request
from tests.conftest import Cast, Region
from tests.finance.filled_books import filled_execution
from tests.indicators.attachments import pdf
from tests.indicators.steps import agree, count, hand_in, open_period
from tests.organisations.workbooks import inn, workbook


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
    evidence: Evidence
    figure: DirectFigure
    document: GeneratedDocument
    job: Job
    key: ApiToken

    @property
    def redaction(self) -> Redaction:
        redaction: Redaction = self.project.redactions.get()
        return redaction

    @property
    def plan_row(self) -> PlanRow:
        """A control point of which nobody has said anything."""
        return PlanRow.objects.get(project=self.project, number="1.1")

    @property
    def done_row(self) -> PlanRow:
        return PlanRow.objects.get(project=self.project, number="1.1.1")

    @property
    def plan_evidence(self) -> PlanEvidence:
        return PlanEvidence.objects.get()

    @property
    def notification(self) -> Notification:
        """What the head of the third school was told when the period was opened."""
        return Notification.objects.get(recipient=self.cast.reporters[2], kind="period_opened")

    @property
    def exceptional_day(self) -> ExceptionalDay:
        return ExceptionalDay.objects.get()

    @property
    def given_up(self) -> Job:
        return Job.objects.get(state=JobState.FAILED)

    @property
    def load(self) -> RegisterLoad:
        return RegisterLoad.objects.get()

    @property
    def closed_school(self) -> Organisation:
        return Organisation.objects.get(closed_at__isnull=False)

    @property
    def accepted(self) -> Submission:
        return self.period.submissions.get(organisation=self.first_school)

    @property
    def participant(self) -> str:
        return str(self.project.participants.get().name)

    @property
    def edited_section(self) -> str:
        return "plan"

    @property
    def part(self) -> PartState:
        return PartState.objects.get(row_id=self.indicator.row_id, is_current=True)

    @property
    def deviation(self) -> Deviation:
        """The year 2025 was missed; explained, and the administrator answers for the measure."""
        return Deviation.objects.get(row_id=self.indicator.row_id)

    @property
    def export_ending(self) -> str:
        return "csv"

    @property
    def monitoring(self) -> MonitoringReport:
        return MonitoringReport.objects.get(state="draft")

    @property
    def fixed_monitoring(self) -> MonitoringReport:
        return MonitoringReport.objects.get(state="fixed")

    @property
    def list_name(self) -> str:
        return "documents"

    @property
    def village_role(self) -> Membership:
        return self.cast.village_reporter.memberships.get()

    @property
    def money_line(self) -> FinanceLine:
        """The regional budget of the one result."""
        return FinanceLine.objects.get(project=self.project, source="regional")

    @property
    def money_load(self) -> ExecutionLoad:
        return ExecutionLoad.objects.get()

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
    evidence = evidence_add(submission=returned, code="", name="приказ.pdf", content=pdf(), actor=cast.reporters[2])
    begun = period.submissions.get(organisation=region.village_school)
    submission_save_draft(submission=begun, values={"roads": "2"}, version=begun.version, actor=cast.village_reporter)
    exceptional_day_save(day=dt.date(2026, 11, 23), is_working=False, reason="День области", actor=cast.office)
    figure = direct_figure_enter(
        indicator=indicator,
        organisation=region.root,
        year=2025,
        kind="actual",
        value=Decimal(48),
        as_of=dt.date(2025, 12, 31),
        reason="Протокол № 4",
        file=store_file(name="Протокол.pdf", content_type="application/pdf", content=b"%PDF-1.7"),
        actor=cast.office,
    )
    _register(region, cast)
    _plan(project, cast)
    _money(project, cast)
    document = passport_request(redaction=project.redactions.get(), ending="xlsx", actor=cast.office)
    run_queued()
    deviation = Deviation.objects.get(row_id=indicator.row_id)
    deviation_explain(
        deviation=deviation,
        version=deviation.version,
        reason="Подрядчик сорвал срок поставки.",
        measure="Заключить договор с другим поставщиком.",
        owner=cast.administrator,
        due=timezone.localdate() + dt.timedelta(days=30),
        actor=cast.office,
    )
    monitoring_begin(project=project, kind="quarter", year=2026, number=1, actor=cast.office)
    january = monitoring_begin(project=project, kind="month", year=2026, number=1, actor=cast.office)
    monitoring_fix(report=january, version=january.version, actor=cast.office)
    job = document.job
    assert job is not None
    Job.objects.create(
        handler=NEW_PASSWORD_HANDLER,
        arguments={"login": cast.village_reporter.login, "id": "<1@example.org>"},
        title="Письмо с новым паролем",
        state=JobState.FAILED,
        attempts=3,
        error="Не удалось.",
        finished_at=timezone.now(),
    )
    key, _ = token_create(owner=cast.office, name="Журнал", scopes=[Scope.READ], days=30)
    return World(
        region, cast, project, draft, safe, indicator, period, second, returned, evidence, figure, document, job, key
    )


def _money(project: Project, cast: Cast) -> None:
    """A quarter of execution that was entered, and a workbook with the next that waits for a decision."""
    money = FinanceLine.objects.get(project=project, source="regional")
    paid = Given(money.pk, contracted=Decimal(900_000), executed=Decimal(450_000), explanation="аванс")
    execution_enter(project=project, as_of=dt.date(2026, 3, 31), rows=[paid], actor=cast.head)
    content = filled_execution(project, dt.date(2026, 6, 30), "thousand", {money.name: {"executed": 700}})
    book = read_execution_book(content)
    execution_load_create(project=project, name="Исполнение.xlsx", content=content, book=book, actor=cast.head)


def _plan(project: Project, cast: Cast) -> None:
    """An activity that was done, with its proof."""
    row = PlanRow.objects.get(project=project, number="1.1.1")
    progress_save(
        row=row,
        version=0,
        completed_on=dt.date(2025, 9, 30),
        forecast=None,
        forecast_reason="",
        comment="Акт подписан",
        actor=cast.office,
    )
    plan_evidence_add(row=row, name="акт.pdf", content=pdf(words=b"deed"), actor=cast.office)


def _register(region: Region, cast: Cast) -> None:
    """A school that is closed, and a workbook of the register that waits for a decision."""
    closed = organisation_create(kind="school", name="Вечерняя школа", parent=region.town)
    organisation_close(organisation=closed, day=dt.date(2026, 1, 1), reason="Постановление № 1", actor=cast.office)
    content = workbook(
        [inn(1), "", "Школа", region.town.name, "Школа № 9", "", "Белов Пётр Ильич", "директор", "", ""],
        [inn(2), "", "Школа", region.district.name, region.village_school.name, "", "", "", "", ""],
        ["12", "", "Школа", region.town.name, "Школа № 10", "", "", "", "", ""],
    )
    file = store_file(name="реестр.xlsx", content_type="application/octet-stream", content=content)
    register_load_create(file=file, table=read_workbook(content), territory=region.root, actor=cast.office)
