"""Looking at a printed page the way WeasyPrint laid it out: lines of cells, the last thing on a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import weasyprint
from weasyprint.formatting_structure import boxes

from reports.documents.fetcher import ORIGIN, OwnFilesFetcher

_WORD = re.compile(r"\w+")


def pages(html: str) -> list[Any]:
    """The boxes of every page."""
    document = weasyprint.HTML(string=html, base_url=ORIGIN, url_fetcher=OwnFilesFetcher()).render()
    return [page._page_box for page in document.pages]


def broken_words(page: Any) -> list[str]:
    """Pieces of words that a line of a cell ends or begins with, where the word itself is cut."""
    broken = []
    for cell in _boxes(page, boxes.TableCellBox):
        # An element's text is that of the whole cell, also where a page shows a part of it.
        texts = list(cell.element.itertext())
        words = {word for between in ("", " ") for word in _WORD.findall(between.join(texts))}
        for line in _boxes(cell, boxes.LineBox):
            text = "".join(box.text for box in _boxes(line, boxes.TextBox))
            broken += [word for word in _WORD.findall(text) if word not in words]
    return broken


def last_thing(page: Any) -> str:
    """«heading», «header of a table» or «text»: what stands lowest on the page."""
    last = "text"
    for box in _boxes(page, boxes.Box):
        if box.element_tag in {"h1", "h2"}:
            last = "heading"
        elif box.element_tag == "thead":
            last = "header of a table"
        elif box.element_tag in {"td", "p"} or (box.element_tag == "th" and _in_body(box)):
            last = "text"
    return last


def _in_body(box: Any) -> bool:
    return bool(box.element.attrib.get("scope") == "row")


def _boxes(box: Any, kind: Any) -> Iterator[Any]:
    for child in getattr(box, "children", ()):
        if isinstance(child, boxes.MarginBox):
            continue
        if isinstance(child, kind):
            yield child
        yield from _boxes(child, kind)
