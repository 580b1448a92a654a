"""Loading the register: the template, the file, the preview and the decision."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jobs.files.errors import UnreadableFile
from organisations.access import access_of, require, visible_or_404
from organisations.forms.register import RegisterUploadForm, RowFilters, VersionForm
from organisations.models import Organisation, OrganisationKind, RegisterLoad
from organisations.register.listing import counts_of, municipalities_of
from organisations.register.template import template
from organisations.roles import Action
from organisations.services.errors import StaleVersion, StateConflict
from organisations.services.register import register_load_confirm, register_load_drop, register_upload
from organisations.views.requests import SignedInRequest

PER_PAGE = 50
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def register_template(request: SignedInRequest) -> HttpResponse:
    """The workbook to fill in, with the municipalities of the register to choose from."""
    require(request.user, Action.MANAGE_ORGANISATIONS)
    names = [name for _, name in municipalities_of(request.user)]
    response = HttpResponse(template(names), content_type=_WORKBOOK)
    name = content_disposition_header(True, "Реестр организаций, образец.xlsx")
    response.headers["Content-Disposition"] = name or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def register_loading(request: SignedInRequest) -> HttpResponse:
    """Choose a workbook; a worker reads it."""
    require(request.user, Action.MANAGE_ORGANISATIONS)
    bound = request.method == "POST"
    form = RegisterUploadForm(
        request.POST if bound else None, request.FILES if bound else None, territories=_territories(request)
    )
    if bound and form.is_valid():
        file = form.upload
        try:
            job = register_upload(
                name=file.name or "реестр",
                content=cast(BinaryIO, file),
                size=file.size or 0,
                territory=form.chosen_territory,
                actor=request.user,
                back=request.path,
            )
        except UnreadableFile as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("jobs:detail", job.pk)
    loads = RegisterLoad.objects.visible_to(request.user).select_related("file", "actor")
    context = {
        "title": "Загрузить реестр",
        "form": form,
        "loads": loads[:10],
        "breadcrumbs": [("Организации", reverse("organisations:register")), ("Загрузить реестр", "")],
    }
    return render(request, "organisations/register_loading.html", context, status=422 if form.errors else 200)


@require_safe
def register_load(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the workbook would change, row by row."""
    return _load_page(request, _load(request, pk))


@require_POST
def register_load_confirming(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _managed(request, pk)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return _load_page(request, row, refused="Страница устарела: посмотрите предпросмотр ещё раз.")
    try:
        job = register_load_confirm(load=row, version=form.cleaned_data["version"], actor=request.user)
    except (StateConflict, StaleVersion) as refusal:
        return _load_page(request, row, refused=str(refusal))
    return redirect("jobs:detail", job.pk)


@require_POST
def register_load_dropping(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _managed(request, pk)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return _load_page(request, row, refused="Страница устарела: посмотрите предпросмотр ещё раз.")
    try:
        register_load_drop(load=row, version=form.cleaned_data["version"])
    except (StateConflict, StaleVersion) as refusal:
        return _load_page(request, row, refused=str(refusal))
    messages.success(request, "Загрузка отменена, в реестре ничего не изменилось.")
    return redirect("organisations:register_loading")


def _territories(request: SignedInRequest) -> QuerySet[Organisation]:
    nodes = Organisation.objects.filter(kind=OrganisationKind.REGION).open()
    return nodes.filter(access_of(request.user).below("path", Action.MANAGE_ORGANISATIONS)).order_by("sort_key")


def _load(request: SignedInRequest, pk: int) -> RegisterLoad:
    return visible_or_404(RegisterLoad.objects.select_related("file", "actor", "territory", "job"), request.user, pk=pk)


def _managed(request: SignedInRequest, pk: int) -> RegisterLoad:
    row = _load(request, pk)
    require(request.user, Action.MANAGE_ORGANISATIONS, row.territory)
    return row


def _load_page(request: SignedInRequest, row: RegisterLoad, refused: str = "") -> HttpResponse:
    if refused:
        row = _load(request, row.pk)
    outcome = RowFilters(request.GET).outcome_chosen()
    rows = row.rows.filter(outcome=outcome) if outcome else row.rows.all()
    counts = counts_of(row)
    may_decide = row.state == RegisterLoad.State.READY and (
        access_of(request.user).allows(Action.MANAGE_ORGANISATIONS, row.territory)
    )
    context = {
        "title": f"Реестр из файла «{row.file.name}»",
        "load": row,
        "counts": counts,
        "outcome": outcome,
        "tabs": _tabs(row, outcome, counts),
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "writes": counts["added"] + counts["changed"],
        "may_decide": may_decide,
        "at_work": row.job is not None and not row.job.is_finished,
        "refused": refused,
        "breadcrumbs": [
            ("Организации", reverse("organisations:register")),
            ("Загрузить реестр", reverse("organisations:register_loading")),
            (row.file.name, ""),
        ],
    }
    return render(request, "organisations/register_load.html", context, status=409 if refused else 200)


def _tabs(row: RegisterLoad, outcome: str, counts: dict[str, int]) -> list[dict[str, object]]:
    here = reverse("organisations:register_load", args=[row.pk])
    total = sum(counts[key] for key in ("added", "changed", "unchanged", "refused"))
    tabs: list[dict[str, object]] = [{"title": "Все строки", "url": here, "current": not outcome, "count": total}]
    for key, title in (
        ("added", "Добавятся"),
        ("changed", "Изменятся"),
        ("refused", "Не приняты"),
        ("unchanged", "Без изменений"),
    ):
        tabs.append({"title": title, "url": f"{here}?outcome={key}", "current": outcome == key, "count": counts[key]})
    return tabs
