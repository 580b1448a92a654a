"""People in the words of a passport: «Стяжкин С. В.», «С.В. Стяжкин» and «Стяжкин Сергей Владимирович» are one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from projects.passport.intermediate import squash
from projects.passport.lookalikes import cyrillic

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


def named_in(text: str | None) -> Iterator[Named]:
    """Everyone whom a text names by surname and initials or in full, in order."""
    line = squash(text or "")
    # Latin letters that look Cyrillic are read as what they look like; one letter for one keeps the places.
    plain = cyrillic(line)
    for found in _PERSON.finditer(plain):
        if _NAMESAKE.search(plain[: found.start()]):
            continue
        part = found.groupdict()
        surname = part["s1"] or part["s2"] or part["s3"] or part["s4"]
        first, second = part["f1"] or part["f2"], part["p1"] or part["p2"]
        letters = first[0] + second[0] if first else "".join(re.findall(r"[А-ЯЁ]", part["i3"] or part["i4"]))
        yield Named(
            surname=_plain(surname),
            initials=_plain(letters),
            given=_plain(f"{first} {second}") if first else "",
            raw=line[found.start() : found.end()],
        )


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
