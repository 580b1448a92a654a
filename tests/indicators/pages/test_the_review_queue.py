"""The queue of the ministry: the oddest first, and from one form to the next."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import Acceptance, AnomalyRule, PeerSpread, ReportingPeriod, ReviewRoute, Submission
from indicators.selectors.review_queue import QueueFilters, neighbours, waiting_forms
from indicators.services import period_close, submission_accept
from indicators.services.anomalies import judge, spreads_refresh
from organisations.models import Organisation, User
from tests.conftest import Cast, Region
from tests.indicators.pages.conftest import submit

QUEUE = "/review/"
FormOf = Callable[[Organisation], Submission]


def url(form: Submission, page: str = "review_submission") -> str:
    return reverse(f"indicators:{page}", args=[form.pk])


@pytest.fixture
def waiting(form_of_school: FormOf, region: Region, cast: Cast) -> list[Submission]:
    """Three schools of the town, alike; nothing is odd."""
    return [submit(form_of_school(school), who) for school, who in zip(region.schools, cast.reporters, strict=True)]


@pytest.fixture
def odd(waiting: list[Submission], period: ReportingPeriod) -> Submission:
    """Eleven schools are alike and one has twenty times as many pupils: the last of those that wait."""
    question = period.questions.get(code="pupils")
    PeerSpread.objects.create(question=question, kind="school", count=11, lower=300, median=400, upper=500)
    form = waiting[-1]
    form.answers.filter(question=question).update(value=8000)
    judge(list(Submission.objects.filter(period=period, state="submitted").select_related("period")))
    return form


def test_the_oddest_form_comes_first_and_says_why(office: Client, odd: Submission) -> None:
    page = office.get(QUEUE).content.decode()

    assert page.index("Школа № 3") < page.index("Школа № 1")
    assert "В 20 раз больше, чем у организаций её вида: обычно 300–500" in page
    assert "с необычными ответами 1" in page
    assert "В 20 раз больше" in office.get(url(odd)).content.decode()


def test_the_queue_is_filtered_searched_and_sorted_by_its_address(office: Client, odd: Submission) -> None:
    def shown(query: str) -> list[int]:
        page = office.get(f"{QUEUE}?{query}").content.decode()
        return [number for number in (1, 2, 3) if f"Школа № {number} города Ясногорска</a>" in page]

    assert shown("odd=any") == [3]
    assert shown("odd=unexplained") == []
    assert shown("kind=school") == [1, 2, 3]
    assert shown("kind=college") == []
    assert shown("text=школа № 2") == [2]
    assert shown("turn=municipality") == []
    assert shown("turn=ministry&sort=-name") == [1, 2, 3]
    page = office.get(f"{QUEUE}?sort=-name").content.decode()
    assert page.index("Школа № 3") < page.index("Школа № 2") < page.index("Школа № 1")


def test_the_queue_costs_the_same_however_many_wait(office: Client, odd: Submission) -> None:
    with CaptureQueriesContext(connection) as many:
        office.get(QUEUE)
    with CaptureQueriesContext(connection) as one:
        office.get(f"{QUEUE}?odd=any")

    assert len(many) == len(one)


def test_what_stands_beside_a_form_is_fetched_for_those_of_the_page_alone(office: Client, odd: Submission) -> None:
    with CaptureQueriesContext(connection) as asked:
        office.get(QUEUE)

    sorting = [row["sql"] for row in asked if row["sql"].endswith("LIMIT 3")]
    assert len(sorting) == 1
    assert "short_name" not in sorting[0], "a subquery for each of forty thousand"


def test_forms_without_a_remark_are_accepted_at_once_and_odd_ones_stay(office: Client, odd: Submission) -> None:
    page = office.get(QUEUE).content.decode()
    clean = [part.split('"')[0] for part in page.split('name="clean" value="')[1:]]
    office.post(reverse("indicators:review_accept_many"), {"which": "clean", "clean": clean, "next": QUEUE})

    assert Acceptance.objects.count() == 2
    odd.refresh_from_db()
    assert odd.state == "submitted"


def test_a_decision_leads_to_the_next_form_of_the_queue(office: Client, odd: Submission) -> None:
    first, second = Submission.objects.filter(state="submitted").exclude(pk=odd.pk).order_by("submitted_at")
    page = office.get(f"{url(odd)}?kind=school").content.decode()
    assert f'href="{url(first)}?kind=school" rel="next"' in page

    done = office.post(url(odd, "review_accept"), {"version": odd.version, "queue": "kind=school"})
    assert done["Location"] == f"{url(first)}?kind=school"
    done = office.post(url(second, "review_accept"), {"version": second.version, "queue": "kind=school"})
    assert done["Location"] == f"{url(first)}?kind=school"
    done = office.post(url(first, "review_accept"), {"version": first.version, "queue": "kind=school"})
    assert done["Location"] == f"{QUEUE}?kind=school"


def test_a_remark_stands_at_its_field_when_the_form_comes_back(
    office: Client, school: Client, waiting: list[Submission]
) -> None:
    form = waiting[0]
    sent = {"version": form.version, "comment": "", "remark-pupils": "Сверьте с приказом", "remark-safe": " "}
    assert office.post(url(form, "review_return"), sent).status_code == 302

    form.refresh_from_db()
    assert form.comment == "Исправьте ответы, у которых стоят замечания."
    assert "Сверьте с приказом" in form.answers.get(question__code="pupils").remark


def test_the_queue_leaves_as_a_file_exactly_as_filtered(office: Client, odd: Submission) -> None:
    address = reverse("reports:review_export", args=["csv"])
    text = office.get(f"{address}?odd=any").content.decode("utf-8-sig")

    assert "Школа № 3 города Ясногорска" in text
    assert "Школа № 1 города Ясногорска" not in text
    assert "В 20 раз больше" in text
    assert office.get(address.replace(".csv", ".pdf")).status_code == 404


def test_peers_are_looked_at_by_kind(waiting: list[Submission], period: ReportingPeriod) -> None:
    assert spreads_refresh(period=period) == 3

    spread = PeerSpread.objects.get(question__code="pupils")
    assert (spread.kind, spread.count, int(spread.median)) == ("school", 3, 400)
    assert not PeerSpread.objects.filter(question__kind="boolean").exists()


def test_settings_of_the_review_are_the_ministry_s(
    office: Client, as_user: Callable[[User], Client], period: ReportingPeriod, cast: Cast
) -> None:
    address = reverse("indicators:review_settings")
    project = period.projects.get().project_id
    office.post(address, {"form": "routes", "projects": [project]})
    assert ReviewRoute.objects.get().municipality_first
    office.post(address, {"form": "routes"})
    assert not ReviewRoute.objects.get().municipality_first

    rule = {"form": "rule", "effective_from": "2026-01-01", "times": "3", "fence": "2,5", "peers": "10"}
    assert office.post(address, rule).status_code == 302
    assert str(AnomalyRule.objects.get()) == "с 01.01.2026: 3 / 2.5 / 10"
    refused = office.post(address, {**rule, "times": "0,5"})
    assert (refused.status_code, "Разы — больше 1" in refused.content.decode()) == (422, True)
    wrong = office.post(address, {**rule, "peers": "-1"})
    assert (wrong.status_code, set(wrong.context["rule"].errors)) == (422, {"peers"})
    for person in (cast.coordinator, cast.curator, cast.reporters[0], cast.stranger):
        assert as_user(person).post(address, rule).status_code == 403


def test_the_coordinator_checks_and_the_ministry_decides(
    office: Client, as_user: Callable[[User], Client], waiting: list[Submission], cast: Cast
) -> None:
    form = waiting[0]
    Submission.objects.filter(pk=form.pk).update(levels=2)
    coordinator = as_user(cast.coordinator)

    assert "Проверено, передать в министерство" in coordinator.get(url(form)).content.decode()
    done = coordinator.post(url(form, "review_accept"), {"version": form.version}, follow=True).content.decode()
    assert "Теперь решает министерство" in done
    page = office.get(url(form)).content.decode()
    assert "Климов Артём Денисович" in page
    form.refresh_from_db()
    office.post(url(form, "review_accept"), {"version": form.version})
    form.refresh_from_db()
    assert form.state == "accepted"


def test_both_versions_of_a_corrected_form_are_seen(
    office: Client, school: Client, accepted: Submission, cast: Cast
) -> None:
    reopen = url(accepted, "review_reopen")
    assert office.post(reopen, {"version": accepted.version, "reason": " "}).status_code == 422
    done = office.post(reopen, {"version": accepted.version, "reason": "Учеников больше"}, follow=True)
    assert "Принятая форма открыта для исправления" in done.content.decode()
    accepted.refresh_from_db()
    again = submit(accepted, cast.reporters[0], pupils="450")
    submission_accept(submission=again, version=again.version, actor=cast.head)

    for client in (office, school):
        page = client.get(url(accepted, "submission")).content.decode()
        assert "Приёмка 2, действует" in page
        assert "Учеников: 400\u00a0чел. → 450\u00a0чел." in page
        assert "Учеников больше" in page


def test_reopening_is_refused_to_others_and_in_other_states(
    as_user: Callable[[User], Client],
    office: Client,
    accepted: Submission,
    form_of_school: FormOf,
    region: Region,
    cast: Cast,
) -> None:
    reopen = url(accepted, "review_reopen")
    for person in (cast.coordinator, cast.auditor, cast.curator, cast.reporters[0]):
        assert as_user(person).post(reopen, {"version": accepted.version, "reason": "Так"}).status_code == 403
    assert as_user(cast.stranger).post(reopen, {"reason": "Так"}).status_code == 404
    other = submit(form_of_school(region.schools[1]), cast.reporters[1])
    told = office.post(url(other, "review_reopen"), {"version": other.version, "reason": "Так"})
    assert (told.status_code, "ждёт проверки" in told.content.decode()) == (409, True)


def test_a_closed_period_is_opened_again_on_its_page(
    office: Client, as_user: Callable[[User], Client], accepted: Submission, period: ReportingPeriod, cast: Cast
) -> None:
    page, reopen = (reverse(f"indicators:{name}", args=[period.pk]) for name in ("period", "period_reopen"))
    said = {"reason": "Ошибка в школе", "deadline_date": "2099-01-15", "deadline_time": "18:00"}
    assert "уже открыт" in office.post(reopen, said, follow=True).content.decode()
    period_close(period=period, actor=cast.office)
    assert "Открыть снова" in office.get(page).content.decode()
    assert "Открыть снова" not in as_user(cast.auditor).get(page).content.decode()
    assert as_user(cast.auditor).post(reopen, said).status_code == 403
    past = office.post(reopen, {**said, "deadline_date": "2020-01-15"})
    assert (past.status_code, "Этот срок уже прошёл" in past.content.decode()) == (422, True)

    shown = office.post(reopen, said, follow=True).content.decode()
    assert "Сейчас версия 2" in shown
    assert "Ошибка в школе" in shown


def test_from_the_last_form_of_a_page_one_goes_to_the_first_of_the_next(
    waiting: list[Submission], region: Region, cast: Cast
) -> None:
    rows = waiting_forms(cast.office, QueueFilters(sort="name"))
    first, second, third = rows.values_list("pk", flat=True)

    assert neighbours(rows, first, page=1, per_page=1) == (None, second)
    assert neighbours(rows, second, page=2, per_page=1) == (first, third)
    assert neighbours(rows, third, page=3, per_page=1) == (second, None)
    assert neighbours(rows, 0, page=1, per_page=1) == (None, first)
