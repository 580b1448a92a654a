"""The school's form: one field for each question, as typed. What a field means is judged by the service alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from indicators.answers import NOT_APPLICABLE, Given, NotAnAnswer, read_answer
from indicators.forms.numbers import written
from indicators.forms.widgets import QuickInput, QuickRadio, QuickTextarea
from indicators.models import Evidence, EvidenceRule, Question
from indicators.selectors.forms import Form, FormIndicator, FormLine, Lack
from jobs.files.attachments import ENDINGS
from projects.passport import typography, units

PREFIX = "a"
"""Names of questions are free, so their fields have a prefix of their own: «a-version» is not the hidden «version»."""

WHOLE_FORM = ""
"""In place of the code of a question: files of the whole form."""

# A code holds no hyphen, so that no question has such a name.
WHY, FILES = "-why", "-files"
_NOT_OURS = "_not_ours"
_BOTH = "Выберите одно: число или «к нам не относится»."
_LONGEST_NAME = 90
_FIELD_OF = {Lack.ANSWER: "", Lack.EXPLANATION: WHY, Lack.EVIDENCE: FILES}


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class AnswerField(forms.CharField):
    """Text as typed. It is asked for, yet a draft may leave it empty: the service says when it may not."""

    def validate(self, value: Any) -> None:
        """Nothing to say here."""


@dataclass(frozen=True)
class Arithmetic:
    """An indicator with the figures of this organisation: «100 × 24 ÷ 30 = 80 %, план школы 85 %»."""

    id: str
    name: str
    words: str


@dataclass(frozen=True)
class Files:
    """Where files are attached, and those that are."""

    field: forms.BoundField
    code: str
    attached: tuple[Evidence, ...]


@dataclass(frozen=True)
class Line:
    """One question on the page: its field, the box «does not concern us» where there is one, what stands beside.

    ``why`` asks for an explanation, hidden while there is nothing to explain. ``arithmetic``: indicators for which
    this was the last figure to be given.
    """

    field: forms.BoundField
    not_ours: forms.BoundField | None
    why: forms.BoundField
    explains: bool
    files: Files | None
    unit: str
    previous: str | None
    target: str | None
    target_label: str
    warning: str
    remark: str
    hint: str
    arithmetic: tuple[Arithmetic, ...]


class AnswersForm(forms.Form):
    """Fields of the questions of one form. Bound to a POST it keeps what was typed, whatever is wrong with it."""

    def __init__(self, form: Form, data: Mapping[str, str] | None = None) -> None:
        self._form = form
        initial = {name: value for line in form.lines for name, value in _initial(line).items()}
        super().__init__(data, prefix=PREFIX, initial=initial, use_required_attribute=False)
        for line in form.lines:
            self.fields[line.code] = _field(line.question, _feeds(form.indicators, line.code))
            if _has_box(line.question):
                self.fields[line.code + _NOT_OURS] = forms.BooleanField(label="К нам не относится", required=False)
            self.fields[line.code + WHY] = _why_field(line.question)
            if line.question.evidence != EvidenceRule.NONE:
                self.fields[line.code + FILES] = _files_field(line.question)
        self.fields[WHOLE_FORM + FILES] = _files_field(None)

    def unsaved(self) -> list[FormLine]:
        """Questions at which something else was typed than what is kept."""
        questions = [line.question for line in self._form.lines]
        values, refused = typed(questions, self.data)
        said = explained(questions, self.data)
        return [
            line
            for line in self._form.lines
            if line.code in refused
            or _read(values[line.code], line.question) != Given(line.value, line.not_applicable)
            or " ".join(said.get(line.code, line.explanation).split()) != line.explanation
        ]

    def show(self, errors: Mapping[str, str]) -> None:
        """Put each sentence at its field."""
        for name, sentence in errors.items():
            kind = "required" if sentence == Lack.ANSWER.value else None
            self.add_error(name if name in self.fields else None, forms.ValidationError(sentence, code=kind))

    def lines(self, said: Mapping[str, str] | None = None) -> list[Line]:
        """The questions in order. ``said``: sentences that stand at a field instead of its own warning."""
        warnings = {**warnings_of(self._form), **(said or {})}
        computed = arithmetic_after(self._form)
        return [self._line(line, warnings.get(line.code, ""), computed.get(line.code, ())) for line in self._form.lines]

    def _line(self, line: FormLine, warning: str, arithmetic: tuple[Arithmetic, ...]) -> Line:
        question = line.question
        why = self[line.code + WHY]
        target_label, target = _target(self._form.indicators, line.code)
        return Line(
            field=self[line.code],
            not_ours=self[line.code + _NOT_OURS] if _has_box(question) else None,
            why=why,
            explains=bool(line.odd or line.explanation or why.errors or why.value()),
            files=self.files_of(line.code, line.evidence) if line.code + FILES in self.fields else None,
            unit="" if question.kind == "boolean" else question.unit,
            previous=shown(question, line.previous) if line.previous is not None else None,
            target=target,
            target_label=target_label,
            warning=warning,
            remark=line.remark,
            hint=self._hint(line, f"{target_label}: {target}." if target else ""),
            arithmetic=arithmetic,
        )

    def files_of(self, code: str, attached: tuple[Evidence, ...]) -> Files:
        return Files(self[code + FILES], code, attached)

    def _hint(self, line: FormLine, target: str) -> str:
        """A group of choices has no room beside it for the previous answer and the target, so its hint tells them."""
        hint = str(self.fields[line.code].help_text)
        if line.question.kind != "boolean":
            return hint
        previous = f"В прошлый раз: {shown(line.question, line.previous)}." if line.previous is not None else ""
        return " ".join(filter(None, (hint, previous, target)))


def typed(questions: Iterable[Question], data: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What goes to the service by the codes of questions, and what is refused before it."""
    values: dict[str, str] = {}
    errors: dict[str, str] = {}
    for question in questions:
        text = str(data.get(f"{PREFIX}-{question.code}", "")).strip()
        ticked = _has_box(question) and data.get(f"{PREFIX}-{question.code}{_NOT_OURS}")
        if ticked and text:
            errors[question.code] = _BOTH
        else:
            values[question.code] = NOT_APPLICABLE if ticked else text
    return values, errors


