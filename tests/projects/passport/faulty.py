"""What makes a faultless passport wrong, for every code of the catalogue."""

from __future__ import annotations

from projects.passport.schema import Base
from tests.projects.passport.changes import (
    BUSES,
    DAY,
    OUTSIDE,
    OWN,
    ROADS,
    STARTED,
    TOTAL,
    Change,
    D,
    both,
    characteristic,
    field,
    line,
    money,
    people,
    percent,
    person,
    plan_row,
    put,
    rows,
    targets,
    unread,
    untotalled,
    years,
)

# The code; what makes a faultless passport wrong; where the finding stands: section, row, number, field, raw.
Place = tuple[str, int | None, str | None, str | None, str | None]
FIRES: list[tuple[str, Change, Place]] = [
    ("section.missing", field(plan=()), ("plan", None, None, None, None)),
    ("section.duplicate", rows("plan", lambda old: old * 2), ("plan", 6, "1", None, None)),
    ("number.duplicate", put("results", 1, number="1.1"), ("results", 1, "1.1", "number", "1.1")),
    ("number.gap", put("results", 1, number="1.3"), ("results", 1, "1.3", "number", "1.3")),
    ("number.malformed", put("participants", 2, number="з"), ("participants", 2, "з", "number", "з")),
    ("number.missing", put("participants", 1, number=None), ("participants", 1, None, "number", None)),
    (
        "date.invalid",
        both(put("plan", 4, end=None), unread("plan", 4, "end", "31.11.2022")),
        ("plan", 4, "2.1.1", "end", "31.11.2022"),
    ),
    ("date.missing", put("plan", 3, end=None), ("plan", 3, "2", "end", None)),
    ("date.order", put("plan", 4, start=DAY(2021, 11, 1)), ("plan", 4, "2.1.1", "end", "31.10.2021")),
    (
        "date.outside_project",
        put("plan", 1, start=DAY(2020, 2, 1)),
        ("plan", 1, "1.1.1", "start", "01.02.2020"),
    ),
    (
        "plan.activity_after_control_point",
        put("plan", 1, end=DAY(2021, 8, 15)),
        ("plan", 1, "1.1.1", "end", "15.08.2021"),
    ),
    (
        "plan.control_point_after_result",
        put("plan", 3, end=DAY(2021, 11, 1)),
        ("plan", 5, "2.1", "end", "30.11.2021"),
    ),
    ("plan.no_responsible", put("plan", 1, responsible=None), ("plan", 1, "1.1.1", "responsible", None)),
    (
        "plan.no_responsible",
        both(put("plan", 1, responsible=None), unread("plan", 1, "responsible", "-")),
        ("plan", 1, "1.1.1", "responsible", "-"),
    ),
    ("plan.no_document", put("plan", 2, document=None), ("plan", 2, "1.1", "document", None)),
    ("plan.no_control_level", put("plan", 2, control_level=None), ("plan", 2, "1.1", "control_level", None)),
    (
        "plan.no_control_level",
        rows("plan", lambda old: tuple(row.model_copy(update={"control_level": None}) for row in old)),
        ("plan", None, None, "control_level", None),
    ),
    (
        "plan.result_unknown",
        rows("plan", lambda old: (*old, plan_row("3", "Открыт бассейн", DAY(2022, 1, 1), DAY(2022, 12, 31)))),
        ("plan", 6, "3", "name", "Открыт бассейн"),
    ),
    ("plan.result_missing", rows("plan", lambda old: old[:3]), ("results", 1, "1.2", "name", BUSES)),
    (
        "plan.control_level_unknown",
        put("plan", 4, control_level="муниципальный"),
        ("plan", 4, "2.1.1", "control_level", "муниципальный"),
    ),
    (
        "value.placeholder",
        both(
            put("indicators", 0, targets={**years("50"), "2022": None, "2023": D(80)}),
            unread("indicators", 0, "targets.2022", "XX"),
        ),
        ("indicators", 0, "1", "targets.2022", "XX"),
    ),
    (
        "value.missing",
        put("indicators", 0, targets={**years("50"), "2022": None, "2023": D(80)}),
        ("indicators", 0, "1", "targets.2022", None),
    ),
    (
        "value.not_a_number",
        both(put("participants", 0, employment=None), unread("participants", 0, "employment", "мало")),
        ("participants", 0, "1", "employment", "мало"),
    ),
    ("indicator.not_monotone", targets("50", "45", "80"), ("indicators", 0, "1", "targets.2022", "45")),
    (
        "indicator.not_monotone",
        targets("50", "65", "60"),
        ("indicators", 0, "1", "targets.2023", "60"),
    ),
    (
        "indicator.not_monotone",
        put("indicators", 1, direction="increasing", targets=years("10", "9", "1030")),
        ("indicators", 1, "2", "targets.2022", "9"),
    ),
    (
        "indicator.not_monotone",
        put("indicators", 1, direction="decreasing", base=STARTED, targets=years("10", "9", "12")),
        ("indicators", 1, "2", "targets.2023", "12"),
    ),
    (
        "indicator.base_beyond_target",
        put("indicators", 1, base=Base(value=D(10), date=DAY(2021, 1, 1)), targets=years("8", "20", "30")),
        ("indicators", 1, "2", "base.value", "10"),
    ),
    (
        "indicator.base_beyond_target",
        put("indicators", 1, direction="decreasing", targets=years("8", "7", "6")),
        ("indicators", 1, "2", "base.value", "0"),
    ),
    ("indicator.percent_range", targets("50", "65", "140"), ("indicators", 0, "1", "targets.2023", "140")),
    (
        "indicator.percent_range",
        put("breakdown", 1, base=Base(value=D(-5), date=DAY(2021, 1, 1))),
        ("breakdown", 1, "1", "base.value", "\N{MINUS SIGN}5"),
    ),
    (
        "indicator.text_contradicts_target",
        percent("Доля учителей, прошедших обучение, не менее 7 %, процент", "2", "5", "8"),
        ("indicators", 2, "3", "name", "не менее 7 %"),
    ),
    (
        "indicator.text_contradicts_target",
        percent("Доля учителей, прошедших обучение (не менее 7 % к 2022 году), процент", "2", "8", "9"),
        ("indicators", 2, "3", "name", "не менее 7 %"),
    ),
    (
        "indicator.text_contradicts_target",
        both(
            characteristic("на 31.12.2022 – 40 %; на 31.12.2023 – 100 %", f"{ROADS}, не менее 90 % дорог", "40", "100"),
            put("results", 0, targets=years("40", "100", first=2022)),
        ),
        ("results", 0, "1.1", "name", "не менее 90 %"),
    ),
    (
        "indicator.breakdown_contradicts",
        put("indicators", 0, targets=years("50", "71.5", "80")),
        ("breakdown", 0, "1", "targets.2022", "71,5"),
    ),
    ("indicator.no_methodology", rows("methodology", lambda old: old[:1]), ("indicators", 1, "2", None, None)),
    (
        "indicator.no_methodology",
        put("methodology", 1, formula="Методика будет разработана в 2021 году"),
        ("methodology", 1, "2", "formula", "Методика будет разработана в 2021 году"),
    ),
    ("indicator.no_methodology", put("methodology", 0, formula=None), ("methodology", 0, "1", "formula", None)),
    (
        "finance.row_total",
        money(line("1.1", ROADS, "50", "50").model_copy(update={"total": D(120)})),
        ("finance", 0, "1.1", "total", "120,0"),
    ),
    (
        "finance.sources_sum",
        untotalled(line("1.1", ROADS, "100"), line("1.1.1", OWN, "60"), line("1.1.2", OUTSIDE, "45")),
        ("finance", 0, "1.1", "amounts.2021", "100,0"),
    ),
    (
        "finance.project_total",
        untotalled(line("1.1", ROADS, "100"), line("1.2", BUSES, "7"), line(None, TOTAL, "118")),
        ("finance", 2, None, "amounts.2021", "118,0"),
    ),
    (
        "finance.source_total",
        untotalled(
            line("1.1", ROADS, "100"),
            line("1.1.1", OWN, "60"),
            line("1.1.2", OUTSIDE, "40"),
            line(None, TOTAL, "100"),
            line(None, OWN, "70"),
            line(None, OUTSIDE, "30"),
        ),
        ("finance", 4, None, "amounts.2021", "70,0"),
    ),
    (
        "finance.part_exceeds_whole",
        money(
            line("1.1", ROADS, "100"),
            line("1.1.1", OWN, "100"),
            line(None, "из них межбюджетные трансферты", "100.5").model_copy(update={"total": D("100.5")}),
        ),
        ("finance", 2, None, "amounts.2021", "100,5"),
    ),
    (
        "finance.magnitude",
        money(
            line("1.1", ROADS, "120", "130", "140"),
            line("1.2", BUSES, "90000", "80000", "95000"),
            line("1.3", "Построен мост", "70", "90", "80"),
            line(None, TOTAL, "90190", "80220", "95220"),
        ),
        ("finance", 1, "1.2", "total", "265\u202f000,0"),
    ),
    (
        "finance.magnitude",
        money(line("1.1", ROADS, "120", "130000", "140"), line(None, TOTAL, "120", "130000", "140")),
        ("finance", 0, "1.1", "amounts.2022", "130\u202f000,0"),
    ),
    (
        "finance.result_without_money",
        put("finance", 3, note=None),
        ("finance", 3, "1.2", "amounts", None),
    ),
    (
        "participant.no_name",
        both(put("participants", 2, position="директор школы"), unread("participants", 2, "name", "-")),
        ("participants", 2, "3", "name", "-"),
    ),
    ("participant.no_name", put("participants", 1, name=None), ("participants", 1, "2", "name", None)),
    (
        "participant.no_employment",
        put("participants", 1, employment=None),
        ("participants", 1, "2", "employment", None),
    ),
    (
        "participant.overloaded",
        put("participants", 1, employment=D(120)),
        ("participants", 1, "2", "employment", "120"),
    ),
    (
        "participant.overloaded",
        people(person("Чайкин О.О.", "60", "Дороги"), person("Чайкин О.О.", "50", "Автобусы")),
        ("participants", 4, "5", "employment", "50"),
    ),
    (
        "participant.name_variants",
        people(person("Чайкин О. О.", group="А"), person("Чайкин О. О.", group="Б"), person("О.О. Чайкин", group="В")),
        ("participants", 5, "6", "name", "О.О. Чайкин"),
    ),
    (
        "participant.name_variants",
        people(person("Чайкин О. О.", group="А"), person("Чайкин Олег Олегович", group="Б")),
        ("participants", 4, "5", "name", "Чайкин Олег Олегович"),
    ),
    (
        "participant.name_variants",
        put("plan", 4, responsible="И.П. Полевой"),
        ("plan", 4, "2.1.1", "responsible", "И.П. Полевой"),
    ),
    (
        "participant.unknown_responsible",
        put("plan", 1, responsible="Полевой И.П., Чужаков Я.Я."),
        ("plan", 1, "1.1.1", "responsible", "Чужаков Я.Я."),
    ),
    (
        "participant.unknown_responsible",
        put("plan", 1, responsible="Озёрная М.А."),
        ("plan", 1, "1.1.1", "responsible", "Озёрная М.А."),
    ),
    (
        "territory.foreign",
        put("results", 1, characteristic="Автобусы возят детей Вологодской области"),
        ("results", 1, "1.2", "characteristic", "Вологодской области"),
    ),
    (
        "territory.foreign",
        put("participants", 1, position="начальник отдела министерства Республики Татарстан"),
        ("participants", 1, "2", "position", "Республики Татарстан"),
    ),
]
