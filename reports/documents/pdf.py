"""HTML of ours into PDF: tagged for screen readers, without a clock, a network or a file of anybody else's."""

from __future__ import annotations

from hashlib import sha256

import weasyprint
from weasyprint.urls import FatalURLFetchingError

from reports.documents.fetcher import ORIGIN, OwnFilesFetcher


class RenderingRefusedError(RuntimeError):
    """The page asked for something that is not ours; no document is made of it."""


def html_to_pdf(html: str) -> bytes:
    """Print a page as PDF/UA-1; the same page gives the same bytes.

    Raises :class:`RenderingRefusedError` when the page loads anything but our print styles and fonts.
    """
    identifier = sha256(html.encode()).digest()[:16]
    fetcher = OwnFilesFetcher()
    try:
        document = weasyprint.HTML(string=html, base_url=ORIGIN, url_fetcher=fetcher)
        # The identifier is taken from the page: left to itself it would be drawn from what was written.
        pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier)
    except FatalURLFetchingError as error:
        raise RenderingRefusedError(str(error)) from error
    if fetcher.refused:
        raise RenderingRefusedError(f"a document may not load {fetcher.refused}")
    return pdf
