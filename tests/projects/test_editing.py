"""A draft is edited section by section: examined without a write, saved under the version that the person saw."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisations.models import User
from projects.models import ChangeRequest, Project
from projects.passport.grid import SECTIONS, grid_of
from projects.passport.matching import Match, Named, match
from projects.passport.schema import Passport, PlanRow
from projects.services import proposals
from projects.services.editing import CellsRefused, Edit, section_save
from projects.services.errors import StaleVersion, StateConflict
from projects.services.proposals import change_request_confirm, change_request_open
from tests.conftest import Cast, Region

AsUser = Callable[[User], Client]
Rows = list[dict[str, Any]]


@pytest.fixture
def begun(project: Project, cast: Cast) -> ChangeRequest:
    """A request begun from the redaction in force."""
    return change_request_open(
        passport=project.redactions.get().passport,
        territory=project.territory,
        project=project,
        source_file=None,
        actor=cast.office,
    )


def rows_of(draft: ChangeRequest, section: str) -> Rows:
    return [{"key": row.key, "kind": row.kind, "cells": {}} for row in grid_of(draft.passport, section).rows]


def send(client: Client, draft: ChangeRequest, section: str, rows: Rows, *, check: bool = False, **more: Any) -> Any:
    name = "change_request_section_check" if check else "change_request_section"
    body = {"rows": json.dumps({"rows": rows, **more}), "version": draft.version}
    return client.post(reverse(f"projects:{name}", args=[draft.pk, section]), body)


def fresh(draft: ChangeRequest) -> ChangeRequest:
    return ChangeRequest.objects.get(pk=draft.pk)


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_saved_untouched_leaves_the_document_as_it_was(
    section: str, begun: ChangeRequest, cast: Cast, as_user: AsUser
) -> None:
    answer = send(as_user(cast.office), begun, section, rows_of(begun, section))
    assert answer.status_code == 200
    after = fresh(begun)
    assert (after.document, after.findings, after.identity) == (begun.document, begun.findings, begun.identity)
    assert (after.version, answer.json()["version"]) == (2, 2)
    # What the page goes on with: the same rows by the same keys, each with what it shows.
    shown = grid_of(after.passport, section).rows
    assert [(row["key"], row["cells"]) for row in answer.json()["rows"]] == [(row.key, row.cells) for row in shown]


def test_whoever_edits_has_written_and_does_not_approve(begun: ChangeRequest, cast: Cast, as_user: AsUser) -> None:
    send(as_user(cast.head), begun, "plan", rows_of(begun, "plan"), check=True)
    assert cast.head not in begun.writers.all()
    send(as_user(cast.head), begun, "plan", rows_of(begun, "plan"))
    assert set(begun.writers.all()) == {cast.office, cast.head}


def test_new_rows_get_ids_and_known_rows_keep_theirs(begun: ChangeRequest, cast: Cast, as_user: AsUser) -> None:
    rows = rows_of(begun, "plan")
    stolen = begun.passport.results[0].id
    rows.insert(1, {"key": None, "kind": "activity", "cells": {"number": "1.1.0", "name": "Выбрать подрядчика"}})
    rows.append({"key": stolen, "kind": "activity", "cells": {"name": "Чужой ключ"}})
    rows.append({"key": rows[0]["key"], "kind": "result", "cells": {"name": "Тот же ключ ещё раз"}})
    rows.append({"key": None, "kind": "activity", "cells": {"name": "  "}})
    answer = send(as_user(cast.office), begun, "plan", rows)
    plan = fresh(begun).passport.plan
    assert [row.name for row in plan][-2:] == ["Чужой ключ", "Тот же ключ ещё раз"]
    assert len({row.id for row in plan}) == 6
    assert stolen not in {row.id for row in plan}
    assert [plan[0].id, plan[2].id, plan[3].id] == [row.id for row in begun.passport.plan]
    assert [row and row["key"] for row in answer.json()["rows"]] == [*(row.id for row in plan), None]


def test_a_row_deleted_and_brought_back_is_the_row_it_was(begun: ChangeRequest, cast: Cast, as_user: AsUser) -> None:
    client = as_user(cast.office)
    rows = rows_of(begun, "indicators")
    said = send(client, begun, "indicators", [], check=True).json()
    assert said["gone"] == {"count": 1, "names": ["1 Доля школ с безопасным подъездом, процент"]}
    assert send(client, begun, "indicators", []).status_code == 200
    assert fresh(begun).passport.indicators == ()
    cells = grid_of(begun.passport, "indicators").rows[0].cells
    send(client, fresh(begun), "indicators", [{**rows[0], "cells": cells}], years=["2025", "2026"])
    assert fresh(begun).passport.indicators == begun.passport.indicators


def test_checks_answer_by_cell_and_write_nothing(begun: ChangeRequest, cast: Cast, as_user: AsUser) -> None:
    rows = rows_of(begun, "plan")
    rows[1]["cells"] = {"end": "31.11"}
    rows.insert(0, {"key": None, "kind": "result", "cells": {}})
    answer = send(as_user(cast.office), begun, "plan", rows, check=True).json()
    found = [
        (item["row"], item["field"], item["severity"]) for item in answer["findings"] if "31.11" in item["message"]
    ]
    assert found == [(2, "end", "error")]
    assert (answer["version"], "meanwhile" in answer) == (1, False)
    after = fresh(begun)
    assert (after.document, after.version) == (begun.document, 1)


def test_a_finding_of_a_single_field_stands_at_its_row(begun: ChangeRequest, cast: Cast, as_user: AsUser) -> None:
    rows = rows_of(begun, "main")
    at = next(index for index, row in enumerate(rows) if row["key"] == "end")
    rows[at]["cells"] = {"value": "31.11.2026"}
    answer = send(as_user(cast.office), begun, "main", rows, check=True).json()
    assert [(item["row"], item["field"]) for item in answer["findings"] if "31.11" in item["message"]] == [
        (at, "value")
    ]


def test_what_no_passport_can_hold_is_refused_by_cell_and_nothing_is_saved(
    begun: ChangeRequest, cast: Cast, as_user: AsUser
) -> None:
    rows = [
        *rows_of(begun, "control_levels"),
        {"key": None, "kind": "level", "cells": {"short": "К", "meaning": "ещё"}},
    ]
    answer = send(as_user(cast.office), begun, "control_levels", rows)
    assert answer.status_code == 422
    assert [(item["row"], item["field"]) for item in answer.json()["refusals"]] == [(2, "short")]
    assert fresh(begun).version == 1


def test_the_second_is_told_who_saved_and_gets_the_table_as_it_is(
    begun: ChangeRequest, cast: Cast, as_user: AsUser
) -> None:
    rows = rows_of(begun, "results")
    rows[1]["cells"] = {"due": "30.06.2026"}
    assert send(as_user(cast.office), begun, "results", rows).status_code == 200
    early = send(as_user(cast.head), begun, "results", rows, check=True).json()
    assert early["meanwhile"].startswith("Волкова А.")
    late = send(as_user(cast.head), begun, "results", rows)
    assert late.status_code == 409
    told = late.json()
    assert "Волкова А." in told["message"]
    assert (told["grid"]["version"], told["grid"]["rows"][1]["cells"]["due"]) == (2, "30.06.2026")


def test_sums_are_said_to_be_in_the_unit_of_the_document(begun: ChangeRequest, cast: Cast, as_user: AsUser) -> None:
    rows = rows_of(begun, "main")
    unit = next(row for row in rows if row["key"] == "finance_unit")
    unit["cells"] = {"value": "тыс. рублей"}
    client = as_user(cast.office)
    address = reverse("projects:change_request_section", args=[begun.pk, "finance"])
    assert "<strong>млн рублей</strong>" in client.get(address).content.decode()
    assert send(client, begun, "main", rows).status_code == 200
    assert "<strong>тыс. рублей</strong>" in client.get(address).content.decode()
    unit["cells"] = {"value": "копейки"}
    assert send(client, fresh(begun), "main", rows).json()["refusals"][0]["message"].startswith("Выберите единицу")


def test_links_settled_by_a_person_survive_editing(begun: ChangeRequest, cast: Cast, as_user: AsUser) -> None:
    plan = next(row for row in begun.passport.plan if row.kind == "result")
    settled = change_request_confirm(change_request=begun, links={"plan_results": {str(plan.id): None}}, version=1)
    rows = rows_of(settled, "breakdown")
    rows[0]["cells"] = {"targets.2025": "49"}
    rows[1]["cells"] = {"territory": "Заречный район области"}
    send(as_user(cast.office), settled, "breakdown", rows)
    identity = fresh(begun).recognised
    assert identity.plan_results[str(plan.id)].target is None
    assert set(identity.territories) == {"Город Ясногорск", "Заречный район области"}
    assert set(identity.breakdown_indicators) == {row["key"] for row in rows}


def test_only_rows_without_a_link_are_compared(
    begun: ChangeRequest, cast: Cast, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str | None] = []

    def told(rows: Sequence[Named], *among: Sequence[Named]) -> list[Match]:
        compared.extend(row.name for row in rows)
        return match(rows, *among)

    monkeypatch.setattr(proposals, "match", told)
    rows = rows_of(begun, "plan")
    rows[1]["cells"] = {"document": "акт"}
    send(as_user(cast.office), begun, "plan", rows)
    assert compared == []
    result = {
        "number": "2",
        "name": "Подъезды к школам приведены в порядок",
        "start": "01.02.2025",
        "end": "01.03.2025",
    }
    rows.append({"key": None, "kind": "result", "cells": result})
    send(as_user(cast.office), fresh(begun), "plan", rows)
    assert compared == [result["name"]]
    # What another row is linked to already is not given away twice.
    after = fresh(begun)
    known, new = (
        after.recognised.plan_results[str(row.id)] for row in (after.passport.plan[0], after.passport.plan[3])
    )
    assert (known.target, new.target) == (after.passport.results[0].id, None)


def test_a_request_from_the_redaction_in_force_keeps_the_links_of_it(project: Project, begun: ChangeRequest) -> None:
    assert begun.identity == project.redactions.get().identity
    assert begun.passport == project.redactions.get().passport


# --- Who may, and what else can come -----------------------------------------------------------------------------


def test_a_stranger_finds_nothing_and_who_decides_may_not_edit(
    begun: ChangeRequest, cast: Cast, as_user: AsUser
) -> None:
    page = reverse("projects:change_request_section", args=[begun.pk, "plan"])
    for person in ("office", "head", "administrator", "curator", "council"):
        client = as_user(getattr(cast, person))
        wanted = 200 if person in {"office", "head", "administrator"} else 403
        assert client.get(page).status_code == wanted, person
        assert send(client, begun, "plan", rows_of(begun, "plan"), check=True).status_code == wanted, person
        assert send(client, fresh(begun), "plan", rows_of(begun, "plan")).status_code == wanted, person
    for user in (cast.stranger, cast.auditor, cast.coordinator, cast.reporters[0]):
        client = as_user(user)
        assert client.get(page).status_code == 404
        assert send(client, begun, "plan", [], check=True).status_code == 404
        assert send(client, begun, "plan", []).status_code == 404


def test_a_closed_request_is_not_edited(begun: ChangeRequest, cast: Cast, as_user: AsUser) -> None:
    ChangeRequest.objects.filter(pk=begun.pk).update(state="rejected", decided_at="2026-01-01T00:00Z")
    client = as_user(cast.office)
    answer = send(client, begun, "plan", [])
    assert (answer.status_code, "Запрос уже закрыт" in answer.json()["message"]) == (409, True)
    page = client.get(reverse("projects:change_request_section", args=[begun.pk, "plan"]))
    assert (page.status_code, page["Location"]) == (302, reverse("projects:change_request", args=[begun.pk]))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"rows": 5}',
        '{"rows": [{"cells": {"name": 1}}]}',
        '{"rows": [], "years": ["99999"]}',
        '"\\ud800"',
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(
    text: str, begun: ChangeRequest, cast: Cast, as_user: AsUser
) -> None:
    client = as_user(cast.office)
    for name in ("change_request_section", "change_request_section_check"):
        answer = client.post(reverse(f"projects:{name}", args=[begun.pk, "plan"]), {"rows": text, "version": 1})
        assert answer.status_code == 400
        assert "Таблица не дошла целиком" in answer.json()["message"]
    assert client.get(reverse("projects:change_request_section", args=[begun.pk, "approval"])).status_code == 404


def test_services_say_why_they_refuse(begun: ChangeRequest, cast: Cast) -> None:
    edit = Edit("plan", ())
    with pytest.raises(StaleVersion):
        section_save(change_request=begun, edit=edit, version=7, actor=cast.office)
    ChangeRequest.objects.filter(pk=begun.pk).update(state="rejected", decided_at="2026-01-01T00:00Z")
    with pytest.raises(StateConflict):
        section_save(change_request=begun, edit=edit, version=1, actor=cast.office)
    assert CellsRefused([]).refusals == []


# --- Beginning ----------------------------------------------------------------------------------------------------


def test_a_request_is_begun_from_the_redaction_in_force(
    project: Project, passport: Passport, cast: Cast, as_user: AsUser
) -> None:
    address = reverse("projects:change", args=[project.pk])
    assert as_user(cast.auditor).get(address).status_code == 403
    assert as_user(cast.stranger).get(address).status_code == 404
    client = as_user(cast.office)
    assert "Начать с редакции № 1" in client.get(address).content.decode()
    answer = client.post(address)
    draft = ChangeRequest.objects.get(state="draft")
    assert answer["Location"] == reverse("projects:change_request_section", args=[draft.pk, "main"])
    assert (draft.base, draft.project, draft.author) == (project.redactions.get(), project, cast.office)
    assert f"Запрос № {draft.pk}" in client.get(address).content.decode()


def test_a_new_project_is_begun_empty(region: Region, cast: Cast, as_user: AsUser) -> None:
    address = reverse("projects:change_request_new")
    assert as_user(cast.auditor).get(address).status_code == 403
    client = as_user(cast.office)
    wrong = client.post(address, {"territory": region.town.pk, "title": "", "start": "2027-01-01", "end": "2026-01-01"})
    assert wrong.status_code == 422
    assert "не может закончиться раньше" in wrong.content.decode()
    client.post(address, {"territory": region.town.pk, "title": "Тёплая  школа", "start": "2027-01-01"})
    passport = ChangeRequest.objects.get().passport
    assert (passport.level, passport.title, passport.territory) == ("municipal", "Тёплая школа", "Город Ясногорск")


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        ("2027-01-01", "2029-12-31", ["2027", "2028", "2029"]),
        ("2027-01-01", "", []),
        ("1027-01-01", "1029-12-31", []),
        ("1970-01-01", "2050-12-31", []),
    ],
)
def test_the_columns_of_a_new_project_are_the_years_of_its_term(
    region: Region, cast: Cast, as_user: AsUser, start: str, end: str, years: list[str]
) -> None:
    client = as_user(cast.office)
    begun = {"territory": region.root.pk, "title": "Тёплая школа", "start": start, "end": end}
    client.post(reverse("projects:change_request_new"), begun)
    draft = ChangeRequest.objects.get()

    def shown(section: str) -> list[str]:
        page = client.get(reverse("projects:change_request_section", args=[draft.pk, section]))
        found: list[str] = page.context["grid"]["years"]
        return found

    assert [shown(section) for section in ("indicators", "finance", "results")] == [years, years, []]
    # A year without a number is no year of a document yet, and the page is told so.
    heading = {"key": None, "kind": "heading", "cells": {"number": "1", "name": "Окна заменены"}}
    answer = send(client, draft, "finance", [heading], years=years).json()
    assert answer["years"] == []


# --- Cost ------------------------------------------------------------------------------------------------------------


def test_the_queries_of_a_section_do_not_grow_with_its_rows(begun: ChangeRequest, cast: Cast, as_user: AsUser) -> None:
    client = as_user(cast.office)

    def counts() -> list[int]:
        draft = fresh(begun)
        rows = rows_of(draft, "plan")
        rows[0]["cells"] = {"document": f"отчёт {draft.version}"}
        found = []
        for act in (
            lambda: client.get(reverse("projects:change_request_section", args=[draft.pk, "plan"])),
            lambda: send(client, draft, "plan", rows, check=True),
            lambda: send(client, draft, "plan", rows),
        ):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert act().status_code == 200
            found.append(len(queries))
        return found

    few = counts()
    document = fresh(begun).passport
    more = tuple(PlanRow(id=None, number=f"1.2.{n}", name=f"Шаг {n}", kind="activity") for n in range(1, 400))
    long = document.model_copy(update={"plan": (*document.plan, *more)})
    ChangeRequest.objects.filter(pk=begun.pk).update(document=long.model_dump(mode="json"))
    assert counts() == few
