"""What becomes of figures that somebody gives for lines as of a date, beside what is known of them. Pure.

The page and the workbook ask it before writing, and the service once more under the lock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from finance.models import ExecutionEntry, FinanceLine
from finance.models.execution import LIMIT, MOST_KOPECKS
from finance.units import in_words
from projects.passport.typography import date_short

FIELDS = ("contracted", "executed")
_TITLES = {"contracted": "законтрактовано", "executed": "исполнено"}
# Ratios that look like thousands taken for roubles, or roubles for thousands.
_FAR, _FARTHEST = Decimal(300), Decimal(3000)


@dataclass(frozen=True)
class Given:
    """What is said of a line as of a date, in roubles; None is «not said».

    ``version`` is that of the entry that the person saw, 0 where there was none. ``confirmed``: the person was asked
    about the order of magnitude and said that it is right.
    """

    line_id: int
    contracted: Decimal | None = None
    executed: Decimal | None = None
    explanation: str = ""
    version: int = 0
    confirmed: bool = False


@dataclass(frozen=True)
class Known:
    """What is known of a line for the year: its plan, the entry of the very date, the last one before it."""

    line: FinanceLine
    planned: Decimal | None = None
    entry: ExecutionEntry | None = None
    before: Mapping[str, tuple[Decimal, dt.date]] = field(default_factory=dict)


class Outcome(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    ASKED = "asked"
    STALE = "stale"

    @property
    def words(self) -> str:
        return _OUTCOMES[self]


_OUTCOMES = {
    Outcome.ADDED: "добавится",
    Outcome.CHANGED: "изменится",
    Outcome.UNCHANGED: "без изменений",
    Outcome.REFUSED: "не принято",
    Outcome.ASKED: "нужно подтвердить",
    Outcome.STALE: "записано другим",
}


@dataclass(frozen=True)
class Judged:
    """What would become of a line; ``errors`` by field, ``warnings`` hold nothing back."""

    given: Given
    known: Known
    outcome: Outcome
    errors: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def is_written(self) -> bool:
        return self.outcome in (Outcome.ADDED, Outcome.CHANGED)


def judged(given: Given, known: Known, as_of: dt.date) -> Judged:
    """What becomes of a line: whoever saw an older version is told before anything else."""
    entry = known.entry
    if _says_the_same(given, entry):
        return Judged(given, known, Outcome.UNCHANGED)
    if given.version != (entry.version if entry else 0):
        return Judged(given, known, Outcome.STALE, {"": _overtaken(entry)})
    errors = _errors(given, known, as_of)
    if errors:
        return Judged(given, known, Outcome.REFUSED, errors)
    warnings = warnings_of(given, known)
    question = "" if given.confirmed else magnitude_question(given, known)
    if question:
        return Judged(given, known, Outcome.ASKED, {"confirmed": question}, warnings)
    return Judged(given, known, Outcome.CHANGED if entry else Outcome.ADDED, {}, warnings)


def _says_the_same(given: Given, entry: ExecutionEntry | None) -> bool:
    if entry is None:
        return given.contracted is None and given.executed is None
    now = (entry.contracted, entry.executed, entry.explanation)
    return now == (given.contracted, given.executed, given.explanation)


def _overtaken(entry: ExecutionEntry | None) -> str:
    if entry is None:
        return "Пока вы вводили, эту запись изменили: проверьте её ещё раз."
    said = ", ".join(
        f"{_TITLES[name]} {in_words(value)}" for name in FIELDS if (value := getattr(entry, name)) is not None
    )
    return f"Пока вы вводили, эту строку записал(а) {entry.entered_by.short_name}: {said or 'запись убрана.'}"


def _errors(given: Given, known: Known, as_of: dt.date) -> dict[str, str]:
    errors = {name: text for name in FIELDS if (text := _wrong(getattr(given, name)))}
    if not errors.get("contracted") and given.contracted is not None and given.contracted < 0:
        errors["contracted"] = "Законтрактовано не бывает отрицательным: возврат денег показывают в исполнении."
    if known.entry is None and known.line.archived_at:
        errors[""] = "Этой строки больше нет в паспорте: новых сведений по ней не вносят."
    if errors or given.explanation:
        return errors
    if given.contracted is None and given.executed is None:
        return {"explanation": "Напишите, почему запись убирают: прежние числа останутся в истории."}
    if given.executed is not None and given.executed > (known.planned or 0):
        if known.planned is None:
            return {"explanation": f"В паспорте на {as_of.year} год по этой строке нет плана: напишите, что исполнено."}
        return {"explanation": f"Исполнено больше плана года ({in_words(known.planned)}): напишите, почему."}
    return {}


def _wrong(value: Decimal | None) -> str:
    if value is None:
        return ""
    if not value.is_finite() or abs(value) >= LIMIT:
        return "Такой суммы не бывает: проверьте, в тех ли единицах она."
    if value != round(value, MOST_KOPECKS):
        return "В сумме доли копейки: округлите её до копеек."
    return ""


def warnings_of(given: Given, known: Known) -> tuple[str, ...]:
    """What holds nothing back and should be looked at."""
    found = []
    executed, contracted = given.executed, given.contracted
    if contracted is None and "contracted" in known.before:
        contracted = known.before["contracted"][0]
    if executed is not None and contracted is not None and contracted < executed:
        found.append("Законтрактовано меньше, чем исполнено: проверьте оба числа.")
    if executed is not None and executed < 0:
        found.append("Исполнение отрицательное: это возврат денег.")
    elif executed is not None and "executed" in known.before and executed < known.before["executed"][0]:
        value, day = known.before["executed"]
        found.append(f"Исполнено меньше, чем на {date_short(day)} ({in_words(value)}): это возврат денег?")
    return tuple(found)


def magnitude_question(given: Given, known: Known) -> str:
    """Asked where an amount is about a thousand times the previous one, or the plan, or a thousandth of it."""
    for name in FIELDS:
        value = getattr(given, name)
        references = [known.before[name]] if name in known.before else []
        for reference, where in [*references, *([(known.planned, None)] if known.planned else [])]:
            if value and reference and (ratio := abs(value) / abs(reference)):
                beside = f"на {date_short(where)} было" if where else "план года"
                told = f"{_TITLES[name].capitalize()} {in_words(value)}, а {beside} {in_words(reference)}"
                if ratio >= _FAR:
                    return f"{told} Вы ввели рубли вместо тысяч или тысячи вместо миллионов?"
                if 1 / _FARTHEST <= ratio <= 1 / _FAR:
                    return f"{told} Вы ввели тысячи вместо рублей?"
    return ""
