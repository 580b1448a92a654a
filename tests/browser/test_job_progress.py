"""A person watches a job: the page follows the worker by itself and ends with the result."""

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from jobs.services import enqueue
from organisations.models import User
from tests.browser.conftest import NARROW, WIDE, AssertAccessible, OpenAs, Screenshot
from tests.worker import Worker


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_page_follows_the_worker_and_ends_with_the_result(
    open_as: OpenAs,
    worker: Worker,
    assert_accessible: AssertAccessible,
    screenshot: Screenshot,
    tmp_path: Path,
    size: tuple[int, int],
) -> None:
    anna = User.objects.create_user("anna", None, full_name="Волкова Анна Сергеевна")
    release = tmp_path / "release"
    arguments = {"notes": str(tmp_path / "notes"), "release": str(release), "url": "/jobs/ready/"}
    job = enqueue(handler="sample.wait", arguments=arguments, title="Паспорт в PDF", owner_id=anna.pk)

    page = open_as(anna, reverse("jobs:detail", args=[job.pk]), size)
    expect(page.get_by_text("Ждём разрешения")).to_be_visible()
    assert_accessible(page)
    screenshot(page, "job-running")

    release.touch()
    expect(page.get_by_role("link", name="Открыть результат")).to_have_attribute("href", "/jobs/ready/")
    assert_accessible(page)
    screenshot(page, "job-done")
