"""Units of measurement beside their numbers: «15 кабинетов», «1 единица», «4,5 места», «45,5 %».

A passport and a catalogue name a unit in the dictionary's form («кабинет»); beside a number it must agree with it.
Source of the list: the all-Russian classifier of units (ОКЕИ) and what schools count.
"""

from __future__ import annotations

import re
from decimal import Decimal

from projects.passport import typography

PERCENT = "%"
_NOUN = re.compile(r"[а-яё]{5,}")

_FORMS: dict[str, tuple[str, str]] = {
    "автобус": ("автобуса", "автобусов"),
    "балл": ("балла", "баллов"),
    "воспитанник": ("воспитанника", "воспитанников"),
    "год": ("года", "лет"),
    "группа": ("группы", "групп"),
    "день": ("дня", "дней"),
    "договор": ("договора", "договоров"),
    "документ": ("документа", "документов"),
    "единица": ("единицы", "единиц"),
    "занятие": ("занятия", "занятий"),
    "заявка": ("заявки", "заявок"),
    "здание": ("здания", "зданий"),
    "кабинет": ("кабинета", "кабинетов"),
    "квартал": ("квартала", "кварталов"),
    "километр": ("километра", "километров"),
    "класс": ("класса", "классов"),
    "комплект": ("комплекта", "комплектов"),
    "компьютер": ("компьютера", "компьютеров"),
    "литр": ("литра", "литров"),
    "мероприятие": ("мероприятия", "мероприятий"),
    "место": ("места", "мест"),
    "месяц": ("месяца", "месяцев"),
    "метр": ("метра", "метров"),
    "муниципалитет": ("муниципалитета", "муниципалитетов"),
    "объект": ("объекта", "объектов"),
    "организация": ("организации", "организаций"),
    "педагог": ("педагога", "педагогов"),
    "площадка": ("площадки", "площадок"),
    "победитель": ("победителя", "победителей"),
    "помещение": ("помещения", "помещений"),
    "программа": ("программы", "программ"),
    "проект": ("проекта", "проектов"),
    "раз": ("раза", "раз"),
    "район": ("района", "районов"),
    "ребёнок": ("ребёнка", "детей"),
    "рубль": ("рубля", "рублей"),
    "семья": ("семьи", "семей"),
    "случай": ("случая", "случаев"),
    "смена": ("смены", "смен"),
    "тонна": ("тонны", "тонн"),
    "устройство": ("устройства", "устройств"),
    "участник": ("участника", "участников"),
    "ученик": ("ученика", "учеников"),
    "учитель": ("учителя", "учителей"),
    "учреждение": ("учреждения", "учреждений"),
    "центр": ("центра", "центров"),
    "час": ("часа", "часов"),
    "человек": ("человека", "человек"),
    "школа": ("школы", "школ"),
    "штука": ("штуки", "штук"),
}


def unit_word(value: Decimal | int | None, unit: str) -> str:
    """The unit as it stands after ``value``; without a value as it stands in an empty field («кабинетов»).

    Percent is its sign. What is not a noun («ед.», «°C», «млн рублей») stays as it is; a noun that the list lacks is
    put in brackets, which is dry but never wrong.
    """
    name = " ".join(unit.split())
    noun = name.casefold()
    if noun in {PERCENT, "процент", "проценты", "процентов"}:
        return PERCENT
    if noun not in _FORMS:
        return f"({noun})" if value is not None and _NOUN.fullmatch(noun) else name
    few, many = _FORMS[noun]
    if value is None:
        return many
    if value != int(value):
        return few
    return typography.plural_word(int(value), noun, few, many)


def with_unit(value: Decimal | int | None, unit: str, decimals: int | None = None) -> str:
    """A number and its unit with a no-break space between; a dash stays alone."""
    text = typography.number(value, decimals)
    if value is None or not unit:
        return text
    return f"{text}{typography.NO_BREAK}{unit_word(value, unit)}"
