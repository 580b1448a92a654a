"""«Школа одной смены»: the municipal project of Камнегорск, with its breakdown by school."""

from __future__ import annotations

from functools import cache

from projects.passport.schema import Passport
from reports.demo.passports import officials as who
from reports.demo.passports import town_plan
from reports.demo.passports.building import Funded, Money, Row, breakdown, finance, indicator, participants

REGIONAL = "Бюджет Северской области"
LOCAL_PART = "из них межбюджетные трансферты бюджету города Камнегорска"
TOWN = "Бюджет города Камнегорска"
OUTSIDE = "Внебюджетные источники"

_INDICATORS: list[Row] = [
    indicator("1", "Доля школ города, работающих в две смены", "процент", ("54.5", "2023-09-01"),
              "45.5 36.4 27.3 9.1 0", kind="main", direction="decreasing"),
    indicator("2", "Доля школ города, подключённых к сети «Интернет» на скорости не ниже установленной", "процент",
              ("36.4", "2023-09-01"), "54.5 72.7 90.9 100 100", kind="main", direction="increasing"),
    indicator("3", "Охват учеников горячим питанием", "процент", None, None, kind="main", direction="increasing"),
    indicator("3.1", "в 1–4 классах", "процент", ("94", "2023-12-31"), "96 98 100 100 100"),
    indicator("3.2", "в 5–11 классах", "процент", ("61", "2023-12-31"), "66 72 78 84 90"),
    indicator("4", "Средняя наполняемость класса", "человек", ("27.8", "2023-09-01"), "27.4 26.8 26 25.5 25",
              kind="additional", direction="decreasing"),
    indicator("5", "Число предписаний надзорных органов, не исполненных в срок", "единица", ("2", "2023-12-31"),
              "0 0 0 0 0", kind="additional", direction="decreasing"),
]  # fmt: skip

ONE_SHIFT = "Школы города работают в одну смену"
EXTENDED = "Введён корпус начальной школы на 300 мест в микрорайоне Рудничный"
CONNECTED = "Школы города подключены к сети «Интернет» на скорости не ниже установленной"
FED = "Ученики получают горячее питание из обновлённых столовых"

_RESULTS: list[Row] = [
    {
        "number": "1.1",
        "name": ONE_SHIFT,
        "task": 0,
        "due": "2028-12-31",
        "characteristic": "Смены отменяются по школам согласно приложению 2: за счёт нового корпуса, закрепления "
        "территорий и передачи помещений дополнительного образования.",
    },
    {
        "number": "1.2",
        "name": EXTENDED,
        "task": 0,
        "due": "2027-08-31",
        "characteristic": "Двухэтажный корпус со спортивным залом и столовой соединён переходом со школой № 9.",
    },
    {
        "number": "2.1",
        "name": CONNECTED,
        "task": 1,
        "due": "2027-12-31",
        "characteristic": "Каналы строятся по региональному проекту, город готовит помещения и внутренние сети.",
    },
    {
        "number": "2.2",
        "name": FED,
        "task": 1,
        "due": "2028-12-31",
        "characteristic": "Обновляются кухни, вводится выбор блюд и безналичная оплата.",
    },
]

_FUNDED = (
    Funded("1.1", ONE_SHIFT, (), "В рамках текущей деятельности управления образования"),
    Funded("1.2", EXTENDED, (
        Money(REGIONAL, "0 28400 96500 74200 0", (LOCAL_PART, "0 28400 96500 74200 0")),
        Money(TOWN, "4650 3156 10722 8244 0"),
    )),
    Funded("2.1", CONNECTED, (Money(TOWN, "1280 1340 1410 860 0"),)),
    Funded("2.2", FED, (
        Money(REGIONAL, "6120 6430 6750 6750 6750", (LOCAL_PART, "6120 6430 6750 6750 6750")),
        Money(TOWN, "2045 2150 2260 2260 2260"),
        Money(OUTSIDE, "350 350 400 400 400"),
    )),
)  # fmt: skip

# base, then targets of 2024 to 2028; 100 is «works in two shifts»
_TWO_SHIFTS = {
    "Гимназия № 1 г. Камнегорска": "100 0 0 0 0 0",
    "СОШ № 2 г. Камнегорска": "100 100 100 100 0 0",
    "СОШ № 3 г. Камнегорска": "100 100 100 0 0 0",
    "СОШ № 4 г. Камнегорска": "0 0 0 0 0 0",
    "СОШ № 5 г. Камнегорска": "0 0 0 0 0 0",
    "Лицей № 6 г. Камнегорска": "0 0 0 0 0 0",
    "СОШ № 7 г. Камнегорска": "100 100 0 0 0 0",
    "СОШ № 8 г. Камнегорска": "0 0 0 0 0 0",
    "СОШ № 9 г. Камнегорска": "100 100 100 100 100 0",
    "СОШ № 10 г. Камнегорска": "100 100 100 100 0 0",
    "СОШ № 11 г. Камнегорска": "0 0 0 0 0 0",
}
_CONNECTED = {
    "Гимназия № 1 г. Камнегорска": "100 100 100 100 100 100",
    "СОШ № 2 г. Камнегорска": "0 0 100 100 100 100",
    "СОШ № 3 г. Камнегорска": "0 100 100 100 100 100",
    "СОШ № 4 г. Камнегорска": "100 100 100 100 100 100",
    "СОШ № 5 г. Камнегорска": "0 0 0 100 100 100",
    "Лицей № 6 г. Камнегорска": "100 100 100 100 100 100",
    "СОШ № 7 г. Камнегорска": "0 0 100 100 100 100",
    "СОШ № 8 г. Камнегорска": "100 100 100 100 100 100",
    "СОШ № 9 г. Камнегорска": "0 0 0 100 100 100",
    "СОШ № 10 г. Камнегорска": "0 0 0 0 100 100",
    "СОШ № 11 г. Камнегорска": "0 100 100 100 100 100",
}

