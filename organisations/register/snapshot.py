"""The register as it stands, read whole in four queries, for a comparison row by row without any."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from organisations.models import Membership, Organisation, OrganisationKind, User
from organisations.register.columns import words_of
from organisations.roles import Role


@dataclass(frozen=True)
class Known:
    """An organisation of the register."""

    pk: int
    parent_id: int | None
    path: str
    kind: str
    name: str
    short_name: str
    inn: str
    oktmo: str
    closed: bool


@dataclass(frozen=True)
class Person:
    """Somebody with an account; ``managed``: whoever loads the register may change it."""

    pk: int
    login: str
    full_name: str
    position: str
    email: str
    phone: str
    is_active: bool
    managed: bool


@dataclass
class Register:
    """What rows are compared with. Names are looked up by their words, see :func:`words_of`."""

    territory: Known
    organisations: dict[int, Known]
    by_inn: dict[str, Known]
    by_name: dict[tuple[int, str], list[Known]]
    municipalities: dict[str, set[int]]
    heads: dict[int, list[Person]]
    people: dict[str, Person]
    with_children: set[int] = field(default_factory=set)

    def below(self, known: Known) -> bool:
        return known.path.startswith(self.territory.path) and known.pk != self.territory.pk


def register_of(territory: Organisation, actor: User) -> Register:
    """The register below ``territory`` as ``actor`` may change it; taken ИНН and logins are those of everybody."""
    columns = ("pk", "parent_id", "path", "kind", "name", "short_name", "inn", "oktmo", "closed_at")
    rows = [
        Known(pk, parent_id, path, kind, name, short_name, inn or "", oktmo, closed_at is not None)
        for pk, parent_id, path, kind, name, short_name, inn, oktmo, closed_at in Organisation.objects.order_by(
            "pk"
        ).values_list(*columns)
    ]
    organisations = {known.pk: known for known in rows}
    by_name: dict[tuple[int, str], list[Known]] = defaultdict(list)
    municipalities: dict[str, set[int]] = defaultdict(set)
    for known in rows:
        if known.parent_id is not None:
            by_name[known.parent_id, words_of(known.name)].append(known)
        if known.kind == OrganisationKind.MUNICIPALITY and known.path.startswith(territory.path) and not known.closed:
            for name in (words_of(known.name), words_of(known.short_name), known.oktmo):
                if name:
                    municipalities[name].add(known.pk)
    people = _people(actor)
    by_pk = {person.pk: person for person in people.values()}
    heads: dict[int, list[Person]] = defaultdict(list)
    held = Membership.objects.filter(role=Role.REPORTER, organisation__path__startswith=territory.path)
    for organisation_id, user_id in held.order_by("pk").values_list("organisation_id", "user_id"):
        heads[organisation_id].append(by_pk[user_id])
    return Register(
        territory=organisations[territory.pk],
        organisations=organisations,
        by_inn={known.inn: known for known in rows if known.inn},
        by_name=by_name,
        municipalities=municipalities,
        heads=heads,
        people=people,
        with_children={known.parent_id for known in rows if known.parent_id is not None},
    )


def _people(actor: User) -> dict[str, Person]:
    managed = set(User.objects.get_queryset().managed_by(actor).values_list("pk", flat=True))
    rows = User.objects.values_list("pk", "login", "full_name", "position", "email", "phone", "is_active")
    return {
        login: Person(pk, login, full_name, position, email, phone, is_active, pk in managed)
        for pk, login, full_name, position, email, phone, is_active in rows
    }
