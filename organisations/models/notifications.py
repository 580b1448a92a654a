"""What the portal tells people: in the portal at once, by mail once a day in a digest."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from organisations.querysets import NotificationQuerySet
from organisations.roles import Role


class NotificationKind(models.TextChoices):
    PERIOD_OPENED = "period_opened", "Открыт отчётный период"
    DEADLINE_MOVED = "deadline_moved", "Продлён срок сдачи"
    REMINDER = "reminder", "Напоминание о сроке"
    RETURNED = "returned", "Форма возвращена с замечанием"
    REOPENED = "reopened", "Принятая форма открыта для исправления"
    ACCEPTED = "accepted", "Форма принята"
    SENT_LATE = "sent_late", "Форма сдана с опозданием"
    LATE_LIST = "late_list", "Список несдавших в муниципалитете"
    SUMMARY = "summary", "Сводка о несдавших по региону"
    MERGED = "merged", "Организация присоединена к другой"
    PLAN_DUE = "plan_due", "Скоро срок по плану мероприятий"
    PLAN_OVERDUE = "plan_overdue", "Просрочено по плану мероприятий"
    PLAN_ASSIGNED = "plan_assigned", "Поручена строка плана мероприятий"
    PLAN_SUMMARY = "plan_summary", "Сводка о просроченном в планах"
    APPROVAL_ASKED = "approval_asked", "Изменение паспорта ждёт вашего решения"
    REQUEST_DECIDED = "request_decided", "Решение по вашему изменению паспорта"
    FILLED_FOR = "filled_for", "Муниципалитет заполнил форму за организацию"
    MEASURE_GIVEN = "measure_given", "Поручена мера по отклонению"
    MEASURE_OVERDUE = "measure_overdue", "Прошёл срок меры по отклонению"


MANDATORY: frozenset[str] = frozenset(
    {
        NotificationKind.PERIOD_OPENED,
        NotificationKind.DEADLINE_MOVED,
        NotificationKind.REMINDER,
        NotificationKind.RETURNED,
        NotificationKind.REOPENED,
        NotificationKind.LATE_LIST,
        NotificationKind.MERGED,
        NotificationKind.PLAN_DUE,
        NotificationKind.PLAN_OVERDUE,
        NotificationKind.APPROVAL_ASKED,
        NotificationKind.REQUEST_DECIDED,
        NotificationKind.FILLED_FOR,
        NotificationKind.MEASURE_GIVEN,
        NotificationKind.MEASURE_OVERDUE,
    }
)
"""Kinds that a person may silence by mail but not in the portal: they ask for something to be done."""

_STAFF = frozenset({Role.OFFICE, Role.HEAD, Role.ADMINISTRATOR})
_OF_REPORTER = frozenset({Role.REPORTER})
_OF_PLANS = _STAFF | {Role.CURATOR, Role.COUNCIL, Role.COORDINATOR}
# A measure may be given to anybody who sees the project and is more than the head of an organisation.
_MAY_OWN = frozenset(Role) - _OF_REPORTER
AUDIENCE: dict[str, frozenset[Role]] = {
    NotificationKind.PERIOD_OPENED: _OF_REPORTER,
    NotificationKind.DEADLINE_MOVED: _OF_REPORTER | {Role.COORDINATOR},
    NotificationKind.REMINDER: _OF_REPORTER,
    NotificationKind.RETURNED: _OF_REPORTER,
    NotificationKind.REOPENED: _OF_REPORTER,
    NotificationKind.ACCEPTED: _OF_REPORTER,
    NotificationKind.SENT_LATE: frozenset({Role.COORDINATOR}),
    NotificationKind.LATE_LIST: frozenset({Role.COORDINATOR}),
    NotificationKind.SUMMARY: _STAFF,
    NotificationKind.MERGED: _OF_REPORTER,
    NotificationKind.PLAN_DUE: _OF_PLANS,
    NotificationKind.PLAN_OVERDUE: _OF_PLANS,
    NotificationKind.PLAN_ASSIGNED: _OF_PLANS,
    NotificationKind.PLAN_SUMMARY: _STAFF,
    NotificationKind.APPROVAL_ASKED: _STAFF | {Role.CURATOR, Role.COUNCIL},
    NotificationKind.REQUEST_DECIDED: _STAFF,
    NotificationKind.FILLED_FOR: _OF_REPORTER,
    NotificationKind.MEASURE_GIVEN: _MAY_OWN,
    NotificationKind.MEASURE_OVERDUE: _MAY_OWN,
}
"""Whom a kind concerns."""


class Channel(models.TextChoices):
    PORTAL = "portal", "На портале"
    MAIL = "mail", "В письме"


class Digest(models.Model):
    """The letter of one day to one person. The constraint is the cap: nobody gets a second one that day."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digests")
    day = models.DateField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["recipient", "day"], name="digest_once_a_day")]

    def __str__(self) -> str:
        return f"{self.recipient}, {self.day:%d.%m.%Y}"


class Notification(models.Model):
    """One thing told to one person.

    ``subject`` names what it is about («submission:12») and ``day`` is the day it belongs to, not the one on which a
    delayed job came round to it: recipient, kind, subject and day are its natural key, so nothing is told twice.
    ``in_portal`` and ``by_mail`` are what the person wished at that time; a letter is owed until it is in a ``digest``.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications", db_index=False
    )
    kind = models.CharField("вид", max_length=20, choices=NotificationKind)
    subject = models.CharField(max_length=100)
    day = models.DateField()
    text = models.TextField("что случилось")
    link = models.CharField("куда ведёт", max_length=300)
    in_portal = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField("прочитано", null=True)
    digest = models.ForeignKey(Digest, models.SET_NULL, null=True, related_name="notifications")

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = "уведомление"
        verbose_name_plural = "уведомления"
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recipient", "kind", "subject", "day"], name="notification_once"),
            models.CheckConstraint(condition=Q(kind__in=NotificationKind.values), name="notification_kind"),
            models.CheckConstraint(condition=Q(link__startswith="/"), name="notification_link_own"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["recipient", "-created_at"], name="notification_list"),
            models.Index(fields=["recipient"], condition=Q(read_at=None, in_portal=True), name="notification_unread"),
            models.Index(fields=["recipient", "day"], condition=Q(digest=None, by_mail=True), name="notification_owed"),
            models.Index(fields=["subject", "kind", "-created_at"], name="notification_about"),
        ]

    def __str__(self) -> str:
        return self.text


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class NotificationMute(models.Model):
    """A kind that a person does not want by one of the channels. No row: they get it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mutes")
    kind = models.CharField("вид", max_length=20, choices=NotificationKind)
    channel = models.CharField("канал", max_length=10, choices=Channel)

    class Meta:
        verbose_name = "отключённое уведомление"
        verbose_name_plural = "отключённые уведомления"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "kind", "channel"], name="notification_mute_once"),
            models.CheckConstraint(condition=Q(kind__in=NotificationKind.values), name="notification_mute_kind"),
            models.CheckConstraint(
                condition=Q(channel="mail") | (Q(channel="portal") & ~Q(kind__in=sorted(MANDATORY))),
                name="notification_mandatory_stays",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_channel_display()}"
