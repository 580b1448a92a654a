"""The event plan on its page: document order, three kinds of row, the footnote."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from organisations.models import User
from projects.models import Project
from tests.conftest import Cast


def test_rows_stand_in_document_order_and_tell_their_kind(
    project: Project, cast: Cast, as_user: Callable[[User], Client]
) -> None:
    html = as_user(cast.auditor).get(reverse("milestones:project", args=[project.pk])).content.decode()
    places = [html.index(words) for words in ("Уложить покрытие", "ведёт к 1.1", "Покрытие уложено")]
    assert places == sorted(places)
    assert [html.count(f'class="plan-{kind}"') for kind in ("result", "activity", "control_point")] == [1, 1, 1]
    assert "Уровни контроля: К – куратор; РП – руководитель проекта." in html


def test_the_plan_is_filtered_from_the_address(project: Project, cast: Cast, as_user: Callable[[User], Client]) -> None:
    client = as_user(cast.auditor)
    address = reverse("milestones:project", args=[project.pk])
    for query, numbers in (
        ({"kind": "activity"}, ["1.1.1"]),
        ({"responsible": "громов"}, ["1", "1.1.1", "1.1"]),
        ({"responsible": "никто"}, []),
        ({"kind": "нет такого"}, ["1", "1.1.1", "1.1"]),
    ):
        lines = client.get(address, query).context["plan"].lines
        assert [line.row.number for line in lines] == numbers
