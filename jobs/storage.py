"""Files the portal keeps: under generated names, with what a given name could do to anyone taken out of it."""

import hashlib
import re
import unicodedata
import uuid
from functools import partial
from pathlib import Path

from django.db import transaction
from django.http import FileResponse

from jobs.models import StoredFile

NAME_CHARACTERS = 150
FALLBACK_NAME = "файл"


def store_file(*, name: str, content_type: str, content: bytes) -> StoredFile:
    """Keep a file; `name` is only remembered, for the person who downloads it.

    A transaction that is rolled back leaves the bytes on the disk without a row: unreachable, and harmless.
    """
    file_id = uuid.uuid4()
    stored = StoredFile(
        id=file_id,
        name=clean_file_name(name),
        content_type=content_type[:150],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        path=f"{file_id.hex[:2]}/{file_id.hex}",
    )
    stored.location.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    stored.location.write_bytes(content)
    stored.location.chmod(0o600)
    stored.save(force_insert=True)
    return stored


def forget_file(stored: StoredFile) -> None:
    """Remove a file that turned out to be of no use: its row now, its bytes once that is committed."""
    location = stored.location
    stored.delete()
    transaction.on_commit(partial(location.unlink, missing_ok=True), robust=True)


def download(stored: StoredFile) -> FileResponse:
    """The file as an attachment. The caller has checked, on this very request, that this person may have it."""
    response = FileResponse(
        stored.location.open("rb"), as_attachment=True, filename=stored.name, content_type=stored.content_type
    )
    # Revoking a right must work at once: no copy stays in a cache.
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def clean_file_name(name: str) -> str:
    """The last part of the name, without control, direction and other invisible characters; never empty.

    A line end would split a header, and a right-to-left mark shows `exe.docx` where `xcod.exe` is meant.
    """
    visible = "".join(" " if character.isspace() else character for character in name if _is_visible(character))
    last = re.split(r"[/\\]", visible)[-1]
    cleaned = re.sub(r'[<>:"|?*]+', "_", re.sub(r" +", " ", last)).strip(" .")
    if not cleaned:
        return FALLBACK_NAME
    if len(cleaned) <= NAME_CHARACTERS:
        return cleaned
    suffix = Path(cleaned).suffix[:20]
    return cleaned[: NAME_CHARACTERS - len(suffix)].rstrip(" .") + suffix


def _is_visible(character: str) -> bool:
    # Cc: control, Cf: format (direction marks, zero width), Cs: half a surrogate pair, Co and Cn: no character at all.
    return character.isspace() or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
