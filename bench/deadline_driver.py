"""The people of the deadline day: school heads who submit, staff who look, one who accepts.

A process of its own, beside the server: ``python -m bench.deadline_driver plan.json report.json``. The load is open:
people come at the planned rates whether or not the portal keeps up, so a slow answer costs the portal, not the people.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

CSRF = "deadlinedaydeadlinedaydeadlineda"
VERSION = re.compile(rb'name="version" value="(\d+)"')
TIMEOUT = 30


@dataclass
class Report:
    """``seconds``: of every request, by what it was. ``submitted``: forms that the portal said it has."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    submitted: list[int] = field(default_factory=list)
    began: float = 0
    ended: float = 0


class Person:
    """A browser: one connection, one session."""

    def __init__(self, port: int, session: str, report: Report) -> None:
        self.port, self.report = port, report
        self.cookies = f"sessionid={session}; csrftoken={CSRF}"
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def ask(self, what: str, method: str, path: str, fields: dict[str, Any] | None = None) -> tuple[int, bytes]:
        """Status and body; 0 where the connection failed or the answer did not come in time."""
        began = time.perf_counter()
        try:
            status, body = await asyncio.wait_for(self._send(method, path, fields), TIMEOUT)
        except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError) as error:
            self.close()
            self.report.errors[f"{what}: {type(error).__name__}"] += 1
            return 0, b""
        self.report.seconds.setdefault(what, []).append(time.perf_counter() - began)
        if status >= 400:
            self.report.errors[f"{what}: {status}"] += 1
        return status, body

    async def _send(self, method: str, path: str, fields: dict[str, Any] | None) -> tuple[int, bytes]:
        if self.writer is None or self.writer.is_closing():
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        assert self.reader is not None
        body = urlencode({**fields, "csrfmiddlewaretoken": CSRF}, doseq=True).encode() if fields is not None else b""
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {self.cookies}\r\nAccept-Encoding: identity\r\n"
        if fields is not None:
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        self.writer.write(head.encode() + b"\r\n" + body)
        await self.writer.drain()
        lines = (await self.reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        headers = dict(line.lower().split(b": ", 1) for line in lines[1:] if b": " in line)
        if headers.get(b"transfer-encoding") == b"chunked":
            parts = []
            while size := int(await self.reader.readline(), 16):
                parts.append((await self.reader.readexactly(size + 2))[:-2])
            await self.reader.readline()
            found = b"".join(parts)
        else:
            found = await self.reader.readexactly(int(headers.get(b"content-length", b"0")))
        if headers.get(b"connection") == b"close":
            self.close()
        return int(lines[0].split()[1]), found

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
        self.writer = None


async def hand_in(person: Person, form: dict[str, Any]) -> None:
    """Open the form, fill it in, look it over, send it."""
    address = f"/forms/{form['id']}/"
    status, page = await person.ask("form", "GET", address)
    version = VERSION.search(page)
    if status != 200 or version is None:
        return
    await asyncio.sleep(random.uniform(0.5, 2))
    answers = {f"a-{code}": value for code, value in form["answers"].items()}
    status, _ = await person.ask(
        "save", "POST", address, {**answers, "version": version[1].decode(), "action": "submit"}
    )
    if status != 302:
        person.report.errors[f"save: {status}, not sent on"] += 1
        return
    status, page = await person.ask("check", "GET", f"{address}check/")
    version = VERSION.search(page)
    if status != 200 or version is None:
        return
    await asyncio.sleep(random.uniform(0.2, 1))
    status, _ = await person.ask("submit", "POST", f"{address}check/", {"version": version[1].decode()})
    if status == 302:
        person.report.submitted.append(form["id"])


async def accept(person: Person, address: str) -> None:
    """Take what waits on the first page of the queue."""
    status, page = await person.ask("queue", "GET", address)
    if status == 200 and (rows := re.findall(rb'name="form" value="([^"]+)"', page)):
        await person.ask("accept", "POST", "/review/accept/", {"form": [row.decode() for row in rows]})


async def arrivals(rate: float, seconds: float, visit: Callable[[], Awaitable[None]]) -> None:
    """Begin visits at moments of their own, ``rate`` of them a second, and wait for the last to end."""
    visits: list[asyncio.Task[None]] = []
    end = time.monotonic() + seconds
    moment = time.monotonic()
    while moment < end:
        moment += random.expovariate(rate)
        await asyncio.sleep(max(0, moment - time.monotonic()))
        visits.append(asyncio.ensure_future(visit()))
    await asyncio.gather(*visits)


async def day(plan: dict[str, Any]) -> Report:
    report = Report()
    port, seconds = plan["port"], plan["seconds"]
    forms = iter(plan["forms"])
    ministry = Person(port, plan["reviewer"], report)

    async def school() -> None:
        form = next(forms)
        person = Person(port, form["session"], report)
        await hand_in(person, form)
        person.close()

    async def look() -> None:
        view = random.choice(plan["views"])
        person = Person(port, random.choice(plan["staff"]), report)
        await person.ask(view["name"], "GET", view["path"])
        person.close()

    async def reviewer() -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            await accept(ministry, plan["queue"])
            await asyncio.sleep(plan["review_every"])

    report.began = time.time()
    await asyncio.gather(
        arrivals(plan["submissions"], seconds, school), arrivals(plan["looks"], seconds, look), reviewer()
    )
    report.ended = time.time()
    return report


def main(plan: str, report: str) -> None:
    random.seed(20_261_121)
    found = asyncio.run(day(json.loads(Path(plan).read_text())))
    Path(report).write_text(json.dumps(vars(found)))


if __name__ == "__main__":
    main(*sys.argv[1:])
