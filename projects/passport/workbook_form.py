"""The words of our workbook, by which it is printed and by which it is read back: sheets, labels, column titles.

Everything that makes the document is visible: nothing is told by the address of a cell, by a hidden row or by a
property of the file. Only the ids of rows, which mean nothing to a person, stand in a hidden column.
"""

from __future__ import annotations

import re

from projects.passport.schema import Direction, IndicatorKind, Level, ParentLevel

ID_TITLE = "Ключ строки"
FRONT = "Основные положения"
CONTROL_LEVELS = "Уровни контроля"
ADDITIONAL = "Дополнительно"
UNREAD = "Записи без значения"
CONTINUATIONS = "Продолжения текстов"

# The sheet of every section; tasks stand among the results that serve them.
SHEETS: dict[str, str] = {
    "indicators": "Показатели",
    "results": "Задачи и результаты",
    "finance": "Финансирование",
    "participants": "Участники",
    "plan": "План мероприятий",
    "breakdown": "Показатели по территориям",
    "methodology": "Методика",
}
_NUMBER = "№ п/п"
_BASE = {"base.value": "Базовое значение", "base.date": "Дата базового значения"}
# Column titles by the name of the field; a column of a year is titled by the year, see :func:`year_in`.
COLUMNS: dict[str, dict[str, str]] = {
    "indicators": {
        "number": _NUMBER,
        "name": "Наименование показателя",
        "unit": "Единица измерения",
        "kind": "Тип показателя",
        "federal_name": "Показатель федерального проекта (справочно)",
        "direction": "Желаемое направление",
        **_BASE,
    },
    "results": {
        "row": "Вид строки",
        "number": _NUMBER,
        "name": "Наименование задачи, результата",
        "task": "Задача (по порядку)",
        "due": "Срок",
        "characteristic": "Характеристика результата",
        "federal_result": "Результат федерального проекта (справочно)",
    },
    "finance": {
        "number": _NUMBER,
        "name": "Наименование результата и источники финансирования",
        "source": "Источник",
        "code": "Код бюджетной классификации",
        "total": "Всего",
        "note": "Пояснение",
    },
    "participants": {
        "number": _NUMBER,
        "group": "Раздел (результат, мероприятие)",
        "role": "Роль в проекте",
        "name": "Фамилия, инициалы",
        "position": "Должность",
        "supervisor": "Непосредственный руководитель",
        "employment": "Занятость в проекте (процентов)",
    },
    "plan": {
        "number": _NUMBER,
        "name": "Наименование результата, мероприятия, контрольной точки",
        "kind": "Вид строки",
        "start": "Начало",
        "end": "Окончание",
        "responsible": "Ответственный исполнитель",
        "document": "Вид документа и характеристика результата",
        "control_level": "Уровень контроля",
    },
    "breakdown": {
        "indicator": "Показатель (номер)",
        "territory": "Муниципальное образование, организация",
        **_BASE,
    },
    "methodology": {
        "indicator": "Показатель (номер)",
        "formula": "Методика расчета (формула)",
        "base_indicators": "Базовые показатели",
        "source": "Источник данных",
        "collector": "Ответственный за сбор данных",
        "aggregation": "Уровень агрегирования информации",
        "schedule": "Срок и периодичность",
        "note": "Дополнительная информация",
    },
}
YEARLY: dict[str, str] = {
    "indicators": "targets",
    "results": "targets",
    "finance": "amounts",
    "breakdown": "targets",
}
# In these sections an empty cell of a year is a value that is not said; in the others the row has no such year.
EMPTY_IS_NULL = frozenset({"indicators", "breakdown"})
ABSENT_YEAR = "х"
# The same letter as a Latin keyboard writes it.
ABSENT_YEARS = frozenset({ABSENT_YEAR, "x"})
NO_VALUE = "не указано"
EMPTY_ROW = "(строка без записей)"
TASK, RESULT = "задача", "результат"
SHOWN, NOT_SHOWN = "да", "нет"

FORMAT_LABEL = "Формат документа"
FRONT_LABELS: dict[str, str] = {
    "format": FORMAT_LABEL,
    "level": "Уровень проекта",
    "title": "Наименование проекта",
    "short_title": "Краткое наименование проекта",
    "parent_level": "Уровень вышестоящего проекта",
    "parent_title": "Наименование вышестоящего проекта",
    "territory": "Территория",
    "start": "Срок начала проекта",
    "end": "Срок окончания проекта",
    "approval.body": "Кем утвержден: орган",
    "approval.approver": "Кем утвержден: должностное лицо",
    "approval.protocol_number": "Номер протокола",
    "approval.protocol_date": "Дата протокола",
    "approval.amendments.{}.protocol_number": "Изменение {}: номер протокола",
    "approval.amendments.{}.protocol_date": "Изменение {}: дата протокола",
    "curator.name": "Куратор: фамилия, имя, отчество",
    "curator.position": "Куратор: должность",
    "head.name": "Руководитель: фамилия, имя, отчество",
    "head.position": "Руководитель: должность",
    "administrator.name": "Администратор: фамилия, имя, отчество",
    "administrator.position": "Администратор: должность",
    "programmes.{}": "Связь с программами ({})",
    "goal": "Цель проекта",
    "finance_unit": "Единица измерения финансирования",
}
FRONT_COLUMNS = {"label": "Положение паспорта", "value": "Значение"}
CONTROL_LEVEL_COLUMNS = {"short": "Обозначение", "meaning": "Расшифровка"}
ADDITIONAL_COLUMNS = {"label": "Вид записи", "text": "Текст"}
ADDITIONAL_LABELS = {"additional": "Дополнительная информация", "footnotes": "Сноска"}
UNREAD_COLUMNS = {
    "section": "Раздел",
    "line": "Строка раздела по порядку",
    "field": "Графа",
    "raw": "Как записано в документе",
    "shown": "Стоит в своей графе",
}
CONTINUATION_COLUMNS = {"text": "Номер текста", "part": "Часть", "words": "Продолжение текста"}

