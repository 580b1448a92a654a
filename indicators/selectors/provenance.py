"""From a form to the figures that it is in; the other way is :mod:`indicators.selectors.drill_down`."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.models import Measurement, PeriodOrganisation, Submission, SubmissionState


@dataclass(frozen=True)
class MadeOf:
    """An indicator that an accepted form counts in. ``nodes`` from the territory of its project down to the form."""

    measurement: Measurement
    nodes: tuple[PeriodOrganisation, ...]


def figures_of(submission: Submission) -> list[MadeOf]:
    """The indicators that a form counts in, as frozen when its period was opened; none until it is accepted.

    Three queries.
    """
    if submission.state != SubmissionState.ACCEPTED:
        return []
    places = PeriodOrganisation.objects.filter(period=submission.period_id)
    place = places.get(organisation=submission.organisation_id)
    above = [int(step) for step in place.path.split(".") if step]
    line = sorted(places.filter(organisation__in=above), key=lambda node: node.depth)
    measured = Measurement.objects.filter(project__roster_groups=place.roster_group_id, period=submission.period_id)
    return [
        MadeOf(row, tuple(node for node in line if node.path.startswith(row.project.territory_path)))
        for row in measured.select_related("project__project", "indicator").order_by("project", "indicator__position")
        if row.concerns(place.kind)
    ]
