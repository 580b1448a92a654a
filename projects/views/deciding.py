"""The way of a change request: sending it, deciding at a step, taking it back, and the route of a project."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from organisations.access import require
from organisations.models import User
from organisations.roles import Action
from projects.approval_route import (
    ROLES,
    decides_ever,
    is_own_draft,
    people_of,
    people_to_name,
    route_of,
    steps_of_request,
)
from projects.forms.deciding import AgreeForm, ApproveForm, RejectForm, ReturnForm, RouteForm
from projects.forms.proposing import VersionForm
from projects.frame import FRONT, crumbs, project_or_404
from projects.models import ANY_APPROVER, ChangeRequest, Project, RouteStep
from projects.services.approval import change_request_approve, change_request_reject, errors_of
from projects.services.errors import RouteRefused, StaleVersion
from projects.services.route import (
    approval_route_save,
    change_request_agree,
    change_request_return,
    change_request_send,
    change_request_withdraw,
    route_key,
)
from projects.views.change_requests import WRITES, request_page, visible_request, written

# So many people of a step are named, the others are counted.
_NAMED = 3

_Form = TypeVar("_Form", bound=VersionForm)


@require_http_methods(WRITES)
def change_request_sending(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the draft along the route of its project."""
    draft = visible_request(request, pk)
    require(request.user, Action.PROPOSE_PASSPORT, draft.territory)

    def write(form: VersionForm) -> HttpResponse:
        change_request_send(change_request=draft, version=form.cleaned_data["version"], actor=_person(request))
        return _done(request, draft, f"Запрос № {draft.pk} отправлен на согласование.")

    return _answer(request, draft, VersionForm, "send_form", write)


@require_http_methods(WRITES)
def change_request_withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own request back."""
    draft = visible_request(request, pk)
    require(request.user, Action.PROPOSE_PASSPORT, draft.territory)

    def write(form: VersionForm) -> HttpResponse:
        change_request_withdraw(change_request=draft, version=form.cleaned_data["version"], actor=_person(request))
        return _done(request, draft, f"Запрос № {draft.pk} отозван: это снова черновик.")

    return _answer(request, draft, VersionForm, "withdraw_form", write)


@require_http_methods(WRITES)
def change_request_agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree at a step before the last one."""
    draft = _to_decide(request, pk)

    def write(form: AgreeForm) -> HttpResponse:
        change_request_agree(change_request=draft, actor=_person(request), **form.cleaned_data)
        return _done(request, draft, f"Запрос № {draft.pk} согласован и передан дальше.")

    return _answer(request, draft, AgreeForm, "agree_form", write)


@require_http_methods(WRITES)
def change_request_giving_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a request to its author with a comment."""
    draft = _to_decide(request, pk)

    def write(form: ReturnForm) -> HttpResponse:
        change_request_return(change_request=draft, actor=_person(request), **form.cleaned_data)
        return _done(request, draft, f"Запрос № {draft.pk} возвращён с замечанием.")

    return _answer(request, draft, ReturnForm, "return_form", write)


@require_http_methods(WRITES)
def change_request_approval(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the decision of the council: the document becomes the next redaction."""
    draft = visible_request(request, pk)
    require(request.user, Action.APPROVE_PASSPORT, draft.territory)

    def write(form: ApproveForm) -> HttpResponse:
        redaction = change_request_approve(
            change_request=draft,
            version=form.cleaned_data["version"],
            actor=_person(request),
            protocol_number=form.cleaned_data["protocol_number"],
            protocol_date=form.cleaned_data["protocol_date"],
            protocol_confirmed=form.cleaned_data["protocol_confirmed"],
            waivers=form.reasons,
        )
        messages.success(request, f"Паспорт утверждён: действует редакция № {redaction.number}.")
        return redirect(FRONT, redaction.project_id)

    return _answer(request, draft, ApproveForm, "approve_form", write, errors_found=errors_of(draft))


