"""What the API allows where a view says nothing: nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from typing_extensions import override

if TYPE_CHECKING:
    # At run time the framework's views import this module while they are being imported themselves.
    from rest_framework.request import Request
    from rest_framework.views import APIView


class DenyAll(BasePermission):
    """The default of every API view, so that one which forgets its permission is closed."""

    @override
    def has_permission(self, request: Request, view: APIView) -> bool:
        return False