def explained(questions: Iterable[Question], data: Mapping[str, str]) -> dict[str, str]:
    """Explanations by the codes of questions, of those that the page had a field for."""
    names = {question.code: f"{PREFIX}-{question.code}{WHY}" for question in questions}
    return {code: str(data[name]) for code, name in names.items() if name in data}


def lacks_by_field(lacking: Mapping[str, tuple[Lack, ...]]) -> dict[str, str]:
    """What keeps the form from being sent: one sentence for each field."""
    return {code + _FIELD_OF[lack]: lack.value for code, lacks in lacking.items() for lack in lacks}


def warnings_of(form: Form) -> dict[str, str]:
    """Jumps of the saved answers against the last accepted figures, by the codes of questions."""
    return {line.code: line.odd for line in form.lines if line.odd}


def arithmetic_after(form: Form) -> dict[str, tuple[Arithmetic, ...]]:
    """The indicators of a form, each under the last question that it needs."""
    found: dict[str, tuple[Arithmetic, ...]] = {}
    for row in form.indicators:
        last = next((line.code for line in reversed(form.lines) if line.code in row.codes), None)
        if last is not None:
            found[last] = (*found.get(last, ()), _arithmetic(row))
    return found


def _arithmetic(row: FormIndicator) -> Arithmetic:
    value = measure(row.value, row.measurement.unit)
    if row.value is not None:
        words = value if row.figures == value else f"{row.figures} = {value}"
    else:
        words = "посчитается, когда будут все числа" if "?" in row.figures else f"{row.figures}: не определено"
    if row.so_far and row.value is not None:
        words = f"{words} (с принятым раньше в этом году)"
    if row.target is not None:
        words = f"{words}, {_whose(row)} {measure(row.target, row.measurement.unit)}"
    return Arithmetic(f"indicator-{row.measurement.pk}", _indicator_name(row), words)


def _target(indicators: tuple[FormIndicator, ...], code: str) -> tuple[str, str | None]:
    """Whose the target is and what it is, of the first indicator with one that the answer goes into."""
    for row in indicators:
        if row.target is not None and code in row.codes:
            number = f"показатель {row.measurement.number}".strip()
            return _whose(row).capitalize(), f"{measure(row.target, row.measurement.unit)} ({number})"
    return "План", None


