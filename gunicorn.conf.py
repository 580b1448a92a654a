"""What every gunicorn started in this folder reads of itself."""

from typing import Any

from gunicorn.glogging import Logger

from config.logs import without_secrets


class AccessLog(Logger):  # type: ignore[misc]  # the library has no types
    """The log of requests, in which no link that lets somebody in can be read."""

    def atoms(self, *args: Any) -> dict[str, Any]:
        return {name: without_secrets(said) for name, said in super().atoms(*args).items()}


logger_class = AccessLog
