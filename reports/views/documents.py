"""Printed documents: asking for them, watching them being made, taking them away."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from jobs.storage import download as send_file
from organisations.access import access_of, require, visible_or_404
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.frame import crumbs, project_context, project_or_404
from projects.models import Project, Redaction
from reports.forms import PassportRequestForm
from reports.models import DocumentFormat, GeneratedDocument
from reports.services import passport_request


@require_GET
def documents(request: SignedInRequest, pk: int) -> HttpResponse:
    """The documents of one project, the newest first, and the means to ask for another."""
    project = project_or_404(request, pk)
    rows = (
        GeneratedDocument.objects.visible_to(request.user)
        .filter(project=project)
        .select_related("file", "job", "redaction", "requested_by")
    )
    return render(
        request,
        "reports/documents_register/list.html",
        {
            **project_context(request, project, "reports:documents"),
            "documents": rows,
            "redactions": _redactions(project),
            "formats": DocumentFormat.choices,
            "may_request": access_of(request.user).allows(Action.REQUEST_DOCUMENTS),
            "at_work": any(row.state in {"queued", "running"} for row in rows),
        },
    )


@require_GET
def all_documents(request: SignedInRequest) -> HttpResponse:
    """Every document that the person may have, over all projects."""
    require(request.user, Action.REQUEST_DOCUMENTS)
    rows = (
        GeneratedDocument.objects.visible_to(request.user)
        .select_related("file", "job", "requested_by")
        .defer("snapshot")
    )
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "reports/documents_register/all.html", {"page": page, "title": "Документы"})


@require_POST
def request_passport(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for the passport of a redaction; a document made before is simply there."""
    project = project_or_404(request, pk)
    require(request.user, Action.REQUEST_DOCUMENTS)
    form = PassportRequestForm(request.POST, redactions=_redactions(project))
    if not form.is_valid():
        raise Http404
    document = passport_request(
        redaction=form.cleaned_data["redaction"],
        ending=form.cleaned_data["format"],
        actor=request.user,
    )
    return redirect("reports:document", public_id=document.public_id)


@require_GET
def document(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One document: how far it is, and when it is ready its size, SHA-256 and the file."""
    row = _visible(request, public_id)
    page = "state" if request.headers.get("HX-Request") else "detail"
    context = {"document": row, "breadcrumbs": crumbs(row.project, row.title)}
    return render(request, f"reports/documents_register/{page}.html", context)


@require_GET
def download(request: SignedInRequest, public_id: str) -> FileResponse:
    """The file itself; rights are checked on every download."""
    row = _visible(request, public_id)
    if row.file is None:
        raise Http404
    return send_file(row.file)


def _visible(request: SignedInRequest, public_id: str) -> GeneratedDocument:
    rows = GeneratedDocument.objects.select_related("file", "job", "redaction", "project", "requested_by")
    return visible_or_404(rows, request.user, public_id=public_id)


def _redactions(project: Project) -> object:
    return Redaction.objects.filter(project=project).defer("document", "identity")
