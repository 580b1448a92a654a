"""The version for people with weak sight: text size, contrast scheme and spacing, kept across visits.

The choice lives in a cookie and not in the account: it must hold before signing in, and belongs to the screen.
Source: GOST R 52872-2019 asks a site for larger text and for schemes of contrast.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

COOKIE = "appearance"
COOKIE_SECONDS = 365 * 24 * 60 * 60

CHOICES: Mapping[str, tuple[str, ...]] = {
    "size": ("normal", "large", "huge"),
    "contrast": ("normal", "light", "dark"),
    "spacing": ("normal", "wide"),
}


@dataclass(frozen=True)
class Appearance:
    """What stands on the html element as data-size, data-contrast and data-spacing."""

    size: str = "normal"
    contrast: str = "normal"
    spacing: str = "normal"

    @property
    def changed(self) -> bool:
        """Whether anything differs from the usual look; the panel of choices is shown then."""
        return self != USUAL


USUAL = Appearance()
FOR_WEAK_SIGHT = Appearance(size="large", contrast="light", spacing="wide")


def of(request: HttpRequest) -> Appearance:
    """The choice of this browser; anything that is not a known choice counts as the usual."""
    words = request.COOKIES.get(COOKIE, "").split(".")
    chosen = dict(zip((field.name for field in fields(Appearance)), words, strict=False))
    return replace(USUAL, **{key: word for key, word in chosen.items() if word in CHOICES[key]})


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``appearance`` for the base template."""
    return {"appearance": of(request)}


@login_not_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep what was pressed in the panel and return to the page it was pressed on."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    look = _chosen(request)
    if look.changed:
        response.set_cookie(
            COOKIE,
            f"{look.size}.{look.contrast}.{look.spacing}",
            max_age=COOKIE_SECONDS,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response


def _chosen(request: HttpRequest) -> Appearance:
    match request.POST.get("version"):
        case "weak_sight":
            return FOR_WEAK_SIGHT
        case "usual":
            return USUAL
    pressed = {key: request.POST.get(key, "") for key in CHOICES}
    return replace(of(request), **{key: word for key, word in pressed.items() if word in CHOICES[key]})
