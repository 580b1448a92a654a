"""Loading the register from a workbook: take the file in, keep the preview, apply it whole or not at all."""

from __future__ import annotations

from typing import BinaryIO

from django.db import transaction
from django.db.models.functions import Now

from jobs.files.archive import check_size
from jobs.models import Job, StoredFile
from jobs.services import enqueue
from jobs.storage import store_file
from organisations.models import Organisation, RegisterLoad, RegisterRow, User
from organisations.register.planning import Outcome, Plan, plan
from organisations.register.reading import SourceRow, SourceTable
from organisations.register.snapshot import register_of
from organisations.services.errors import StaleVersion, StateConflict
from organisations.services.register_writing import write
from organisations.services.tree import tree_lock

READ, APPLY = "organisations.read_register", "organisations.apply_register"

CHANGED_MEANWHILE = (
    "Пока вы смотрели, реестр изменился. Ничего не внесено: предпросмотр составлен заново, проверьте его ещё раз."
)
_BATCH = 2000


def register_upload(*, name: str, content: BinaryIO, size: int, territory: Organisation, actor: User, back: str) -> Job:
    """Take a workbook in and have a worker read it. Raises ``UnreadableFile`` where its size alone is wrong."""
    check_size(size)
    data = content.read()
    with transaction.atomic():
        stored = store_file(name=name, content_type="application/octet-stream", content=data)
        return enqueue(
            handler=READ,
            arguments={"file": str(stored.pk), "territory": territory.pk, "actor": actor.pk, "back": back},
            title=f"Чтение реестра «{name}»",
            owner_id=actor.pk,
        )


@transaction.atomic
def register_load_create(*, file: StoredFile, table: SourceTable, territory: Organisation, actor: User) -> RegisterLoad:
    """Keep what the rows of a file would change. A file is loaded once: a second call finds the first one's load."""
    # Redelivery of the job must not preview twice: the file's row is the lock.
    StoredFile.objects.select_for_update().get(pk=file.pk)
    made = RegisterLoad.objects.filter(file=file).first()
    if made is None:
        made = RegisterLoad.objects.create(
            file=file, territory=territory, actor=actor, unknown_headings=table.unknown_headings
        )
        _keep(made, plan(table.rows, register_of(territory, actor)))
    return made


@transaction.atomic
def register_load_confirm(*, load: RegisterLoad, version: int, actor: User) -> Job:
    """Have a worker apply the preview that the person saw. Raises ``StateConflict`` or ``StaleVersion``."""
    locked = _ready(load, version)
    if locked.job is not None and not locked.job.is_finished:
        raise StateConflict("Эта загрузка уже вносится.")
    if not locked.rows.filter(outcome__in=[Outcome.ADDED, Outcome.CHANGED]).exists():
        raise StateConflict("Вносить нечего: файл ничего не меняет в реестре.")
    locked.job = enqueue(
        handler=APPLY,
        arguments={"load": locked.pk, "version": version, "actor": actor.pk},
        title=f"Внесение в реестр: «{locked.file.name}»",
        owner_id=actor.pk,
    )
    locked.save(update_fields=["job"])
    return locked.job


@transaction.atomic
def register_load_drop(*, load: RegisterLoad, version: int) -> RegisterLoad:
    """Put a preview aside for good; the register stays as it is."""
    locked = _ready(load, version)
    if locked.job is not None and not locked.job.is_finished:
        raise StateConflict("Эта загрузка уже вносится.")
    return _decide(locked, RegisterLoad.State.DROPPED)


@transaction.atomic
def register_load_apply(*, load: RegisterLoad, version: int, actor: User) -> bool:
    """Write everything that the preview says in one transaction; True when it is in the register.

    Where the register has changed since, nothing is written: the preview is made anew, and the answer is False. The
    tree is locked first, so that it cannot change any more between the comparison and the writing.
    """
    tree_lock()
    locked = RegisterLoad.objects.select_for_update().get(pk=load.pk)
    if locked.state != RegisterLoad.State.READY or locked.version != version:
        return locked.state == RegisterLoad.State.APPLIED
    kept = list(locked.rows.order_by("number"))
    plans = plan([SourceRow(row.number, row.cells) for row in kept], register_of(locked.territory, actor))
    if any(_told(row) != _told(made) for row, made in zip(kept, plans, strict=True)):
        locked.rows.all().delete()
        _keep(locked, plans)
        RegisterLoad.objects.filter(pk=locked.pk).update(version=version + 1, remade_at=Now())
        return False
    write(load=locked, plans=plans, actor=actor)
    _decide(locked, RegisterLoad.State.APPLIED)
    return True


def _ready(load: RegisterLoad, version: int) -> RegisterLoad:
    locked = RegisterLoad.objects.select_for_update(of=("self",)).select_related("job", "file").get(pk=load.pk)
    if locked.state != RegisterLoad.State.READY:
        raise StateConflict("Решение об этой загрузке уже принято.")
    if locked.version != version:
        raise StaleVersion(CHANGED_MEANWHILE)
    return locked


def _decide(load: RegisterLoad, state: RegisterLoad.State) -> RegisterLoad:
    RegisterLoad.objects.filter(pk=load.pk).update(state=state, decided_at=Now())
    load.refresh_from_db()
    return load


def _keep(load: RegisterLoad, plans: list[Plan]) -> None:
    RegisterRow.objects.bulk_create(
        (
            RegisterRow(
                load=load,
                number=made.number,
                outcome=made.outcome,
                head=made.head,
                cells=made.cells,
                changes=made.changes,
                sentence=made.sentence,
                organisation_id=made.organisation_id,
            )
            for made in plans
        ),
        batch_size=_BATCH,
    )


def _told(row: RegisterRow | Plan) -> tuple[object, ...]:
    """What the person saw of a row."""
    return row.number, str(row.outcome), str(row.head), row.changes, row.sentence, row.organisation_id
