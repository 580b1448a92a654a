"""What a printed document may load: our own print styles and fonts, and nothing else in the world."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

STATIC = Path(__file__).resolve().parent.parent.parent / "static"
# An origin in a reserved domain: relative addresses inside a stylesheet resolve against it as they do on the
# web, and it leads nowhere even for a renderer without this fetcher.
ORIGIN = "https://static.invalid/"
_OWN = re.compile(r"(?:css/print/[a-z0-9-]+\.css|fonts/print/[A-Za-z0-9-]+\.ttf)")
_TYPES = {".css": "text/css; charset=utf-8", ".ttf": "font/ttf"}


class OwnFilesFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint is not typed
    """Serves ``css/print`` and ``fonts/print`` from the static tree; any other address ends the rendering.

    Nothing that people write reaches an address in our templates, so an address from outside means that a text
    was not escaped: refusing the whole document is safer than printing it without that part.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        # Kept because some corners of the renderer (pictures inside SVG) swallow even a fatal refusal.
        self.refused: list[str] = []

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002 - the base's signature
        name = url.removeprefix(ORIGIN)
        if name == url or not _OWN.fullmatch(name):
            self.refused.append(url[:200])
            raise FatalURLFetchingError(f"a document may not load {url[:200]!r}")
        path = STATIC / name
        try:
            body = path.read_bytes()
        except OSError as error:
            raise FatalURLFetchingError(f"{name} is missing from the static files") from error
        return URLFetcherResponse(url, body, {"Content-Type": _TYPES[path.suffix]})

    def open(self, url: Any, data: Any = None, timeout: Any = None) -> URLFetcherResponse:  # noqa: ARG002 - the base's signature
        return self.fetch(url if isinstance(url, str) else url.full_url)
