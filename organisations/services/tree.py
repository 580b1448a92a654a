"""Every write to the tree of organisations.

Whatever changes the tree takes its lock first: a path is made of the paths above it, and two moves at once could put
each of two nodes below the other. Past periods have trees of their own, so nothing here changes a past total.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import BigIntegerField, Case, F, Value, When
from django.db.models.functions import Concat, Substr
from django.urls import reverse
from django.utils import timezone

from organisations.models import (
    REPORTING_KINDS,
    ChangeKind,
    Membership,
    NotificationKind,
    Organisation,
    OrganisationChange,
    OrganisationKind,
    User,
    sort_key_of,
)
from organisations.roles import Role
from organisations.services.errors import StaleVersion, StateConflict
from organisations.services.notifications import Notice, notify

_TREE_LOCK = 7_104_001
# A page of an upper room, known by its name only.
_FORMS_PAGE = "indicators:my_submissions"

REQUISITES = {
    "name": "Полное наименование",
    "short_name": "Краткое наименование",
    "kind": "Вид",
    "inn": "ИНН",
    "oktmo": "ОКТМО",
}
"""The fields that are changed together, and how history names them."""


def tree_lock(*, shared: bool = False) -> None:
    """Hold the tree still until the transaction ends: alone, or together with others who only add to it."""
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [_TREE_LOCK])


@transaction.atomic
def organisation_create(
    *,
    kind: str,
    name: str,
    short_name: str = "",
    parent: Organisation | None = None,
    inn: str | None = None,
    oktmo: str = "",
) -> Organisation:
    """Add a node below ``parent`` (None: a root). Raises ``IntegrityError`` where the ИНН is taken."""
    tree_lock(shared=True)
    above = Organisation.objects.get(pk=parent.pk) if parent else None
    organisation = Organisation(
        parent=parent,
        kind=kind,
        name=name,
        short_name=(short_name or name)[:200],
        sort_key=sort_key_of(short_name or name)[:200],
        inn=inn,
        oktmo=oktmo,
        depth=above.depth + 1 if above else 0,
    )
    # The path holds the row's own id, so the id is drawn first and the row is written once.
    organisation.pk = next_organisation_ids(1)[0]
    organisation.path = f"{above.path if above else ''}{organisation.pk}."
    organisation.save(force_insert=True)
    return organisation


def next_organisation_ids(count: int) -> list[int]:
    """Ids for rows that are about to be written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('organisations_organisation', 'id')) FROM generate_series(1, %s)",
            [count],
        )
        return [int(row[0]) for row in cursor.fetchall()]


@transaction.atomic
def organisation_add(
    *, parent: Organisation, requisites: dict[str, str], day: dt.date, reason: str, actor: User
) -> Organisation:
    """Add one organisation, or a municipality, with the document that it stands on; ``requisites`` are all of
    :data:`REQUISITES`.

    Raises ``StateConflict`` where the place is closed or cannot have it, where the ИНН is another's, and where an open
    organisation of that name stands there already.
    """
    above = _locked_open([parent.pk], day)[parent.pk]
    kind, name = requisites["kind"], requisites["name"]
    if not may_stand_below(kind, above.kind):
        raise StateConflict(f"«{name}» не может входить в «{above}»: муниципалитет входит в регион.")
    _check_inn(requisites["inn"])
    same = [row for row in above.children.open() if sort_key_of(row.name) == sort_key_of(name)]
    if same:
        raise StateConflict(f"Здесь уже есть организация с таким наименованием: «{same[0]}».")
    added = organisation_create(
        kind=kind,
        name=name,
        short_name=requisites["short_name"],
        parent=above,
        inn=requisites["inn"] or None,
        oktmo=requisites["oktmo"],
    )
    cells = [[REQUISITES[field], "", _shown(field, getattr(added, field))] for field in REQUISITES]
    _tell(added, ChangeKind.CREATED, day, reason, actor, cells=[cell for cell in cells if cell[2]])
    return added


