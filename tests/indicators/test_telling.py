"""What becomes of a form or a period reaches those whom it concerns, and nobody else."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from indicators.models import Indicator, ReportingPeriod, Submission
from indicators.services import submission_reopen, submission_return
from indicators.services.telling import tell_opened, tell_returned
from organisations.models import Notification
from tests.conftest import Cast, Region
from tests.indicators.steps import accept, hand_in, open_period


def told(kind: str) -> dict[str, str]:
    return dict(Notification.objects.filter(kind=kind).values_list("recipient__login", "text"))


def send_back(period: ReportingPeriod, region: Region, cast: Cast, comment: str) -> Submission:
    form = hand_in(period, region.schools[0], cast.reporters[0], roads="4", safe="1")
    return submission_return(submission=form, version=form.version, comment=comment, actor=cast.office)


def test_the_head_hears_of_every_return_with_its_comment(period: ReportingPeriod, region: Region, cast: Cast) -> None:
    form = send_back(period, region, cast, "Проверьте число.")
    school = region.schools[0].short_name
    assert told("returned") == {"school1": f"{school}, I квартал 2026 г.: форму вернули. Проверьте число."}
    assert Notification.objects.get(kind="returned").link == f"/forms/{form.pk}/"
    assert tell_returned(form) == 0  # told once, however often

    send_back(period, region, cast, "И ещё раз.")
    assert Notification.objects.filter(kind="returned").count() == 2


def test_the_head_hears_of_acceptance_and_reopening(period: ReportingPeriod, region: Region, cast: Cast) -> None:
    form = accept(hand_in(period, region.schools[0], cast.reporters[0], roads="4", safe="1"), cast.office)
    submission_reopen(submission=form, version=form.version, reason="Нашли ошибку в акте.", actor=cast.office)
    assert told("accepted")["school1"].endswith("форма принята.")
    assert told("reopened")["school1"].endswith("открыли для исправления. Нашли ошибку в акте.")


def test_the_coordinator_hears_of_late_forms_alone(period: ReportingPeriod, region: Region, cast: Cast) -> None:
    hand_in(period, region.schools[0], cast.reporters[0], roads="4", safe="1")
    assert told("sent_late") == {}
    ReportingPeriod.objects.update(deadline=timezone.now() - dt.timedelta(minutes=1))
    hand_in(period, region.schools[1], cast.reporters[1], roads="4", safe="1")
    school = region.schools[1].short_name
    assert told("sent_late") == {"coordinator": f"{school}, I квартал 2026 г.: форма сдана с опозданием."}


def test_every_head_hears_of_a_new_period(period: ReportingPeriod, region: Region, cast: Cast) -> None:
    hand_in(period, region.schools[0], cast.reporters[0], roads="4", safe="1")
    Notification.objects.all().delete()
    assert tell_opened(period) == 3
    text = told("period_opened")
    assert sorted(text) == ["school2", "school3", "village"]
    assert text["village"].replace("\u00a0", " ") == (
        f"{region.village_school.short_name}: открыт отчётный период «I квартал 2026 г.»."
        " Сдать форму до 31 декабря 2099 г., 23:00."
    )
    form = period.submissions.get(organisation=region.village_school)
    assert Notification.objects.get(recipient=cast.village_reporter).link == f"/forms/{form.pk}/"
    assert tell_opened(period) == 0


def test_a_period_of_the_past_that_is_brought_over_is_told_to_nobody(indicator: Indicator, cast: Cast) -> None:
    open_period(cast.office, indicator.project, year=2020, deadline=dt.datetime(2020, 4, 10, tzinfo=dt.UTC))
    assert told("period_opened") == {}
