"""What workers do for projects."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse

from jobs.handlers import Progress, Refused, handler
from jobs.models import StoredFile
from jobs.storage import forget_file
from organisations.models import Organisation, User
from projects.models import ChangeRequest, Project
from projects.passport import UnreadableFile, read
from projects.services.proposals import change_request_open
from projects.services.uploads import HANDLER


@handler(HANDLER)
def read_passport(arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Read an uploaded file into a change request; one that cannot be read leaves nothing behind."""
    stored = StoredFile.objects.get(pk=arguments["file"])
    made = ChangeRequest.objects.filter(source_file=stored).first()
    if made is None:
        progress(10, "Читаем файл")
        try:
            passport = read(stored.read(), name=stored.name)
        except UnreadableFile as refusal:
            forget_file(stored)
            raise Refused(str(refusal)) from refusal
        progress(70, "Проверяем паспорт и узнаём организации")
        made = _open(stored, passport, arguments)
    return {"url": reverse("projects:change_request", args=[made.pk]), "label": "Посмотреть, что прочитано"}


@transaction.atomic
def _open(stored: StoredFile, passport: Any, arguments: dict[str, Any]) -> ChangeRequest:
    # Redelivery of the job must not propose twice: the file's row is the lock.
    StoredFile.objects.select_for_update().get(pk=stored.pk)
    project_id = arguments["project"]
    return ChangeRequest.objects.filter(source_file=stored).first() or change_request_open(
        passport=passport,
        territory=Organisation.objects.get(pk=arguments["territory"]),
        project=Project.objects.get(pk=project_id) if project_id else None,
        source_file=stored,
        actor=User.objects.get(pk=arguments["actor"]),
    )
