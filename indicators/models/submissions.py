"""The form that an organisation fills in for a period."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from indicators.models.fields import ExactDecimalField, bounded, known
from indicators.models.periods import Question, ReportingPeriod, append_only
from indicators.querysets import SubmissionQuerySet
from jobs.models import StoredFile
from organisations.models import Organisation


class SubmissionState(models.TextChoices):
    DRAFT = "draft", "Черновик"
    SUBMITTED = "submitted", "На проверке"
    CHECKED = "checked", "Проверена муниципалитетом"
    RETURNED = "returned", "Возвращена"
    ACCEPTED = "accepted", "Принята"
    REOPENED = "reopened", "Открыта для исправления"


WRITABLE = frozenset({SubmissionState.DRAFT, SubmissionState.RETURNED, SubmissionState.REOPENED})
"""States in which the organisation may write its form."""


# Born in the thousands when a period is opened, which the period's own history tells; hence no event for the birth.
@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Submission(models.Model):
    """One form: what one organisation reports for one period, over all its projects.

    States: ``draft`` → ``submitted`` → ``accepted`` (its figures become facts) | ``returned`` (with a comment) →
    ``submitted``. Where ``levels`` is 2 the municipality reviews first: ``submitted`` → ``checked`` → ``accepted`` |
    ``returned``, and who checked does not accept. An accepted one is ``reopened`` by the ministry with a reason (in
    ``comment``): its facts are withdrawn, the :class:`Acceptance` that made them stays; it goes on as a returned one.
    Drafts, returned and reopened ones can be written: by the organisation, which alone submits them, and for it by its
    municipality, whose people a :class:`StandIn` names. Who filled in or submitted a form cannot review it.

    ``version`` rises with every write and is sent back by forms: who saw an older one is told, and overwrites nothing.
    Version 0 was never touched. ``late``: submitted after the deadline, by the clock of the database, when it came for
    the first time (``first_submitted_at``); one that came in time and was corrected after it is ``corrected_late``.
    """

    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="submissions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="submissions")
    state = models.CharField("состояние", max_length=10, choices=SubmissionState, default=SubmissionState.DRAFT)
    version = models.PositiveIntegerField(default=0)
    filled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    filled_at = models.DateTimeField("сохранена", null=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField("отправлена", null=True)
    first_submitted_at = models.DateTimeField("отправлена впервые", null=True)
    late = models.BooleanField("с опозданием", default=False)
    corrected_late = models.BooleanField("исправлена после срока", default=False, db_default=False)
    levels = models.PositiveSmallIntegerField(default=1)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField("проверена муниципалитетом", null=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField("проверена", null=True)
    comment = models.TextField("замечание проверяющего", blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "форма"
        verbose_name_plural = "формы"
        ordering: ClassVar = ["period", "organisation"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["period", "organisation"],
                include=["state", "late"],  # completeness of a country needs no more, and reads the index alone
                name="submission_once",
            ),
            known("state", SubmissionState, "submission_state"),
            models.CheckConstraint(
                condition=Q(state="draft", submitted_at=None, submitted_by=None)
                | (~Q(state="draft") & Q(submitted_at__isnull=False, submitted_by__isnull=False)),
                name="submission_submitted",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "checked"], reviewed_at=None, reviewed_by=None)
                | Q(
                    state__in=["returned", "accepted", "reopened"], reviewed_at__isnull=False, reviewed_by__isnull=False
                ),
                name="submission_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("submitted_by")), name="submission_two_people"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["returned", "reopened"]) | ~Q(comment=""),
                name="submission_returned_with_comment",
            ),
            models.CheckConstraint(
                condition=Q(levels__in=[1, 2])
                & (
                    Q(state__in=["draft", "submitted", "returned", "reopened"], checked_at=None, checked_by=None)
                    | Q(state="accepted", levels=1, checked_at=None, checked_by=None)
                    | Q(state__in=["checked", "accepted"], levels=2, checked_at__isnull=False, checked_by__isnull=False)
                ),
                name="submission_checked",
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None)
                | (~Q(checked_by=F("submitted_by")) & (Q(reviewed_by=None) | ~Q(checked_by=F("reviewed_by")))),
                name="submission_checked_by_another",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["period", "submitted_at"],
                condition=Q(state__in=["submitted", "checked"]),
                name="submission_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.period}"

    @property
    def lateness(self) -> str:
        """What is to be said of the deadline; empty where the form came in time and stayed so."""
        if self.late:
            return "с опозданием"
        return "сдана в срок, исправлена после срока" if self.corrected_late else ""

    @property
    def is_writable(self) -> bool:
        """Whether the organisation may change it, as far as its own state goes."""
        return self.state in WRITABLE


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Answer(models.Model):
    """One answered question of a form. «Yes» is 1, «no» is 0.

    ``explanation`` is the organisation's, of a figure that jumped; ``remark`` the reviewer's, of the last return.
    No row, or one with neither a value nor ``not_applicable``, is a question not answered yet: none of these is 0.
    """

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="answers", db_index=False)
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    value = ExactDecimalField(null=True)
    not_applicable = models.BooleanField(default=False)
    explanation = models.TextField("пояснение", blank=True)
    remark = models.TextField("замечание к полю", blank=True)

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


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class Evidence(models.Model):
    """A file that proves the figures of a form: of one question, or of the whole form."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="evidence")
    question = models.ForeignKey(Question, models.PROTECT, null=True, related_name="+")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "подтверждение"
        verbose_name_plural = "подтверждения"
        ordering: ClassVar = ["submission", "id"]

    def __str__(self) -> str:
        return self.file.name


@append_only
class StandIn(models.Model):
    """A person who filled in a form, or a part of it, for its organisation; for good, whoever writes it afterwards.

    ``Submission.filled_by`` is only the last who wrote. One head who mends a comma would let the one who entered all
    the other figures review them.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="stand_ins", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "заполнивший за организацию"
        verbose_name_plural = "заполнившие за организации"
        ordering: ClassVar = ["submission", "at"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["submission", "person"], name="stand_in_once")]

    def __str__(self) -> str:
        return str(self.person)


@append_only
class Acceptance(models.Model):
    """A form as it was accepted. Facts may be withdrawn by a reopening; what was accepted stays to be seen.

    ``answers``: code of the question → value as text, or None for «not applicable», with its explanation and the
    SHA-256 of its evidence. ``number`` counts the acceptances of the form from 1.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="acceptances")
    number = models.PositiveIntegerField()
    answers = models.JSONField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    late = models.BooleanField()
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "приёмка формы"
        verbose_name_plural = "приёмки форм"
        ordering: ClassVar = ["submission", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["submission", "number"], name="acceptance_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="acceptance_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.submission}: приёмка {self.number}"


@append_only
class Reopening(models.Model):
    """Why and by whom an acceptance was undone."""

    acceptance = models.OneToOneField(Acceptance, models.PROTECT, related_name="reopening")
    reason = models.TextField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "возврат из принятых"
        verbose_name_plural = "возвраты из принятых"
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="reopening_with_reason")]

    def __str__(self) -> str:
        return self.reason
