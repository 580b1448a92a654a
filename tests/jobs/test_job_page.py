"""The person who asked for a job watches it; nobody else can."""

import pytest
from django.test import Client
from django.urls import reverse

from jobs.models import Job, JobState
from organisations.models import User

PAGES = ["jobs:detail", "jobs:progress"]


@pytest.fixture
def job(anna: User) -> Job:
    return Job.objects.create(
        handler="sample.note", title="Паспорт в PDF", owner=anna, percent=40, step="Вёрстка приложений"
    )


@pytest.mark.parametrize("page", PAGES)
def test_the_owner_sees_state_step_and_percent(client: Client, anna: User, job: Job, page: str) -> None:
    client.force_login(anna)

    html = client.get(reverse(page, args=[job.pk])).content.decode()

    assert "В очереди" in html
    assert "Вёрстка приложений" in html
    assert 'value="40"' in html


def test_the_page_is_named_after_the_job(client: Client, anna: User, job: Job) -> None:
    client.force_login(anna)
    assert "<h1>Паспорт в PDF</h1>" in client.get(reverse("jobs:detail", args=[job.pk])).content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_another_person_finds_no_such_page(client: Client, boris: User, job: Job, page: str) -> None:
    client.force_login(boris)
    assert client.get(reverse(page, args=[job.pk])).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_a_job_of_nobody_is_shown_to_nobody(client: Client, anna: User, job: Job, page: str) -> None:
    Job.objects.update(owner=None)
    client.force_login(anna)
    assert client.get(reverse(page, args=[job.pk])).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_asked_to_sign_in(client: Client, job: Job, page: str) -> None:
    assert client.get(reverse(page, args=[job.pk])).status_code == 302


def test_a_running_job_asks_for_its_progress_again_and_a_finished_one_does_not(
    client: Client, anna: User, job: Job
) -> None:
    client.force_login(anna)
    address = reverse("jobs:progress", args=[job.pk])
    assert f'hx-get="{address}"' in client.get(address).content.decode()

    Job.objects.update(state=JobState.DONE, percent=100, result={"url": "/documents/7/"})

    html = client.get(address).content.decode()
    assert "hx-get" not in html
    assert 'href="/documents/7/"' in html


def test_a_failed_job_says_why_and_keeps_the_technical_reason_to_itself(client: Client, anna: User, job: Job) -> None:
    Job.objects.update(state=JobState.FAILED, error="Файл повреждён.", detail="ValueError: bad magic")
    client.force_login(anna)

    html = client.get(reverse("jobs:progress", args=[job.pk])).content.decode()

    assert "Файл повреждён." in html
    assert "bad magic" not in html
