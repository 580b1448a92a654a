"""The tree of organisations."""

from __future__ import annotations

import re
from typing import ClassVar

import pghistory
from django.db import models

from organisations.models.names import NameField, without_directions
from organisations.querysets import OrganisationQuerySet


class OrganisationKind(models.TextChoices):
    REGION = "region", "Регион"
    MUNICIPALITY = "municipality", "Муниципальное образование"
    SCHOOL = "school", "Школа"
    KINDERGARTEN = "kindergarten", "Детский сад"
    COLLEGE = "college", "Колледж"
    CENTRE = "centre", "Центр"


REPORTING_KINDS: tuple[str, ...] = (
    OrganisationKind.SCHOOL,
    OrganisationKind.KINDERGARTEN,
    OrganisationKind.COLLEGE,
    OrganisationKind.CENTRE,
)
"""Kinds of organisation that stand at the leaves of the tree and report actuals."""


def sort_key_of(name: str) -> str:
    """A key that sorts Russian names as people expect: «ё» beside «е», case and quotes ignored, № 2 before № 10.

    The embedded server has no ICU collation, so the order is made once, here, and kept beside the name.
    """
    text = without_directions(name).casefold().replace("ё", "е")
    plain = "".join(letter if letter.isalnum() else " " for letter in text).strip()
    return re.sub(r"\d+", lambda digits: digits[0].zfill(6), plain)


@pghistory.track()
class Organisation(models.Model):
    """A node of the tree: the region, a municipality, or an organisation that reports.

    ``path`` is the materialised path: ids from the root, each with a trailing dot («1.5.123.»), so that the nodes
    below one are those whose path starts with its own.
    """

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=200, unique=True, editable=False)
    depth = models.PositiveSmallIntegerField(editable=False)
    kind = models.CharField("вид", max_length=20, choices=OrganisationKind)
    name = NameField("полное наименование", max_length=500)
    short_name = NameField("краткое наименование", max_length=200)
    sort_key = models.CharField(max_length=200, editable=False)
    inn = models.CharField("ИНН", max_length=12, null=True, blank=True, unique=True)
    oktmo = models.CharField("ОКТМО", max_length=11, blank=True)
    closed_at = models.DateField("закрыта", null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, verbose_name="преемник", null=True, blank=True, related_name="predecessors"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "организация"
        verbose_name_plural = "организации"
        ordering: ClassVar = ["sort_key", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(path__regex=r"^([0-9]+\.)+$"), name="organisation_path_form"),
            models.CheckConstraint(
                condition=models.Q(depth=0, parent=None) | models.Q(depth__gt=0, parent__isnull=False),
                name="organisation_root_has_no_parent",
            ),
            models.CheckConstraint(
                condition=models.Q(inn=None) | models.Q(inn__regex=r"^([0-9]{10}|[0-9]{12})$"),
                name="organisation_inn_digits",
            ),
            models.CheckConstraint(
                condition=models.Q(successor=None) | models.Q(closed_at__isnull=False),
                name="organisation_with_successor_is_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    @property
    def ancestor_ids(self) -> list[int]:
        """Ids from the root down to the node itself."""
        return [int(part) for part in self.path.split(".") if part]
