"""The accounts of the demo: one for each role, and two heads of schools."""

from __future__ import annotations

from dataclasses import dataclass

from organisations.roles import Role
from reports.demo.geography import PROJECT_TOWN

PASSWORD = "vekha-demo-2026"  # noqa: S105 - it opens a fictional region, and the command prints it
FILLS_IN = "СОШ № 3 г. Камнегорска"
IS_RETURNED = "СОШ с. Синий Камень"


@dataclass(frozen=True)
class Account:
    """``at``: None for the region, the key of a municipality, or the short name of an organisation."""

    login: str
    full_name: str
    position: str
    role: Role
    at: str | None
    sees: str


ACCOUNTS: tuple[Account, ...] = (
    Account("office", "Савельева Анна Дмитриевна", "начальник регионального проектного офиса", Role.OFFICE, None,
            "паспорта, запросы на изменение, периоды, проверка форм"),
    Account("head", "Ларионова Елена Сергеевна", "заместитель министра образования Северской области", Role.HEAD, None,
            "план и факт, отклонения, очередь проверки"),
    Account("administrator", "Зимина Марина Олеговна", "начальник отдела цифрового развития министерства образования",
            Role.ADMINISTRATOR, None, "показатели и формулы, периоды, проверка форм"),
    Account("curator", "Вересов Андрей Николаевич", "заместитель председателя Правительства Северской области",
            Role.CURATOR, None, "состояние проектов, утверждение редакций"),
    Account("council", "Устинов Константин Фёдорович", "член Совета по проектной деятельности", Role.COUNCIL, None,
            "состояние проектов, утверждение редакций"),
    Account("coordinator", "Рогозина Светлана Ивановна", "главный специалист управления образования Камнегорска",
            Role.COORDINATOR, PROJECT_TOWN, "школы одного города: кто опоздал, первая проверка форм"),
    Account("school", "Тихомирова Ольга Викторовна", "директор школы № 3", Role.REPORTER, FILLS_IN,
            "открытая форма, которую нужно заполнить"),
    Account("school2", "Осокин Павел Андреевич", "директор школы", Role.REPORTER, IS_RETURNED,
            "форма, возвращённая с замечанием"),
    Account("auditor", "Черепанова Раиса Степановна", "аудитор Контрольно-счётной палаты Северской области",
            Role.AUDITOR, None, "всё, без права менять"),
)  # fmt: skip


def table() -> str:
    """Accounts as a table for a terminal."""
    head = ("Логин", "Роль", "Кто", "Что увидит")
    rows = [head, *((a.login, str(a.role.label), a.full_name, a.sees) for a in ACCOUNTS)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row[:3], widths, strict=True)), row[3]]) for row in rows
    ]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:], "", f"Пароль у всех один: {PASSWORD}"])