LEVELS: dict[Level | ParentLevel, str] = {
    "federal": "федеральный",
    "regional": "региональный",
    "municipal": "муниципальный",
    "national": "национальный",
}
INDICATOR_KINDS: dict[IndicatorKind, str] = {"main": "основной", "additional": "дополнительный"}
DIRECTIONS: dict[Direction, str] = {"increasing": "рост", "decreasing": "снижение"}

# A spreadsheet counts in UTF-16 units and keeps 32,767 of them in a cell.
CELL_LIMIT = 32_000
_TAIL = re.compile(r" … \[продолжение № (\d{1,6})\]\Z")
_TAIL_FROM = 30_000

_SECTION_TITLES = {"tasks": "Задачи", **SHEETS, "results": "Результаты", "additional": ADDITIONAL}
_INDEXED = re.compile(r"\.(\d{1,4})(?=\.|$)")
_YEAR = re.compile(r"(?:19|20|21)\d\d")
_LITERAL_FIELD = re.compile(r"поле «(.*)»", re.DOTALL)
_LITERAL_SECTION = re.compile(r"раздел «(.*)»", re.DOTALL)


def continuing(words: str, number: int) -> str:
    """The part of a text that its cell can hold, with the number under which its end stands on the last sheet."""
    return f"{words} … [продолжение № {number}]"


def continued(text: str) -> tuple[str, int] | None:
    """The part of a text and the number of its end, where the text says that it is continued."""
    found = _TAIL.search(text) if len(text) > _TAIL_FROM // 2 else None
    return (text[: found.start()], int(found[1])) if found else None


def year_in(title: str) -> str | None:
    """The year that a column of ours is of: «2025», «2025, млн. рублей»."""
    found = _YEAR.match(title)
    return found[0] if found and title[4:5] in {"", ","} else None


def front_label(key: str) -> str | None:
    """The label of a field of the front sheet by its dotted name; those of a list are counted from 1."""
    found = _INDEXED.search(key)
    if found is None:
        return FRONT_LABELS.get(key) if "{" not in key else None
    label = FRONT_LABELS.get(_INDEXED.sub(".{}", key, count=1))
    return label.format(int(found[1]) + 1) if label and str(int(found[1])) == found[1] else None


_FRONT_KEYS = {label: key for key, label in FRONT_LABELS.items()}


def front_key(label: str) -> str | None:
    """The dotted name of a field of the front sheet by its label; None for what is no label of ours."""
    if label in _FRONT_KEYS and "{" not in label:
        return _FRONT_KEYS[label]
    found = re.search(r"\d{1,4}", label)
    if found is None or int(found[0]) < 1 or str(int(found[0])) != found[0]:
        return None
    key = _FRONT_KEYS.get(label[: found.start()] + "{}" + label[found.end() :])
    return key.format(int(found[0]) - 1) if key else None


def place_titles(section: str, field: str) -> tuple[str, str]:
    """How the sheet of unread cells names a place: the title of the section and that of the column or the label."""
    if section in _SECTION_TITLES:
        return _SECTION_TITLES[section], _field_titles(section).get(field) or _year_title(section, field)
    key = section if section == field else f"{section}.{field}"
    label = front_label(key)
    if label is not None and place_of(FRONT, label) == (section, field):
        return FRONT, label
    return f"раздел «{section}»", f"поле «{field}»"


def place_of(section_title: str, field_title: str) -> tuple[str, str]:
    """The section and the field that :func:`place_titles` named so; what nobody named so is kept as it is written."""
    section = next((key for key, title in _SECTION_TITLES.items() if title == section_title), None)
    if section is None:
        key = front_key(field_title) if section_title == FRONT else None
        if key is not None:
            first, _, rest = key.partition(".")
            return first, rest or first
        return _literal(_LITERAL_SECTION, section_title), _literal(_LITERAL_FIELD, field_title)
    for field, title in _field_titles(section).items():
        if title == field_title:
            return section, field
    if section in YEARLY and _YEAR.fullmatch(field_title):
        return section, f"{YEARLY[section]}.{field_title}"
    return section, _literal(_LITERAL_FIELD, field_title)


def _field_titles(section: str) -> dict[str, str]:
    if section == "additional":
        return {"additional": ADDITIONAL_COLUMNS["text"]}
    return COLUMNS["results" if section == "tasks" else section]


def _year_title(section: str, field: str) -> str:
    name, _, year = field.partition(".")
    if name and YEARLY.get(section) == name and _YEAR.fullmatch(year):
        return year
    return f"поле «{field}»"


def _literal(pattern: re.Pattern[str], title: str) -> str:
    found = pattern.fullmatch(title)
    return found[1] if found else title
