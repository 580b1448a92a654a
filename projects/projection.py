"""Rebuilding a table of the passport from the rows of a redaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model
from django.db.models.functions import Now

from projects.models import ProjectedRow, Redaction
from projects.passport.schema import Row

_R = TypeVar("_R", bound=Row)
_M = TypeVar("_M", bound=ProjectedRow)


def project_rows(
    model: type[_M],
    redaction: Redaction,
    rows: Iterable[_R],
    fields: Callable[[_R], dict[str, Any]],
) -> dict[str, _M]:
    """Make the table hold exactly these rows, in their order: update, add, archive what is gone.

    Rows are known by their ``id``; whatever hangs on a row stays with it. Returns the table's rows by row id.
    Running it twice changes nothing.
    """
    made = [
        model(
            project_id=redaction.project_id,
            row_id=UUID(row.id),
            position=position,
            archived_at=None,
            **fields(row),
        )
        for position, row in enumerate(rows)
    ]
    current: Any = model._default_manager.filter(project_id=redaction.project_id)
    current.exclude(row_id__in=[row.row_id for row in made]).filter(archived_at=None).update(archived_at=Now())
    updated = [f.name for f in model._meta.concrete_fields if f.name not in ("id", "project", "row_id")]
    current.model._default_manager.bulk_create(
        made, update_conflicts=True, unique_fields=["project", "row_id"], update_fields=updated
    )
    return {str(row.row_id): row for row in current.filter(archived_at=None)}


def replace_rows(model: type[Model], parents: Mapping[str, Model], field: str, rows: Iterable[Model]) -> None:
    """Throw away the rows that hang on these parents by ``field`` and write the given ones instead."""
    model._default_manager.filter(**{f"{field}__in": list(parents.values())}).delete()
    model._default_manager.bulk_create(rows)
