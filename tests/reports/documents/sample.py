"""A passport of the fictional Северская область with every field filled in, and cells that hold no value."""

from __future__ import annotations

from typing import Any

from projects.passport.schema import Passport

YEARS = ("2025", "2026", "2027", "2028")
PLACES = ("Город Ясногорск", "Заречный район", "Приозёрный район", "Город Полянск", "Лесной муниципальный округ")


def sample_passport(**changes: Any) -> Passport:
    """The passport, with some of its keys replaced."""
    return Passport.model_validate(sample() | changes)


def sample() -> dict[str, Any]:
    return {
        "format": "passport/1",
        "level": "regional",
        "title": "Тёплая школа (Северская область)",
        "short_title": "Тёплая школа",
        "parent_title": "Удобные здания",
        "parent_level": "federal",
        "territory": "Северская область",
        "start": "2025-01-01",
        "end": "2028-12-31",
        "approval": {
            "body": "Советом по проектам при Губернаторе Северской области",
            "approver": None,
            "protocol_number": "7",
            "protocol_date": "2024-12-20",
            "amendments": [
                {"protocol_number": "2", "protocol_date": "2025-03-14"},
                {"protocol_number": None, "protocol_date": "2026-06-30"},
            ],
        },
        "curator": {"name": "Журавлёв Пётр Кириллович", "position": "заместитель Губернатора Северской области"},
        "head": {"name": "Громова Белла Игоревна", "position": "министр школьных зданий"},
        "administrator": {"name": "Дёмин Илья Юрьевич", "position": "начальник отдела ремонта"},
        "programmes": ["Программа «Здания для детей» до 2030 года", "Программа «Энергия бережно»"],
        "goal": "К концу 2028 года во всех школах области зимой тепло, светло и не дует",
        "indicators": _indicators(),
        "tasks": [
            {"id": "t-1", "number": "1", "name": "Утеплить здания школ и заменить котельные"},
            {"id": None, "number": "2", "name": "Научить завхозов беречь тепло"},
            {"id": None, "number": "3", "name": "Рассказать об этом родителям"},
        ],
        "results": _results(),
        "finance": _finance(),
        "finance_unit": "million",
        "participants": _participants(),
        "plan": _plan(),
        "control_levels": {"К": "куратор проекта", "РП": "руководитель проекта"},
        "breakdown": [
            {
                "id": f"b-{index}",
                "indicator": "1",
                "territory": place,
                "base": {"value": str(10 + index), "date": "2024-12-31"},
                "targets": {year: str(25 * (at + 1)) for at, year in enumerate(YEARS)},
            }
            for index, place in enumerate(PLACES)
        ],
        "methodology": [
            {
                "id": "m-1",
                "indicator": "1",
                "formula": "100 × тёплые здания / все здания",
                "base_indicators": "тёплые здания; все здания",
                "source": "формы школ",
                "collector": "министерство школьных зданий",
                "aggregation": "муниципальное образование, область",
                "schedule": "ежеквартально, до 5-го числа",
                "note": "здание считается тёплым при +20 °C и выше",
            }
        ],
        "additional": "Работы ведутся в каникулы.\nШколы на время ремонта не закрываются.",
        "footnotes": ["Средства будут уточнены после торгов", "Здания садов учтены отдельно"],
        "unread": [
            {"section": "indicators", "row": 1, "field": "targets.2027", "raw": "XX"},
            {"section": "indicators", "row": 2, "field": "kind", "raw": "прочий"},
            {"section": "results", "row": 1, "field": "due", "raw": "31.11.2026"},
            {"section": "finance", "row": 3, "field": "amounts.2028", "raw": "уточняется"},
            {"section": "plan", "row": 2, "field": "start", "raw": "–"},
            {"section": "approval", "row": None, "field": "amendments.1.protocol_number", "raw": "б/н"},
            {"section": "additional", "row": None, "field": "additional", "raw": "оборванная запись"},
        ],
    }


