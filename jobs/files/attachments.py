"""Files that people attach to prove something: PDF, photos, Word and Excel. What a file is, its content decides.

The content is examined by :mod:`jobs.files.inspection` in a process of its own with little memory and little time. A
photo comes back drawn anew: without the place where it was taken and without anything hidden behind the picture.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from jobs.files import inspection
from jobs.files.errors import UnreadableFile

MAX_BYTES = 20 * 1024 * 1024
EMPTY = "Файл пуст: выберите другой файл."
TOO_BIG = "Файл больше 20 МБ: сфотографируйте с меньшим качеством или разделите документ на части."
TOO_HEAVY = "Файл слишком велик или сложен, открывать его небезопасно: сохраните его проще и приложите снова."
_WAIT = 25.0


@dataclass(frozen=True)
class Kind:
    content_type: str
    endings: tuple[str, ...]


KINDS = {
    "pdf": Kind("application/pdf", (".pdf",)),
    "jpeg": Kind("image/jpeg", (".jpg", ".jpeg")),
    "png": Kind("image/png", (".png",)),
    "docx": Kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",)),
    "xlsx": Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",)),
}
ENDINGS = tuple(ending for kind in KINDS.values() for ending in kind.endings)


@dataclass(frozen=True)
class Attachment:
    """A file that may be kept. ``name`` ends as its content does, whatever it was called."""

    name: str
    content_type: str
    content: bytes


def examined(name: str, content: bytes) -> Attachment:
    """The file as it may be kept; raises :class:`UnreadableFile` with one Russian sentence."""
    if not content:
        raise UnreadableFile(EMPTY)
    if len(content) > MAX_BYTES:
        raise UnreadableFile(TOO_BIG)
    # The command is ours and holds nothing of the file, which comes in by the pipe.
    command = [sys.executable, "-I", str(Path(inspection.__file__))]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=_WAIT, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as problem:
        raise UnreadableFile(TOO_HEAVY) from problem
    if done.returncode:
        raise UnreadableFile(TOO_HEAVY)
    head, _, drawn = done.stdout.partition(b"\n")
    answer: dict[str, str] = json.loads(head)
    if "refused" in answer:
        raise UnreadableFile(answer["refused"])
    kind = KINDS[answer["kind"]]
    named = name if name.casefold().endswith(kind.endings) else f"{name}{kind.endings[0]}"
    return Attachment(named, kind.content_type, drawn or content)
