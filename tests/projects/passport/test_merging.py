"""A proposal is carried over to a newer redaction: what does not clash is merged, what clashes is asked about."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.passport.diff import diff
from projects.passport.flat import ROW_LISTS, Held, flatten
from projects.passport.merge import ORDER, ROW, Place, Side, merge
from projects.passport.schema import Amendment, Passport
from tests.projects.passport.edits import IDENTIFIED, applied, comparable, edits

KINDS = ("cell", "cell", "remove", "add")
SIDES: tuple[Side, ...] = ("theirs", "mine")
WITH_MOVES = (*KINDS, "to_the_end")


@pytest.fixture
def base() -> Passport:
    return Passport.model_validate(
        {
            "goal": "Тёплые школы",
            "indicators": [{"id": "i", "number": "1", "name": "Доля", "targets": {"2025": "5", "2026": "7"}}],
            "tasks": [
                {"id": "t1", "number": "1", "name": "Утеплить"},
                {"id": "t2", "number": "2", "name": "Покрасить"},
            ],
            "results": [
                {"id": "a", "number": "1.1", "name": "Окна", "task": 0},
                {"id": "b", "number": "2.1", "name": "Двери", "task": 1},
            ],
            "finance": [
                {"id": "h1", "name": "Окна"},
                {"id": "h2", "name": "Двери"},
                {"id": "s2", "name": "региональный бюджет", "source": "regional", "total": "1"},
            ],
            "plan": [{"id": "p", "number": "1.1", "name": "Окна вставлены", "kind": "control_point"}],
        }
    )


def target(passport: Passport, year: str, value: int) -> Passport:
    row = passport.indicators[0]
    changed = row.model_copy(update={"targets": {**row.targets, year: Decimal(value)}})
    return passport.model_copy(update={"indicators": (changed,)})


def test_two_years_of_one_row_merge(base: Passport) -> None:
    merged = merge(base, target(base, "2025", 6), target(base, "2026", 8))
    assert merged.conflicts == ()
    assert merged.document == target(target(base, "2025", 6), "2026", 8)


def test_one_cell_changed_to_two_values_is_asked_about(base: Passport) -> None:
    theirs, mine = target(base, "2025", 6), target(base, "2025", 8)
    (conflict,) = merge(base, theirs, mine).conflicts
    assert conflict.place == Place("indicators", "i", "targets.2025")
    assert (conflict.title, conflict.number, conflict.name) == ("2025", "1", "Доля")
    assert (conflict.base, conflict.theirs, conflict.mine) == (Held(Decimal(5)), Held(Decimal(6)), Held(Decimal(8)))
    assert merge(base, theirs, mine).document is None
    assert merge(base, theirs, mine, {conflict.place: "mine"}).document == mine
    assert merge(base, theirs, mine, {conflict.place: "theirs"}).document == theirs


def test_the_same_change_on_both_sides_is_no_conflict(base: Passport) -> None:
    assert merge(base, target(base, "2025", 6), target(base, "2025", 6)).document == target(base, "2025", 6)


@pytest.mark.parametrize("mine_removes", [True, False])
def test_a_row_that_one_side_removed_and_the_other_changed_is_asked_about(
    base: Passport, *, mine_removes: bool
) -> None:
    removed, changed = base.model_copy(update={"indicators": ()}), target(base, "2025", 6)
    theirs, mine = (changed, removed) if mine_removes else (removed, changed)
    (conflict,) = merge(base, theirs, mine).conflicts
    assert (conflict.place, conflict.removed_by) == (
        Place("indicators", "i", ROW),
        "mine" if mine_removes else "theirs",
    )
    assert [(cell.title, cell.new.value) for cell in conflict.cells] == [("2025", Decimal(6))]
    assert merge(base, theirs, mine, {conflict.place: "mine"}).document == mine
    assert merge(base, theirs, mine, {conflict.place: "theirs"}).document == theirs


def test_a_row_is_not_removed_under_what_was_hung_on_it_meanwhile(base: Passport) -> None:
    """A result added to a task that is gone, or a source added under a heading that is gone, would change its place."""
    result = base.results[0].model_copy(update={"id": "new", "name": "Полы", "task": 1})
    mine = base.model_copy(update={"results": (*base.results, result)})
    theirs = base.model_copy(update={"tasks": base.tasks[:1], "results": base.results[:1]})
    (conflict,) = merge(base, theirs, mine).conflicts
    assert (conflict.place, conflict.dependents) == (Place("tasks", "t2", ROW), ("1.1 Полы",))

    source = base.finance[2].model_copy(update={"id": "new", "name": "местный бюджет", "source": "municipal"})
    mine = base.model_copy(update={"finance": (base.finance[0], source, *base.finance[1:])})
    theirs = base.model_copy(update={"finance": base.finance[1:]})
    (conflict,) = merge(base, theirs, mine).conflicts
    assert (conflict.place, conflict.dependents) == (Place("finance", "h1", ROW), ("местный бюджет",))


def test_a_row_moved_to_two_places_is_asked_about() -> None:
    rows = [{"id": row, "number": row, "name": row} for row in "abcd"]
    base, theirs, mine = (
        Passport.model_validate({"tasks": sorted(rows, key=lambda row: order.index(row["id"]))})
        for order in ("abcd", "dabc", "adbc")
    )
    (conflict,) = merge(base, theirs, mine).conflicts
    assert conflict.place == Place("tasks", "d", ORDER)
    assert (conflict.base.value, conflict.theirs.value, conflict.mine.value) == ("c c", None, "a a")
    assert merge(base, theirs, mine, {conflict.place: "mine"}).document == mine
    assert merge(base, theirs, mine, {conflict.place: "theirs"}).document == theirs


def test_rows_added_by_both_sides_stand_behind_the_rows_they_were_added_to(base: Passport) -> None:
    first, second = base.tasks
    theirs = base.model_copy(update={"tasks": (first, second, first.model_copy(update={"id": "theirs"}))})
    mine = base.model_copy(
        update={"tasks": (first, first.model_copy(update={"id": "mine"}), second), "results": base.results[:1]}
    )
    document = merge(base, theirs, mine).document
    assert document is not None
    assert [row.id for row in document.tasks] == ["t1", "mine", "t2", "theirs"]


def test_a_result_stays_with_its_task_when_tasks_change_their_places(base: Passport) -> None:
    theirs = base.model_copy(
        update={
            "tasks": base.tasks[::-1],
            "results": tuple(row.model_copy(update={"task": 1 - (row.task or 0)}) for row in base.results),
        }
    )
    mine = base.model_copy(update={"results": (base.results[0].model_copy(update={"name": "Рамы"}), base.results[1])})
    document = merge(base, theirs, mine).document
    assert document is not None
    assert [(row.name, document.tasks[row.task or 0].id) for row in document.results] == [
        ("Рамы", "t1"),
        ("Двери", "t2"),
    ]


def test_the_kind_of_a_plan_row_follows_its_number(base: Passport) -> None:
    row = base.plan[0].model_copy(update={"number": "1", "kind": "result"})
    other = base.plan[0].model_copy(update={"name": "Окна стоят"})
    document = merge(
        base, base.model_copy(update={"plan": (row,)}), base.model_copy(update={"plan": (other,)})
    ).document
    assert document is not None
    assert (document.plan[0].kind, document.plan[0].name) == ("result", "Окна стоят")


def test_the_stamp_in_force_stays_and_known_amendments_are_added(base: Passport) -> None:
    def stamped(*numbers: str) -> Passport:
        rows = tuple(Amendment(protocol_number=number) for number in numbers)
        return base.model_copy(update={"approval": base.approval.model_copy(update={"amendments": rows})})

    document = merge(stamped("1"), stamped("1", "2"), stamped("1", "3")).document
    assert document == stamped("1", "2", "3")


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), base=IDENTIFIED)
def test_edits_that_do_not_overlap_are_both_there_after_a_rebase(data: st.DataObject, base: Passport) -> None:
    """The rebase of one over the other equals making both. A row that something was hung on is asked about instead."""
    taken: set[tuple[str, str]] = set()
    mine = data.draw(edits(base, KINDS, taken))
    theirs = data.draw(edits(base, KINDS, taken))
    merged = merge(base, applied(base, theirs), applied(base, mine))
    removed = any(edit.kind == "remove" for edit in (*mine, *theirs))
    assert removed or not merged.conflicts
    if merged.document is not None:
        assert comparable(merged.document) == comparable(applied(applied(base, theirs), mine))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), base=IDENTIFIED)
def test_nothing_is_lost_silently(data: st.DataObject, base: Passport) -> None:
    """Each cell of the outcome is that of a side that changed it; what both changed was asked about."""
    mine = applied(base, data.draw(edits(base, WITH_MOVES, set())))
    theirs = applied(base, data.draw(edits(base, WITH_MOVES, set())))
    asked = merge(base, theirs, mine)
    choices = {c.place: data.draw(st.sampled_from(SIDES)) for c in asked.conflicts}
    document = merge(base, theirs, mine, choices).document
    assert document is not None
    flats = [flatten(passport) for passport in (base, theirs, mine, document)]
    rows = {place.row for place in choices if place.field == ROW}
    for section in ROW_LISTS:
        was, there, here, now = (flat.rows[section] for flat in flats)
        wanted = {row for row in {*there, *here} if row not in was or (row in there and row in here)}
        assert wanted <= set(now) <= wanted | rows
        for row in wanted:
            for field in {*there.get(row, {}), *here.get(row, {}), *was.get(row, {})}:
                three = [cells.get(row, {}).get(field) for cells in (was, there, here)]
                got = now[row].get(field)
                chosen = choices.get(Place(section, row, field))
                if row in there and row in here:
                    wanted_cell = {"theirs": three[1], "mine": three[2]}[chosen] if chosen else _changed(*three)
                    assert got == wanted_cell
                else:
                    assert got == (three[1] or three[2])
    assert merge(base, base, mine).document == assembled(mine)
    assert diff(theirs, merge(base, theirs, base).document or base) == ()


def _changed(was: Held | None, there: Held | None, here: Held | None) -> Held | None:
    assert was in (there, here) or there == here, "both changed it and nobody was asked"
    return there if here == was else here


def assembled(passport: Passport) -> Passport:
    return applied(passport, [])
