"""Whose account stands behind the names of a plan («Малых Е.В., Мельникова А.Н.»), and who may write about a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from milestones.models import PlanRow
from organisations.access import access_of
from organisations.models import Membership, Organisation, User
from organisations.roles import Action, Role
from projects.passport.people import Named, is_same, named_in

_NEVER = (Role.REPORTER, Role.AUDITOR)
"""Heads of organisations are too many to be known by initials, and an auditor changes nothing."""


def accounts_of(rows: Iterable[PlanRow]) -> dict[int, tuple[User, ...]]:
    """Who is responsible for each row, by its key: the account set by hand, or else each person whom the plan names and
    who is the only one of that surname and initials around the project's territory. One query.

    The rows have their project, territory and progress with its assignee at hand.
    """
    wanted = list(rows)
    staff = _staff()
    known = {row.project.territory_id: _by_name(row.project.territory, staff) for row in wanted}
    return {row.pk: _accounts(row, known[row.project.territory_id]) for row in wanted}


def may_write(user: User, row: PlanRow) -> bool:
    """Whether the person may say what became of this row: by right, or because they are responsible for it."""
    return access_of(user).allows(Action.WRITE_PROGRESS, row.project.territory) or user in accounts_of([row])[row.pk]


def candidates(territory: Organisation) -> list[User]:
    """Accounts that may be made responsible for a row of a project of the territory, by surname. One query."""
    people = {user.pk: user for path, user in _staff() if _around(path, territory)}
    return sorted(people.values(), key=lambda user: user.full_name)


def _staff() -> list[tuple[str, User]]:
    """Everybody who may be responsible, with the path of the node at which they hold a role."""
    rows = Membership.objects.exclude(role__in=_NEVER).filter(user__is_active=True)
    return [(row.organisation.path, row.user) for row in rows.select_related("user", "organisation").order_by("pk")]


def _around(path: str, territory: Organisation) -> bool:
    """Whether a node lies at the territory, above or below it."""
    return path.startswith(territory.path) or territory.path.startswith(path)


def _by_name(territory: Organisation, staff: Iterable[tuple[str, User]]) -> dict[tuple[str, str], dict[int, User]]:
    people: dict[tuple[str, str], dict[int, User]] = defaultdict(dict)
    for path, user in staff:
        if _around(path, territory):
            people[_of_account(user.full_name).key][user.pk] = user
    return people


def _accounts(row: PlanRow, people: dict[tuple[str, str], dict[int, User]]) -> tuple[User, ...]:
    progress = getattr(row, "progress", None)
    if progress and progress.assignee:
        return (progress.assignee,) if progress.assignee.is_active else ()
    found: dict[int, User] = {}
    for name in _named(row.responsible):
        same = [user for user in people.get(name.key, {}).values() if is_same(_of_account(user.full_name), name)]
        if len(same) == 1:
            found[same[0].pk] = same[0]
    return tuple(found.values())


@lru_cache(maxsize=4096)
def _named(text: str) -> tuple[Named, ...]:
    return tuple(named_in(text))


def _of_account(full_name: str) -> Named:
    """An account says surname, name and patronymic in this order, whatever patronymics look like."""
    surname, *given = full_name.casefold().replace("ё", "е").split() or [""]
    return Named(surname, "".join(word[0] for word in given[:2]), " ".join(given[:2]), full_name)
