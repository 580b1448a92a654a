"""What differs: between a change request and its base, between two redactions, and what clashes with one in force."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from organisations.access import require
from organisations.models import User
from organisations.roles import Action
from projects.comparison import cell_words, compared, held_text
from projects.document_tables import TITLES
from projects.forms.deciding import RebaseForm
from projects.forms.reading import RedactionsForm
from projects.frame import crumbs, project_context, project_or_404
from projects.models import ChangeRequest, Redaction
from projects.passport.merge import ORDER, ROW, Conflict
from projects.services.errors import StaleVersion, StateConflict, UnsettledConflicts
from projects.services.rebasing import change_request_rebase, rebase_of
from projects.views.change_requests import WRITES, request_page, visible_request


@require_safe
def request_comparison(request: HttpRequest, pk: int) -> HttpResponse:
    """A request against the redaction that it was begun from, cell by cell."""
    draft = visible_request(request, pk)
    if draft.base is None:
        raise Http404
    title = "Что меняется"
    context = {
        "title": title,
        "draft": draft,
        "old": draft.base,
        "sections": compared(draft.base.passport, draft.passport, draft.project),
        "breadcrumbs": [*_request_crumbs(draft), (title, "")],
    }
    return render(request, "projects/request_comparison.html", context)


@require_safe
def redaction_comparison(request: HttpRequest, pk: int) -> HttpResponse:
    """Any two redactions of a project; without a choice the one in force and the one before it."""
    project = project_or_404(request, pk)
    redactions = list(project.redactions.defer("document", "identity"))
    if not redactions:
        raise Http404
    numbers = [row.number for row in redactions]
    usual = {"new": numbers[0], "old": numbers[min(1, len(numbers) - 1)]}
    form = RedactionsForm({**usual, **request.GET.dict()}, redactions=redactions)
    pair = None
    if form.is_valid():
        chosen = {key: form.cleaned_data[key] or usual[key] for key in usual}
        found = {row.number: row for row in project.redactions.filter(number__in=set(chosen.values()))}
        pair = found[chosen["old"]], found[chosen["new"]]
    title = "Сравнение редакций"
    context = project_context(request, project, "projects:redactions") | {
        "form": form,
        "pair": pair,
        "sections": compared(pair[0].passport, pair[1].passport, project) if pair else [],
        "breadcrumbs": [
            *crumbs(project, None),
            ("Редакции", reverse("projects:redactions", args=[project.pk])),
            (title, ""),
        ],
    }
    return render(request, "projects/redaction_comparison.html", context, status=200 if pair else 422)


@require_http_methods(WRITES)
def rebase(request: HttpRequest, pk: int) -> HttpResponse:
    """Carry an outdated draft over to the redaction in force, choosing where both changed the same cell."""
    draft = visible_request(request, pk)
    require(request.user, Action.PROPOSE_PASSPORT, draft.territory)
    onto = draft.project.redactions.first() if draft.project else None
    if onto is None or draft.outdated_by is None or draft.state != ChangeRequest.State.DRAFT:
        return redirect("projects:change_request", draft.pk)
    conflicts = rebase_of(draft, onto).conflicts
    if request.method != "POST":
        form = RebaseForm(initial={"version": draft.version, "onto": onto.pk}, conflicts=conflicts)
        return _rebase_page(request, draft, onto, form)
    form = RebaseForm(request.POST, conflicts=conflicts)
    if request.POST.get("onto") != str(onto.pk) and not {"version", "onto"} & form.errors.keys():
        fresh = RebaseForm(initial={"version": draft.version, "onto": onto.pk}, conflicts=conflicts)
        conflict = f"Пока вы смотрели, утверждена {onto}. Проверьте и повторите."
        return _rebase_page(request, draft, onto, fresh, status=409, conflict=conflict)
    if not form.is_valid():
        return _rebase_page(request, draft, onto, form, status=422)
    try:
        change_request_rebase(
            change_request=draft,
            version=form.cleaned_data["version"],
            onto=onto,
            choices=form.choices,
            actor=cast(User, request.user),
        )
    except UnsettledConflicts as refusal:
        form.add_error(None, str(refusal))
        return _rebase_page(request, draft, onto, form, status=422)
    except (StaleVersion, StateConflict) as conflict_found:
        return request_page(request, visible_request(request, pk), status=409, conflict=str(conflict_found))
    messages.success(request, f"Изменения перенесены: запрос начат от действующей редакции № {onto.number}.")
    return redirect("projects:change_request", draft.pk)


def _rebase_page(
    request: HttpRequest,
    draft: ChangeRequest,
    onto: Redaction,
    form: RebaseForm,
    *,
    status: int = 200,
    conflict: str = "",
) -> HttpResponse:
    title = "Перенос на новую редакцию"
    context = {
        "title": title,
        "draft": draft,
        "onto": onto,
        "form": form,
        "questions": [(_question(found), field) for found, field in form.rows()],
        "theirs": compared(draft.base.passport, onto.passport, draft.project) if draft.base else [],
        "conflict": conflict,
        "breadcrumbs": [*_request_crumbs(draft), (title, "")],
    }
    return render(request, "projects/rebase.html", context, status=status)


def _question(conflict: Conflict) -> dict[str, object]:
    """A conflict in words: where it is, and what stood there, stands in force and stands in the request."""
    place = conflict.place
    sides = {"was": conflict.base, "theirs": conflict.theirs, "mine": conflict.mine}
    if place.field == ORDER:
        words = {key: f"после строки «{held.value}»" if held.value else "в начале" for key, held in sides.items()}
    elif place.field == ROW:
        removed = "строка исключена"
        changed = "строка изменена" if conflict.cells else "под строкой появились новые"
        words = {"was": "строка есть", "theirs": changed, "mine": changed}
        words[conflict.removed_by or "theirs"] = removed
    else:
        words = {key: held_text(place.field, held) for key, held in sides.items()}
    return {
        "section": TITLES[place.section],
        "row": " ".join(filter(None, (conflict.number, conflict.name))),
        "title": conflict.title or ("место строки" if place.field == ORDER else "строка целиком"),
        "cells": [cell_words(change) for change in conflict.cells],
        "dependents": conflict.dependents,
        **words,
    }


def _request_crumbs(draft: ChangeRequest) -> list[tuple[str, str]]:
    return [
        ("Запросы на изменение", reverse("projects:change_requests")),
        (str(draft), reverse("projects:change_request", args=[draft.pk])),
    ]
