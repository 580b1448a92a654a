"""A unit agrees with the number before it, and what is no noun is left alone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from projects.passport.units import unit_word, with_unit

SPACE = "\u00a0"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1, "кабинет", "1 кабинет"),
        (3, "кабинет", "3 кабинета"),
        (17, "кабинет", "17 кабинетов"),
        (0, "единица", "0 единиц"),
        (44, "класс", "44 класса"),
        (22, "человек", "22 человека"),
        (808, "человек", "808 человек"),
        (Decimal("4.5"), "место", "4,5 места"),
        (Decimal("2.00"), "случай", "2,00 случая"),
        (-1, "Рубль", "−1 рубль"),
        (Decimal("45.5"), "процент", "45,5 %"),
        (5, "ед.", "5 ед."),
        (Decimal("21.4"), "°C", "21,4 °C"),
        (100, "Мбит/с", "100 Мбит/с"),
        (12, "тыс. человек", "12 тыс. человек"),
        (7, "км", "7 км"),
        (7, "прибор", "7 (прибор)"),
        (7, "", "7"),
    ],
)
def test_a_number_is_read_with_its_unit(value: Decimal | int, unit: str, text: str) -> None:
    assert with_unit(value, unit) == text.replace(" ", SPACE, 1)


def test_a_dash_has_no_unit_and_digits_may_be_cut() -> None:
    assert with_unit(None, "человек") == "—"
    assert with_unit(Decimal("45.4545"), "процент", 2) == f"45,45{SPACE}%"


def test_an_empty_field_names_the_unit_in_the_plural() -> None:
    assert unit_word(None, "кабинет") == "кабинетов"
    assert unit_word(None, "прибор") == "прибор"
