"""The registry of sections: how approving a redaction reaches the apps above without importing them.

Each app that owns a part of the passport registers a function that rebuilds its tables from that part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from projects.models import Project, Redaction

Projection = Callable[["Redaction"], None]
Kept = Callable[["Project", Sequence[str]], Mapping[str, Sequence[str]]]

_sections: dict[str, Projection] = {}
_kept: dict[str, Kept] = {}


def register(name: str, project: Projection) -> None:
    """Add a section. Called once for each name, from the app's ``ready``."""
    _sections[name] = project


def register_kept(part: str, tell: Kept) -> None:
    """Say what hangs on rows of a part of the passport, by their ids, in a few words each.

    A redaction that drops such a row archives it; whoever compares is told that nothing is lost.
    """
    _kept[part] = tell


def kept_of(project: Project, part: str, rows: Sequence[str]) -> dict[str, str]:
    """A sentence about what is kept of each row that is dropped from that part and on which something hangs."""
    found = _kept[part](project, rows) if part in _kept else {}
    return {
        row: f"По строке есть сведения ({', '.join(words)}): она уходит в архив, сведения сохраняются."
        for row, words in found.items()
        if words
    }


def project_all(redaction: Redaction) -> None:
    """Rebuild every table of the passport from the redaction, in the caller's transaction."""
    for project in _sections.values():
        project(redaction)
