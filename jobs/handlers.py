"""Who does which job. Upper apps register here, so that `jobs` knows none of them.

    @handler("indicators.roll_up")
    def roll_up(arguments: dict[str, Any], progress: Progress) -> dict[str, Any] | None: ...

Registrations stand in `<app>/tasks.py`, which Celery imports in every process; `load` does it elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.module_loading import autodiscover_modules

if TYPE_CHECKING:
    from jobs.models import Job


class Progress(Protocol):
    """`progress(40, "Свод по муниципалитетам")` — shown at once, so call it between transactions, not inside one.

    Raises `Overtaken` when another worker has taken the job over; a handler lets it pass.
    """

    def __call__(self, percent: int, step: str) -> None: ...


Handler = Callable[[dict[str, Any], Progress], dict[str, Any] | None]
DeadHook = Callable[["Job"], None]


class Refused(Exception):
    """The job cannot succeed, now or later; its message is one Russian sentence for the person who asked."""


class Overtaken(Exception):
    """The lease ran out and another worker has the job now; whatever this one still does is not wanted."""


_handlers: dict[str, Handler] = {}
_dead_hooks: list[DeadHook] = []


def handler(name: str) -> Callable[[Handler], Handler]:
    """Register a handler. It may run twice for one job (its process may die late), so it must be idempotent."""

    def register(function: Handler) -> Handler:
        if _handlers.setdefault(name, function) is not function:
            raise ValueError(f"Two handlers are called {name!r}.")
        return function

    return register


def on_dead(hook: DeadHook) -> DeadHook:
    """Register what is called with a job that failed for good, in the transaction that marks it so."""
    if hook not in _dead_hooks:
        _dead_hooks.append(hook)
    return hook


def load() -> None:
    """Import `<app>/tasks.py` of every app; a process that is no Celery worker has not done it yet."""
    autodiscover_modules("tasks")


def find(name: str) -> Handler:
    """The handler; `LookupError` when no code of this version does such jobs."""
    load()
    try:
        return _handlers[name]
    except KeyError as error:
        raise LookupError(f"No handler is called {name!r}.") from error


def dead_hooks() -> list[DeadHook]:
    load()
    return list(_dead_hooks)
