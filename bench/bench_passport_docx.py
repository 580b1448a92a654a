"""The Word file of a passport against python-docx filling plain tables with as many cells and nothing more.

The passport is that of Kirov where the real passports lie beside the project, else one of our own. The floor writes
one table of the size of each of ours, a cell at a time, without merged cells, widths or styles. Ours and the floor
take turns, so that a busy machine slows both; the median of each is taken.
"""

from __future__ import annotations

import io
import json
import re
import statistics
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from projects.passport.schema import Passport  # noqa: E402 - the project is found by the line above
from reports.documents.passport import render  # noqa: E402

KIROV = ROOT / "../shared/passports/expected/kirov.json"
ROUNDS = 5
LIMIT_S = 2.0


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def sizes_of(content: bytes) -> list[tuple[int, int]]:
    """Rows and columns of every table of a Word file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read("word/document.xml").decode()
    tables = re.findall(r"<w:tbl>.*?</w:tbl>", text, re.DOTALL)
    return [(table.count("<w:tr>"), table.count("<w:gridCol ")) for table in tables]


def main() -> None:
    name = "render kirov.docx"
    if KIROV.exists():
        passport = Passport.model_validate_json(KIROV.read_bytes())
    else:
        from tests.reports.documents.sample import sample_passport

        print("the passport of Kirov is not beside the project: measured on one of our own", file=sys.stderr)
        passport, name = sample_passport(), "render sample.docx"
    sizes = sizes_of(render(passport, "docx"))

    def floor() -> None:
        document = docx.Document()
        for rows, columns in sizes:
            table = document.add_table(rows, columns)
            for row in table.rows:
                for cell in row.cells:
                    cell.text = "Слово"
        document.save(io.BytesIO())

    turns = [(timed(lambda: render(passport, "docx")), timed(floor)) for _ in range(ROUNDS)]
    ours_s, floor_s = (statistics.median(turn[index] for turn in turns) for index in (0, 1))
    line = {"name": name, "ours_s": round(ours_s, 3), "floor_s": round(floor_s, 3), "limit_s": LIMIT_S}
    print(json.dumps({**line, "ratio": round(ours_s / floor_s, 3), "cells": sum(a * b for a, b in sizes)}))


if __name__ == "__main__":
    main()
