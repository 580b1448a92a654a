"""Figures of execution as of a date: taken, corrected with their history, refused with a sentence."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from finance.entering import Outcome
from finance.models import ExecutionEntry, FinanceLine
from finance.services import RowsRefused, StaleVersion, ValidationFailed, execution_enter
from projects.models import Project
from tests.conftest import Cast
from tests.finance.steps import enter, given

MARCH, JUNE = dt.date(2025, 3, 31), dt.date(2025, 6, 30)
Lines = dict[str, FinanceLine]


def test_what_was_entered_stands_as_of_its_day(lines: Lines, cast: Cast) -> None:
    enter(lines["federal"], MARCH, "2500000.55", "9000000", actor=cast.head)
    entry = ExecutionEntry.objects.get()
    assert (entry.executed, entry.contracted) == (Decimal("2500000.55"), Decimal(9_000_000))
    assert (entry.year, entry.as_of, entry.version, entry.entered_by) == (2025, MARCH, 1, cast.head)


def test_a_correction_keeps_what_stood_before(lines: Lines, cast: Cast) -> None:
    enter(lines["federal"], MARCH, "2500000", actor=cast.head)
    enter(lines["federal"], MARCH, "2600000", actor=cast.office)
    entry = ExecutionEntry.objects.get()
    assert (entry.executed, entry.version, entry.entered_by) == (Decimal(2_600_000), 2, cast.office)
    told = [(event.executed, event.entered_by_id) for event in entry.events.order_by("pgh_id")]  # type: ignore[attr-defined]
    assert told == [(Decimal(2_500_000), cast.head.pk), (Decimal(2_600_000), cast.office.pk)]


def test_the_same_again_changes_nothing(lines: Lines, cast: Cast) -> None:
    enter(lines["federal"], MARCH, "2500000", actor=cast.head)
    assert enter(lines["federal"], MARCH, "2500000", actor=cast.office).outcome is Outcome.UNCHANGED
    assert ExecutionEntry.objects.get().entered_by == cast.head


def test_an_entry_is_withdrawn_with_a_reason_and_not_deleted(lines: Lines, cast: Cast) -> None:
    enter(lines["federal"], MARCH, "2500000", actor=cast.head)
    assert refusal(lines["federal"], cast, version=1) == {
        "explanation": "Напишите, почему запись убирают: прежние числа останутся в истории."
    }
    enter(lines["federal"], MARCH, explanation="не та строка", actor=cast.head)
    assert ExecutionEntry.objects.get().is_withdrawn


def test_nothing_said_writes_nothing(lines: Lines, cast: Cast) -> None:
    assert enter(lines["federal"], MARCH, actor=cast.head).outcome is Outcome.UNCHANGED
    assert not ExecutionEntry.objects.exists()


def test_money_may_come_back_and_is_told(lines: Lines, cast: Cast) -> None:
    done = enter(lines["regional"], MARCH, "-150000", actor=cast.head)
    assert done.warnings == ("Исполнение отрицательное: это возврат денег.",)
    assert ExecutionEntry.objects.get().executed == -150_000
    done = enter(lines["federal"], MARCH, "3000000", actor=cast.head)
    done = enter(lines["federal"], JUNE, "2000000", actor=cast.head)
    assert done.warnings == ("Исполнено меньше, чем на 31.03.2025 (3\u202f000\u202f000\u00a0руб.): это возврат денег?",)


def test_more_than_planned_is_taken_with_an_explanation(lines: Lines, cast: Cast) -> None:
    assert "больше плана года" in refusal(lines["regional"], cast, "2000000.01")["explanation"]
    done = enter(lines["regional"], MARCH, "2000000.01", explanation="остатки прошлого года", actor=cast.head)
    assert done.is_written


def test_contracted_below_executed_is_a_warning(lines: Lines, cast: Cast) -> None:
    done = enter(lines["federal"], MARCH, "2500000", "2000000", actor=cast.head)
    assert done.warnings == ("Законтрактовано меньше, чем исполнено: проверьте оба числа.",)


@pytest.mark.parametrize(
    ("executed", "sentence"),
    [
        ("10000", "Вы ввели тысячи вместо рублей?"),
        ("10000000000", "Вы ввели рубли вместо тысяч или тысячи вместо миллионов?"),
    ],
)
def test_a_thousand_times_off_the_plan_is_asked_about(lines: Lines, cast: Cast, executed: str, sentence: str) -> None:
    said = refusal(lines["federal"], cast, executed, explanation="по отчёту")
    assert sentence in said["confirmed"]
    enter(lines["federal"], MARCH, executed, explanation="по отчёту", confirmed=True, actor=cast.head)
    assert ExecutionEntry.objects.get().executed == Decimal(executed)


def test_a_thousand_times_off_the_previous_entry_is_asked_about(lines: Lines, cast: Cast) -> None:
    enter(lines["federal"], MARCH, "5000", confirmed=True, actor=cast.head)
    with pytest.raises(RowsRefused, match=r"на 31\.03\.2025 было 5.000.руб\."):
        enter(lines["federal"], JUNE, "5000000", actor=cast.head)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1E+15", "-1E+15", "0.001"])
def test_what_is_no_amount_is_refused(lines: Lines, cast: Cast, value: str) -> None:
    assert set(refusal(lines["federal"], cast, value)) == {"executed"}


def test_contracted_is_never_negative(lines: Lines, cast: Cast) -> None:
    assert set(refusal(lines["federal"], cast, contracted="-1")) == {"contracted"}


def test_one_wrong_row_holds_back_all(funded: Project, lines: Lines, cast: Cast) -> None:
    rows = [given(lines["federal"], "2500000"), given(lines["regional"], contracted="-1")]
    with pytest.raises(RowsRefused) as refused:
        execution_enter(project=funded, as_of=MARCH, rows=rows, actor=cast.head)
    assert set(refused.value.errors) == {lines["regional"].pk}
    assert not ExecutionEntry.objects.exists()


def test_whoever_saw_an_older_figure_is_told(lines: Lines, cast: Cast) -> None:
    enter(lines["federal"], MARCH, "2500000", actor=cast.head)
    with pytest.raises(StaleVersion, match="записал кто-то другой"):
        enter(lines["federal"], MARCH, "2600000", version=0, actor=cast.office)
    # Who wants what already stands there is not bothered.
    enter(lines["federal"], MARCH, "2500000", version=0, actor=cast.office)


@pytest.mark.parametrize("day", [dt.date(2024, 12, 31), timezone.localdate() + dt.timedelta(days=1)])
def test_a_day_that_cannot_be_is_refused(lines: Lines, cast: Cast, day: dt.date) -> None:
    with pytest.raises(ValidationFailed) as refused:
        enter(lines["federal"], day, "1", actor=cast.head)
    assert set(refused.value.errors) == {"as_of"}


def test_a_line_of_another_project_is_refused(lines: Lines, project: Project, cast: Cast) -> None:
    with pytest.raises(RowsRefused, match="Такой строки в этом проекте нет"):
        execution_enter(project=project, as_of=MARCH, rows=[given(lines["federal"], "1")], actor=cast.head)


@pytest.mark.parametrize("who", ["auditor", "curator", "council", "coordinator", "stranger"])
def test_only_the_ministry_enters(lines: Lines, cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        enter(lines["federal"], MARCH, "1", actor=getattr(cast, who))


def refusal(line: FinanceLine, cast: Cast, *values: str, **more: Any) -> dict[str, str]:
    with pytest.raises(RowsRefused) as refused:
        enter(line, MARCH, *values, actor=cast.head, **more)
    return refused.value.errors[line.pk]
