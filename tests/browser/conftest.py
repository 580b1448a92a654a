"""A real Chromium before a real server, with a real worker behind it.

    def test_a_school_submits(open_as: OpenAs, worker: Worker, assert_accessible: AssertAccessible) -> None:
        page = open_as(cast.reporters[0], "/")

A test fails by itself when a page reports an error, breaks its own security policy or asks another host for anything.
`SCREENSHOTS=1` keeps what `screenshot` takes in test-results/.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Route,
    expect,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from organisations.models import User
from tests.worker import ROOT, Worker, running_worker

# Playwright keeps an event loop in this very thread, so Django takes every query of a test for one made inside a
# coroutine and refuses it. There is no coroutine: the test runs one line after another.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

HERE = Path(__file__).parent
AXE = (ROOT / "tests" / "vendor" / "axe.min.js").read_text(encoding="utf-8")
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RESULTS = ROOT / "test-results"
REQUIRED = os.environ.get("REQUIRE_BROWSER", "0") == "1"

# A busy machine is slow; a page that is wrong stays wrong.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)

WIDE = (1440, 900)
NARROW = (390, 844)

OpenAs = Callable[..., Page]
AssertAccessible = Callable[[Page], None]
Screenshot = Callable[[Page, str], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        (pytest.fail if REQUIRED else pytest.skip)("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=[
                "--no-sandbox",  # CI is root
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def open_as(chromium: Browser, live_server: LiveServer) -> Iterator[OpenAs]:
    """`open_as(user, "/projects/")`: the page in a browser of that person's own, signed in; None is a stranger."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(user: User | None, address: str = "/", size: tuple[int, int] = WIDE) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            locale="ru-RU",
            timezone_id="Europe/Moscow",
            viewport={"width": size[0], "height": size[1]},
            reduced_motion="reduce",
            accept_downloads=True,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.route(re.compile(r"^https?://"), lambda route, request: _only_own_host(route, request, live_server.url))
        context.on("console", lambda message: _note_error(message, complaints))
        context.on("weberror", lambda error: complaints.append(f"{error.error}"))
        context.on("requestfailed", lambda request: _note_foreign(request, live_server.url, complaints))
        if user is not None:
            context.add_cookies([{"name": "sessionid", "value": _session_of(user), "url": live_server.url}])
        page = context.new_page()
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


def _session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def _only_own_host(route: Route, request: Request, own: str) -> None:
    if request.url.startswith(own):
        route.continue_()
    else:
        route.abort()


def _note_error(message: ConsoleMessage, complaints: list[str]) -> None:
    # An answer of 4xx is written to the console too; whether it was right is the test's own question.
    if message.type == "error" and not message.text.startswith("Failed to load resource"):
        complaints.append(f"{message.page.url if message.page else ''}: {message.text}")


def _note_foreign(request: Request, own: str, complaints: list[str]) -> None:
    if not request.url.startswith(own):
        complaints.append(f"The page asked another host: {request.url}")


@pytest.fixture(scope="module")
def worker(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    """A worker process for the tests of one module, quick to find what was left behind."""
    quick = {"JOBS_LEASE_SECONDS": "5", "JOBS_SWEEP_SECONDS": "1", "JOBS_RETRY_SECONDS": "0"}
    with running_worker(tmp_path_factory.mktemp("worker"), **quick) as worker:
        yield worker


@pytest.fixture
def assert_accessible() -> AssertAccessible:
    """Run axe on the page as it stands; every violation is told with the rule and the elements that break it."""

    def check(page: Page) -> None:
        page.evaluate(AXE)
        found: dict[str, Any] = page.evaluate(
            "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})",
            AXE_RULES,
        )
        violations = [
            f"{violation['id']}: {violation['help']}\n    "
            + "\n    ".join(node["html"][:200] for node in violation["nodes"])
            for violation in found["violations"]
        ]
        assert not violations, f"{page.url}\n" + "\n".join(violations)

    return check


def fits(page: Page) -> bool:
    """Whether the page is as wide as its window, once it has taken in its styles and fonts."""
    for _ in range(50):
        if page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"):
            return True
        page.wait_for_timeout(100)
    return False


@pytest.fixture
def screenshot() -> Screenshot:
    """`screenshot(page, "home")` keeps the whole page as test-results/home-1440.png when SCREENSHOTS=1."""

    def take(page: Page, name: str) -> None:
        if os.environ.get("SCREENSHOTS") == "1":
            RESULTS.mkdir(exist_ok=True)
            width = page.viewport_size["width"] if page.viewport_size else 0
            page.screenshot(path=RESULTS / f"{name}-{width}.png", full_page=True)

    return take
