"""What looks odd in forms that wait for review. Except for the rule, derived: it can be made again."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from indicators.models.fields import ExactDecimalField
from indicators.models.periods import Question
from indicators.models.submissions import Submission


@pghistory.track()
class AnomalyRule(models.Model):
    """From when on a figure is odd. The one with the latest date of effect that has come holds.

    ``times``: how many times more or less than the school itself ever reported. ``fence``: how many widths of the
    middle half of its peers away from that half. ``peers``: how many forms of its kind make a comparison.
    """

    effective_from = models.DateField("действует с", unique=True)
    times = ExactDecimalField("во сколько раз больше или меньше своего прошлого", default=Decimal(2))
    fence = ExactDecimalField("на сколько размахов дальше обычного у школ её вида", default=Decimal(3))
    peers = models.PositiveIntegerField("со скольких форм сравнивать с другими", default=8)

    class Meta:
        verbose_name = "правило необычных ответов"
        verbose_name_plural = "правила необычных ответов"
        ordering: ClassVar = ["-effective_from"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(times__gt=1, times__lte=1000, fence__gt=0, fence__lte=1000, peers__range=(4, 10000)),
                name="anomaly_rule_sense",
                violation_error_message=(
                    "Разы — больше 1, размахи — больше 0, и то и другое не больше 1000; форм для сравнения — от 4."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"с {self.effective_from:%d.%m.%Y}: {self.times} / {self.fence} / {self.peers}"


class PeerSpread(models.Model):
    """How the answers to a question lie in the forms handed in by organisations of one kind: the middle half of them.

    Written by :func:`indicators.services.anomalies.spreads_refresh` alone.
    """

    question = models.ForeignKey(Question, models.CASCADE, related_name="spreads", db_index=False)
    kind = models.CharField(max_length=20)
    count = models.PositiveIntegerField()
    lower = ExactDecimalField()
    median = ExactDecimalField()
    upper = ExactDecimalField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["question", "kind"], name="peer_spread_once")]

    def __str__(self) -> str:
        return f"{self.lower}–{self.upper}"


class FormAnomalies(models.Model):
    """What was found odd in a form when it was handed in, or when its peers were looked at again.

    ``found``: a list of {code, name, sentence, weight}, the weightiest first; ``weight`` is their sum, by which the
    queue is sorted. ``unexplained``: a figure jumped and its organisation does not say why.
    """

    submission = models.OneToOneField(Submission, models.CASCADE, primary_key=True, related_name="anomalies")
    weight = models.PositiveIntegerField()
    unexplained = models.BooleanField(default=False)
    found = models.JSONField(default=list)
    looked_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.weight}"
