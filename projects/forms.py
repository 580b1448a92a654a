"""What people type about projects, their passports and change requests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils import timezone

from organisations.models import Organisation
from projects.approval_route import MOST_STEPS
from projects.cells import date_text
from projects.models import ChangeRequest, Level, Redaction
from projects.passport.intermediate import squash
from projects.passport.merge import Conflict, Place, Side
from projects.passport.schema import Finding, Passport
from projects.recognition import CREATE, Choices, Question
from projects.services.recognition import Links

DATE_FORMATS = ["%Y-%m-%d", "%d.%m.%Y"]
REASON_LENGTH = 1000


class ProjectFilter(forms.Form):
    """The filter of the list of projects; it lives in the address bar."""

    q = forms.CharField(label="Слова из названия", required=False, max_length=200)
    level = forms.ChoiceField(label="Уровень", required=False, choices=[("", "любой"), *Level.choices])
    territory = forms.ModelChoiceField(
        label="Территория", required=False, queryset=Organisation.objects.none(), empty_label="любая"
    )

    def __init__(self, *args: Any, territories: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose_from(self, territories)


class RequestFilter(forms.Form):
    state = forms.ChoiceField(label="Состояние", required=False, choices=[("", "любое"), *ChangeRequest.State.choices])


class UploadForm(forms.Form):
    """A passport from outside; of a project in force the territory is known."""

    territory = forms.ModelChoiceField(
        label="Чей это проект",
        queryset=Organisation.objects.none(),
        empty_label=None,
        help_text="Область – для регионального проекта, город или район – для муниципального.",
        error_messages={
            "required": "Выберите территорию проекта.",
            "invalid_choice": "Здесь вы не можете предлагать паспорт: выберите территорию из списка.",
        },
    )
    file = forms.FileField(
        label="Файл паспорта",
        help_text="Документ Word (.docx), PDF с текстом, книга Excel (.xlsx) или текст (.txt), до 30 МБ.",
        # An empty file gets the same sentence as elsewhere, from the gate that all files pass.
        allow_empty_file=True,
        error_messages={
            "required": "Выберите файл с паспортом.",
            "missing": "Выберите файл с паспортом.",
            "invalid": "Файл не дошёл: выберите его ещё раз.",
        },
        widget=forms.FileInput(attrs={"accept": ".docx,.pdf,.xlsx,.txt,.json"}),
    )

    def __init__(self, *args: Any, territories: QuerySet[Organisation] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if territories is None:
            del self.fields["territory"]
        else:
            _choose_from(self, territories)

    @property
    def upload(self) -> UploadedFile[Any]:
        return self.cleaned_data["file"]  # type: ignore[no-any-return]


class BeginForm(forms.Form):
    """The passport of a new project, begun from an empty one: what must be known before its sections are filled in."""

    territory = forms.ModelChoiceField(
        label="Чей это проект",
        queryset=Organisation.objects.none(),
        empty_label=None,
        help_text="Область – для регионального проекта, город или район – для муниципального.",
        error_messages={
            "required": "Выберите территорию проекта.",
            "invalid_choice": "Здесь вы не можете предлагать паспорт: выберите территорию из списка.",
        },
    )
    title = forms.CharField(
        label="Полное наименование",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Напишите наименование проекта."},
    )
    short_title = forms.CharField(
        label="Краткое наименование",
        max_length=300,
        required=False,
        help_text="Под ним проект стоит в списках. Можно оставить пустым.",
    )
    start = forms.DateField(
        label="Начало",
        required=False,
        input_formats=DATE_FORMATS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Такой даты нет: напишите её как 01.01.2027."},
    )
    end = forms.DateField(
        label="Окончание",
        required=False,
        input_formats=DATE_FORMATS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Такой даты нет: напишите её как 31.12.2030."},
    )

    def __init__(self, *args: Any, territories: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose_from(self, territories)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", "Проект не может закончиться раньше, чем начнётся: проверьте даты.")
        return cleaned

    def passport(self) -> Passport:
        """The empty passport, of the level that its territory has."""
        given = self.cleaned_data
        return Passport(
            level="regional" if given["territory"].depth == 0 else "municipal",
            title=squash(given["title"]) or None,
            short_title=squash(given["short_title"]) or None,
            territory=given["territory"].name,
            start=given["start"],
            end=given["end"],
        )


class VersionForm(forms.Form):
    """A write to a change request carries the version that the person saw."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class LinkField(forms.ChoiceField):
    """A choice that was not sent stands as it is, in a refused form too."""

    def bound_data(self, data: Any, initial: Any) -> Any:
        return initial if data is None else data


