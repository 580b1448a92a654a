"""The registry of sections: how approving a redaction reaches the apps above without importing them.

Each app that owns a part of the passport registers a function that rebuilds its tables from that part.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from projects.models import Redaction

Projection = Callable[["Redaction"], None]

_sections: dict[str, Projection] = {}


def register(name: str, project: Projection) -> None:
    """Add a section. Called once for each name, from the app's ``ready``."""
    _sections[name] = project


def project_all(redaction: Redaction) -> None:
    """Rebuild every table of the passport from the redaction, in the caller's transaction."""
    for project in _sections.values():
        project(redaction)
