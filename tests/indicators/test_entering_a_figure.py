"""The ministry enters a figure where no school is the source: with evidence, in versions, never beside a formula."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InternalError, transaction
from django.test import Client
from django.urls import reverse

from indicators.models import DirectFigure, Indicator
from indicators.selectors.plan_fact import Cell, plan_fact
from indicators.services import ValidationFailed, direct_figure_enter
from organisations.models import Organisation, User
from projects.models import Project
from tests.conftest import Cast, Region
from tests.indicators.attachments import exe, pdf
from tests.indicators.steps import agree, count, open_period

AsUser = Callable[[User], Client]
PDF = pdf(words=b"the protocol")


@pytest.fixture
def indicator(project: Project) -> Indicator:
    return Indicator.objects.get(project=project)


@pytest.fixture
def address(indicator: Indicator) -> str:
    return reverse("indicators:entered", args=[indicator.project_id, indicator.pk, 2025])


def said(**changes: object) -> dict[str, object]:
    file = SimpleUploadedFile("Протокол.pdf", PDF)
    return {
        "kind": "actual",
        "value": "49,5",
        "as_of": "2025-12-31",
        "reason": "Протокол № 4",
        "file": file,
        **changes,
    }


def cell_of(indicator: Indicator, user: User, node: Organisation | None = None) -> Cell:
    (row,) = plan_fact(indicator.project, user, node).rows
    return next(cell for cell in row.cells if cell.year == 2025)


def test_an_entered_figure_is_the_fact_of_its_year(
    indicator: Indicator, address: str, cast: Cast, as_user: AsUser
) -> None:
    assert as_user(cast.office).post(address, said()).status_code == 302

    cell = cell_of(indicator, cast.office)
    assert (cell.actual, cell.ratio, str(cell.status)) == (Decimal("49.5"), Decimal(99), "yellow")
    assert (cell.as_of, cell.coverage) == (dt.date(2025, 12, 31), None)
    page = as_user(cast.office).get(reverse("reports:plan_fact", args=[indicator.project_id])).content.decode()
    assert "внесено министерством" in page
    assert f"{address}?node={indicator.project.territory_id}" in page


def test_the_page_of_an_indicator_leads_to_entering(
    indicator: Indicator, address: str, cast: Cast, as_user: AsUser
) -> None:
    about = reverse("reports:plan_fact_indicator", args=[indicator.project_id, indicator.pk])
    assert f"{address}?node={indicator.project.territory_id}" in as_user(cast.office).get(about).content.decode()

    as_user(cast.office).post(address, said())
    page = as_user(cast.auditor).get(about).content.decode()
    assert "внесено министерством" in page
    assert ">49,5<" in page


def test_its_evidence_is_one_click_away_and_comes_as_it_was_given(
    indicator: Indicator, address: str, cast: Cast, as_user: AsUser
) -> None:
    as_user(cast.office).post(address, said())
    figure = DirectFigure.objects.get()
    link = reverse("indicators:evidence_of_figure", args=[figure.pk])

    assert link in as_user(cast.auditor).get(address).content.decode()
    answer = as_user(cast.auditor).get(link)
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "application/pdf"
    assert as_user(cast.stranger).get(link).status_code == 404


def test_a_correction_is_a_new_version_and_the_old_one_stays_to_be_seen(
    indicator: Indicator, address: str, cast: Cast, as_user: AsUser
) -> None:
    client = as_user(cast.office)
    client.post(address, said())
    client.post(address, said(value="52", reason="Уточнённый протокол № 5"))

    assert cell_of(indicator, cast.office).actual == 52
    page = client.get(address).content.decode()
    assert "Протокол № 4" in page
    assert "2, действует" in page
    with pytest.raises(InternalError), transaction.atomic():
        DirectFigure.objects.filter(number=1).update(value=1)

    client.post(address, {"kind": "actual", "reason": "Внесли не тот год", "withdraw": "1"})
    assert cell_of(indicator, cast.office).actual is None
    assert "отозвано" in client.get(address).content.decode()


def test_a_municipality_has_figures_of_its_own(
    indicator: Indicator, address: str, region: Region, cast: Cast, as_user: AsUser
) -> None:
    as_user(cast.office).post(f"{address}?node={region.town.pk}", said())

    assert cell_of(indicator, cast.office, region.town).actual == Decimal("49.5")
    assert cell_of(indicator, cast.office).actual is None
    assert as_user(cast.office).get(f"{address}?node={region.schools[0].pk}").status_code == 404


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"file": ""}, "Приложите документ"),
        ({"file": SimpleUploadedFile("Протокол.pdf", exe())}, "PDF, JPG, PNG, DOCX"),
        ({"as_of": "2024-12-31"}, "Назовите день 2025 года"),
        ({"value": ""}, "Напишите значение"),
        ({"value": "много"}, "много"),
        ({"value": "1" + "0" * 20}, "Число слишком большое"),
        ({"reason": " "}, "Обязательное поле"),
    ],
)
def test_what_lacks_its_value_day_reason_or_evidence_is_refused(
    changes: dict[str, object], sentence: str, address: str, cast: Cast, as_user: AsUser
) -> None:
    answer = as_user(cast.office).post(address, said(**changes))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not DirectFigure.objects.exists()


def test_a_year_that_is_computed_takes_no_entered_figure(indicator: Indicator, cast: Cast, as_user: AsUser) -> None:
    count("safe", cast.office, kinds=["school"])
    agree(indicator, "safe", cast.office)
    open_period(cast.office, indicator.project)
    address = reverse("indicators:entered", args=[indicator.project_id, indicator.pk, 2026])

    answer = as_user(cast.office).post(address, said(as_of="2026-03-31"))
    assert answer.status_code == 422
    assert "считается по формам организаций" in answer.content.decode()
    assert as_user(cast.office).post(address, said(kind="forecast", value="95")).status_code == 302


def test_a_forecast_is_a_persons_with_a_reason_and_no_fact(
    indicator: Indicator, address: str, cast: Cast, as_user: AsUser
) -> None:
    as_user(cast.office).post(address, {"kind": "forecast", "value": "48", "reason": "Контракт исполняется в срок"})

    cell = cell_of(indicator, cast.office)
    assert cell.forecast is not None
    assert (cell.forecast.value, cell.actual, str(cell.status)) == (Decimal(48), None, "grey")
    page = as_user(cast.office).get(reverse("reports:plan_fact", args=[indicator.project_id])).content.decode()
    assert "прогноз 48" in page


def test_readers_read_and_strangers_see_nothing(address: str, cast: Cast, as_user: AsUser) -> None:
    for person in (cast.auditor, cast.curator, cast.coordinator, cast.reporters[0]):
        assert as_user(person).get(address).status_code == 200
        assert as_user(person).post(address, said()).status_code == 403
    assert as_user(cast.stranger).post(address, said()).status_code == 404
    assert not DirectFigure.objects.exists()


def test_a_school_is_no_place_for_an_entered_figure(indicator: Indicator, region: Region, cast: Cast) -> None:
    with pytest.raises(ValidationFailed):
        direct_figure_enter(
            indicator=indicator,
            organisation=region.schools[0],
            year=2025,
            kind="forecast",
            value=Decimal(1),
            reason="так сказали",
            actor=cast.office,
        )
