"""Proposed passports: what was read, what was noticed and recognised, and the decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from jobs.storage import download
from organisations.access import access_of, require, visible_or_404
from organisations.models import User
from organisations.roles import Action
from projects.forms import ApproveForm, LinksForm, RejectForm, RequestFilter, VersionForm
from projects.models import ChangeRequest
from projects.proposal_page import proposal_context
from projects.recognition import questions_of
from projects.selectors import change_requests_listed
from projects.services.approval import change_request_approve, change_request_reject, errors_of
from projects.services.errors import ApprovalBlocked, StaleVersion, StateConflict
from projects.services.recognition import change_request_settle

PAGE_ROWS = 50
# The address of a write is also where its refused form stands: looked at again (after signing in anew, say), it leads
# back to the page of the request.
_METHODS = ["GET", "HEAD", "POST"]


@require_safe
def change_request_list(request: HttpRequest) -> HttpResponse:
    """Every proposal of the person's territories, those that wait for a decision first."""
    access = access_of(request.user)
    if not access.allows(Action.PROPOSE_PASSPORT):
        require(request.user, Action.APPROVE_PASSPORT)
    form = RequestFilter(request.GET)
    form.is_valid()
    rows = change_requests_listed(request.user, state=form.cleaned_data.get("state") or "")
    context = {
        "title": "Запросы на изменение",
        "form": form,
        "page": Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page")),
        "may_propose": access.allows(Action.PROPOSE_PASSPORT),
    }
    return render(request, "projects/change_requests.html", context)


@require_safe
def change_request(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _visible(request, pk))


@require_safe
def change_request_file(request: HttpRequest, pk: int) -> FileResponse:
    """The file as it was loaded."""
    stored = _visible(request, pk).source_file
    if stored is None:
        raise Http404
    return download(stored)


@require_http_methods(_METHODS)
def change_request_links(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what a person says the rows are."""
    draft = _visible(request, pk)
    require(request.user, Action.PROPOSE_PASSPORT, draft.territory)
    if request.method != "POST":
        return redirect("projects:change_request", draft.pk)
    form = LinksForm(request.POST, questions=questions_of(draft))
    if not form.is_valid():
        return _page(request, draft, links_form=form, status=422)

    def write() -> HttpResponse:
        change_request_settle(
            change_request=draft, links=form.links, create=form.create, version=form.cleaned_data["version"]
        )
        messages.success(request, "Сопоставление сохранено.")
        return redirect("projects:change_request", draft.pk)

    return _written(request, draft, form, write, "links_form")


@require_http_methods(_METHODS)
def change_request_approval(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the decision of the council: the draft becomes the next redaction."""
    draft = _visible(request, pk)
    require(request.user, Action.APPROVE_PASSPORT, draft.territory)
    if request.method != "POST":
        return redirect("projects:change_request", draft.pk)
    form = ApproveForm(request.POST, errors_found=errors_of(draft))
    if not form.is_valid():
        return _page(request, draft, approve_form=form, status=422)

    def write() -> HttpResponse:
        redaction = change_request_approve(
            change_request=draft,
            version=form.cleaned_data["version"],
            actor=cast(User, request.user),
            protocol_number=form.cleaned_data["protocol_number"],
            protocol_date=form.cleaned_data["protocol_date"],
            waivers=form.reasons,
        )
        messages.success(request, f"Паспорт утверждён: действует редакция № {redaction.number}.")
        return redirect("projects:detail", redaction.project_id)

    return _written(request, draft, form, write, "approve_form")


@require_http_methods(_METHODS)
def change_request_rejection(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the draft with a reason."""
    draft = _visible(request, pk)
    require(request.user, Action.APPROVE_PASSPORT, draft.territory)
    if request.method != "POST":
        return redirect("projects:change_request", draft.pk)
    form = RejectForm(request.POST)
    if not form.is_valid():
        return _page(request, draft, reject_form=form, status=422)

    def write() -> HttpResponse:
        change_request_reject(
            change_request=draft,
            version=form.cleaned_data["version"],
            actor=cast(User, request.user),
            reason=form.cleaned_data["reason"],
        )
        messages.success(request, f"Запрос № {draft.pk} отклонён.")
        return redirect("projects:change_request", draft.pk)

    return _written(request, draft, form, write, "reject_form")


def _visible(request: HttpRequest, pk: int) -> ChangeRequest:
    rows = ChangeRequest.objects.select_related("project", "territory", "author", "decided_by", "source_file")
    return visible_or_404(rows, request.user, pk=pk)


def _written(
    request: HttpRequest, draft: ChangeRequest, form: VersionForm, write: Callable[[], HttpResponse], place: str
) -> HttpResponse:
    """Do the write; where somebody was faster, show the request as it is now with what the person typed."""
    try:
        return write()
    except (StateConflict, StaleVersion) as conflict:
        return _page(request, _visible(request, draft.pk), status=409, conflict=str(conflict), **{place: form})
    except ApprovalBlocked as refusal:
        form.add_error(None, str(refusal))
        return _page(request, draft, status=422, **{place: form})


def _page(request: HttpRequest, draft: ChangeRequest, *, status: int = 200, **extra: Any) -> HttpResponse:
    context = proposal_context(request.user, draft, **extra)
    return render(request, "projects/change_request.html", context, status=status)
