"""Recognising the same row in two lists."""

from __future__ import annotations

from unittest import mock

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.passport import matching
from projects.passport.matching import Match, Named, match

_ROWS = st.tuples(
    st.sampled_from([None, "1", "2"]),
    st.sampled_from(["", "Школа № 1", "Школа № 2", "Обновить сайты школ", "Обновить сайты школ района", "Сайты школ"]),
)


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


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_ROWS, max_size=5), st.lists(_ROWS, max_size=5), st.lists(_ROWS, max_size=2))
def test_what_is_not_compared_would_not_have_changed_anything(
    rows: list[tuple[str | None, str]], among: list[tuple[str | None, str]], rivals: list[tuple[str | None, str]]
) -> None:
    lists = [
        [Named(f"{side}{i}", *row) for i, row in enumerate(found)] for side, found in enumerate((rows, among, rivals))
    ]
    with mock.patch.object(matching, "_certain", return_value={}):
        compared = match(*lists)
    assert match(*lists) == compared
