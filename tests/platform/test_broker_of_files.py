"""The embedded broker under load: no message is lost, none is read twice, none is read half."""

import multiprocessing
import time
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection
from kombu.simple import SimpleQueue

from config import broker

WRITERS, READERS, MESSAGES = 2, 2, 300


def connect(folder: Path) -> Connection:
    broker.register()
    options = {"data_folder_in": str(folder), "data_folder_out": str(folder), "polling_interval": 0.001}
    return Connection("folder://localhost//", transport_options=options)


def write(folder: Path, writer: int) -> None:
    with connect(folder) as connection, connection.SimpleQueue("jobs") as queue:
        for number in range(MESSAGES):
            queue.put({"message": f"{writer}-{number}"})


def read(folder: Path, found: Any) -> None:
    with connect(folder) as connection, connection.SimpleQueue("jobs") as queue:
        while True:
            try:
                message = queue.get(timeout=1)
            except SimpleQueue.Empty:
                return
            found.append(message.payload["message"])
            message.ack()


def test_every_message_is_read_once_and_whole(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager:
        found = manager.list()
        people = [context.Process(target=write, args=(tmp_path, writer)) for writer in range(WRITERS)]
        people += [context.Process(target=read, args=(tmp_path, found)) for _ in range(READERS)]
        for person in people:
            person.start()
        for person in people:
            person.join(timeout=30)
            assert person.exitcode == 0
        assert sorted(found) == sorted(f"{w}-{n}" for w in range(WRITERS) for n in range(MESSAGES))
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_message_is_dropped_and_the_next_is_read(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / f"{time.time_ns()}_a.jobs.msg").write_text('{"body": "half of')
    with connect(tmp_path) as connection, connection.SimpleQueue("jobs") as queue:
        queue.put({"message": "whole"})
        assert queue.get(timeout=2).payload == {"message": "whole"}
    assert "damaged message" in caplog.text
