"""The corpus of hostile files, made anew each time: nothing of it is kept.

``GROUPS`` gives every file by the kind of its bait with what must come of it; the argument of each is the port of a
server that nobody may call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from tests.hostile import archives, pdfs, texts, word_documents, workbooks
from tests.hostile.case import Case

Group = Callable[[int], Iterator[Case]]


def _quiet(cases: Callable[[], Iterator[Case]]) -> Group:
    """A group whose files call nobody."""
    return lambda _port: cases()


GROUPS: dict[str, Group] = {
    "bombs": _quiet(archives.bombs),
    "thieves": _quiet(archives.thieves),
    "damaged": _quiet(archives.damaged),
    "entities": word_documents.entities,
    "executables": _quiet(word_documents.executables),
    "shapes of Word files": _quiet(word_documents.shapes),
    "workbooks that act": _quiet(workbooks.executables),
    "workbooks with entities": workbooks.entities,
    "shapes of workbooks": _quiet(workbooks.shapes),
    "PDF": pdfs.pdfs,
    "texts": _quiet(texts.texts),
    "JSON": _quiet(texts.documents),
}


def write(case: Case, path: Path) -> None:
    made = case.make()
    content, size = made if isinstance(made, tuple) else (made, len(made))
    with path.open("wb") as stream:
        stream.write(content)
        stream.truncate(size)
