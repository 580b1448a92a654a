"""How a write to one project reaches what upper rooms derive from it, without anybody importing them.

Whoever changes a figure of a project says so here, last in the transaction of the write; who derives something from
projects registers what is then asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

Listener = Callable[[int, float], None]

_listeners: dict[str, Listener] = {}


def register(name: str, listener: Listener) -> None:
    """Add somebody who derives from projects. Called once for each name, from the app's ``ready``."""
    _listeners[name] = listener


def projects_changed(project_ids: Iterable[int], *, after: float = 0) -> None:
    """Figures, dates or money of these projects changed, in the caller's transaction.

    In the order of ids, so that any two writes take the rows of the outbox in one order. Who changes them several
    times a second says ``after`` how many seconds what follows is to be derived, once for all that comes meanwhile, a
    change that would not have waited included.
    """
    for project_id in sorted(set(project_ids)):
        for listener in _listeners.values():
            listener(project_id, after)
