"""The words and the ruled lines of a PDF, in a process of its own with little memory and little time.

Run as ``python -I pdf_extraction.py < file.pdf``; one JSON object comes out. PDFium is native code and a PDF is a file
from a stranger: whatever it does (a stream that unpacks to gigabytes, a crash), this process alone suffers. It imports
nothing of the project, opens no file and knows no address; scripts and attachments inside the PDF are never looked at.

The answer is ``{"refused": "password" | "damaged" | "pages" | "words"}`` or ``{"pages": [...]}`` where a page is
``{"width", "height", "pictures", "words": [[text, left, right, top, bottom, base, turned, spaced], ...],
"lines": [[x0, y0, x1, y1], ...]}``: points from the top left corner of the page as it is seen, turned pages included.
``turned`` words run upwards or downwards; a ``spaced`` word has a space of the file before it, not only a gap.
"""

from __future__ import annotations

import ctypes
import itertools
import json
import math
import resource
import sys
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as pdfium

MEGABYTE = 1024 * 1024
MEMORY = 150 * MEGABYTE
SECONDS = 12
MAX_PAGES = 400
MAX_WORDS = 60_000
MAX_LINES_OF_PAGE = 6_000
MAX_LINES = 60_000
_MAX_DEPTH = 6
_MAX_SEGMENTS = 4_000
# A filled shape thinner than this is a line of a table (points).
_THIN = 4.0
# No page is that large (points).
_FAR = 1e5
_HYPHEN_OF_A_CUT_WORD = 2
_PASSWORD = 4

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Refused(Exception):
    """The file is not read; the first argument says why."""


class View:
    """Points of a page's own space as they are seen: from the top left corner, the page turned as it says."""

    def __init__(self, page: Any) -> None:
        box = pdfium.FS_RECTF()
        if not pdfium.FPDF_GetPageBoundingBox(page, box):
            raise Refused("damaged")
        self._left, self._right, self._bottom, self._top = box.left, box.right, box.bottom, box.top
        self.turns = pdfium.FPDFPage_GetRotation(page) % 4
        width, height = abs(box.right - box.left), abs(box.top - box.bottom)
        self.width, self.height = (height, width) if self.turns % 2 else (width, height)

    def point(self, x: float, y: float) -> tuple[float, float]:
        if self.turns == 0:
            return x - self._left, self._top - y
        if self.turns == 1:
            return y - self._bottom, x - self._left
        if self.turns == 2:
            return self._right - x, y - self._bottom
        return self._top - y, self._right - x

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        left, top = self.point(x0, y0)
        right, bottom = self.point(x1, y1)
        return min(left, right), min(top, bottom), max(left, right), max(top, bottom)


