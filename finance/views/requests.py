"""What the browser remembers of money."""

from __future__ import annotations

from django.http import HttpRequest

from finance.forms import UNIT_COOKIE
from finance.models import Unit


def usual_unit(request: HttpRequest) -> Unit:
    """The unit that this browser showed money in the last time; that of passports until it was switched."""
    kept = request.COOKIES.get(UNIT_COOKIE, "")
    return Unit(kept) if kept in Unit.values else Unit.MILLION
