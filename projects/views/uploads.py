"""Loading a passport from a file, for a new project or as the next redaction of one."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from organisations.access import require
from organisations.models import Organisation, User
from organisations.roles import Action
from projects.forms.proposing import UploadForm
from projects.frame import crumbs, project_or_404
from projects.models import Project
from projects.passport import UnreadableFile
from projects.selectors import territories_to_propose_in
from projects.services.uploads import passport_upload

_Methods = ["GET", "HEAD", "POST"]


@require_http_methods(_Methods)
def upload(request: HttpRequest) -> HttpResponse:
    """The first passport of a project; its territory is chosen among those where the person may propose."""
    territories = territories_to_propose_in(request.user)
    first = territories.first()
    if first is None:
        raise PermissionDenied(Action.PROPOSE_PASSPORT.value)
    form = UploadForm(
        request.POST or None, request.FILES or None, territories=territories, initial={"territory": first}
    )
    form.is_bound = request.method == "POST"
    if form.is_bound and form.is_valid():
        return _store(request, form, form.cleaned_data["territory"], None)
    return _page(request, form, None)


@require_http_methods(_Methods)
def upload_next(request: HttpRequest, pk: int) -> HttpResponse:
    """The next redaction of a project in force."""
    project = project_or_404(request, pk)
    require(request.user, Action.PROPOSE_PASSPORT, project.territory)
    form = UploadForm(request.POST or None, request.FILES or None, territories=None)
    form.is_bound = request.method == "POST"
    if form.is_bound and form.is_valid():
        return _store(request, form, project.territory, project)
    return _page(request, form, project)


def _store(request: HttpRequest, form: UploadForm, territory: Organisation, project: Project | None) -> HttpResponse:
    file = form.upload
    try:
        job = passport_upload(
            name=file.name or "паспорт",
            content=cast(BinaryIO, file),
            size=file.size or 0,
            territory=territory,
            project=project,
            actor=cast(User, request.user),
            back=request.path,
        )
    except UnreadableFile as refusal:
        form.add_error("file", str(refusal))
        return _page(request, form, project)
    return redirect("jobs:detail", job.pk)


def _page(request: HttpRequest, form: UploadForm, project: Project | None) -> HttpResponse:
    title = "Загрузить паспорт"
    context = {
        "title": title,
        "form": form,
        "project": project,
        "breadcrumbs": crumbs(project, title) if project else [("Проекты", reverse("projects:list")), (title, "")],
    }
    return render(request, "projects/upload.html", context, status=422 if form.errors else 200)