class Words:
    """Letters of a page gathered into words, in the order of the file."""

    def __init__(self, text: Any, view: View) -> None:
        self._text, self._view = text, view
        self._box = pdfium.FS_RECTF()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self.found: list[list[Any]] = []
        self._letters: list[str] = []
        self._place: list[float] = []
        self._base = 0.0
        self._turned = self._spaced = self._space = False

    def gather(self) -> list[list[Any]]:
        parted = False
        for index in range(pdfium.FPDFText_CountChars(self._text)):
            code = pdfium.FPDFText_GetUnicode(self._text, index)
            letter = "-" if code == _HYPHEN_OF_A_CUT_WORD else chr(code) if 0 < code < 0x110000 else ""
            if letter <= " " or letter.isspace() or 0xD800 <= code < 0xE000:
                parted = True
                if pdfium.FPDFText_IsGenerated(self._text, index) != 1:
                    self._end()
                    self._space = True
                continue
            self._letter(index, letter, parted)
            parted = False
        self._end()
        return self.found

    def _letter(self, index: int, letter: str, parted: bool) -> None:
        if not pdfium.FPDFText_GetLooseCharBox(self._text, index, self._box):
            return
        box = self._box
        left, top, right, bottom = self._view.box(box.left, box.bottom, box.right, box.top)
        pdfium.FPDFText_GetCharOrigin(self._text, index, self._x, self._y)
        base = self._view.point(self._x.value, self._y.value)[1]
        # Asked this way round, what is no number at all is left out too.
        if not (
            right >= 0 and left <= self._view.width and bottom >= 0 and top <= self._view.height and abs(base) < _FAR
        ):
            return
        size = max(bottom - top, 0.1)
        if self._letters and self._goes_on(left, top, bottom, base, size, parted):
            place = self._place
            place[0], place[1] = min(place[0], left), max(place[1], right)
            place[2], place[3] = min(place[2], top), max(place[3], bottom)
        else:
            self._end()
            angle = pdfium.FPDFText_GetCharAngle(self._text, index) - self._view.turns * math.pi / 2
            self._turned = abs(math.sin(angle)) > 0.5
            self._place, self._base = [left, right, top, bottom], base
            self._spaced, self._space = self._space, False
        self._letters.append(letter)

    def _goes_on(self, left: float, top: float, bottom: float, base: float, size: float, parted: bool) -> bool:
        place = self._place
        if self._turned:
            middle = (top + bottom) / 2
            return not parted and place[2] - size < middle < place[3] + size
        height = max(place[3] - place[2], 0.1)
        gap = left - place[1]
        return (
            abs(base - self._base) < 0.12 * height
            and 0.75 < size / height < 1.34
            and gap < (0.12 if parted else 0.28) * height
            and left > place[0] - 0.3 * height
            and gap > -1.5 * height
        )

    def _end(self) -> None:
        if self._letters:
            place = [round(value, 2) for value in self._place]
            self.found.append(
                ["".join(self._letters), *place, round(self._base, 2), int(self._turned), int(self._spaced)]
            )
        self._letters = []


class Lines:
    """Straight lines that are ruled on a page: strokes, thin filled shapes, frames of a border."""

    def __init__(self, page: Any, view: View) -> None:
        self._page, self._view = page, view
        self.found: set[Box] = set()
        self.pictures = 0

    def gather(self) -> None:
        for index in range(pdfium.FPDFPage_CountObjects(self._page)):
            self._object(pdfium.FPDFPage_GetObject(self._page, index), _IDENTITY, 0)
            if len(self.found) > MAX_LINES_OF_PAGE:
                # That many lines are a drawing and no table.
                self.found.clear()
                return

    def _object(self, thing: Any, outer: Matrix, depth: int) -> None:
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            self._path(thing, _under(_matrix(thing), outer))
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            self.pictures += 1
            corners = [_moved(_under(_matrix(thing), outer), x, y) for x, y in ((0, 0), (1, 1))]
            box = self._view.box(*corners[0], *corners[1])
            if _is_thin(box):
                self._add(_middle(box))
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
            inner = _under(_matrix(thing), outer)
            for index in range(pdfium.FPDFFormObj_CountObjects(thing)):
                self._object(pdfium.FPDFFormObj_GetObject(thing, index), inner, depth + 1)
                if len(self.found) > MAX_LINES_OF_PAGE:
                    return

    def _path(self, path: Any, matrix: Matrix) -> None:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
        boxes: list[Box] = []
        for points in self._shapes(path, matrix):
            if stroke.value:
                for (x0, y0), (x1, y1) in itertools.pairwise(points):
                    line = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
                    if _is_thin(line, 0.8):
                        self._add(_middle(line))
            elif fill.value and len(points) > 2:
                xs, ys = [x for x, _ in points], [y for _, y in points]
                boxes.append((min(xs), min(ys), max(xs), max(ys)))
        if len(boxes) == 2 and not any(map(_is_thin, boxes)):
            self._frame(boxes[0], boxes[1])
        else:
            for box in boxes:
                if _is_thin(box):
                    self._add(_middle(box))

    def _shapes(self, path: Any, matrix: Matrix) -> Iterator[list[tuple[float, float]]]:
        """The points of each part of a path; a part with curves is no line of a table and is left out."""
        x, y = ctypes.c_float(), ctypes.c_float()
        points: list[tuple[float, float]] = []
        curved = False
        for index in range(min(pdfium.FPDFPath_CountSegments(path), _MAX_SEGMENTS)):
            segment = pdfium.FPDFPath_GetPathSegment(path, index)
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            kind = pdfium.FPDFPathSegment_GetType(segment)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                if points and not curved:
                    yield points
                points, curved = [], False
            curved = curved or kind == pdfium.FPDF_SEGMENT_BEZIERTO
            points.append(self._view.point(*_moved(matrix, x.value, y.value)))
            if pdfium.FPDFPathSegment_GetClose(segment):
                points.append(points[0])
        if points and not curved:
            yield points

    def _frame(self, first: Box, second: Box) -> None:
        """The border between an outer and an inner rectangle, where the sides that have none coincide."""
        outer = tuple(map(min, first[:2], second[:2])) + tuple(map(max, first[2:], second[2:]))
        inner = tuple(map(max, first[:2], second[:2])) + tuple(map(min, first[2:], second[2:]))
        sides = (
            (outer[0], outer[1], inner[0], outer[3]),
            (inner[2], outer[1], outer[2], outer[3]),
            (outer[0], outer[1], outer[2], inner[1]),
            (outer[0], inner[3], outer[2], outer[3]),
        )
        for index, side in enumerate(sides):
            thickness = side[2] - side[0] if index < 2 else side[3] - side[1]
            if 0.05 < thickness <= _THIN:
                self._add(_middle(side))

    def _add(self, line: Box) -> None:
        if line[2] - line[0] + line[3] - line[1] >= 1 and all(abs(value) < _FAR for value in line):
            x0, y0, x1, y1 = (round(value, 1) for value in line)
            self.found.add((x0, y0, x1, y1))


