"""The embedded broker: messages as files in a folder, for a demo or a test run without Redis.

It is kombu's own file transport, pure Python, so there is nothing to compile or to install. It promises little, which
is harmless here: a message is a hint, the job's row is the truth, and the sweep finds what a lost message left behind.

Three things had to be mended. kombu writes a message in place, so that a reader may meet half of it (two of 6000 under
load), and a worker that reads half a message stops altogether. It moves what it has read through /tmp, which may be
another file system, where a move is a copy. And its table of queues is a file that two starting processes can break.
"""

import logging
import uuid
from json import JSONDecodeError
from pathlib import Path
from queue import Empty
from time import time_ns
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.transport.filesystem import exchange_queue_t
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)

SCHEME = "folder"


class Channel(filesystem.Channel):
    """Writes a message under another name and renames it when it is whole; takes it by renaming it again."""

    def _put(self, queue: str, payload: dict[str, Any], **_: Any) -> None:  # type: ignore[override]  # as in kombu
        folder = Path(self.data_folder_out)
        name = f"{time_ns()}_{uuid.uuid4()}.{queue}.msg"
        unfinished = folder / f".{name}.unfinished"
        unfinished.write_text(dumps(payload), encoding="utf-8")
        unfinished.rename(folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:  # noqa: ARG002  -- never waits
        names = (path.name for path in Path(self.data_folder_in).iterdir())
        for name in sorted(name for name in names if name[0] != "." and name.endswith(f".{queue}.msg")):
            taken = Path(self.data_folder_in, f".{name}.taken")
            try:
                Path(self.data_folder_in, name).rename(taken)
            except FileNotFoundError:
                continue  # another worker was faster
            text = taken.read_text(encoding="utf-8")
            taken.unlink()
            try:
                return loads(text)
            except JSONDecodeError:
                logger.warning("A damaged message was dropped: %s", name)
        raise Empty

    def get_table(self, exchange: str) -> list[exchange_queue_t]:  # type: ignore[override]  # as in kombu
        """Celery's direct exchange has one queue, of its own name; it needs no file to remember that."""
        return [exchange_queue_t(exchange, "", exchange)]

    def _queue_bind(self, exchange: str, routing_key: str | None, pattern: str | None, queue: str) -> None:
        """Nothing to remember: see `get_table`."""


class Transport(filesystem.Transport):
    Channel = Channel


def register() -> None:
    """Let broker addresses begin with `folder://`."""
    TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"
