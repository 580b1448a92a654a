"""Numbers, dates and counted words look the same wherever a reader meets them."""

import datetime as dt
from decimal import Decimal

import pytest

from projects.passport.typography import date_long, date_short, number, percent, plural, plural_word


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (Decimal("1069.44"), None, "1\u202f069,44"),
        (Decimal("37955.2"), 2, "37\u202f955,20"),
        (Decimal(0), None, "0"),
        (Decimal("-0.00"), None, "0,00"),
        (Decimal("-1200.5"), None, "\u22121\u202f200,5"),
        (Decimal("2.345"), 2, "2,35"),
        (Decimal("1E+3"), None, "1\u202f000"),
        ("39.47", 1, "39,5"),
        (0.1, None, "0,1"),
        (1234567, None, "1\u202f234\u202f567"),
        (Decimal("1" * 30), 2, "111" + "\u202f111" * 9 + ",00"),
        (None, 2, "—"),
        (Decimal("NaN"), None, "—"),
    ],
)
def test_number_has_comma_and_thin_groups(value: Decimal | str | float | None, decimals: int | None, text: str) -> None:
    assert number(value, decimals) == text


def test_percent_keeps_its_sign_on_the_line() -> None:
    assert percent(Decimal("59.65")) == "59,65\u00a0%"
    assert percent(None) == "—"


def test_dates() -> None:
    day = dt.date(2018, 12, 5)
    assert date_short(day) == "05.12.2018"
    assert date_long(day) == "5\u00a0декабря 2018\u00a0г."
    assert date_short(None) == date_long(None) == "—"


@pytest.mark.parametrize(
    ("count", "word"),
    [(0, "школ"), (1, "школа"), (2, "школы"), (5, "школ"), (11, "школ"), (14, "школ"), (21, "школа"), (112, "школ")],
)
def test_counted_words(count: int, word: str) -> None:
    assert plural_word(count, "школа", "школы", "школ") == word
    assert plural(count, "школа", "школы", "школ") == f"{count}\u00a0{word}"
