"""The subjects of the Russian Federation and how a text names them, in any case.

The list is closed by Article 65 of the Constitution, so it is shipped; municipalities are not listed anywhere here.
A capitalised «… ской области» or «… ского края» that is not in the list is taken for a region too: a passport may be
of a region that was renamed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from projects.passport.intermediate import squash

_OBLASTS = [
    "Амурск",
    "Архангельск",
    "Астраханск",
    "Белгородск",
    "Брянск",
    "Владимирск",
    "Волгоградск",
    "Вологодск",
    "Воронежск",
    "Запорожск",
    "Ивановск",
    "Иркутск",
    "Калининградск",
    "Калужск",
    "Кемеровск",
    "Кировск",
    "Костромск",
    "Курганск",
    "Курск",
    "Ленинградск",
    "Липецк",
    "Магаданск",
    "Московск",
    "Мурманск",
    "Нижегородск",
    "Новгородск",
    "Новосибирск",
    "Омск",
    "Оренбургск",
    "Орловск",
    "Пензенск",
    "Псковск",
    "Ростовск",
    "Рязанск",
    "Самарск",
    "Саратовск",
    "Сахалинск",
    "Свердловск",
    "Смоленск",
    "Тамбовск",
    "Тверск",
    "Томск",
    "Тульск",
    "Тюменск",
    "Ульяновск",
    "Херсонск",
    "Челябинск",
    "Ярославск",
]
_KRAIS = [
    "Алтайск",
    "Забайкальск",
    "Камчатск",
    "Краснодарск",
    "Красноярск",
    "Пермск",
    "Приморск",
    "Ставропольск",
    "Хабаровск",
]
_DISTRICTS = {
    "Ненецк": "Ненецкий автономный округ",
    "Ханты-Мансийск": "Ханты-Мансийский автономный округ – Югра",
    "Чукотск": "Чукотский автономный округ",
    "Ямало-Ненецк": "Ямало-Ненецкий автономный округ",
}
_ADJECTIVE_REPUBLICS = {
    "Кабардино-Балкарск": "Кабардино-Балкарская Республика",
    "Карачаево-Черкесск": "Карачаево-Черкесская Республика",
    "Удмуртск": "Удмуртская Республика",
    "Чеченск": "Чеченская Республика",
    "Чувашск": "Чувашская Республика",
    "Донецк": "Донецкая Народная Республика",
    "Луганск": "Луганская Народная Республика",
}
# The name after «Республика …», and its forms where it stands alone. «Алтай» and «Коми» alone are other things.
_REPUBLICS = {
    "Республика Адыгея": r"Адыге(?:я|и|ю|ей)",
    "Республика Алтай": r"Алтай",
    "Республика Башкортостан": r"Башкортостан(?:а|у|ом|е)?",
    "Республика Бурятия": r"Буряти(?:я|и|ю|ей)",
    "Республика Дагестан": r"Дагестан(?:а|у|ом|е)?",
    "Республика Ингушетия": r"Ингушети(?:я|и|ю|ей)",
    "Республика Калмыкия": r"Калмыки(?:я|и|ю|ей)",
    "Республика Карелия": r"Карели(?:я|и|ю|ей)",
    "Республика Коми": r"Коми",
    "Республика Крым": r"Крым(?:а|у|ом)?",
    "Республика Марий Эл": r"Марий Эл",
    "Республика Мордовия": r"Мордови(?:я|и|ю|ей)",
    "Республика Саха (Якутия)": r"Саха(?: ?\(Якутия\))?|Якути(?:я|и|ю|ей)",
    "Республика Северная Осетия – Алания": r"Северн(?:ая|ой|ую) Осети(?:я|и|ю|ей)",
    "Республика Татарстан": r"Татарстан(?:а|у|ом|е)?",
    "Республика Тыва": r"Тыв(?:а|ы|е|у|ой)",
    "Республика Хакасия": r"Хакаси(?:я|и|ю|ей)",
}
_ALONE = {
    "Чувашская Республика": r"Чуваши(?:я|и|ю|ей)",
    "Удмуртская Республика": r"Удмурти(?:я|и|ю|ей)",
    "Чеченская Республика": r"Чечн(?:я|и|е|ю|ей)",
    "Кабардино-Балкарская Республика": r"Кабардино-Балкари(?:я|и|ю|ей)",
    "Карачаево-Черкесская Республика": r"Карачаево-Черкеси(?:я|и|ю|ей)",
}
_NOT_ALONE = {"Республика Алтай", "Республика Коми", "Республика Саха (Якутия)"}
# A district within a region: each lies in the other as far as a passport goes.
_WITHIN = {
    "Ненецкий автономный округ": "Архангельская область",
    "Ханты-Мансийский автономный округ – Югра": "Тюменская область",
    "Ямало-Ненецкий автономный округ": "Тюменская область",
}

_FEMALE, _MALE = r"(?:ая|ой|ую|ою)", r"(?:ий|ого|ому|им|ом)"
_ADJECTIVE = r"[А-ЯЁ][а-яё]{1,30}(?:-[А-ЯЁ][а-яё]{1,30}){0,3}[сц]к"
_CAPITALS = r"[А-ЯЁ-]{1,60}[СЦ]К"
_OBLAST = re.compile(
    rf"\b(?:(?P<name>{_ADJECTIVE}){_FEMALE} (?:област(?:ь|и|ью)\b|обл\.)"
    rf"|(?P<caps>{_CAPITALS})(?:АЯ|ОЙ|УЮ|ОЮ) ОБЛАСТ(?:Ь|И|ЬЮ)\b)"
)
_KRAI = re.compile(
    rf"\b(?:(?P<name>{_ADJECTIVE}){_MALE} кра(?:й|я|ю|ем|е)\b"
    rf"|(?P<caps>{_CAPITALS})(?:ИЙ|ОГО|ОМУ|ИМ|ОМ) КРА(?:Й|Я|Ю|ЕМ|Е)\b)"
)
_DISTRICT = re.compile(rf"\b(?P<name>{_ADJECTIVE}){_MALE} автономн(?:ый|ого|ому|ым|ом) округ(?:а|у|ом|е)?\b")
_JEWISH = re.compile(r"\bЕврейск(?:ая|ой|ую) автономн(?:ая|ой|ую) област(?:ь|и|ью)\b")
_ADJECTIVE_REPUBLIC = re.compile(
    rf"\b(?P<name>{'|'.join(_ADJECTIVE_REPUBLICS)}){_FEMALE} (?:Народн{_FEMALE} )?[Рр]еспублик(?:а|и|е|у|ой)\b"
)


def _forms(name: str, forms: str) -> re.Pattern[str]:
    alone = "" if name in _NOT_ALONE else rf"|\b(?:{forms})(?!\w)"
    return re.compile(rf"\b[Рр]еспублик(?:а|и|е|у|ой) (?:{forms})(?!\w){alone}")


_NAMED = tuple((name, _forms(name, forms)) for name, forms in _REPUBLICS.items()) + tuple(
    (name, re.compile(rf"\b(?:{forms})\b")) for name, forms in _ALONE.items()
)
# Moscow and Saint Petersburg are places where people meet; as the owner of a project they stand after a body.
_CITY = re.compile(
    r"\b(?:[Пп]равительств\w*|[Бб]юджет\w*|[Гг]убернатор\w*|[Мм]эр\w*|[Дд]епартамент\w*(?: образования)?)"
    r" (?P<raw>(?:города |г\. ?)?(?P<name>Москвы|Санкт-Петербурга|Севастополя))\b"
)
_CITIES = {"Москвы": "город Москва", "Санкт-Петербурга": "город Санкт-Петербург", "Севастополя": "город Севастополь"}
# «Педагогическая область» at the beginning of a sentence is no region.
_NOT_A_REGION = re.compile(r"ческ$", re.IGNORECASE)


# Most texts name no region: these tell so at once.
_ANY_NAME = re.compile("|".join([*_REPUBLICS.values(), *_ALONE.values()]))
_ANY = re.compile(
    rf"област|обл\.|ОБЛАСТ|\bкра[йяюе]|КРА|автономн|еспублик|Москвы|Петербурга|Севастополя|{_ANY_NAME.pattern}"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A region named in a text: its full name in the nominative, and the words as written."""

    name: str
    raw: str