def _whose(row: FormIndicator) -> str:
    return "свой план" if row.own_target else "план проекта"


def shown(question: Question, value: Any) -> str:
    """A figure as people read it, with its unit; «да» and «нет» for those."""
    if question.kind == "boolean":
        return "да" if value else "нет"
    return units.with_unit(value, question.unit)


def measure(value: Decimal | None, unit: str) -> str:
    """A value of an indicator to two digits after the comma; of units only percent has a sign that needs no ending."""
    if value is None:
        return typography.DASH
    text = typography.number(value, 2).rstrip("0").removesuffix(",")
    return f"{text}{typography.NO_BREAK}%" if unit.casefold().startswith(("процент", "%")) else text


def answer_words(line: FormLine) -> str:
    """What was answered, as people read it."""
    if line.not_applicable:
        return "к нам не относится"
    return shown(line.question, line.value) if line.value is not None else "нет ответа"


def change_words(line: FormLine) -> str:
    """How a figure differs from the previous one: «+12», «−3», «столько же»; empty where there is none to compare."""
    if line.value is None or line.previous is None or line.question.kind == "boolean":
        return ""
    difference = line.value - line.previous
    return f"{'+' if difference > 0 else ''}{typography.number(difference)}" if difference else "столько же"


def _read(text: str, question: Question) -> Given | None:
    try:
        return read_answer(text, question)
    except NotAnAnswer:
        return None


def _has_box(question: Question) -> bool:
    """Of a yes/no question «does not concern us» is a third choice; a number needs a box beside it."""
    return question.may_not_apply and question.kind != "boolean"


def _initial(line: FormLine) -> dict[str, Any]:
    why = {line.code + WHY: line.explanation}
    if _has_box(line.question):
        return {line.code: written(line.value), line.code + _NOT_OURS: line.not_applicable, **why}
    return {line.code: NOT_APPLICABLE if line.not_applicable else written(line.value), **why}


def _why_field(question: Question) -> AnswerField:
    label = "Пояснение" if len(question.name) > _LONGEST_NAME else f"Пояснение: {question.name}"
    widget = QuickTextarea(attrs={"rows": 2, "class": "control-short"})
    return AnswerField(label=label, help_text="Почему так изменилось, одним предложением.", widget=widget)


def _files_field(question: Question | None) -> forms.FileField:
    """The file field of a question, or of the whole form. What a file is, its content decides."""
    if question is None:
        label = "Файлы ко всей форме"
    elif question.evidence == EvidenceRule.REQUIRED:
        label = "Подтверждение (обязательно)"
    else:
        label = "Подтверждение"
    widget = FilesInput(attrs={"accept": ",".join(ENDINGS), "multiple": True})
    return forms.FileField(label=label, required=False, widget=widget)


def _field(question: Question, feeds: str) -> AnswerField:
    hint = " ".join(filter(None, (question.hint, feeds)))
    if question.kind == "boolean":
        choices = [("1", "Да"), ("0", "Нет")]
        if question.may_not_apply:
            choices.append((NOT_APPLICABLE, "К нам не относится"))
        return AnswerField(label=question.name, help_text=hint, widget=QuickRadio(choices=choices))
    keyboard = "numeric" if question.kind == "integer" and (question.minimum or 0) >= 0 else "decimal"
    widget = QuickInput(attrs={"inputmode": keyboard, "autocomplete": "off", "class": "control-number"})
    return AnswerField(label=question.name, help_text=hint, widget=widget)


def _feeds(indicators: tuple[FormIndicator, ...], code: str) -> str:
    """Which indicators are computed from the answer, in plain words."""
    names = [f"«{_indicator_name(row)}»" for row in indicators if code in row.codes]
    if not names:
        return ""
    return f"Нужно для показателя {names[0]}." if len(names) == 1 else f"Нужно для показателей {', '.join(names)}."


def _indicator_name(row: FormIndicator) -> str:
    name = _cut(row.measurement.name)
    return f"{_cut(row.heading)}: {name}" if row.heading else name


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME].rsplit(' ', 1)[0].rstrip(',')}…"
