"""What those decide who agree, return, approve or reject, and on which route."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone

from organisations.forms.days import DayField
from projects.approval_route import MOST_STEPS
from projects.forms.proposing import VersionForm
from projects.passport.merge import Conflict, Place, Side
from projects.passport.schema import Finding
from projects.recognition import Choices

REASON_LENGTH = 1000


@dataclass(frozen=True)
class Waiver:
    key: str
    finding: Finding
    field: forms.BoundField


class ApproveForm(VersionForm):
    """The protocol of the decision, and a reason for each error the passport is approved with."""

    protocol_number = forms.CharField(
        label="Номер протокола", max_length=100, error_messages={"required": "Укажите номер протокола."}
    )
    protocol_date = DayField(label="Дата протокола", error_messages={"required": "Укажите дату протокола."})
    reason_for_all = forms.CharField(
        label="Одна причина для всех ошибок",
        required=False,
        max_length=REASON_LENGTH,
        help_text="Запишется к каждой ошибке, у которой своя причина не указана.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    protocol_confirmed = forms.BooleanField(label="Протокол указан верно", required=False)
    confirmed = forms.BooleanField(
        label="Сведения проверены, паспорт можно утвердить",
        error_messages={"required": "Подтвердите, что сведения проверены."},
    )

    def __init__(self, *args: Any, errors_found: Mapping[str, Finding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.errors_found = errors_found
        if not errors_found:
            del self.fields["reason_for_all"]
        for key in errors_found:
            self.fields[_waiver_field(key)] = forms.CharField(
                label=f"Причина: {errors_found[key].message}",
                required=False,
                max_length=REASON_LENGTH,
                widget=forms.TextInput(attrs={"class": "control"}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("protocol_date") and cleaned["protocol_date"] > timezone.localdate():
            self.add_error("protocol_date", "Этот день ещё не наступил: проверьте дату протокола.")
        if not cleaned.get("reason_for_all"):
            self._ask_for_reasons(cleaned)
        return cleaned

    def _ask_for_reasons(self, cleaned: dict[str, Any]) -> None:
        fields = [_waiver_field(key) for key in self.errors_found]
        missing = [field for field in fields if not cleaned.get(field) and field not in self.errors]
        if missing and len(missing) == len(fields):
            self.add_error("reason_for_all", "Напишите причину: одну для всех ошибок или свою у каждой.")
            return
        for field in missing:
            self.add_error(field, "Укажите причину здесь или одну для всех ошибок.")

    @property
    def reasons(self) -> dict[str, str]:
        """A reason for each error by its key."""
        common = self.cleaned_data.get("reason_for_all", "")
        return {key: self.cleaned_data[_waiver_field(key)] or common for key in self.errors_found}

    @property
    def asks_about_protocol(self) -> bool:
        """Whether the protocol was found odd, so that it is to be confirmed."""
        return "protocol_confirmed" in self.errors or bool(self.data.get("protocol_confirmed"))

    def waivers(self) -> list[Waiver]:
        return [Waiver(key, finding, self[_waiver_field(key)]) for key, finding in self.errors_found.items()]


class AgreeForm(VersionForm):
    comment = forms.CharField(
        label="Примечание", required=False, max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReturnForm(VersionForm):
    comment = forms.CharField(
        label="Что исправить",
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Напишите, что исправить: это увидит тот, кто предложил изменение."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # The comment of who agrees stands on the same page: a label must lead to its own field.
        kwargs.setdefault("auto_id", "id_return_%s")
        super().__init__(*args, **kwargs)


class RejectForm(VersionForm):
    reason = forms.CharField(
        label="Почему отклоняем",
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Напишите, почему паспорт отклонён: это увидит тот, кто его предложил."},
    )


class RebaseForm(VersionForm):
    """What to keep of each cell that both sides changed; ``onto`` is the redaction that the person looked at."""

    onto = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, conflicts: Sequence[Conflict], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflicts = conflicts
        for index, conflict in enumerate(conflicts):
            self.fields[f"conflict-{index}"] = forms.ChoiceField(
                label=conflict.title or conflict.name,
                choices=[("theirs", "как в действующей редакции"), ("mine", "как в запросе")],
                widget=forms.RadioSelect,
                error_messages={"required": "Выберите, что оставить.", "invalid_choice": "Выберите один из вариантов."},
            )

    @property
    def choices(self) -> dict[Place, Side]:
        """What was chosen, by the places of the conflicts."""
        sent = {conflict.place: self.cleaned_data.get(f"conflict-{i}") for i, conflict in enumerate(self.conflicts)}
        return {place: side for place, side in sent.items() if side}

    def rows(self) -> Iterable[tuple[Conflict, forms.BoundField]]:
        return [(conflict, self[f"conflict-{index}"]) for index, conflict in enumerate(self.conflicts)]


class RouteForm(forms.Form):
    """The steps of a route, each a choice; ``seen`` is the route that the person looked at."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_STEPS + 1):
            self.fields[f"step-{number}"] = forms.ChoiceField(
                label=f"Шаг {number}",
                required=False,
                choices=[("", "нет"), *choices],
                error_messages={"invalid_choice": "Такого участника согласования нет: выберите из списка."},
            )

    def steps(self) -> list[forms.BoundField]:
        return [self[f"step-{number}"] for number in range(1, MOST_STEPS + 1)]

    @property
    def chosen(self) -> list[str]:
        """The steps in their order; an empty one between two is none."""
        return [key for number in range(1, MOST_STEPS + 1) if (key := self.cleaned_data[f"step-{number}"])]


def _waiver_field(key: str) -> str:
    return f"waiver_{key}"