class LinksForm(VersionForm):
    """What each row of a draft was recognised as: one choice for each :class:`Question`.

    A row whose field was not sent stays as it is: a page cut short, or a program, says nothing about it.
    """

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[question.field] = LinkField(
                label=question.written,
                required=False,
                choices=question.choices,
                initial=question.link.target or "",
                widget=forms.Select(attrs={"class": "control"}),
                error_messages={"invalid_choice": "Такого варианта нет: выберите из списка."},
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        taken: dict[str, str] = {}
        for question in self.questions:
            sent = question.field in self.data
            target = cleaned.get(question.field) if sent else question.link.target
            if question.part != "territories" or not target or target == CREATE:
                continue
            if target in taken:
                self.add_error(question.field, f"Эта организация уже выбрана для строки «{taken[target]}».")
            taken.setdefault(target, question.written)
        return cleaned

    @property
    def links(self) -> Links:
        found: Links = {}
        for question in self._sent():
            target = self.cleaned_data[question.field]
            if target != CREATE:
                found.setdefault(question.part, {}).update(dict.fromkeys(question.keys, target or None))
        return found

    @property
    def create(self) -> list[str]:
        return [key for q in self._sent() if self.cleaned_data[q.field] == CREATE for key in q.keys]

    def _sent(self) -> list[Question]:
        return [question for question in self.questions if question.field in self.data]

    def groups(self) -> Iterable[tuple[str, list[tuple[Question, forms.BoundField]]]]:
        """Questions with their fields, by the part of the document they stand in."""
        titles = {
            "territories": "Территории и организации",
            "plan_results": "Результаты в плане мероприятий",
            "finance_results": "Результаты в финансовом обеспечении",
            "breakdown_indicators": "Показатели в разбивке по территориям и организациям",
            "methodology_indicators": "Показатели в методике расчёта",
        }
        for part, title in titles.items():
            rows = [(question, self[question.field]) for question in self.questions if question.part == part]
            if rows:
                yield title, rows


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
    protocol_date = forms.DateField(
        label="Дата протокола",
        input_formats=DATE_FORMATS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Укажите дату протокола.",
            "invalid": "Такой даты нет: напишите её как 05.12.2018.",
        },
    )
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


class RedactionsForm(forms.Form):
    """Two redactions to compare; they live in the address bar."""

    old = forms.TypedChoiceField(label="Было", coerce=int, required=False)
    new = forms.TypedChoiceField(label="Стало", coerce=int, required=False)

    def __init__(self, *args: Any, redactions: Iterable[Redaction], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row.number, _redaction_label(row)) for row in redactions]
        for name in ("old", "new"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


class OnDateForm(forms.Form):
    on = forms.DateField(
        label="Какая редакция действовала на дату",
        required=False,
        input_formats=DATE_FORMATS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Такой даты нет: напишите её как 05.12.2018."},
    )


def _redaction_label(redaction: Redaction) -> str:
    return f"{redaction}, с {date_text(redaction.in_force_from)}"


def _choose_from(form: forms.Form, territories: QuerySet[Organisation]) -> None:
    field = form.fields["territory"]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = territories


def _waiver_field(key: str) -> str:
    return f"waiver_{key}"
