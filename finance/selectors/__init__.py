"""Reads of the money of projects.

``plan``: section 4 of the passport as its page shows it.
``states``: planned, contracted and executed of every line by year, with its status.
``execution``: the execution of one project as its page shows it.
``reconciling``: whether its sums agree.
``history``: how the figures of a line came to be.
"""

from finance.selectors.plan import MoneyTable, money_of
from finance.selectors.states import Latest, Money, MoneyState, known_money, money_states

__all__ = ["Latest", "Money", "MoneyState", "MoneyTable", "known_money", "money_of", "money_states"]
