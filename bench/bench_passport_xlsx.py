"""The workbook of a passport against openpyxl writing as many plain cells: what widths, heights and marks cost.

The passport is that of Kirov where the real passports lie beside the project, else one of our own. Ours and the
floor take turns, so that a busy machine slows both; the median of each is taken. The floor writes the same number of
cells to the same number of sheets, with neither styles nor heights.
"""

from __future__ import annotations

import io
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook, load_workbook

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from projects.passport.schema import Passport  # noqa: E402 - the project is found by the line above
from reports.documents.passport import render  # noqa: E402

KIROV = ROOT / "../shared/passports/expected/kirov.json"
ROUNDS = 9


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def shape(content: bytes) -> list[tuple[int, int]]:
    """Rows and columns of every sheet."""
    return [(sheet.max_row, sheet.max_column) for sheet in load_workbook(io.BytesIO(content)).worksheets]


def plain(sizes: list[tuple[int, int]]) -> bytes:
    """A workbook of as many cells, written by openpyxl and nothing else."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for rows, columns in sizes:
        sheet = book.create_sheet()
        for row in range(1, rows + 1):
            for column in range(1, columns + 1):
                sheet.cell(row, column, f"{row}-{column}")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def main() -> None:
    if KIROV.exists():
        passport = Passport.model_validate_json(KIROV.read_bytes())
    else:
        from tests.reports.documents.sample import sample_passport

        print("the passport of Kirov is not beside the project: measured on one of our own", file=sys.stderr)
        passport = sample_passport()
    sizes = shape(render(passport, "xlsx"))
    plain(sizes)
    turns = [(timed(lambda: render(passport, "xlsx")), timed(lambda: plain(sizes))) for _ in range(ROUNDS)]
    ours, floor = (statistics.median(turn[side] for turn in turns) for side in (0, 1))
    line = {"name": "render kirov.xlsx", "ours_s": round(ours, 4), "floor_s": round(floor, 4)}
    print(json.dumps({**line, "ratio": round(ours / floor, 2)}))


if __name__ == "__main__":
    main()
