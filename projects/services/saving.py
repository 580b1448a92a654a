"""Saving a row that its own fields and constraints may refuse."""

from __future__ import annotations

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction

from projects.services.errors import ValidationFailed


def row_save(row: models.Model) -> None:
    """Save what is right; raises ``ValidationFailed`` by field.

    What somebody else took between the look and the write is refused in the same words.
    """
    _check(row)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        _check(row)
        raise


def _check(row: models.Model) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        raise ValidationFailed(
            {"" if field == NON_FIELD_ERRORS else field: " ".join(told) for field, told in error.message_dict.items()}
        ) from error
