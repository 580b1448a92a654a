"""The rows of a draft that must be recognised, and what each may be recognised as."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from organisations.models import Organisation
from projects.identity import Confidence, Link
from projects.models import ChangeRequest
from projects.passport.schema import BreakdownRow, Indicator, Methodology, Result
from projects.services.former_rows import absent_rows, redactions_of
from projects.services.recognition import kind_below

CREATE = "new"
WORDS: dict[Confidence, tuple[str, str]] = {
    "sure": ("done", "узнано"),
    "confirmed": ("done", "подтверждено"),
    "doubtful": ("act", "узнано неуверенно, проверьте"),
    "none": ("none", "не узнано"),
}
"""A kind of state for the eye and a word for each degree of confidence."""

Choices = list[tuple[str, str]]

_TOTAL = re.compile(r"^\s*(всего|итого)\b", re.IGNORECASE)


def is_total(name: str | None) -> bool:
    """«Всего по региональному проекту, в том числе:» of section 4: a sum over results, no result itself."""
    return bool(_TOTAL.match(name or ""))


# Four hundred schools, each of which may be any of four hundred organisations, are more than a browser bears.
_MOST_CHOICES = 3_000


@dataclass(frozen=True)
class Question:
    """What is this row? ``keys`` are the rows of ``part`` of the identity that the document names ``written``."""

    part: str
    keys: tuple[str, ...]
    field: str
    written: str
    link: Link
    choices: Choices

    @property
    def preset(self) -> str:
        """What is chosen until a person says otherwise: facts go to no row that only resembles theirs."""
        guessed = self.part == "former" and self.link.confidence == "doubtful"
        return "" if guessed else self.link.target or ""

    @property
    def state(self) -> str:
        return WORDS[self.link.confidence][0]

    @property
    def chosen(self) -> str:
        """What a doubtful row was taken for, in full: a list shows only the beginning of a long name."""
        return dict(self.choices).get(self.link.target or "", "") if self.link.confidence == "doubtful" else ""

    @property
    def answer(self) -> str:
        """What the row is taken for, in words."""
        return next((title for target, title in self.choices if target == (self.link.target or "")), "")

    @property
    def word(self) -> str:
        return WORDS[self.link.confidence][1]


def asked_now(questions: Sequence[Question], wanted: Collection[str]) -> tuple[list[Question], list[Question]]:
    """Which questions are asked on a page, and which are only told with their answers.

    First come those of ``wanted`` fields, then of rows that were not recognised, then of short lists, up to what a page
    bears.
    """

    def place(question: Question) -> tuple[bool, bool, int]:
        is_settled = question.link.confidence in {"sure", "confirmed"}
        return question.field not in wanted, is_settled, len(question.choices)

    asked: set[str] = set()
    left = _MOST_CHOICES
    for question in sorted(questions, key=place):
        left -= len(question.choices)
        if left < 0:
            break
        asked.add(question.field)
    return [q for q in questions if q.field in asked], [q for q in questions if q.field not in asked]


def questions_of(change_request: ChangeRequest) -> list[Question]:
    """What the document names in words of its own, part by part and each in document order.

    A breakdown names an indicator once for every school, so it is asked about each wording and not about each row.
    """
    passport, identity = change_request.passport, change_request.recognised
    territories = dict.fromkeys(row.territory for row in passport.breakdown if row.territory)
    results, indicators = _choices(passport.results), _choices(passport.indicators)
    plan = {row.id: _named(row.number, row.name) for row in passport.plan if row.kind == "result"}
    money = {
        row.id: _named(row.number, row.name)
        for row in passport.finance
        if row.source is None and not is_total(row.name)
    }
    return [
        *_questions("territories", {name: name for name in territories}, identity.territories, _places(change_request)),
        *_questions("plan_results", plan, identity.plan_results, results),
        *_questions("finance_results", money, identity.finance_results, results),
        *_by_wording("breakdown_indicators", passport.breakdown, identity.breakdown_indicators, indicators),
        *_by_wording("methodology_indicators", passport.methodology, identity.methodology_indicators, indicators),
        *_former(change_request),
    ]


def _questions(
    part: str, rows: Mapping[str | None, str] | Mapping[str, str], links: Mapping[str, Link], choices: Choices
) -> Iterable[Question]:
    for index, (key, written) in enumerate(rows.items()):
        link = links.get(key or "")
        if key and link is not None:
            yield Question(part, (key,), f"{part}-{index}", written, link, choices)


def _by_wording(
    part: str, rows: Iterable[BreakdownRow | Methodology], links: Mapping[str, Link], choices: Choices
) -> Iterable[Question]:
    wordings: dict[str | None, list[str]] = {}
    for row in rows:
        if row.id and row.id in links:
            wordings.setdefault(row.indicator, []).append(row.id)
    for index, (written, keys) in enumerate(wordings.items()):
        yield Question(part, tuple(keys), f"{part}-{index}", written or "показатель не назван", links[keys[0]], choices)


def _former(change_request: ChangeRequest) -> Iterable[Question]:
    """Rows that may be ones that the project had: each may be any of its part that the document does not hold."""
    passport, links = change_request.passport, change_request.recognised.former
    if not links:
        return
    for part, absent in absent_rows(passport, redactions_of(change_request.project)).items():
        choices = [("", "новая строка"), *((str(row.id), _named(row.number, row.name)) for row in absent)]
        for row in getattr(passport, part):
            if link := links.get(row.id):
                same = [(row.id, "прежняя строка, её сведения продолжаются")] if link.target == row.id else []
                yield Question(
                    "former", (row.id,), f"former-{row.id}", _named(row.number, row.name), link, [*choices, *same]
                )


def _places(change_request: ChangeRequest) -> Choices:
    if not change_request.recognised.territories:
        return []
    territory = change_request.territory
    found = Organisation.objects.under(territory).open().order_by("depth", "sort_key", "pk")
    new = f"создать организацию: {kind_below(territory).label.lower()}"
    return [("", "не сопоставлять"), (CREATE, new), *((str(o.pk), o.name) for o in found)]


def _choices(rows: Iterable[Result | Indicator]) -> Choices:
    return [("", "не сопоставлять"), *((str(row.id), _named(row.number, row.name)) for row in rows)]


def _named(number: str | None, name: str | None) -> str:
    return " ".join(filter(None, (number, name))) or "строка без названия"
