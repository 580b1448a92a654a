"""Computing the state of a project anew, with the deviations that follow from it. The one writer of ``PartState``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import fields

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from projects.models import Project
from reports.deviations.lifecycle import deviations_follow
from reports.models import PartState
from reports.state.indicator_parts import indicator_parts
from reports.state.money_parts import money_parts
from reports.state.parts import Part
from reports.state.plan_parts import plan_parts

_KEY = ("kind", "row_id", "year")
_COLUMNS = tuple(field.name for field in fields(Part) if field.name != "opens")
_VALUES = tuple(name for name in _COLUMNS if name not in _KEY)


@transaction.atomic
def state_recompute(*, project_id: int, today: dt.date | None = None) -> int:
    """Compute where every part of a project stands; returns how many rows changed.

    Idempotent. Two at once for one project take turns on its lock: whoever comes second reads what the first could not
    see yet, so that an older state never stands over a newer one.
    """
    day = today or timezone.localdate()
    project = _held(project_id)
    if project is None:
        return 0
    parts = list(parts_of(project, day))
    changed = _keep(project, parts)
    deviations_follow(project=project, parts=parts)
    return changed


def _held(project_id: int) -> Project | None:
    """The lock is a statement of its own: what is read afterwards was committed before it was got."""
    rows = Project.objects.select_for_update(of=("self",), no_key=True).select_related("territory")
    return rows.filter(pk=project_id).first()


def parts_of(project: Project, today: dt.date) -> Iterable[Part]:
    """Every part of a project, of each kind in the order of the passport."""
    yield from indicator_parts(project, today)
    yield from plan_parts(project, today)
    yield from money_parts(project, today)


def _keep(project: Project, parts: list[Part]) -> int:
    kept = {row.key: row for row in PartState.objects.filter(project=project)}
    fresh, changed = [], []
    for part in parts:
        row = kept.pop(part.key, None)
        if row is None:
            fresh.append(PartState(project=project, **_columns(part)))
        elif any(getattr(row, name) != getattr(part, name) for name in _VALUES):
            for name in _VALUES:
                setattr(row, name, getattr(part, name))
            row.computed_at = Now()
            changed.append(row)
    PartState.objects.filter(pk__in=[row.pk for row in kept.values()]).delete()
    PartState.objects.bulk_create(fresh, batch_size=1000)
    PartState.objects.bulk_update(changed, [*_VALUES, "computed_at"], batch_size=500)
    return len(kept) + len(fresh) + len(changed)


def _columns(part: Part) -> dict[str, object]:
    return {name: getattr(part, name) for name in _COLUMNS}
