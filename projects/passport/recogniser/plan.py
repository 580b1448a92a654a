"""Appendix 1: the event plan in document order, and the list of control levels under it."""

from __future__ import annotations

import re

from projects.passport import values
from projects.passport.intermediate import squash
from projects.passport.lookalikes import cyrillic
from projects.passport.pages import Sheet
from projects.passport.recogniser.draft import Draft, Line, lines, without_dash
from projects.passport.rules import plan_kind
from projects.passport.schema import PlanRow
from projects.passport.titles import Columns

_NOT_A_ROW = re.compile(r"^(задача\b|результат федерального проекта)", re.IGNORECASE)
_LEVEL = re.compile(r"(?P<short>[А-ЯЁ]{1,6})\s?[–—-]\s?(?P<long>[^;]+)")
_NAMED_LEVEL = re.compile(r"Уровень контроля «(?P<short>.+?)» – (?P<long>.+)")
_LEVEL_LINE = re.compile(r"^[\W\d]{0,6}(уровень контроля:?\s*)?(?=[А-ЯЁ]{1,6}\s?[–—-]\s?\S)", re.IGNORECASE)


def read_plan(sheet: Sheet, columns: Columns, draft: Draft) -> None:
    for line in lines(sheet.rows, columns):
        name = without_dash(line.name)
        if line.group and (_NOT_A_ROW.match(name) or line.number is None):
            continue
        if name or line.number or line.row.filled:
            draft.plan.append(_row(line, name, columns, draft))


def _row(line: Line, name: str, columns: Columns, draft: Draft) -> PlanRow:
    index, row = len(draft.plan), line.row
    start = draft.day(row.shared(columns.at("start")), "plan", index, "start")
    return PlanRow(
        number=line.number,
        name=name or None,
        kind=plan_kind(line.number, start),
        start=start,
        end=draft.day(row.shared(columns.at("end")), "plan", index, "end"),
        responsible=draft.words(row.shared(columns.at("responsible")), "plan", index, "responsible"),
        document=draft.words(row.cell(columns.at("document")), "plan", index, "document"),
        control_level=_without_marks(
            draft.words(row.shared(columns.at("control_level")), "plan", index, "control_level")
        ),
    )


def _without_marks(text: str | None) -> str | None:
    return values.without_marks(text) or None if text else None


def control_levels(text: str) -> dict[str, str]:
    """«К – куратор; РП – руководитель проекта» as a dictionary; empty where the words say something else."""
    line = values.without_marks(squash(text))
    # Look-alike letters keep their places: what is found among them is cut from the words as written.
    plain = cyrillic(line)
    named = _NAMED_LEVEL.fullmatch(plain)
    if named:
        return {_cut(line, named, "short"): _cut(line, named, "long")}
    head = _LEVEL_LINE.match(plain)
    if not head:
        return {}
    levels: dict[str, str] = {}
    at = head.end()
    for part in re.split(r"(;|,\s(?=[А-ЯЁ]{1,6}\s?[–—-]))", plain[at:]):
        words, start = line[at : at + len(part)].strip().rstrip("."), at
        at = start + len(part)
        if part[:1] in {";", ","}:
            continue
        found = _LEVEL.fullmatch(cyrillic(words))
        if not found:
            return {}
        levels[_cut(words, found, "short")] = _cut(words, found, "long").strip()
    return levels


def _cut(line: str, found: re.Match[str], part: str) -> str:
    return line[found.start(part) : found.end(part)]
