"""When a dataset was taken."""

from __future__ import annotations

from django.utils import timezone


def as_of_now() -> str:
    return f"По состоянию на {timezone.localtime():%d.%m.%Y %H:%M}."
