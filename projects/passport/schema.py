"""The form ``passport/1``: a passport of a federal, regional or municipal project as data.

Every stage of the portal speaks it: readers produce it, checks examine it, change requests carry it,
redactions freeze it, renderers print it. Decimals travel as strings with a point and without padding,
dates as ISO, and what is absent is ``None``: never 0, never an empty string. A cell that is not empty but
holds no value of its kind («XX», «-», «31.11.2020») is ``None`` too and stands in :attr:`Passport.unread`
as it was written. Unknown keys are an error.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

FORMAT: Literal["passport/1"] = "passport/1"

Level = Literal["federal", "regional", "municipal"]
ParentLevel = Literal["federal", "national"]
IndicatorKind = Literal["main", "additional"]
Direction = Literal["increasing", "decreasing"]
Source = Literal["federal", "state_funds", "regional", "municipal", "extrabudgetary", "transfers"]
PlanKind = Literal["result", "activity", "control_point"]
Unit = Literal["thousand", "million"]
Severity = Literal["error", "warning", "notice"]

SOURCES: tuple[Source, ...] = get_args(Source)


def decimal_text(value: Decimal) -> str:
    """Write a decimal the way ``passport/1`` does: a point, no exponent, no padding (``"39.5"``, ``"0"``)."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


_DECIMAL = re.compile(r"-?\d{1,24}(\.\d{1,12})?")


def _parse_decimal(value: Any) -> Any:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str) and _DECIMAL.fullmatch(value) and value.isascii():
        return Decimal(value)
    raise ValueError("a decimal is a string of digits with a point")


PassportDecimal = Annotated[
    Decimal,
    BeforeValidator(_parse_decimal),
    PlainSerializer(decimal_text, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d{1,24}(\.\d{1,12})?$"}),
]
Text = Annotated[str, StringConstraints(min_length=1, max_length=50_000)]
Year = Annotated[str, StringConstraints(pattern=r"^(19|20|21)\d\d$")]
Amounts = dict[Year, PassportDecimal]
Targets = dict[Year, PassportDecimal | None]


class Part(BaseModel):
    """Base of every part of a passport: strict about its keys, and unchanging once made."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Row(Part):
    """A row of a list. ``id`` is the portal's own key, which survives renaming and renumbering."""

    id: str | None = None


class Amendment(Part):
    protocol_number: Text | None = None
    protocol_date: dt.date | None = None


class Approval(Part):
    """The stamp above the passport: the body that approved it, under which protocol."""

    body: Text | None = None
    approver: Text | None = None
    protocol_number: Text | None = None
    protocol_date: dt.date | None = None
    amendments: tuple[Amendment, ...] = ()


class Person(Part):
    name: Text | None = None
    position: Text | None = None


class Base(Part):
    """The base value of an indicator and the day it was measured."""

    value: PassportDecimal | None = None
    date: dt.date | None = None


class Indicator(Row):
    number: Text | None = None
    name: Text | None = None
    unit: Text | None = None
    kind: IndicatorKind | None = None
    federal_name: Text | None = None
    direction: Direction | None = None
    base: Base = Base()
    targets: Targets = {}


class Task(Row):
    number: Text | None = None
    name: Text | None = None


class Result(Row):
    """A result (результат); ``task`` is an index in :attr:`Passport.tasks`."""

    number: Text | None = None
    name: Text | None = None
    task: int | None = None
    due: dt.date | None = None
    characteristic: Text | None = None
    federal_result: Text | None = None
    targets: Targets = {}


class FinanceRow(Row):
    """A line of section 4 in document order; headings, results and totals carry ``source`` None."""

    number: Text | None = None
    name: Text | None = None
    source: Source | None = None
    code: Text | None = None
    amounts: Amounts | None = None
    total: PassportDecimal | None = None
    note: Text | None = None


class Participant(Row):
    number: Text | None = None
    role: Text | None = None
    name: Text | None = None
    position: Text | None = None
    supervisor: Text | None = None
    employment: PassportDecimal | None = None
    group: Text | None = None


class PlanRow(Row):
    number: Text | None = None
    name: Text | None = None
    kind: PlanKind | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    responsible: Text | None = None
    document: Text | None = None
    control_level: Text | None = None


class BreakdownRow(Row):
    """Targets of one indicator in one municipality or organisation."""

    indicator: Text | None = None
    territory: Text | None = None
    base: Base = Base()
    targets: Targets = {}


class Methodology(Row):
    indicator: Text | None = None
    formula: Text | None = None
    base_indicators: Text | None = None
    source: Text | None = None
    collector: Text | None = None
    aggregation: Text | None = None
    schedule: Text | None = None
    note: Text | None = None


class Unread(Part):
    """A cell that is not empty but holds no value of its kind, as it was written."""

    section: Text
    row: int | None = None
    field: Text
    raw: Text


class Passport(Part):
    format: Literal["passport/1"] = FORMAT
    level: Level | None = None
    title: Text | None = None
    short_title: Text | None = None
    parent_title: Text | None = None
    parent_level: ParentLevel | None = None
    territory: Text | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    approval: Approval = Approval()
    curator: Person = Person()
    head: Person = Person()
    administrator: Person = Person()
    programmes: tuple[Text, ...] = ()
    goal: Text | None = None
    indicators: tuple[Indicator, ...] = ()
    tasks: tuple[Task, ...] = ()
    results: tuple[Result, ...] = ()
    finance: tuple[FinanceRow, ...] = ()
    finance_unit: Unit = "million"
    participants: tuple[Participant, ...] = ()
    plan: tuple[PlanRow, ...] = ()
    control_levels: dict[Text, Text] = {}
    breakdown: tuple[BreakdownRow, ...] = ()
    methodology: tuple[Methodology, ...] = ()
    additional: Text | None = None
    footnotes: tuple[Text, ...] = ()
    unread: tuple[Unread, ...] = ()

    @model_validator(mode="after")
    def _rows_agree(self) -> Passport:
        """Refuse a ``kind`` or ``source`` that contradicts its row, and an index that points nowhere."""
        from projects.passport.rules import finance_source, plan_kind

        for index, row in enumerate(self.plan):
            if row.kind != plan_kind(row.number, row.start):
                raise ValueError(f"plan.{index}.kind contradicts the number and the start of the row")
        for index, line in enumerate(self.finance):
            if line.source != finance_source(line.name):
                raise ValueError(f"finance.{index}.source contradicts the name of the row")
        for index, result in enumerate(self.results):
            if result.task is not None and not 0 <= result.task < len(self.tasks):
                raise ValueError(f"results.{index}.task points at no task")
        return self


class Finding(Part):
    """Something a check noticed in a passport (domain of the field: «замечание»).

    ``section`` is a key of the form, ``row`` the index in it (None for the whole section), ``number`` the
    row's number, ``raw`` the text as it was written, ``message`` one Russian sentence for a clerk.
    """

    code: str
    severity: Severity
    section: str
    row: int | None = None
    number: str | None = None
    field: str | None = None
    raw: str | None = None
    message: str


def json_schema() -> dict[str, Any]:
    """The JSON Schema of ``passport/1``, as published beside the project."""
    return Passport.model_json_schema(mode="serialization")
