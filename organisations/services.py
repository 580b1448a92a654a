"""Every write to organisations, people and roles."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from organisations.models import Membership, Organisation, User, sort_key_of
from organisations.roles import Role


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
    organisation = Organisation(
        parent=parent,
        kind=kind,
        name=name,
        short_name=(short_name or name)[:200],
        sort_key=sort_key_of(short_name or name)[:200],
        inn=inn,
        oktmo=oktmo,
        depth=parent.depth + 1 if parent else 0,
    )
    # The path holds the row's own id, so the id is drawn first and the row is written once.
    organisation.pk = _next_organisation_id()
    organisation.path = f"{parent.path if parent else ''}{organisation.pk}."
    organisation.save(force_insert=True)
    return organisation


def _next_organisation_id() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('organisations_organisation', 'id'))")
        return int(cursor.fetchone()[0])


@transaction.atomic
def organisation_close(*, organisation: Organisation, day: dt.date) -> Organisation:
    """Close an organisation from that day on. Periods opened before keep it: they have their own tree."""
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    locked.closed_at = day
    locked.save(update_fields=["closed_at"])
    return locked


@transaction.atomic
def user_create(
    *,
    login: str,
    full_name: str,
    password: str | None = None,
    position: str = "",
    email: str = "",
    roles: tuple[tuple[Role, Organisation], ...] = (),
) -> User:
    """Add a person with their roles. Without a password nobody can sign in until one is set."""
    user = User.objects.create_user(login, password, full_name=full_name, position=position, email=email)
    for role, organisation in roles:
        Membership.objects.create(user=user, role=role, organisation=organisation)
    return user