def _indicators() -> list[dict[str, Any]]:
    return [
        {
            "id": "i-1",
            "number": "1",
            "name": "Доля школ, в которых зимой тепло",
            "unit": "процент",
            "kind": "main",
            "federal_name": "Доля тёплых школ в стране, процент",
            "direction": "increasing",
            "base": {"value": "12.5", "date": "2024-12-31"},
            "targets": {"2025": "40", "2026": "62.75", "2027": "85", "2028": "100"},
        },
        {
            "id": "i-2",
            "number": "2",
            "name": "Расход угля на одно здание, тонна",
            "unit": "тонна",
            "kind": "additional",
            "federal_name": None,
            "direction": "decreasing",
            "base": {"value": "1069.44", "date": "2024-12-31"},
            "targets": {"2025": "900", "2026": None, "2027": None},
        },
        {"id": None, "number": "2.1", "name": "в сельских школах", "base": {"value": None, "date": None}},
    ]


def _results() -> list[dict[str, Any]]:
    long = " ".join(f"В {year} году утеплены стены, кровля и окна, заменены двери и котлы." for year in YEARS)
    return [
        {
            "id": "r-1",
            "number": "1.1",
            "name": "Утеплены все школьные здания Северской области",
            "task": 0,
            "due": "2028-12-31",
            "characteristic": long * 3,
            "federal_result": "В стране утеплены школьные здания",
            "targets": {"2025": "10", "2028": "240"},
        },
        {
            "id": None,
            "number": "1.2",
            "name": "Заменены котельные с информационно-коммуникационной системой учёта",
            "task": 0,
            "due": None,
            "characteristic": None,
            "federal_result": "В стране утеплены школьные здания",
        },
        {"id": None, "number": "3.1", "name": "Родители знают, куда сообщить о холоде", "task": 2, "due": "2027-05-31"},
        {"id": None, "number": "4", "name": "Результат вне задач", "task": None, "due": "2027-06-01"},
    ]


def _finance() -> list[dict[str, Any]]:
    def line(number: str | None, name: str, **rest: Any) -> dict[str, Any]:
        return {"id": None, "number": number, "name": name} | rest

    money = {"2025": "37955.2", "2026": "206.3", "2027": "0.38", "2028": "1"}
    return [
        line("1", "Утепление зданий"),
        line("1.1", "Утеплены все школьные здания", amounts=money, total="38162.88", note="1,0* — до торгов"),
        line("1.1.1", "федеральный бюджет", source="federal", amounts=money, total="38162.88", code="0" * 20),
        line("1.1.2", "областной бюджет", source="regional", amounts={"2025": "0", "2026": "0", "2027": "0"}),
        line("2.1", "Родители знают, куда сообщить", note="В пределах обычной работы министерства"),
        line(None, "Всего по проекту", amounts=money, total="38162.88"),
    ]


def _participants() -> list[dict[str, Any]]:
    posts = ("Руководитель проекта", "Администратор проекта", "Участник проекта")
    return [
        {
            "id": f"p-{index}",
            "number": str(index + 1),
            "role": posts[index % 3],
            "name": None if index == 4 else f"Фамилин {letter}. А.",
            "position": "заведующий хозяйством образовательных организаций" if index else "министр",
            "supervisor": "Журавлёв П. К., заместитель Губернатора",
            "employment": "12.5" if index == 1 else "5",
            "group": None if index < 2 else "Утеплены все школьные здания",
        }
        for index, letter in enumerate("АБВГДЕ")
    ]


def _plan() -> list[dict[str, Any]]:
    common = {"responsible": "Дёмин И. Ю., Громова Б. И.", "control_level": "РП"}
    rows: list[dict[str, Any]] = []
    for result in (1, 2, 3):
        rows.append(
            {
                "id": f"plan-{result}",
                "number": str(result),
                "name": f"Результат {result}: утеплены здания очереди {result}",
                "kind": "result",
                "start": "2025-01-01",
                "end": "2028-12-31",
                "document": "Сводный отчёт министерства о ходе работ, " * 3 + "приложения к нему",
                **common,
            }
        )
        for step in range(1, 7):
            rows.append(
                {
                    "id": None,
                    "number": f"{result}.{step}.1",
                    "name": f"Обследовать здания шага {step} и составить смету на материалы",
                    "kind": "activity",
                    "start": None if result == 3 else "2025-02-01",
                    "end": "2025-04-30",
                    "document": "Смета",
                    **common,
                }
            )
            rows.append(
                {
                    "id": None,
                    "number": f"{result}.{step}",
                    "name": f"Смета шага {step} утверждена",
                    "kind": "control_point",
                    "start": None,
                    "end": "2025-05-15",
                    "document": "Приказ министерства",
                    "responsible": "Громова Б. И.",
                    "control_level": "К",
                }
            )
    return rows
