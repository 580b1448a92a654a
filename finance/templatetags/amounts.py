"""Sums of money in the unit that was chosen, the exact sum beside the rounded one; codes of budget classification."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from finance import units
from finance.models import Unit
from projects.passport.budget_code import BudgetCode
from projects.passport.budget_code import budget_code as read_code
from projects.passport.typography import DASH

register = template.Library()


@register.simple_tag
def amount(value: Decimal | None, unit: Unit, history: str = "") -> SafeString | str:
    """``{% amount sums.planned unit %}``: rounded for a table; what was rounded off is told exactly in its title.

    ``history`` is the address of what the figure ever was: it leads there.
    """
    if value is None:
        return DASH
    exactly, shown = units.in_words(value), units.rounded(value, unit)
    if history:
        return format_html('<a href="{}" title="{}">{}</a>', history, exactly, shown)
    return format_html('<span title="{}">{}</span>', exactly, shown)


@register.filter
def told(value: Decimal | None, unit: Unit) -> str:
    """Every digit, in groups of three."""
    return units.told(value, unit)


@register.filter
def roubles(value: Decimal | None) -> str:
    """«2 500 000,55 руб.», exactly."""
    return DASH if value is None else units.in_words(value)


@register.filter
def budget_code(written: str) -> BudgetCode:
    return read_code(written)
