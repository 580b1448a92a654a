"""The people of the portal: who has access, giving it, taking it away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisations.access import access_of, require, visible_or_404
from organisations.forms.people import NewPersonForm, PeopleFilters, PersonForm, RoleForm, SlipsForm
from organisations.mail import portal_link
from organisations.models import InvitationKind, Membership, SecondFactor, User
from organisations.roles import Action, Role
from organisations.selectors.people import AccountState, heads_without_password, people_listed, people_of
from organisations.services.attempts import attempts_forgive
from organisations.services.errors import StateConflict
from organisations.services.invitations import Slip, letter_issue, slips_issue
from organisations.services.people import (
    head_change,
    person_add,
    person_change,
    person_disable,
    person_enable,
    role_give,
    role_take,
)
from organisations.services.second_factor import second_factor_reset
from organisations.views.requests import SignedInRequest
from organisations.views.second_factor import qr
from organisations.views.sign_in import FORM

PER_PAGE = 50
SLIPS_AT_ONCE = 300
INVITED_WORDS = {InvitationKind.SLIP: "выдан листок с кодом", InvitationKind.LETTER: "отправлено письмо"}
STATE_SIGNS = {
    AccountState.ACTIVE: "done",
    AccountState.INVITED: "wait",
    AccountState.LOCKED: "act",
    AccountState.DISABLED: "none",
}


@require_safe
def people(request: SignedInRequest) -> HttpResponse:
    """Everybody whose access this person manages, with the state of each account."""
    require(request.user, Action.INVITE_HEADS)
    filters = PeopleFilters(request.GET)
    page = Paginator(people_listed(request.user, **filters.chosen()), PER_PAGE).get_page(request.GET.get("page"))
    context = {"title": "Люди", "filters": filters, "page": page, "rows": [(one, *_sign(one)) for one in page]}
    return render(request, "organisations/people.html", context)


@require_safe
def person(request: SignedInRequest, pk: int) -> HttpResponse:
    one = _person_or_404(request, pk)
    kind, word = _sign(one)
    access = access_of(request.user)
    context = {
        "title": one.full_name,
        "breadcrumbs": [("Люди", reverse("organisations:people")), (one.short_name, "")],
        "person": one,
        "state": one.state,
        "state_kind": kind,
        "state_word": word,
        "roles": [(role, access.may_give(role.role, role.organisation)) for role in one.roles],
        "second_factor": SecondFactor.objects.filter(user=one).first(),
        "managed": User.objects.managed_by(request.user).filter(pk=one.pk).exists(),
        "own": one.pk == request.user.pk,
    }
    return render(request, "organisations/person.html", context)


@never_cache
@require_http_methods(FORM)
def person_new(request: SignedInRequest) -> HttpResponse:
    """Add a person and invite them in one step; the slip, if that was the wish, is the answer."""
    require(request.user, Action.INVITE_HEADS)
    if request.method != "POST":
        initial = {"organisation": request.GET.get("organisation", ""), "role": Role.REPORTER}
        if request.GET.get("replace"):
            initial["replace"] = "yes"
        return _new_page(request, NewPersonForm(actor=request.user, initial=initial))
    form = NewPersonForm(request.POST, actor=request.user)
    if not form.is_valid():
        return _new_page(request, form, status=422)
    said = form.cleaned_data
    about = {name: said[name] for name in ("full_name", "position", "email", "phone", "organisation")}
    try:
        if said["role"] == Role.REPORTER and said["replace"] == "yes":
            one = head_change(**about, actor=request.user)
        else:
            one = person_add(**about, role=Role(said["role"]), actor=request.user)
    except StateConflict as conflict:
        form.add_error(None, str(conflict))
        return _new_page(request, form, status=422)
    if said["kind"] == InvitationKind.SLIP:
        return _print_slips(request, [one], back=reverse("organisations:person", args=[one.pk]))
    letter_issue(user=one, actor=request.user)
    messages.success(request, f"Письмо отправляется на {one.email}. Логин: {one.login}.")
    return redirect("organisations:person", pk=one.pk)


@require_http_methods(FORM)
def person_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Correct a name, a post, an address."""
    one = _managed_or_404(request, pk)
    form = PersonForm(
        request.POST or None,
        initial={name: getattr(one, name) for name in ("full_name", "position", "email", "phone")},
    )
    if request.method == "POST" and form.is_valid():
        person_change(user=one, **form.cleaned_data, actor=request.user)
        messages.success(request, "Сохранено.")
        return redirect("organisations:person", pk=pk)
    return _step_page(request, one, form, title="Изменить данные", button="Сохранить")


