"""In narrow columns people stand with initials, whichever way the passport names them."""

import pytest

from projects.passport.people import with_initials


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Стяжкин Сергей Владимирович", "Стяжкин С.\N{NO-BREAK SPACE}В."),
        ("Стяжкин С. В.", "Стяжкин С.\N{NO-BREAK SPACE}В."),
        ("С.В. Стяжкин", "Стяжкин С.\N{NO-BREAK SPACE}В."),
        ("Малых Е.В., Мельникова А.Н.", "Малых Е.\N{NO-BREAK SPACE}В., Мельникова А.\N{NO-BREAK SPACE}Н."),
        ("Иванова Анна Петровна, директор школы", "Иванова А.\N{NO-BREAK SPACE}П., директор школы"),
        ("руководители школ им. А.С. Пушкина", "руководители школ им. А.С. Пушкина"),
        ("-", "-"),
        ("", ""),
    ],
)
def test_a_name_is_shortened_and_other_words_stay(written: str, shown: str) -> None:
    assert with_initials(written) == shown
