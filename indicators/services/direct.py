"""What the ministry enters itself: a figure where no school is the source, a forecast, the unit of a result."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from indicators.models import DirectFigure, DirectKind, Indicator, Measurement, ResultUnit
from indicators.models.fields import LIMIT
from indicators.services.errors import ValidationFailed
from jobs.models import StoredFile
from organisations.access import require
from organisations.models import REPORTING_KINDS, Organisation, User
from organisations.roles import Action
from projects.changes import projects_changed


@transaction.atomic
def direct_figure_enter(
    *,
    indicator: Indicator,
    organisation: Organisation,
    year: int,
    kind: str,
    value: Decimal | None,
    reason: str,
    actor: User,
    as_of: dt.date | None = None,
    file: StoredFile | None = None,
) -> DirectFigure:
    """Enter a value for a year at one node, or correct one: every call is a version of its own.

    ``value`` None withdraws what was entered. An actual needs the day it was measured on and its evidence, a forecast
    a reason alone. Raises ``ValidationFailed`` by field; an actual is refused for a year in which a period computes
    the indicator by a formula: a figure has one source.
    """
    require(actor, Action.EDIT_CATALOGUE, indicator.project.territory)
    # Whoever opens a period or enters another version at this moment shares the indicator with us.
    Indicator.objects.select_for_update(of=("self",)).get(pk=indicator.pk)
    _check_place(indicator, organisation)
    if kind == DirectKind.ACTUAL and value is not None:
        _check_actual(indicator, year, as_of, file)
    if not reason.strip():
        raise ValidationFailed({"reason": "Напишите основание: откуда значение."})
    if value is not None and not (value.is_finite() and abs(value) < LIMIT):
        raise ValidationFailed({"value": "Такого значения не бывает: проверьте число знаков."})
    key = {"indicator": indicator, "organisation": organisation, "year": year, "kind": kind}
    last = DirectFigure.objects.filter(**key).aggregate(last=Max("number"))["last"] or 0
    if value is None and not last:
        raise ValidationFailed({"value": "Отзывать нечего: на этот год ничего не внесено."})
    figure = DirectFigure.objects.create(
        **key,
        number=last + 1,
        value=value,
        as_of=as_of if kind == DirectKind.ACTUAL else None,
        reason=reason.strip(),
        file=file,
        entered_by=actor,
    )
    projects_changed([indicator.project_id])
    return figure


def is_computed(indicator: Indicator, year: int) -> bool:
    """Whether a period of the year computes the indicator by a formula."""
    return Measurement.objects.filter(indicator=indicator, period__year=year).exists()


@transaction.atomic
def result_unit_save(*, indicator: Indicator, unit: str, actor: User) -> Indicator:
    """Say in what a result is measured whose passport names no unit. Opened periods keep what they froze."""
    require(actor, Action.EDIT_CATALOGUE, indicator.project.territory)
    row = Indicator.objects.select_for_update(of=("self",)).get(pk=indicator.pk)
    if row.result_id is None:
        raise ValidationFailed({"unit": "Единицу показателя называет паспорт."})
    said = " ".join(unit.split())
    if said:
        ResultUnit.objects.update_or_create(result_id=row.result_id, defaults={"unit": said})
    else:
        ResultUnit.objects.filter(result=row.result_id).delete()
    row.unit = said
    row.save(update_fields=["unit"])
    return row


def _check_place(indicator: Indicator, organisation: Organisation) -> None:
    if organisation.kind in REPORTING_KINDS or not organisation.path.startswith(indicator.project.territory.path):
        raise ValidationFailed({"": "Значение вносят по проекту в целом или по муниципалитету."})


def _check_actual(indicator: Indicator, year: int, as_of: dt.date | None, file: StoredFile | None) -> None:
    if is_computed(indicator, year):
        raise ValidationFailed({"": f"В {year} году показатель считается по формам организаций: внести его нельзя."})
    if as_of is None or as_of.year != year:
        raise ValidationFailed({"as_of": f"Назовите день {year} года, на который измерено значение."})
    if as_of > timezone.localdate():
        raise ValidationFailed({"as_of": "Этот день ещё не наступил: для будущего есть прогноз."})
    if file is None:
        raise ValidationFailed({"file": "Приложите документ, который подтверждает значение."})
