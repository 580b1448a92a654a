"""Section 4 of the official form: money by result, source and year, and the words that stand beside it."""

from __future__ import annotations

import re

from projects.passport.recogniser.finance import meanings_of, words_for_money
from projects.passport.recogniser.results import says_federal_result
from projects.passport.schema import FinanceRow, Passport
from reports.documents.print_table import Cell, Column, Head, PrintTable, Row, print_table
from reports.documents.written import Written, decimals_of, printable, years_of

_TEXT = Column()
_CENTRE = Column("centre")
_YEAR = Column("number", equal=True)
_TOTAL = re.compile(r"^(всего|итого)\b", re.IGNORECASE)


def finance_table(passport: Passport, written: Written, unit: str) -> PrintTable | None:
    """Section 4. Every sum of the table has the same number of decimals.

    ``unit`` is the unit of money as printed («млн. рублей»). Words instead of money stand across the years; a note
    to money that is there is a mark where a footnote of the passport says the same, else it has a column.
    """
    if not passport.finance:
        return None
    table = _Table(passport, written)
    rows = [table.row(index) for index in range(len(passport.finance))]
    years = table.years
    deep = 2 if years else 1
    upper = [Head("№\nп/п", rows=deep), Head("Наименование результата и источники финансирования", rows=deep)]
    columns = [_CENTRE, _TEXT]
    if table.coded:
        upper.append(Head("Код бюджетной классификации", rows=deep))
        columns.append(_CENTRE)
    if years:
        upper.append(Head(f"Объем финансового обеспечения по годам реализации ({unit})", columns=len(years)))
    upper.append(Head(f"Всего ({unit})", rows=deep))
    columns += [*[_YEAR] * len(years), Column("number")]
    if table.noted:
        upper.append(Head("Примечание", rows=deep))
        columns.append(_TEXT)
    head = (tuple(upper), tuple(Head(year) for year in years)) if years else (tuple(upper),)
    return print_table(columns, head, rows)


class _Table:
    """What all the rows have in common: years, decimals, and where the notes stand."""

    def __init__(self, passport: Passport, written: Written) -> None:
        self._rows = passport.finance
        self._written = written
        self._marks = {words: mark for mark, words in meanings_of(passport.footnotes).items()}
        self._unread = {(entry.row, entry.field) for entry in passport.unread if entry.section == "finance"}
        fields = {field for _, field in self._unread}
        raw_years = {field.removeprefix("amounts.") for field in fields if field.startswith("amounts.")}
        self.years = tuple(sorted({*years_of(row.amounts for row in self._rows), *raw_years}))
        self.coded = any(row.code for row in self._rows) or "code" in fields
        self.noted = any(self._in_column(index) for index in range(len(self._rows)))
        self._decimals = decimals_of(
            [value for row in self._rows for value in (*(row.amounts or {}).values(), row.total)]
        )

    def row(self, index: int) -> Row:
        row, at = self._rows[index], ("finance", index)
        amounts = row.amounts or {}
        money = [self._written.number(*at, f"amounts.{year}", amounts.get(year), self._decimals) for year in self.years]
        total = self._written.number(*at, "total", row.total, self._decimals)
        number = Cell(self._written.text(*at, "number", row.number), "centre")
        name = self._written.text(*at, "name", row.name)
        code = [Cell(self._written.text(*at, "code", row.code), "centre")] if self.coded else []
        note = [Cell(printable(row.note) if self._in_column(index) else "")] if self.noted else []
        if self._instead_of_money(index):
            words = Cell(printable(row.note), "centre", columns=len(money) + 1)
            return Row((number, Cell(name, names_row=True), *code, words, *note))
        if not any((*money, total, row.note)) and not any(cell.text for cell in code) and self._is_heading(index):
            across = Cell(name, columns=len(code) + len(money) + 2 + len(note), names_row=True)
            return Row((number, across), joined=True)
        texts = [*money, total]
        last = max((place for place, text in enumerate(texts) if text), default=-1)
        mark = "" if self._in_column(index) else self._mark(row)
        cells = [Cell(text, "number", mark=mark if place == last else "") for place, text in enumerate(texts)]
        strong = bool(_TOTAL.match(name))
        return Row((number, Cell(name, names_row=True), *code, *cells, *note), strong=strong)

    def _instead_of_money(self, index: int) -> bool:
        """Whether the note stands where the money should, and nothing else does."""
        row = self._rows[index]
        written = any(at == index and (field == "total" or field.startswith("amounts.")) for at, field in self._unread)
        return bool(row.note and not row.amounts and row.total is None) and not written and _are_words(row.note)

    def _in_column(self, index: int) -> bool:
        row = self._rows[index]
        return bool(row.note) and not self._instead_of_money(index) and not (row.amounts and self._mark(row))

    def _mark(self, row: FinanceRow) -> str:
        """The mark of the footnote that says what the note says, or the marks that the note itself is made of."""
        note = row.note or ""
        known = set(self._marks.values())
        if re.fullmatch(r"(\*+|[⁰¹²³⁴-⁹]+)", note) and note not in known:
            return note
        return self._marks.get(note, "")

    def _is_heading(self, index: int) -> bool:
        """Whether rows below belong to this one: their numbers continue its own, or it is a quoted federal result."""
        row = self._rows[index]
        if says_federal_result(row.name or ""):
            return True
        following = self._rows[index + 1].number if index + 1 < len(self._rows) else None
        return bool(row.number and following and following.startswith(f"{row.number}."))


def _are_words(note: str | None) -> bool:
    """Whether a reader takes the note for words and not for a sum or a sign."""
    return note is not None and words_for_money([note]) == note
