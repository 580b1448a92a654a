"""Redactions of a project: every approved wording, who approved it and under which protocol."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organisations.access import access_of, visible_or_404
from organisations.roles import Action
from projects.document_tables import section_tables
from projects.forms.reading import OnDateForm
from projects.frame import crumbs, project_context, project_or_404
from projects.models import ChangeRequest, Redaction
from projects.selectors import redaction_on
from projects.services.approval import digest

PAGE = "projects:redactions"


@require_safe
def redaction_list(request: HttpRequest, pk: int) -> HttpResponse:
    project = project_or_404(request, pk)
    context = project_context(request, project, PAGE)
    rows = project.redactions.select_related("approved_by", "change_request__author")
    context["redactions"] = rows.defer("document", "identity", "change_request__document", "change_request__findings")
    context["may_set_route"] = access_of(request.user).allows(Action.SET_APPROVAL_ROUTE, project.territory)
    form = OnDateForm(request.GET)
    day = form.cleaned_data["on"] if form.is_valid() else None
    context |= {"form": form, "day": day, "on_day": redaction_on(project, day) if day else None}
    # The proposal behind a redaction is shown to those who may see proposals.
    context["readable_requests"] = set(
        ChangeRequest.objects.visible_to(request.user).filter(project=project).values_list("pk", flat=True)
    )
    return render(request, "projects/redactions.html", context)


@require_safe
def redaction_detail(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A redaction as it was frozen, whole; its digest is counted again on every look."""
    project = project_or_404(request, pk)
    redactions = Redaction.objects.select_related("approved_by")
    redaction = visible_or_404(redactions, request.user, project=project, number=number)
    context = project_context(request, project, PAGE)
    context |= {
        "shown": redaction,
        "intact": digest(redaction.document) == redaction.sha256,
        "tables": section_tables(redaction.passport),
        "breadcrumbs": [*crumbs(project, None), *_own_crumbs(context, redaction)],
    }
    return render(request, "projects/redaction.html", context)


def _own_crumbs(context: dict[str, object], redaction: Redaction) -> list[tuple[str, str]]:
    tabs = context["section_tabs"]
    assert isinstance(tabs, list)
    url = next(tab.url for tab in tabs if tab.current)
    return [("Редакции", url), (str(redaction), "")]
