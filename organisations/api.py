"""Who speaks through the API, and what a token may be used for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission

from organisations.services.tokens import token_of

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView

    from organisations.models import ApiToken, User


class BearerToken(BaseAuthentication):
    """``Authorization: Bearer vekha_…``. There is no other way in: a browser's cookie opens nothing here."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        kind, _, secret = get_authorization_header(request).partition(b" ")
        if kind.lower() != b"bearer":
            return None
        token = token_of(secret.strip().decode("latin-1"))
        if token is None:
            raise AuthenticationFailed("Ключ не подходит: он отозван, истёк или набран с ошибкой.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - the framework's signature
        return "Bearer"


class HasScope(BasePermission):
    """The view names the scope that each of its methods needs: ``scopes = {"GET": Scope.READ}``."""

    message = "Этому ключу такое действие не разрешено."

    def has_permission(self, request: Request, view: APIView) -> bool:
        scopes: dict[str, Any] = getattr(view, "scopes", {})
        needed = scopes.get("GET" if request.method in ("HEAD", "OPTIONS") else request.method or "")
        # A method that the view does not have is answered by «405», which is not a matter of rights.
        known = request.method in view.allowed_methods
        held = getattr(request.auth, "scopes", None)
        return held is not None and (not known or needed in held)
