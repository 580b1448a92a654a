"""Recognising the same row in two lists."""

from __future__ import annotations

from projects.passport.matching import Match, Named, match


def found(rows: list[str], among: list[str]) -> list[tuple[str | None, str]]:
    matches = match(
        [Named(str(i), None, name) for i, name in enumerate(rows)], [Named(name, None, name) for name in among]
    )
    return [(m.target, m.confidence) for m in matches]


def test_the_same_words_are_the_same_row_whatever_quotes_and_case() -> None:
    assert found(["МОУ «Школа № 7»"], ['моу "Школа №7"']) == [('моу "Школа №7"', "sure")]


def test_another_number_is_never_sure() -> None:
    assert found(["Средняя школа № 2 города Ясногорска"], ["Средняя школа № 12 города Ясногорска"])[0][1] == "doubtful"


def test_each_row_is_recognised_at_most_once_and_the_likeliest_first() -> None:
    assert found(["Обновить сайты школ района", "Обновить сайты школ"], ["Обновить сайты школ"]) == [
        (None, "none"),
        ("Обновить сайты школ", "sure"),
    ]


def test_twins_cannot_be_told_apart_without_a_person() -> None:
    names = ["Закупка оборудования", "Закупка оборудования"]
    twins = [Named("a", None, names[0]), Named("b", None, names[1])]
    assert [m.confidence for m in match([Named("x", None, names[0])], twins)] == ["doubtful"]


def test_an_equal_number_settles_a_draw() -> None:
    among = [Named("a", "1", "Закупка оборудования"), Named("b", "2", "Закупка оборудования")]
    assert match([Named("x", "2", "Закупка оборудования")], among) == [Match("x", "b", 1.0, "sure")]


def test_nothing_alike_is_nothing() -> None:
    assert found(["Школа", ""], ["Больница скорой помощи"]) == [(None, "none"), (None, "none")]
