"""What Celery runs: one task for every job, and the sweep."""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from jobs import messages
from jobs.execution import run_job
from jobs.idempotency import forget_old_answers


@shared_task(name="jobs.run")
def run(job_id: int) -> None:
    """Do one job; a second delivery of the message finds nothing to do."""
    run_job(job_id)


@shared_task(name="jobs.sweep")
def sweep() -> None:
    """Find the jobs whose message was lost, or whose worker died."""
    messages.sweep()


@shared_task(name="jobs.forget_old_answers")
def forget() -> None:
    """Drop the answers that nobody asks for again."""
    forget_old_answers()


@worker_ready.connect
def sweep_at_start(sender: Any, **_: Any) -> None:
    """A worker that starts after an outage does not wait for the next beat. It is only asked to sweep: a database
    connection opened here, in the parent, would be shared with every child forked later."""
    sender.app.send_task("jobs.sweep", ignore_result=True)
