"""Column titles of the official form: which words head which column, in any order and any wording."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from projects.passport import values
from projects.passport.intermediate import Row, squash
from projects.passport.lookalikes import cyrillic

_ROLES: dict[str, dict[str, str]] = {
    "indicators": {
        "number": r"№|^номер",
        "name": r"показател(?!ь? (тип|вид))|^наименование$",
        "kind": r"^(тип|вид|уровень)\b|тип показателя|вид показателя",
        "direction": r"признак|возрастани|направлени\w* изменени",
        "unit": r"единиц\w+ измерени|^ед\.? ?изм",
        "base_value": r"базов\w+ значени\w*(?!.*дата)|^баз",
        "base_date": r"базов.*дата|^дата",
    },
    "results": {
        "number": r"№|^номер",
        "name": r"(наименовани|задач).*результат|^результат|наименование задач|задач",
        "due": r"^срок|дата достижения|срок (реализации|исполнения|достижения)",
        "characteristic": r"характеристик",
        "unit": r"единиц\w+ измерени|^ед\.? ?изм",
        "base_value": r"базов\w+ значени\w*(?!.*дата)",
        "base_date": r"базов.*дата",
    },
    "finance": {
        "number": r"№|^номер",
        "name": r"источник\w* финанс|наименование|финансовое обеспечение",
        "code": r"кбк|бюджетной классификации|^(грбс|рзпр|рз ?пр|цср|вр)$",
        "total": r"^(всего|итого)",
        "note": r"^примечани",
        "money": r"объ[её]м|финансов\w+ обеспечени\w+ по годам|финансировани",
    },
    "participants": {
        "number": r"№|^номер",
        "role": r"роль",
        "name": r"фамили|ф\.? ?и\.? ?о",
        "position": r"должность|место работы",
        "supervisor": r"руководитель",
        "employment": r"занятость",
    },
    "plan": {
        "number": r"№|^номер",
        "name": r"наименование .*(мероприяти|контрольн|результат)|мероприяти\w*.*контрольн|^мероприяти",
        "start": r"начал",
        "end": r"окончани|заверш",
        "responsible": r"ответственн\w+ (исполнител|за (исполнени|реализаци|достижени|мероприят))"
        r"|^ответственн|^исполнител",
        "document": r"вид документа|документ|результат исполнения",
        "control_level": r"уровень контроля",
    },
    "breakdown": {
        "number": r"№|^номер",
        "territory": r"муниципальн\w+ (образовани|район|округ)|^(наименование )?(мо|оо|оу)\b|организаци|учреждени"
        r"|территори|школ|субъект|городск\w+ округ|^район",
        "indicator": r"показател",
        "base_value": r"базов\w+ значени\w*(?!.*дата)",
        "base_date": r"базов.*дата|^дата",
    },
    "methodology": {
        "number": r"№|^номер",
        "indicator": r"наименование показател|^показатель",
        "formula": r"методика|формула|алгоритм",
        "base_indicators": r"базов\w+ показател",
        "source": r"источник\w* (данных|информации)",
        "collector": r"ответственн\w+ за сбор|сбор данных",
        "aggregation": r"агрегир|уровень агрег",
        "schedule": r"срок|периодичн|временн\w+ характеристик",
        "note": r"дополнительн\w+ информаци|примечани",
    },
}
# Roles that only one section has: without one of these a table is not of that section.
_TELLING: dict[str, set[str]] = {
    "indicators": {"name"},
    "results": {"characteristic", "name"},
    "finance": {"total", "money", "code"},
    "participants": {"role", "employment", "supervisor"},
    "plan": {"start", "control_level", "document", "responsible"},
    "breakdown": {"territory"},
    "methodology": {"formula", "base_indicators", "source", "collector", "aggregation"},
}
_NEEDED: dict[str, set[str]] = {"finance": {"name"}, "plan": {"name"}, "indicators": {"name"}, "results": {"name"}}
_COMPILED = {
    section: {role: re.compile(pattern, re.IGNORECASE) for role, pattern in roles.items()}
    for section, roles in _ROLES.items()
}
_SUB_TITLE = re.compile(
    r"^(значени[ея]|дата|начал[оа]|окончани[ея]|тип|всего|итого|план|плановое значение|грбс|рз ?пр|цср|вр|кбк|код)\.?$",
    re.IGNORECASE,
)
# Labels of section 1, whose table has no header.
_GENERAL = re.compile(
    r"(краткое |полное |сокращ[её]нное )?наименование (\w+ )?проекта|"
    r"(куратор|руководитель|администратор|срок)\b|связь с",
    re.IGNORECASE,
)
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a table holds what; ``years`` maps a year to its column."""

    section: str
    roles: dict[str, int]
    years: dict[str, int]
    titles: tuple[str, ...]

    def at(self, role: str) -> int | None:
        return self.roles.get(role)


@lru_cache(maxsize=4096)
def _is_title(text: str) -> bool:
    text = cyrillic(squash(text))
    if not text or len(text) > _LONGEST:
        return False
    return any(pattern.search(text) for roles in _COMPILED.values() for pattern in roles.values())


