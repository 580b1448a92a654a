"""Section 4: money by source and year, words that stand where money should, and budget codes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from projects.passport import values
from projects.passport.intermediate import Row, squash
from projects.passport.pages import Sheet
from projects.passport.recogniser.draft import Draft, Line, lines, without_dash
from projects.passport.rules import finance_source
from projects.passport.schema import FinanceRow, Unit
from projects.passport.titles import Columns

_CODE = re.compile(r"[\dA-ZА-ЯЁ]{3,20}", re.IGNORECASE)
_CODE_TITLE = re.compile(r"кбк|бюджетной классификации|\b(грбс|рз ?пр|цср|вр)$", re.IGNORECASE)
_WORDS = re.compile(r"[а-яёa-z]{3,}", re.IGNORECASE)


def unit_in(text: str) -> Unit | None:
    """«(млн. рублей)» or «тыс. руб.» in a title or a heading."""
    if re.search(r"\bмлн|миллион", text, re.IGNORECASE):
        return "million"
    return "thousand" if re.search(r"\bтыс", text, re.IGNORECASE) else None


def read_finance(sheet: Sheet, columns: Columns, draft: Draft) -> None:
    unit = unit_in(" ".join(columns.titles))
    if unit:
        draft.front["finance_unit"] = unit
    code_columns = [column for column, title in enumerate(columns.titles) if _CODE_TITLE.search(title)]
    for line in lines(sheet.rows, columns):
        name = without_dash(line.name)
        if name or line.number or line.row.filled:
            draft.finance.append(_row(line, name, columns, code_columns, draft))


def _row(line: Line, name: str, columns: Columns, code_columns: list[int], draft: Draft) -> FinanceRow:
    index = len(draft.finance)
    cells = {year: line.row.cell(column) for year, column in columns.years.items()}
    total_cell = line.row.cell(columns.at("total"))
    found = {year: values.number(text) for year, text in cells.items()}
    amounts: dict[str, Decimal] | None = {year: value for year, value in found.items() if value is not None} or None
    said = squash(line.row.cell(columns.at("note"))) or None
    note = said
    if amounts is None and note is None and _may_be_words(line.row, columns):
        note = words_for_money([*cells.values(), total_cell])
    alone = note is not None and note != said
    for year, text in cells.items():
        if found[year] is None and not alone:
            draft.keep_raw("finance", index, f"amounts.{year}", text)
    total = values.number(total_cell)
    if (total is None or amounts is None) and not alone:
        draft.keep_raw("finance", index, "total", total_cell)
    return FinanceRow(
        number=line.number,
        name=name or None,
        source=finance_source(name),
        code=_code(line.row, code_columns, index, draft),
        amounts=amounts,
        total=total if amounts is not None else None,
        note=note or _marks([*cells.values(), total_cell]),
    )


def _may_be_words(row: Row, columns: Columns) -> bool:
    """Where cells are merged on purpose, words for money go over the cells of the money."""
    first = min([*columns.years.values(), columns.at("total") or len(row.cells)])
    return row.group is None or row.spans.get(first, 1) > 1 or not columns.years


def words_for_money(texts: list[str]) -> str | None:
    """What is said instead of money, once, however many cells repeat it; None where nothing is said in words."""
    said: list[str] = []
    for text in map(squash, texts):
        if _WORDS.search(text) and text not in said:
            said.append(text)
    return values.without_marks(" ".join(said)) or None


def _marks(texts: list[str]) -> str | None:
    """Footnote marks on the money («1,0*»); the footnote's words replace them once all footnotes are known."""
    marks = [mark for mark in map(values.mark_of, texts) if mark]
    return " ".join(dict.fromkeys(marks)) or None


def _code(row: Row, code_columns: list[int], index: int, draft: Draft) -> str | None:
    raw = " ".join(filter(None, (squash(row.shared(column)) for column in code_columns)))
    joined = re.sub(r"\s", "", raw)
    if _CODE.fullmatch(joined) and re.search(r"\d", joined):
        return joined
    draft.keep_raw("finance", index, "code", raw)
    return None


def meanings_of(footnotes: Iterable[str]) -> dict[str, str]:
    """What each footnote mark means: «* уточняется» says it of the asterisk."""
    found = (re.match(r"(\*+|[⁰¹²³⁴-⁹]+)\)?\s*[-–—]?\s*(.+)", squash(footnote)) for footnote in footnotes)
    return {match[1]: match[2] for match in found if match}


def explain_marks(rows: list[FinanceRow], footnotes: list[str]) -> list[FinanceRow]:
    """Put the words of the footnotes in the place of the marks left in the notes."""
    meanings = meanings_of(footnotes)
    explained = []
    for row in rows:
        if row.note and re.fullmatch(r"[*⁰¹²³⁴-⁹ ]+", row.note):
            words = " ".join(meanings[mark] for mark in row.note.split() if mark in meanings)
            row = row.model_copy(update={"note": words or row.note})
        explained.append(row)
    return explained
