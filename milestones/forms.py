"""The filter of the event plan; it lives in the address bar."""

from __future__ import annotations

from django import forms

from milestones.models import PlanKind


class PlanFilter(forms.Form):
    kind = forms.ChoiceField(label="Вид строки", required=False, choices=[("", "все"), *PlanKind.choices])
    responsible = forms.CharField(label="Ответственный", required=False, max_length=200)
