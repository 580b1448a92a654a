"""A small safe language for the formulas of indicators: ``100 * connected / organisations``.

Pure: no Django, no database. A formula is parsed once, when it is written; from then on the same tree is
evaluated in Python (one form, one organisation), compiled to SQL (the roll-up) and printed for people.
The first two agree to the last digit, because both do exact decimal arithmetic and divide in one defined way.
"""

from indicators.formulas.arithmetic import LARGEST_RESULT, RESULT_PLACES
from indicators.formulas.errors import FormulaError
from indicators.formulas.evaluation import divide, evaluate
from indicators.formulas.parser import parse
from indicators.formulas.sql import divide_sql, to_sql
from indicators.formulas.text import to_text
from indicators.formulas.tree import BUILT_IN_OPERANDS, Binary, Call, Negate, Node, Number, Operand, operands, walk

__all__ = [
    "BUILT_IN_OPERANDS",
    "LARGEST_RESULT",
    "RESULT_PLACES",
    "Binary",
    "Call",
    "FormulaError",
    "Negate",
    "Node",
    "Number",
    "Operand",
    "divide",
    "divide_sql",
    "evaluate",
    "operands",
    "parse",
    "to_sql",
    "to_text",
    "walk",
]
