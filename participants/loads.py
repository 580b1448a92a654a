"""How busy people are: everybody whom the passports name, what each is booked for, and when that is more than 100 %.

Nothing here knows a database: places in passports come in, people with their loads come out.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from projects.passport.people import Named, PersonKey, employment_of, is_same, told_apart
from projects.passport.typography import NO_BREAK, date_short

FULL = Decimal(100)
"""Percent of one person's working time."""
UNSAID = Decimal(-1)
"""Where an employment that nobody stated stands among others: below 0."""


@dataclass(frozen=True)
class Term:
    """A project and when it runs; a side without a date is open."""

    pk: int
    title: str
    territory: str
    territory_id: int
    start: dt.date | None
    end: dt.date | None

    def is_over(self, day: dt.date) -> bool:
        return self.end is not None and self.end < day

    def covers(self, day: dt.date) -> bool:
        return (self.start is None or self.start <= day) and not self.is_over(day)


@dataclass(frozen=True)
class Place:
    """One row of a passport that names somebody, or several that only mention him. ``employment`` in percent, None
    where nothing is said.
    """

    project: Term
    named: Named
    role: str
    post: str
    superior: str = ""
    group: str = ""
    employment: Decimal | None = None
    is_mention: bool = False


@dataclass(frozen=True)
class Part:
    """What one person does in one project."""

    project: Term
    places: tuple[Place, ...]

    @property
    def roles(self) -> list[str]:
        return list(dict.fromkeys(place.role for place in self.places if place.role))

    @cached_property
    def employment(self) -> Decimal | None:
        return employment_of((place.group, place.employment) for place in self.places)


@dataclass(frozen=True)
class Stretch:
    """Days between two changes of a person's projects; ``end`` is None where the last of them has no end."""

    start: dt.date
    end: dt.date | None
    parts: tuple[Part, ...]

    @property
    def days(self) -> str:
        """«01.01.2027 – 30.06.2027»."""
        if self.end is None:
            return f"с{NO_BREAK}{date_short(self.start)}"
        return f"{date_short(self.start)}{NO_BREAK}– {date_short(self.end)}"

    @cached_property
    def percent(self) -> Decimal | None:
        """None where no project says anything: that is not 0."""
        said = [part.employment for part in self.parts if part.employment is not None]
        return sum(said, Decimal(0)) if said else None

    @property
    def is_over_full(self) -> bool:
        return self.percent is not None and self.percent > FULL

    @property
    def is_double_booking(self) -> bool:
        """Too much, and of more projects than one."""
        return self.is_over_full and sum(1 for part in self.parts if part.employment) > 1


@dataclass(frozen=True)
class Person:
    """Everybody's places under one name. What projects that are over asked for no longer counts."""

    key: PersonKey
    name: str
    spellings: tuple[str, ...]
    posts: tuple[str, ...]
    parts: tuple[Part, ...]
    today: dt.date

    @cached_property
    def running(self) -> tuple[Part, ...]:
        """Parts in projects that are not over yet."""
        return tuple(part for part in self.parts if not part.project.is_over(self.today))

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """From today on, each as long as the projects stay the same; stretches without a project are left out."""
        begins = {self.today}
        for part in self.running:
            begins |= {day for day in (part.project.start, _after(part.project.end)) if day and day > self.today}
        days = sorted(begins)
        ends = [*(day - dt.timedelta(days=1) for day in days[1:]), None]
        found = (
            Stretch(start, end, tuple(part for part in self.running if part.project.covers(start)))
            for start, end in zip(days, ends, strict=True)
        )
        return tuple(stretch for stretch in found if stretch.parts)

    @property
    def now(self) -> Stretch | None:
        return next((stretch for stretch in self.stretches if stretch.start == self.today), None)

    @cached_property
    def peak(self) -> Stretch | None:
        """The busiest stretch, the earliest of equals."""
        return max(
            self.stretches, key=lambda stretch: UNSAID if stretch.percent is None else stretch.percent, default=None
        )

    @property
    def is_over_full(self) -> bool:
        return self.peak is not None and self.peak.is_over_full

    @property
    def is_double_booked(self) -> bool:
        return any(stretch.is_double_booking for stretch in self.stretches)


def _after(day: dt.date | None) -> dt.date | None:
    return day + dt.timedelta(days=1) if day and day < dt.date.max else None


def people_in(places: Iterable[Place], today: dt.date) -> list[Person]:
    """The people whom these places name, with their parts in the order of the places."""
    rows = list(places)
    keys = told_apart(place.named for place in rows)
    by_person: dict[PersonKey, list[Place]] = defaultdict(list)
    for place in rows:
        by_person[keys[place.named]].append(place)
    return [_person(key, own, today) for key, own in by_person.items()]


def _person(key: PersonKey, places: list[Place], today: dt.date) -> Person:
    by_project: dict[Term, list[Place]] = defaultdict(list)
    for place in places:
        by_project[place.project].append(place)
    spellings: Counter[str] = Counter()
    for place in places:
        spellings[place.named.raw] += not place.is_mention
    # A full name says more than initials, and the usual spelling more than a rare one.
    full = {place.named.raw for place in places if place.named.given}
    return Person(
        key=key,
        name=max(spellings, key=lambda raw: (raw in full, spellings[raw])),
        spellings=tuple(spellings),
        posts=tuple(dict.fromkeys(place.post for place in places if place.post)),
        parts=tuple(Part(project, tuple(own)) for project, own in by_project.items()),
        today=today,
    )


def person_named(name: Named, people: Iterable[Person]) -> Person | None:
    """The one of these people whom a name means; None where nobody, or where it may be one of several."""
    alike = [
        person for person in people if all(is_same(place.named, name) for part in person.parts for place in part.places)
    ]
    found = [person for person in alike if person.key[2] == name.given] or alike
    return found[0] if len(found) == 1 else None
