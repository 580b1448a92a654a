"""What a request of this app says beside its fields."""

from __future__ import annotations

from django.http import HttpRequest


def version_of(request: HttpRequest) -> int:
    """The version that the page was made from; a page that sends none has seen nothing."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
