"""Entering what was contracted and executed of lines as of a date."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from finance.entering import FIELDS, Given, Judged, Known, Outcome, judged
from finance.models import ExecutionEntry, ExecutionLoad, FinanceLine, PlannedAmount
from finance.services.errors import RowsOvertaken, RowsRefused, ValidationFailed
from organisations.access import require
from organisations.models import User
from organisations.roles import Action
from projects.changes import projects_changed
from projects.models import Project


@transaction.atomic
def execution_enter(
    *, project: Project, as_of: dt.date, rows: Sequence[Given], actor: User, load: ExecutionLoad | None = None
) -> list[Judged]:
    """Write figures of lines as of a date, in roubles and cumulative from the start of the year: all rows or none.

    Returns what became of each row. Raises ``ValidationFailed`` («as_of») for a day that cannot be, ``RowsRefused`` by
    line and field (``confirmed`` asks about the order of magnitude), and ``RowsOvertaken`` where a line was written
    meanwhile.
    """
    require(actor, Action.ENTER_EXECUTION, project.territory)
    check_date(project, as_of)
    found = judged_under_lock(project, as_of, rows)
    if overtaken := {row.given.line_id: row.errors for row in found if row.outcome is Outcome.STALE}:
        raise RowsOvertaken(overtaken)
    if errors := {row.given.line_id: row.errors for row in found if row.errors}:
        raise RowsRefused(errors)
    write(found, as_of=as_of, actor=actor, load=load)
    return found


def judged_under_lock(project: Project, as_of: dt.date, rows: Sequence[Given]) -> list[Judged]:
    """What becomes of the rows; their lines are locked, so that it stays so until the transaction ends.

    An entry that is not there yet cannot be locked, its line can. Raises ``RowsRefused`` for a line of elsewhere.
    """
    ids = {row.line_id for row in rows}
    held = FinanceLine.objects.select_for_update(of=("self",)).filter(project=project, pk__in=ids).order_by("pk")
    known = known_of(list(held), as_of)
    if foreign := ids - known.keys():
        raise RowsRefused({line: {"": "Такой строки в этом проекте нет."} for line in foreign})
    return [judged(row, known[row.line_id], as_of) for row in rows]


def known_of(lines: Sequence[FinanceLine], as_of: dt.date) -> dict[int, Known]:
    """What is known of lines for the year of a date, by their ids. Two queries."""
    planned = dict(PlannedAmount.objects.filter(line__in=lines, year=as_of.year).values_list("line_id", "amount"))
    entries: dict[int, ExecutionEntry] = {}
    before: dict[int, dict[str, tuple[Decimal, dt.date]]] = defaultdict(dict)
    rows = ExecutionEntry.objects.filter(line__in=lines, year=as_of.year, as_of__lte=as_of).select_related("entered_by")
    for row in rows.order_by("as_of"):
        if row.as_of == as_of:
            entries[row.line_id] = row
            continue
        before[row.line_id] |= {
            name: (value, row.as_of) for name in FIELDS if (value := getattr(row, name)) is not None
        }
    return {line.pk: Known(line, planned.get(line.pk), entries.get(line.pk), before.get(line.pk, {})) for line in lines}


def check_date(project: Project, as_of: dt.date) -> None:
    """Raises ``ValidationFailed`` for a day to come, and for one before the project."""
    if as_of > timezone.localdate():
        raise ValidationFailed({"as_of": "Этот день ещё не наступил: сведения вносят на прошедшую дату."})
    if as_of.year < (project.start.year if project.start else 1990):
        raise ValidationFailed({"as_of": "Проект тогда ещё не начался: проверьте год."})


def write(rows: Iterable[Judged], *, as_of: dt.date, actor: User, load: ExecutionLoad | None) -> None:
    """Write those rows that add or change something. The caller holds the locks of their lines."""
    written = [row for row in rows if row.is_written]
    for row in written:
        given = row.given
        entry = row.known.entry or ExecutionEntry(line=row.known.line, as_of=as_of, year=as_of.year, version=0)
        entry.contracted, entry.executed, entry.explanation = given.contracted, given.executed, given.explanation
        entry.entered_by, entry.entered_at, entry.load = actor, Now(), load
        entry.version += 1
        entry.save()
    projects_changed({row.known.line.project_id for row in written})