@transaction.atomic
def organisation_update(
    *, organisation: Organisation, requisites: dict[str, str], seen: int, day: dt.date, reason: str, actor: User
) -> Organisation:
    """Change the requisites that are given, of :data:`REQUISITES`; nothing is written where nothing differs.

    ``seen`` is the last change of the history that the person saw (0: none), see :func:`last_change_of`. Raises
    ``StaleVersion`` where there has been another since, ``StateConflict`` where the organisation is closed, the ИНН is
    another's or the kind does not fit its place in the tree.
    """
    locked = _locked_open([organisation.pk], day)[organisation.pk]
    if last_change_of(locked) != seen:
        raise StaleVersion("Пока вы правили, сведения об организации изменились: сверьте их и сохраните ещё раз.")
    changed: dict[str, str | None] = {
        field: requisites[field] or (None if field == "inn" else "")
        for field in REQUISITES
        if field in requisites and requisites[field] != (getattr(locked, field) or "")
    }
    if not changed:
        return locked
    _check_requisites(locked, changed)
    cells = [
        [REQUISITES[field], _shown(field, getattr(locked, field)), _shown(field, value)]
        for field, value in changed.items()
    ]
    for field, value in changed.items():
        setattr(locked, field, value)
    locked.sort_key = sort_key_of(locked.short_name)[:200]
    locked.save(update_fields=[*changed, "sort_key"])
    _tell(locked, ChangeKind.UPDATED, day, reason, actor, cells=cells)
    return locked


@transaction.atomic
def organisation_move(
    *, organisation: Organisation, parent: Organisation, day: dt.date, reason: str, actor: User
) -> Organisation:
    """Put an organisation, with everything below it, under another node.

    Raises ``StateConflict`` where the new place is the organisation itself or lies below it, or cannot have it.
    """
    locked = _locked_open([organisation.pk, parent.pk], day)
    moved, target = locked[organisation.pk], locked[parent.pk]
    if moved.parent_id is None:
        raise StateConflict("Регион стоит во главе реестра, его передать нельзя.")
    if moved.parent_id == target.pk:
        raise StateConflict("Организация уже находится здесь.")
    if target.path.startswith(moved.path):
        raise StateConflict("Организацию нельзя передать самой себе или тому, что в неё входит.")
    if not may_stand_below(moved.kind, target.kind):
        raise StateConflict(f"«{moved}» не может входить в «{target}»: выберите муниципалитет или регион.")
    before = Organisation.objects.get(pk=moved.parent_id)
    # One statement for the whole subtree: no moment has half of it moved.
    Organisation.objects.under(moved).update(
        path=Concat(Value(target.path + f"{moved.pk}."), Substr("path", len(moved.path) + 1)),
        depth=F("depth") + (target.depth + 1 - moved.depth),
        parent_id=Case(
            When(pk=moved.pk, then=Value(target.pk)), default=F("parent_id"), output_field=BigIntegerField()
        ),
    )
    _tell(moved, ChangeKind.MOVED, day, reason, actor, cells=[["Входит в", str(before), str(target)]])
    moved.refresh_from_db()
    return moved


@transaction.atomic
def organisation_close(*, organisation: Organisation, day: dt.date, reason: str, actor: User) -> Organisation:
    """Close an organisation from that day on. Periods opened before keep it: they have their own tree.

    Raises ``StateConflict`` where it is closed already or open ones stand below it.
    """
    locked = _locked_open([organisation.pk], day)[organisation.pk]
    if Organisation.objects.under(locked).open().exclude(pk=locked.pk).exists():
        raise StateConflict("Внутри есть действующие организации: сначала передайте или закройте их.")
    locked.closed_at = day
    locked.save(update_fields=["closed_at"])
    _tell(locked, ChangeKind.CLOSED, day, reason, actor)
    return locked


@transaction.atomic
def organisation_reopen(*, organisation: Organisation, day: dt.date, reason: str, actor: User) -> Organisation:
    """Take back that an organisation was closed or joined to another."""
    _check_day(day)
    tree_lock()
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if locked.closed_at is None:
        raise StateConflict("Организация и так действует.")
    if Organisation.objects.filter(pk__in=locked.ancestor_ids[:-1]).exclude(closed_at=None).exists():
        raise StateConflict("Муниципалитет этой организации закрыт: сначала отмените его закрытие.")
    locked.closed_at, locked.successor = None, None
    locked.save(update_fields=["closed_at", "successor"])
    _tell(locked, ChangeKind.REOPENED, day, reason, actor)
    return locked


