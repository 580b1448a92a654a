"""Telling Celery. Every message is a hint: the job's row is the truth, and losing one delays it to the next sweep."""

import logging

from celery import current_app
from django.conf import settings

from jobs.models import Job

logger = logging.getLogger(__name__)

SWEEP_LIMIT = 500


def announce(job_id: int, *, expires: int | None = None, after: float = 0) -> bool:
    """Send the message, for a worker to act on after so many seconds; False when the broker did not take it, which must
    never break a request.
    """
    try:
        current_app.send_task(
            "jobs.run", args=[job_id], retry=False, expires=expires, countdown=after or None, ignore_result=True
        )
    except Exception as error:  # noqa: BLE001  -- each transport raises errors of its own
        logger.warning("The broker did not take job %s (%s); the sweep will find it.", job_id, error)
        return False
    return True


def sweep() -> int:
    """Announce again every job that is due, oldest first; returns how many.

    These messages expire soon after the next sweep, so that a long queue does not pile up in the broker.
    """
    due = Job.objects.due().order_by("due_at", "pk").values_list("pk", flat=True)[:SWEEP_LIMIT]
    sent = 0
    for job_id in list(due):
        if not announce(job_id, expires=2 * settings.JOBS_SWEEP_SECONDS):
            break
        sent += 1
    return sent
