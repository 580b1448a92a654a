"""Beginning a change request, and editing its sections as tables in the browser."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from organisations.access import require, visible_or_404
from organisations.models import User
from organisations.roles import Action
from projects.editing_page import (
    SECTION_TITLES,
    BadTable,
    answer_to,
    edit_sent,
    editor_context,
    grid_json,
    refusals_json,
    saved_meanwhile,
)
from projects.forms.proposing import BeginForm, VersionForm
from projects.frame import crumbs, drafts_of, in_force, project_or_404
from projects.models import ChangeRequest
from projects.passport.grid import grid_of
from projects.selectors import territories_to_propose_in
from projects.services.editing import CellsRefused, section_examine, section_save
from projects.services.errors import StaleVersion, StateConflict
from projects.services.proposals import change_request_open

_FIRST_SECTION = "main"


@require_http_methods(["GET", "HEAD", "POST"])
def change_request_new(request: HttpRequest) -> HttpResponse:
    """Begin the passport of a new project from an empty one."""
    territories = territories_to_propose_in(request.user)
    first = territories.first()
    if first is None:
        raise PermissionDenied(Action.PROPOSE_PASSPORT.value)
    form = BeginForm(request.POST or None, territories=territories, initial={"territory": first})
    form.is_bound = request.method == "POST"
    if form.is_bound and form.is_valid():
        draft = change_request_open(
            passport=form.passport(),
            territory=form.cleaned_data["territory"],
            project=None,
            source_file=None,
            actor=cast(User, request.user),
        )
        messages.success(request, f"{draft} начат: заполните разделы, порядок любой.")
        return _to_section(draft)
    title = "Новый проект"
    context = {"title": title, "form": form, "breadcrumbs": [("Проекты", reverse("projects:list")), (title, "")]}
    return render(request, "projects/change_request_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def project_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the next redaction of a project from the one in force; from a file there is another page."""
    project = project_or_404(request, pk)
    require(request.user, Action.PROPOSE_PASSPORT, project.territory)
    redaction = in_force(project)
    if request.method == "POST" and redaction is not None:
        draft = change_request_open(
            passport=redaction.passport,
            territory=project.territory,
            project=project,
            source_file=None,
            actor=cast(User, request.user),
        )
        return _to_section(draft)
    context = {
        "title": "Предложить изменение",
        "project": project,
        "redaction": redaction,
        "drafts": drafts_of(project),
        "breadcrumbs": crumbs(project, "Предложить изменение"),
    }
    return render(request, "projects/project_change.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change_request_section(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """One section of a draft as a table; a POST saves it and is answered with JSON."""
    draft = _draft(request, pk, section)
    if request.method == "POST":
        return _saved(request, draft, section)
    if draft.state != ChangeRequest.State.DRAFT:
        messages.info(request, f"Запрос уже не черновик ({draft.get_state_display().lower()}): править его нельзя.")
        return redirect("projects:change_request", draft.pk)
    return render(request, "projects/change_request_section.html", editor_context(request.user, draft, section))


@require_POST
def change_request_section_check(request: HttpRequest, pk: int, section: str) -> JsonResponse:
    """What the checks say to a table as it stands on the page. Nothing is written."""
    draft = _draft(request, pk, section)
    try:
        edit = edit_sent(section, request.POST.get("rows", ""))
    except BadTable as refusal:
        return JsonResponse({"message": str(refusal)}, status=400)
    answer = answer_to(draft, edit, section_examine(change_request=draft, edit=edit))
    # The page knows the words: it typed them. What it asks is which kind of row each is.
    answer["rows"] = [row and {"kind": row["kind"], "level": row["level"]} for row in answer["rows"]]
    if str(draft.version) != request.POST.get("version"):
        answer["meanwhile"] = saved_meanwhile(draft)
    return JsonResponse(answer)


def _saved(request: HttpRequest, draft: ChangeRequest, section: str) -> JsonResponse:
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    try:
        edit = edit_sent(section, request.POST.get("rows", ""))
        saved, examined = section_save(change_request=draft, edit=edit, version=version, actor=cast(User, request.user))
    except BadTable as refusal:
        return JsonResponse({"message": str(refusal)}, status=400)
    except CellsRefused as refusal:
        return JsonResponse({"message": str(refusal), "refusals": refusals_json(refusal.refusals)}, status=422)
    except StateConflict as conflict:
        return JsonResponse({"message": str(conflict)}, status=409)
    except StaleVersion:
        return _conflict(request, draft.pk, section)
    return JsonResponse(answer_to(saved, edit, examined) | {"saved": f"{timezone.localtime():%H:%M}"})


def _conflict(request: HttpRequest, pk: int, section: str) -> JsonResponse:
    """Somebody saved meanwhile: the table as it is now, for the page to lay beside its own, cell by cell."""
    draft = _draft(request, pk, section)
    who = saved_meanwhile(draft)
    return JsonResponse(
        {
            "message": f"Пока вы правили, запрос сохранил другой сотрудник ({who}). Ваш текст остался на странице.",
            "who": who,
            "grid": grid_json(draft, grid_of(draft.passport, section)),
        },
        status=409,
    )


def _draft(request: HttpRequest, pk: int, section: str) -> ChangeRequest:
    """The request, for those who may change it; whoever only decides on it may not."""
    if section not in SECTION_TITLES:
        raise Http404
    rows = ChangeRequest.objects.select_related("project", "territory", "base")
    draft: Any = visible_or_404(rows, request.user, pk=pk)
    require(request.user, Action.PROPOSE_PASSPORT, draft.territory)
    return cast(ChangeRequest, draft)


def _to_section(draft: ChangeRequest) -> HttpResponse:
    return redirect("projects:change_request_section", draft.pk, _FIRST_SECTION)
