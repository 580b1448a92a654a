"""Bringing the demo region in through the services of the portal, in the order in which it would have happened."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import connection

from jobs.services import run_queued
from organisations.models import Organisation
from reports.demo.geography import REGION_NAME
from reports.demo.loading import afterwards, documents, explained, money, past, plans, present, projects, region
from reports.demo.loading.state import Loaded

Say = Callable[[str], None]

__all__ = ["AlreadyThere", "HalfLoaded", "Loaded", "is_loaded", "load"]


class AlreadyThere(Exception):
    """The database holds organisations already, of the demo or of somebody's work; nothing is added to them."""


class HalfLoaded(Exception):
    """An earlier load was interrupted; only an empty database can be filled."""


def is_loaded() -> bool:
    """Whether the demo region is there in full: what is written last is there."""
    return Organisation.objects.filter(name=REGION_NAME, parent=None).exists() and projects.is_finished()


def load(say: Say, *, lightly: bool = False) -> Loaded:
    """Fill an empty database; ``say`` is told each step with the seconds it took.

    ``lightly``: only some forms of the open period are worked on and nothing is printed; for tests.

    Raises :class:`AlreadyThere` or :class:`HalfLoaded` where the database is not empty.
    """
    if is_loaded():
        raise AlreadyThere(f"{REGION_NAME} уже загружена.")
    if Organisation.objects.exists():
        if Organisation.objects.filter(name=REGION_NAME, parent=None).exists():
            raise HalfLoaded("Прошлая загрузка прервалась. Создайте пустую базу данных и повторите.")
        raise AlreadyThere("В базе уже есть организации: вымышленный регион загружают только в пустую.")
    _commit_without_waiting()
    loaded = Loaded(lightly=lightly)
    steps: tuple[tuple[str, Callable[[Loaded], str]], ...] = (
        ("Организации", region.organisations),
        ("Люди", region.people),
        ("Паспорта", projects.first_redactions),
        ("Базовые показатели и формулы", projects.formulas),
        ("Прошлые периоды", past.closed_periods),
        ("Исправление закрытого года", afterwards.correction),
        ("Изменения паспортов", projects.changes),
        ("Исполнение", money.execution),
        ("Полугодие города", past.half_year_of_the_town),
        ("Открытый период", present.open_period),
        ("Напоминания", afterwards.hurrying),
        ("Внесено министерством", afterwards.entered),
        ("Ход планов мероприятий", plans.progress),
        ("Запросы на изменение", projects.drafts),
        ("Документы заказаны", documents.passports),
        ("Своды и печать", lambda _: f"заданий {run_queued()}"),
        ("Отклонения", explained.deviations),
        ("Отчёты", documents.reports),
    )
    for name, step in steps:
        if step is documents.passports and lightly:
            continue
        began = time.monotonic()
        what = step(loaded)
        say(f"{time.monotonic() - began:5.1f} с  {name}: {what}")
    return loaded


def _commit_without_waiting() -> None:
    """Thousands of small transactions need not reach the disk one by one: a load cut short is thrown away anyhow."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
