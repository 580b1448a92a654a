"""The state is computed from what stands in the other rooms: as often as one likes, by as many workers as there are."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection, transaction

from indicators.models import Indicator
from indicators.services import direct_figure_enter
from jobs.services import run_queued
from jobs.storage import store_file
from organisations.models import Organisation
from projects.models import Project
from reports.models import Deviation, PartState
from reports.state import recomputing
from reports.state.recomputing import state_recompute
from reports.tasks import ask_to_recompute_states
from tests.conftest import Cast, Region


def enter(project: Project, cast: Cast, value: str, year: int = 2025, as_of: dt.date | None = None) -> None:
    direct_figure_enter(
        indicator=Indicator.objects.get(project=project),
        organisation=project.territory,
        year=year,
        kind="actual",
        value=Decimal(value),
        as_of=as_of or dt.date(year, 12, 31),
        reason="Протокол",
        file=store_file(name="p.pdf", content_type="application/pdf", content=b"%PDF-1.7"),
        actor=cast.office,
    )


def status_of(project: Project, year: int = 2025) -> str:
    return PartState.objects.get(project=project, kind="indicator", year=year).status


def test_an_entered_figure_changes_the_state_by_itself(project: Project, cast: Cast) -> None:
    run_queued()
    assert status_of(project) == "grey"
    enter(project, cast, "48")
    run_queued()
    assert status_of(project) == "yellow"
    assert Deviation.objects.get(kind="indicator").status == "yellow"
    enter(project, cast, "50")
    run_queued()
    assert status_of(project) == "green"
    assert Deviation.objects.get(kind="indicator").state == "closed"


def test_the_last_year_that_is_known_counts(project: Project, cast: Cast) -> None:
    enter(project, cast, "48")
    run_queued()
    assert list(PartState.objects.filter(kind="indicator", is_current=True).values_list("year", flat=True)) == [2025]


def foresee(project: Project, cast: Cast, value: str | None, year: int = 2026) -> None:
    direct_figure_enter(
        indicator=Indicator.objects.get(project=project),
        organisation=project.territory,
        year=year,
        kind="forecast",
        value=None if value is None else Decimal(value),
        reason="Контракты заключены не все",
        actor=cast.office,
    )


SUMMER = dt.date(2026, 7, 15)


def in_summer(project: Project) -> PartState:
    state_recompute(project_id=project.pk, today=SUMMER)
    return PartState.objects.get(project=project, kind="indicator", year=2026)


def test_half_a_year_with_half_of_its_plan_opens_nothing(project: Project, cast: Cast) -> None:
    enter(project, cast, "50")
    enter(project, cast, "60", 2026, dt.date(2026, 6, 30))
    part = in_summer(project)

    assert (part.status, part.word, part.is_current) == ("pending", "", True)
    assert part.under_way == "60,0\u00a0% плана года"
    assert not Deviation.objects.filter(kind="indicator").exists()

    state_recompute(project_id=project.pk, today=dt.date(2027, 1, 1))
    assert Deviation.objects.get(kind="indicator").status == "red"


def test_within_a_year_a_forecast_opens_a_deviation_and_without_it_there_is_none(project: Project, cast: Cast) -> None:
    enter(project, cast, "60", 2026, dt.date(2026, 6, 30))
    foresee(project, cast, "95")
    part = in_summer(project)

    assert (part.status, part.word) == ("yellow", "наличие отклонений по прогнозу")
    deviation = Deviation.objects.get(kind="indicator")
    told = deviation.told.replace("\u202f", " ").replace("\u00a0", " ")
    assert (deviation.year, deviation.status, told) == (2026, "yellow", "факт 60, план 100 (60,0 %), прогноз 95")

    foresee(project, cast, None)
    assert in_summer(project).status == "pending"
    deviation.refresh_from_db()
    assert (deviation.state, deviation.closing.split(":")[0]) == ("closed", "Срок плана ещё не наступил")


def test_a_target_that_was_reached_early_is_green(project: Project, cast: Cast) -> None:
    enter(project, cast, "100", 2026, dt.date(2026, 6, 30))
    assert in_summer(project).status == "green"


def test_what_is_foreseen_of_a_year_to_come_is_no_state_yet(project: Project, cast: Cast) -> None:
    enter(project, cast, "48")
    foresee(project, cast, "10")
    state_recompute(project_id=project.pk, today=dt.date(2025, 12, 31))

    assert status_of(project, 2026) == "red"
    assert [part.year for part in PartState.objects.filter(kind="indicator", is_current=True)] == [2025]
    assert [row.year for row in Deviation.objects.filter(kind="indicator")] == [2025]


def test_three_times_is_once(project: Project, cast: Cast) -> None:
    enter(project, cast, "48")
    run_queued()
    before = (list(PartState.objects.values()), list(Deviation.objects.values()))
    for _ in range(3):
        assert state_recompute(project_id=project.pk) == 0
        ask_to_recompute_states()
        run_queued()
    assert (list(PartState.objects.values()), list(Deviation.objects.values())) == before


def test_what_was_thrown_away_is_computed_to_the_same(project: Project, cast: Cast) -> None:
    enter(project, cast, "48")
    run_queued()
    told = ("kind", "row_id", "year", "status", "target", "actual", "ratio", "is_current", "is_settled")
    before = list(PartState.objects.values_list(*told))
    PartState.objects.all().delete()
    state_recompute(project_id=project.pk)
    assert list(PartState.objects.values_list(*told)) == before


def test_a_project_that_is_gone_is_passed_over(db: None) -> None:
    assert state_recompute(project_id=0) == 0


@pytest.mark.django_db(transaction=True)
def test_an_older_state_never_stands_over_a_newer_one(
    project: Project, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_queued()
    assert _slow_one_against_a_quick_one(project, cast, monkeypatch) == "green"


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_older_state_would_stand(
    project: Project, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: the same race, and nobody takes turns."""
    run_queued()
    monkeypatch.setattr(
        recomputing, "_held", lambda pk: Project.objects.select_related("territory").filter(pk=pk).first()
    )
    assert _slow_one_against_a_quick_one(project, cast, monkeypatch) == "yellow"


