"""Municipalities to choose from. A country has 1,750, and the same list stands on page after page."""

from __future__ import annotations

from functools import lru_cache
from time import monotonic

from organisations.models import Organisation
from organisations.prepared import Prepared

A_MINUTE = 60
_LISTS = 100
"""How many are kept: regions with projects of their own, and the country."""

_LAST_CHANGE: Prepared[int] = Prepared(
    lambda: Organisation.pgh_event_model.objects.order_by("-pgh_id").values_list("pgh_id", flat=True)[:1]  # type: ignore[attr-defined]
)


def municipality_choices(above: Organisation) -> tuple[tuple[str, str], ...]:
    """Ids and names of the municipalities below a node, in order, kept until the trail of the register grows.

    Two that are added at once may be committed in the other order than the trail numbers them, and the end of the
    trail does not tell of the later one: hence nothing is kept for longer than a minute.
    """
    return _choices(above.pk, above.path, _LAST_CHANGE.first(), monotonic() // A_MINUTE)


@lru_cache(_LISTS)
def _choices(pk: int, path: str, _last_change: int | None, _minute: float) -> tuple[tuple[str, str], ...]:
    rows = Organisation.objects.municipalities_under(Organisation(pk=pk, path=path)).values_list("pk", "short_name")
    return tuple((str(row), name) for row, name in rows)
