"""Reads of the money of projects.

``plan``: section 4 of the passport as its page shows it.
``states``: planned, contracted and executed of every line by year, with its status.
"""

from finance.selectors.plan import MoneyTable, money_of
from finance.selectors.states import Latest, MoneyState, latest_entries, money_states

__all__ = ["Latest", "MoneyState", "MoneyTable", "latest_entries", "money_of", "money_states"]
