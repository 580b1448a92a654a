"""What is asked about the event plan: filters, which live in the address bar, and what became of a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from jobs.files.attachments import ENDINGS
from jobs.forms import FileForm, UploadField
from milestones.models import PlanKind, PlanRow
from milestones.selectors.plan import OVERRUN
from milestones.states import PlanState
from organisations.forms.days import DayField
from organisations.models import User
from projects.models import Project

_STATES = [("", "любое"), *PlanState.choices, (OVERRUN, "контрольная точка под угрозой")]


class PlanFilter(forms.Form):
    state = forms.ChoiceField(label="Состояние", required=False, choices=_STATES)
    result = forms.ChoiceField(label="Результат", required=False)
    kind = forms.ChoiceField(label="Вид строки", required=False, choices=[("", "все"), *PlanKind.choices])
    responsible = forms.CharField(label="Ответственный", required=False, max_length=200)
    since = DayField(label="Срок с", required=False)
    until = DayField(label="Срок по", required=False)

    def __init__(self, data: Mapping[str, Any], *, results: Iterable[PlanRow]) -> None:
        super().__init__(data)
        found = [(str(row.pk), f"{row.number} {_shortened(row.name)}".strip()) for row in results]
        self.fields["result"].choices = [("", "все"), *found]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """What was asked for and makes sense."""
        self.is_valid()
        return self.cleaned_data


class WeekFilter(forms.Form):
    project = forms.ChoiceField(label="Проект", required=False)
    kind = forms.ChoiceField(label="Вид строки", required=False, choices=[("", "все"), *PlanKind.choices])
    mine = forms.BooleanField(label="Только те, за которые отвечаю я", required=False)

    def __init__(self, data: Mapping[str, Any], *, user: User) -> None:
        super().__init__(data)
        seen = Project.objects.visible_to(user).values_list("pk", "short_title")
        self.fields["project"].choices = [("", "все"), *((str(pk), title) for pk, title in seen)]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """What was asked for and makes sense, as :func:`milestones.selectors.week.week_of` takes it."""
        self.is_valid()
        said = self.cleaned_data
        project = said.get("project")
        return {
            "project": int(project) if project else None,
            "kind": said.get("kind", ""),
            "mine": bool(said.get("mine")),
        }


class RuleForm(forms.Form):
    soon_days = forms.IntegerField(
        label="За сколько дней «скоро срок»",
        min_value=0,
        max_value=365,
        help_text="Календарных дней до окончания строки.",
    )
    remind_before = forms.IntegerField(
        label="За сколько дней напомнить ответственному",
        min_value=0,
        max_value=365,
        help_text="В день окончания напоминание приходит всегда.",
    )
    remind_every = forms.IntegerField(
        label="После срока напоминать раз в столько дней",
        min_value=0,
        max_value=365,
        help_text="Первый раз — на следующий день после срока. 0 — больше не напоминать.",
    )
    effective_from = DayField(label="Действует с")


class ProgressForm(forms.Form):
    """``version`` is what the page was made from; 0 where nobody wrote about the row yet."""

    version = forms.IntegerField(min_value=0, max_value=10**9, widget=forms.HiddenInput)
    completed_on = DayField(
        label="Выполнено", required=False, help_text="День, которым подписан подтверждающий документ."
    )
    forecast = DayField(
        label="Ожидаемая дата",
        required=False,
        help_text="Если срок по плану сдвигается. У выполненной строки прогноза нет.",
    )
    forecast_reason = forms.CharField(
        label="Почему ожидается эта дата",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Нужна всякий раз, когда ожидаемая дата меняется.",
    )
    comment = forms.CharField(
        label="Комментарий", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


class UndoForm(forms.Form):
    version = forms.IntegerField(min_value=0, max_value=10**9, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Причина",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Останется в истории строки.",
    )


class AssigneeForm(forms.Form):
    version = forms.IntegerField(min_value=0, max_value=10**9, widget=forms.HiddenInput)
    assignee = forms.ChoiceField(label="Кто отвечает за строку на портале", required=False)

    def __init__(self, *args: Any, people: Iterable[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = {str(user.pk): user for user in people}
        named = [(key, _introduced(user)) for key, user in self.people.items()]
        self.fields["assignee"].choices = [("", "тот, кого называет план"), *named]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> User | None:
        return self.people.get(self.cleaned_data["assignee"])


class EvidenceForm(FileForm):
    file = UploadField(
        label="Документ или снимок",
        help_text="PDF, JPG, PNG, DOCX или XLSX до 20 МБ.",
        unchosen="Выберите файл.",
        endings=",".join(ENDINGS),
    )


def _shortened(text: str, letters: int = 70) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"


def _introduced(user: User) -> str:
    return f"{user.full_name}, {user.position}" if user.position else user.full_name
