"""A passport document as tables for the eye: sections in the order of the official form, rows with anchors.

The same tables show a draft beside its findings and an older redaction. Nothing here knows a database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from projects.cells import Cell, cell, date_text, number_text
from projects.passport.schema import Base, Finding, Passport, Row, Severity

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "notice")
TITLES = {
    "main": "1. Основные положения",
    "indicators": "2. Цель и показатели",
    "tasks": "3. Задачи",
    "results": "3. Результаты",
    "finance": "4. Финансовое обеспечение",
    "participants": "5. Участники",
    "additional": "6. Дополнительная информация",
    "plan": "Приложение 1. План мероприятий",
    "breakdown": "Приложение 2. Показатели по территориям и организациям",
    "methodology": "Методика расчёта показателей",
}
INDICATOR_KINDS = {"main": "основной", "additional": "дополнительный"}
PLAN_KINDS = {"result": "результат", "activity": "мероприятие", "control_point": "контрольная точка"}
GOAL = "Цель"
UNITS = {"thousand": "тыс. рублей", "million": "млн рублей"}


@dataclass(frozen=True)
class Column:
    title: str
    numeric: bool = False
    wide: bool = False

    @property
    def css(self) -> str:
        return "num" if self.numeric else "wide" if self.wide else "words"


@dataclass(frozen=True)
class TableRow:
    """``kind`` is group, total, part or empty; ``severity`` the worst finding about the row."""

    anchor: str
    number: str
    name: Cell
    cells: tuple[tuple[Column, Cell], ...]
    kind: str = ""
    severity: str = ""


@dataclass(frozen=True)
class SectionTable:
    key: str
    title: str
    head: str
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    note: str = ""
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def anchor(self) -> str:
        return f"section-{self.key}"

    @property
    def is_wordy(self) -> bool:
        """Words fill it rather than figures: on a phone its rows are read as cards."""
        return self.key in {"tasks", "results", "participants", "plan", "methodology"}

    @property
    def is_pinned(self) -> bool:
        """The first column stays while years are scrolled."""
        return not self.is_wordy


class _Marks:
    """What is known about single cells of one section: words that are no value, and findings."""

    def __init__(self, passport: Passport, findings: Iterable[Finding], section: str) -> None:
        self.raw = {(u.row, u.field): u.raw for u in passport.unread if u.section == section}
        self.severity: dict[tuple[int | None, str | None], str] = {}
        self.worst: dict[int | None, str] = {}
        for finding in sorted(findings, key=lambda f: SEVERITIES.index(f.severity)):
            if finding.section == section:
                self.severity.setdefault((finding.row, finding.field), finding.severity)
                self.worst.setdefault(finding.row, finding.severity)

    def cell(self, row: int, field: str, text: str | None) -> Cell:
        return cell(text, self.raw.get((row, field)), self.severity.get((row, field), ""))


_Fields = Callable[[Any], str | None]


def section_tables(passport: Passport, findings: Sequence[Finding] = ()) -> list[SectionTable]:
    """Every section, those without rows included: that a part is missing must be seen."""
    makers = (_indicators, _tasks, _results, _finance, _participants)
    after = (_plan, _breakdown, _methodology)
    return [
        _main(passport),
        *(make(passport, findings) for make in makers),
        SectionTable("additional", TITLES["additional"], "", (), (), note=passport.additional or ""),
        *(make(passport, findings) for make in after),
    ]


def section_of(finding: Finding) -> str:
    """The table a finding belongs to; what concerns the head of the document stands with section 1."""
    return finding.section if finding.section in TITLES else "main"


def main_facts(passport: Passport) -> tuple[tuple[str, str], ...]:
    """Section 1 and the stamp as pairs of a name and what the passport says; what it does not say is left out."""
    approval = passport.approval
    parent = {"federal": "Федеральный проект", "national": "Национальный проект"}.get(passport.parent_level or "")
    term = " – ".join(date_text(day) for day in (passport.start, passport.end) if day)
    amendments = "; ".join(protocol(a.protocol_number, a.protocol_date) for a in approval.amendments)
    pairs = (
        (parent or "Вышестоящий проект", passport.parent_title),
        ("Полное наименование", passport.title),
        ("Краткое наименование", passport.short_title),
        ("Территория", passport.territory),
        ("Срок реализации", term),
        ("Куратор", _person(passport.curator)),
        ("Руководитель", _person(passport.head)),
        ("Администратор", _person(passport.administrator)),
        ("Связь с государственными программами", "; ".join(passport.programmes)),
        (GOAL, passport.goal),
        ("Утвердил", ", ".join(filter(None, (approval.body, approval.approver)))),
        ("Протокол", protocol(approval.protocol_number, approval.protocol_date)),
        ("С изменениями", amendments),
    )
    return tuple((name, value) for name, value in pairs if value)


def protocol(number: str | None, day: Any) -> str:
    """«№ 2 от 05.12.2018», or what is known of it."""
    return " ".join(filter(None, (f"№\u00a0{number}" if number else "", f"от\u00a0{date_text(day)}" if day else "")))


def _person(person: Any) -> str:
    return ", ".join(filter(None, (person.name, person.position)))


def _main(passport: Passport) -> SectionTable:
    # The goal stands with the indicators, where the form has it.
    facts = tuple(pair for pair in main_facts(passport) if pair[0] != GOAL)
    return SectionTable("main", TITLES["main"], "", (), (), facts=facts)


def _years(rows: Iterable[Any], field: str) -> list[str]:
    return sorted({year for row in rows for year in getattr(row, field) or {}})


def _table(
    passport: Passport,
    findings: Sequence[Finding],
    key: str,
    head: str,
    columns: Sequence[tuple[Column, str, _Fields]],
    *,
    name: _Fields = lambda row: row.name,
    name_field: str = "name",
    kind: Callable[[Any], str] = lambda _: "",
    note: str = "",
) -> SectionTable:
    """Rows of one list of the passport: their name, then a cell for each (column, field of the document, its text)."""
    marks = _Marks(passport, findings, key)
    rows: tuple[Row, ...] = getattr(passport, key)
    return SectionTable(
        key=key,
        title=TITLES[key],
        head=head,
        columns=tuple(column for column, _, _ in columns),
        rows=tuple(
            TableRow(
                anchor=f"{key}-{index}",
                number=getattr(row, "number", None) or "",
                name=marks.cell(index, name_field, name(row)),
                cells=tuple((column, marks.cell(index, field, text(row))) for column, field, text in columns),
                kind=kind(row),
                severity=marks.worst.get(index, ""),
            )
            for index, row in enumerate(rows)
        ),
        note=note,
    )


def _targets(rows: Iterable[Any]) -> list[tuple[Column, str, _Fields]]:
    return [
        (Column(year, numeric=True), f"targets.{year}", _of_year("targets", year)) for year in _years(rows, "targets")
    ]


def _of_year(field: str, year: str) -> _Fields:
    return lambda row: number_text((getattr(row, field) or {}).get(year))


def _base() -> list[tuple[Column, str, _Fields]]:
    def base(row: Any) -> Base:
        return row.base  # type: ignore[no-any-return]

    return [
        (Column("Базовое значение", numeric=True), "base.value", lambda row: number_text(base(row).value)),
        (Column("на дату", numeric=True), "base.date", lambda row: date_text(base(row).date)),
    ]


def _indicators(passport: Passport, findings: Sequence[Finding]) -> SectionTable:
    columns: list[tuple[Column, str, _Fields]] = [
        (Column("Вид"), "kind", lambda row: INDICATOR_KINDS.get(row.kind or "")),
        *_base(),
        *_targets(passport.indicators),
    ]
    return _table(passport, findings, "indicators", "Показатель", columns, note=passport.goal or "")


def _tasks(passport: Passport, findings: Sequence[Finding]) -> SectionTable:
    return _table(passport, findings, "tasks", "Задача", ())


def _results(passport: Passport, findings: Sequence[Finding]) -> SectionTable:
    columns: list[tuple[Column, str, _Fields]] = [
        (Column("Срок", numeric=True), "due", lambda row: date_text(row.due)),
        (Column("Характеристика", wide=True), "characteristic", lambda row: row.characteristic),
        *_targets(passport.results),
    ]
    return _table(passport, findings, "results", "Результат", columns)


def _finance(passport: Passport, findings: Sequence[Finding]) -> SectionTable:
    years = [
        (Column(year, numeric=True), f"amounts.{year}", _of_year("amounts", year))
        for year in _years(passport.finance, "amounts")
    ]
    columns: list[tuple[Column, str, _Fields]] = [
        *years,
        (Column("Всего", numeric=True), "total", lambda row: number_text(row.total)),
    ]
    if any(row.code for row in passport.finance):
        columns.insert(0, (Column("КБК"), "code", lambda row: row.code))
    if any(row.note for row in passport.finance):
        columns.append((Column("Примечание", wide=True), "note", lambda row: row.note))
    return _table(
        passport,
        findings,
        "finance",
        f"Результат и источник, {UNITS[passport.finance_unit]}",
        columns,
        kind=lambda row: "strong" if row.source is None else "part" if row.source == "transfers" else "",
    )


def _participants(passport: Passport, findings: Sequence[Finding]) -> SectionTable:
    columns: list[tuple[Column, str, _Fields]] = [
        (Column("Роль"), "role", lambda row: row.role),
        (Column("Должность"), "position", lambda row: row.position),
        (Column("Руководитель"), "supervisor", lambda row: row.supervisor),
        (Column("Занятость, %", numeric=True), "employment", lambda row: number_text(row.employment)),
        (Column("Результат", wide=True), "group", lambda row: row.group),
    ]
    return _table(passport, findings, "participants", "Участник", columns)


def _plan(passport: Passport, findings: Sequence[Finding]) -> SectionTable:
    columns: list[tuple[Column, str, _Fields]] = [
        (Column("Вид"), "kind", lambda row: PLAN_KINDS.get(row.kind or "")),
        (Column("Начало", numeric=True), "start", lambda row: date_text(row.start)),
        (Column("Окончание", numeric=True), "end", lambda row: date_text(row.end)),
        (Column("Ответственный"), "responsible", lambda row: row.responsible),
        (Column("Вид документа", wide=True), "document", lambda row: row.document),
        (Column("Контроль"), "control_level", lambda row: row.control_level),
    ]
    levels = "; ".join(f"{code} – {meaning}" for code, meaning in passport.control_levels.items())
    return _table(
        passport,
        findings,
        "plan",
        "Строка плана",
        columns,
        kind=lambda row: "strong" if row.kind == "result" else "",
        note=f"Уровни контроля: {levels}." if levels else "",
    )


def _breakdown(passport: Passport, findings: Sequence[Finding]) -> SectionTable:
    columns: list[tuple[Column, str, _Fields]] = [
        (Column("Показатель"), "indicator", lambda row: row.indicator),
        *_base(),
        *_targets(passport.breakdown),
    ]
    return _table(
        passport,
        findings,
        "breakdown",
        "Территория или организация",
        columns,
        name=lambda row: row.territory,
        name_field="territory",
    )


def _methodology(passport: Passport, findings: Sequence[Finding]) -> SectionTable:
    columns: list[tuple[Column, str, _Fields]] = [
        (Column("Формула", wide=True), "formula", lambda row: row.formula),
        (Column("Базовые показатели", wide=True), "base_indicators", lambda row: row.base_indicators),
        (Column("Источник данных"), "source", lambda row: row.source),
        (Column("Кто собирает"), "collector", lambda row: row.collector),
        (Column("Уровень агрегирования"), "aggregation", lambda row: row.aggregation),
        (Column("Периодичность"), "schedule", lambda row: row.schedule),
        (Column("Примечание"), "note", lambda row: row.note),
    ]
    return _table(
        passport,
        findings,
        "methodology",
        "Показатель",
        columns,
        name=lambda row: row.indicator,
        name_field="indicator",
    )
