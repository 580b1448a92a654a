"""A region with many projects for measuring pages: one of them large and real, the others with their state alone.

The large one goes all the way: proposed, approved, projected, its figures entered, its state computed. Of the others
only what pages over projects read is written, in the same tables.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from decimal import Decimal
from itertools import count

from indicators.models import DirectFigure, Indicator
from jobs.services import run_queued
from jobs.storage import store_file
from organisations.models import Organisation, OrganisationKind, User
from organisations.roles import Role
from organisations.services import organisation_create, user_create
from projects.models import Project
from projects.passport.schema import Passport
from projects.services.approval import change_request_approve, errors_of
from projects.services.proposals import change_request_open
from projects.status import Status
from reports.models import Deviation, PartKind, PartState

YEARS = range(2021, 2027)
_STATUSES = (Status.GREEN,) * 7 + (Status.YELLOW, Status.RED, Status.GREY)
_WORDS = ("школ", "дорог", "больниц", "библиотек", "спортивных залов", "котельных", "мостов", "парков")


def build(*, projects: int, indicators: int, plan_rows: int) -> Project:
    """Returns the large project."""
    root = organisation_create(kind=OrganisationKind.REGION, name="Измеряемая область")
    office = user_create(login="office", full_name="Волкова Анна Сергеевна", password="-", roles=((Role.OFFICE, root),))
    curator = user_create(
        login="curator", full_name="Журавлёв Пётр Кузьмич", password="-", roles=((Role.CURATOR, root),)
    )
    large = _large(root, office, curator, indicators, plan_rows)
    run_queued()
    _others(root, projects - 1)
    return large


def _large(root: Organisation, office: User, curator: User, indicators: int, plan_rows: int) -> Project:
    request = change_request_open(
        passport=_passport(root, indicators, plan_rows), territory=root, project=None, source_file=None, actor=office
    )
    redaction = change_request_approve(
        change_request=request,
        version=request.version,
        actor=curator,
        protocol_number="1",
        protocol_date=dt.date(2021, 1, 20),
        waivers=dict.fromkeys(errors_of(request), "Измерение"),
    )
    proof = count()
    DirectFigure.objects.bulk_create(
        DirectFigure(
            kind="actual",
            indicator=indicator,
            organisation=root,
            year=year,
            number=1,
            value=Decimal(10 * (year - 2020) - indicator.position % 3),
            as_of=dt.date(year, 12, 31),
            reason="Измерение",
            file=store_file(name=f"{next(proof)}.pdf", content_type="application/pdf", content=b"%PDF-1.7"),
            entered_by=office,
        )
        for indicator in Indicator.objects.filter(project=redaction.project)
        for year in YEARS
        if year < 2026
    )
    return redaction.project


def _passport(root: Organisation, indicators: int, plan_rows: int) -> Passport:
    result = "Всё построено"
    points = [
        {
            "number": f"1.{n}",
            "name": f"Этап {n} принят",
            "kind": "control_point",
            "end": (dt.date(2021, 1, 31) + dt.timedelta(days=5 * n)).isoformat(),
            "responsible": "Громов Б.И.",
            "document": "акт",
            "control_level": "РП",
        }
        for n in range(1, plan_rows)
    ]
    term = {"start": "2021-01-01", "end": "2026-12-31"}
    return Passport.model_validate(
        {
            "level": "regional",
            "title": "Большая стройка",
            "short_title": "Большая стройка",
            "territory": root.name,
            **term,
            "indicators": [
                {
                    "number": str(n),
                    "name": f"Доля {_WORDS[n % len(_WORDS)]} в порядке, вид {n}",
                    "unit": "процент",
                    "kind": "main",
                    "direction": "increasing",
                    "targets": {str(year): str(10 * (year - 2020)) for year in YEARS},
                }
                for n in range(1, indicators + 1)
            ],
            "tasks": [{"number": "1", "name": "Построить"}],
            "results": [{"number": "1.1", "name": result, "task": 0, "due": "2026-12-31"}],
            "plan": [{"number": "1", "name": result, "kind": "result", **term}, *points],
            "control_levels": {"РП": "руководитель проекта"},
        }
    )


def _others(root: Organisation, number: int) -> None:
    lot = random.Random(7)
    made = Project.objects.bulk_create(
        Project(
            territory=root,
            level="regional",
            title=f"Проект {n} для {lot.choice(_WORDS)}",
            short_title=f"Проект {n}",
            start=dt.date(2021, 1, 1),
            end=dt.date(2026, 12, 31),
            curator=f"Куратор {n % 9}",
            head=f"Руководитель {n % 30}",
        )
        for n in range(number)
    )
    parts = [part for project in made for part in _parts(project, lot)]
    PartState.objects.bulk_create(parts, batch_size=2000)
    Deviation.objects.bulk_create(
        (
            Deviation(
                project_id=part.project_id,
                kind=part.kind,
                row_id=part.row_id,
                year=part.year,
                number=part.number,
                name=part.name,
                told="факт 48, план 50",
                status=part.status,
            )
            for part in parts
            if part.is_current and part.status in (Status.YELLOW, Status.RED)
        ),
        batch_size=2000,
    )


def _parts(project: Project, lot: random.Random) -> list[PartState]:
    kinds = ((PartKind.INDICATOR, 10, True), (PartKind.CONTROL_POINT, 40, False), (PartKind.MONEY, 20, True))
    return [
        PartState(
            project=project,
            kind=kind,
            row_id=row_id,
            year=year,
            source_id=n,
            position=n,
            number=str(n),
            name=f"{kind.label} {n}",
            status=lot.choice(_STATUSES),
            is_current=year in (None, 2026),
            is_settled=True,
            target=Decimal(50_000_000 if kind == PartKind.MONEY else 50),
            actual=Decimal(lot.randrange(30_000_000, 50_000_000) if kind == PartKind.MONEY else lot.randrange(60)),
            as_of=dt.date(2026, 9, 30),
        )
        for kind, rows, yearly in kinds
        for n in range(rows)
        for row_id in [uuid.UUID(int=lot.getrandbits(128))]
        for year in (YEARS if yearly else [None])
    ]
