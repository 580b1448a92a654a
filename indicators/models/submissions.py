"""The form that an organisation fills in for a period."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from indicators.models.fields import ExactDecimalField, bounded, known
from indicators.models.periods import Question, ReportingPeriod
from indicators.querysets import SubmissionQuerySet
from organisations.models import Organisation


class SubmissionState(models.TextChoices):
    DRAFT = "draft", "Черновик"
    SUBMITTED = "submitted", "На проверке"
    RETURNED = "returned", "Возвращена"
    ACCEPTED = "accepted", "Принята"


# Born in the thousands when a period is opened, which the period's own history tells; hence no event for the birth.
@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Submission(models.Model):
    """One form: what one organisation reports for one period, over all its projects.

    States: ``draft`` → ``submitted`` → ``accepted`` (its figures become facts) | ``returned`` (with a comment) →
    ``submitted``. A draft and a returned one can be written, by nobody else than the organisation. Who filled in or
    submitted a form cannot review it.

    ``version`` rises with every write and is sent back by forms: who saw an older one is told, and overwrites nothing.
    Version 0 was never touched. ``late``: submitted after the deadline, by the clock of the database.
    """

    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="submissions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="submissions")
    state = models.CharField("состояние", max_length=10, choices=SubmissionState, default=SubmissionState.DRAFT)
    version = models.PositiveIntegerField(default=0)
    filled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    filled_at = models.DateTimeField("сохранена", null=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField("отправлена", null=True)
    late = models.BooleanField("с опозданием", default=False)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField("проверена", null=True)
    comment = models.TextField("замечание проверяющего", blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "форма"
        verbose_name_plural = "формы"
        ordering: ClassVar = ["period", "organisation"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["period", "organisation"], name="submission_once"),
            known("state", SubmissionState, "submission_state"),
            models.CheckConstraint(
                condition=Q(state="draft", submitted_at=None, submitted_by=None)
                | (~Q(state="draft") & Q(submitted_at__isnull=False, submitted_by__isnull=False)),
                name="submission_submitted",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted"], reviewed_at=None, reviewed_by=None)
                | Q(state__in=["returned", "accepted"], reviewed_at__isnull=False, reviewed_by__isnull=False),
                name="submission_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("submitted_by")), name="submission_two_people"
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(comment=""), name="submission_returned_with_comment"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "submitted_at"], condition=Q(state="submitted"), name="submission_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.period}"

    @property
    def is_writable(self) -> bool:
        """Whether the organisation may change it, as far as its own state goes."""
        return self.state in {SubmissionState.DRAFT, SubmissionState.RETURNED}


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Answer(models.Model):
    """One answered question of a form. «Yes» is 1, «no» is 0.

    No row, or one with neither a value nor ``not_applicable``, is a question not answered yet: none of these is 0.
    """

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="answers", db_index=False)
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    value = ExactDecimalField(null=True)
    not_applicable = models.BooleanField(default=False)

    class Meta:
        verbose_name = "ответ"
        verbose_name_plural = "ответы"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["submission", "question"], name="answer_once"),
            models.CheckConstraint(condition=Q(value=None) | Q(not_applicable=False), name="answer_one_of_two"),
            bounded("value", "answer_bounds"),
        ]

    def __str__(self) -> str:
        return "неприменимо" if self.not_applicable else str(self.value)

    @property
    def is_given(self) -> bool:
        return self.not_applicable or self.value is not None
