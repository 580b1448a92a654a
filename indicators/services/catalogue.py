"""What the ministry agrees on: base indicators, formulas, thresholds. Periods opened before keep what they froze."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db import models, transaction
from django.db.models.functions import Now

from indicators.formulas import FormulaError, operands, parse
from indicators.models import BaseIndicator, BaseIndicatorKind, EvidenceRule, Indicator, IndicatorFormula, Threshold
from indicators.okei import UNITS
from indicators.services.errors import StateConflict, ValidationFailed
from organisations.access import require
from organisations.models import User
from organisations.roles import Action
from projects.services.saving import row_save


@transaction.atomic
def base_indicator_save(
    *,
    instance: BaseIndicator | None = None,
    code: str,
    name: str,
    kind: str,
    over_organisations: str,
    over_time: str,
    unit: str = "",
    okei: str = "",
    hint: str = "",
    evidence: str = EvidenceRule.NONE,
    minimum: Decimal | None = Decimal(0),
    maximum: Decimal | None = None,
    weight: BaseIndicator | None = None,
    not_above: BaseIndicator | None = None,
    may_not_apply: bool = False,
    kinds: Sequence[str] = (),
    actor: User,
) -> BaseIndicator:
    """Add a base indicator to the catalogue of the region, or change one (``instance``).

    ``okei`` is the code of a unit that the portal knows; it says the word itself, and ``unit`` is for any other.
    Raises ``ValidationFailed`` by field. The name in formulas cannot change while a formula uses it.
    """
    require(actor, Action.EDIT_CATALOGUE)
    row = BaseIndicator.objects.select_for_update().get(pk=instance.pk) if instance else BaseIndicator()
    if instance and row.code != code and row.formulas.exists():
        raise ValidationFailed({"code": "Это имя стоит в формулах: сначала измените их."})
    if okei and okei not in UNITS:
        raise ValidationFailed({"okei": "Такого кода ОКЕИ в списке портала нет."})
    row.code, row.name, row.kind, row.hint, row.evidence = code, name, kind, hint, evidence
    row.okei, row.unit = okei, UNITS.get(okei, unit)
    row.minimum, row.maximum = minimum, maximum
    row.over_organisations, row.over_time = over_organisations, over_time
    row.weight, row.not_above, row.may_not_apply, row.kinds = weight, not_above, may_not_apply, list(kinds)
    for field, other in (("weight", weight), ("not_above", not_above)):
        if other and (other.kind == BaseIndicatorKind.BOOLEAN or kind == BaseIndicatorKind.BOOLEAN):
            raise ValidationFailed({field: "Ответ «да/нет» с числом не сравнивают и не взвешивают."})
    row_save(row)
    return row


@transaction.atomic
def base_indicator_archive(*, base_indicator: BaseIndicator, actor: User) -> BaseIndicator:
    """Take it out of the catalogue. Raises ``StateConflict`` while a formula or another figure needs it."""
    require(actor, Action.EDIT_CATALOGUE)
    row: BaseIndicator = BaseIndicator.objects.select_for_update().get(pk=base_indicator.pk)
    needed = BaseIndicator.objects.current().filter(models.Q(weight=row) | models.Q(not_above=row))
    if row.formulas.exists() or needed.exists():
        raise StateConflict("Показатель нужен формулам или другим показателям: сначала измените их.")
    row.archived_at = Now()
    row.save(update_fields=["archived_at"])
    row.refresh_from_db()
    return row


@transaction.atomic
def formula_save(*, indicator: Indicator, text: str, actor: User) -> IndicatorFormula:
    """Say how an indicator is computed. Raises ``ValidationFailed`` («text») with one sentence and a position."""
    require(actor, Action.EDIT_CATALOGUE, indicator.project.territory)
    # Two people writing the first formula of one indicator would both find none: the indicator is what they share.
    Indicator.objects.select_for_update(of=("self",)).get(pk=indicator.pk)
    try:
        names = operands(parse(text))
    except FormulaError as error:
        raise ValidationFailed({"text": str(error)}) from error
    used = list(BaseIndicator.objects.current().filter(code__in=names))
    if missing := sorted(names - {row.code for row in used}):
        raise ValidationFailed({"text": f"Нет такого базового показателя: {', '.join(missing)}."})
    formula, _ = IndicatorFormula.objects.update_or_create(indicator=indicator, defaults={"text": text.strip()})
    formula.operands.set(used)
    return formula


@transaction.atomic
def threshold_save(*, effective_from: dt.date, green: Decimal, yellow: Decimal, actor: User) -> Threshold:
    """Set the thresholds of deviations from a day on, in percent of the target. Opened periods keep theirs."""
    require(actor, Action.EDIT_CATALOGUE)
    row = Threshold.objects.select_for_update().filter(effective_from=effective_from).first()
    row = row or Threshold(effective_from=effective_from)
    row.green, row.yellow = green, yellow
    row_save(row)
    return row
