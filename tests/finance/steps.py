"""A project with money, and figures of its execution, for the tests of this room."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from finance.entering import Given, Judged
from finance.models import ExecutionEntry, FinanceLine
from finance.services import execution_enter
from organisations.models import User
from projects.models import Project
from projects.passport.schema import FinanceRow, Passport
from projects.services.proposals import change_request_open
from tests.conftest import Cast, Region, approve

ROADS, TRAINING = "Подъезды к школам приведены в порядок", "Инспекторы обучены"
# In million roubles: two results, each with sources, transfers as a part, and the total of the project.
ROWS: list[dict[str, Any]] = [
    {"number": "1.1", "name": ROADS, "amounts": {"2025": "12", "2026": "20"}, "total": "32"},
    {"name": "федеральный бюджет", "source": "federal", "amounts": {"2025": "10", "2026": "18"}, "total": "28"},
    {"name": "из них межбюджетные трансферты", "source": "transfers", "amounts": {"2025": "8"}, "total": "8"},
    {"name": "бюджет Северской области", "source": "regional", "amounts": {"2025": "2", "2026": "2"}, "total": "4"},
    {"number": "1.2", "name": TRAINING, "amounts": {"2025": "0.5", "2026": "0.5"}, "total": "1"},
    {"name": "внебюджетные источники", "source": "extrabudgetary", "amounts": {"2025": "0.5", "2026": "0.5"}},
    {"name": "Всего по проекту, в том числе:", "amounts": {"2025": "12.5", "2026": "20.5"}, "total": "33"},
    {"name": "федеральный бюджет", "source": "federal", "amounts": {"2025": "10", "2026": "18"}, "total": "28"},
    {"name": "бюджет Северской области", "source": "regional", "amounts": {"2025": "2", "2026": "2"}, "total": "4"},
    {"name": "внебюджетные источники", "source": "extrabudgetary", "amounts": {"2025": "0.5", "2026": "0.5"}},
]
LINES = (
    *("roads", "federal", "transfers", "regional"),
    *("training", "extrabudgetary"),
    *("all", "all_federal", "all_regional", "all_extrabudgetary"),
)


def money_passport(passport: Passport, rows: list[dict[str, Any]] | None = None) -> Passport:
    """The passport with the money of :data:`ROWS` and a second result that serves it."""
    training = passport.results[0].model_copy(update={"number": "1.2", "name": TRAINING})
    document = passport.model_dump() | {
        "results": [result.model_dump() for result in (*passport.results, training)],
        "finance": [FinanceRow.model_validate(row).model_dump() for row in rows or ROWS],
    }
    return Passport.model_validate(document)


def funded_project(passport: Passport, region: Region, cast: Cast) -> Project:
    draft = change_request_open(
        passport=money_passport(passport), territory=region.root, project=None, source_file=None, actor=cast.office
    )
    return approve(draft, cast.curator)


def lines_of(project: Project) -> dict[str, FinanceLine]:
    """The lines of a project made of :data:`ROWS` by the names of :data:`LINES`."""
    rows = FinanceLine.objects.filter(project=project).current().order_by("position")
    return dict(zip(LINES, rows, strict=True))


def given(line: FinanceLine, executed: str | None = None, contracted: str | None = None, **more: Any) -> Given:
    """What is said of a line, in roubles."""
    return Given(
        line.pk,
        contracted=None if contracted is None else Decimal(contracted),
        executed=None if executed is None else Decimal(executed),
        **more,
    )


def enter(
    line: FinanceLine,
    as_of: dt.date,
    executed: str | None = None,
    contracted: str | None = None,
    *,
    actor: User,
    **more: Any,
) -> Judged:
    """Enter one line over whatever stands there now."""
    entry = ExecutionEntry.objects.filter(line=line, as_of=as_of).first()
    more.setdefault("version", entry.version if entry else 0)
    [done] = execution_enter(
        project=line.project, as_of=as_of, rows=[given(line, executed, contracted, **more)], actor=actor
    )
    return done
