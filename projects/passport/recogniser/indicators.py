"""Section 2: indicators, the federal indicators quoted above them, and the units in their names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from projects.passport.intermediate import squash
from projects.passport.lookalikes import mended
from projects.passport.pages import Sheet
from projects.passport.recogniser.draft import Draft, Line, lines, without_dash
from projects.passport.schema import Direction, Indicator, IndicatorKind
from projects.passport.titles import Columns

_UNIT = re.compile(
    r"(?P<unit>процент(?:ов|а|ы)?|%|единиц[аы]?|ед\.?|человек[а]?|чел\.?|штук[аи]?|шт\.?|балл(?:ов|а|ы)?|рубл(?:ей|я|ь)"
    r"|руб\.?|(?:тыс|млн|млрд)\.?\s?[а-яё]+\.?|тысяч\w*(?: [а-яё]+)?|миллион\w*(?: [а-яё]+)?"
    r"|условн\w+ единиц\w*|место|мест|да/нет"
    r"|км|кв\.?\s?м|га|час(?:ов|а)?|лет|года?|промилле)$",
    re.IGNORECASE,
)
_AFTER_UNIT = re.compile(r"\s*\([^()]*\)$")
_LABEL_GROUP = re.compile(
    r"^((целевые )?показател[ьи] ((федеральн|региональн|муниципальн|национальн)ого )?проекта\W*$|цел[ьи]\b|задача\b)",
    re.IGNORECASE,
)
_KIND_GROUP = re.compile(r"^(основн\w+|дополнительн\w+) (целев\w+ )?показател", re.IGNORECASE)


def kind_of(text: str) -> IndicatorKind | None:
    words = mended(squash(text)).casefold()
    if words.startswith(("основн", "осн.")):
        return "main"
    return "additional" if words.startswith(("доп",)) else None


def direction_of(text: str) -> Direction | None:
    words = mended(squash(text)).casefold()
    if re.match(r"(возраст|рост|увелич|прям|↑)", words):
        return "increasing"
    return "decreasing" if re.match(r"(убыв|сниж|уменьш|обратн|↓)", words) else None


def unit_of(name: str) -> str | None:
    """The unit at the end of a name («…, %», «… организаций процент»), as written."""
    text = name.rstrip(" .;")
    plain = mended(text)
    found = _UNIT.search(plain) or _UNIT.search(_AFTER_UNIT.sub("", plain))
    if not found:
        return None
    before = found.string[: found.start()].rstrip()
    inside_word = found.start() > 0 and found.string[found.start() - 1].isalpha()
    if inside_word:
        return None
    sure = before.endswith((",", ";", "(", ":")) or found["unit"].casefold().startswith(("процент", "%"))
    return text[found.start("unit") : found.end("unit")] if sure else None


def read_indicators(sheet: Sheet, columns: Columns, draft: Draft) -> None:
    federal: str | None = None
    scope: str | None = None
    kind: IndicatorKind | None = None
    for line in lines(sheet.rows, columns):
        name = without_dash(line.name)
        group_kind = _KIND_GROUP.match(mended(name)) if line.number is None else None
        if group_kind and _is_bare(line, columns):
            kind, federal = kind_of(group_kind[1]), None
        elif line.number is None and _LABEL_GROUP.match(mended(name)) and _is_bare(line, columns):
            federal, scope = None, None
        elif line.number is None and _is_bare(line, columns):
            federal, scope = name or federal, None
        elif name or line.number:
            # What is quoted above an indicator holds for it and for its sub-indicators, not for the next one.
            if scope is not None and not (line.number or "").startswith(f"{scope}."):
                federal = None
            scope = scope or line.number or "" if federal else None
            draft.indicators.append(_indicator(line, name, columns, draft, kind, federal))


def _is_bare(line: Line, columns: Columns) -> bool:
    """Whether a row has words and no value at all: a quoted federal indicator or a group."""
    if line.row.group is not None:
        return line.row.group
    held = [columns.at("kind"), columns.at("base_value"), columns.at("base_date"), *columns.years.values()]
    return line.group or not any(line.row.cell(column) for column in held)


def _indicator(
    line: Line, name: str, columns: Columns, draft: Draft, kind: IndicatorKind | None, federal: str | None
) -> Indicator:
    index = len(draft.indicators)
    said = line.row.cell(columns.at("kind"))
    own_kind = kind_of(said)
    direction = direction_of(line.row.shared(columns.at("direction"))) or direction_of(said)
    if squash(said) and own_kind is None and direction is None:
        draft.keep_raw("indicators", index, "kind", said)
    unit = squash(line.row.shared(columns.at("unit")))
    if line.row.group is None or columns.at("unit") is None:
        unit = unit or said_unit(line.number, name, draft.indicators) or ""
    return Indicator(
        number=line.number,
        name=name or None,
        unit=unit or None,
        kind=own_kind or (kind if not squash(said) else None),
        federal_name=federal,
        direction=direction,
        base=draft.base(line.row, columns, "indicators", index),
        targets=draft.targets(line.row, columns, "indicators", index),
    )


def said_unit(number: str | None, name: str, before: Sequence[Indicator]) -> str | None:
    """The unit that an indicator has without a column for it: from its name, or for 3.1 from that of its heading 3.

    ``before`` are the indicators that stand above it.
    """
    own = unit_of(name)
    if own or not number or "." not in number:
        return own
    parent = number.rsplit(".", 1)[0]
    return next((row.unit for row in reversed(before) if row.number == parent), None)
