"""How much of one document another one holds: cell by cell, in both directions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from projects.passport import Passport

Place = tuple[str | int, ...]


def cells_of(passport: Passport) -> dict[Place, Any]:
    """Every leaf value of a document by its place; ids of rows and what is absent are no cells."""
    return {place: value for place, value in _leaves(passport.model_dump(mode="json"), ()) if value is not None}


def _leaves(value: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    if isinstance(value, dict):
        for key, part in value.items():
            if key != "id":
                yield from _leaves(part, (*place, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _leaves(part, (*place, index))
    else:
        yield place, value


def differences(first: Passport, second: Passport) -> list[tuple[Place, Any, Any]]:
    """The cells that only one of two documents holds, or that both hold differently."""
    one, other = cells_of(first), cells_of(second)
    places = sorted(one.keys() | other.keys(), key=str)
    return [(place, one.get(place), other.get(place)) for place in places if one.get(place) != other.get(place)]


def likeness(first: Passport, second: Passport) -> float:
    """From 0 to 1: the share of cells that both documents hold alike among those that either holds.

    Places count, not only values: a row that is missing or too many makes every row after it wrong.
    """
    places = cells_of(first).keys() | cells_of(second).keys()
    return 1 - len(differences(first, second)) / len(places) if places else 1.0
