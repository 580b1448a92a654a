"""A request that is sent again is answered again, and done once."""

from __future__ import annotations

import threading
from collections import Counter
from unittest.mock import patch

import pytest
from django.db import connection, connections

from jobs import idempotency
from jobs.idempotency import Answer, KeyReused, StillRunning, answer_once, forget_old_answers
from jobs.models import Job, RememberedAnswer
from jobs.services import enqueue
from organisations.models import User
from tests.two_connections import together

pytestmark = pytest.mark.django_db(transaction=True)
FIRST, OTHER = "a" * 64, "b" * 64


@pytest.fixture
def owner() -> User:
    return User.objects.create_user("sender", full_name="Отправитель")


def _work() -> Answer:
    job = enqueue(handler="sample.note", arguments={})
    return Answer(201, {"id": job.pk})


def test_the_second_is_told_what_the_first_was(owner: User) -> None:
    first = answer_once(owner_id=owner.pk, key="k", fingerprint=FIRST, answer=_work)
    second = answer_once(owner_id=owner.pk, key="k", fingerprint=FIRST, answer=_work)
    assert (second.status, second.body, second.repeated) == (201, first.body, True)
    assert Job.objects.count() == 1


def test_a_key_belongs_to_one_request_of_one_person(owner: User) -> None:
    answer_once(owner_id=owner.pk, key="k", fingerprint=FIRST, answer=_work)
    with pytest.raises(KeyReused):
        answer_once(owner_id=owner.pk, key="k", fingerprint=OTHER, answer=_work)
    neighbour = User.objects.create_user("neighbour", full_name="Сосед")
    assert not answer_once(owner_id=neighbour.pk, key="k", fingerprint=OTHER, answer=_work).repeated


def test_after_a_crash_the_next_try_works(owner: User) -> None:
    def crash() -> Answer:
        _work()
        raise RuntimeError("the process died")

    with pytest.raises(RuntimeError):
        answer_once(owner_id=owner.pk, key="k", fingerprint=FIRST, answer=crash)
    assert not Job.objects.exists()
    assert not answer_once(owner_id=owner.pk, key="k", fingerprint=FIRST, answer=_work).repeated


def test_fifty_at_once_do_it_once(owner: User) -> None:
    def send() -> bool:
        return answer_once(owner_id=owner.pk, key="k", fingerprint=FIRST, answer=_work).repeated

    outcomes = Counter(together(*[send] * 50))
    assert outcomes == {False: 1, True: 49}
    assert Job.objects.count() == 1


def test_nobody_waits_for_ever(owner: User) -> None:
    begun, finish = threading.Event(), threading.Event()

    def slow() -> Answer:
        begun.set()
        assert finish.wait(10)
        return _work()

    def send() -> None:
        try:
            answer_once(owner_id=owner.pk, key="k", fingerprint=FIRST, answer=slow)
        finally:
            connections.close_all()

    thread = threading.Thread(target=send)
    thread.start()
    assert begun.wait(10)
    with patch.object(idempotency, "WAIT_SECONDS", 0.2), pytest.raises(StillRunning):
        answer_once(owner_id=owner.pk, key="k", fingerprint=FIRST, answer=_work)
    finish.set()
    thread.join(10)
    assert answer_once(owner_id=owner.pk, key="k", fingerprint=FIRST, answer=_work).repeated


def test_answers_are_forgotten_after_a_day(owner: User) -> None:
    answer_once(owner_id=owner.pk, key="old", fingerprint=FIRST, answer=_work)
    answer_once(owner_id=owner.pk, key="new", fingerprint=FIRST, answer=_work)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE jobs_rememberedanswer SET created_at = now() - %s::interval WHERE key = 'old'", ["2 days"]
        )
    assert forget_old_answers() == 1
    assert RememberedAnswer.objects.get().key == "new"
