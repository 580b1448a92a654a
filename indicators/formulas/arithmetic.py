"""The arithmetic that Python and PostgreSQL share.

Addition, subtraction and multiplication of decimals are exact on both sides. Only division has to be agreed
upon: PostgreSQL chooses the number of digits of a quotient by the look of its arguments. So a quotient here
is by definition rounded half away from zero to :data:`QUOTIENT_PLACES` decimals. Both sides get there by a
truncating integer division to one digit more: rounding half away from zero looks at no other digit.
"""

from __future__ import annotations

import decimal
from decimal import Decimal

QUOTIENT_PLACES = 20
RESULT_PLACES = 10
LARGEST_RESULT = Decimal(10) ** 30
"""A result this large is no measurement of anything: it counts as not defined."""

# Wide enough for the product of everything that the length of a formula allows, so nothing is ever rounded
# but where the language says so.
EXACT = decimal.Context(
    prec=20_000,
    rounding=decimal.ROUND_HALF_UP,
    Emin=decimal.MIN_EMIN,
    Emax=decimal.MAX_EMAX,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow, decimal.Inexact],
)


def rounded(value: Decimal, places: int) -> Decimal:
    """Round half away from zero, as ``round(numeric, integer)`` does in PostgreSQL."""
    with decimal.localcontext(EXACT) as context:
        context.traps[decimal.Inexact] = False
        return value.quantize(Decimal(1).scaleb(-places))


def quotient(dividend: Decimal, divisor: Decimal) -> Decimal:
    """Divide by a divisor that is not zero; see the module's docstring for the rounding."""
    shifted = EXACT.scaleb(dividend, QUOTIENT_PLACES + 1)
    truncated = EXACT.divide_int(shifted, divisor)
    return rounded(EXACT.scaleb(truncated, -QUOTIENT_PLACES - 1), QUOTIENT_PLACES)