def is_title_of(section: str, text: str) -> bool:
    """Whether words may head a column of this section."""
    line = cyrillic(squash(text))
    return 0 < len(line) <= _LONGEST and any(pattern.search(line) for pattern in _COMPILED[section].values())


def is_sub_title(text: str) -> bool:
    """Whether words stand under a title over several columns: a year, «Значение», «начало»."""
    text = values.without_marks(cyrillic(squash(text)))
    return bool(values.year(text) or _SUB_TITLE.match(text))


def _is_count(row: Row) -> bool:
    """Whether a row only numbers the columns: 1, 2, 3 …"""
    texts = [squash(text) for text in row.cells if text]
    return len(texts) >= 3 and texts == [str(index) for index in range(1, len(texts) + 1)]


def header_depth(rows: list[Row], at: int) -> int:
    """How many rows of a header begin at this row; 0 where none does."""
    first = rows[at]
    texts = [cyrillic(squash(text)) for text in first.cells if text]
    if len(texts) < 2 or any(len(text) > _LONGEST for text in texts):
        return 0
    # Most rows of a table are data: their numbers and dates say so before any title is looked for.
    wordy = sum(not values.is_atomic(text) or is_sub_title(text) for text in texts)
    if wordy < len(texts):
        return 0
    known = sum(_is_title(text) or is_sub_title(text) for text in texts)
    if known < 2 or known * 2 < len(texts):
        return 0
    if _GENERAL.match(texts[0]):
        return 0
    depth = 1
    while at + depth < len(rows) and depth < 5 and _continues(rows[at + depth]):
        depth += 1
    numbered = bool(re.match(r"№|номер|п/п", texts[0], re.IGNORECASE)) and first.cells[0] != ""
    if not numbered and not first.heading and not _best(_titles(rows[at : at + depth]), ""):
        return 0
    return depth


def _continues(row: Row) -> bool:
    if row.is_empty:
        return False
    if row.heading or _is_count(row):
        return True
    texts = [text for text in row.cells if text]
    return all(is_sub_title(text) for text in texts) and (not row.cells[0] or len(texts) > 2)


def _titles(header: list[Row]) -> tuple[str, ...]:
    """One title for each column, from the rows of the header, a title over several columns repeated for each."""
    rows = [row for row in header if not _is_count(row)]
    width = max((len(row.cells) for row in rows), default=0)
    titles: list[list[str]] = [[] for _ in range(width)]
    for index, row in enumerate(rows):
        carried = ""
        for column in range(width):
            text = cyrillic(squash(row.cell(column)))
            below = any(later.cell(column) for later in rows[index + 1 :])
            carried = text or (carried if below and column not in row.above else "")
            if carried:
                titles[column].append(carried)
    return tuple(" ".join(parts) for parts in titles)


def columns_of(header: list[Row], hint: str) -> Columns | None:
    """What a table is, by its column titles first and the heading above it (``hint``) second."""
    titles = _titles(header)
    found = _best(titles, hint)
    if found is None:
        return None
    section, roles = found
    last = [squash(row) for row in titles]
    years: dict[str, int] = {}
    for column, title in enumerate(last):
        year = values.year(title) or values.year(" ".join(title.split()[-2:])) or values.year(title.split(" ")[-1])
        if year and year not in years and column not in roles.values():
            years[year] = column
    return Columns(section, roles, years, titles)


def _best(titles: tuple[str, ...], hint: str) -> tuple[str, dict[str, int]] | None:
    best: tuple[float, str, dict[str, int]] | None = None
    for section in _ROLES:
        roles = _roles(section, titles)
        if not _TELLING[section] & set(roles) or not _NEEDED.get(section, set()) <= set(roles):
            continue
        score = len(roles) + 2 * len(_TELLING[section] & set(roles)) + (3 if section == hint else 0)
        if section in {"indicators", "breakdown"} and not any(
            values.year(title.split(" ")[-1]) for title in titles if title
        ):
            score -= 4
        if best is None or score > best[0]:
            best = (score, section, roles)
    return (best[1], best[2]) if best and best[0] >= 3 else None


def _roles(section: str, titles: tuple[str, ...]) -> dict[str, int]:
    """The first column that answers to each role; a column has one role, the more telling wording first."""
    roles: dict[str, int] = {}
    taken: set[int] = set()
    for role in _order(section):
        pattern = _COMPILED[section][role]
        for column, title in enumerate(titles):
            if column not in taken and title and pattern.search(values.without_marks(title)):
                if values.year(title.split(" ")[-1]) and role != "total":
                    continue
                roles[role] = column
                taken.add(column)
                break
    return roles


def _order(section: str) -> list[str]:
    """Roles whose words are rarer are matched before those whose words occur in other titles too."""
    late = {"name", "territory", "money", "base_value", "due", "indicator"}
    roles = list(_ROLES[section])
    return sorted(roles, key=lambda role: (role in late, roles.index(role)))


def same_header(first: list[Row], second: list[Row]) -> bool:
    """Whether two headers are one, repeated after a page break."""

    def words(rows: list[Row]) -> str:
        return re.sub(r"[\W_]+", "", "".join("".join(row.cells) for row in rows)).casefold()

    return words(first) == words(second)
