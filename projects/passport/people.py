"""People in the words of a passport: «Стяжкин С. В.», «С.В. Стяжкин» and «Стяжкин Сергей Владимирович» are one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from projects.passport.intermediate import squash
from projects.passport.lookalikes import cyrillic
from projects.passport.typography import NO_BREAK

_SURNAME = r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?|[А-ЯЁ]{3,}"
_FIRST = r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?"
_PATRONYMIC = r"[А-ЯЁ][а-яё]+(?:вич|вна|ична|инична|ьич)|[А-ЯЁ][а-яё]+ (?:кызы|оглы|гызы)"
_INITIALS = r"[А-ЯЁ]\.\s?[А-ЯЁ]\.?"
_PERSON = re.compile(
    rf"(?<![А-ЯЁа-яё-])(?:(?P<s1>{_SURNAME}) (?P<f1>{_FIRST}) (?P<p1>{_PATRONYMIC})"
    rf"|(?P<f2>{_FIRST}) (?P<p2>{_PATRONYMIC}) (?P<s2>{_SURNAME})"
    rf"|(?P<s3>{_SURNAME}),? (?P<i3>{_INITIALS})"
    rf"|(?P<i4>{_INITIALS})\s?(?P<s4>{_SURNAME}))(?![А-ЯЁа-яё])"
)
# «школа им. А.С. Пушкина» names no one of the project.
_NAMESAKE = re.compile(r"(\bим\.|\bимени)\s?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """A person named in a text: surname and initials in lower case, full names where given, the words as written."""

    surname: str
    initials: str
    given: str
    raw: str

    @property
    def key(self) -> tuple[str, str]:
        return self.surname, self.initials


@dataclass(frozen=True, slots=True)
class Mention:
    """A person named in a line, and where: ``surname`` and ``initials`` are places of the parts, the latter None in a
    full name."""

    named: Named
    start: int
    end: int
    surname: tuple[int, int]
    initials: tuple[int, int] | None


def mentions_in(line: str) -> Iterator[Mention]:
    """Everyone whom one line (without runs of white space) names by surname and initials or in full, in order."""
    # Latin letters that look Cyrillic are read as what they look like; one letter for one keeps the places.
    plain = cyrillic(line)
    for found in _PERSON.finditer(plain):
        if _NAMESAKE.search(plain[: found.start()]):
            continue
        part = found.groupdict()
        surname = next(name for name in ("s1", "s2", "s3", "s4") if part[name])
        short = next((name for name in ("i3", "i4") if part[name]), None)
        first, second = part["f1"] or part["f2"], part["p1"] or part["p2"]
        letters = "".join(re.findall(r"[А-ЯЁ]", part[short])) if short else first[0] + second[0]
        named = Named(
            surname=_plain(part[surname]),
            initials=_plain(letters),
            given="" if short else _plain(f"{first} {second}"),
            raw=line[found.start() : found.end()],
        )
        yield Mention(named, *found.span(), found.span(surname), found.span(short) if short else None)


def named_in(text: str | None) -> Iterator[Named]:
    """Everyone whom a text names by surname and initials or in full, in order."""
    for mention in mentions_in(squash(text or "")):
        yield mention.named


def with_initials(text: str) -> str:
    """The text with everyone whom it names written as «Стяжкин С. В.»; initials are not parted at the end of a line."""
    line, written, done = squash(text), [], 0
    for mention in mentions_in(line):
        initials = NO_BREAK.join(f"{letter}." for letter in mention.named.initials.upper())
        written += [line[done : mention.start], f"{line[slice(*mention.surname)]} {initials}"]
        done = mention.end
    return "".join([*written, line[done:]])


def people_in_cell(cell: str | None) -> tuple[Named, ...]:
    """Whom a cell of names holds. A name of another shape («Ким Ли») is the whole cell; a vacancy is nobody."""
    named = tuple(named_in(cell))
    line = squash(cell or "")
    if named or not re.search(r"\w", line) or is_vacant(line) or is_group(line):
        return named
    return (Named(surname=_plain(cyrillic(line)), initials="", given="", raw=line),)


PersonKey = tuple[str, str, str]


def told_apart(people: Iterable[Named]) -> dict[Named, PersonKey]:
    """One key for all namings of one person: surname and initials, and the full name where two people share those."""
    people = set(people)
    given: dict[tuple[str, str], set[str]] = {}
    for named in people:
        given.setdefault(named.key, set()).add(named.given)
    shared = {key for key, names in given.items() if len(names - {""}) > 1}
    return {named: (*named.key, named.given if named.key in shared else "") for named in people}


def employment_of(rows: Iterable[tuple[str | None, Decimal | None]]) -> Decimal | None:
    """Percent of one person's time in one project, of (group, employment) of each row; None where no row says any.

    Source: the form of section 5. The employment is that in the whole project, so one figure repeated under every
    result is one statement. Different figures of one person, and several rows under one result, add up.
    """
    groups: dict[str | None, Decimal] = {}
    for group, employment in rows:
        if employment is not None:
            groups[group] = groups.get(group, Decimal(0)) + employment
    return sum(set(groups.values()), Decimal(0)) if groups else None


def _plain(text: str) -> str:
    return text.casefold().replace("ё", "е")


def is_same(first: Named, second: Named) -> bool:
    """Whether two namings may be one person; full names that differ are two people with the same initials."""
    return first.key == second.key and not (first.given and second.given and first.given != second.given)


def is_inflected(first: Named, second: Named) -> bool:
    """Whether one naming is the other in another case («Стяжкину С.В.»): equal initials, equal stem of the surname."""
    if first.initials != second.initials:
        return False
    short, long = sorted((first.surname, second.surname), key=len)
    stem = max(3, len(short) - 2)
    return len(long) - len(short) <= 2 and short[:stem] == long[:stem]


_COLLECTIVE = re.compile(
    r"(министерств|департамент|управлени|администраци|комитет|комисси|совет\b|центр|школ|организаци|учреждени|колледж"
    r"|техникум|институт|университет|агентств|служб|отдел\b|групп|команд|коллектив|общественност|правительств|органы"
    r"|[а-я]?(оу|дпо|сош|доу|моу|мку|гбу|гау|гоу|огбу|огку|ано|ооо|оао|пао|ао|мо|иро)\b)",
    re.IGNORECASE,
)
_PLURAL = re.compile(
    r"\w+(и|ы|ые|ие)\b|(директора|учителя|мастера|тренера|профессора|доктора|инспектора)\b", re.IGNORECASE
)


def is_group(text: str | None) -> bool:
    """Whether words name a group of people or a body («руководители школ», «Министерство …») and not one post."""
    line = squash(text or "").lstrip('«"“-–— ')
    return bool(line) and bool(_PLURAL.match(line) or _COLLECTIVE.match(line))


_VACANT = re.compile(r"ваканси\w*|вакантн\w*|не назначен\w*|не определ[её]н\w*", re.IGNORECASE)


def is_vacant(text: str) -> bool:
    """Whether a cell of names says that nobody holds the post."""
    return bool(_VACANT.match(text))
