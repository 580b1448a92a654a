"""What the API allows where a view says nothing: nothing."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView
from typing_extensions import override


class DenyAll(BasePermission):
    """The default of every API view, so that one which forgets its permission is closed."""

    @override
    def has_permission(self, request: Request, view: APIView) -> bool:
        return False
