"""The territory of a project, from the names of places in its words, brought to the nominative."""

from __future__ import annotations

import re
from collections import Counter

from projects.passport.lookalikes import mended
from projects.passport.schema import Level

_HIS = r"(?:ий|ого|ому|им|ом)"
_NAME = r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ]?[а-яё]+){0,3}"
_REGIONS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        (rf"\b({_NAME})(?:ая|ой|ую|ою) автономн(?:ая|ой|ую) област(?:ь|и|ью)\b", "{0}ая автономная область"),
        (rf"\b({_NAME}[сц]к)(?:ая|ой|ую|ою) област(?:ь|и|ью)\b", "{0}ая область"),
        (rf"\b({_NAME}н)(?:яя|ей|юю) област(?:ь|и|ью)\b", "{0}яя область"),
        (rf"\b({_NAME}(?:[сц]к|в|ш))(?:ая|ой|ую|ою|ый|ого|ому|ым|ом) (?=област)област(?:ь|и|ью)\b", "{0}ая область"),
        (rf"\b({_NAME}[сц]к)(?:ий|ого|ому|им|ом) кра(?:й|я|ю|ем|е)\b", "{0}ий край"),
        (
            rf"\b({_NAME}[сц]к)(?:ий|ого|ому|им|ом) автономн(?:ый|ого|ому|ым|ом) округ(?:а|у|ом|е)?\b",
            "{0}ий автономный округ",
        ),
        (rf"\b({_NAME}[сц]к)(?:ая|ой|ую|ою) Народн(?:ая|ой|ую) Республик(?:а|и|е|у|ой)\b", "{0}ая Народная Республика"),
        (rf"\b({_NAME}[сц]к)(?:ая|ой|ую|ою) Республик(?:а|и|е|у|ой)\b", "{0}ая Республика"),
        (
            r"\bРеспублик(?:а|и|е|у|ой) ((?!Российск)[А-ЯЁ][а-яё]+(?:[ -](?:[А-ЯЁ]|\([А-ЯЁ])[а-яё]+\)?)*)",
            "Республика {0}",
        ),
        (r"\bгород(?:а|у|е)? (Москв|Севастопол)(?:а|ы|е|у|ь|я|ю)\b", "{0}"),
        (r"\b(Санкт-Петербург)(?:а|у|е|ом)?\b", "{0}"),
    )
)
_CITIES = {"Москв": "город Москва", "Севастопол": "город Севастополь", "Санкт-Петербург": "город Санкт-Петербург"}
_MUNICIPALITIES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), form)
    for pattern, form in (
        (
            r"«(город(?:ской округ)? [А-ЯЁ][^«»]{2,40}|[^«»]{3,40} (?:муниципальный |городской )?(?:район|округ))»",
            "{0}",
        ),
        (
            rf"\b({_NAME}ск){_HIS} (муниципальн|городск)(?:ый|ого|ому|ым|ом|ой) (район|округ)(?:а|у|ом|е)?\b",
            "{0}ий {1} {2}",
        ),
        (r"\b([А-ЯЁ][а-яё]+ск)(?:ий|ого|ому|им|ом) (район|округ)(?:а|у|ом|е)?\b", "{0}ий {1}"),
    )
)
_TOWN = re.compile(
    r"\b(?:[Гг]ород(?P<case>а|)|[Гг]\.) ?(?!Росси)(?P<name>(?:[А-ЯЁ][а-яё]+(?:ий|ый|ая|ое|ие|ые|его|ого|ой) )?"
    r"[А-ЯЁ][а-яё]+(?:-(?:на-)?[А-ЯЁ][а-яё]+)*)"
)
_ENDINGS = {"муниципальн": "муниципальный", "городск": "городской"}


def territory(level: Level | None, front: str, text: str) -> str | None:
    """The place a project belongs to: what its front page names, else what its text names most often.

    A federal project has none. A municipal project belongs to its municipality, not to the region around it.
    """
    if level == "federal":
        return None
    front, text = mended(front), mended(text)
    patterns = _MUNICIPALITIES if level == "municipal" else _REGIONS
    for words in (front, text):
        found = _most_named(patterns, words) or (_town(words, text) if level == "municipal" else None)
        if found:
            return found
    return None


def _town(words: str, text: str) -> str | None:
    """The town that words name most often in whatever case: «глава города Ельники», «в г. Саянске»."""
    known = set(re.findall(r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁа-яё]+)*", text))
    names = Counter(
        found["name"] if found["case"] == "" else _nominative(found["name"], known) for found in _TOWN.finditer(words)
    )
    return f"город {names.most_common(1)[0][0]}" if names else None


def _nominative(name: str, known: set[str]) -> str:
    """A name after «города» in the nominative. Many names stand there unchanged («города Ельники»).

    A name that ends in «-и» or «-ы» may be a plural; it is changed only where the text knows the other form.
    """
    head, on, river = name.partition("-на-")
    first, space, last = head.rpartition(" ")
    if re.search(r"[бвгджзклмнпрстфхцчшщ]а$", last):
        last = last[:-1]
    elif re.search(r"[иы]$", last):
        last = next((form for ending in ("а", "ь", "я") if (form := last[:-1] + ending) in known), last)
    elif last.endswith("ля"):
        last = f"{last[:-1]}ь"
    for genitive, ending in (("его", "ий"), ("кого", "кий"), ("ого", "ый"), ("ой", "ая")):
        if first.endswith(genitive):
            first = first.removesuffix(genitive) + ending
            break
    return f"{first}{space}{last}{on}{river}"


def _most_named(patterns: tuple[tuple[re.Pattern[str], str], ...], text: str) -> str | None:
    names: Counter[str] = Counter()
    for pattern, form in patterns:
        for found in pattern.finditer(text):
            groups = [_ENDINGS.get(group.casefold(), group) for group in found.groups()]
            name = form.format(*groups)
            names[_CITIES.get(name, name)] += 1
    return names.most_common(1)[0][0] if names else None
