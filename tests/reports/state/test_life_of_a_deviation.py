"""A deviation opens and closes by itself; people say why, do something about it and close it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from indicators.services.errors import StaleVersion, StateConflict, ValidationFailed
from organisations.models import Notification
from projects.models import Project
from reports.deviations.lifecycle import deviations_follow
from reports.deviations.selectors import history_of
from reports.deviations.services import deviation_close, deviation_explain, deviation_report, measures_remind
from reports.models import Deviation
from tests.conftest import Cast
from tests.reports.state.parts import part

TOMORROW = timezone.localdate() + dt.timedelta(days=1)


@pytest.fixture
def opened(project: Project) -> Deviation:
    deviations_follow(project=project, parts=[part("yellow")])
    return Deviation.objects.get()


def explained(deviation: Deviation, cast: Cast, **more: object) -> Deviation:
    deviation.refresh_from_db()
    given = {
        "reason": "Подрядчик опоздал",
        "measure": "Сменить подрядчика",
        "owner": cast.administrator,
        "due": TOMORROW,
        "version": deviation.version,
        "actor": cast.head,
        **more,
    }
    return deviation_explain(deviation=deviation, **given)  # type: ignore[arg-type]


def closed(deviation: Deviation, cast: Cast) -> Deviation:
    deviation.refresh_from_db()
    return deviation_close(
        deviation=deviation, version=deviation.version, closing="Мера выполнена, ждём поставку", actor=cast.head
    )


def follow(project: Project, *statuses: str) -> None:
    for status in statuses:
        deviations_follow(project=project, parts=[part(status)])


def states() -> list[str]:
    return list(Deviation.objects.order_by("pk").values_list("state", flat=True))


@pytest.mark.parametrize(
    ("given", "opens"),
    [
        ({"status": "yellow"}, True),
        ({"status": "red"}, True),
        ({"status": "green"}, False),
        ({"status": "grey"}, False),
        ({"status": "pending"}, False),
        ({"status": "undefined"}, False),
        ({"status": "red", "is_settled": False}, False),
        ({"status": "red", "opens": False}, False),
    ],
)
def test_yellow_and_red_of_settled_figures_open_one(project: Project, given: dict[str, object], opens: bool) -> None:
    deviations_follow(project=project, parts=[part(**given)])  # type: ignore[arg-type]
    assert Deviation.objects.exists() is opens


def test_it_says_what_the_figure_was(opened: Deviation) -> None:
    assert opened.told.replace("\u202f", " ").replace("\u00a0", " ") == "факт 48, план 50 (96,0 %)"
    assert (opened.state, opened.status) == ("open", "yellow")


def test_following_again_changes_nothing(project: Project, opened: Deviation) -> None:
    follow(project, "yellow", "yellow", "yellow")
    again = Deviation.objects.get()
    assert (again.pk, again.version) == (opened.pk, opened.version)


def test_a_worse_colour_is_told_in_the_same_deviation(project: Project, opened: Deviation, cast: Cast) -> None:
    explained(opened, cast)
    follow(project, "red")
    now = Deviation.objects.get()
    assert (now.status, now.state) == ("red", "explained")


def test_it_closes_by_itself_when_the_plan_is_met(project: Project, opened: Deviation) -> None:
    follow(project, "green")
    opened.refresh_from_db()
    assert (opened.state, opened.closed_by, bool(opened.recovered_at)) == ("closed", None, True)
    assert opened.closing.startswith("Отклонения больше нет")


def test_forms_still_coming_in_neither_close_nor_open(project: Project, opened: Deviation) -> None:
    deviations_follow(project=project, parts=[part("green", is_settled=False)])
    assert states() == ["open"]


def test_a_row_that_the_passport_dropped_closes_it(project: Project, opened: Deviation) -> None:
    deviations_follow(project=project, parts=[])
    assert states() == ["closed"]


def test_what_recovered_opens_anew_as_another_one(project: Project, opened: Deviation) -> None:
    follow(project, "green", "yellow")
    assert states() == ["closed", "open"]


def test_what_staff_closed_does_not_open_again_as_it_was(project: Project, opened: Deviation, cast: Cast) -> None:
    explained(opened, cast)
    closed(opened, cast)
    follow(project, "yellow", "yellow")
    assert states() == ["closed"]


@pytest.mark.parametrize("then", [("red",), ("green", "yellow")])
def test_what_staff_closed_opens_again_when_worse_or_after_recovering(
    project: Project, opened: Deviation, cast: Cast, then: tuple[str, ...]
) -> None:
    explained(opened, cast)
    closed(opened, cast)
    follow(project, *then)
    assert states() == ["closed", "open"]


def test_an_explanation_names_a_person_who_is_told(opened: Deviation, cast: Cast) -> None:
    row = explained(opened, cast)
    assert (row.state, row.owner, row.explained_by) == ("explained", cast.administrator, cast.head)
    told = Notification.objects.get(recipient=cast.administrator, kind="measure_given")
    assert "Сменить подрядчика" in told.text
    assert told.link == f"/deviations/{row.pk}/"


def test_an_owner_who_changes_the_words_of_the_reason_is_not_told_again(opened: Deviation, cast: Cast) -> None:
    explained(opened, cast)
    explained(opened, cast, reason="Подрядчик опоздал на месяц")
    assert Notification.objects.filter(kind="measure_given").count() == 1


@pytest.mark.parametrize(
    ("field", "value"), [("reason", " "), ("measure", " "), ("due", dt.date(2020, 1, 1)), ("owner", None)]
)
def test_what_is_missing_is_told_at_its_field(opened: Deviation, cast: Cast, field: str, value: object) -> None:
    given = {field: cast.stranger if field == "owner" else value}
    with pytest.raises(ValidationFailed) as refused:
        explained(opened, cast, **given)
    assert set(refused.value.errors) == {field}


def test_it_is_not_closed_without_a_reason(opened: Deviation, cast: Cast) -> None:
    with pytest.raises(StateConflict):
        closed(opened, cast)


def test_a_closed_one_takes_no_more_words(opened: Deviation, cast: Cast) -> None:
    explained(opened, cast)
    closed(opened, cast)
    with pytest.raises(StateConflict):
        explained(opened, cast)


def test_two_people_do_not_overwrite_one_another(opened: Deviation, cast: Cast) -> None:
    seen = opened.version
    explained(opened, cast)
    with pytest.raises(StaleVersion):
        explained(opened, cast, version=seen)


@pytest.mark.parametrize("who", ["curator", "council", "auditor", "coordinator", "stranger"])
def test_readers_explain_and_close_nothing(opened: Deviation, cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        explained(opened, cast, actor=getattr(cast, who))
    explained(opened, cast)
    opened.refresh_from_db()
    with pytest.raises(PermissionDenied):
        deviation_close(deviation=opened, version=opened.version, closing="Готово", actor=getattr(cast, who))


def test_the_owner_reports_and_nobody_else(opened: Deviation, cast: Cast) -> None:
    row = explained(opened, cast, owner=cast.curator)
    with pytest.raises(PermissionDenied):
        deviation_report(deviation=row, version=row.version, report="Сделано", actor=cast.head)
    row = deviation_report(deviation=row, version=row.version, report="Договор заключён", actor=cast.curator)
    assert (row.report, row.state) == ("Договор заключён", "explained")
    again = explained(row, cast, owner=cast.curator, measure="Другая мера")
    assert again.reported_at is None


def test_the_owner_is_reminded_once_a_week_after_the_day(opened: Deviation, cast: Cast) -> None:
    row = explained(opened, cast)
    assert measures_remind() == 0
    Deviation.objects.filter(pk=row.pk).update(due=timezone.localdate() - dt.timedelta(days=3))
    assert [measures_remind(), measures_remind()] == [1, 0]
    Deviation.objects.filter(pk=row.pk).update(due=timezone.localdate() - dt.timedelta(days=10))
    assert measures_remind() == 0, "the same week of another count of days is the same reminder"
    Deviation.objects.filter(pk=row.pk).update(reported_at=timezone.now())
    assert measures_remind() == 0


def test_its_history_tells_who_did_what(project: Project, opened: Deviation, cast: Cast) -> None:
    explained(opened, cast)
    follow(project, "red")
    closed(opened, cast)
    told = [(event.title, event.person) for event in history_of(opened)]
    assert told == [
        ("Закрыто", cast.head),
        ("Теперь критические отклонения", None),
        ("Причина и мера", cast.head),
        ("Открыто порталом: наличие отклонений", None),
    ]


def test_the_database_keeps_one_open_deviation_of_a_part(opened: Deviation) -> None:
    opened.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        opened.save(force_insert=True)