@transaction.atomic
def organisation_merge(
    *, organisations: Collection[Organisation], successor: Organisation, day: dt.date, reason: str, actor: User
) -> Organisation:
    """Join organisations to ``successor``: they close, and their people learn who reports from now on.

    What they reported stays theirs: a form of a period that is open already is still asked of each of them.
    """
    keys = {row.pk for row in organisations}
    if not keys or successor.pk in keys:
        raise StateConflict("Выберите организации, которые присоединяются; преемник не присоединяется сам к себе.")
    locked = _locked_open([*keys, successor.pk], day)
    if any(row.kind not in REPORTING_KINDS for row in locked.values()):
        raise StateConflict("Присоединить можно только организации, но не муниципалитет и не регион.")
    heir = locked[successor.pk]
    for key in sorted(keys):
        joined = locked[key]
        joined.closed_at, joined.successor = day, heir
        joined.save(update_fields=["closed_at", "successor"])
        _tell(joined, ChangeKind.MERGED, day, reason, actor, other=heir)
        _tell(heir, ChangeKind.ABSORBED, day, reason, actor, other=joined)
    _tell_heads(heir, [locked[key] for key in sorted(keys)], day)
    return heir


def _tell_heads(heir: Organisation, joined: Sequence[Organisation], day: dt.date) -> None:
    """Those who report for the organisations that were joined, and for their successor, learn of each other."""
    texts = {
        row.pk: f"«{row}» с {day:%d.%m.%Y} присоединена к «{heir}». Формы открытых периодов по-прежнему сдаёте вы, "
        "в следующих отчитывается преемник."
        for row in joined
    }
    names = "», «".join(row.short_name for row in joined)
    texts[heir.pk] = f"К «{heir}» с {day:%d.%m.%Y} присоединены: «{names}». В следующих периодах отчитываетесь вы."
    members = Membership.objects.filter(organisation__in=texts, role=Role.REPORTER)
    notify(
        kind=NotificationKind.MERGED,
        notices=[
            Notice(user_id, f"organisation:{organisation_id}", texts[organisation_id], reverse(_FORMS_PAGE))
            for user_id, organisation_id in members.values_list("user_id", "organisation_id")
        ],
    )


def last_change_of(organisation: Organisation) -> int:
    """The id of the last line of its history, 0 where there is none: whoever writes says what they saw."""
    return organisation.changes.order_by("-pk").values_list("pk", flat=True).first() or 0


def may_stand_below(kind: str, above: str) -> bool:
    """What the tree allows: municipalities below a region, organisations below either."""
    if kind == OrganisationKind.MUNICIPALITY:
        return above == OrganisationKind.REGION
    return kind in REPORTING_KINDS and above not in REPORTING_KINDS


def _locked_open(keys: Sequence[int], day: dt.date) -> dict[int, Organisation]:
    """The rows under the lock of the tree, every one of them open; the day of the act must not lie ahead."""
    _check_day(day)
    tree_lock()
    rows = {row.pk: row for row in Organisation.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    for row in rows.values():
        if row.closed_at:
            raise StateConflict(f"«{row}» закрыта {row.closed_at:%d.%m.%Y}: сначала отмените закрытие.")
    return rows


def _check_day(day: dt.date) -> None:
    if day > timezone.localdate():
        raise StateConflict("Эта дата ещё не наступила: внесите изменение в день, когда оно вступит в силу.")


def _check_inn(inn: str | None) -> None:
    other = Organisation.objects.filter(inn=inn).first() if inn else None
    if other is not None:
        raise StateConflict(f"ИНН {inn} уже у организации «{other}».")


def _check_requisites(locked: Organisation, changed: dict[str, str | None]) -> None:
    _check_inn(changed.get("inn"))
    kind = changed.get("kind")
    # A municipality does not become a school: what stands below it would hang in the air.
    if kind and (kind in REPORTING_KINDS) != (locked.kind in REPORTING_KINDS):
        raise StateConflict("Вид меняется только между организациями: муниципалитет не становится школой.")


def _shown(field: str, value: str | None) -> str:
    return OrganisationKind(value).label if field == "kind" and value else value or ""


def _tell(
    organisation: Organisation, kind: ChangeKind, day: dt.date, reason: str, actor: User, **fields: Any
) -> OrganisationChange:
    return OrganisationChange.objects.create(
        organisation=organisation, kind=kind, day=day, reason=reason, actor=actor, **fields
    )
