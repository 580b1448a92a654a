"""Figures that the ministry enters itself, with their evidence and every version of them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods, require_safe

from indicators.forms.direct import DirectFigureForm
from indicators.models import DirectFigure, DirectKind, Indicator
from indicators.selectors.direct import entered_for
from indicators.services import ValidationFailed, direct_figure_enter
from indicators.services.direct import is_computed
from indicators.views.project import SECTION, node_or_404
from jobs.files.attachments import examined
from jobs.files.errors import UnreadableFile
from jobs.storage import download, store_file
from organisations.access import access_of, require, visible_or_404
from organisations.models import Organisation, User
from organisations.roles import Action
from organisations.views.requests import SignedInRequest
from projects.frame import crumbs, project_context, project_or_404
from projects.refusals import show_errors


@require_http_methods(["GET", "HEAD", "POST"])
def entered(request: SignedInRequest, pk: int, indicator_pk: int, year: int) -> HttpResponse:
    """What was entered for a year of one indicator (``?node=``), and the forms to enter or correct it."""
    project = project_or_404(request, pk)
    rows = Indicator.objects.filter(project=project).current().select_related("project__territory")
    indicator = get_object_or_404(rows, pk=indicator_pk)
    if not 1990 <= year <= 2199:
        raise Http404
    node = node_or_404(project, request.GET.get("node", ""))
    forms = {kind: DirectFigureForm(kind=kind, year=year) for kind in DirectKind.values}
    status = 200
    if request.method == "POST":
        require(request.user, Action.EDIT_CATALOGUE, project.territory)
        kind = request.POST.get("kind", "")
        if kind not in forms:
            raise Http404
        form = forms[kind] = DirectFigureForm(
            request.POST, request.FILES, kind=kind, year=year, withdraw="withdraw" in request.POST
        )
        if form.is_valid() and _enter(form, indicator, node, year, kind, request.user):
            messages.success(request, "Записано. Прежние значения остаются в истории ниже.")
            return redirect(f"{request.path}?node={node.pk}")
        status = 422
    actual, forecast = entered_for(indicator, year, node)
    context = {
        **project_context(request, project, "reports:plan_fact"),
        "breadcrumbs": [*crumbs(project), ("План и факт", _plan_fact(project.pk)), (f"Внесено за {year} год", "")],
        "indicator": indicator,
        "year": year,
        "node": node,
        "parts": [(actual, forms[DirectKind.ACTUAL]), (forecast, forms[DirectKind.FORECAST])],
        "failed": next((form for form in forms.values() if form.errors), None),
        "computed": is_computed(indicator, year),
        "may_enter": access_of(request.user).allows(Action.EDIT_CATALOGUE, project.territory),
    }
    return render(request, "indicators/entered.html", context, status=status)


@require_safe
def evidence(request: SignedInRequest, pk: int) -> FileResponse:
    """The document behind an entered figure, for everybody who sees the project."""
    row: DirectFigure = visible_or_404(DirectFigure.objects.select_related("file"), request.user, pk=pk)
    if row.file is None:
        raise Http404
    return download(row.file)


def _enter(form: DirectFigureForm, indicator: Indicator, node: Organisation, year: int, kind: str, actor: User) -> bool:
    """Enter what the form says; False where it was refused, the reasons then stand at its fields."""
    said: dict[str, Any] = form.cleaned_data
    given = said.get("file")
    try:
        attached = examined(given.name, given.read()) if given else None
        with transaction.atomic():
            direct_figure_enter(
                indicator=indicator,
                organisation=node,
                year=year,
                kind=kind,
                value=said["value"],
                as_of=said.get("as_of"),
                reason=said["reason"],
                file=store_file(**asdict(attached)) if attached else None,
                actor=actor,
            )
    except ValidationFailed as refused:
        show_errors(form, refused)
        return False
    except UnreadableFile as refused_file:
        form.add_error("file", str(refused_file))
        return False
    return True


def _plan_fact(project_id: int) -> str:
    """The page of an upper room where these figures are compared; this room's own section where it is not there."""
    try:
        return reverse("reports:plan_fact", args=[project_id])
    except NoReverseMatch:
        return reverse(SECTION, args=[project_id])
