"""What the organisations of the demo region count, and how the indicators of its projects follow from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from indicators.models import BaseIndicatorKind as Kind
from indicators.models import EvidenceRule as Evidence
from indicators.models import OverOrganisations as Over
from indicators.models import OverTime as Time
from organisations.models import OrganisationKind
from reports.demo.passports import DIGITAL, TOWN, WARM

SCHOOLS = (OrganisationKind.SCHOOL,)
COLLEGES = (OrganisationKind.COLLEGE,)
LEARNING = (OrganisationKind.SCHOOL, OrganisationKind.COLLEGE, OrganisationKind.CENTRE)
HOUSES = (OrganisationKind.SCHOOL, OrganisationKind.KINDERGARTEN)


@dataclass(frozen=True)
class Counted:
    """A base indicator; ``weight`` and ``not_above`` are codes of others that stand above it in the list."""

    code: str
    name: str
    kind: str
    over_organisations: str
    over_time: str
    kinds: tuple[str, ...]
    unit: str = ""
    hint: str = ""
    weight: str | None = None
    not_above: str | None = None
    may_not_apply: bool = False
    evidence: str = Evidence.NONE
    minimum: Decimal | None = field(default=Decimal(0))
    maximum: Decimal | None = None


def _number(code: str, name: str, unit: str, kinds: tuple[str, ...], hint: str = "", **more: object) -> Counted:
    return Counted(code, name, Kind.INTEGER, Over.SUM, Time.SNAPSHOT, kinds, unit, hint, **more)  # type: ignore[arg-type]


def _yes_or_no(code: str, name: str, kinds: tuple[str, ...], hint: str = "") -> Counted:
    return Counted(code, name, Kind.BOOLEAN, Over.COUNT_YES, Time.SNAPSHOT, kinds, "", hint, minimum=None)


CATALOGUE: tuple[Counted, ...] = (
    _number(
        "pupils",
        "Сколько всего учеников в школе",
        "человек",
        SCHOOLS,
        "На последний день периода, вместе с филиалами. Дошкольные группы не считаются.",
    ),
    _number(
        "pupils_portfolio",
        "Сколько учеников ведут цифровое портфолио",
        "человек",
        SCHOOLS,
        "У ученика есть хотя бы одна подтверждённая запись.",
        not_above="pupils",
    ),
    _number(
        "pupils_second_shift",
        "Сколько учеников занимаются во вторую смену",
        "человек",
        SCHOOLS,
        "Если второй смены нет, напишите 0.",
        not_above="pupils",
    ),
    _number("students", "Сколько всего студентов в колледже", "человек", COLLEGES, "Все формы обучения."),
    _number(
        "students_portfolio", "Сколько студентов ведут цифровое портфолио", "человек", COLLEGES, not_above="students"
    ),
    _number("teachers", "Сколько всего педагогических работников", "человек", LEARNING, "Без внешних совместителей."),
    Counted(
        "teachers_trained",
        "Сколько педагогов обучено цифровым инструментам с начала проекта",
        Kind.INTEGER,
        Over.SUM,
        Time.CUMULATIVE,
        LEARNING,
        "человек",
        "Удостоверения, выданные с 1 января 2024 года.",
        not_above="teachers",
    ),
    _yes_or_no(
        "internet_fast",
        "Скорость подключения не ниже установленной?",
        LEARNING,
        "В городе – от 100 Мбит/с, в селе – от 50 Мбит/с, по замеру в учебное время.",
    ),
    Counted(
        "internet_speed",
        "Скорость подключения по замеру",
        Kind.DECIMAL,
        Over.AVERAGE,
        Time.SNAPSHOT,
        LEARNING,
        "Мбит/с",
        "Одно число по худшему зданию.",
        evidence=Evidence.WELCOME,
        maximum=Decimal(10000),
    ),
    Counted(
        "internet_outages",
        "Сколько раз не было доступа к сети дольше суток",
        Kind.INTEGER,
        Over.SUM,
        Time.FLOW,
        LEARNING,
        "случай",
        "По журналу заявок оператору за отчётный период.",
    ),
    _number(
        "rooms", "Сколько всего учебных кабинетов", "кабинет", LEARNING, "Мастерские и лаборатории – тоже кабинеты."
    ),
    _number(
        "rooms_equipped",
        "Сколько кабинетов оснащено цифровым оборудованием",
        "кабинет",
        LEARNING,
        "Есть рабочее место учителя, экран или панель и сеть.",
        not_above="rooms",
    ),
    Counted(
        "devices",
        "Сколько компьютеров и панелей поставлено с начала проекта",
        Kind.INTEGER,
        Over.SUM,
        Time.CUMULATIVE,
        LEARNING,
        "единица",
        "Нарастающим итогом с 1 января 2024 года, по накладным.",
    ),
    _number(
        "buildings",
        "Сколько зданий занимает организация",
        "здание",
        HOUSES,
        "Только те, где идут занятия.",
        minimum=Decimal(1),
    ),
    _number(
        "buildings_worn",
        "Сколько зданий нуждаются в капитальном ремонте",
        "здание",
        HOUSES,
        "По заключению обследования.",
        not_above="buildings",
    ),
    _yes_or_no(
        "heat_metered",
        "Узел учёта и автоматической подачи тепла работает?",
        HOUSES,
        "Во всех зданиях организации, с актом допуска.",
    ),
    Counted(
        "cold_days",
        "Сколько раз занятия отменялись из-за холода в помещениях",
        Kind.INTEGER,
        Over.SUM,
        Time.FLOW,
        HOUSES,
        "случай",
        "По приказам за отчётный период.",
    ),
    Counted(
        "temperature",
        "Средняя температура в учебных помещениях",
        Kind.DECIMAL,
        Over.WEIGHTED_AVERAGE,
        Time.SNAPSHOT,
        HOUSES,
        "°C",
        "За дни отопительного сезона.",
        weight="buildings",
        minimum=Decimal(5),
        maximum=Decimal(35),
    ),
    Counted(
        "places_created",
        "Сколько новых мест создано с начала проекта",
        Kind.INTEGER,
        Over.SUM,
        Time.CUMULATIVE,
        HOUSES,
        "место",
        "Если здание не строится и не пристраивается, отметьте «К нам не относится».",
        may_not_apply=True,
        evidence=Evidence.REQUIRED,
    ),
    _yes_or_no("two_shifts", "Школа работает в две смены?", SCHOOLS, "Хотя бы один класс учится во вторую смену."),
    _number("classes", "Сколько классов в школе", "класс", SCHOOLS, minimum=Decimal(1)),
    _number("pupils_junior", "Сколько всего учеников в 1–4 классах", "человек", SCHOOLS, not_above="pupils"),
    _number(
        "meals_junior",
        "Сколько учеников 1–4 классов получают горячее питание",
        "человек",
        SCHOOLS,
        not_above="pupils_junior",
    ),
    _number("pupils_senior", "Сколько всего учеников в 5–11 классах", "человек", SCHOOLS, not_above="pupils"),
    _number(
        "meals_senior",
        "Сколько учеников 5–11 классов получают горячее питание",
        "человек",
        SCHOOLS,
        not_above="pupils_senior",
    ),
    _number(
        "orders_overdue", "Сколько предписаний не исполнено в срок", "единица", SCHOOLS, "На последний день периода."
    ),
)

FORMULAS: dict[str, dict[str, str]] = {
    DIGITAL: {
        "1": "100 * internet_fast / organisations",
        "2": "100 * rooms_equipped / rooms",
        "3.1": "100 * pupils_portfolio / pupils",
        "3.2": "100 * students_portfolio / students",
        "4": "100 * teachers_trained / teachers",
        "5": "devices",
        "6": "internet_speed",
        "7": "internet_outages",
    },
    WARM: {
        "1": "100 * buildings_worn / buildings",
        "2": "100 * heat_metered / organisations",
        "3": "100 * pupils_second_shift / pupils",
        "4": "cold_days",
        "5": "places_created",
        "6": "temperature",
    },
    TOWN: {
        "1": "100 * two_shifts / organisations",
        "2": "100 * internet_fast / organisations",
        "3.1": "100 * meals_junior / pupils_junior",
        "3.2": "100 * meals_senior / pupils_senior",
        "4": "pupils / classes",
        "5": "orders_overdue",
    },
}
"""By project and the number of its indicator."""
