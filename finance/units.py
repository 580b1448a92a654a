"""Money in roubles, thousands and millions, without loss: a unit moves the point and rounds nothing."""

from __future__ import annotations

from decimal import Decimal

from finance.models import Unit
from finance.models.execution import MOST_KOPECKS
from projects.cells import number_text
from projects.passport.schema import decimal_text
from projects.passport.typography import DASH, NO_BREAK, number
from projects.typed import NotAnAnswer, read_number

# How many digits after the comma tables round to; the exact sum stands beside.
DECIMALS = {Unit.ROUBLE: 2, Unit.THOUSAND: 1, Unit.MILLION: 2}


def in_unit(value: Decimal, unit: Unit) -> Decimal:
    """Roubles as so many units, exactly."""
    return value.scaleb(-unit.power)


def in_roubles(value: Decimal, unit: Unit) -> Decimal:
    return value.scaleb(unit.power)


def rounded(value: Decimal | None, unit: Unit) -> str:
    """As tables show it; a dash where nothing is said."""
    return DASH if value is None else number(in_unit(value, unit), DECIMALS[unit])


def exactly(value: Decimal | None, unit: Unit) -> str:
    """Every digit and none that is padded, as it stands in a field: a decimal comma, no groups. Empty for None."""
    return "" if value is None else decimal_text(in_unit(value, unit)).replace(".", ",")


def told(value: Decimal | None, unit: Unit) -> str:
    """Every digit, in groups of three; a dash where nothing is said."""
    return DASH if value is None else number_text(in_unit(value, unit))


def in_words(value: Decimal) -> str:
    """«2 500 000,55 руб.», exactly."""
    return f"{number_text(value)}{NO_BREAK}руб."


def read_amount(text: str | None, unit: Unit) -> Decimal | None:
    """Roubles of what was typed in a unit; None for an empty field. Raises ``NotAnAnswer`` with a sentence."""
    typed = (text or "").strip()
    if not typed:
        return None
    value = in_roubles(read_number(typed), unit)
    if value != round(value, MOST_KOPECKS):
        most = MOST_KOPECKS + unit.power
        raise NotAnAnswer(f"В сумме доли копейки: если она {unit.inside}, после запятой не больше {most} знаков.")
    return value
