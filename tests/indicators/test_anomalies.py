"""What looks odd in a form is told in a sentence with figures, and the oddest form is weighed the heaviest."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.anomalies import Asked, Oddity, Rule, Spread, oddities

D = Decimal
KIND = Spread(412, D(20), D(26), D(35))
figures = st.integers(0, 10**9).map(Decimal)


def asked(value: str | None, **more: Any) -> Asked:
    past = tuple(map(Decimal, more.pop("past", ())))
    given = {"code": "pupils", "name": "Учеников", "kind": "integer", "over_time": "snapshot", **more}
    return Asked(value=None if value is None else Decimal(value), past=past, **given)


def found(*answers: Asked, rule: Rule | None = None) -> list[Oddity]:
    return oddities(answers, rule or Rule())


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (asked("104", spread=KIND), "В 4 раза больше, чем у организаций её вида: обычно 20–35 (412 форм)."),
        (
            asked("900", past=("30", "28", "33")),
            "В 27 раз больше, чем когда-либо: за 3 периода было 28–33. Пояснения нет.",
        ),
        (asked("5", past=("30", "28", "33")), "В 5,6 раза меньше, чем когда-либо: за 3 периода было 28–33."),
        (asked("0", past=("1", "2", "1")), "Ноль, хотя раньше всегда было больше: за 3 периода было 1–2."),
        (asked("900", past=("30",)), "Это больше прошлого (30) в 30 раз. Пояснения нет."),
        (asked("0", kind="boolean", past=("1",)), "В прошлый раз ответ был «да». Пояснения нет."),
        (
            asked("90", over_time="cumulative", past=("40", "60", "100"), same_year=True),
            "В прошлый раз было 100, а число нарастающим итогом не уменьшается.",
        ),
        (
            asked("900", past=("30", "28", "33"), explanation="Открыли новый корпус."),
            "за 3 периода было 28–33. Пояснение: Открыли новый корпус.",
        ),
    ],
)
def test_an_oddity_is_told_with_its_figures(answer: Asked, sentence: str) -> None:
    assert sentence in found(answer)[0].sentence.replace("\u00a0", " ")


@pytest.mark.parametrize(
    "answer",
    [
        asked(None, past=("30", "28", "33"), spread=KIND),
        asked("31", past=("30", "28", "33"), spread=KIND),
        asked("80", spread=KIND),  # within three widths of the middle half
        asked("900", spread=Spread(7, D(20), D(26), D(35))),  # too few to compare with
        asked("9", spread=Spread(400, D(1), D(1), D(1))),  # of small numbers every difference is a multiple
        asked("0", past=("0", "2", "1")),
        asked("900", over_time="cumulative", past=("100", "200", "300")),  # a new year begins anew
        asked("1", kind="boolean", past=("0", "0", "0"), spread=Spread(400, D(0), D(0), D(0))),
    ],
)
def test_what_is_usual_is_not_odd(answer: Asked) -> None:
    assert found(answer) == []


def test_a_share_that_turned_over_is_odd() -> None:
    whole = asked("100", code="roads", name="Подъезды", past=("100",))
    part = asked("90", code="safe", name="Безопасные", past=("80",), whole="roads")
    assert found(whole, part) == []

    turned = asked("90", code="safe", name="Безопасные", past=("9",), whole="roads")
    sentences = [oddity.sentence for oddity in found(whole, turned)]
    assert "Доля в «Подъезды» была 9 %, а стала 90 %." in sentences


def test_an_unexplained_jump_weighs_more_than_an_explained_one() -> None:
    (bare,) = found(asked("900", past=("30",)))
    (told,) = found(asked("900", past=("30",), explanation="Слияние школ."))

    assert bare.weight > told.weight
    assert (bare.unexplained, told.unexplained) == (True, False)


def test_the_ministry_decides_how_far_is_far() -> None:
    answer = asked("80", spread=KIND, past=("30", "28", "33"))

    assert len(found(answer, rule=Rule(times=D(2), fence=D(2), peers=8))) == 2
    assert found(answer, rule=Rule(times=D(1000), fence=D(1000), peers=8))[0].sentence.startswith("Это больше прошлого")


@given(
    value=figures,
    past=st.lists(figures, max_size=8),
    quartiles=st.lists(figures, min_size=3, max_size=3).map(sorted),
    over_time=st.sampled_from(["snapshot", "flow", "cumulative", "average"]),
)
def test_any_figures_are_told_and_weighed(
    value: Decimal, past: list[Decimal], quartiles: list[Decimal], over_time: str
) -> None:
    answer = asked(str(value), past=past, spread=Spread(50, *quartiles), over_time=over_time)

    for oddity in found(answer):
        assert 0 < oddity.weight <= 60
        assert oddity.sentence.endswith(".")


@given(value=figures, quartiles=st.lists(figures, min_size=3, max_size=3).map(sorted))
def test_within_the_middle_half_of_its_kind_nothing_is_odd(value: Decimal, quartiles: list[Decimal]) -> None:
    lower, median, upper = quartiles
    inside = min(max(value, lower), upper)

    assert found(asked(str(inside), spread=Spread(50, lower, median, upper))) == []


@given(values=st.lists(figures, min_size=1, max_size=8))
def test_what_was_reported_before_in_every_period_is_not_odd(values: list[Decimal]) -> None:
    assert found(asked(str(values[0]), past=[values[0]] * len(values))) == []
