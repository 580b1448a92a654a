"""The code of budget classification (КБК) of an expense: its groups, and what is wrong with one. Pure.

Source: order of the Ministry of Finance № 132н of 06.06.2019: twenty signs, the chief administrator (3), the section
and subsection (2 + 2), the target article (10) and the kind of expense (3). Only the target article may hold letters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

GROUPS = (
    ("главный распорядитель", 0, 3),
    ("раздел", 3, 5),
    ("подраздел", 5, 7),
    ("целевая статья", 7, 17),
    ("вид расходов", 17, 20),
)
LENGTH = 20
_ARTICLE = slice(7, 17)


@dataclass(frozen=True)
class BudgetCode:
    """``groups`` are names with their signs; ``wrong`` is one sentence, empty for a code that is right."""

    groups: tuple[tuple[str, str], ...]
    wrong: str = ""

    @property
    def text(self) -> str:
        """The code in its groups: «075 07 02 16 1 E1 51690 244» is written «075 07 02 161E151690 244»."""
        return "\N{NARROW NO-BREAK SPACE}".join(signs for _, signs in self.groups)


def budget_code(written: str) -> BudgetCode:
    """A code as a passport writes it, with or without spaces."""
    code = re.sub(r"\s", "", written)
    if len(code) != LENGTH:
        return BudgetCode((("код", code),), f"В КБК {LENGTH} знаков, а здесь {len(code)}.")
    groups = tuple((name, code[start:end]) for name, start, end in GROUPS)
    for name, signs in groups:
        odd = next((sign for sign in signs if not _fits(sign, name)), None)
        if odd:
            place = code.index(odd) + 1
            return BudgetCode(groups, f"На {place}-м месте КБК («{name}») должна быть цифра, а стоит «{odd}».")
    if not code[_ARTICLE].strip("0"):
        return BudgetCode(groups, "В КБК не указана целевая статья: на её месте одни нули.")
    return BudgetCode(groups)


def _fits(sign: str, group: str) -> bool:
    return bool(re.fullmatch(r"[0-9]", sign)) or (group == "целевая статья" and sign.isalpha())
