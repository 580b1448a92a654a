"""How the state of a project follows from its parts. Pure.

Source: the status words and the arithmetic of the domain notes, §3. Nothing here is extrapolated: a colour comes from
what was reported, entered or foreseen by a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from projects.status import Status

WORST_FIRST = (
    Status.RED,
    Status.YELLOW,
    Status.GREEN,
    Status.UNDEFINED,
    Status.GREY,
    Status.PENDING,
    Status.NOT_PLANNED,
)
"""The order in which counts are told. Grey stands after the colours: nobody knows whether it is bad."""

DEVIATES = frozenset({Status.YELLOW, Status.RED})


@dataclass(frozen=True)
class Count:
    """How many parts stand in one status."""

    status: Status
    count: int

    @property
    def words(self) -> str:
        return f"{self.status.words}: {self.count}"


def counted(statuses: Mapping[str, int]) -> tuple[Count, ...]:
    """Counts by status, the worst first; what is not planned is left out."""
    return tuple(
        Count(status, statuses[status])
        for status in WORST_FIRST
        if statuses.get(status) and status is not Status.NOT_PLANNED
    )


def state_of(counts: Iterable[Count]) -> Status:
    """The worst part counts: red, else yellow, else green where a part has a colour at all.

    «Сведения не представлены» is counted apart and never as a deviation: it is the state only where no part has a
    colour. Where nothing has come due, the project is «не наступил».
    """
    there = {count.status for count in counts if count.count}
    return next((status for status in WORST_FIRST if status in there), Status.PENDING)


def is_worse(now: str, before: str) -> bool:
    """Whether a colour is worse than another one."""
    return WORST_FIRST.index(Status(now)) < WORST_FIRST.index(Status(before))
