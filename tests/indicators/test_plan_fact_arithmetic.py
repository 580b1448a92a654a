"""Each line of the plan–fact table of the domain notes, §3."""

import datetime as dt
from decimal import Decimal

import pytest

from indicators.status import Assessment, Status, Thresholds, assess, mean_ratio

THRESHOLDS = Thresholds(green=Decimal(100), yellow=Decimal(90))
YEAR_END = dt.date(2026, 12, 31)
DURING, AFTER = dt.date(2026, 11, 21), dt.date(2027, 1, 1)


def _assess(target: str | None, actual: str | None, *, decreasing: bool = False, today: dt.date = DURING) -> Assessment:
    return assess(
        target=None if target is None else Decimal(target),
        actual=None if actual is None else Decimal(actual),
        decreasing=decreasing,
        thresholds=THRESHOLDS,
        due=YEAR_END,
        today=today,
    )


@pytest.mark.parametrize(
    ("target", "actual", "ratio", "status"),
    [
        ("40", "40", "100", Status.GREEN),
        ("40", "37", "92.5", Status.YELLOW),
        ("40", "36", "90", Status.YELLOW),
        ("40", "35.9", "89.75", Status.RED),
        ("40", "0", "0", Status.RED),
        ("1", "12", "1200", Status.GREEN),
    ],
)
def test_growth_is_good(target: str, actual: str, ratio: str, status: Status) -> None:
    assert _assess(target, actual) == Assessment(status, Decimal(ratio))


@pytest.mark.parametrize(
    ("target", "actual", "ratio", "status"),
    [
        ("10", "10", "100", Status.GREEN),
        ("10", "8", "125", Status.GREEN),
        ("19", "20", "95", Status.YELLOW),
        ("10", "20", "50", Status.RED),
        ("0", "3", "0", Status.RED),
    ],
)
def test_growth_is_bad(target: str, actual: str, ratio: str, status: Status) -> None:
    assert _assess(target, actual, decreasing=True) == Assessment(status, Decimal(ratio))


def test_a_decreasing_indicator_that_reached_zero_is_met() -> None:
    assert _assess("10", "0", decreasing=True) == Assessment(Status.GREEN, None)


@pytest.mark.parametrize("decreasing", [False, True])
def test_nothing_planned_and_nothing_done_is_met_without_a_ratio(decreasing: bool) -> None:
    assert _assess("0", "0", decreasing=decreasing) == Assessment(Status.GREEN, None)


def test_something_done_where_zero_was_planned_is_met_without_a_ratio() -> None:
    assert _assess("0", "5") == Assessment(Status.GREEN, None)


@pytest.mark.parametrize(("actual", "status"), [("-1", Status.GREEN), ("-2", Status.GREEN), ("-3", Status.RED)])
def test_of_negative_numbers_only_met_or_not_is_told(actual: str, status: Status) -> None:
    assert _assess("-2", actual) == Assessment(status, None)


@pytest.mark.parametrize("actual", ["0", "5", None])
def test_a_dash_in_the_plan_is_left_out_and_is_not_zero(actual: str | None) -> None:
    assert _assess(None, actual, today=AFTER) == Assessment(Status.NOT_PLANNED)


def test_before_its_date_a_missing_actual_is_not_due_and_not_grey() -> None:
    assert _assess("10", None, today=DURING) == Assessment(Status.PENDING)
    assert _assess("10", None, today=YEAR_END) == Assessment(Status.PENDING)


def test_after_its_date_a_missing_actual_is_grey_and_never_zero() -> None:
    assert _assess("10", None, today=AFTER) == Assessment(Status.GREY)


def test_what_was_reported_and_cannot_be_divided_is_not_called_missing() -> None:
    found = assess(
        target=Decimal(1),
        actual=None,
        decreasing=False,
        thresholds=THRESHOLDS,
        due=YEAR_END,
        today=AFTER,
        reported=True,
    )

    assert found == Assessment(Status.UNDEFINED)


def test_success_beyond_the_target_hides_no_failure_in_an_average() -> None:
    assert mean_ratio([Decimal(1200), Decimal(50), None]) == Decimal(75)
    assert mean_ratio([None]) is None


def test_status_is_told_in_the_official_words() -> None:
    assert [status.words for status in Status] == [
        "отсутствие отклонений",
        "наличие отклонений",
        "критические отклонения",
        "сведения не представлены",
        "не определено",
        "не наступил",
        "не запланировано",
    ]
