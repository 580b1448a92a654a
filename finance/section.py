"""Section 4 of the passport: money."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from finance.models import FinanceLine, PlannedAmount
from projects.models import Redaction, Result
from projects.passport.schema import FinanceRow
from projects.projection import project_rows, replace_rows

ROUBLES = {"thousand": Decimal(1_000), "million": Decimal(1_000_000)}


def project(redaction: Redaction) -> None:
    """Rebuild the lines and amounts of section 4, in roubles."""
    passport = redaction.passport
    unit = ROUBLES[passport.finance_unit]
    results = {str(r.row_id): r for r in Result.objects.filter(project_id=redaction.project_id).current()}
    owners = _owners(passport.finance, redaction)

    def columns(row: FinanceRow) -> dict[str, Any]:
        return {
            "number": row.number or "",
            "name": row.name or "",
            "source": row.source,
            "code": row.code or "",
            "note": row.note or "",
            "total": None if row.total is None else row.total * unit,
            "result": results.get(owners.get(row.id or "") or ""),
        }

    lines = project_rows(FinanceLine, redaction, passport.finance, columns)
    amounts = [
        PlannedAmount(line=lines[row.id or ""], year=int(year), amount=amount * unit)
        for row in passport.finance
        for year, amount in (row.amounts or {}).items()
    ]
    replace_rows(PlannedAmount, lines, "line", amounts)


def _owners(rows: tuple[FinanceRow, ...], redaction: Redaction) -> dict[str, str | None]:
    """The result that each line belongs to: its own link, and for a source that of the line it stands under."""
    links = redaction.recognised.finance_results
    owners: dict[str, str | None] = {}
    owner: str | None = None
    for row in rows:
        if row.source is None:
            link = links.get(row.id or "")
            owner = link.target if link else None
        owners[row.id or ""] = owner
    return owners
