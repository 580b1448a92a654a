"""Tell thousands of random stories to the roll-up (see ``tests.indicators.roll_up_stories``), on a database of its own.

``python -m tests.soak.roll_up --stories 2000 --seed 1``. The stories of a seed are the same every time; one that fails
is printed whole.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import traceback

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
django.setup()

from django.conf import settings as portal  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from hypothesis import HealthCheck, Phase, given, seed, settings  # noqa: E402

from organisations.services import organisation_create  # noqa: E402
from tests.indicators.roll_up_stories import Story, office_of, stories, tell  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description="Tell random stories to the roll-up.")
    parser.add_argument("--stories", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        line = soak(chosen.stories, chosen.seed)
    finally:
        connection.creation.destroy_test_db(portal.DATABASES["default"]["NAME"], verbosity=0)
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    return 1 if line["failed"] else 0


def soak(count: int, number: int) -> dict[str, object]:
    """Tell so many; returns what came of them."""
    office = office_of(organisation_create(kind="region", name="Область"))
    began, told, steps, failed = time.monotonic(), 0, 0, 0

    @seed(number)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(story=stories())
    def each(story: Story) -> None:
        nonlocal told, steps, failed
        told, steps = told + 1, steps + len(story.steps)
        with transaction.atomic():
            try:
                tell(story, office)
            except Exception:  # noqa: BLE001 - told, counted, and the next one begins
                failed += 1
                sys.stderr.write(f"{traceback.format_exc()}\n{story}\n")
            transaction.set_rollback(True)
        if told % 100 == 0:
            sys.stderr.write(f"roll-up: {told} of {count} stories, {failed} failed\n")

    each()
    took = round(time.monotonic() - began)
    return {"name": "soak roll-up", "seed": number, "stories": told, "steps": steps, "failed": failed, "took_s": took}


if __name__ == "__main__":
    sys.exit(main())
