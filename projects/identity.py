"""How the rows of one passport relate to each other and to the organisations of the portal.

Real passports number and word the same result differently in section 3, in the finance table and in the event plan
(domain notes, §5 ``plan.result_unknown``). The relation is settled once, when a file becomes a proposal, confirmed by
a person, and frozen with the redaction. Everything later follows ids only.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Confidence = Literal["sure", "doubtful", "none", "confirmed"]


class Link(BaseModel):
    """What one row was recognised as. ``target`` is a row id, or an organisation's id written as text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    target: str | None = None
    confidence: Confidence = "none"


class Identity(BaseModel):
    """Keys are row ids of the document; of ``territories``, the name as written in the breakdown.

    ``former`` are rows that the redaction in force has not: each with the row of the project that it may be. One that
    is taken for it has its id, so that the key and the target are the same.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    territories: dict[str, Link] = {}
    plan_results: dict[str, Link] = {}
    finance_results: dict[str, Link] = {}
    breakdown_indicators: dict[str, Link] = {}
    methodology_indicators: dict[str, Link] = {}
    former: dict[str, Link] = {}

    def organisation_of(self, territory: str | None) -> int | None:
        link = self.territories.get(territory or "")
        return int(link.target) if link and link.target else None
