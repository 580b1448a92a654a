"""The ministry accepts forms or returns them; others look on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import Fact, ReportingPeriod, Submission
from indicators.services import period_close, period_open, submission_accept, submission_submit
from organisations.models import Organisation, User
from tests.conftest import Cast, Region
from tests.indicators.pages.conftest import ANSWERS, submit

QUEUE = "/review/"
FormOf = Callable[[Organisation], Submission]


def url(form: Submission, page: str = "review_submission") -> str:
    return reverse(f"indicators:{page}", args=[form.pk])


@pytest.fixture
def waiting(form_of_school: FormOf, region: Region, cast: Cast) -> list[Submission]:
    """Three forms of the town and one of the village, sent one after another."""
    schools = (*region.schools, region.village_school)
    people = (*cast.reporters, cast.village_reporter)
    return [submit(form_of_school(school), person) for school, person in zip(schools, people, strict=True)]


@pytest.fixture
def next_period(accepted: Submission, period: ReportingPeriod, cast: Cast) -> ReportingPeriod:
    projects = [part.project for part in period.projects.all()]
    return period_open(
        kind="quarter", year=2026, number=4, deadline=period.deadline, projects=projects, actor=cast.office
    )


def test_the_queue_begins_with_the_form_that_waits_longest(office: Client, waiting: list[Submission]) -> None:
    page = office.get(QUEUE).content.decode()

    places = [page.index(f"{form.organisation.short_name}</a>") for form in waiting]
    assert places == sorted(places)
    assert "4\u00a0формы ждут" in page


def test_the_queue_costs_the_same_whatever_waits(office: Client, waiting: list[Submission], cast: Cast) -> None:
    with CaptureQueriesContext(
        connection,
    ) as four:
        office.get(QUEUE)
    submission_accept(submission=waiting[0], version=waiting[0].version, actor=cast.office)
    with CaptureQueriesContext(connection) as three:
        office.get(QUEUE)

    assert len(four) == len(three)


def test_the_queue_is_filtered_by_its_address(office: Client, waiting: list[Submission], region: Region) -> None:
    def shown(query: str) -> int:
        return office.get(f"{QUEUE}?{query}").content.decode().count('name="form"')

    assert shown(f"municipality={region.town.pk}") == 3
    assert shown(f"municipality={region.district.pk}") == 1
    assert shown(f"period={waiting[0].period_id}") == 4
    assert shown("late=1") == 0
    assert shown("period=nonsense&page=99") == 4
    project = waiting[0].period.projects.get().project_id
    assert shown(f"project={project}") == 4


def test_a_figure_that_jumps_is_flagged_in_the_queue_and_on_the_form(
    office: Client, next_period: ReportingPeriod, region: Region, cast: Cast
) -> None:
    form = Submission.objects.get(period=next_period, organisation=region.schools[0])
    submission_submit(
        submission=form,
        version=form.version,
        actor=cast.reporters[0],
        values={**ANSWERS, "pupils": "4000"},
        explanations={"pupils": "Школу объединили с девятью другими."},
    )

    queue = office.get(QUEUE).content.decode()
    page = office.get(url(form)).content.decode()
    for shown in (queue, page):
        assert "то больше прошлого (400) в 10 раз" in shown
    assert "За III квартал 2026 г." in page


def test_accepting_makes_facts_and_the_form_leaves_the_queue(office: Client, submitted: Submission) -> None:
    assert "Принять" in office.get(url(submitted)).content.decode()
    page = office.post(url(submitted, "review_accept"), {"version": submitted.version}, follow=True).content.decode()

    assert "Принято: Школа № 1 города Ясногорска" in page
    assert "Всё проверено" in page
    assert Fact.objects.filter(submission=submitted).count() == 4


def test_returning_needs_a_comment(office: Client, submitted: Submission) -> None:
    refused = office.post(url(submitted, "review_return"), {"version": submitted.version, "comment": "  "})
    assert refused.status_code == 422
    assert "без замечания форму не вернуть" in refused.content.decode()

    office.post(url(submitted, "review_return"), {"version": submitted.version, "comment": "Проверьте учеников"})
    submitted.refresh_from_db()
    assert (submitted.state, submitted.comment) == ("returned", "Проверьте учеников")


def test_who_decides_second_is_told_and_keeps_the_comment(office: Client, submitted: Submission, cast: Cast) -> None:
    submission_accept(submission=submitted, version=submitted.version, actor=cast.head)
    late = {"version": submitted.version, "comment": "Проверьте учеников"}

    for answer in (
        office.post(url(submitted, "review_accept"), late),
        office.post(url(submitted, "review_return"), late),
    ):
        assert answer.status_code == 409
        assert "Форма уже принята" in answer.content.decode()
    assert "Проверьте учеников" in answer.content.decode()


def test_a_form_that_changed_since_it_was_seen_is_not_accepted(office: Client, submitted: Submission) -> None:
    answer = office.post(url(submitted, "review_accept"), {"version": submitted.version - 1})

    assert answer.status_code == 409
    assert "изменил другой человек" in answer.content.decode()
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


def test_ticked_forms_are_accepted_and_the_others_are_explained(
    office: Client, waiting: list[Submission], cast: Cast
) -> None:
    submission_accept(submission=waiting[1], version=waiting[1].version, actor=cast.head)
    ticked = [f"{form.pk}:{form.version}" for form in waiting[:3]] + ["nonsense", "999999:1"]
    back = f"{QUEUE}?municipality=&late="
    answer = office.post(reverse("indicators:review_accept_many"), {"form": ticked, "next": back}, follow=True)

    page = answer.content.decode()
    assert answer.redirect_chain == [(back, 302)]
    assert "Принято: 2\u00a0формы" in page
    assert "Школа № 2 города Ясногорска: Форма уже принята." in page


def test_accepting_nothing_asks_to_tick_and_leads_nowhere_else(office: Client, period: ReportingPeriod) -> None:
    answer = office.post(reverse("indicators:review_accept_many"), {"next": "https://example.org/review/"}, follow=True)

    assert answer.redirect_chain == [(QUEUE, 302)]
    assert "Отметьте формы" in answer.content.decode()


def test_a_closed_period_is_not_reviewed(
    office: Client, submitted: Submission, period: ReportingPeriod, cast: Cast
) -> None:
    period_close(period=period, actor=cast.office)

    assert "Вернуть на доработку" not in office.get(url(submitted)).content.decode()
    answer = office.post(url(submitted, "review_accept"), {"version": submitted.version})
    assert (answer.status_code, "период закрыт" in answer.content.decode()) == (409, True)


def test_who_may_look_sees_no_buttons_and_cannot_write(
    as_user: Callable[[User], Client], waiting: list[Submission], cast: Cast
) -> None:
    form = waiting[0]
    for person in (cast.curator, cast.council, cast.coordinator, cast.auditor):
        client = as_user(person)
        queue, page = client.get(QUEUE).content.decode(), client.get(url(form)).content.decode()
        assert 'name="form"' not in queue
        assert "Вернуть на доработку" not in page
        assert client.post(url(form, "review_accept"), {"version": form.version}).status_code == 403
        assert client.post(url(form, "review_return"), {"version": form.version}).status_code == 403
        if person != cast.coordinator:
            assert client.post(reverse("indicators:review_accept_many"), {}).status_code == 403
    ticked = {"form": f"{form.pk}:{form.version}"}
    told = as_user(cast.coordinator).post(reverse("indicators:review_accept_many"), ticked, follow=True)
    assert "Эту форму принимает министерство" in told.content.decode()
    for person in (cast.head, cast.administrator):
        assert "Вернуть на доработку" in as_user(person).get(url(form)).content.decode()


def test_the_coordinator_sees_her_municipality_and_no_other(
    as_user: Callable[[User], Client], waiting: list[Submission], cast: Cast
) -> None:
    client = as_user(cast.coordinator)
    page = client.get(QUEUE).content.decode()

    assert "Школа № 3 города Ясногорска" in page
    assert "Школа села Заречного" not in page
    assert client.get(url(waiting[3])).status_code == 404
    assert client.post(url(waiting[3], "review_accept"), {"version": 1}).status_code == 404


def test_a_school_does_not_review_and_a_stranger_sees_nothing(
    as_user: Callable[[User], Client], submitted: Submission, cast: Cast
) -> None:
    school, stranger = as_user(cast.reporters[0]), as_user(cast.stranger)

    assert school.get(QUEUE).status_code == 403
    assert school.get(url(submitted)).status_code == 403
    assert school.post(url(submitted, "review_accept"), {"version": submitted.version}).status_code == 403
    assert stranger.get(QUEUE).status_code == 403
    assert stranger.post(url(submitted, "review_accept"), {"version": submitted.version}).status_code == 404
    assert Client().get(QUEUE)["Location"].startswith(reverse("organisations:sign_in"))


@pytest.mark.django_db(transaction=True)
def test_the_history_says_who_did_what_and_which_figures_changed(
    office: Client, school: Client, form: Submission, cast: Cast
) -> None:
    page = reverse("indicators:submission", args=[form.pk])
    for pupils in ("300", "400"):
        form.refresh_from_db()
        school.post(page, {"a-pupils": pupils, "version": form.version, "action": "save"})
    form.refresh_from_db()
    sent = submit(form, cast.reporters[0])
    office.post(url(sent, "review_return"), {"version": sent.version, "comment": "Проверьте"})
    sent.refresh_from_db()
    submit(sent, cast.reporters[0], pupils="410")

    shown = office.get(url(form)).content.decode()
    history = shown[shown.index("История формы") :]
    assert history.count("Отправлена") == 2
    assert history.index("Возвращена с замечанием") < history.rindex("Отправлена")
    assert "Учеников: 400\u00a0чел. → 410\u00a0чел." in history
    assert "Учеников: 400\u00a0чел.</li>" in history  # the first sitting: 300 was typed over before anybody saw it
    assert "Орлова Нина Павловна" in history
    assert "Волкова Анна Сергеевна" in history
