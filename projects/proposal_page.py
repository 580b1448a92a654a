"""What the page of a change request shows, and the three forms on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from organisations.access import access_of
from organisations.roles import Action
from projects.differences import SectionDifference, differences
from projects.document_tables import SEVERITIES, SectionTable, section_of, section_tables
from projects.forms import ApproveForm, LinksForm, RejectForm, VersionForm
from projects.frame import in_force
from projects.models import ChangeRequest
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
    links_form: LinksForm | None = None,
    approve_form: ApproveForm | None = None,
    reject_form: RejectForm | None = None,
    conflict: str = "",
) -> dict[str, Any]:
    """The whole page. A form given is one that was refused: it keeps what was typed, under the newest version."""
    access = access_of(user)
    is_draft = draft.state == ChangeRequest.State.DRAFT
    may_settle = is_draft and access.allows(Action.PROPOSE_PASSPORT, draft.territory)
    may_decide = is_draft and access.allows(Action.APPROVE_PASSPORT, draft.territory)
    version = {"version": draft.version}
    forms: dict[str, VersionForm] = {
        "links_form": links_form or LinksForm(initial=version, questions=questions_of(draft)),
        "approve_form": approve_form or ApproveForm(initial=version, errors_found=errors_of(draft)),
        "reject_form": reject_form or RejectForm(initial=version),
    }
    return {
        "draft": draft,
        "title": str(draft),
        "breadcrumbs": [("Запросы на изменение", reverse("projects:change_requests")), (str(draft), "")],
        "reviews": reviews(draft),
        "counts": [(severity, _count(draft, severity)) for severity in SEVERITIES],
        "differences": _differences(draft) if is_draft else [],
        "may_settle": may_settle,
        "may_decide": may_decide,
        "conflict": conflict,
        "refused_form": links_form or approve_form or reject_form,
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


def _differences(draft: ChangeRequest) -> list[SectionDifference] | None:
    """None where there is nothing in force to compare with."""
    redaction = in_force(draft.project) if draft.project else None
    return differences(redaction.passport, draft.passport) if redaction else None
