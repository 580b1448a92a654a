"""What the page of a change request shows, and the three forms on it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from organisations.access import access_of
from organisations.roles import Action
from projects.approval_route import current_step, decides_ever, is_last, is_own_draft, refusal, steps_of_request
from projects.comparison import SectionWords, compared
from projects.document_tables import SEVERITIES, SectionTable, section_of, section_tables
from projects.forms.deciding import AgreeForm, ApproveForm, RejectForm, ReturnForm
from projects.forms.proposing import LinksForm, VersionForm
from projects.models import ChangeRequest, RequestStep, Step
from projects.passport.schema import Finding
from projects.recognition import questions_of
from projects.services.approval import errors_of, finding_key


@dataclass(frozen=True)
class FindingLine:
    """``place`` leads to the row of the table that the finding is about."""

    finding: Finding
    place: SafeString | str
    waiver: str


@dataclass(frozen=True)
class SectionReview:
    """A section of the draft beside what was noticed in it, the worst first."""

    table: SectionTable
    findings: list[FindingLine]

    @property
    def editor(self) -> str:
        """The page of the editor that has this section: tasks stand among the results that serve them."""
        return "results" if self.table.key == "tasks" else self.table.key


def proposal_context(
    user: Any,
    draft: ChangeRequest,
    *,
    conflict: str = "",
    wanted: Collection[str] = (),
    **refused: VersionForm,
) -> dict[str, Any]:
    """The whole page. A form in ``refused`` keeps what was typed in it, under the newest version.

    ``wanted`` are fields of questions about rows that a person wants to answer anew.
    """
    access = access_of(user)
    is_draft = draft.state == ChangeRequest.State.DRAFT
    is_open = draft.decided_at is None
    may_settle = is_draft and access.allows(Action.PROPOSE_PASSPORT, draft.territory)
    steps = steps_of_request(draft) if is_open else list(draft.steps.select_related("person", "agreed_by"))
    step = current_step(draft, steps) if is_open else None
    concerned = step is not None and decides_ever(draft, steps, user)
    not_yours = refusal(draft, steps, user) if concerned else ""
    version = {"version": draft.version}
    forms: dict[str, VersionForm] = {
        "links_form": LinksForm(initial=version, questions=questions_of(draft), wanted=wanted),
        "approve_form": ApproveForm(initial=version, errors_found=errors_of(draft)),
        "agree_form": AgreeForm(initial=version),
        "return_form": ReturnForm(initial=version),
        "reject_form": RejectForm(initial=version),
        **refused,
    }
    return {
        "draft": draft,
        "title": str(draft),
        "breadcrumbs": [("Запросы на изменение", reverse("projects:change_requests")), (str(draft), "")],
        "reviews": reviews(draft),
        "counts": [(severity, _count(draft, severity)) for severity in SEVERITIES],
        "differences": _differences(draft),
        "may_settle": may_settle,
        "may_send": may_settle,
        "may_withdraw": draft.state == ChangeRequest.State.ON_APPROVAL and draft.author_id == user.pk,
        "may_decide": concerned and not not_yours,
        "not_yours": not_yours,
        "may_close": is_own_draft(draft, user),
        "is_last_step": step is not None and is_last(step, steps),
        "step": step,
        "steps": steps,
        "next_step": next((later for later in steps if step and later.position > step.position), None),
        "way": _way(draft, steps, step),
        "entries": draft.entries.select_related("actor"),
        "newer": draft.outdated_by if is_open else None,
        "conflict": conflict,
        "refused_form": next(iter(refused.values()), None),
        **forms,
    }


def reviews(draft: ChangeRequest) -> list[SectionReview]:
    """Sections in the order of the form, each with its findings."""
    found = sorted(draft.found, key=lambda f: (SEVERITIES.index(f.severity), -1 if f.row is None else f.row))
    return [
        SectionReview(table, [_line(draft, table, finding) for finding in found if section_of(finding) == table.key])
        for table in section_tables(draft.passport, draft.found)
    ]


def _line(draft: ChangeRequest, table: SectionTable, finding: Finding) -> FindingLine:
    waiver = draft.waivers.get(finding_key(finding), "")
    if finding.row is None or not 0 <= finding.row < len(table.rows):
        return FindingLine(finding, "", waiver)
    place = format_html('<a href="#{}-{}">показать в таблице</a>', table.key, finding.row)
    return FindingLine(finding, place, waiver)


def _count(draft: ChangeRequest, severity: str) -> int:
    return sum(1 for finding in draft.found if finding.severity == severity)


def _differences(draft: ChangeRequest) -> list[SectionWords] | None:
    """Against what the request was begun from; None for the first passport of a project."""
    return compared(draft.base.passport, draft.passport, draft.project) if draft.base else None


def _way(draft: ChangeRequest, steps: Sequence[Step], now: Step | None) -> list[dict[str, str]]:
    """The way of the request as the stepper draws it: the draft, each step, and that it is in force."""
    state = draft.state
    if state == ChangeRequest.State.REJECTED:
        return []
    way = [{"name": "Черновик", "place": "current" if state == ChangeRequest.State.DRAFT else "done", "note": ""}]
    for step in steps:
        agreed = step.agreed_by if isinstance(step, RequestStep) else None
        passed = state == ChangeRequest.State.APPROVED or agreed is not None
        at_it = state == ChangeRequest.State.ON_APPROVAL and step is now
        place = "done" if passed else "current" if at_it else "ahead"
        way.append({"name": str(step), "place": place, "note": agreed.short_name if agreed else ""})
    place = "done" if state == ChangeRequest.State.APPROVED else "ahead"
    return [*way, {"name": "Действует", "place": place, "note": ""}]
