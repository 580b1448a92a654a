"""How gunicorn runs the portal: image, demo and bench start it in this folder and say only where to listen."""

import gc
import os
from typing import Any

from gunicorn.glogging import Logger

from config.logs import without_secrets


class AccessLog(Logger):  # type: ignore[misc]  # the library has no types
    """The log of requests, in which no link that lets somebody in can be read."""

    def atoms(self, *args: Any) -> dict[str, Any]:
        return {name: without_secrets(said) for name, said in super().atoms(*args).items()}


logger_class = AccessLog
# A process for each core, and in each one request at work while another waits for the database. With four threads they
# take the processor from one another: at 17 hand-ins a second one answer of twenty took 1.8 s, with two 0.4. Whoever
# sends slowly holds a thread meanwhile: the proxy in front has to read requests whole, as nginx does by itself.
workers = int(os.environ.get("WEB_CONCURRENCY") or max(2, os.cpu_count() or 2))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS") or 2)
keepalive = 5
control_socket_disable = True
# All pages are loaded before the first process is forked: none of them then makes the first visitors wait for that.
preload_app = True


def when_ready(_server: Any) -> None:
    """What is loaded by now lives as long as the server: no collection of garbage need walk over it again."""
    gc.collect()
    gc.freeze()
    # A page makes tens of thousands of objects and few cycles: looking for these every 700 costs a twelfth of its time.
    gc.set_threshold(10_000, 20, 20)
