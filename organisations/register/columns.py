"""The columns of the register's workbook, and how their headings are known."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class RegisterColumn:
    """A column: ``title`` is its heading, ``also`` what else it is called, ``hint`` what to write there."""

    key: str
    title: str
    hint: str
    also: tuple[str, ...] = ()
    required: bool = False
    width: int = 20


COLUMNS = (
    RegisterColumn(
        "inn", "ИНН", "10 цифр; по нему организация узнаётся", ("инн организации",), required=True, width=14
    ),
    RegisterColumn("oktmo", "ОКТМО", "8 или 11 цифр", ("код октмо", "код по октмо"), width=14),
    RegisterColumn(
        "kind", "Вид", "выберите из списка", ("вид организации", "тип", "тип организации"), required=True, width=26
    ),
    RegisterColumn(
        "municipality",
        "Муниципалитет",
        "название, как в реестре, или его ОКТМО",
        ("муниципальное образование", "мо", "район", "территория", "октмо муниципалитета"),
        required=True,
        width=32,
    ),
    RegisterColumn(
        "name",
        "Полное наименование",
        "как в уставе",
        ("наименование", "название", "организация", "наименование организации", "полное наименование организации"),
        required=True,
        width=60,
    ),
    RegisterColumn(
        "short_name",
        "Краткое наименование",
        "как показывать в таблицах",
        ("сокращенное наименование", "краткое название"),
        width=32,
    ),
    RegisterColumn(
        "head",
        "Руководитель",
        "фамилия, имя, отчество полностью",
        ("фио руководителя", "директор", "фио", "фамилия имя отчество руководителя", "фамилия имя отчество"),
        width=36,
    ),
    RegisterColumn("position", "Должность", "директор", ("должность руководителя",), width=20),
    RegisterColumn(
        "email",
        "Электронная почта",
        "куда отправить приглашение",
        ("email", "e mail", "почта", "эл почта", "электронный адрес", "адрес электронной почты"),
        width=30,
    ),
    RegisterColumn(
        "phone",
        "Телефон",
        "по нему звонят, когда форма опаздывает",
        ("телефон руководителя", "рабочий телефон", "контактный телефон", "тел", "номер телефона"),
        width=24,
    ),
    RegisterColumn("login", "Логин", "если пусто, логином станет ИНН", ("имя для входа", "имя пользователя"), width=18),
)
BY_KEY = {column.key: column for column in COLUMNS}


def words_of(text: str) -> str:
    """A text by which names are compared: no case, no «ё», no quotes, hyphens or doubled spaces."""
    plain = re.sub(r"[\W_]+", " ", text.casefold().replace("ё", "е"))
    return plain.strip()


_KEYS = {words_of(name): column.key for column in COLUMNS for name in (column.title, *column.also)}


def column_of(heading: str) -> str | None:
    """The key of the column that a heading names, in whatever case and order; an explanation in brackets is passed."""
    return _KEYS.get(words_of(re.sub(r"\([^)]*\)|\*", " ", heading)))
