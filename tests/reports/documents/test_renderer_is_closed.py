"""The renderer loads nothing but our own styles and fonts, whatever stands in a passport."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from pypdf import PdfReader
from weasyprint.urls import FatalURLFetchingError

from projects.passport.schema import Passport
from reports.documents.fetcher import ORIGIN, OwnFilesFetcher
from reports.documents.passport_html import passport_html
from reports.documents.pdf import RenderingRefusedError, html_to_pdf
from tests.reports.documents.sample import sample

MARKUP = (
    '<script>alert("{0}")</script>',
    '<img src="{0}">',
    '<link rel="attachment" href="{0}">',
    '<link rel="stylesheet" href="{0}">',
    "<style>@import url({0});</style>",
    '<svg><image href="{0}"/></svg>',
    '<object data="{0}"></object>',
    '"><p style="background:url({0})">',
)


@pytest.fixture
def canary() -> Iterator[tuple[str, list[Any]]]:
    """A listener that remembers who came."""
    visits: list[Any] = []
    server = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        while True:
            try:
                visitor, address = server.accept()
            except OSError:
                return
            visits.append(address)
            visitor.close()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/canary", visits
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(5)


def _everywhere(value: Any, payload: str) -> Any:
    """Every free text of a passport with a payload after it; enumerations and computed fields stay."""
    if isinstance(value, dict):
        kept = {"format", "level", "parent_level", "kind", "source", "direction", "finance_unit", "number", "section"}
        return {
            key: child if key in kept or key in {"row", "field", "indicator"} else _everywhere(child, payload)
            for key, child in value.items()
        }
    if isinstance(value, list):
        return [_everywhere(child, payload) for child in value]
    if isinstance(value, str) and any(letter.isalpha() for letter in value):
        return f"{value} {payload}"
    return value


@pytest.mark.parametrize("markup", MARKUP)
def test_markup_in_a_passport_is_only_text(markup: str, canary: tuple[str, list[Any]]) -> None:
    address, visits = canary
    payload = markup.format(address) + markup.format("file:///etc/passwd")
    html = passport_html(Passport.model_validate(_everywhere(sample(), payload)))
    assert payload not in html
    assert html.count("<script") == html.count("<img") == html.count("<svg") == html.count("<object") == 0
    assert html.count("<link") == 1
    assert visits == []


def test_a_passport_full_of_markup_is_printed_as_it_is_written(canary: tuple[str, list[Any]]) -> None:
    address, visits = canary
    payload = f'<img src="{address}"> & <b>'
    passport = Passport.model_validate({"title": payload, "goal": payload, "additional": f"{payload}\x00\x0b\x1b"})
    pdf = PdfReader(io.BytesIO(html_to_pdf(passport_html(passport))))
    assert f"«{payload}»" in pdf.pages[0].extract_text().replace("\n", "")
    assert visits == []


@pytest.mark.parametrize(
    "template",
    [
        '<img src="{}">',
        '<link rel="stylesheet" href="{}">',
        '<link rel="attachment" href="{}">',
        "<style>@import url({});</style>",
        "<style>@font-face {{font-family: x; src: url({})}} p {{font-family: x}}</style><p>x</p>",
        '<p style="background: url({})">x</p>',
        '<p style="list-style-image: url({}); display: list-item">x</p>',
        "<style>p::before {{content: url({})}}</style><p>x</p>",
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="{}" width="9" height="9"/></svg>',
        '<object data="{}"></object>',
        '<embed src="{}">',
        '<a rel="attachment" href="{}">x</a>',
    ],
)
def test_even_a_page_of_ours_that_asks_for_more_is_refused(template: str, canary: tuple[str, list[Any]]) -> None:
    address, visits = canary
    for target in (address, "file:///etc/passwd", "file:/etc/passwd", "ftp://127.0.0.1/x", "../../config/x.css"):
        with pytest.raises(RenderingRefusedError):
            html_to_pdf(template.format(target))
    assert visits == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "http://static.invalid/css/print/passport.css",
        "data:text/css,p{}",
        f"{ORIGIN}../pyproject.toml",
        f"{ORIGIN}css/print/../../../pyproject.toml",
        f"{ORIGIN}css/print/%2e%2e/passport.css",
        f"{ORIGIN}css/print/passport.css?x",
        f"{ORIGIN}css/print/passport.css\n",
        f"{ORIGIN}fonts/print/OFL.txt",
        f"{ORIGIN}css/print/absent.css",
        "css/print/passport.css",
        "",
    ],
)
def test_the_fetcher_knows_only_our_print_files(url: str) -> None:
    fetcher = OwnFilesFetcher()
    for ask in (fetcher.fetch, fetcher.open, fetcher):
        with pytest.raises(FatalURLFetchingError):
            ask(url)


def test_the_fetcher_serves_styles_and_fonts() -> None:
    fetcher = OwnFilesFetcher()
    assert fetcher.fetch(f"{ORIGIN}css/print/passport.css").content_type == "text/css"
    assert fetcher.fetch(f"{ORIGIN}fonts/print/LiberationSerif-Regular.ttf").read(4) == b"\x00\x01\x00\x00"
