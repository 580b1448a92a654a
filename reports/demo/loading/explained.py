"""What the ministry said about deviations: most have a reason and a measure, one measure is done, some wait."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from projects.passport.typography import plural
from reports.demo.loading.state import Loaded
from reports.demo.passports import DIGITAL, WARM
from reports.deviations.services import deviation_close, deviation_explain, deviation_report
from reports.models import Deviation


@dataclass(frozen=True)
class Said:
    """About an indicator, by its number. ``report``: the owner says it is done; ``closing``: it is over."""

    project: str
    number: str
    reason: str
    measure: str
    owner: str
    days: int
    report: str = ""
    closing: str = ""


_SAID = (
    Said(
        DIGITAL,
        "1",
        "Оператор не проложил линии в Полозерском и Таёжном округах: ледовые переправы закрылись на месяц раньше, "
        "и технику не удалось завезти.",
        "Перевести 14 самых дальних школ на спутниковый канал, остальные подключить по зимнику. План-график с "
        "оператором подписан.",
        "administrator",
        75,
    ),
    Said(
        DIGITAL,
        "4",
        "Осенний поток курсов в трёх районах сорван: не было связи для дистанционных занятий.",
        "Провести очные выездные курсы на базе опорных школ для 640 педагогов.",
        "head",
        40,
        report="Курсы прошли 652 педагога, ведомости загружены. Долю пересчитаем по итогам девяти месяцев.",
    ),
    Said(
        WARM,
        "4",
        "В декабре две котельные Полозерского округа остановились из-за аварии на линии электропередачи.",
        "Поставить резервные дизель-генераторы на четыре котельные, где линия одна.",
        "office",
        30,
        report="Генераторы установлены и испытаны под нагрузкой, акты подписаны.",
        closing="Мера выполнена до начала сезона. Случаи прошлого года не исправить, новых в этом сезоне нет.",
    ),
)


def deviations(loaded: Loaded) -> str:
    """Reasons, measures, a report and an end; what is left has no reason yet and stands on the first page."""
    head = loaded.people["head"]
    told = 0
    for said in _SAID:
        project = loaded.projects[said.project]
        row = Deviation.objects.filter(project=project, kind="indicator", number=said.number).live().first()
        if row is None:
            continue
        owner = loaded.people[said.owner]
        row = deviation_explain(
            deviation=row,
            version=row.version,
            reason=said.reason,
            measure=said.measure,
            owner=owner,
            due=timezone.localdate() + dt.timedelta(days=said.days),
            actor=head,
        )
        if said.report:
            row = deviation_report(deviation=row, version=row.version, report=said.report, actor=owner)
        if said.closing:
            deviation_close(deviation=row, version=row.version, closing=said.closing, actor=head)
        told += 1
    waiting = Deviation.objects.filter(state="open").count()
    return f"{plural(told, 'объяснение', 'объяснения', 'объяснений')}, без причины {waiting}"
