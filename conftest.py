"""What concerns the whole run: its order, fixtures of several parts of the suite, and that browser tests really ran."""

import os
from collections.abc import Iterator

import pytest

pytest_plugins = ["tests.world"]

passed_in_browser: list[str] = []

# Files of few and long tests go first: at the end of a run one part would else wait for the other.
LONGEST = ("tests/browser/", "tests/platform/")


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    for item in items:
        if item.get_closest_marker("django_db") or "django_db_setup" in getattr(item, "fixturenames", ()):
            item.add_marker("database")
    yield
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and report.passed and "browser" in report.keywords:
        passed_in_browser.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    # Of a run in parts only the one who collects the reports knows them all.
    collects = not hasattr(session.config, "workerinput")
    if collects and os.environ.get("REQUIRE_BROWSER", "0") == "1" and not passed_in_browser:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        print("\nREQUIRE_BROWSER=1, but no browser test has passed.")  # noqa: T201  -- pytest has closed its report
