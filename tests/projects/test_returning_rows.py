"""A row that a redaction dropped comes back: as itself where that is clear, else as a person says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from finance.models import FinanceLine
from milestones.models import PlanRow
from organisations.models import User
from projects.models import ChangeRequest, Project
from projects.passport.schema import Passport
from projects.services.errors import StateConflict
from projects.services.proposals import change_request_confirm, change_request_open
from tests.conftest import Cast, Region, approve

Propose = Callable[..., ChangeRequest]
AsUser = Callable[[User], Client]
Rows = dict[str, list[dict[str, Any]]]
LAID, RELAID = "Уложить покрытие", "Уложить новое покрытие дорог"


@pytest.fixture
def propose(project: Project, passport: Passport, region: Region, cast: Cast) -> Propose:
    """The first passport as a file without ids, with other rows in some of its lists."""

    def make(**parts: Any) -> ChangeRequest:
        document = Passport.model_validate({**passport.model_dump(mode="json"), **parts})
        return change_request_open(
            passport=document, territory=region.root, project=project, source_file=None, actor=cast.office
        )

    return make


@pytest.fixture
def rows(passport: Passport) -> Rows:
    given = passport.model_dump(mode="json")
    return {part: given[part] for part in ("plan", "finance")}


@pytest.fixture
def dropped(propose: Propose, rows: Rows, cast: Cast) -> PlanRow:
    """The activity, which the second redaction has no more."""
    approve(propose(plan=[row for row in rows["plan"] if row["name"] != LAID]), cast.curator)
    return PlanRow.objects.get(name=LAID, archived_at__isnull=False)


def row_of(request: ChangeRequest, name: str) -> str:
    return str(next(row.id for row in request.passport.plan if row.name == name))


def settle(client: Client, request: ChangeRequest, **data: str) -> Any:
    address = reverse("projects:change_request_links", args=[request.pk])
    return client.post(address, {"version": request.version, **data})


def test_what_is_clear_comes_back_by_itself_and_can_be_told_apart(
    propose: Propose, dropped: PlanRow, cast: Cast, as_user: AsUser
) -> None:
    request = propose()
    key = str(dropped.row_id)
    assert row_of(request, LAID) == key
    assert request.recognised.former[key].confidence == "sure"
    client = as_user(cast.office)
    page = client.get(reverse("projects:change_request", args=[request.pk])).content.decode()
    assert "Строки, которые уже были в паспорте" in page
    assert "прежняя строка, её сведения продолжаются" in page
    assert settle(client, request, **{f"former-{key}": ""}).status_code == 302
    request = ChangeRequest.objects.get(pk=request.pk)
    assert row_of(request, LAID) != key
    approve(request, cast.curator)
    dropped.refresh_from_db()
    assert dropped.archived_at is not None
    assert PlanRow.objects.filter(name=LAID).count() == 2


def test_what_only_resembles_a_row_is_new_until_a_person_says_otherwise(
    propose: Propose, dropped: PlanRow, rows: Rows, cast: Cast, as_user: AsUser
) -> None:
    request = propose(plan=[{**row, "name": RELAID} if row["name"] == LAID else row for row in rows["plan"]])
    key = row_of(request, RELAID)
    link = request.recognised.former[key]
    assert (link.target, link.confidence) == (str(dropped.row_id), "doubtful")
    client = as_user(cast.office)
    assert settle(client, request, **{"plan_results-0": ""}).status_code == 302, "which says nothing of this row"
    request = ChangeRequest.objects.get(pk=request.pk)
    assert row_of(request, RELAID) == key

    assert settle(client, request, **{f"former-{key}": str(dropped.row_id)}).status_code == 302
    request = ChangeRequest.objects.get(pk=request.pk)
    assert row_of(request, RELAID) == str(dropped.row_id)
    approve(request, cast.curator)
    dropped.refresh_from_db()
    assert (dropped.archived_at, dropped.name) == (None, RELAID)


def test_one_row_cannot_be_two(propose: Propose, rows: Rows, cast: Cast, as_user: AsUser) -> None:
    result, activity, point = rows["plan"]
    approve(propose(plan=[result]), cast.curator)
    gone = {row.name: str(row.row_id) for row in PlanRow.objects.exclude(archived_at=None)}
    request = propose(plan=[result, {**activity, "name": RELAID}, {**point, "name": f"{point['name']} зимой и летом"}])
    former = request.recognised.former
    assert sorted(str(link.target) for link in former.values()) == sorted(gone.values())
    client = as_user(cast.office)
    refused = settle(client, request, **{f"former-{key}": gone[LAID] for key in former})
    assert refused.status_code == 422
    assert "Эта прежняя строка уже выбрана" in refused.content.decode()
    in_force = str(request.passport.plan[0].id)
    assert settle(client, request, **{f"former-{key}": in_force for key in former}).status_code == 422
    with pytest.raises(StateConflict, match="не может быть двумя"):
        change_request_confirm(
            change_request=request, links={"former": dict.fromkeys(former, gone[LAID])}, version=request.version
        )


def test_a_line_of_money_brings_its_sources_back_and_takes_them_away(propose: Propose, rows: Rows, cast: Cast) -> None:
    before = list(FinanceLine.objects.values_list("pk", "row_id"))
    approve(propose(finance=[]), cast.curator)
    line, *sources = rows["finance"]
    request = propose(finance=[{**line, "name": f"{line['name']} и сданы вместе с тротуарами"}, *sources])
    ((key, link),) = request.recognised.former.items()
    settled = change_request_confirm(change_request=request, links={"former": {key: link.target}}, version=1)
    assert [row.id for row in settled.passport.finance] == [str(row_id) for _, row_id in before]
    assert settled.recognised.finance_results.keys() == {link.target}
    undone = change_request_confirm(change_request=settled, links={"former": {str(link.target): None}}, version=2)
    assert not {row.id for row in undone.passport.finance} & {str(row_id) for _, row_id in before}
    ((key, _),) = undone.recognised.former.items()
    settled = change_request_confirm(change_request=undone, links={"former": {key: link.target}}, version=3)
    approve(settled, cast.curator)
    assert list(FinanceLine.objects.current().values_list("pk", "row_id")) == before
