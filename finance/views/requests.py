"""What a view of this room may rely on in a request."""

from __future__ import annotations

from django.http import HttpRequest

from finance.forms import UNIT_COOKIE
from finance.models import Unit
from organisations.models import User


class SignedInRequest(HttpRequest):
    """``LoginRequiredMiddleware`` lets nobody else through."""

    user: User


def usual_unit(request: HttpRequest) -> Unit:
    """The unit that this browser showed money in the last time; that of passports until it was switched."""
    kept = request.COOKIES.get(UNIT_COOKIE, "")
    return Unit(kept) if kept in Unit.values else Unit.MILLION
