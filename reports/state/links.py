"""Where the figure of a part stands: one level down from whatever names it."""

from __future__ import annotations

from django.urls import reverse

from reports.models import PartKind, PartState


def part_link(part: PartState) -> str:
    """The page on which the figure is told in full."""
    match part.kind:
        case PartKind.CONTROL_POINT:
            return f"{reverse('milestones:project', args=[part.project_id])}#plan-{part.position}"
        case PartKind.MONEY:
            return f"{reverse('finance:project', args=[part.project_id])}#finance-{part.position}"
        case _:
            return reverse("reports:plan_fact_indicator", args=[part.project_id, part.source_id])