@require_http_methods(WRITES)
def change_request_rejection(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the request with a reason, at any step."""
    draft = visible_request(request, pk)
    if not is_own_draft(draft, _person(request)):
        draft = _to_decide(request, pk)

    def write(form: RejectForm) -> HttpResponse:
        change_request_reject(change_request=draft, actor=_person(request), **form.cleaned_data)
        return _done(request, draft, f"Запрос № {draft.pk} отклонён.")

    return _answer(request, draft, RejectForm, "reject_form", write)


@require_http_methods(WRITES)
def route(request: HttpRequest, pk: int) -> HttpResponse:
    """Through whom the requests of a project go."""
    project = project_or_404(request, pk)
    require(request.user, Action.SET_APPROVAL_ROUTE, project.territory)
    choices = _who(project)
    if request.method != "POST":
        return _route_page(request, project, _route_form(project))
    form = RouteForm(request.POST, choices=choices)
    if not form.is_valid():
        return _route_page(request, project, form, status=422)
    try:
        approval_route_save(project=project, steps=form.chosen, seen=form.cleaned_data["seen"])
    except RouteRefused as refusal:
        form.add_error(None, str(refusal))
        return _route_page(request, project, form, status=422)
    except StaleVersion as conflict:
        return _route_page(request, project, _route_form(project), status=409, conflict=str(conflict))
    messages.success(request, "Маршрут согласования записан.")
    return redirect("projects:route", project.pk)


def _route_form(project: Project) -> RouteForm:
    """The route as it is now."""
    steps = {f"step-{number}": step.key for number, step in enumerate(project.route.all(), 1)}
    return RouteForm(initial={"seen": route_key(project), **steps}, choices=_who(project))


def _who(project: Project) -> list[tuple[str, str]]:
    """Who may be a step: roles first, then people by name."""
    people = [(f"person:{user.pk}", user.full_name) for user in people_to_name(project)]
    return [(ANY_APPROVER, str(RouteStep())), *((role.value, role.label) for role in ROLES), *people]


def _route_page(
    request: HttpRequest, project: Project, form: RouteForm, *, status: int = 200, conflict: str = ""
) -> HttpResponse:
    title = "Маршрут согласования"
    context = {
        "title": title,
        "breadcrumbs": crumbs(project, title),
        "project": project,
        "form": form,
        "way": _way(project),
        "is_default": not project.route.exists(),
    }
    return render(request, "projects/route.html", context | {"conflict": conflict}, status=status)


def _way(project: Project) -> list[dict[str, str]]:
    """The route as it is, each step with those whose turn it would be; a role that nobody has must be seen."""
    steps = route_of(project)
    deciding = [people_of(step, project.territory) for step in steps]
    people = User.objects.filter(pk__in=set().union(*deciding)).order_by("full_name", "pk")
    names = {user.pk: user.short_name for user in people}
    way = []
    for step, keys in zip(steps, deciding, strict=True):
        known = [name for pk, name in names.items() if pk in keys]
        more = f" и ещё {len(known) - _NAMED}" if len(known) > _NAMED else ""
        note = ", ".join(known[:_NAMED]) + more or "этой роли ни у кого нет"
        way.append({"name": str(step), "place": "ahead", "note": "" if step.person_id else note})
    return [*way, {"name": "Действует", "place": "ahead", "note": ""}]


def _to_decide(request: HttpRequest, pk: int) -> ChangeRequest:
    """A request about which this person may decide at some step; whose turn it is the service says."""
    draft = visible_request(request, pk)
    if not decides_ever(draft, steps_of_request(draft), _person(request)):
        raise PermissionDenied(Action.APPROVE_PASSPORT.value)
    return draft


def _answer(
    request: HttpRequest,
    draft: ChangeRequest,
    form_class: type[_Form],
    place: str,
    write: Callable[[_Form], HttpResponse],
    **known: Any,
) -> HttpResponse:
    """Write what the form says; a refused form comes back with the page of the request."""
    if request.method != "POST":
        return redirect("projects:change_request", draft.pk)
    form = form_class(request.POST, **known)
    if not form.is_valid():
        return request_page(request, draft, status=422, **{place: form})
    return written(request, draft, form, lambda: write(form), place)


def _done(request: HttpRequest, draft: ChangeRequest, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("projects:change_request", draft.pk)


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)
