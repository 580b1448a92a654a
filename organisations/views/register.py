"""The register of organisations: its list, the page of one organisation, what may be done with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from organisations.access import access_of, require, visible_or_404
from organisations.forms.register import ActForm, MergeForm, MoveForm, RegisterFilters, RequisitesForm
from organisations.models import REPORTING_KINDS, Organisation, OrganisationKind
from organisations.register.listing import municipalities_of, organisations_listed, parts_of
from organisations.roles import Action, Role
from organisations.services import (
    organisation_close,
    organisation_merge,
    organisation_move,
    organisation_reopen,
    organisation_update,
)
from organisations.services.errors import StaleVersion, StateConflict
from organisations.services.tree import REQUISITES, last_change_of
from organisations.views.requests import SignedInRequest

PER_PAGE = 50
_METHODS = ["GET", "HEAD", "POST"]


@require_safe
def register(request: SignedInRequest) -> HttpResponse:
    """Organisations of the person's part of the tree; filter and order live in the address."""
    require(request.user, Action.READ_REGISTER)
    filters = RegisterFilters(request.GET, municipalities=municipalities_of(request.user))
    rows = organisations_listed(request.user, **filters.chosen())
    context = {
        "title": "Организации",
        "filters": filters,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "may_load": access_of(request.user).allows(Action.MANAGE_ORGANISATIONS),
    }
    return render(request, "organisations/register.html", context)


@require_safe
def organisation(request: SignedInRequest, pk: int) -> HttpResponse:
    """One organisation: requisites, who answers for it, what stands below it and what has happened to it."""
    row = _readable(request, pk)
    history = row.changes.select_related("actor", "other").order_by("-day", "-pk")
    people = row.memberships.select_related("user").order_by("role", "user__full_name", "pk")
    access = access_of(request.user)
    may_manage, invites = access.allows(Action.MANAGE_ORGANISATIONS, row), access.allows(Action.INVITE_HEADS, row)
    reports = row.kind in REPORTING_KINDS
    context = {
        **_frame(row),
        "people": people,
        "parts": parts_of(row),
        "may_see_people": invites,
        "may_change_head": invites and reports and row.closed_at is None,
        "reports": reports,
        "predecessors": row.predecessors.order_by("sort_key"),
        "page": Paginator(history, PER_PAGE).get_page(request.GET.get("page")),
        "acts": _possible(row) if may_manage else [],
    }
    return render(request, "organisations/organisation.html", context)


@dataclass(frozen=True)
class Act:
    """Something that may be done with an organisation: how it is called, asked for, explained and done."""

    name: str
    button: str
    title: str
    form: Callable[..., ActForm]
    perform: Callable[..., Organisation]
    consequences: Callable[[Organisation, dict[str, Any]], list[str]] | None = None
    danger: bool = False

    @property
    def explains(self) -> bool:
        """Whether there is a page between the question and the deed."""
        return self.consequences is not None


@require_http_methods(_METHODS)
def organisation_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    return _act(request, pk, EDIT)


@require_http_methods(_METHODS)
def organisation_moving(request: SignedInRequest, pk: int) -> HttpResponse:
    return _act(request, pk, MOVE)


@require_http_methods(_METHODS)
def organisation_merging(request: SignedInRequest, pk: int) -> HttpResponse:
    return _act(request, pk, MERGE)


@require_http_methods(_METHODS)
def organisation_closing(request: SignedInRequest, pk: int) -> HttpResponse:
    return _act(request, pk, CLOSE)


@require_http_methods(_METHODS)
def organisation_reopening(request: SignedInRequest, pk: int) -> HttpResponse:
    return _act(request, pk, REOPEN)


