"""Each line of the plan–fact table of the domain notes, §3, and what is said of a fact before its target is due."""

import datetime as dt
from decimal import Decimal

import pytest

from indicators.status import Assessment, Status, Term, Thresholds, assess, mean_ratio, term_of

THRESHOLDS = Thresholds(green=Decimal(100), yellow=Decimal(90))
YEAR_END = dt.date(2026, 12, 31)
QUARTER_END, DURING, AFTER = dt.date(2026, 3, 31), dt.date(2026, 4, 21), dt.date(2027, 1, 1)


def _assess(
    target: str | None,
    actual: str | None,
    *,
    decreasing: bool = False,
    today: dt.date = AFTER,
    due: dt.date = YEAR_END,
    as_of: dt.date = YEAR_END,
    forecast: str | None = None,
) -> Assessment:
    return assess(
        target=None if target is None else Decimal(target),
        actual=None if actual is None else Decimal(actual),
        decreasing=decreasing,
        thresholds=THRESHOLDS,
        term=Term(YEAR_END, due, today),
        as_of=None if actual is None else as_of,
        forecast=None if forecast is None else Decimal(forecast),
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


@pytest.mark.parametrize(
    ("target", "actual", "decreasing", "ratio"),
    [("40", "10", False, "25"), ("40", "39.9", False, "99.75"), ("10", "20", True, "50"), ("40", "0", False, "0")],
)
def test_before_its_date_what_has_not_reached_the_target_is_not_due_yet(
    target: str, actual: str, decreasing: bool, ratio: str
) -> None:
    found = _assess(target, actual, decreasing=decreasing, today=DURING, as_of=QUARTER_END)

    assert found == Assessment(Status.PENDING, Decimal(ratio))
    assert found.under_way == f"{Decimal(ratio):.1f}\u00a0% плана года".replace(".", ",")


@pytest.mark.parametrize(("target", "actual", "decreasing"), [("40", "40", False), ("10", "8", True), ("0", "0", True)])
def test_before_its_date_what_has_reached_the_target_is_green_whatever_is_foreseen(
    target: str, actual: str, decreasing: bool
) -> None:
    for forecast in (None, "1"):
        found = _assess(target, actual, decreasing=decreasing, today=DURING, as_of=QUARTER_END, forecast=forecast)
        assert (found.status, found.by_forecast, found.under_way) == (Status.GREEN, False, "")


@pytest.mark.parametrize(
    ("forecast", "status", "words"),
    [
        ("40", Status.GREEN, "отсутствие отклонений по прогнозу"),
        ("37", Status.YELLOW, "наличие отклонений по прогнозу"),
        ("20", Status.RED, "критические отклонения по прогнозу"),
    ],
)
@pytest.mark.parametrize(("actual", "ratio"), [("10", Decimal(25)), (None, None)])
def test_before_its_date_a_forecast_is_judged_and_the_ratio_stays_that_of_the_fact(
    actual: str | None, ratio: Decimal | None, forecast: str, status: Status, words: str
) -> None:
    found = _assess("40", actual, today=DURING, as_of=QUARTER_END, forecast=forecast)

    assert found == Assessment(status, ratio, by_forecast=True)
    assert found.words == words


@pytest.mark.parametrize("today", [YEAR_END, AFTER])
def test_from_its_date_on_the_fact_is_judged_and_no_forecast(today: dt.date) -> None:
    assert _assess("40", "10", today=today, forecast="40") == Assessment(Status.RED, Decimal(25))


def test_while_the_last_forms_of_the_year_are_awaited_a_fact_of_an_earlier_day_is_not_judged() -> None:
    due, before = dt.date(2027, 1, 20), dt.date(2027, 1, 12)

    assert _assess("40", "30", as_of=QUARTER_END, due=due, today=before).status is Status.PENDING
    assert _assess("40", "30", as_of=YEAR_END, due=due, today=before).status is Status.RED
    assert _assess("40", "30", as_of=QUARTER_END, due=due, today=dt.date(2027, 1, 21)).status is Status.RED


def test_a_target_is_set_for_the_end_of_its_year_or_the_day_of_its_result() -> None:
    own, deadline = dt.date(2026, 9, 1), dt.date(2027, 1, 20)

    assert term_of(2026, None, deadline=None, today=DURING) == Term(YEAR_END, YEAR_END, DURING)
    assert term_of(2026, None, deadline=deadline, today=DURING) == Term(YEAR_END, deadline, DURING)
    assert term_of(2026, own, deadline=dt.date(2026, 4, 10), today=DURING) == Term(own, own, DURING)
    assert term_of(2025, own, deadline=None, today=DURING).date == dt.date(2025, 12, 31)


def test_what_was_reported_and_cannot_be_divided_is_not_called_missing() -> None:
    found = assess(
        target=Decimal(1),
        actual=None,
        decreasing=False,
        thresholds=THRESHOLDS,
        term=Term(YEAR_END, YEAR_END, AFTER),
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
