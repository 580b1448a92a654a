"""A person looks for a project and reads its passport."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from organisations.models import User
from projects.frame import TABS
from projects.models import ChangeRequest, Project
from projects.passport.schema import Passport
from projects.services.approval import digest
from projects.services.proposals import change_request_open
from tests.conftest import Cast, Region, approve

AsUser = Callable[[User], Client]
SECTIONS = (
    "projects:detail",
    "projects:results",
    "projects:additional",
    "projects:redactions",
    "finance:project",
    "participants:project",
    "milestones:project",
)


def page(client: Client, name: str, *args: object) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def town_project(passport: Passport, region: Region, cast: Cast) -> Project:
    other = passport.model_copy(
        update={"level": "municipal", "title": "Ёлка в каждый двор", "short_title": "Ёлка в каждый двор"}
    )
    draft = change_request_open(
        passport=other, territory=region.town, project=None, source_file=None, actor=cast.office
    )
    return approve(draft, cast.curator)


def test_the_list_says_which_redaction_is_in_force(project: Project, cast: Cast, as_user: AsUser) -> None:
    html = page(as_user(cast.auditor), "projects:list")
    assert "Школа рядом" in html
    assert "№ 1, протокол № 7 от 20.01.2025" in html
    assert "01.01.2025 – 31.12.2026" in html


def test_the_list_is_filtered_from_the_address(
    project: Project, town_project: Project, region: Region, cast: Cast, as_user: AsUser
) -> None:
    client = as_user(cast.office)
    for query, found in (
        ({}, {project, town_project}),
        ({"level": "municipal"}, {town_project}),
        ({"territory": region.root.pk}, {project}),
        ({"q": "ЕЛКА двор"}, {town_project}),
        ({"q": "нет такого"}, set()),
        ({"level": "нет", "territory": "x", "sort": "x", "page": "x"}, {project, town_project}),
    ):
        response = client.get(reverse("projects:list"), query)
        assert set(response.context["page"].object_list) == found


@pytest.mark.parametrize("key", ["name", "level", "territory", "end"])
def test_the_list_is_sorted_both_ways(
    key: str, project: Project, town_project: Project, cast: Cast, as_user: AsUser
) -> None:
    client = as_user(cast.office)
    there = client.get(reverse("projects:list"), {"sort": key}).context["page"].object_list
    back = client.get(reverse("projects:list"), {"sort": f"-{key}"}).context["page"].object_list
    assert list(there) == list(reversed(back))


def test_only_who_may_propose_is_offered_to_load_a_passport(project: Project, cast: Cast, as_user: AsUser) -> None:
    address = reverse("projects:upload")
    assert address in page(as_user(cast.office), "projects:list")
    assert address not in page(as_user(cast.auditor), "projects:list")


@pytest.mark.parametrize("name", SECTIONS)
def test_every_section_is_read_by_those_of_the_region_and_hidden_from_strangers(
    name: str, project: Project, town_project: Project, cast: Cast, as_user: AsUser
) -> None:
    for reader in (cast.office, cast.auditor, cast.village_reporter):
        assert "Школа рядом" in page(as_user(reader), name, project.pk)
    for user, pk in ((cast.stranger, project.pk), (cast.village_reporter, town_project.pk), (cast.office, 10**9)):
        assert as_user(user).get(reverse(name, args=[pk])).status_code == 404
    assert as_user(cast.office).post(reverse(name, args=[project.pk])).status_code == 405


def test_every_section_has_its_tab(project: Project, cast: Cast, as_user: AsUser) -> None:
    tabs = as_user(cast.auditor).get(reverse("projects:detail", args=[project.pk])).context["section_tabs"]
    assert [tab.title for tab in tabs] == [title for _, title in TABS]
    assert [tab.title for tab in tabs if tab.current] == ["Паспорт"]


def test_section_1_says_what_the_passport_says(project: Project, cast: Cast, as_user: AsUser) -> None:
    html = page(as_user(cast.auditor), "projects:detail", project.pk)
    for words in (
        "Безопасная дорога к каждой школе",
        "Журавлёв П.К., заместитель губернатора",
        "Развитие образования",
        "Дорога к каждой школе безопасна",
        "№\u00a07 от\u00a020.01.2025",
    ):
        assert words in html


def test_section_3_shows_results_under_their_task(project: Project, cast: Cast, as_user: AsUser) -> None:
    html = page(as_user(cast.auditor), "projects:results", project.pk)
    assert (
        html.index("Привести в порядок дороги") < html.index("Подъезды к школам приведены") < html.index("31.12.2026")
    )


def test_yearly_values_of_a_result_stand_beside_it(
    passport: Passport, region: Region, cast: Cast, as_user: AsUser
) -> None:
    result = passport.results[0].model_copy(update={"targets": {"2025": Decimal("1069.5"), "2026": None}})
    draft = change_request_open(
        passport=passport.model_copy(update={"results": (result,)}),
        territory=region.root,
        project=None,
        source_file=None,
        actor=cast.office,
    )
    html = page(as_user(cast.auditor), "projects:results", approve(draft, cast.curator).pk)
    assert re.search('data-head="2025">\\s*1\u202f069,5\\s*</td>', html)
    assert '<td class="num" data-head="2026"></td>' in html


def test_a_cell_that_is_no_value_is_shown_as_written(
    passport: Passport, region: Region, cast: Cast, as_user: AsUser
) -> None:
    """31.11.2026 is no date: the page must neither hide it nor take it for one."""
    result = passport.results[0].model_copy(update={"due": None})
    unread = [{"section": "results", "row": 0, "field": "due", "raw": "31.11.2026"}]
    odd = Passport.model_validate({**passport.model_dump(), "results": [result.model_dump()], "unread": unread})
    draft = change_request_open(passport=odd, territory=region.root, project=None, source_file=None, actor=cast.office)
    written = '<span class="as-written">31.11.2026</span>'
    assert written in page(as_user(cast.office), "projects:change_request", draft.pk).replace(" cell-error", "")
    project = approve(draft, cast.curator)
    assert written in page(as_user(cast.auditor), "projects:results", project.pk)


def test_every_redaction_stays_readable(
    project: Project, passport: Passport, region: Region, cast: Cast, as_user: AsUser
) -> None:
    changed = passport.model_copy(update={"goal": "Дорога ещё безопаснее"})
    second = change_request_open(
        passport=changed, territory=region.root, project=project, source_file=None, actor=cast.office
    )
    approve(second, cast.curator)
    client = as_user(cast.auditor)
    html = page(client, "projects:redactions", project.pk)
    for redaction in project.redactions.all():
        assert redaction.sha256 in html
        assert digest(redaction.document) == redaction.sha256
    old = page(client, "projects:redaction", project.pk, 1)
    assert "заменена" in old
    assert "контрольная сумма совпадает" in old
    assert "Дорога к каждой школе безопасна" in old
    assert "Дорога ещё безопаснее" in page(client, "projects:redaction", project.pk, 2)
    assert client.get(reverse("projects:redaction", args=[project.pk, 3])).status_code == 404
    stranger = as_user(cast.stranger)
    assert stranger.get(reverse("projects:redaction", args=[project.pk, 1])).status_code == 404


def test_an_auditor_is_not_led_to_proposals_they_cannot_see(project: Project, cast: Cast, as_user: AsUser) -> None:
    address = reverse("projects:change_request", args=[ChangeRequest.objects.get().pk])
    assert address in page(as_user(cast.office), "projects:redactions", project.pk)
    assert address not in page(as_user(cast.auditor), "projects:redactions", project.pk)
