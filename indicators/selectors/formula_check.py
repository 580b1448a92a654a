"""What a formula is understood as, before it is saved."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.formulas import FormulaError, operands, parse, to_text
from indicators.models import BaseIndicator


@dataclass(frozen=True)
class FormulaCheck:
    """``shown`` is the formula as it was read, ``words`` its base indicators. Or ``error``, one sentence with a place.

    ``before``, ``at`` and ``after`` are the text cut at that place; ``at`` is empty at the end of the text.
    """

    shown: str = ""
    words: tuple[BaseIndicator, ...] = ()
    error: str = ""
    before: str = ""
    at: str = ""
    after: str = ""


def formula_check(text: str) -> FormulaCheck:
    """Read a formula; an empty text is nothing yet and no error. At most one query."""
    if not text.strip():
        return FormulaCheck()
    try:
        tree = parse(text)
    except FormulaError as error:
        place = error.position - 1
        return FormulaCheck(error=str(error), before=text[:place], at=text[place : place + 1], after=text[place + 1 :])
    known = {row.code: row for row in BaseIndicator.objects.current().filter(code__in=operands(tree))}
    if missing := sorted(operands(tree) - known.keys()):
        return FormulaCheck(error=f"Нет такого базового показателя: {', '.join(missing)}.")
    return FormulaCheck(shown=to_text(tree), words=tuple(known.values()))
