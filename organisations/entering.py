"""The one door. Whatever proved a password brings the person here, and nothing else signs anybody in.

    password ──no second factor asked──▶ inside
        └──▶ pending: the session holds who it is, belongs to nobody and opens nothing ──second factor──▶ inside

Every arrow gives the browser a new session, so that a key which somebody knew before is worth nothing after.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import constant_time_compare, get_random_string

from organisations.access import access_of
from organisations.client import address_of, device_of
from organisations.models import SecondFactor, User

_PENDING = "pending"
_PASSED = "second_factor_passed"
PENDING_SECONDS = 10 * 60


@dataclass(frozen=True)
class Pending:
    """A person between password and second factor, and where they wanted to go."""

    user: User
    then: str


def password_passed(request: HttpRequest, user: User, then: str = "/") -> HttpResponse:
    """Sign in a person whose password was just proved, or ask for the second factor first."""
    if not must_pass_second_factor(user):
        enter(request, user)
        return redirect(then)
    request.session.flush()
    request.session[_PENDING] = {"user": user.pk, "password": user.get_session_auth_hash(), "then": then}
    request.session.set_expiry(PENDING_SECONDS)
    return redirect("organisations:second_factor")


def pending_of(request: HttpRequest) -> Pending | None:
    """Who is waiting in this session; nobody, when the account or its password has changed meanwhile."""
    kept = request.session.get(_PENDING)
    if not kept:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or not constant_time_compare(kept["password"], user.get_session_auth_hash()):
        return None
    return Pending(user, kept["then"])


def enter(request: HttpRequest, user: User, *, second_factor: bool = False) -> None:
    """A new session, signed in. It knows where it was begun, for the person's own list of sessions."""
    request.session.flush()
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session[_PASSED] = second_factor
    request.session["begun"] = {
        "id": get_random_string(12),
        "at": timezone.now().isoformat(),
        "address": address_of(request),
        "device": device_of(request),
    }


def second_factor_changed(request: HttpRequest, *, passed: bool) -> None:
    """The person connected an app inside a session, which has passed it so, or took it off."""
    request.session.cycle_key()
    request.session[_PASSED] = passed


def must_pass_second_factor(user: User) -> bool:
    """Whoever has connected an app is asked for its code; where it is required, staff without one connect it first."""
    return must_have_second_factor(user) or SecondFactor.objects.filter(user=user).exists()


def must_have_second_factor(user: User) -> bool:
    staff = access_of(user).is_staff or user.is_staff or user.is_superuser
    return staff and settings.SECOND_FACTOR == "required"


def has_passed(request: HttpRequest) -> bool:
    return bool(request.session.get(_PASSED))
