"""The outbox with the progress of each job, and the files that the portal keeps."""

import hashlib
import uuid
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now

from jobs.querysets import JobQuerySet


class JobState(models.TextChoices):
    QUEUED = "queued", "В очереди"
    RUNNING = "running", "Выполняется"
    DONE = "done", "Готово"
    FAILED = "failed", "Не выполнено"


class Job(models.Model):
    """Work to be done after a commit: the outbox row and the visible progress in one.

    The row is written in the transaction of the write that needs it; Celery is only told about it, and a sweep
    finds the rows whose message was lost. The database's clock decides every date.

        queued ──claim──▶ running ──▶ done
          ▲                  │
          └──another try─────┤ the handler raised, fewer than JOBS_ATTEMPTS times
                             └──▶ failed: it raised too often, refused its input, or died with its process too often

    A claim counts the attempt and takes a lease. While the handler works a heartbeat renews the lease; when the
    process dies the lease runs out and the next claim takes the row over. `attempts` names the claim: whoever was
    overtaken can neither report progress nor finish.
    """

    handler = models.CharField("обработчик", max_length=100)
    arguments = models.JSONField("параметры", default=dict, encoder=DjangoJSONEncoder)
    title = models.CharField("название", max_length=300, blank=True)
    key = models.CharField("ключ объединения", max_length=200, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="чьё задание",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    state = models.CharField("состояние", max_length=10, choices=JobState, default=JobState.QUEUED)
    attempts = models.PositiveSmallIntegerField("попыток", default=0)
    percent = models.PositiveSmallIntegerField("готово, %", default=0)
    step = models.CharField("шаг", max_length=300, blank=True)
    result = models.JSONField("результат", null=True, blank=True, encoder=DjangoJSONEncoder)
    error = models.TextField("ошибка для человека", blank=True)
    detail = models.TextField("ошибка для администратора", blank=True)
    created_at = models.DateTimeField("создано", db_default=Now(), editable=False)
    due_at = models.DateTimeField("не раньше", db_default=Now())
    lease_until = models.DateTimeField("аренда до", null=True, blank=True)
    started_at = models.DateTimeField("начато", null=True, blank=True)
    finished_at = models.DateTimeField("закончено", null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "задание"
        verbose_name_plural = "задания"
        constraints: ClassVar = [
            # One waiting job a key: who comes later joins it. A job that waits for its next attempt is not joined,
            # for it may have read its input already.
            models.UniqueConstraint(
                fields=["handler", "key"],
                condition=models.Q(state="queued", attempts=0) & ~models.Q(key=""),
                name="job_one_waiting_per_key",
            ),
            # One running job a key: a slow older run would otherwise overwrite the figures of a newer one.
            models.UniqueConstraint(
                fields=["handler", "key"],
                condition=models.Q(state="running") & ~models.Q(key=""),
                name="job_one_running_per_key",
            ),
            models.CheckConstraint(condition=models.Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="job_percent_to_100"),
            models.CheckConstraint(
                condition=models.Q(state="running", lease_until__isnull=False)
                | (~models.Q(state="running") & models.Q(lease_until__isnull=True)),
                name="job_lease_while_running",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(state__in=["queued", "running"]), name="job_unfinished"),
        ]

    def __str__(self) -> str:
        return self.title or self.handler

    @property
    def is_finished(self) -> bool:
        return self.state in {JobState.DONE, JobState.FAILED}

    @property
    def url(self) -> str:
        """Where the result is to be found, or the empty string."""
        return str((self.result or {}).get("url", ""))

    @property
    def link_words(self) -> str:
        """What the link to the result says."""
        return str((self.result or {}).get("label", "Открыть результат"))

    @property
    def back_url(self) -> str:
        """Where the person may try again when the job failed, or the empty string."""
        return str(self.arguments.get("back", ""))


class StoredFile(models.Model):
    """A file the portal keeps. Its content never changes; its place on the disk owes nothing to its name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField("имя", max_length=200)
    content_type = models.CharField("тип", max_length=150)
    size = models.PositiveBigIntegerField("размер, байт")
    sha256 = models.CharField("SHA-256", max_length=64)
    path = models.CharField("место", max_length=200, unique=True, editable=False)
    created_at = models.DateTimeField("сохранён", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "файл"
        verbose_name_plural = "файлы"

    def __str__(self) -> str:
        return self.name

    @property
    def location(self) -> Path:
        return Path(settings.MEDIA_ROOT) / self.path

    def read(self) -> bytes:
        """The content; `OSError` where it is gone, `ValueError` where it is no longer what was stored."""
        content = self.location.read_bytes()
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise ValueError(f"Stored file {self.pk} differs from its SHA-256.")
        return content


class RememberedAnswer(models.Model):
    """What was answered to a request that its sender may repeat, under the key that the sender chose for it.

    Written in the transaction of the request's own writes: either both are there or neither is, so a crash leaves no
    key behind that would refuse the next try. See ``jobs.idempotency``.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField("ключ", max_length=100)
    fingerprint = models.CharField("SHA-256 запроса", max_length=64)
    status = models.PositiveSmallIntegerField("код ответа", null=True)
    body = models.JSONField("ответ", null=True, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(db_default=Now(), db_index=True)

    class Meta:
        verbose_name = "запомненный ответ"
        verbose_name_plural = "запомненные ответы"
        constraints: ClassVar = [models.UniqueConstraint(fields=["owner", "key"], name="remembered_answer_once")]

    def __str__(self) -> str:
        return self.key