def _act(request: SignedInRequest, pk: int, act: Act) -> HttpResponse:
    """Ask, show what will come of it, and do it once the person has confirmed."""
    row = _readable(request, pk)
    require(request.user, Action.MANAGE_ORGANISATIONS, row)
    if request.method != "POST":
        return _act_page(request, row, act, act.form(organisation=row, user=request.user))
    form = act.form(request.POST.copy(), organisation=row, user=request.user)
    if not form.is_valid() or "edit" in request.POST:
        return _act_page(request, row, act, form, status=422 if form.errors else 200)
    said = form.cleaned_data | ({"joined": form.chosen} if isinstance(form, MergeForm) else {})
    if act.consequences and "confirm" not in request.POST:
        return _act_page(request, row, act, form, consequences=act.consequences(row, said))
    try:
        done = act.perform(row, said, request.user)
    except StateConflict as refusal:
        form.add_error(None, str(refusal))
        return _act_page(request, row, act, form, status=409)
    except StaleVersion as refusal:
        form.add_error(None, str(refusal))
        # What was typed stays in the form; to save it once more is to have seen what the others did.
        cast(QueryDict, form.data)["seen"] = str(last_change_of(row))
        return _act_page(request, row, act, form, status=409)
    messages.success(request, f"{act.title}: записано в историю.")
    return redirect("organisations:organisation", done.pk)


