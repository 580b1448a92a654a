"""Two answers every page needs: what a browser may load, and how much it may send."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

GetResponse = Callable[[HttpRequest], HttpResponse]

POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
# How much of a refused body is still read (and thrown away): a browser shows the answer only after it has sent all.
DRAIN_BYTES = 512 * 1024 * 1024
CHUNK_BYTES = 64 * 1024


class ContentSecurityPolicy:
    """Scripts and styles come from our own files only; nothing inline, so an injected tag does nothing."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response


class UploadCap:
    """Refuses a request that is too large before anything of it is parsed or stored."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _announced_bytes(request) <= settings.MAX_UPLOAD_BYTES:
            return self.get_response(request)
        left = DRAIN_BYTES
        while left > 0 and (chunk := request.read(min(CHUNK_BYTES, left))):
            left -= len(chunk)
        megabytes = settings.MAX_UPLOAD_BYTES // (1024 * 1024)
        return render(request, "413.html", {"megabytes": megabytes}, status=413)


def _announced_bytes(request: HttpRequest) -> int:
    """The length the client announced; Django reads no more than that, so it is enough to check it."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
