"""Asking for the state of a project to be computed anew, in the transaction of the write that it follows from."""

from __future__ import annotations

from jobs.services import enqueue

STATE = "reports.state"


def ask_to_recompute(project_id: int, after: float = 0) -> None:
    """Call it last in the transaction; those who ask before it begins are served together."""
    enqueue(
        handler=STATE,
        arguments={"project": project_id},
        title="Состояние проекта",
        key=f"project:{project_id}",
        after=after,
    )
