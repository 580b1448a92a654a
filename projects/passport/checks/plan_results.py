"""Results of the event plan against those of section 3, told by their words: numbers alone decide nothing."""

from __future__ import annotations

from collections.abc import Iterator

from projects.passport.checks.resemblance import Names
from projects.passport.checks.words import finding_of, short
from projects.passport.schema import Finding, Passport


def result_unknown(passport: Passport) -> Iterator[Finding]:
    """``plan.result_unknown``: a result of the plan that resembles none in section 3."""
    if not any(row.name for row in passport.results):
        return
    names = Names(row.name for row in passport.results)
    for index, row in enumerate(passport.plan):
        if row.kind == "result" and row.name and names.likest(row.name) is None:
            said = f"стоит результат «{short(row.name)}», а в разделе 3 такого нет."
            yield finding_of(passport, "plan.result_unknown", "warning", "plan", index, "name", said, row.name)


def result_missing(passport: Passport) -> Iterator[Finding]:
    """``plan.result_missing``: a result of section 3 that no result of the plan resembles."""
    results = [row for row in passport.plan if row.name and row.kind in {"result", None}]
    if not any(row.kind == "result" for row in results):
        return
    names = Names(row.name for row in results)
    others = [row for row in passport.plan if row.name and row.kind not in {"result", None}]
    below = Names(row.name for row in others)
    for index, row in enumerate(passport.results):
        if not row.name or names.likest(row.name) is not None:
            continue
        at = below.likest(row.name)
        number = others[at].number if at is not None else None
        only = f" Похожа только строка {number}, но она не результат." if number else ""
        said = f"стоит результат «{short(row.name)}», а в плане мероприятий такого результата нет.{only}"
        yield finding_of(passport, "plan.result_missing", "warning", "results", index, "name", said, row.name)
