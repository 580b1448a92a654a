"""What travels through the API. Nothing is guessed: a field too many or of another type is refused.

Decimals are written as text («39.47»), so that no program on the way makes a binary fraction of them.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from indicators.models import SubmissionState

State = Literal["draft", "submitted", "checked", "returned", "accepted", "reopened"]
assert set(State.__args__) == set(SubmissionState.values)  # type: ignore[attr-defined]

Version = Annotated[int, Field(ge=0, le=2_147_483_647, description="Версия формы, которую вы прочли.")]
RowId = Annotated[int, Field(ge=0, le=9_223_372_036_854_775_807)]
Given = Annotated[
    str | bool | int | Decimal | None,
    Field(description="Число, текст с числом, true/false, «not_applicable» (не применимо) или null (стереть ответ)."),
]


class _Sent(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class DraftSent(_Sent):
    """Answers by the codes of questions; those that are not named stay as they are."""

    version: Version
    answers: dict[str, Given] = Field(default={}, max_length=500)
    explanations: dict[str, Annotated[str, Field(max_length=2000)]] = Field(default={}, max_length=500)


class SubmitSent(_Sent):
    version: Version


class FormsWanted(BaseModel):
    """The filters of the list, read from an address."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    due: Literal["true", "false"] | None = None
    period: RowId | None = None
    after: RowId = 0


class OrganisationShown(BaseModel):
    id: int
    name: str
    inn: str | None


class PeriodShown(BaseModel):
    id: int
    kind: Literal["month", "quarter", "half_year", "nine_months", "year"]
    year: int
    number: int
    name: str
    start: dt.date
    end: dt.date
    deadline: dt.datetime
    open: bool


class FormShown(BaseModel):
    """A form in a list."""

    id: int
    version: int
    state: State
    state_name: str
    writable: bool = Field(description="Можно ли сейчас менять и отправлять.")
    late: bool
    submitted_at: dt.datetime | None
    comment: str = Field(description="Замечание проверяющего или причина, по которой форму открыли заново.")
    organisation: OrganisationShown
    period: PeriodShown


class EvidenceShown(BaseModel):
    id: int
    question: str | None = Field(description="Код вопроса; null — ко всей форме.")
    name: str
    size: int
    sha256: str


class QuestionShown(BaseModel):
    code: str
    name: str
    kind: Literal["integer", "decimal", "boolean"]
    unit: str
    okei: str
    hint: str
    minimum: Decimal | None
    maximum: Decimal | None
    may_not_apply: bool
    evidence: Literal["none", "welcome", "required"]
    previous: Decimal | None = Field(description="Принятое значение прошлого периода; «да» — 1, «нет» — 0.")
    value: Decimal | None = Field(description="Ответ; «да» — 1, «нет» — 0; null — ответа нет.")
    not_applicable: bool
    explanation: str
    remark: str
    warning: str = Field(description="Что в ответе выглядит странно; отправить это не мешает, но нужно пояснение.")


class WholeForm(FormShown):
    questions: list[QuestionShown]
    evidence: list[EvidenceShown]


class FormsPage(BaseModel):
    next: str | None = Field(description="Адрес следующей страницы; null — это последняя.")
    results: list[FormShown]


class ProblemAt(BaseModel):
    pointer: str
    detail: str


class Problem(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ProblemAt] = []
    version: int | None = Field(default=None, description="Версия формы после того, что удалось сохранить.")
