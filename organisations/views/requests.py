"""What a view may rely on in a request."""

from __future__ import annotations

from django.http import HttpRequest

from organisations.models import User


class SignedInRequest(HttpRequest):
    """``LoginRequiredMiddleware`` lets nobody else through."""

    user: User