@require_http_methods(FORM)
def person_role(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give one more role."""
    one = _managed_or_404(request, pk)
    form = RoleForm(request.POST or None, actor=request.user)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            role_give(user=one, role=Role(said["role"]), organisation=said["organisation"], actor=request.user)
        except StateConflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, "Роль добавлена.")
            return redirect("organisations:person", pk=pk)
    return _step_page(request, one, form, title="Добавить роль", button="Добавить")


@require_POST
def role_taking(request: SignedInRequest, pk: int, role: int) -> HttpResponse:
    """Take a role away; with the last one the account is disabled."""
    one = _person_or_404(request, pk)
    membership = get_object_or_404(Membership.objects.select_related("organisation"), pk=role, user=one)
    user = role_take(membership=membership, actor=request.user)
    words = "Роль снята." if user.is_active else "Роль снята. Других ролей нет, и учётная запись отключена."
    messages.success(request, words)
    # Who has no role left is seen by the office alone.
    seen = User.objects.visible_to(request.user).filter(pk=pk).exists()
    return redirect("organisations:person", pk=pk) if seen else redirect("organisations:people")


def _letter(user: User, actor: User) -> str:
    letter_issue(user=user, actor=actor)
    return f"Письмо отправляется на {user.email}."


def _disable(user: User, actor: User) -> str:
    person_disable(user=user, actor=actor)
    return "Учётная запись отключена, её сеансы завершены."


def _enable(user: User, actor: User) -> str:
    person_enable(user=user, actor=actor)
    return "Учётная запись снова действует."


def _forgive(user: User, _actor: User) -> str:
    attempts_forgive(login=user.login)
    return "Задержка снята: можно входить."


def _reset_second_factor(user: User, actor: User) -> str:
    second_factor_reset(user=user, actor=actor)
    return "Второй фактор сброшен: при следующем входе человек подключит приложение заново."


STEPS: dict[str, Callable[[User, User], str]] = {
    "letter": _letter,
    "disable": _disable,
    "enable": _enable,
    "forgive": _forgive,
    "reset_second_factor": _reset_second_factor,
}


@require_POST
def person_step(request: SignedInRequest, pk: int) -> HttpResponse:
    """One press of a button on the page of a person."""
    one = _managed_or_404(request, pk)
    step = STEPS.get(request.POST.get("step", ""))
    if step is not None:
        try:
            messages.success(request, step(one, request.user))
        except StateConflict as conflict:
            messages.error(request, str(conflict))
    return redirect("organisations:person", pk=pk)


@never_cache
@require_POST
def person_slip(request: SignedInRequest, pk: int) -> HttpResponse:
    """A slip for one person: the page with the code is the answer, and is never shown again."""
    one = _managed_or_404(request, pk)
    return _print_slips(request, [one], back=reverse("organisations:person", args=[pk]))


@never_cache
@require_http_methods(FORM)
def slips(request: SignedInRequest) -> HttpResponse:
    """Slips for all heads of a municipality who have not signed in yet."""
    require(request.user, Action.INVITE_HEADS)
    form = SlipsForm(request.POST or request.GET or None, actor=request.user)
    waiting = not_invited = None
    if form.is_valid():
        waiting = heads_without_password(request.user, form.cleaned_data["at"])
        not_invited = heads_without_password(request.user, form.cleaned_data["at"], invited=False)
    if request.method == "POST" and waiting is not None and not_invited is not None:
        # A second slip makes the first worthless, and that may be in somebody's hands already.
        chosen = list((waiting if "again" in request.POST else not_invited)[:SLIPS_AT_ONCE])
        if chosen:
            return _print_slips(request, chosen, back=reverse("organisations:slips"))
    context = {
        "title": "Листки с кодами",
        "breadcrumbs": [("Люди", reverse("organisations:people")), ("Листки с кодами", "")],
        "form": form,
        "waiting": waiting.count() if waiting is not None else None,
        "not_invited": not_invited.count() if not_invited is not None else None,
        "at_once": SLIPS_AT_ONCE,
    }
    refused = request.method == "POST" or (form.is_bound and not form.is_valid())
    return render(request, "organisations/slips_choose.html", context, status=422 if refused else 200)


def _print_slips(request: SignedInRequest, users: list[User], back: str) -> HttpResponse:
    try:
        issued = slips_issue(users=users, actor=request.user)
    except StateConflict as conflict:
        messages.error(request, str(conflict))
        return redirect(back)
    at: dict[int, str] = {}
    for role in Membership.objects.filter(user__in=users).select_related("organisation").order_by("-pk"):
        at[role.user_id] = role.organisation.short_name
    first = portal_link("organisations:first_sign_in")
    printed = [(slip, at.get(slip.user.pk, ""), _picture(slip)) for slip in issued]
    context = {"title": "Листки с кодами", "slips": printed, "address": first.split("//", 1)[1], "back": back}
    return render(request, "organisations/slips.html", context)


def _picture(slip: Slip) -> SafeString:
    """What a phone reads instead of the login and the code."""
    address = portal_link("organisations:first_sign_in_by_link", slip.user.login, slip.code.replace(" ", ""))
    return qr(address, "QR-код для входа")


def _sign(one: Any) -> tuple[str, str]:
    """Kind and word for the component of states."""
    state = AccountState(one.state)
    if state == AccountState.INVITED and one.open_invitations:
        return "wait", INVITED_WORDS[one.open_invitations[0].kind]
    return STATE_SIGNS[state], str(state.label)


def _person_or_404(request: SignedInRequest, pk: int) -> Any:
    require(request.user, Action.INVITE_HEADS)
    return visible_or_404(people_of(request.user), request.user, pk=pk)


def _managed_or_404(request: SignedInRequest, pk: int) -> User:
    """The person, if the one who asks may do something to them: a stranger is 404, one who is stronger 403."""
    one: User = _person_or_404(request, pk)
    if not User.objects.managed_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied("person")
    return one


def _new_page(request: SignedInRequest, form: NewPersonForm, status: int = 200) -> HttpResponse:
    context = {
        "title": "Дать доступ",
        "breadcrumbs": [("Люди", reverse("organisations:people")), ("Новый человек", "")],
        "form": form,
    }
    return render(request, "organisations/person_new.html", context, status=status)


def _step_page(request: SignedInRequest, one: User, form: Any, *, title: str, button: str) -> HttpResponse:
    crumbs = [
        ("Люди", reverse("organisations:people")),
        (one.short_name, reverse("organisations:person", args=[one.pk])),
        (title, ""),
    ]
    context = {"title": f"{title}: {one.short_name}", "breadcrumbs": crumbs, "button": button, "form": form}
    return render(request, "organisations/confirm_step.html", context, status=422 if form.errors else 200)
