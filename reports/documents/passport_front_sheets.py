"""The sheets of a passport's workbook that are no table of the form: its front, control levels, notes, unread cells."""

from __future__ import annotations

from decimal import Decimal

from projects.passport import workbook_form as form
from projects.passport.schema import Passport
from reports.documents.passport_places import Shown
from reports.documents.wording import LEVELS, project_word
from reports.documents.workbook import Book, Field, Figure, Value


def provisions_sheet(book: Book, passport: Passport, shown: Shown, unit: str) -> None:
    """Section 1 and the stamp above it: one line a field, told by its label."""
    approval = passport.approval
    front: dict[str, Value] = {
        "format": passport.format,
        "level": LEVELS[passport.level] if passport.level else None,
        "title": passport.title,
        "short_title": passport.short_title,
        "parent_level": LEVELS[passport.parent_level] if passport.parent_level else None,
        "parent_title": passport.parent_title,
        "territory": passport.territory,
        "start": passport.start,
        "end": passport.end,
        "approval.body": approval.body,
        "approval.approver": approval.approver,
        "approval.protocol_number": approval.protocol_number,
        "approval.protocol_date": approval.protocol_date,
    }
    for index, amendment in enumerate(approval.amendments):
        front[f"approval.amendments.{index}.protocol_number"] = amendment.protocol_number
        front[f"approval.amendments.{index}.protocol_date"] = amendment.protocol_date
    for key, person in (
        ("curator", passport.curator),
        ("head", passport.head),
        ("administrator", passport.administrator),
    ):
        front[f"{key}.name"], front[f"{key}.position"] = person.name, person.position
    front |= {f"programmes.{index}": programme for index, programme in enumerate(passport.programmes)}
    front |= {"goal": passport.goal, "finance_unit": unit}
    fields = (
        Field("label", form.FRONT_COLUMNS["label"], 48),
        Field("value", form.FRONT_COLUMNS["value"], 110),
    )
    title = f"Паспорт {project_word(passport.level).genitive}. {form.FRONT}"
    rows = [(form.front_label(key), _front_value(shown, key, value)) for key, value in front.items()]
    book.sheet(form.FRONT, title, fields, rows, legend="")


def _front_value(shown: Shown, key: str, value: Value) -> Value:
    if value is not None:
        return value
    section, _, field = key.partition(".")
    return shown.raw(section, None, field or section)


def control_levels_sheet(book: Book, passport: Passport) -> None:
    titles = form.CONTROL_LEVEL_COLUMNS
    fields = (Field("short", titles["short"], 20), Field("meaning", titles["meaning"], 100))
    book.sheet(form.CONTROL_LEVELS, form.CONTROL_LEVELS, fields, list(passport.control_levels.items()), legend="")


def additional_sheet(book: Book, passport: Passport) -> None:
    titles, labels = form.ADDITIONAL_COLUMNS, form.ADDITIONAL_LABELS
    fields = (Field("label", titles["label"], 32), Field("text", titles["text"], 120))
    rows: list[list[Value]] = []
    if passport.additional is not None:
        rows.append([labels["additional"], passport.additional])
    rows += [[labels["footnotes"], note] for note in passport.footnotes]
    book.sheet(form.ADDITIONAL, "Дополнительная информация и сноски", fields, rows, legend="")


def unread_sheet(book: Book, passport: Passport, shown: Shown) -> None:
    """Cells that held no value of their kind: what must be put right before the passport can be approved."""
    titles = form.UNREAD_COLUMNS
    fields = (
        Field("section", titles["section"], 32),
        Field("line", titles["line"], 16, "number"),
        Field("field", titles["field"], 40),
        Field("raw", titles["raw"], 90),
        Field("shown", titles["shown"], 14, "short"),
    )
    rows: list[list[Value]] = []
    for entry in passport.unread:
        section, field = form.place_titles(entry.section, entry.field)
        line = None if entry.row is None else Figure(Decimal(entry.row + 1), 0)
        rows.append([section, line, field, entry.raw, form.SHOWN if entry in shown else form.NOT_SHOWN])
    title = "Записи, в которых нет числа, даты или слова нужного вида"
    book.sheet(form.UNREAD, title, fields, rows, legend="")
