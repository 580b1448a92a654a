"""Proposed passports: what was read, what was noticed and recognised."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from jobs.storage import download
from organisations.access import access_of, require, visible_or_404
from organisations.roles import Action
from projects.forms.proposing import LinksForm, VersionForm
from projects.forms.reading import RequestFilter
from projects.models import ChangeRequest
from projects.proposal_page import proposal_context
from projects.recognition import questions_of
from projects.selectors import change_requests_listed
from projects.services.errors import ApprovalBlocked, ProtocolInDoubt, StaleVersion, StateConflict
from projects.services.recognition import change_request_settle

PAGE_ROWS = 50
# The address of a write is also where its refused form stands: looked at again (after signing in anew, say), it leads
# back to the page of the request.
WRITES = ["GET", "HEAD", "POST"]


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
    return request_page(request, visible_request(request, pk))


@require_safe
def change_request_file(request: HttpRequest, pk: int) -> FileResponse:
    """The file as it was loaded."""
    stored = visible_request(request, pk).source_file
    if stored is None:
        raise Http404
    return download(stored)


@require_http_methods(WRITES)
def change_request_links(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what a person says the rows are."""
    draft = visible_request(request, pk)
    require(request.user, Action.PROPOSE_PASSPORT, draft.territory)
    if request.method != "POST":
        return redirect("projects:change_request", draft.pk)
    form = LinksForm(request.POST, questions=questions_of(draft))
    if not form.is_valid():
        return request_page(request, draft, links_form=form, status=422)

    def write() -> HttpResponse:
        change_request_settle(
            change_request=draft, links=form.links, create=form.create, version=form.cleaned_data["version"]
        )
        messages.success(request, "Сопоставление сохранено.")
        return redirect("projects:change_request", draft.pk)

    return written(request, draft, form, write, "links_form")


def visible_request(request: HttpRequest, pk: int) -> ChangeRequest:
    """The request, where this person sees it."""
    near = ("project__territory", "territory", "author", "decided_by", "source_file", "base")
    rows = ChangeRequest.objects.select_related(*near)
    return visible_or_404(rows, request.user, pk=pk)


def written(
    request: HttpRequest, draft: ChangeRequest, form: VersionForm, write: Callable[[], HttpResponse], place: str
) -> HttpResponse:
    """Do the write; where somebody was faster, show the request as it is now with what the person typed."""
    try:
        return write()
    except (StateConflict, StaleVersion) as conflict:
        return request_page(
            request, visible_request(request, draft.pk), status=409, conflict=str(conflict), **{place: form}
        )
    except ProtocolInDoubt as doubt:
        form.add_error("protocol_confirmed", f"{doubt} Проверьте; если всё верно, отметьте это и утвердите ещё раз.")
        return request_page(request, draft, status=422, **{place: form})
    except ApprovalBlocked as refusal:
        form.add_error(None, str(refusal))
        return request_page(request, draft, status=422, **{place: form})


def request_page(request: HttpRequest, draft: ChangeRequest, *, status: int = 200, **extra: Any) -> HttpResponse:
    context = proposal_context(request.user, draft, wanted=request.GET.getlist("row"), **extra)
    return render(request, "projects/change_request.html", context, status=status)
