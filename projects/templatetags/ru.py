"""Numbers, dates and counted words in templates, by the portal's one formatter."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django import template
from django.utils import timezone

from projects.passport import typography, units
from projects.passport.people import with_initials
from projects.passport.schema import decimal_text

register = template.Library()

Value = Decimal | int | float | str | None


@register.filter
def number(value: Value, decimals: int | None = None) -> str:
    """``{{ value|number }}`` as kept, ``{{ value|number:1 }}`` rounded to that many digits: «1 069,44»."""
    return typography.number(value, decimals)


@register.filter
def upto(value: Decimal | int | None, decimals: int | None) -> str:
    """``{{ value|upto:2 }}``: at most that many digits after the comma, none of them padding: «58,58», «2 177»."""
    if value is None or decimals is None:
        return typography.number(value)
    return typography.number(Decimal(decimal_text(round(Decimal(value), decimals))))


@register.filter
def millions(roubles: Decimal | int | None) -> str:
    """Roubles as millions, one digit after the comma at most; the unit stands beside: «37,9»."""
    return typography.number(None) if roubles is None else upto(Decimal(roubles) / 1_000_000, 1)


@register.filter
def money(value: Value, decimals: int | None = None) -> str:
    """Million roubles with their unit: «1 069,44 млн рублей»; a dash stays alone."""
    text = typography.number(value, decimals)
    return text if text == typography.DASH else f"{text}{typography.NO_BREAK}млн{typography.NO_BREAK}рублей"


@register.filter
def percent(value: Value, decimals: int | None = None) -> str:
    """A number on the scale 0-100: «59,65 %»."""
    return typography.percent(value, decimals)


@register.filter
def initials(text: str) -> str:
    """People as «Стяжкин С. В.», initials kept together: for narrow columns, which a full name would make tall."""
    return with_initials(text)


@register.filter
def date_short(moment: dt.date | None) -> str:
    """«05.12.2018»; a moment is shown as the day it is on the portal's clock."""
    return typography.date_short(_day(moment))


@register.filter
def date_long(moment: dt.date | None) -> str:
    """«5 декабря 2018 г.»; a moment is shown as the day it is on the portal's clock."""
    return typography.date_long(_day(moment))


@register.filter
def time_short(moment: dt.datetime | None) -> str:
    """«12:40» on the portal's clock; a dash where there is no moment."""
    return f"{_local(moment):%H:%M}" if moment else typography.DASH


@register.filter
def plural(count: int, forms: str) -> str:
    """``{{ n|plural:"школа,школы,школ" }}``: «412 школ»."""
    one, few, many = (form.strip() for form in forms.split(","))
    return typography.plural(count, one, few, many)


@register.filter
def plural_word(count: int, forms: str) -> str:
    """The noun alone, where the number stands elsewhere: ``{{ n|plural_word:"школа,школы,школ" }}``."""
    one, few, many = (form.strip() for form in forms.split(","))
    return typography.plural_word(count, one, few, many)


@register.filter
def unit_word(value: Decimal | int | None, unit: str) -> str:
    """The unit as it stands after the number: ``{{ value|number }} {{ value|unit_word:unit }}`` is «17 кабинетов»."""
    return units.unit_word(value, unit)


@register.filter
def thin(text: object) -> str:
    """Thin no-break spaces for plain ones, for digits already grouped and short units: «37 955,2», «5 %»."""
    return str(text).replace(" ", typography.THIN)


def _local(moment: dt.datetime) -> dt.datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def _day(moment: dt.date | None) -> dt.date | None:
    return _local(moment).date() if isinstance(moment, dt.datetime) else moment
