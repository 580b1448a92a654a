"""The catalogue of base indicators as a list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Count, F

from indicators.models import BaseIndicator
from organisations.models import OrganisationKind, User, sort_key_of
from projects.passport.typography import date_short, number


@dataclass(frozen=True)
class CatalogueRow:
    """A base indicator, in how many formulas it stands, and which organisations report it, in words."""

    base_indicator: BaseIndicator
    formulas: int
    kinds: str


def base_indicators_listed(user: Any, *, text: str = "", state: str = "") -> list[CatalogueRow]:
    """Base indicators the person sees, current ones first. One query.

    Words are compared here: without ICU the database does not know that «ё» is «е», nor Cyrillic capitals.
    """
    rows = BaseIndicator.objects.visible_to(user).select_related("weight", "not_above")
    if state == "current":
        rows = rows.filter(archived_at=None)
    elif state == "archived":
        rows = rows.exclude(archived_at=None)
    rows = rows.annotate(used=Count("formulas")).order_by(F("archived_at").asc(nulls_first=True), "code")
    wanted = sort_key_of(text).split()
    return [
        CatalogueRow(row, row.used, kinds_words(row.kinds))
        for row in rows
        if all(word in sort_key_of(f"{row.name} {row.code}") for word in wanted)
    ]


@dataclass(frozen=True)
class BaseIndicatorEvent:
    """One change: what was changed (its name, before, after); none when the base indicator was added."""

    at: dt.datetime
    person: User | None
    changes: tuple[tuple[str, str, str], ...]


def base_indicator_history(row: BaseIndicator) -> list[BaseIndicatorEvent]:
    """Changes of a base indicator, the latest first, from the trail that the database keeps. Four queries."""
    events = list(
        apps.get_model("indicators", "BaseIndicatorEvent")
        .objects.filter(pgh_obj_id=row.pk)
        .select_related("pgh_context")
        .order_by("pgh_id")
    )
    actors = [(event.pgh_context.metadata if event.pgh_context else {}).get("user") for event in events]
    people = User.objects.in_bulk({pk for pk in actors if pk})
    others = {pk for event in events for pk in (event.weight_id, event.not_above_id) if pk}
    names = dict(BaseIndicator.objects.filter(pk__in=others).values_list("pk", "name"))
    found = []
    for before, event, actor in zip([None, *events], events, actors, strict=False):
        changes = tuple(_changes(before, event, names)) if before else ()
        if changes or before is None:
            found.append(BaseIndicatorEvent(event.pgh_created_at, people.get(actor), changes))
    return found[::-1]


def _changes(before: Any, after: Any, names: dict[int, str]) -> Iterator[tuple[str, str, str]]:
    for field in BaseIndicator._meta.concrete_fields:
        if field.name in {"id", "created_at"}:
            continue
        old, new = getattr(before, field.attname), getattr(after, field.attname)
        if old != new:
            yield str(field.verbose_name).capitalize(), _words(field.name, old, names), _words(field.name, new, names)


def _words(name: str, value: Any, names: dict[int, str]) -> str:
    if value is None:
        return ""
    match name:
        case "kinds":
            return kinds_words(value)
        case "weight" | "not_above":
            return names.get(value, "")
        case "minimum" | "maximum":
            return number(value)
        case "may_not_apply":
            return "да" if value else "нет"
        case "archived_at":
            return date_short(value)
    field = BaseIndicator._meta.get_field(name)
    return str(dict(getattr(field, "flatchoices", ())).get(value, value))


def kinds_words(kinds: list[str]) -> str:
    """«школа, колледж»; «все» where none is named."""
    return ", ".join(str(OrganisationKind(kind).label).lower() for kind in kinds) or "все"
