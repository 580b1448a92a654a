"""How findings name the parts of a passport to a clerk, and in which order the parts stand."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from projects.passport.schema import Finding, Passport, Row, Severity, Unread
from projects.passport.typography import number as written

ORDER = {
    name: place
    for place, name in enumerate(
        (
            "level",
            "title",
            "short_title",
            "parent_title",
            "territory",
            "start",
            "end",
            "approval",
            "curator",
            "head",
            "administrator",
            "programmes",
            "goal",
            "indicators",
            "tasks",
            "results",
            "finance",
            "participants",
            "additional",
            "plan",
            "control_levels",
            "breakdown",
            "methodology",
            "footnotes",
        )
    )
}
TITLES = {
    "title": "раздел 1 «Основные положения»",
    "indicators": "раздел 2 «Цель и показатели»",
    "tasks": "раздел 3 «Задачи и результаты»",
    "results": "раздел 3 «Задачи и результаты»",
    "finance": "раздел 4 «Финансовое обеспечение»",
    "participants": "раздел 5 «Участники»",
    "plan": "приложение 1 «План мероприятий»",
    "breakdown": "приложение 2 с показателями по территориям и организациям",
    "methodology": "методика расчёта показателей",
}
WHERE = {
    "indicators": "В показателях",
    "tasks": "В задачах",
    "results": "В результатах",
    "finance": "В финансовом обеспечении",
    "participants": "В участниках",
    "plan": "В плане мероприятий",
    "breakdown": "В приложении с показателями по территориям",
    "methodology": "В методике",
}
OF = {
    "indicators": " раздела 2",
    "tasks": " раздела 3",
    "results": " раздела 3",
    "finance": " раздела 4",
    "participants": " раздела 5",
    "plan": " плана мероприятий",
    "breakdown": " приложения 2",
    "methodology": " методики",
}
FIELDS = {
    "start": "дата начала",
    "end": "дата окончания",
    "due": "срок",
    "base.date": "дата базового значения",
    "base.value": "базовое значение",
    "employment": "занятость",
    "total": "«Всего»",
    "code": "код бюджетной классификации",
    "kind": "тип показателя",
    "name": "имя",
}


def rows_of(passport: Passport, section: str) -> tuple[Row, ...]:
    """The rows of a list of the passport."""
    found = getattr(passport, section, ())
    return found if isinstance(found, tuple) else ()


def number_of(passport: Passport, section: str, row: int | None) -> str | None:
    """The number that a row of a list carries: its own, or for the breakdown that of its indicator."""
    rows = rows_of(passport, section)
    if row is None or not 0 <= row < len(rows):
        return None
    found = getattr(rows[row], "number", None) or getattr(rows[row], "indicator", None)
    return str(found) if found else None


# No passport numbers its rows deeper; a number longer than that is a fault of its own.
_DEEPEST = 9


def headings_of(numbers: Iterable[str | None]) -> set[str]:
    """The numbers that others stand under: «1» and «1.2» of «1.2.3»."""
    parts = ((number or "").split(".", _DEEPEST) for number in numbers)
    return {".".join(part[:depth]) for part in parts for depth in range(1, len(part))}


def which(passport: Passport, section: str, row: int) -> str:
    """«в строке 1.2» by the number where there is one, else by the first words, else by the place."""
    number = number_of(passport, section, row)
    line = rows_of(passport, section)[row]
    if section == "breakdown":
        return f"в строке «{short(getattr(line, 'territory', None) or str(row + 1))}»"
    if number:
        return f"в строке {number}"
    name = getattr(line, "name", None) or getattr(line, "role", None)
    return f"в строке «{short(name)}»" if name else f"в {row + 1}-й строке"


def short(text: str, limit: int = 60) -> str:
    """The first words of a long name."""
    if len(text) <= limit:
        return text
    return text[:limit].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def field_words(field: str) -> str:
    """What a field is called in the document: «значение за 2020 год», «срок»."""
    if field.startswith("targets."):
        return f"значение за {field[8:]} год"
    if field.startswith("amounts."):
        return f"сумма за {field[8:]} год"
    return FIELDS.get(field, "значение")


def amount(value: Decimal) -> str:
    """A number of a message with at least one decimal, as sums are written in passports."""
    return written(value, max(1, decimals(value)))


def decimals(value: Decimal) -> int:
    """How many digits stand after the comma, padding not counted."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


Cell = tuple[str, int | None, str]


class _Unread:
    """The cells of :attr:`Passport.unread` by their place, made once for a passport and kept until the next one."""

    def __init__(self) -> None:
        self._latest: tuple[tuple[Unread, ...], dict[Cell, str]] = ((), {})

    def of(self, unread: tuple[Unread, ...]) -> dict[Cell, str]:
        known, cells = self._latest
        if known is not unread:
            cells = {}
            for item in unread:
                cells.setdefault((item.section, item.row, item.field), item.raw)
            self._latest = (unread, cells)
        return cells


_UNREAD = _Unread()


def raw_of(passport: Passport, section: str, row: int | None, field: str) -> str | None:
    """How a cell was written where it held no value of its kind; None where it was empty."""
    return _UNREAD.of(passport.unread).get((section, row, field))


def finding_of(
    passport: Passport,
    code: str,
    severity: Severity,
    section: str,
    row: int | None,
    field: str | None,
    words: str,
    raw: str | None = None,
) -> Finding:
    """A finding at a row whose sentence begins by saying where the row is."""
    place = "" if row is None else f"{where(passport, section, row)} "
    return finding(passport, code, severity, section, row, field, f"{place}{words}", raw)


def finding(
    passport: Passport,
    code: str,
    severity: Severity,
    section: str,
    row: int | None,
    field: str | None,
    message: str,
    raw: str | None = None,
) -> Finding:
    """A finding with the number of its row; the message becomes a sentence."""
    return Finding(
        code=code,
        severity=severity,
        section=section,
        row=row,
        number=number_of(passport, section, row),
        field=field,
        raw=raw,
        message=message[:1].upper() + message[1:],
    )


def where(passport: Passport, section: str, row: int) -> str:
    """«в строке 1.2 плана мероприятий», «в строке 3 раздела 5»."""
    return f"{which(passport, section, row)}{OF.get(section, '')}"
