"""What each page of the last day costs: processor time of Python, statements, and how long the database had them.

``python bench/bench_pages.py [organisations] [times]``, 40,000 and 15 unless told otherwise. One process answers one
request after another, as a thread of gunicorn would. The floor is the shortest answer that the portal has, `/health/`.
The figures are medians without the first two requests of each page, which fill what the process keeps.
"""

from __future__ import annotations

import io
import json
import re
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from bench.deadline_country import country, forms_of, session_of, staff, views_of  # noqa: E402
from bench.deadline_driver import CSRF, VERSION  # noqa: E402
from indicators.models import ReportingPeriod  # noqa: E402

DATABASE = "bench_pages"
KINDS = {"ministry": 0, "region": 1, "coordinator": -1}
"""Of whom the pages of staff are asked, by place in the list of staff."""
FLOOR, FIRST = "health", 2


@dataclass
class Cost:
    """Of one request: seconds of the processor, statements, and seconds that the database had them."""

    processor: float
    statements: int
    database: float


class Window:
    """The portal in this very process, and what it costs to ask it."""

    def __init__(self) -> None:
        from config.wsgi import application

        self.application = application
        self.costs: dict[str, list[Cost]] = defaultdict(list)
        self.statements: list[float] = []
        connection.ensure_connection()
        connection.execute_wrappers.append(self._timed)

    def ask(self, what: str, session: str, path: str, fields: dict[str, str] | None = None) -> bytes:
        """The answer to a request of the person with this session; a POST where there are fields."""
        body = urlencode({**fields, "csrfmiddlewaretoken": CSRF}).encode() if fields is not None else b""
        address, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": "GET" if fields is None else "POST",
            "PATH_INFO": address,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": f"sessionid={session}; csrftoken={CSRF}",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
        }
        said: list[str] = []
        self.statements.clear()
        began = time.process_time()
        answer = self.application(environ, lambda status, _headers, *_: said.append(status))  # type: ignore[arg-type]
        content = b"".join(answer)
        answer.close()
        took = time.process_time() - began
        if said[0][0] not in "23":
            raise SystemExit(f"{what}: {said[0]}")
        self.costs[what].append(Cost(took, len(self.statements), sum(self.statements)))
        return content

    def _timed(self, execute: Callable[..., Any], *given: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*given)
        finally:
            self.statements.append(time.perf_counter() - began)


def main(organisations: int, times: int) -> None:
    connection.settings_dict["TEST"]["NAME"] = DATABASE
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=["rest_framework"])
        window = Window()
        _look_around(window, country(organisations), times)
        floor = statistics.median(cost.processor for cost in window.costs[FLOOR][FIRST:])
        for what, costs in window.costs.items():
            print(json.dumps(_line(what, costs[FIRST:], floor, organisations)), flush=True)
    finally:
        connection.creation.destroy_test_db(DATABASE, verbosity=0)


def _look_around(window: Window, period: ReportingPeriod, times: int) -> None:
    for form in forms_of(period, times + FIRST):
        window.ask(FLOOR, form["session"], "/health/")
        window.ask("head_home", form["session"], "/")
        _hand_in(window, form["session"], f"/forms/{form['id']}/", form["answers"])
    people = [session_of(person) for person in staff()]
    for _ in range(times + FIRST):
        for view in views_of(period):
            for kind, place in KINDS.items():
                window.ask(f"{view['name']}_{kind}", people[place], view["path"])


def _hand_in(window: Window, session: str, address: str, answers: dict[str, str]) -> None:
    """As a browser does it, which follows where it is sent: see, save, look over, send, read the receipt."""
    fields = {f"a-{code}": value for code, value in answers.items()}
    version = _version(window.ask("form", session, address))
    window.ask("save", session, address, {**fields, "version": version, "action": "submit"})
    version = _version(window.ask("check", session, f"{address}check/"))
    window.ask("submit", session, f"{address}check/", {"version": version})
    window.ask("sent", session, address)
    window.ask("receipt", session, f"{address}receipt/")


def _version(page: bytes) -> str:
    found = re.search(VERSION, page)
    assert found is not None
    return found[1].decode()


def _line(what: str, costs: list[Cost], floor: float, organisations: int) -> dict[str, Any]:
    ours = statistics.median(cost.processor for cost in costs)
    return {
        "name": f"page_{what}",
        "organisations": organisations,
        "ours_s": round(ours, 4),
        "floor_s": round(floor, 4),
        "ratio": round(ours / floor, 1),
        "statements": statistics.median_high(cost.statements for cost in costs),
        "database_s": round(statistics.median(cost.database for cost in costs), 4),
    }


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(given[0] if given else 40_000, given[1] if len(given) > 1 else 15)
