"""What the steps of a load hand on to one another."""

from __future__ import annotations

from dataclasses import dataclass, field

from organisations.models import Organisation, User
from projects.models import Project


@dataclass
class Loaded:
    """``places`` by key of the municipality, ``organisations`` and ``heads`` by short name, ``people`` by login."""

    lightly: bool = False
    root: Organisation = field(default_factory=Organisation)
    places: dict[str, Organisation] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    heads: dict[str, User] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)

    def at(self, place: str | None) -> Organisation:
        """The node that an account belongs to."""
        if place is None:
            return self.root
        return self.places.get(place) or self.organisations[place]
