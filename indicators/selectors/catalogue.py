"""The catalogue of base indicators as a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F

from indicators.models import BaseIndicator
from organisations.models import OrganisationKind, sort_key_of


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


def kinds_words(kinds: list[str]) -> str:
    """«школа, колледж»; «все» where none is named."""
    return ", ".join(str(OrganisationKind(kind).label).lower() for kind in kinds) or "все"
