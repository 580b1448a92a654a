"""Writing thousands of planned rows into the register: a statement for each table, none for each row.

The caller holds the tree's lock and the transaction; triggers keep the audit trail as for any other write.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone

from organisations.models import (
    ChangeKind,
    Membership,
    Organisation,
    OrganisationChange,
    RegisterLoad,
    Session,
    User,
    sort_key_of,
)
from organisations.register.planning import Head, Outcome, Plan, parents_first
from organisations.roles import Role
from organisations.services.invitations import invitations_cancel
from organisations.services.tree import next_organisation_ids

_BATCH = 2000

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
    Organisation.objects.bulk_create(new.values(), batch_size=_BATCH)
    moved = []
    for made in changed:
        parent = there[made.parent] if made.parent and made.parent > 0 else new[ids[-(made.parent or 0)]]
        row = there[ids[made.number]]
        if made.values or row.parent_id != parent.pk:
            _place(row, parent)
            _fill(row, made)
            moved.append(row)
    _update(moved)
    return ids


def _place(row: Organisation, parent: Organisation) -> None:
    row.parent, row.depth, row.path = parent, parent.depth + 1, f"{parent.path}{row.pk}."


def _fill(row: Organisation, made: Plan) -> None:
    for field, value in made.values.items():
        setattr(row, field, value or None if field == "inn" else value)
    row.sort_key = sort_key_of(row.short_name)[:200]


def _update(rows: Sequence[Organisation]) -> None:
    fields = ("pk", "kind", "name", "short_name", "sort_key", "inn", "oktmo", "parent_id", "path", "depth")
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_UPDATE, [[getattr(row, field) for row in rows] for field in fields])


def _write_heads(plans: Sequence[Plan], organisations: dict[int, int]) -> None:
    _end_heads({(made.ended, organisations[made.number]) for made in plans if made.ended is not None})
    joining = [made for made in plans if made.head in {Head.NEW, Head.REPLACED}]
    users = User.objects.bulk_create(
        (User(login=made.login, password=make_password(None), **made.person) for made in joining if made.user is None),
        batch_size=_BATCH,
    )
    accounts = {user.login: user.pk for user in users}
    Membership.objects.bulk_create(
        (
            Membership(
                user_id=made.user or accounts[made.login],
                organisation_id=organisations[made.number],
                role=Role.REPORTER,
            )
            for made in joining
        ),
        batch_size=_BATCH,
        ignore_conflicts=True,
    )
    _update_people([made for made in plans if made.head == Head.SAME and made.person])


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
    fields = ("full_name", "position", "email", "phone")
    with connection.cursor() as cursor:
        columns = [[made.person.get(field) for made in plans] for field in fields]
        cursor.execute(_UPDATE_PEOPLE, [[made.user for made in plans], *columns])
    # A letter to an address that was wrong must not give access.
    invitations_cancel(users=User.objects.filter(pk__in=[made.user for made in plans if "email" in made.person]))


def _write_history(plans: Sequence[Plan], organisations: dict[int, int], load: RegisterLoad, actor: User) -> None:
    reason, today = f"Загрузка из файла «{load.file.name}»", timezone.localdate()
    OrganisationChange.objects.bulk_create(
        (
            OrganisationChange(
                organisation_id=organisations[made.number],
                kind=ChangeKind.CREATED if made.outcome == Outcome.ADDED else ChangeKind.UPDATED,
                day=today,
                reason=reason,
                cells=made.changes,
                load=load,
                actor=actor,
            )
            for made in plans
        ),
        batch_size=_BATCH,
    )
