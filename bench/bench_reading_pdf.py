"""How long it takes to read kirov.pdf, beside the floor: its words with their places, by the same library.

The floor is what any reader of tables must ask of the library at the least: each letter, its box, the words between
spaces; in this very process. Ours does that in a process of its own, gathers the ruled lines too, and makes a
passport of it. Prints one line of JSON: the median of several runs of each, taken in turns.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pypdfium2.raw as pdfium

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
FILE = ROOT.parent / "shared" / "passports" / "kirov.pdf"
RUNS = 5


def floor() -> int:
    """Extract the words of every page with their places; returns how many there are."""
    content = FILE.read_bytes()
    document = pdfium.FPDF_LoadMemDocument64(content, len(content), None)
    box = pdfium.FS_RECTF()
    words: list[tuple[str, float, float, float, float]] = []
    for number in range(pdfium.FPDF_GetPageCount(document)):
        page = pdfium.FPDF_LoadPage(document, number)
        text = pdfium.FPDFText_LoadPage(page)
        letters: list[str] = []
        for index in range(pdfium.FPDFText_CountChars(text)):
            letter = chr(pdfium.FPDFText_GetUnicode(text, index))
            if letter.isspace():
                if letters:
                    words.append(("".join(letters), box.left, box.right, box.bottom, box.top))
                letters = []
            else:
                pdfium.FPDFText_GetLooseCharBox(text, index, box)
                letters.append(letter)
        pdfium.FPDFText_ClosePage(text)
        pdfium.FPDF_ClosePage(page)
    pdfium.FPDF_CloseDocument(document)
    return len(words)


def timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def main() -> None:
    from projects.passport import read

    if not FILE.exists():
        print(json.dumps({"name": "read kirov.pdf", "skipped": "the real passports are not beside the project"}))
        return
    pdfium.FPDF_InitLibrary()
    read(FILE)
    floor()
    ours, least = [], []
    for _ in range(RUNS):
        least.append(timed(floor))
        ours.append(timed(lambda: read(FILE)))
    ours_s, floor_s = statistics.median(ours), statistics.median(least)
    line = {"name": "read kirov.pdf", "ours_s": round(ours_s, 3), "floor_s": round(floor_s, 3)}
    print(json.dumps({**line, "ratio": round(ours_s / floor_s, 2)}))


if __name__ == "__main__":
    main()
