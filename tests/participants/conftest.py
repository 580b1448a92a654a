"""Three projects with people in several of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from organisations.models import Organisation
from projects.models import Project
from projects.passport.schema import Participant, Passport, PlanRow
from projects.services.proposals import change_request_open
from tests.conftest import Cast, Region, approve

MakeProject = Callable[..., Project]


def row(name: str | None, employment: str | None = None, role: str = "Участник", **more: str) -> Participant:
    return Participant.model_validate({"name": name, "employment": employment, "role": role, **more})


@pytest.fixture
def make_project(passport: Passport, region: Region, cast: Cast) -> MakeProject:
    """A project in force with these participants; ``changes`` are fields of its passport."""

    def make(title: str, *people: Participant, territory: Organisation | None = None, **changes: object) -> Project:
        document = Passport.model_validate(
            {
                **passport.model_dump(mode="json"),
                "short_title": title,
                "participants": [person.model_dump(mode="json") for person in people],
                **changes,
            }
        )
        place = territory or region.root
        draft = change_request_open(
            passport=document, territory=place, project=None, source_file=None, actor=cast.office
        )
        return approve(draft, cast.curator)

    return make


@dataclass(frozen=True)
class Three:
    roads: Project
    light: Project
    town: Project


@pytest.fixture
def three(make_project: MakeProject, region: Region, passport: Passport) -> Three:
    """«Лугов» is booked for 130 % where the first two overlap; the town's project has a person of its own."""
    plan = [
        event.model_copy(update={"responsible": "Громов Б.И., Лугов К.Т."}).model_dump(mode="json")
        for event in passport.plan
    ]
    roads = make_project(
        "Дороги",
        row("Лугов К. Т.", "70", "Администратор", group="Первый", position="инженер"),
        row("Лугов К. Т.", "70", "Участник", group="Второй", position="инженер"),
        row("Реброва О. Д.", "40", supervisor="Лугов К.Т., инженер"),
        row(None, "20", position="Руководители школ"),
        start="2026-01-01",
        end="2027-06-30",
        plan=plan,
    )
    light = make_project(
        "Свет",
        row("К.Т. Лугов", "60", position="главный инженер"),
        row("Ким Ли", "10"),
        start="2027-01-01",
        end="2028-12-31",
        plan=[PlanRow.model_validate(event).model_dump(mode="json") for event in plan],
    )
    town = make_project("Город", row("Яшина П. П.", "120"), territory=region.town, start="2026-01-01", end="2027-12-31")
    return Three(roads, light, town)
