"""Projecting is idempotent, and what hangs on a row stays with it through any sequence of redactions."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finance.models import ExecutionEntry, FinanceLine, PlannedAmount
from indicators.models import DirectFigure, Indicator, Target
from milestones.models import PlanProgress, PlanRow
from participants.models import Participant
from projects.models import ChangeRequest, Project, ProjectedRow, Redaction, Result, Task
from projects.passport import Passport, read
from projects.passport.flat import ROW_LISTS
from projects.passport.schema import Row
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


def say_something_of_every_row(project: Project, region: Region, cast: Cast) -> None:
    """A figure or a word that people entered at each row that takes one; it names the row that it was entered at."""
    for row in PlanRow.objects.filter(project=project):
        PlanProgress.objects.create(row=row, comment=f"{row.row_id}", version=1)
    for line in FinanceLine.objects.filter(project=project):
        told = {"executed": 1, "explanation": f"{line.row_id}", "entered_by": cast.head}
        ExecutionEntry.objects.create(line=line, as_of=dt.date(2026, 3, 31), year=2026, **told)
    for indicator in Indicator.objects.filter(project=project):
        said = {"number": 1, "value": 5, "reason": f"{indicator.row_id}", "entered_by": cast.office}
        DirectFigure.objects.create(kind="forecast", indicator=indicator, organisation=region.root, year=2026, **said)


def what_was_said() -> list[list[tuple[Any, str]]]:
    """Whatever was entered, beside the row that it stands at now."""
    return [
        list(PlanProgress.objects.order_by("pk").values_list("row__row_id", "comment")),
        list(ExecutionEntry.objects.order_by("pk").values_list("line__row_id", "explanation")),
        list(DirectFigure.objects.order_by("pk").values_list("indicator__row_id", "reason")),
    ]


@FEW
@given(passport=passports(), data=st.data())
def test_rows_keep_their_keys_through_any_redactions(
    passport: Passport, data: st.DataObject, region: Region, cast: Cast
) -> None:
    """Renamed, renumbered, moved or dropped: a row keeps its key, and what hangs on it stays."""
    point = transaction.savepoint()
    redaction = put_in_force(passport, None, region, cast)
    say_something_of_every_row(redaction.project, region, cast)
    said = what_was_said()
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
        assert what_was_said() == said
        assert all(str(row_id) == words for told in said for row_id, words in told)
        redaction = put_in_force(changed(data, redaction.passport), redaction.project, region, cast)
    transaction.savepoint_rollback(point)


@FEW
@given(passport=passports(), data=st.data())
def test_rows_that_were_dropped_come_back_as_themselves(
    passport: Passport, data: st.DataObject, region: Region, cast: Cast
) -> None:
    """A redaction drops some, another one others; a file that has no ids brings all of them back."""
    point = transaction.savepoint()
    first = put_in_force(passport, None, region, cast)
    before = {section: list(model._default_manager.values_list("pk", "row_id")) for section, model in TABLES.items()}
    redaction = first
    for _ in range(2):
        redaction = put_in_force(less(data, redaction.passport), first.project, region, cast)
    again = put_in_force(as_a_file(first.passport), first.project, region, cast)
    for section, model in TABLES.items():
        told_apart = recognisable(first.passport, section)
        ids = [row.id for row in getattr(again.passport, section)]
        assert len(set(ids)) == len(ids)
        for place, row in enumerate(getattr(first.passport, section)):
            assert ids[place] == row.id or place not in told_apart, (section, place)
        now = {row.row_id: row for row in model._default_manager.all()}
        for pk, row_id in before[section]:
            assert now[row_id].pk == pk
            assert now[row_id].archived_at is None or str(row_id) not in ids
    transaction.savepoint_rollback(point)


def less(data: st.DataObject, passport: Passport) -> Passport:
    """Some rows are gone; a line of money goes with the sources under it."""
    update: dict[str, Any] = {}
    for section in ("indicators", "participants", "plan", "results"):
        rows = getattr(passport, section)
        update[section] = tuple(row for row in rows if data.draw(st.booleans()))
    blocks = [block for block in blocks_of(passport) if data.draw(st.booleans())]
    update["finance"] = tuple(row for block in blocks for row in block)
    return Passport.model_validate({**passport.model_dump(), **update, "unread": ()})


def as_a_file(passport: Passport) -> Passport:
    return passport.model_copy(
        update={
            section: tuple(row.model_copy(update={"id": None}) for row in getattr(passport, section))
            for section in ROW_LISTS
        }
    )


def blocks_of(passport: Passport) -> list[list[Row]]:
    """Each line of section 4 with the sources under it."""
    blocks: list[list[Row]] = []
    for row in passport.finance:
        if row.source is None or not blocks:
            blocks.append([])
        blocks[-1].append(row)
    return blocks


def recognisable(passport: Passport, section: str) -> set[int]:
    """The places of rows that hold what no other row of their section holds, of sources under their line."""
    blocks = blocks_of(passport) if section == "finance" else [[row] for row in getattr(passport, section)]
    told = [[row.model_dump_json(exclude={"id"}) for row in block] for block in blocks]
    heads = [block[0] for block in told]
    alone = [heads.count(block[0]) == 1 and block.count(row) == 1 for block in told for row in block]
    return {place for place, is_alone in enumerate(alone) if is_alone}


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
