"""Writing thousands of planned rows into the register: a statement for each table, none for each row.

Columns travel as arrays: the ORM would spend more time on putting a statement of as many values together than the
database on writing them.

The caller holds the tree's lock and the transaction; triggers keep the audit trail as for any other write.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Sequence
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, UNUSABLE_PASSWORD_SUFFIX_LENGTH
from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone

from organisations.models import (
    ChangeKind,
    Membership,
    Organisation,
    RegisterLoad,
    Session,
    User,
    sort_key_of,
)
from organisations.register.planning import Head, Outcome, Plan, parents_first
from organisations.roles import Role
from organisations.services.invitations import invitations_cancel
from organisations.services.tree import next_organisation_ids

# An ORM update of as many different rows is a CASE with a branch for each row and field: quadratic.
_UPDATE = """
UPDATE organisations_organisation AS organisation
   SET kind = new.kind, name = new.name, short_name = new.short_name, sort_key = new.sort_key,
       inn = nullif(new.inn, ''), oktmo = new.oktmo,
       parent_id = new.parent_id, path = new.path, depth = new.depth
  FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
              %s::bigint[], %s::text[], %s::int[])
    AS new (id, kind, name, short_name, sort_key, inn, oktmo, parent_id, path, depth)
 WHERE organisation.id = new.id
"""
_UPDATE_PEOPLE = """
UPDATE organisations_user AS person
   SET full_name = coalesce(new.full_name, person.full_name),
       position = coalesce(new.position, person.position),
       email = coalesce(new.email, person.email),
       phone = coalesce(new.phone, person.phone)
  FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS new (id, full_name, position, email, phone)
 WHERE person.id = new.id
"""


_INSERT = """
INSERT INTO organisations_organisation
       (id, kind, name, short_name, sort_key, inn, oktmo, parent_id, path, depth, created_at)
SELECT new.id, new.kind, new.name, new.short_name, new.sort_key, nullif(new.inn, ''), new.oktmo,
       new.parent_id, new.path, new.depth, now()
  FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
              %s::bigint[], %s::text[], %s::int[])
    AS new (id, kind, name, short_name, sort_key, inn, oktmo, parent_id, path, depth)
"""
_INSERT_PEOPLE = """
INSERT INTO organisations_user
       (login, password, full_name, position, email, phone, is_active, is_staff, is_superuser, created_at)
SELECT new.login, new.password, new.full_name, new.position, new.email, new.phone, true, false, false, now()
  FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS new (login, password, full_name, position, email, phone)
RETURNING login, id
"""
_INSERT_ROLES = """
INSERT INTO organisations_membership (user_id, organisation_id, role, created_at)
SELECT new.user_id, new.organisation_id, %s, now()
  FROM unnest(%s::bigint[], %s::bigint[]) AS new (user_id, organisation_id)
ON CONFLICT DO NOTHING
"""
_INSERT_HISTORY = """
INSERT INTO organisations_organisationchange (organisation_id, kind, day, reason, cells, load_id, actor_id, at)
SELECT new.organisation_id, new.kind, %s, %s, new.cells::jsonb, %s, %s, now()
  FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS new (organisation_id, kind, cells)
