"""Passports from proposal to redaction, what changed in them later, and what waits for a decision."""

from __future__ import annotations

import datetime as dt

from indicators.models import BaseIndicator, Indicator
from indicators.services import base_indicator_save, formula_save
from indicators.services.review_settings import review_route_save
from organisations.models import Organisation
from projects.models import ChangeRequest, Project
from projects.passport.schema import Passport
from projects.services.approval import change_request_approve, change_request_reject, errors_of
from projects.services.proposals import change_request_confirm, change_request_open
from projects.services.route import approval_route_save, change_request_agree, change_request_send
from reports.demo.catalogue import CATALOGUE, FORMULAS
from reports.demo.geography import PROJECT_TOWN
from reports.demo.loading.state import Loaded
from reports.demo.passports import DIGITAL, PASSPORTS, TOWN, WARM
from reports.demo.passports.changes import digital_amended, digital_extended, town_postponed, warm_proposed

_PROTOCOLS = {
    DIGITAL: ("3", dt.date(2023, 12, 14)),
    WARM: ("3", dt.date(2023, 12, 14)),
    TOWN: ("11", dt.date(2023, 12, 22)),
}

_REQUESTS = 7
"""Three first redactions, one amendment, one declined change, one on its way, one draft; the draft is written last."""


def is_finished() -> bool:
    """Whether the last thing that a load writes is there."""
    return ChangeRequest.objects.count() >= _REQUESTS


def first_redactions(loaded: Loaded) -> str:
    """Each passport proposed by the administrator and approved under the protocol of its council."""
    for key, passport in PASSPORTS.items():
        request = _open(loaded, passport(), _territory(loaded, key), None)
        loaded.projects[key] = _approve(loaded, request, *_PROTOCOLS[key])
    return "по первой редакции у 3 проектов"


def formulas(loaded: Loaded) -> str:
    """The catalogue of what organisations count, and the formula of every indicator that has values."""
    actor = loaded.people["administrator"]
    made: dict[str, BaseIndicator] = {}
    for row in CATALOGUE:
        made[row.code] = base_indicator_save(
            code=row.code,
            name=row.name,
            kind=row.kind,
            over_organisations=row.over_organisations,
            over_time=row.over_time,
            unit=row.unit,
            hint=row.hint,
            minimum=row.minimum,
            maximum=row.maximum,
            weight=made[row.weight] if row.weight else None,
            not_above=made[row.not_above] if row.not_above else None,
            may_not_apply=row.may_not_apply,
            evidence=row.evidence,
            kinds=row.kinds,
            actor=actor,
        )
    count = 0
    for key, texts in FORMULAS.items():
        indicators = {row.number: row for row in Indicator.objects.filter(project=loaded.projects[key], result=None)}
        for number, text in texts.items():
            formula_save(indicator=indicators[number], text=text, actor=actor)
            count += 1
    # The coordinator of the town looks at the forms of its schools before the ministry does.
    review_route_save(project=loaded.projects[TOWN], municipality_first=True, actor=loaded.people["office"])
    return f"{len(made)} показателей, {count} формул"


def changes(loaded: Loaded) -> str:
    """The second redaction of «Цифровая школа», and a change that the council declined."""
    digital = loaded.projects[DIGITAL]
    request = _open(loaded, digital_amended(_in_force(digital)), loaded.root, digital)
    _approve(loaded, request, "2", dt.date(2026, 3, 19))
    town = loaded.projects[TOWN]
    declined = _open(loaded, town_postponed(_in_force(town)), _territory(loaded, TOWN), town)
    change_request_reject(
        change_request=declined,
        version=declined.version,
        actor=loaded.people["council"],
        reason="Перенос срока ввода корпуса не обоснован: контракт исполняется по графику.",
    )
    return "вторая редакция у 1 проекта, 1 запрос отклонён"


def drafts(loaded: Loaded) -> str:
    """A change on its way to the council, and a draft that somebody typed in a hurry.

    «Цифровая школа» is agreed to by its head and its curator before the council decides. Approving the draft of «Тёплая
    школа» needs every error mended or explained.
    """
    digital = loaded.projects[DIGITAL]
    approval_route_save(project=digital, steps=["head", "curator", "council"], seen="")
    proposed = _open(loaded, digital_extended(_in_force(digital)), loaded.root, digital)
    sent = change_request_send(change_request=proposed, version=1, actor=loaded.people["administrator"])
    change_request_agree(
        change_request=sent,
        version=sent.version,
        actor=loaded.people["head"],
        comment="Сроки с подрядчиком согласованы.",
    )
    warm = loaded.projects[WARM]
    request = _open(loaded, warm_proposed(_in_force(warm)), loaded.root, warm)
    findings = f"замечаний {len(request.findings)}, из них ошибок {len(errors_of(request))}"
    return f"1 запрос на согласовании, 1 черновик, {findings}"


def _territory(loaded: Loaded, key: str) -> Organisation:
    return loaded.places[PROJECT_TOWN] if key == TOWN else loaded.root


def _in_force(project: Project) -> Passport:
    return project.redactions.latest("number").passport


def _open(loaded: Loaded, passport: Passport, territory: Organisation, project: Project | None) -> ChangeRequest:
    return change_request_open(
        passport=passport,
        territory=territory,
        project=project,
        source_file=None,
        actor=loaded.people["administrator"],
    )


def _approve(loaded: Loaded, request: ChangeRequest, number: str, day: dt.date) -> Project:
    confirmed = change_request_confirm(change_request=request, links={}, version=request.version)
    redaction = change_request_approve(
        change_request=confirmed,
        version=confirmed.version,
        actor=loaded.people["curator"],
        protocol_number=number,
        protocol_date=day,
        waivers={},
    )
    return redaction.project
