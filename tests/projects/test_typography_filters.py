"""Numbers, dates and counted words as templates write them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.template import Context, Template

THIN, SPACE = "\u202f", "\u00a0"


def written(expression: str, **values: Any) -> str:
    return Template("{% load ru %}{{ " + expression + " }}").render(Context(values))


@pytest.mark.parametrize(
    ("expression", "value", "text"),
    [
        ("v|number", Decimal("1069.44"), f"1{THIN}069,44"),
        ("v|number:1", Decimal("37955.25"), f"37{THIN}955,3"),
        ("v|number", None, "—"),
        ("v|number", 0, "0"),
        ("v|upto:2", Decimal("58.5798816568"), "58,58"),
        ("v|upto:2", Decimal("2177.00"), f"2{THIN}177"),
        ("v|upto:2", None, "—"),
        ("v|money", Decimal("37955.2"), f"37{THIN}955,2{SPACE}млн{SPACE}рублей"),
        ("v|money", None, "—"),
        ("v|percent", Decimal("59.65"), f"59,65{SPACE}%"),
        ("v|percent:0", Decimal("59.65"), f"60{SPACE}%"),
        ("v|date_short", dt.date(2018, 12, 5), "05.12.2018"),
        ("v|date_long", dt.date(2018, 12, 5), f"5{SPACE}декабря 2018{SPACE}г."),
        ("v|date_short", None, "—"),
        ("v|thin", "37 955,2", f"37{THIN}955,2"),
    ],
)
def test_a_value_is_written_as_the_portal_writes_it(expression: str, value: Any, text: str) -> None:
    assert written(expression, v=value) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 школ"),
        (1, "1 школа"),
        (2, "2 школы"),
        (5, "5 школ"),
        (11, "11 школ"),
        (21, "21 школа"),
        (112, "112 школ"),
    ],
)
def test_a_noun_agrees_with_its_number(count: int, text: str) -> None:
    assert written("n|plural:'школа,школы,школ'", n=count) == text.replace(" ", SPACE)


def test_the_noun_may_stand_apart_from_its_number() -> None:
    assert written("n|plural_word:'день,дня,дней'", n=3) == "дня"


def test_a_moment_is_shown_on_the_clock_of_moscow() -> None:
    late_evening_in_london = dt.datetime(2026, 11, 20, 21, 40, tzinfo=dt.UTC)
    assert written("m|date_short", m=late_evening_in_london) == "21.11.2026"
    assert written("m|time_short", m=late_evening_in_london) == "00:40"
