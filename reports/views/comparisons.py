"""Asking for a comparison in print: of a change request with its base, of two redactions."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from organisations.access import require
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.forms.reading import RedactionsForm
from projects.frame import project_or_404
from projects.views.change_requests import visible_request
from reports.comparisons import redaction_comparison_request, request_comparison_request
from reports.forms import TableFormatForm


@require_POST
def of_request(request: SignedInRequest, pk: int) -> HttpResponse:
    """The annex to a change request as it stands now."""
    draft = visible_request(request, pk)
    require(request.user, Action.REQUEST_DOCUMENTS)
    form = TableFormatForm(request.POST)
    if draft.base is None or draft.project is None or not form.is_valid():
        raise Http404
    document = request_comparison_request(change_request=draft, ending=form.cleaned_data["format"], actor=request.user)
    return redirect("reports:document", public_id=document.public_id)


@require_POST
def of_redactions(request: SignedInRequest, pk: int) -> HttpResponse:
    """Two redactions of a project, compared for ever."""
    project = project_or_404(request, pk)
    require(request.user, Action.REQUEST_DOCUMENTS)
    form = TableFormatForm(request.POST)
    pair = RedactionsForm(request.POST, redactions=project.redactions.defer("document", "identity"))
    if not form.is_valid() or not pair.is_valid() or not (pair.cleaned_data["old"] and pair.cleaned_data["new"]):
        raise Http404
    old, new = (project.redactions.get(number=pair.cleaned_data[side]) for side in ("old", "new"))
    document = redaction_comparison_request(old=old, new=new, ending=form.cleaned_data["format"], actor=request.user)
    return redirect("reports:document", public_id=document.public_id)
