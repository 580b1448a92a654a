"""Columns for numbers that are kept exactly as they were written."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models

LIMIT = Decimal(10) ** 18
"""No count of anything in a region comes near it, and what is this large is a slip of the finger."""


_Set = TypeVar("_Set")
_Get = TypeVar("_Get")
if TYPE_CHECKING:
    # Django's fields are generic to the type checker only.
    class _Decimal(models.DecimalField[_Set, _Get]): ...
else:
    from typing import Generic

    class _Decimal(models.DecimalField, Generic[_Set, _Get]): ...


class ExactDecimalField(_Decimal[_Set, _Get]):
    """PostgreSQL ``numeric`` without a scale: 5 stays 5, 39.47 stays 39.47, nothing is padded or rounded.

    The digits given here only bound what a form accepts.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_digits", 38)
        options.setdefault("decimal_places", 12)
        super().__init__(*args, **options)

    def db_type(self, connection: Any) -> str:  # noqa: ARG002 - Django's signature
        return "numeric"


def bounded(field: str, name: str) -> models.CheckConstraint:
    """Refuse NaN (which sorts above every number), infinity and what no measurement can be."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__gt": -LIMIT, f"{field}__lt": LIMIT}) | models.Q(**{field: None}), name=name
    )


def known(field: str, choices: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """Refuse a word that is not one of the choices, whichever way it came."""
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": choices.values}), name=name)
