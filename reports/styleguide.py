"""The style guide: every component of the interface in every state, for those who make the pages."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organisations.access import require
from organisations.roles import Action
from projects.passport.schema import Finding
from projects.templatetags.components import Step
from reports.charts import HeatCell, HeatMap, HeatRow, PlanFactPoint, plan_fact, sparkline

TOWNS = (
    ("Заречный округ", 40, 40, "97.50", "green"),
    ("Город Северогорск", 96, 112, "88.20", "yellow"),
    ("Усть-Каменский район", 12, 31, "61.00", "red"),
    ("Боровской район", 0, 18, None, "grey"),
    ("Лесной округ", 0, 0, None, "pending"),
)
FINDINGS = (
    Finding(
        code="date.invalid",
        severity="error",
        section="plan",
        number="1.2.1",
        raw="31.11.2020",
        message="Такой даты нет: в ноябре 30 дней.",
    ),
    Finding(
        code="number.gap",
        severity="warning",
        section="plan",
        number="5.2.2",
        message="После строки 5.1.4 ожидалась строка 5.2.1, её нет.",
    ),
    Finding(
        code="indicator.no_methodology",
        severity="notice",
        section="methodology",
        number="3",
        message="Для показателя нет методики расчёта.",
    ),
)


class SampleForm(forms.Form):
    """One field of each sort."""

    connected = forms.IntegerField(
        label="Сколько компьютеров подключено к интернету",
        help_text="Считайте только те, на которых работают ученики.",
        localize=True,
    )
    share = forms.DecimalField(label="Доля педагогов, прошедших обучение", localize=True)
    computers = forms.IntegerField(label="Сколько всего компьютеров в школе", localize=True)
    name = forms.CharField(label="Наименование", required=False)
    day = forms.DateField(label="Дата протокола", widget=forms.TextInput(attrs={"placeholder": "05.12.2018"}))
    comment = forms.CharField(label="Что помешало", widget=forms.Textarea(attrs={"rows": 4}), required=False)
    kind = forms.ChoiceField(label="Вид показателя", choices=[("main", "Основной"), ("extra", "Дополнительный")])
    growth = forms.ChoiceField(
        label="Что хорошо",
        choices=[("up", "Рост"), ("down", "Снижение")],
        widget=forms.RadioSelect,
        help_text="От этого зависит, как считается выполнение.",
    )
    agreed = forms.BooleanField(label="Сведения проверены, их можно отправлять")
    passport = forms.FileField(label="Файл паспорта")


class SampleFilters(forms.Form):
    """A filter bar of two fields."""

    municipality = forms.ChoiceField(
        label="Муниципалитет", choices=[("", "Все"), *((name, name) for name, *_ in TOWNS)], required=False
    )
    text = forms.CharField(label="Название", required=False)


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    require(request.user, Action.READ_STYLEGUIDE)
    return render(request, "styleguide/styleguide.html", _context(request))


def _context(request: HttpRequest) -> dict[str, Any]:
    form = SampleForm()
    bad_form = SampleForm(
        {"connected": "много", "share": "59,65", "computers": "", "kind": "main", "growth": "", "day": "31.11.2020"},
        auto_id="bad_%s",
    )
    bad_form.full_clean()
    return {
        "title": "Компоненты портала",
        "breadcrumbs": [("Главная", "/"), ("Паспорта", "/"), ("Компоненты портала", "")],
        "tab_items": [
            {"title": "Показатели", "url": "#tabs", "current": True, "count": 4},
            {"title": "Результаты", "url": "#tabs", "current": False, "count": 12},
            {"title": "Деньги", "url": "#tabs", "current": False},
            {"title": "Методика", "url": "", "current": False},
        ],
        "form": form,
        "bad_form": bad_form,
        "filters": SampleFilters(request.GET or None),
        "rows": [
            {
                "name": name,
                "accepted": accepted,
                "expected": expected,
                "share": share and Decimal(share),
                "status": status,
                "spark": sparkline(_series(index), f"{name}: шесть периодов"),
            }
            for index, (name, accepted, expected, share, status) in enumerate(TOWNS)
        ],
        "page": Paginator(range(1, 412), 50).get_page(request.GET.get("page")),
        "findings": FINDINGS,
        "day": dt.date(2026, 11, 20),
        "millions": Decimal("37955.2"),
        "share": Decimal("59.65"),
        "steppers": _steppers(),
        "charts": _charts(),
        "heat": _heat_map(),
    }


def _series(index: int) -> list[Decimal | None]:
    shapes: tuple[tuple[int | None, ...], ...] = (
        (10, 22, 31, 55, 80, 97),
        (40, 60, 58, None, 71, 88),
        (70, 66, 65, 64, 62, 61),
        (None, None, None, None, None, None),
        (None, None, None, None, 5, None),
    )
    return [None if value is None else Decimal(value) for value in shapes[index]]


def _steppers() -> list[tuple[str, list[Step]]]:
    return [
        (
            "Форма на проверке",
            [
                Step("Черновик", "done", "12.11.2026"),
                Step("Отправлена", "current", "20.11.2026, проверяет муниципалитет"),
                Step("Принята", "ahead"),
            ],
        ),
        (
            "Форма возвращена",
            [
                Step("Черновик", "done", "12.11.2026"),
                Step("Возвращена", "returned", "Исправьте и отправьте ещё раз"),
                Step("Принята", "ahead"),
            ],
        ),
        ("Форма принята", [Step("Черновик", "done"), Step("Отправлена", "done"), Step("Принята", "current")]),
    ]


def _charts() -> list[Any]:
    growing = [
        PlanFactPoint("2021", Decimal(20), Decimal("18.4")),
        PlanFactPoint("2022", Decimal(35), Decimal("41.2")),
        PlanFactPoint("2023", Decimal(50), Decimal("49.9")),
        PlanFactPoint("2024", Decimal(70), None, missing=True),
        PlanFactPoint("2025", Decimal(85), Decimal("88.25")),
        PlanFactPoint("2026", Decimal(100), None),
    ]
    money = [
        PlanFactPoint("2022", Decimal("1069.44"), Decimal("1069.44")),
        PlanFactPoint("2023", Decimal(0), Decimal("12.5")),
        PlanFactPoint("2024", None, Decimal(0)),
        PlanFactPoint("2025", Decimal(2400), Decimal("1980.07")),
    ]
    return [
        plan_fact("Доля школ с быстрым интернетом", "%", growing),
        plan_fact("Расходы проекта", "млн рублей", money),
    ]


def _heat_map() -> HeatMap:
    counts = ((40, 40, 40), (112, 96, 31), (31, 12, 0), (18, 2, 0))
    expected = (40, 112, 31, 18)
    rows = tuple(
        HeatRow(name, (*(HeatCell(count, whole, "#heat") for count in row), HeatCell(0, 0)))
        for (name, *_), row, whole in zip(TOWNS, counts, expected, strict=False)
    )
    columns = ("1 квартал", "2 квартал", "3 квартал", "4 квартал")
    return HeatMap("Принятые формы по муниципалитетам и кварталам", "Муниципалитет", columns, rows)
