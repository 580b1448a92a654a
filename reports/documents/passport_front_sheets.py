"""The sheets of a passport's workbook that are no table of the form: its front, control levels, notes, unread cells."""

from __future__ import annotations

from decimal import Decimal

from projects.passport.schema import Passport
from reports.documents.wording import LEVELS, project_word
from reports.documents.workbook import Book, Field, Figure, Value
from reports.documents.written import Written

_SECTIONS = {
    "indicators": "Показатели",
    "tasks": "Задачи",
    "results": "Результаты",
    "finance": "Финансирование",
    "participants": "Участники",
    "plan": "План мероприятий",
    "breakdown": "Показатели по территориям",
    "methodology": "Методика",
}


def provisions_sheet(book: Book, passport: Passport, written: Written, unit: str) -> None:
    """Section 1 and the stamp above it: one line a field, its name of ``passport/1`` in the hidden column."""
    approval = passport.approval
    parent_level = LEVELS[passport.parent_level] if passport.parent_level else None
    front: list[tuple[str, str, Value]] = [
        ("format", "Формат документа", passport.format),
        ("level", "Уровень проекта", LEVELS[passport.level] if passport.level else None),
        ("title", "Наименование проекта", passport.title),
        ("short_title", "Краткое наименование проекта", passport.short_title),
        ("parent_level", "Уровень вышестоящего проекта", parent_level),
        ("parent_title", "Наименование вышестоящего проекта", passport.parent_title),
        ("territory", "Территория", passport.territory),
        ("start", "Срок начала проекта", passport.start),
        ("end", "Срок окончания проекта", passport.end),
        ("approval.body", "Кем утвержден: орган", approval.body),
        ("approval.approver", "Кем утвержден: должностное лицо", approval.approver),
        ("approval.protocol_number", "Номер протокола", approval.protocol_number),
        ("approval.protocol_date", "Дата протокола", approval.protocol_date),
    ]
    for index, amendment in enumerate(approval.amendments):
        key = f"approval.amendments.{index}"
        front.append((f"{key}.protocol_number", f"Изменение {index + 1}: номер протокола", amendment.protocol_number))
        front.append((f"{key}.protocol_date", f"Изменение {index + 1}: дата протокола", amendment.protocol_date))
    for key, title, person in (
        ("curator", "Куратор", passport.curator),
        ("head", "Руководитель", passport.head),
        ("administrator", "Администратор", passport.administrator),
    ):
        front.append((f"{key}.name", f"{title}: фамилия, имя, отчество", person.name))
        front.append((f"{key}.position", f"{title}: должность", person.position))
    for index, programme in enumerate(passport.programmes):
        front.append((f"programmes.{index}", f"Связь с программами ({index + 1})", programme))
    front.append(("goal", "Цель проекта", passport.goal))
    front.append(("finance_unit", "Единица измерения финансирования", unit))
    fields = (
        Field("key", "Ключ", 12, hidden=True),
        Field("label", "Показатель", 48),
        Field("value", "Значение", 110),
    )
    title = f"Паспорт {project_word(passport.level).genitive}. Основные положения"
    rows = [(key, label, _front_value(written, key, value)) for key, label, value in front]
    book.sheet("Основные положения", title, fields, rows)


def _front_value(written: Written, key: str, value: Value) -> Value:
    if value is not None:
        return value
    section, _, field = key.partition(".")
    return written.raw(section, None, field or section)


def control_levels_sheet(book: Book, passport: Passport) -> None:
    fields = (Field("short", "Обозначение", 20), Field("meaning", "Уровень контроля", 100))
    book.sheet("Уровни контроля", "Уровни контроля", fields, list(passport.control_levels.items()))


def additional_sheet(book: Book, passport: Passport) -> None:
    fields = (Field("key", "Ключ", 12, hidden=True), Field("label", "Вид", 32), Field("text", "Текст", 120))
    rows: list[list[Value]] = []
    if passport.additional is not None:
        rows.append(["additional", "Дополнительная информация", passport.additional])
    rows += [["footnotes", "Сноска", note] for note in passport.footnotes]
    book.sheet("Дополнительно", "Дополнительная информация и сноски", fields, rows)


def unread_sheet(book: Book, passport: Passport) -> None:
    """Cells that held no value of their kind: what must be put right before the passport can be approved."""
    fields = (
        Field("section", "Ключ раздела", 16, hidden=True),
        Field("row", "Номер строки с нуля", 12, "number", hidden=True),
        Field("field", "Ключ поля", 16, hidden=True),
        Field("section_title", "Раздел", 32),
        Field("line", "Строка раздела по порядку", 16, "number"),
        Field("raw", "Как записано в документе", 100),
    )
    rows: list[list[Value]] = []
    for entry in passport.unread:
        at = None if entry.row is None else Figure(Decimal(entry.row), 0)
        line = None if entry.row is None else Figure(Decimal(entry.row + 1), 0)
        title = _SECTIONS.get(entry.section, "Основные положения")
        rows.append([entry.section, at, entry.field, title, line, entry.raw])
    book.sheet("Записи без значения", "Записи, в которых нет числа, даты или слова нужного вида", fields, rows)
