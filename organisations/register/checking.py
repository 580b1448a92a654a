"""One row of the workbook by itself: are its cells what their columns ask for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from organisations.models import OrganisationKind
from organisations.phones import LENGTH, phone_is_right
from organisations.register.columns import BY_KEY, words_of

_KINDS = {
    words_of(name): kind
    for kind, names in {
        OrganisationKind.MUNICIPALITY: ("муниципалитет", "мо"),
        OrganisationKind.SCHOOL: ("общеобразовательная организация", "сош", "гимназия", "лицей"),
        OrganisationKind.KINDERGARTEN: ("детсад", "доу", "дошкольная организация"),
        OrganisationKind.COLLEGE: ("техникум", "спо"),
        OrganisationKind.CENTRE: ("учреждение дополнительного образования",),
    }.items()
    for name in (kind.label, *names)
}
_LENGTHS = {"name": 500, "short_name": 200, "head": 200, "position": 300, "email": 254, "phone": LENGTH, "login": 100}
_INN_WEIGHTS_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_WEIGHTS_11 = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_WEIGHTS_12 = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_LOGIN = re.compile(r"[\w.@+-]+")


class Refusal(Exception):
    """A row that cannot be taken; one Russian sentence says why and what to do."""


@dataclass(frozen=True)
class CheckedRow:
    """A row whose cells are of their kind; an empty string is an empty cell, which leaves the register as it is."""

    kind: OrganisationKind
    inn: str
    oktmo: str
    municipality: str
    name: str
    short_name: str
    head: str
    position: str
    email: str
    phone: str
    login: str


def checked(cells: Mapping[str, str]) -> CheckedRow:
    """The cells of a row, each checked by itself. Raises :class:`Refusal` at the first that is wrong."""
    for key, text in cells.items():
        if text.startswith("="):
            raise Refusal(f"В столбце «{BY_KEY[key].title}» формула: вставьте вместо неё значение.")
        if len(text) > _LENGTHS.get(key, 500):
            raise Refusal(f"В столбце «{BY_KEY[key].title}» больше {_LENGTHS.get(key, 500)} знаков: сократите запись.")
    kind = _kind(cells.get("kind", ""))
    if not cells.get("name"):
        raise Refusal("Не указано полное наименование.")
    if kind != OrganisationKind.MUNICIPALITY and not cells.get("municipality"):
        raise Refusal("Не указан муниципалитет.")
    if not cells.get("head") and any(cells.get(key) for key in ("position", "email", "phone", "login")):
        raise Refusal("Указаны сведения о руководителе, но нет его фамилии, имени и отчества.")
    return CheckedRow(
        kind=kind,
        inn=_inn(cells.get("inn", ""), kind),
        oktmo=_oktmo(cells.get("oktmo", "")),
        municipality=cells.get("municipality", ""),
        name=cells["name"],
        short_name=cells.get("short_name", ""),
        head=_head(cells.get("head", "")),
        position=cells.get("position", ""),
        email=_email(cells.get("email", "")),
        phone=_phone(cells.get("phone", "")),
        login=_login(cells.get("login", "")),
    )


def inn_is_right(inn: str) -> bool:
    """Whether the check digits of an ИНН fit: one of a company's ten digits, two of a person's twelve.

    Source: the order of the Federal Tax Service of 29.06.2012 № ММВ-7-6/435@.
    """
    if re.fullmatch(r"[0-9]{10}", inn):
        return _check_digit(inn, _INN_WEIGHTS_10) == inn[9]
    if re.fullmatch(r"[0-9]{12}", inn):
        return _check_digit(inn, _INN_WEIGHTS_11) + _check_digit(inn, _INN_WEIGHTS_12) == inn[10:]
    return False


def _check_digit(inn: str, weights: tuple[int, ...]) -> str:
    return str(sum(weight * int(digit) for weight, digit in zip(weights, inn, strict=False)) % 11 % 10)


def _kind(text: str) -> OrganisationKind:
    if not text:
        raise Refusal("Не указан вид организации.")
    found = _KINDS.get(words_of(text))
    if found is None:
        raise Refusal(f"Вид «{text}» порталу не известен: выберите из списка в образце.")
    return found


def _inn(text: str, kind: OrganisationKind) -> str:
    digits = text.replace(" ", "")
    if not digits:
        if kind == OrganisationKind.MUNICIPALITY:
            return ""
        raise Refusal("Не указан ИНН.")
    if not re.fullmatch(r"[0-9]+", digits):
        raise Refusal(f"ИНН «{text}»: в нём должны быть только цифры.")
    # A spreadsheet takes an ИНН for a number and drops the zeros before it.
    for length in (10, 12):
        if inn_is_right(digits.zfill(length)) and length - len(digits) in (0, 1):
            return digits.zfill(length)
    if len(digits) not in (10, 12):
        raise Refusal(f"ИНН {digits}: в нём должно быть 10 или 12 цифр, а здесь {len(digits)}.")
    raise Refusal(f"ИНН {digits}: контрольная цифра не сходится, в номере опечатка.")


def _oktmo(text: str) -> str:
    digits = text.replace(" ", "")
    if not digits:
        return ""
    if re.fullmatch(r"[0-9]{7}|[0-9]{10}", digits):
        digits = f"0{digits}"
    if not re.fullmatch(r"[0-9]{8}|[0-9]{11}", digits):
        raise Refusal(f"ОКТМО «{text}»: должно быть 8 или 11 цифр.")
    return digits


def _head(text: str) -> str:
    if text and (len(text.split()) < 2 or re.search(r"\d", text)):
        raise Refusal(f"Руководитель «{text}»: напишите фамилию, имя и отчество.")
    return text


def _phone(text: str) -> str:
    if text and not phone_is_right(text):
        raise Refusal(f"Телефон «{text}»: в нём бывают цифры, скобки, пробелы и «доб.».")
    return text


def _email(text: str) -> str:
    try:
        validate_email(text or "a@example.ru")
    except ValidationError as wrong:
        raise Refusal(f"Электронная почта «{text}» написана с ошибкой.") from wrong
    return text


def _login(text: str) -> str:
    if text and not _LOGIN.fullmatch(text):
        raise Refusal(f"Логин «{text}»: только буквы, цифры и знаки . @ + - _, без пробелов.")
    return text.casefold()