_FORM = "Форма школы на портале"
_COLLECTOR = "Управление образования города Камнегорска"
_LEVEL = "Школа – город"
_SCHEDULE = "За полугодие, девять месяцев и год, до 5-го рабочего дня после окончания периода"


def _method(number: str, formula: str, counted: str, note: str | None = None) -> Row:
    return {
        "indicator": number,
        "formula": formula,
        "base_indicators": counted,
        "source": _FORM,
        "collector": _COLLECTOR,
        "aggregation": _LEVEL,
        "schedule": _SCHEDULE,
        "note": note,
    }


_METHODOLOGY = [
    _method("1", "100 × (школы, ответившие «да») / (школы, сведения которых приняты)",
            "Школа работает в две смены (да или нет)"),
    _method("2", "100 × (школы, ответившие «да») / (школы, сведения которых приняты)",
            "Скорость подключения не ниже установленной (да или нет)",
            "Ответ спрашивается один раз для двух проектов"),
    _method("3.1", "100 × (ученики 1–4 классов, получающие горячее питание) / (ученики 1–4 классов)",
            "Ученики 1–4 классов; из них получают горячее питание", "Показатель 3 в целом не рассчитывается"),
    _method("3.2", "100 × (ученики 5–11 классов, получающие горячее питание) / (ученики 5–11 классов)",
            "Ученики 5–11 классов; из них получают горячее питание"),
    _method("4", "(численность учеников) / (число классов)", "Численность учеников; число классов"),
    _method("5", "сумма по школам", "Предписания, не исполненные в срок на конец периода"),
]  # fmt: skip

HEAD = "Руководитель муниципального проекта"
ADMINISTRATOR = "Администратор муниципального проекта"
OWNER = "Ответственный за достижение результата муниципального проекта"
MEMBER = "Участник муниципального проекта"


def _people() -> list[Row]:
    return participants(
        (
            (None, ((HEAD, who.TOWN_HEAD, "15"), (ADMINISTRATOR, who.TOWN_ADMINISTRATOR, "25"))),
            (
                ONE_SHIFT,
                (
                    (OWNER, who.TOWN_HEAD, "10"),
                    (MEMBER, who.TOWN_ADMINISTRATOR, "15"),
                    (MEMBER, who.HEADS_OF_TOWN_SCHOOLS, "10"),
                ),
            ),
            (EXTENDED, ((OWNER, who.TOWN_BUILDINGS, "30"), (MEMBER, who.TOWN_HEAD, "5"))),
            (CONNECTED, ((OWNER, who.TOWN_ADMINISTRATOR, "15"), (MEMBER, who.HEADS_OF_TOWN_SCHOOLS, "5"))),
            (FED, ((OWNER, who.TOWN_MEALS, "35"), (MEMBER, who.HEADS_OF_TOWN_SCHOOLS, "5"))),
        )
    )


@cache
def passport() -> Passport:
    """The document as it is proposed for the first time. Its money is in thousand roubles."""
    unread: list[Row] = []
    rows = breakdown("1", "2023-09-01", _TWO_SHIFTS, unread)
    rows += breakdown("2", "2023-09-01", _CONNECTED, unread, start_row=len(rows))
    return Passport.model_validate(
        {
            "level": "municipal",
            "title": "Школа одной смены в городе Камнегорске",
            "short_title": "Школа одной смены",
            "parent_title": "Современная школа",
            "parent_level": "federal",
            "territory": "город Камнегорск",
            "start": "2024-01-01",
            "end": "2028-12-31",
            "approval": {"body": "Проектным комитетом города Камнегорска", "approver": "Глава города Щеглов Ф. М."},
            "curator": {
                "name": "Макаров Олег Борисович",
                "position": "заместитель главы города Камнегорска по социальным вопросам",
            },
            "head": {
                "name": "Шилова Татьяна Геннадьевна",
                "position": "начальник управления образования города Камнегорска",
            },
            "administrator": {
                "name": "Юдина Ксения Романовна",
                "position": "директор Центра сопровождения образования города Камнегорска",
            },
            "programmes": ["Муниципальная программа «Образование города Камнегорска» на 2024–2028 годы"],
            "goal": "К концу 2028 года все школы Камнегорска учат в одну смену, накормят горячим каждого ученика "
            "начальной школы и имеют быстрый доступ к сети «Интернет»",
            "indicators": _INDICATORS,
            "tasks": [
                {"number": "1", "name": "Освободить и построить помещения, чтобы отказаться от второй смены"},
                {"number": "2", "name": "Улучшить условия учёбы в действующих школах"},
            ],
            "results": _RESULTS,
            "finance": finance(_FUNDED, "Всего по муниципальному проекту, в том числе:"),
            "finance_unit": "thousand",
            "participants": _people(),
            "plan": town_plan.rows(),
            "control_levels": town_plan.CONTROL_LEVELS,
            "breakdown": rows,
            "methodology": _METHODOLOGY,
            "additional": "Школа считается работающей в две смены, если во вторую смену занимается хотя бы один класс. "
            "В приложении 2 значение 100 означает «да», 0 – «нет».",
            "footnotes": [],
            "unread": unread,
        }
    )