def _act_page(
    request: SignedInRequest,
    row: Organisation,
    act: Act,
    form: ActForm,
    *,
    consequences: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    frame = _frame(row)
    context = {
        **frame,
        "title": act.title,
        "breadcrumbs": [
            *frame["breadcrumbs"][:-1],
            (row.short_name, reverse("organisations:organisation", args=[row.pk])),
            (act.title, ""),
        ],
        "act": act,
        "form": form,
        "consequences": consequences,
        "now": row,
    }
    return render(request, "organisations/act.html", context, status=status)


def _readable(request: SignedInRequest, pk: int) -> Organisation:
    row = visible_or_404(Organisation.objects.select_related("parent", "successor"), request.user, pk=pk)
    require(request.user, Action.READ_REGISTER, row)
    return row


def _frame(row: Organisation) -> dict[str, Any]:
    crumbs = [("Организации", reverse("organisations:register"))]
    if row.parent is not None and row.parent.parent_id is not None:
        crumbs.append((row.parent.short_name, reverse("organisations:organisation", args=[row.parent.pk])))
    return {"title": row.short_name, "organisation": row, "breadcrumbs": [*crumbs, (row.short_name, "")]}


def _possible(row: Organisation) -> list[tuple[str, str, bool]]:
    """Address, words and danger of what may be done with an organisation as it stands."""
    acts = [REOPEN] if row.closed_at else [EDIT]
    if not row.closed_at and row.parent_id is not None:
        acts += [MOVE, MERGE, CLOSE] if row.kind in REPORTING_KINDS else [MOVE, CLOSE]
    return [(reverse(f"organisations:{act.name}", args=[row.pk]), act.title, act.danger) for act in acts]


def _plain_form(*data: Any, organisation: Organisation, user: Any) -> ActForm:  # noqa: ARG001
    return ActForm(*data, organisation=organisation, initial={"day": timezone.localdate()})


def _requisites_form(*data: Any, organisation: Organisation, user: Any) -> ActForm:  # noqa: ARG001
    initial = {field: getattr(organisation, field) for field in REQUISITES}
    initial |= {"day": timezone.localdate(), "seen": last_change_of(organisation)}
    return RequisitesForm(*data, organisation=organisation, initial=initial)


def _move_form(*data: Any, organisation: Organisation, user: Any) -> ActForm:
    kinds = [OrganisationKind.REGION]
    if organisation.kind in REPORTING_KINDS:
        kinds.append(OrganisationKind.MUNICIPALITY)
    places = Organisation.objects.filter(access_of(user).below("path", Action.MANAGE_ORGANISATIONS), kind__in=kinds)
    places = places.open().exclude(pk__in=[organisation.pk, organisation.parent_id])
    initial = {"day": timezone.localdate()}
    return MoveForm(*data, organisation=organisation, places=places.order_by("depth", "sort_key"), initial=initial)


def _merge_form(*data: Any, organisation: Organisation, user: Any) -> ActForm:
    managed = access_of(user).below("path", Action.MANAGE_ORGANISATIONS)
    reporting = Organisation.objects.filter(managed).reporting().open().exclude(pk=organisation.pk)
    # Of another region nobody is joined: its schools are in another roll-up.
    region = f"{organisation.path.split('.')[0]}."
    return MergeForm(
        *data,
        organisation=organisation,
        candidates=reporting.filter(parent=organisation.parent_id).order_by("sort_key", "pk"),
        others=reporting.filter(path__startswith=region),
        initial={"day": timezone.localdate()},
    )


_PAST_STAYS = "Уже открытые и закрытые отчётные периоды не изменятся: у каждого своё дерево, принятое при открытии."


def _moving_means(row: Organisation, said: dict[str, Any]) -> list[str]:
    below = Organisation.objects.under(row).exclude(pk=row.pk).count()
    together = f" Вместе с ней переедут все, кто в неё входит: {below}." if below else ""
    return [
        f"«{row}» перейдёт из «{row.parent}» в «{said['parent']}».{together}",
        f"Координаторы «{row.parent}» больше не увидят её форм, их увидят координаторы «{said['parent']}».",
        "В периодах, которые откроют позже, её данные войдут в свод на новом месте.",
        _PAST_STAYS,
    ]


def _merging_means(row: Organisation, said: dict[str, Any]) -> list[str]:
    names = "», «".join(joined.short_name for joined in said["joined"])
    return [
        f"Закроются с {said['day']:%d.%m.%Y}: «{names}».",
        f"Их преемником станет «{row}»; их люди получат об этом уведомление.",
        "Формы уже открытых периодов они сдают сами: от кого ждут форму, решено при открытии.",
        "В периодах, которые откроют позже, отчитываться будет только преемник.",
        _PAST_STAYS,
    ]


def _closing_means(row: Organisation, said: dict[str, Any]) -> list[str]:
    people = row.memberships.filter(role=Role.REPORTER).count()
    stay = f" Учётные записи ({people}) останутся: через них видны прежние формы." if people else ""
    return [
        f"«{row}» закроется с {said['day']:%d.%m.%Y}.{stay}",
        "В периодах, которые закончатся до этого дня, её ещё спросят; в следующих – нет.",
        "Если её дело продолжает другая организация, выберите не закрытие, а присоединение на странице преемника.",
        _PAST_STAYS,
    ]


def _reopening_means(row: Organisation, said: dict[str, Any]) -> list[str]:  # noqa: ARG001
    means = [f"«{row}» снова будет действовать и получит формы периодов, которые откроют позже.", _PAST_STAYS]
    return [*means, f"Запись о преемнике «{row.successor}» снимется."] if row.successor else means


def _dated(said: dict[str, Any], actor: Any) -> dict[str, Any]:
    return {"day": said["day"], "reason": said["reason"], "actor": actor}


EDIT = Act(
    "organisation_edit",
    "Сохранить",
    "Изменить сведения",
    _requisites_form,
    lambda row, said, actor: organisation_update(
        organisation=row,
        requisites={field: said[field] for field in REQUISITES if field in said},
        seen=said["seen"],
        **_dated(said, actor),
    ),
)
MOVE = Act(
    "organisation_move",
    "Передать",
    "Передать",
    _move_form,
    lambda row, said, actor: organisation_move(organisation=row, parent=said["parent"], **_dated(said, actor)),
    _moving_means,
)
MERGE = Act(
    "organisation_merge",
    "Присоединить",
    "Присоединить другие организации",
    _merge_form,
    lambda row, said, actor: organisation_merge(organisations=said["joined"], successor=row, **_dated(said, actor)),
    _merging_means,
    danger=True,
)
CLOSE = Act(
    "organisation_close",
    "Закрыть организацию",
    "Закрыть",
    _plain_form,
    lambda row, said, actor: organisation_close(organisation=row, **_dated(said, actor)),
    _closing_means,
    danger=True,
)
REOPEN = Act(
    "organisation_reopen",
    "Отменить закрытие",
    "Отменить закрытие",
    _plain_form,
    lambda row, said, actor: organisation_reopen(organisation=row, **_dated(said, actor)),
    _reopening_means,
)
