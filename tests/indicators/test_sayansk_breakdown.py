"""The real breakdown of a town: its seven schools report what the passport plans for each, year by year."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from indicators.models import PeriodTarget, Target
from organisations.roles import Role
from organisations.services import organisation_create, user_create
from projects.models import Project
from projects.passport import read
from tests.indicators.steps import agree, count, indicator_of, open_period, report, total

SHARED = Path(__file__).resolve().parents[3] / "shared" / "passports"
if not SHARED.is_dir():
    pytest.skip("the real passports are not beside the project", allow_module_level=True)

pytestmark = pytest.mark.django_db
SHARES = ["14.29", "28.57", "57.14", "71.43", "85.71", "100.00"]
TARGETS = ["20", "40", "65", "85", "95", "100"]


def test_schools_that_do_what_they_planned_give_the_shares_beside_the_targets() -> None:
    passport = read(SHARED / "sayansk.docx")
    planned = passport.indicators[0]
    rows = [row for row in passport.breakdown if row.indicator == planned.number]
    region = organisation_create(kind="region", name="Иркутская область")
    town = organisation_create(kind="municipality", name="Город Саянск", parent=region)
    office = user_create(login="office", full_name="Волкова Анна", roles=((Role.OFFICE, region),))
    reporter = user_create(login="all", full_name="Яковлева Зоя", roles=((Role.REPORTER, town),))
    schools = [organisation_create(kind="school", name=str(row.territory), parent=town) for row in rows]
    project = Project.objects.create(territory=town, level="municipal", title="Цифровая среда", short_title="Среда")
    connected = count("connected", office, name="Подключена на 100 Мбит/с", kind="boolean")
    share = indicator_of(project, str(planned.number))
    agree(share, f"100 * {connected.code} / organisations", office)
    years = sorted(planned.targets)
    Target.objects.bulk_create(
        Target(indicator=share, organisation=place, year=int(year), value=targets_of_it[year])
        for place, targets_of_it in [
            (None, planned.targets),
            *((school, row.targets) for school, row in zip(schools, rows, strict=True)),
        ]
        for year in years
    )

    found, targets = [], []
    for year in years:
        period = open_period(office, project, kind="year", year=int(year))
        answers = {
            school: {"connected": "да" if row.targets[year] == Decimal(100) else "нет"}
            for school, row in zip(schools, rows, strict=True)
        }
        report(period, answers, reporter, office)
        value = total(share, period, town)
        assert (value.expected, value.submitted, value.accepted) == (7, 7, 7)
        found.append(f"{value.value:.2f}")
        targets.append(str(PeriodTarget.objects.get(measurement__period=period, organisation=None)))

    assert found == SHARES
    assert targets == TARGETS
