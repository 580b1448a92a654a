"""A passport brought from outside or begun here, and what its rows were recognised as."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from jobs.forms import FileForm, UploadField
from organisations.forms.days import DayField
from organisations.models import Organisation
from projects.passport.intermediate import squash
from projects.passport.schema import Passport
from projects.recognition import CREATE, Question, asked_now
from projects.services.recognition import Links


def _whose_project() -> forms.ModelChoiceField[Organisation]:
    return forms.ModelChoiceField(
        label="Чей это проект",
        queryset=Organisation.objects.none(),
        empty_label=None,
        help_text="Область – для регионального проекта, город или район – для муниципального.",
        error_messages={
            "required": "Выберите территорию проекта.",
            "invalid_choice": "Здесь вы не можете предлагать паспорт: выберите территорию из списка.",
        },
    )


class UploadForm(FileForm):
    """A passport from outside; of a project in force the territory is known."""

    territory = _whose_project()
    file = UploadField(
        label="Файл паспорта",
        help_text="Документ Word (.docx), PDF с текстом, книга Excel (.xlsx) или текст (.txt), до 30 МБ.",
        unchosen="Выберите файл с паспортом.",
        endings=".docx,.pdf,.xlsx,.txt,.json",
    )

    def __init__(self, *args: Any, territories: QuerySet[Organisation] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if territories is None:
            del self.fields["territory"]
        else:
            self.fields["territory"].queryset = territories  # type: ignore[attr-defined]


class BeginForm(forms.Form):
    """The passport of a new project, begun from an empty one: what must be known before its sections are filled in."""

    territory = _whose_project()
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
    start = DayField(label="Начало", required=False)
    end = DayField(label="Окончание", required=False)

    def __init__(self, *args: Any, territories: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["territory"].queryset = territories  # type: ignore[attr-defined]

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


# What two rows of a part cannot be at once.
_ONCE = {"territories": "Эта организация", "former": "Эта прежняя строка"}


class LinksForm(VersionForm):
    """What each row of a draft was recognised as: one choice for each :class:`Question`.

    A row whose field was not sent stays as it is: a page cut short, or a program, says nothing about it. Of very many
    questions some are only told; ``wanted`` are fields of such that are to be asked.
    """

    def __init__(self, *args: Any, questions: Sequence[Question], wanted: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        self.asked, self.told = asked_now(questions, {*wanted, *self.data})
        for question in {question.field: question for question in (*self.asked, *self._sent())}.values():
            self.fields[question.field] = LinkField(
                label=question.written,
                required=False,
                choices=question.choices,
                initial=question.preset,
                widget=forms.Select(attrs={"class": "control"}),
                error_messages={"invalid_choice": "Такого варианта нет: выберите из списка."},
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        taken: dict[str, str] = {}
        for question in self.questions:
            target = cleaned.get(question.field) if question.field in self.data else question.preset
            if question.part not in _ONCE or not target or target == CREATE:
                continue
            if target in taken:
                self.add_error(question.field, f"{_ONCE[question.part]} уже выбрана для строки «{taken[target]}».")
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
            "former": "Строки, которые уже были в паспорте",
        }
        for part, title in titles.items():
            rows = [(question, self[question.field]) for question in self.asked if question.part == part]
            if rows:
                yield title, rows
