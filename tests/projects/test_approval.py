"""From a proposal to a redaction in force."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.utils import InternalError

from finance.models import FinanceLine, PlannedAmount
from milestones.models import ControlLevel, PlanRow
from organisations.models import Organisation
from participants.models import Participant
from projects.models import ChangeRequest, Project, Redaction, Result
from projects.passport.schema import Passport
from projects.sections import project_all
from projects.services.approval import (
    change_request_approve,
    change_request_reject,
    digest,
    errors_of,
    finding_key,
)
from projects.services.errors import ApprovalBlocked, StaleVersion, StateConflict
from projects.services.proposals import change_request_confirm, change_request_open
from tests.conftest import Cast, Region, approve

PROTOCOL = {"protocol_number": "7", "protocol_date": dt.date(2025, 1, 20)}


def test_a_new_project_is_begun_from_nothing(draft: ChangeRequest) -> None:
    assert draft.base is None


def test_a_faultless_passport_has_nothing_to_waive(draft: ChangeRequest) -> None:
    assert errors_of(draft) == {}


def test_approval_freezes_redaction_one_and_fills_every_table(project: Project, region: Region) -> None:
    redaction = project.redactions.get()
    assert (redaction.number, redaction.sha256) == (1, digest(redaction.document))
    assert (project.territory, project.level, project.short_title) == (region.root, "regional", "Школа рядом")
    result = Result.objects.get(project=project)
    assert result.task is not None
    assert result.task.name == "Привести в порядок дороги к школам"
    assert [line.result for line in FinanceLine.objects.filter(project=project)] == [result, result]
    assert {row.amount for row in PlannedAmount.objects.all()} == {Decimal(1500000)}
    activity = PlanRow.objects.get(kind="activity")
    assert activity.control_point == PlanRow.objects.get(kind="control_point")
    assert activity.result == result
    assert ControlLevel.objects.filter(project=project).count() == 2
    assert Participant.objects.get(project=project).employment == Decimal(10)


def test_the_stamp_carries_the_protocol_of_the_decision(project: Project) -> None:
    approval = project.redactions.get().passport.approval
    assert (approval.protocol_number, approval.protocol_date) == ("7", dt.date(2025, 1, 20))


def test_projecting_twice_changes_nothing(project: Project) -> None:
    before = [list(m.objects.order_by("pk").values()) for m in (Result, FinanceLine, PlanRow, Participant)]
    project_all(project.redactions.get())
    after = [list(m.objects.order_by("pk").values()) for m in (Result, FinanceLine, PlanRow, Participant)]
    assert after == before


def test_a_second_redaction_keeps_rows_that_were_renamed_and_archives_what_is_gone(
    project: Project, passport: Passport, region: Region, cast: Cast
) -> None:
    first = Result.objects.get(project=project)
    renamed = passport.results[0].model_copy(
        update={"number": "1.2", "name": "Подъезды ко всем школам приведены в порядок"}
    )
    changed = passport.model_copy(update={"results": (renamed,), "participants": ()})
    second = change_request_open(
        passport=changed, territory=region.root, project=project, source_file=None, actor=cast.office
    )
    assert second.base == project.redactions.get()
    assert approve(second, cast.curator) == project
    result = Result.objects.get(project=project)
    assert (result.pk, result.number) == (first.pk, "1.2")
    assert Participant.objects.get(project=project).archived_at is not None
    assert [r.number for r in project.redactions.all()] == [2, 1]


def test_the_database_refuses_to_change_or_delete_a_redaction(project: Project) -> None:
    redaction = project.redactions.get()
    for write in (
        lambda: Redaction.objects.filter(pk=redaction.pk).update(sha256="0" * 64),
        lambda: Redaction.objects.filter(pk=redaction.pk).delete(),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            write()
    assert project.redactions.get().sha256 == digest(redaction.document)


def test_errors_block_until_each_has_a_reason(passport: Passport, region: Region, cast: Cast) -> None:
    line = passport.finance[1].model_copy(update={"total": Decimal(30)})
    faulty = passport.model_copy(update={"finance": (passport.finance[0], line)})
    draft = change_request_open(
        passport=faulty, territory=region.root, project=None, source_file=None, actor=cast.office
    )
    errors = errors_of(draft)
    assert errors
    for waivers in ({}, dict.fromkeys(errors, "   "), {"unknown": "причина"}):
        with pytest.raises(ApprovalBlocked):
            change_request_approve(change_request=draft, version=1, actor=cast.curator, waivers=waivers, **PROTOCOL)  # type: ignore[arg-type]
    assert not Project.objects.exists()
    approve(draft, cast.curator)
    draft.refresh_from_db()
    assert set(draft.waivers) == {finding_key(finding) for finding in errors.values()}


def test_who_comes_second_is_told(draft: ChangeRequest, cast: Cast) -> None:
    change_request_confirm(change_request=draft, links={}, version=1)
    with pytest.raises(StaleVersion):
        change_request_approve(change_request=draft, version=1, actor=cast.curator, waivers={}, **PROTOCOL)  # type: ignore[arg-type]
    change_request_reject(change_request=draft, version=2, actor=cast.curator, reason="нет денег")
    with pytest.raises(StateConflict):
        change_request_approve(change_request=draft, version=3, actor=cast.curator, waivers={}, **PROTOCOL)  # type: ignore[arg-type]


def test_organisations_and_results_are_recognised(draft: ChangeRequest, region: Region) -> None:
    identity = draft.recognised
    assert {name: link.target for name, link in identity.territories.items()} == {
        region.town.name: str(region.town.pk),
        region.district.name: str(region.district.pk),
    }
    result = draft.passport.results[0].id
    assert [link.target for link in identity.plan_results.values()] == [result]
    assert [link.target for link in identity.finance_results.values()] == [result]


def test_a_person_decides_what_a_row_is(draft: ChangeRequest, region: Region) -> None:
    name = region.town.name
    confirmed = change_request_confirm(
        change_request=draft, links={"territories": {name: None, "нет такого": "1"}}, version=1
    )
    assert confirmed.recognised.organisation_of(name) is None
    assert "нет такого" not in confirmed.recognised.territories
    again = change_request_confirm(
        change_request=draft, links={"territories": {name: str(region.district.pk)}}, version=2
    )
    assert again.recognised.organisation_of(name) == Organisation.objects.get(pk=region.district.pk).pk
