"""What may stand in a log: not the part of an address that lets somebody in."""

from __future__ import annotations

import logging
import re
from typing import Any

# The link of an invitation or its slip, and that of a new password, as `organisations.urls` has them.
_SECRET = re.compile(r"(/sign-in/first/|/password/(?!forgotten/))[^\s?\"'<>]+")


def without_secrets(said: Any) -> Any:
    """The same without the secret part of such an address; what is no text stays as it is."""
    return _SECRET.sub(r"\1…", said) if isinstance(said, str) else said


class WithoutSecrets(logging.Filter):
    """Django warns of every answer of 4xx with its address, and a link is still good after a password too weak."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = without_secrets(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(without_secrets(said) for said in record.args)
        return True
