"""Section 5 of the passport in force: who takes part in the project."""

from __future__ import annotations

from django.db import models

from projects.models import ProjectedRow


class Participant(ProjectedRow):
    """A row of section 5: ``name`` is a person, empty for a group of people. The same person stands in many rows."""

    role = models.TextField("роль", blank=True)
    position_title = models.TextField("должность", blank=True)
    supervisor = models.TextField("непосредственный руководитель", blank=True)
    employment = models.DecimalField("занятость, процентов", max_digits=24, decimal_places=12, null=True)
    group = models.TextField("результат, на который работает", blank=True)

    class Meta(ProjectedRow.Meta):
        verbose_name = "участник"
        verbose_name_plural = "участники"
