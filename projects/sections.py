"""The registry of sections: how approving a redaction reaches the apps above without importing them.

Each app that owns a part of the passport registers a function that rebuilds its tables from that part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from projects.models import Project, Redaction

Projection = Callable[["Redaction"], None]
Kept = Callable[["Project", Sequence[str]], dict[str, str]]

_sections: dict[str, Projection] = {}
_kept: dict[str, Kept] = {}


def register(name: str, project: Projection) -> None:
    """Add a section. Called once for each name, from the app's ``ready``."""
    _sections[name] = project


def register_kept(part: str, tell: Kept) -> None:
    """Say what hangs on rows of a part of the passport, by their ids, as one sentence each.

    A redaction that drops such a row archives it; the sentence tells whoever compares that nothing is lost.
    """
    _kept[part] = tell


def kept_of(project: Project, part: str, rows: Sequence[str]) -> dict[str, str]:
    """What is kept of rows that are dropped from that part; rows on which nothing hangs are left out."""
    return _kept[part](project, rows) if part in _kept else {}


def project_all(redaction: Redaction) -> None:
    """Rebuild every table of the passport from the redaction, in the caller's transaction."""
    for project in _sections.values():
        project(redaction)
