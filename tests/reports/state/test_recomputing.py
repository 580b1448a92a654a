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


def enter(project: Project, cast: Cast, value: str, year: int = 2025) -> None:
    direct_figure_enter(
        indicator=Indicator.objects.get(project=project),
        organisation=project.territory,
        year=year,
        kind="actual",
        value=Decimal(value),
        as_of=dt.date(year, 12, 31),
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
