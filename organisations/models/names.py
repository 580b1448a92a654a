"""Names of people and organisations, as they are kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import models

_Set = TypeVar("_Set")
_Get = TypeVar("_Get")
if TYPE_CHECKING:
    # Django's fields are generic to the type checker only.
    class _Char(models.CharField[_Set, _Get]): ...
else:

    class _Char(models.CharField, Generic[_Set, _Get]): ...


_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def without_directions(text: str) -> str:
    """Nobody sees a mark of direction, and one of them turns round whatever stands after the name on a page."""
    return _DIRECTIONS.sub("", text)


class NameField(_Char[_Set, _Get]):
    """Keeps a name without marks of direction, whichever way it is written: by a form or by thousands."""

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return without_directions(prepared) if isinstance(prepared, str) else prepared

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        kept = self.get_prep_value(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, kept)
        return kept

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs  # to the database it is one