@lru_cache(maxsize=4096)
def regions_in(text: str | None) -> tuple[Mention, ...]:
    """Every region that a text names, in whatever case it stands."""
    line = squash(text or "")
    return tuple(_mentions(line)) if _ANY.search(line) else ()


def _mentions(line: str) -> Iterator[Mention]:
    for pattern, ending in ((_OBLAST, "ая область"), (_KRAI, "ий край")):
        for found in pattern.finditer(line):
            stem = found["name"] or found["caps"].title()
            if not _NOT_A_REGION.search(stem):
                yield Mention(f"{stem}{ending}", found[0])
    for found in _DISTRICT.finditer(line):
        yield Mention(_DISTRICTS.get(found["name"], f"{found['name']}ий автономный округ"), found[0])
    for found in _JEWISH.finditer(line):
        yield Mention("Еврейская автономная область", found[0])
    for found in _ADJECTIVE_REPUBLIC.finditer(line):
        yield Mention(_ADJECTIVE_REPUBLICS[found["name"]], found[0])
    if _ANY_NAME.search(line):
        for name, pattern in _NAMED:
            for found in pattern.finditer(line):
                yield Mention(name, found[0])
    for found in _CITY.finditer(line):
        yield Mention(_CITIES[found["name"]], found["raw"])


SUBJECTS = frozenset(
    [f"{stem}ая область" for stem in _OBLASTS]
    + [f"{stem}ий край" for stem in _KRAIS]
    + list(_DISTRICTS.values())
    + list(_ADJECTIVE_REPUBLICS.values())
    + list(_REPUBLICS)
    + list(_CITIES.values())
    + ["Еврейская автономная область"]
)


def belongs(region: str, home: str) -> bool:
    """Whether a region is the home region, is a part of it or holds it; a region renamed keeps its stem."""
    if region == home or _WITHIN.get(region) == home or _WITHIN.get(home) == region:
        return True
    # «Пермская область» became «Пермский край»; both of two known subjects are two regions.
    return _stem(region) == _stem(home) and not (region in SUBJECTS and home in SUBJECTS)


def _stem(name: str) -> str:
    return re.sub(r"(ая|ий)$", "", name.split(" ")[0]).casefold()
