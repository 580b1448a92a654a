"""How much a document may hold before it is no passport: what the readers and the recogniser count against.

A passport of a region has some 400 rows and 100,000 letters; one with a breakdown by a thousand schools has ten times
as many. What is far beyond costs more time and memory than one file may take.
"""

from __future__ import annotations

from jobs.files.errors import UnreadableFile
from projects.passport.intermediate import Document, Paragraph

MAX_LETTERS = 4_000_000
MAX_FILLED = 120_000
MAX_CELLS = 1_000_000
# Two fields of the form in one paragraph: each may have 50,000 letters.
MAX_TEXT = 100_000

TOO_LONG = "Документ слишком длинный для паспорта: проверьте, тот ли это файл, и оставьте в нём только паспорт."


def too_long() -> UnreadableFile:
    return UnreadableFile(TOO_LONG)


class CellBudget:
    """Counts the cells that a reader lays out, empty ones included, up to :data:`MAX_CELLS`."""

    def __init__(self) -> None:
        self._left = MAX_CELLS

    def spend(self, cells: int) -> None:
        self._left -= cells
        if self._left < 0:
            raise too_long()


def check_length(document: Document) -> None:
    """Refuse a document with too many letters or filled cells, or with a text longer than any field of the form."""
    letters = filled = 0
    for block in document.blocks:
        texts = (
            [block.text] if isinstance(block, Paragraph) else [text for row in block.rows for text in row.cells if text]
        )
        filled += len(texts)
        for text in texts:
            letters += len(text)
            if len(text) > MAX_TEXT:
                raise too_long()
        if letters > MAX_LETTERS or filled > MAX_FILLED:
            raise too_long()