def _slow_one_against_a_quick_one(project: Project, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> str:
    """A worker reads a figure and is slow to write; meanwhile the figure changes and another worker computes."""
    enter(project, cast, "48")
    has_read, may_write = threading.Event(), threading.Event()
    read = recomputing.parts_of

    def slowly(*given: object) -> object:
        parts = list(read(*given))  # type: ignore[arg-type]
        if threading.current_thread().name == "slow":
            has_read.set()
            may_write.wait(2)
        return parts

    monkeypatch.setattr(recomputing, "parts_of", slowly)

    def run(done: Callable[[], object]) -> None:
        try:
            state_recompute(project_id=project.pk)
        finally:
            done()
            connection.close()

    slow = threading.Thread(target=run, args=(lambda: None,), name="slow")
    slow.start()
    assert has_read.wait(5)
    enter(project, cast, "50")
    quick = threading.Thread(target=run, args=(may_write.set,), name="quick")
    quick.start()
    quick.join(10)
    slow.join(10)
    return status_of(project)


def test_two_at_once_open_one_deviation(project: Project, cast: Cast) -> None:
    enter(project, cast, "48")
    state_recompute(project_id=project.pk)
    with transaction.atomic():
        state_recompute(project_id=project.pk)
    assert Deviation.objects.filter(kind="indicator").count() == 1


def test_a_municipal_project_is_judged_at_its_own_territory(project: Project, cast: Cast, region: Region) -> None:
    Project.objects.filter(pk=project.pk).update(territory=Organisation.objects.get(pk=region.town.pk))
    assert state_recompute(project_id=project.pk) >= 0
