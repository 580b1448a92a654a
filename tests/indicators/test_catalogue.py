"""What the ministry agrees on: base indicators, formulas and thresholds, refused in words where they cannot be."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from indicators.models import BaseIndicator, Indicator, IndicatorFormula, Threshold
from indicators.services import (
    StateConflict,
    ValidationFailed,
    base_indicator_archive,
    base_indicator_save,
    formula_save,
    threshold_save,
)
from projects.models import Project
from tests.conftest import Cast
from tests.indicators.steps import agree, count


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({"code": "Школы"}, "", "Имя: строчные латинские буквы, цифры и «_», и не слово языка формул."),
        ({"code": "organisations"}, "", "Имя: строчные латинские буквы, цифры и «_», и не слово языка формул."),
        ({"minimum": Decimal(5), "maximum": Decimal(1)}, "", "Наименьшее значение больше наибольшего."),
        ({"over_organisations": "weighted_average"}, "", "Вес нужен средневзвешенному, и только ему."),
        (
            {"over_organisations": "count_yes"},
            "",
            "«Да» считают по организациям, по времени берут последнее; у чисел «да» нет.",
        ),
        ({"kinds": ["region"]}, "", "Отчитываются только школы, детские сады, колледжи и центры."),
    ],
)
def test_a_base_indicator_that_cannot_be_is_refused_in_words(
    given: dict[str, Any], field: str, message: str, cast: Cast
) -> None:
    usual: dict[str, Any] = {
        "code": "schools",
        "name": "Школы",
        "kind": "integer",
        "over_organisations": "sum",
        "over_time": "snapshot",
        "actor": cast.office,
    }
    with pytest.raises(ValidationFailed) as refused:
        base_indicator_save(**{**usual, **given})

    assert refused.value.errors[field] == message
    assert not BaseIndicator.objects.exists()


def test_yes_and_no_are_neither_weighed_nor_compared(cast: Cast) -> None:
    lit = count("lit", cast.office, kind="boolean")

    with pytest.raises(ValidationFailed) as refused:
        count("lamps", cast.office, not_above=lit)

    assert set(refused.value.errors) == {"not_above"}


def test_a_code_is_taken_once_and_stays_while_a_formula_uses_it(project: Project, cast: Cast) -> None:
    safe = count("safe", cast.office)
    with pytest.raises(ValidationFailed) as taken:
        count("safe", cast.office)
    assert set(taken.value.errors) == {"code"}

    def renamed(code: str) -> BaseIndicator:
        return base_indicator_save(
            instance=safe,
            code=code,
            name="Подъезды",
            kind="integer",
            over_organisations="sum",
            over_time="flow",
            actor=cast.office,
        )

    assert renamed("safe_roads").over_time == "flow"
    agree(Indicator.objects.get(project=project), "safe_roads", cast.office)
    with pytest.raises(ValidationFailed, match="Это имя стоит в формулах"):
        renamed("safe")


def test_what_is_needed_is_not_archived(project: Project, cast: Cast) -> None:
    roads = count("roads", cast.office)
    safe = count("safe", cast.office, not_above=roads)
    indicator = Indicator.objects.get(project=project)
    agree(indicator, "safe", cast.office)

    for needed in (roads, safe):
        with pytest.raises(StateConflict):
            base_indicator_archive(base_indicator=needed, actor=cast.office)
    agree(indicator, "1", cast.office)
    assert base_indicator_archive(base_indicator=safe, actor=cast.office).archived_at is not None
    assert list(BaseIndicator.objects.current()) == [roads]


def test_a_formula_is_kept_as_written_with_what_it_is_made_of(project: Project, cast: Cast) -> None:
    roads, safe = count("roads", cast.office), count("safe", cast.office)
    indicator = Indicator.objects.get(project=project)

    agree(indicator, " 100 × safe ÷ roads ", cast.office)
    agree(indicator, "100 * safe / max(roads; 1)", cast.office)

    formula = IndicatorFormula.objects.get()
    assert formula.text == "100 * safe / max(roads; 1)"
    assert set(formula.operands.all()) == {roads, safe}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("100 *", "Формула обрывается: не хватает числа или имени (знак 6)."),
        ("safe / pupils / x", "Нет такого базового показателя: pupils, x."),
    ],
)
def test_a_formula_that_cannot_be_computed_is_refused(text: str, message: str, project: Project, cast: Cast) -> None:
    count("safe", cast.office)

    with pytest.raises(ValidationFailed) as refused:
        agree(Indicator.objects.get(project=project), text, cast.office)

    assert refused.value.errors == {"text": message}
    assert not IndicatorFormula.objects.exists()


def test_thresholds_have_a_date_and_an_order(cast: Cast) -> None:
    day = dt.date(2026, 1, 1)
    threshold_save(effective_from=day, green=Decimal(100), yellow=Decimal(85), actor=cast.office)
    threshold_save(effective_from=day, green=Decimal(95), yellow=Decimal(80), actor=cast.office)

    assert list(Threshold.objects.values_list("green", "yellow")) == [(Decimal(95), Decimal(80))]
    with pytest.raises(ValidationFailed):
        threshold_save(effective_from=day, green=Decimal(80), yellow=Decimal(90), actor=cast.office)


def test_only_the_ministry_keeps_the_catalogue(project: Project, cast: Cast) -> None:
    safe = count("safe", cast.office)
    for person in (cast.coordinator, cast.reporters[0], cast.auditor, cast.stranger):
        with pytest.raises(PermissionDenied):
            count("roads", person)
        with pytest.raises(PermissionDenied):
            base_indicator_archive(base_indicator=safe, actor=person)
        with pytest.raises(PermissionDenied):
            formula_save(indicator=Indicator.objects.get(project=project), text="1", actor=person)
        with pytest.raises(PermissionDenied):
            threshold_save(effective_from=dt.date(2026, 1, 1), green=Decimal(1), yellow=Decimal(1), actor=person)
