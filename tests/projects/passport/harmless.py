"""What only looks like a fault, for every code of the catalogue."""

from __future__ import annotations

from projects.passport.schema import Base, Methodology
from tests.projects.passport.changes import (
    BUSES,
    DAY,
    OWN,
    ROADS,
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
    put,
    rows,
    same,
    targets,
    unread,
    years,
)

# What looks alike and is right: the code must not be found (what else is, is another matter).
SILENT: list[tuple[str, Change]] = [
    ("section.missing", field(breakdown=())),
    ("section.duplicate", same),
    ("number.duplicate", same),
    ("number.gap", put("results", 1, number=None)),
    ("number.malformed", same),
    ("number.missing", rows("participants", lambda old: tuple(row.model_copy(update={"number": None}) for row in old))),
    ("date.invalid", unread("plan", 2, "start", "—")),
    ("date.missing", unread("results", 0, "due", "31.11.2022")),
    ("date.order", put("plan", 4, start=DAY(2021, 10, 31))),
    ("date.outside_project", put("plan", 4, start=DAY(2021, 2, 1))),
    ("plan.activity_after_control_point", put("plan", 1, end=DAY(2021, 7, 31))),
    # An activity leads to the next control point of its own result, not to one of the result after it.
    ("plan.activity_after_control_point", rows("plan", lambda old: (*old[:2], *old[3:]))),
    ("plan.control_point_after_result", put("plan", 5, end=DAY(2023, 12, 31))),
    ("plan.no_responsible", put("plan", 1, responsible="руководители школ")),
    ("plan.no_document", same),
    ("plan.no_control_level", both(put("plan", 2, control_level=None), unread("plan", 2, "control_level", "–"))),
    ("plan.result_unknown", both(put("plan", 0, number="7"), put("plan", 0, name=f"{ROADS} области"))),
    ("plan.result_missing", put("plan", 3, name="Школьные автобусы закуплены")),
    *(
        ("plan.control_level_unknown", put("plan", 4, control_level=level))
        for level in ("к", "К, РП", "К/РП", "куратор", "Руководитель регионального проекта", "K", "PП")
    ),
    ("plan.control_level_unknown", both(field(control_levels={}), put("plan", 4, control_level="муниципальный"))),
    ("value.placeholder", unread("indicators", 0, "targets.2022", "-")),
    ("value.missing", both(put("indicators", 0, targets={"2021": None}), unread("indicators", 0, "targets.2021", "-"))),
    ("value.not_a_number", unread("indicators", 0, "targets.2022", "-")),
    ("indicator.not_monotone", targets("50", "50", "80")),
    # Buses are bought anew every year; a share that only falls is one that should.
    ("indicator.not_monotone", put("indicators", 1, targets=years("30", "10", "20"))),
    ("indicator.not_monotone", targets("40", "35", "30")),
    ("indicator.not_monotone", percent("Темп роста выпуска, процент", "103", "101", "102")),
    ("indicator.base_beyond_target", targets("40.5", "50", "60")),
    ("indicator.base_beyond_target", targets("40", "35", "30")),
    (
        "indicator.base_beyond_target",
        put("indicators", 1, base=Base(value=D(40), date=DAY(2021, 1, 1)), targets=years("30", "20", "10")),
    ),
    ("indicator.percent_range", targets("0", "50", "100")),
    ("indicator.percent_range", percent("Темп роста выпуска к уровню 2020 года, процент", "103", "140")),
    ("indicator.text_contradicts_target", percent("Доля учителей, обученных, не менее 8 %, процент", "2", "5", "8")),
    (
        "indicator.text_contradicts_target",
        percent("Доля школ, в которых не менее 7 % мест свободны, процент", "2", "8"),
    ),
    ("indicator.text_contradicts_target", percent("Доля школ, имеющих скорость не менее 50 %, процент", "2", "8")),
    ("indicator.text_contradicts_target", percent("Доля школ со скоростью не менее 100 Мб/с, процент", "2", "8")),
    (
        "indicator.text_contradicts_target",
        characteristic("на 31.12.2021 – 0,5 тыс. детей", f"{ROADS} для не менее 25 % детей", "0.5"),
    ),
    ("indicator.breakdown_contradicts", put("indicators", 0, targets=years("50", "69.9", "80"))),
    ("indicator.no_methodology", put("methodology", 1, formula="По приказу о методике расчёта")),
    ("indicator.no_methodology", rows("methodology", lambda _: (Methodology(note="Показатели отсутствуют"),))),
    ("indicator.no_methodology", both(field(level="municipal"), field(methodology=()))),
    ("indicator.no_methodology", rows("methodology", lambda old: old[1:])),
    ("finance.row_total", money(line("1.1", ROADS, "33.5", "33.5").model_copy(update={"total": D("67.1")}))),
    ("finance.sources_sum", same),
    ("finance.project_total", same),
    ("finance.source_total", same),
    ("finance.part_exceeds_whole", money(line("1.1.1", OWN, "5"), line(None, "из них межбюджетные трансферты", "5"))),
    # A bridge costs more than paint, and a source may give a thousandth of another.
    (
        "finance.magnitude",
        money(
            line("1.1", ROADS, "0.5", "0.6"),
            line("1.2", BUSES, "25", "30"),
            line("1.3", "Построен мост", "900", "1400"),
        ),
    ),
    (
        "finance.magnitude",
        money(line("1.1", ROADS, "900.9"), line("1.1.1", "федеральный бюджет", "900"), line("1.1.2", OWN, "0.9")),
    ),
    ("finance.result_without_money", money(line("1.1", ROADS), line("1.1.1", OWN, "3"))),
    (
        "finance.result_without_money",
        money(line("1", "Задача"), line("1.1", ROADS, "3"), line("1.2", BUSES, note="нет")),
    ),
    ("participant.no_name", put("participants", 2, position="Министерство образования Северской области")),
    (
        "participant.no_employment",
        both(put("participants", 1, employment=None), unread("participants", 1, "employment", "-")),
    ),
    # The employment is that in the whole project: repeated under every result it is said once.
    ("participant.overloaded", people(*(person("Чайкин О.О.", "20", group=f"Результат {at}") for at in range(9)))),
    ("participant.overloaded", people(person("Чайкин О.О.", "60", "А"), person("Чайкин П.П.", "60", "А"))),
    ("participant.name_variants", people(person("Чайкин О.О."), person("Чайкин П.О."), person("Чайкина О.О."))),
    ("participant.name_variants", people(person("Чайкин Олег Олегович"), person("Чайкин Осип Олегович"))),
    ("participant.name_variants", put("plan", 4, responsible="Полевой И. П.")),
    *(
        ("participant.unknown_responsible", put("plan", 1, responsible=words))
        for words in (
            "директора школ",
            "Министерство образования",
            "И. П. Полевой, М.Л. Озёрная",
            "Полевой Игорь Петрович",
            "Озёрной М.Л.",
            "Лесников П.И.",
            "МОУ «Школа им. А.С. Пушкина»",
            "-",
        )
    ),
    *(
        ("territory.foreign", put("results", 1, characteristic=f"Автобусы возят детей {words}"))
        for words in ("СЕВЕРСКОЙ ОБЛАСТИ", "Российской Федерации", "в педагогической области", "Крайнего Севера")
    ),
    ("territory.foreign", field(additional="Опыт перенят у Вологодской области")),
    ("territory.foreign", put("results", 1, federal_result="В Вологодской области закуплены автобусы")),
    ("territory.foreign", put("plan", 4, name="Педагогическая область: обучение")),
]
