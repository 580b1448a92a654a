"""What the rows of a workbook would change in the register. A pure function: rows and register in, plans out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from organisations.models import REPORTING_KINDS, OrganisationKind, RegisterRow
from organisations.register.checking import CheckedRow, Refusal, checked
from organisations.register.columns import BY_KEY, words_of
from organisations.register.reading import SourceRow
from organisations.register.snapshot import Known, Person, Register

Outcome: TypeAlias = RegisterRow.Outcome
Head: TypeAlias = RegisterRow.Head

_COLUMNS_OF_PERSON = {"full_name": "head", "position": "position", "email": "email", "phone": "phone"}


@dataclass
class Plan:
    """What comes of a row. ``parent`` is an id, or the number of the row that adds the municipality, negative.

    ``values`` are the fields of the organisation that change, ``person`` those of the account of its head;
    ``user`` is that account where it exists, ``login`` the one of a new account, ``ended`` who is head no longer.
    """

    number: int
    cells: dict[str, str]
    outcome: Outcome = Outcome.UNCHANGED
    head: Head = Head.NONE
    changes: list[list[str]] = field(default_factory=list)
    sentence: str = ""
    organisation_id: int | None = None
    parent: int | None = None
    values: dict[str, str] = field(default_factory=dict)
    person: dict[str, str] = field(default_factory=dict)
    user: int | None = None
    login: str = ""
    ended: int | None = None

    def change(self, key: str, old: str, new: str) -> None:
        self.changes.append([BY_KEY[key].title, old, new])


def plan(rows: Sequence[SourceRow], register: Register) -> list[Plan]:
    """A plan for each row, in the order of the rows. Municipalities come first: rows below them name them."""
    planner = _Planner(register)
    plans = {}
    taken: list[tuple[SourceRow, CheckedRow]] = []
    for row in rows:
        try:
            taken.append((row, checked(row.cells)))
        except Refusal as refusal:
            plans[row.number] = _refused(row, refusal)
    for row, cells in sorted(taken, key=lambda pair: pair[1].kind != OrganisationKind.MUNICIPALITY):
        try:
            plans[row.number] = planner.plan(row, cells)
        except Refusal as refusal:
            plans[row.number] = _refused(row, refusal)
    return [plans[row.number] for row in rows]


def same_person(one: str, other: str) -> bool:
    """Whether two writings may be one person: equal words, or initials of them."""
    first, second = words_of(one).split(), words_of(other).split()
    return len(first) == len(second) and all(
        a == b or (place > 0 and 1 in (len(a), len(b)) and a[0] == b[0])
        for place, (a, b) in enumerate(zip(first, second, strict=True))
    )


def _refused(row: SourceRow, refusal: Refusal) -> Plan:
    return Plan(row.number, row.cells, outcome=Outcome.REFUSED, sentence=str(refusal))


class _Planner:
    """Plans rows one after another, and remembers what earlier rows of the file have taken."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._inns: dict[str, int] = {}
        self._matched: dict[int, int] = {}
        self._named: dict[tuple[int, str], int] = {}
        self._logins: set[str] = set()
        self._new_municipalities: dict[str, int] = {}

    def plan(self, row: SourceRow, cells: CheckedRow) -> Plan:
        if cells.inn:
            first = self._inns.setdefault(cells.inn, row.number)
            if first != row.number:
                raise Refusal(f"ИНН {cells.inn} уже стоит в строке {first}: одну организацию вносят один раз.")
        if cells.head and cells.kind == OrganisationKind.MUNICIPALITY:
            raise Refusal("У муниципалитета координатор, а не руководитель: добавьте его на странице учётных записей.")
        parent = self._parent(cells)
        known = self._known(cells, parent)
        made = Plan(row.number, row.cells, organisation_id=known.pk if known else None, parent=parent)
        if known is None:
            self._add(made, cells, parent)
        else:
            self._compare(made, cells, known, parent)
        self._plan_head(made, cells, known)
        if known is not None and made.changes:
            made.outcome = Outcome.CHANGED
        return made

    def _parent(self, cells: CheckedRow) -> int:
        if cells.kind == OrganisationKind.MUNICIPALITY:
            return self._register.territory.pk
        name = words_of(cells.municipality)
        found = self._register.municipalities.get(name, set())
        if len(found) > 1:
            raise Refusal(f"Муниципалитетов «{cells.municipality}» в реестре несколько: укажите ОКТМО муниципалитета.")
        if found:
            return next(iter(found))
        if name in self._new_municipalities:
            return -self._new_municipalities[name]
        raise Refusal(
            f"Муниципалитета «{cells.municipality}» нет в реестре: проверьте название или добавьте его строкой файла."
        )

    def _known(self, cells: CheckedRow, parent: int) -> Known | None:
        """The organisation that a row speaks of: by its ИНН, else by its name where the register has no ИНН yet."""
        register = self._register
        known = register.by_inn.get(cells.inn) if cells.inn else None
        if known is None and cells.kind == OrganisationKind.MUNICIPALITY:
            ids = register.municipalities.get(words_of(cells.name), set()) | (
                register.municipalities.get(cells.oktmo, set()) if cells.oktmo else set()
            )
            if len(ids) > 1:
                raise Refusal("По названию и ОКТМО подходят разные муниципалитеты реестра: исправьте одно из них.")
            known = register.organisations[next(iter(ids))] if ids else None
        elif known is None:
            named = [row for row in register.by_name.get((parent, words_of(cells.name)), ()) if not row.inn]
            known = named[0] if len(named) == 1 else None
        if known is None:
            return None
        if not register.below(known):
            raise Refusal(f"ИНН {cells.inn} уже у организации вне этого реестра: «{known.short_name}».")
        if known.closed:
            raise Refusal(f"«{known.short_name}» закрыта: сначала отмените закрытие на её странице.")
        return known

    def _add(self, made: Plan, cells: CheckedRow, parent: int) -> None:
        key = (parent, words_of(cells.name))
        first = self._named.setdefault(key, made.number)
        if first != made.number:
            raise Refusal(f"Организация с таким наименованием уже стоит в строке {first}.")
        if cells.kind == OrganisationKind.MUNICIPALITY:
            for name in (words_of(cells.name), words_of(cells.short_name), cells.oktmo):
                if name:
                    self._new_municipalities.setdefault(name, made.number)
        made.outcome = Outcome.ADDED
        made.values = {
            "kind": cells.kind.value,
            "inn": cells.inn,
            "oktmo": cells.oktmo,
            "name": cells.name,
            "short_name": cells.short_name or cells.name[:200],
        }
        for field_name, value in made.values.items():
            if value:
                made.change(field_name, "", _shown(field_name, value))
        if cells.kind != OrganisationKind.MUNICIPALITY:
            made.change("municipality", "", self._place(parent, cells))

    def _compare(self, made: Plan, cells: CheckedRow, known: Known, parent: int) -> None:
        first = self._matched.setdefault(known.pk, made.number)
        if first != made.number:
            raise Refusal(f"Это та же организация, что в строке {first}: «{known.short_name}».")
        if (cells.kind in REPORTING_KINDS) != (known.kind in REPORTING_KINDS):
            raise Refusal(f"В реестре это {OrganisationKind(known.kind).label.lower()}: такой вид файлом не меняется.")
        short_name = cells.short_name
        if not short_name and known.short_name == known.name[:200]:
            short_name = cells.name[:200]
        written = {
            "inn": cells.inn,
            "oktmo": cells.oktmo,
            "kind": cells.kind.value,
            "name": cells.name,
            "short_name": short_name,
        }
        for field_name, value in written.items():
            old = getattr(known, field_name)
            if value and value != old:
                made.values[field_name] = value
                made.change(field_name, _shown(field_name, old), _shown(field_name, value))
        if parent != known.parent_id:
            if known.kind not in REPORTING_KINDS or known.pk in self._register.with_children:
                raise Refusal("Внутри есть другие организации: передайте её на её странице, а не файлом.")
            before = self._register.organisations[known.parent_id or 0]
            made.change("municipality", before.short_name, self._place(parent, cells))

    def _place(self, parent: int, cells: CheckedRow) -> str:
        return self._register.organisations[parent].short_name if parent > 0 else cells.municipality

    def _plan_head(self, made: Plan, cells: CheckedRow, known: Known | None) -> None:
        if not cells.head:
            return
        heads = self._register.heads.get(known.pk, []) if known else []
        same = next((person for person in heads if same_person(person.full_name, cells.head)), None)
        if same is not None:
            self._same_head(made, cells, same)
        elif len(heads) > 1:
            names = ", ".join(person.full_name for person in heads)
            raise Refusal(f"За организацию отвечают несколько человек ({names}): смените руководителя на её странице.")
        else:
            self._next_head(made, cells, heads[0] if heads else None)

    def _same_head(self, made: Plan, cells: CheckedRow, person: Person) -> None:
        made.head, made.user = Head.SAME, person.pk
        if cells.login and cells.login != person.login:
            raise Refusal(f"У руководителя уже есть логин «{person.login}»: логин не меняется.")
        # A fuller writing of the same name is an improvement, initials are not.
        name = cells.head if len(cells.head) > len(person.full_name) else ""
        written = {"full_name": name, "position": cells.position, "email": cells.email, "phone": cells.phone}
        for field_name, value in written.items():
            old = getattr(person, field_name)
            if value and value != old:
                made.person[field_name] = value
                made.change(_COLUMNS_OF_PERSON[field_name], old, value)
        if made.person and not person.managed:
            raise Refusal(f"Сведения о человеке «{person.full_name}» меняет другой проектный офис.")

    def _next_head(self, made: Plan, cells: CheckedRow, before: Person | None) -> None:
        if before is not None and not before.managed:
            raise Refusal(f"Учётной записью «{before.full_name}» управляет другой проектный офис.")
        made.head = Head.REPLACED if before else Head.NEW
        made.ended = before.pk if before else None
        there = self._register.people.get(cells.login) if cells.login else None
        if there is not None:
            if not (there.managed and there.is_active and same_person(there.full_name, cells.head)):
                raise Refusal(f"Логин «{cells.login}» уже занят: укажите другой или оставьте ячейку пустой.")
            made.user, made.login = there.pk, there.login
        else:
            made.login = self._new_login(cells)
            made.person = {
                "full_name": cells.head,
                "position": cells.position,
                "email": cells.email,
                "phone": cells.phone,
            }
        made.change("head", before.full_name if before else "", cells.head)
        made.change("login", before.login if before else "", made.login)
        for key, old, new in (
            ("position", before.position if before else "", cells.position),
            ("email", before.email if before else "", cells.email),
            ("phone", before.phone if before else "", cells.phone),
        ):
            if new and there is None:
                made.change(key, old, new)

    def _new_login(self, cells: CheckedRow) -> str:
        if cells.login in self._logins:
            raise Refusal(f"Логин «{cells.login}» стоит в файле дважды: у каждого человека он свой.")
        login, number = cells.login or cells.inn, 1
        while not cells.login and (login in self._register.people or login in self._logins):
            number += 1
            login = f"{cells.inn}-{number}"
        self._logins.add(login)
        return login


def _shown(field_name: str, value: str) -> str:
    return OrganisationKind(value).label if field_name == "kind" and value else value


def parents_first(plans: Iterable[Plan]) -> list[Plan]:
    """Rows that add municipalities before the rest."""
    return sorted(plans, key=lambda made: made.values.get("kind") != OrganisationKind.MUNICIPALITY)
