"""What ``passport/1`` computes from a row instead of storing twice."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from projects.passport.lookalikes import mended

if TYPE_CHECKING:
    from projects.passport.schema import PlanKind, Source

_TRANSFERS = re.compile(r"^(из них|в том числе|в т\.\s?ч\.)?:?\s*межбюджетн", re.IGNORECASE)
_STATE_FUNDS = re.compile(r"государственн\w+ внебюджетн\w+ фонд", re.IGNORECASE)
_EXTRABUDGETARY = re.compile(r"^внебюджетн", re.IGNORECASE)
_FEDERAL = re.compile(r"^(средства )?федеральн\w+ бюджет", re.IGNORECASE)
_MUNICIPAL = re.compile(
    r"^(средства )?((свод\w* )?бюджет\w* .*(город|район|округ|муниципал|поселени)|консолидирован|свод\b|местн\w+ бюджет"
    r"|муниципальн\w+ бюджет|бюджет\w* муниципал)",
    re.IGNORECASE,
)
_REGIONAL = re.compile(r"^(средства )?((областн|краев|республиканск|окружн|региональн)\w+ )?бюджет", re.IGNORECASE)


def plan_kind(number: str | None, start: dt.date | None) -> PlanKind | None:
    """The kind of a row of the event plan.

    One part in the number is a result; three and more, or a start, an activity; else a control point; a row
    without a number has no kind. Source: the official form of the passport, appendix 1.
    """
    if not number:
        return None
    parts = [part for part in number.split(".") if part]
    if len(parts) <= 1:
        return "result"
    return "activity" if len(parts) >= 3 or start else "control_point"


def finance_source(name: str | None) -> Source | None:
    """The source of money that a line of section 4 names, None for headings, results and totals."""
    text = mended(name or "").strip(" -–—•").casefold()
    if not text:
        return None
    if _TRANSFERS.match(text):
        return "transfers"
    if _FEDERAL.match(text):
        return "federal"
    if _STATE_FUNDS.search(text) and text.startswith(("бюджет", "средства", "государственн")):
        return "state_funds"
    if _EXTRABUDGETARY.match(text):
        return "extrabudgetary"
    if _MUNICIPAL.match(text):
        return "municipal"
    return "regional" if _REGIONAL.match(text) else None