"""
_OF_PERSON = ("full_name", "position", "email", "phone")
_COLUMNS = ("pk", "kind", "name", "short_name", "sort_key", "inn", "oktmo", "parent_id", "path", "depth")


def write(*, load: RegisterLoad, plans: Sequence[Plan], actor: User) -> None:
    """Write the plans that add or change something."""
    ordered = parents_first(made for made in plans if made.outcome in {Outcome.ADDED, Outcome.CHANGED})
    organisations = _write_organisations(ordered)
    _write_heads(ordered, organisations)
    _write_history(ordered, organisations, load, actor)


def _write_organisations(plans: Sequence[Plan]) -> dict[int, int]:
    """The id of the organisation of each row, by the number of the row."""
    added = [made for made in plans if made.outcome == Outcome.ADDED]
    ids = dict(zip((made.number for made in added), next_organisation_ids(len(added)), strict=True))
    ids |= {made.number: made.organisation_id for made in plans if made.organisation_id is not None}
    wanted = {made.parent for made in plans if made.parent is not None and made.parent > 0}
    changed = [made for made in plans if made.outcome == Outcome.CHANGED]
    there = Organisation.objects.in_bulk([*wanted, *(ids[made.number] for made in changed)])
    new: dict[int, Organisation] = {}
    for made in added:
        parent = there[made.parent] if made.parent and made.parent > 0 else new[ids[-(made.parent or 0)]]
        row = Organisation(pk=ids[made.number])
        _place(row, parent)
        _fill(row, made)
        new[row.pk] = row
    _run(_INSERT, new.values())
    moved = []
    for made in changed:
        parent = there[made.parent] if made.parent and made.parent > 0 else new[ids[-(made.parent or 0)]]
        row = there[ids[made.number]]
        if made.values or row.parent_id != parent.pk:
            _place(row, parent)
            _fill(row, made)
            moved.append(row)
    _run(_UPDATE, moved)
    return ids


def _place(row: Organisation, parent: Organisation) -> None:
    row.parent, row.depth, row.path = parent, parent.depth + 1, f"{parent.path}{row.pk}."


def _fill(row: Organisation, made: Plan) -> None:
    for field, value in made.values.items():
        setattr(row, field, value or None if field == "inn" else value)
    row.sort_key = sort_key_of(row.short_name)[:200]


def _run(statement: str, rows: Collection[Organisation]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(statement, [[getattr(row, column) for row in rows] for column in _COLUMNS])


def _write_heads(plans: Sequence[Plan], organisations: dict[int, int]) -> None:
    _end_heads({(made.ended, organisations[made.number]) for made in plans if made.ended is not None})
    joining = [made for made in plans if made.head in {Head.NEW, Head.REPLACED}]
    accounts = _write_accounts([made for made in joining if made.user is None])
    if joining:
        users = [made.user or accounts[made.login] for made in joining]
        with connection.cursor() as cursor:
            cursor.execute(_INSERT_ROLES, [Role.REPORTER, users, [organisations[made.number] for made in joining]])
    _update_people([made for made in plans if made.head == Head.SAME and made.person])


def _write_accounts(plans: Sequence[Plan]) -> dict[str, int]:
    """New people by their logins; nobody can sign in until they are invited."""
    if not plans:
        return {}
    passwords = [f"{UNUSABLE_PASSWORD_PREFIX}{secrets.token_hex(UNUSABLE_PASSWORD_SUFFIX_LENGTH // 2)}" for _ in plans]
    columns = [[made.person[field] for made in plans] for field in _OF_PERSON]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_PEOPLE, [[made.login for made in plans], passwords, *columns])
        return dict(cursor.fetchall())


def _end_heads(ended: set[tuple[int, int]]) -> None:
    """Take the role from those who are head no longer, and shut the accounts that are left without any."""
    if not ended:
        return
    users = {user for user, _ in ended}
    held = Membership.objects.filter(role=Role.REPORTER, user__in=users)
    gone = [row.pk for row in held if (row.user_id, row.organisation_id) in ended]
    Membership.objects.filter(pk__in=gone).delete()
    left = User.objects.filter(pk__in=users).exclude(Exists(Membership.objects.filter(user=OuterRef("pk"))))
    shut = list(left.select_for_update().order_by("pk"))
    User.objects.filter(pk__in=[user.pk for user in shut]).update(is_active=False)
    invitations_cancel(users=shut)
    Session.objects.filter(user__in=shut).delete()


def _update_people(plans: Sequence[Plan]) -> None:
    if not plans:
        return
    with connection.cursor() as cursor:
        columns = [[made.person.get(field) for made in plans] for field in _OF_PERSON]
        cursor.execute(_UPDATE_PEOPLE, [[made.user for made in plans], *columns])
    # A letter to an address that was wrong must not give access.
    invitations_cancel(users=User.objects.filter(pk__in=[made.user for made in plans if "email" in made.person]))


def _write_history(plans: Sequence[Plan], organisations: dict[int, int], load: RegisterLoad, actor: User) -> None:
    if not plans:
        return
    kinds = [ChangeKind.CREATED if made.outcome == Outcome.ADDED else ChangeKind.UPDATED for made in plans]
    cells = [json.dumps(made.changes, ensure_ascii=False) for made in plans]
    told: list[Any] = [timezone.localdate(), f"Загрузка из файла «{load.file.name}»", load.pk, actor.pk]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_HISTORY, [*told, [organisations[made.number] for made in plans], kinds, cells])
