"""Home: what needs this person, gathered over all rooms in a constant number of queries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from indicators.models import Submission, SubmissionState
from indicators.models.submissions import WRITABLE
from indicators.selectors.completeness import PeriodRow, periods_listed
from milestones.selectors.week import points_around
from milestones.states import PlanRowState
from organisations.access import Access, access_of
from organisations.models import sort_key_of
from organisations.roles import Action, Role
from projects.models import ChangeRequest, Project, Redaction
from projects.querysets import ChangeRequestQuerySet
from reports.models import Deviation
from reports.state.rules import WORST_FIRST
from reports.state.selectors import ProjectState, states_of

SOON_DAYS = 45
SHOWN = 8
PROJECTS_SHOWN = 20


@dataclass(frozen=True)
class FormCard:
    """A form that waits for its organisation. ``days_left`` counts whole days to the deadline, negative after it."""

    submission: Submission
    days_left: int

    @property
    def is_returned(self) -> bool:
        """Whether it came back: returned, or opened for correction after it had been accepted."""
        return str(self.submission.state) in {SubmissionState.RETURNED, SubmissionState.REOPENED}

    @property
    def is_untouched(self) -> bool:
        return self.submission.filled_at is None


@dataclass(frozen=True)
class PeriodCard:
    """An open period, how complete it is among the organisations that the person sees, and the days to its end."""

    row: PeriodRow
    days_left: int


@dataclass(frozen=True)
class Home:
    """Everything that the page shows; what does not concern the person is empty."""

    forms: list[FormCard]
    handed_in: list[Submission]
    waiting: int
    to_chase: list[PeriodCard]
    periods: list[PeriodCard]
    decisions: list[ChangeRequest]
    drafts: list[ChangeRequest]
    projects: list[ProjectState]
    projects_left: int
    """How many more there are than those shown, the worst."""
    has_portfolio: bool
    control_points: list[PlanRowState]
    redactions: list[Redaction]
    to_explain: list[Deviation]
    to_explain_count: int
    measures: list[Deviation]
    today: dt.date

    @property
    def is_calm(self) -> bool:
        """Whether nothing waits for this person."""
        own = self.forms or self.waiting or self.decisions or self.drafts or self.to_chase
        return not (own or self.to_explain or self.measures)


def home_of(user: Any) -> Home:
    """What the home of this person holds."""
    access = access_of(user)
    projects = _worst_first(states_of(list(Project.objects.visible_to(user).select_related("territory"))))
    writes = access.allows(Action.WRITE_SUBMISSION)
    staff = access.allows(Action.READ_STYLEGUIDE) or access.allows(Action.REQUEST_DOCUMENTS)
    periods = _periods(user) if staff else []
    explains = Deviation.objects.to_explain_by(user).select_related("project").order_by("status", "opened_at", "pk")
    return Home(
        forms=_forms(user) if writes else [],
        handed_in=_handed_in(user) if writes else [],
        waiting=Submission.objects.waiting_for(user).count(),
        to_chase=[card for card in periods if card.row.counts.not_sent] if access.holds(Role.COORDINATOR) else [],
        periods=periods,
        decisions=_decisions(user) if _sees_requests(access) else [],
        drafts=_drafts(user) if _sees_requests(access) else [],
        projects=projects[:PROJECTS_SHOWN],
        projects_left=max(0, len(projects) - PROJECTS_SHOWN),
        has_portfolio=access.allows(Action.READ_DEVIATIONS),
        control_points=points_around(user, today=timezone.localdate(), days=SOON_DAYS, limit=SHOWN) if staff else [],
        redactions=_redactions(user) if staff else [],
        to_explain=list(explains[:SHOWN]),
        to_explain_count=explains.count(),
        measures=list(Deviation.objects.owed_by(user).select_related("project").order_by("due", "pk")[:SHOWN]),
        today=timezone.localdate(),
    )


def _worst_first(states: list[ProjectState]) -> list[ProjectState]:
    return sorted(states, key=lambda row: (WORST_FIRST.index(row.status), sort_key_of(row.project.short_title)))


def _forms(user: Any) -> list[FormCard]:
    rows = (
        Submission.objects.writable_by(user)
        .filter(period__state="open", state__in=WRITABLE)
        .select_related("period", "organisation")
        .order_by("period__deadline", "organisation__sort_key")
    )
    return [FormCard(row, days_to(row.period.deadline)) for row in rows]


def _handed_in(user: Any) -> list[Submission]:
    rows = Submission.objects.writable_by(user).submitted().select_related("period", "organisation")
    return list(rows.order_by("-submitted_at")[:SHOWN])


def _periods(user: Any) -> list[PeriodCard]:
    return [PeriodCard(row, days_to(row.period.deadline)) for row in periods_listed(user, only_open=True)]


def _sees_requests(access: Access) -> bool:
    return access.allows(Action.PROPOSE_PASSPORT) or access.allows(Action.APPROVE_PASSPORT)


def _decisions(user: Any) -> list[ChangeRequest]:
    """Requests whose turn is this person's, the longest waiting first."""
    return list(_brief(ChangeRequest.objects.waiting_for(user)).order_by("pk")[:SHOWN])


def _drafts(user: Any) -> list[ChangeRequest]:
    rows = ChangeRequest.objects.visible_to(user).filter(state=ChangeRequest.State.DRAFT)
    return list(_brief(rows)[:SHOWN])


def _brief(rows: ChangeRequestQuerySet) -> ChangeRequestQuerySet:
    return rows.select_related("project", "territory", "author").defer("document", "findings", "identity")


def _redactions(user: Any) -> list[Redaction]:
    rows = Redaction.objects.visible_to(user).select_related("project", "approved_by").defer("document", "identity")
    return list(rows.order_by("-approved_at")[:5])


def days_to(moment: dt.datetime) -> int:
    """Whole calendar days from today to that day; negative once it has passed."""
    passed = moment < timezone.now()
    days = (timezone.localdate(moment) - timezone.localdate()).days
    return min(days, -1) if passed else days
