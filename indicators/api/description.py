"""The OpenAPI description of the API, for programs and for those who write them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.permissions import AllowAny


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "organisations.api.BearerToken"
    name = "key"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:  # noqa: ARG002 - its signature
        return {"type": "http", "scheme": "bearer"}


@login_not_required
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """How a program talks to the portal, for those who write it."""
    address = request.build_absolute_uri(reverse("api:forms"))
    return render(request, "indicators/api_guide.html", {"title": "Портал для программ", "forms": address})


class Description(SpectacularJSONAPIView):
    """Open to everybody: it says how to ask, and nothing of what would be answered."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