def _matrix(thing: Any) -> Matrix:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(thing, matrix):
        return _IDENTITY
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _under(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    if outer == _IDENTITY:
        return inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _is_thin(box: Box, thin: float = _THIN) -> bool:
    return min(box[2] - box[0], box[3] - box[1]) <= thin


def _middle(box: Box) -> Box:
    """The line through the middle of a thin box."""
    x0, y0, x1, y1 = box
    if x1 - x0 >= y1 - y0:
        return x0, (y0 + y1) / 2, x1, (y0 + y1) / 2
    return (x0 + x1) / 2, y0, (x0 + x1) / 2, y1


def read_page(document: Any, index: int) -> dict[str, Any]:
    page = pdfium.FPDF_LoadPage(document, index)
    if not page:
        raise Refused("damaged")
    try:
        view = View(page)
        lines = Lines(page, view)
        lines.gather()
        text = pdfium.FPDFText_LoadPage(page)
        words = Words(text, view).gather() if text else []
        if text:
            pdfium.FPDFText_ClosePage(text)
    finally:
        pdfium.FPDF_ClosePage(page)
    return {
        "width": round(view.width, 2),
        "height": round(view.height, 2),
        "pictures": lines.pictures,
        "words": words,
        "lines": sorted(lines.found),
    }


def read_file(content: bytes) -> list[dict[str, Any]]:
    """The pages of a PDF; raises :class:`Refused`."""
    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadMemDocument64(content, len(content), None)
    if not document:
        raise Refused("password" if pdfium.FPDF_GetLastError() == _PASSWORD else "damaged")
    count = pdfium.FPDF_GetPageCount(document)
    if count > MAX_PAGES:
        raise Refused("pages")
    pages: list[dict[str, Any]] = []
    words = lines = 0
    for index in range(count):
        page = read_page(document, index)
        words += len(page["words"])
        lines += len(page["lines"])
        if words > MAX_WORDS or lines > MAX_LINES:
            raise Refused("words")
        pages.append(page)
    return pages


def main() -> None:
    for limit, value in (
        (resource.RLIMIT_DATA, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(limit)[1]
        capped = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (capped, hard))
    try:
        answer: dict[str, Any] = {"pages": read_file(sys.stdin.buffer.read())}
    except Refused as reason:
        answer = {"refused": reason.args[0]}
    sys.stdout.write(json.dumps(answer, separators=(",", ":")))


if __name__ == "__main__":
    main()
