"""A file from outside on its way to becoming a proposal."""

from __future__ import annotations

from typing import BinaryIO

from django.db import transaction

from jobs.files.archive import check_size
from jobs.models import Job
from jobs.services import enqueue
from jobs.storage import store_file
from organisations.models import Organisation, User
from projects.models import Project

HANDLER = "projects.read_passport"


def passport_upload(
    *, name: str, content: BinaryIO, size: int, territory: Organisation, project: Project | None, actor: User, back: str
) -> Job:
    """Take a file in and have a worker read it; the job's page shows how far it is and, if need be, leads ``back``.

    Too large a file is refused here, before a byte of it is read: raises ``UnreadableFile``. Whatever else is wrong
    with it the worker says, and removes what was stored.
    """
    check_size(size)
    data = content.read()
    with transaction.atomic():
        stored = store_file(name=name, content_type="application/octet-stream", content=data)
        return enqueue(
            handler=HANDLER,
            arguments={
                "file": str(stored.pk),
                "territory": territory.pk,
                "project": project.pk if project else None,
                "actor": actor.pk,
                "back": back,
            },
            title=f"Чтение паспорта «{name}»",
            owner_id=actor.pk,
        )
