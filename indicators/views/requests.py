"""What a view of this app may rely on in a request."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from organisations.models import User


class SignedInRequest(HttpRequest):
    """``LoginRequiredMiddleware`` lets nobody else through."""

    user: User
    htmx: HtmxDetails


def version_of(request: HttpRequest) -> int:
    """The version that the page was made from; a page that sends none has seen nothing."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
