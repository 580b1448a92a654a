"""Projecting is idempotent, and what hangs on a row stays with it through any sequence of redactions."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finance.models import FinanceLine, PlannedAmount
from indicators.models import Indicator, Target
from milestones.models import PlanRow
from participants.models import Participant
from projects.models import ChangeRequest, Project, ProjectedRow, Redaction, Result, Task
from projects.passport import Passport, read
from projects.passport.flat import ROW_LISTS
from projects.sections import project_all
from projects.services.approval import change_request_approve, errors_of
from projects.services.proposals import change_request_open
from tests.conftest import Cast, Region
from tests.projects.passport.strategies import passports

SHARED = Path(__file__).resolve().parents[3] / "shared" / "passports"
REAL = sorted(SHARED.glob("*.docx")) if SHARED.is_dir() else []
TABLES: dict[str, type[ProjectedRow]] = {
    "tasks": Task,
    "results": Result,
    "indicators": Indicator,
    "finance": FinanceLine,
    "participants": Participant,
    "plan": PlanRow,
}
FEW = settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)


def put_in_force(passport: Passport, project: Project | None, region: Region, cast: Cast) -> Redaction:
    request: ChangeRequest = change_request_open(
        passport=passport, territory=region.root, project=project, source_file=None, actor=cast.office
    )
    return change_request_approve(
        change_request=request,
        version=1,
        actor=cast.curator,
        protocol_number="1",
        protocol_date=dt.date(2026, 1, 20),
        protocol_confirmed=True,
        waivers=dict.fromkeys(errors_of(request), "так в документе"),
    )


def tables() -> dict[str, Any]:
    """Every projected row with its key; of what is replaced by the row that it hangs on, everything but the key."""
    rows = {name: list(model._default_manager.order_by("pk").values()) for name, model in TABLES.items()}
    targets = Target.objects.order_by("indicator", "organisation", "year")
    amounts = PlannedAmount.objects.order_by("line", "year")
    return {
        **rows,
        "targets": list(targets.values("indicator", "organisation", "year", "value")),
        "amounts": list(amounts.values("line", "year", "amount")),
    }


def approving_twice_changes_nothing(passport: Passport, region: Region, cast: Cast) -> None:
    first = put_in_force(passport, None, region, cast)
    before = tables()
    project_all(first)
    assert tables() == before
    again = put_in_force(first.passport, first.project, region, cast)
    assert (again.number, tables()) == (2, before)


@pytest.mark.skipif(not REAL, reason="the real passports are not beside the project")
@pytest.mark.parametrize("path", REAL, ids=lambda path: str(path.name))
def test_approving_a_real_passport_twice_changes_nothing(path: Path, region: Region, cast: Cast) -> None:
    approving_twice_changes_nothing(read(path), region, cast)


@FEW
@given(passport=passports())
def test_approving_any_passport_twice_changes_nothing(passport: Passport, region: Region, cast: Cast) -> None:
    point = transaction.savepoint()
    approving_twice_changes_nothing(passport, region, cast)
    transaction.savepoint_rollback(point)


@FEW
@given(passport=passports(), data=st.data())
def test_rows_keep_their_keys_through_any_redactions(
    passport: Passport, data: st.DataObject, region: Region, cast: Cast
) -> None:
    """Renamed, renumbered, moved or dropped: a row keeps its key, and what hangs on it stays."""
    point = transaction.savepoint()
    redaction = put_in_force(passport, None, region, cast)
    known: dict[tuple[str, str], int] = {}
    for _ in range(3):
        for section, model in TABLES.items():
            rows = {str(row.row_id): row for row in model._default_manager.filter(project=redaction.project)}
            current = [str(row.id) for row in getattr(redaction.passport, section)]
            for row_id in current:
                assert rows[row_id].archived_at is None
                assert known.setdefault((section, row_id), rows[row_id].pk) == rows[row_id].pk
            gone = {row_id for part, row_id in known if part == section} - set(current)
            if section not in ("indicators", "finance"):
                assert all(rows[row_id].archived_at is not None for row_id in gone)
            assert {row_id for part, row_id in known if part == section} <= rows.keys(), "nothing is deleted"
        redaction = put_in_force(changed(data, redaction.passport), redaction.project, region, cast)
    transaction.savepoint_rollback(point)


def changed(data: st.DataObject, passport: Passport) -> Passport:
    """The next wording, as the table editor would make it: the ids of rows are known."""
    update: dict[str, Any] = {}
    for section in ("indicators", "participants", "plan", "results"):
        rows = list(getattr(passport, section))
        for index in range(len(rows)):
            how = data.draw(st.sampled_from(("as it was", "as it was", "rename", "renumber", "drop")))
            if how == "rename":
                rows[index] = rows[index].model_copy(update={"name": data.draw(st.sampled_from(("Иное", "Другое")))})
            elif how == "renumber" and section != "plan":
                rows[index] = rows[index].model_copy(update={"number": str(data.draw(st.integers(1, 9)))})
            elif how == "drop":
                rows[index] = None
        kept = [row for row in rows if row is not None]
        update[section] = tuple(data.draw(st.permutations(kept)))
    assert all(section in ROW_LISTS for section in update)
    return Passport.model_validate({**passport.model_dump(), **update, "unread": ()})
