"""The people: without a name, without an employment, with too much of it, under several spellings, unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from projects.passport import people
from projects.passport.checks.words import finding_of, raw_of
from projects.passport.lookalikes import cyrillic
from projects.passport.schema import Finding, Participant, Passport
from projects.passport.typography import number as written

_HUNDRED = Decimal(100)


def no_name(passport: Passport) -> Iterator[Finding]:
    """``participant.no_name``: a post and nobody who holds it. A group of people or a body needs no name."""
    for index, row in enumerate(passport.participants):
        if row.name and not people.is_vacant(row.name):
            continue
        if any(people.is_group(text) for text in (row.position, row.role)) or any(people.named_in(row.position)):
            continue
        raw = row.name or raw_of(passport, "participants", index, "name")
        who = f" ({row.position})" if row.position else ""
        words = f"у участника не указаны фамилия и инициалы{who}."
        yield finding_of(passport, "participant.no_name", "warning", "participants", index, "name", words, raw)


def no_employment(passport: Passport) -> Iterator[Finding]:
    """``participant.no_employment``: an empty cell; once for the section where no row has an employment."""
    empty = [
        index
        for index, row in enumerate(passport.participants)
        if row.employment is None and raw_of(passport, "participants", index, "employment") is None
    ]
    if len(empty) > 1 and len(empty) == len(passport.participants):
        words = "Ни у одного участника не указана занятость в проекте: такой графы нет или она пуста."
        yield finding_of(passport, "participant.no_employment", "warning", "participants", None, "employment", words)
        return
    for index in empty:
        name = passport.participants[index].name
        words = f"не указана занятость в проекте{f' ({name})' if name else ''}."
        yield finding_of(passport, "participant.no_employment", "warning", "participants", index, "employment", words)


def overloaded(passport: Passport) -> Iterator[Finding]:
    """``participant.overloaded``: more than 100 % of one person, as :func:`people.employment_of` counts it."""
    single = [index for index, row in enumerate(passport.participants) if (row.employment or 0) > _HUNDRED]
    for index in single:
        value = passport.participants[index].employment or Decimal(0)
        words = f"занятость {written(value)} %: больше 100 % быть не может."
        yield finding_of(
            passport, "participant.overloaded", "error", "participants", index, "employment", words, written(value)
        )
    for name, rows in _by_person(passport).items():
        if any(index in single for index, _ in rows):
            continue
        total = people.employment_of((row.group, row.employment) for _, row in rows)
        if total is None or total <= _HUNDRED:
            continue
        index, row = rows[-1]
        words = f"занятость участника «{name}» вместе с другими его строками {written(total)} %: больше 100 %."
        raw = None if row.employment is None else written(row.employment)
        yield finding_of(passport, "participant.overloaded", "warning", "participants", index, "employment", words, raw)


def _by_person(passport: Passport) -> dict[str, list[tuple[int, Participant]]]:
    """The rows of each person with an employment, under the name as it was first written."""
    known: dict[tuple[str, str], list[people.Named]] = {}
    rows: dict[str, list[tuple[int, Participant]]] = {}
    for index, row in enumerate(passport.participants):
        for named in people.named_in(row.name) if row.employment is not None else ():
            alike = known.setdefault(named.key, [])
            person = next((other for other in alike if people.is_same(other, named)), None)
            if person is None:
                person = named
                alike.append(named)
            own = rows.setdefault(person.raw, [])
            if not own or own[-1][0] != index:
                own.append((index, row))
    return rows


@dataclass(frozen=True, slots=True)
class _Spelling:
    person: people.Named
    section: str
    row: int
    field: str


def _spellings(passport: Passport) -> Iterator[_Spelling]:
    for field in ("name", "supervisor"):
        for index, row in enumerate(passport.participants):
            for named in people.named_in(getattr(row, field)):
                yield _Spelling(named, "participants", index, field)
    for index, event in enumerate(passport.plan):
        for named in people.named_in(event.responsible):
            yield _Spelling(named, "plan", index, "responsible")


def name_variants(passport: Passport) -> Iterator[Finding]:
    """``participant.name_variants``: one person spelled in several ways, once for each person.

    Section 1 gives full names and section 5 initials by the form itself, so section 1 is not compared.
    """
    groups: dict[tuple[str, str], list[_Spelling]] = {}
    for spelling in _spellings(passport):
        groups.setdefault(spelling.person.key, []).append(spelling)
    for group in groups.values():
        if len({spelling.person.given for spelling in group if spelling.person.given}) > 1:
            continue
        odd = _odd(group)
        if odd is None:
            continue
        ways = ", ".join(f"«{way}»" for way in dict.fromkeys(spelling.person.raw for spelling in group))
        words = f"один и тот же человек записан по-разному: {ways}. Пишите его одинаково."
        yield finding_of(
            passport, "participant.name_variants", "notice", odd.section, odd.row, odd.field, words, odd.person.raw
        )


def _odd(group: list[_Spelling]) -> _Spelling | None:
    """The first spelling that differs from the most usual one; None where all agree."""
    named = [spelling for spelling in group if spelling.field == "name"]
    # In the column of names every sign counts; elsewhere a space between initials is nobody's concern.
    for spellings, ways in (
        (named, [cyrillic(spelling.person.raw) for spelling in named]),
        (group, [cyrillic(spelling.person.raw).replace(" ", "") for spelling in group]),
    ):
        if len(set(ways)) > 1:
            usual = Counter(ways).most_common(1)[0][0]
            return next(spelling for spelling, way in zip(spellings, ways, strict=True) if way != usual)
    return None


def unknown_responsible(passport: Passport) -> Iterator[Finding]:
    """``participant.unknown_responsible``: a person of the plan whom neither section 5 nor section 1 names.

    Posts, groups and bodies may be responsible too: only people named by surname and initials are looked up.
    """
    if not any(row.name for row in passport.participants):
        return
    known = {named.key: named for named in _known(passport)}
    by_initials: dict[str, list[people.Named]] = {}
    for person in known.values():
        by_initials.setdefault(person.initials, []).append(person)
    for index, row in enumerate(passport.plan):
        for named in people.named_in(row.responsible):
            alike = by_initials.get(named.initials, [])
            if named.key in known or any(people.is_inflected(named, other) for other in alike):
                continue
            words = f"ответственным указан «{named.raw}», но среди участников проекта его нет."
            yield finding_of(
                passport, "participant.unknown_responsible", "warning", "plan", index, "responsible", words, named.raw
            )


def _known(passport: Passport) -> Iterator[people.Named]:
    for row in passport.participants:
        for text in (row.name, row.supervisor, row.position, row.role):
            yield from people.named_in(text)
    for person in (passport.curator, passport.head, passport.administrator):
        yield from people.named_in(person.name)
    yield from people.named_in(passport.approval.approver)
