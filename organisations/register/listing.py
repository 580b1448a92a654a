"""Reads of the register for its pages and its export."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Count, Exists, F, Func, OuterRef, Prefetch, Q, QuerySet, TextField, Value

from organisations.access import access_of
from organisations.models import (
    REPORTING_KINDS,
    Membership,
    Organisation,
    OrganisationKind,
    RegisterLoad,
    RegisterRow,
    sort_key_of,
)
from organisations.register.planning import Head
from organisations.roles import Action, Role

SORTS = {
    "name": ("sort_key", "pk"),
    "municipality": ("parent__sort_key", "sort_key", "pk"),
    "kind": ("kind", "sort_key", "pk"),
    "inn": ("inn", "sort_key", "pk"),
}


_CAPITALS = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯABCDEFGHIJKLMNOPQRSTUVWXYZё"
# Without ICU the database knows neither «ё» nor capitals.
_PLAIN_NAME = Func(
    F("name"),
    Value(_CAPITALS),
    Value(_CAPITALS.lower().replace("ё", "е")),
    function="translate",
    output_field=TextField(),
)


def readable(user: Any) -> QuerySet[Organisation]:
    """The part of the register that the person oversees."""
    return Organisation.objects.filter(access_of(user).below("path", Action.READ_REGISTER))


def organisations_listed(
    user: Any,
    *,
    text: str = "",
    kind: str = "",
    municipality: int | None = None,
    state: str = "open",
    head: str = "",
    sort: str = "name",
) -> QuerySet[Organisation]:
    """Organisations and municipalities of the register with their heads, the region itself left out.

    ``text`` is words of the full or the short name or the beginning of an ИНН; ``state`` open, closed or empty for
    both; ``head`` with, without or empty.
    """
    rows = readable(user).exclude(parent=None).select_related("parent", "successor")
    rows = rows.alias(plain_name=_PLAIN_NAME)
    named = Q()
    for word in sort_key_of(text).split():
        named &= Q(sort_key__contains=word) | _in_full_name(word)
    rows = rows.filter(named | Q(inn__startswith=text.strip()) if re.fullmatch(r"\s*\d{3,12}\s*", text) else named)
    if kind:
        rows = rows.filter(kind=kind)
    if municipality is not None:
        rows = rows.filter(parent_id=municipality)
    if state:
        rows = rows.filter(closed_at__isnull=state == "open")
    if head:
        there = Exists(Membership.objects.filter(organisation=OuterRef("pk"), role=Role.REPORTER))
        rows = rows.filter(there if head == "with" else ~there, kind__in=REPORTING_KINDS)
    order = [f"-{name}" for name in SORTS[sort[1:]]] if sort.startswith("-") else SORTS[sort]
    return rows.order_by(*order).prefetch_related(heads_of())


def _in_full_name(word: str) -> Q:
    """A word of the full name; a number is the whole of it, «2» is not in «№ 12»."""
    if word.isdecimal():
        return Q(plain_name__regex=rf"(^|[^0-9])0*{word.lstrip('0') or '0'}($|[^0-9])")
    return Q(plain_name__contains=word)


def heads_of() -> Prefetch[str, QuerySet[Membership], str]:
    """Those who report for an organisation, as its ``heads``."""
    reporters = Membership.objects.filter(role=Role.REPORTER).select_related("user").order_by("pk")
    return Prefetch("memberships", reporters, to_attr="heads")


def municipalities_of(user: Any) -> list[tuple[int, str]]:
    """Municipalities to filter by or to choose from: ids and short names."""
    rows = readable(user).filter(kind=OrganisationKind.MUNICIPALITY).order_by("sort_key", "pk")
    return list(rows.values_list("pk", "short_name"))


def parts_of(organisation: Organisation) -> list[tuple[str, int]]:
    """How many open organisations of each kind stand right below: «Школа», 12."""
    rows = organisation.children.open().values("kind").annotate(count=Count("pk")).order_by("-count", "kind")
    return [(OrganisationKind(row["kind"]).label, row["count"]) for row in rows]


def counts_of(load: RegisterLoad) -> dict[str, int]:
    """How many rows of a load come to what: an outcome each, and ``new`` and ``replaced`` heads."""
    rows = load.rows.values("outcome", "head").annotate(count=Count("pk"))
    found = dict.fromkeys([*RegisterRow.Outcome.values, Head.NEW.value, Head.REPLACED.value], 0)
    for row in rows:
        found[row["outcome"]] += row["count"]
        if row["head"] in {Head.NEW, Head.REPLACED} and row["outcome"] != RegisterRow.Outcome.REFUSED:
            found[row["head"]] += row["count"]
    return found
