"""HTML of ours into PDF: tagged for screen readers, without a clock, a network or a file of anybody else's."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

import weasyprint
from weasyprint.urls import FatalURLFetchingError

from reports.documents.fetcher import ORIGIN, OwnFilesFetcher

_USUAL_THRESHOLD = gc.get_threshold()


class RenderingRefusedError(RuntimeError):
    """The page asked for something that is not ours; no document is made of it."""


def html_to_pdf(html: str) -> bytes:
    """Print a page as PDF/UA-1; the same page gives the same bytes.

    Raises :class:`RenderingRefusedError` when the page loads anything but our print styles and fonts.
    """
    # The identifier is taken from the page: left to itself it would be drawn from what was written.
    identifier = sha256(html.encode()).digest()[:16]
    fetcher = OwnFilesFetcher()
    try:
        document = weasyprint.HTML(string=html, base_url=ORIGIN, url_fetcher=fetcher)
        with _rarer_collection():
            pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier)
    except FatalURLFetchingError as error:
        raise RenderingRefusedError(str(error)) from error
    if fetcher.refused:
        raise RenderingRefusedError(f"a document may not load {fetcher.refused}")
    return pdf


@contextmanager
def _rarer_collection() -> Iterator[None]:
    """Let cyclic garbage be looked for less often while a page is laid out.

    A layout is millions of objects that live until it ends, and Python would walk through them again and again:
    that takes a fifth of the time, as much as the tags for screen readers. The memory at its peak stays the same.
    """
    gc.set_threshold(50_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*_USUAL_THRESHOLD)
