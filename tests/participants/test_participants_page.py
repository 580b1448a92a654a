"""Section 5 on its page: people under the result they work on."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from organisations.models import User
from projects.passport.schema import Participant, Passport
from projects.services.proposals import change_request_open
from tests.conftest import Cast, Region, approve


def test_people_stand_under_their_result_and_a_group_is_called_a_group(
    passport: Passport, region: Region, cast: Cast, as_user: Callable[[User], Client]
) -> None:
    people = (
        *passport.participants,
        Participant(number="2", role="Участник", position="Руководители школ", group="Подъезды"),
        Participant(number="3", role="Участник", name="Лугов К.Т.", position="инженер", group="Подъезды"),
    )
    draft = change_request_open(
        passport=passport.model_copy(update={"participants": people}),
        territory=region.root,
        project=None,
        source_file=None,
        actor=cast.office,
    )
    project = approve(draft, cast.curator)
    response = as_user(cast.auditor).get(reverse("participants:project", args=[project.pk]))
    assert [(group.title, len(group.rows)) for group in response.context["groups"]] == [("", 1), ("Подъезды", 2)]
    html = response.content.decode()
    assert html.index("группа участников") < html.index("Руководители школ") < html.index("Лугов К.Т.")
