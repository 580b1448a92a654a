"""The school's form: one field for each question, as typed. What a field means is judged by the service alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from indicators.answers import NOT_APPLICABLE, Given, NotAnAnswer, read_answer
from indicators.forms.numbers import written
from indicators.formulas import operands, parse
from indicators.jumps import jump
from indicators.models import Question, ReportingPeriod
from indicators.selectors.forms import Form, FormIndicator, FormLine
from projects.passport import typography, units

PREFIX = "a"
"""Names of questions are free, so their fields have a prefix of their own: «a-version» is not the hidden «version»."""

_NOT_OURS = "_not_ours"
_BOTH = "Выберите одно: число или «к нам не относится»."
_LONGEST_NAME = 90


class AnswerField(forms.CharField):
    """Text as typed. It is asked for, yet a draft may leave it empty: the service says when it may not."""

    def validate(self, value: Any) -> None:
        """Nothing to say here."""


@dataclass(frozen=True)
class Line:
    """One question on the page: its field, the box «does not concern us» where there is one, what stands beside."""

    field: forms.BoundField
    not_ours: forms.BoundField | None
    unit: str
    previous: str | None
    warning: str
    hint: str


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

    def typed(self) -> tuple[dict[str, str], dict[str, str]]:
        """What goes to the service by the codes of questions, and what is refused before it."""
        values: dict[str, str] = {}
        errors: dict[str, str] = {}
        for line in self._form.lines:
            text = str(self.data.get(self.add_prefix(line.code), "")).strip()
            ticked = _has_box(line.question) and self.data.get(self.add_prefix(line.code + _NOT_OURS))
            if ticked and text:
                errors[line.code] = _BOTH
            else:
                values[line.code] = NOT_APPLICABLE if ticked else text
        return values, errors

    def unsaved(self) -> list[FormLine]:
        """Questions at which something else was typed than what is kept."""
        values, refused = self.typed()
        return [
            line
            for line in self._form.lines
            if line.code in refused or _read(values[line.code], line.question) != Given(line.value, line.not_applicable)
        ]

    def show(self, errors: Mapping[str, str]) -> None:
        """Put each sentence at its question."""
        for code, sentence in errors.items():
            self.add_error(code if code in self.fields else None, sentence)

    def lines(self, said: Mapping[str, str] | None = None) -> list[Line]:
        """The questions in order. ``said``: sentences that stand at a field instead of its own warning."""
        warnings = {**warnings_of(self._form), **(said or {})}
        return [
            Line(
                field=self[line.code],
                not_ours=self[line.code + _NOT_OURS] if _has_box(line.question) else None,
                unit="" if line.question.kind == "boolean" else line.question.unit,
                previous=shown(line.question, line.previous) if line.previous is not None else None,
                warning=warnings.get(line.code, ""),
                hint=self._hint(line),
            )
            for line in self._form.lines
        ]

    def _hint(self, line: FormLine) -> str:
        """A group of choices has no room beside it for the previous answer, so its hint tells it."""
        hint = str(self.fields[line.code].help_text)
        if line.question.kind != "boolean" or line.previous is None:
            return hint
        return f"{hint} В прошлый раз: {shown(line.question, line.previous)}.".strip()


def warnings_of(form: Form) -> dict[str, str]:
    """Jumps of the saved answers against the last accepted figures, by the codes of questions."""
    same_year = _same_year(form.period, form.previous_period)
    found = {
        line.code: jump(
            line.value,
            line.previous,
            kind=line.question.kind,
            over_time=line.question.over_time,
            same_year=same_year,
        )
        for line in form.lines
    }
    return {code: sentence for code, sentence in found.items() if sentence}


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


def _read(text: str, question: Question) -> Given | None:
    try:
        return read_answer(text, question)
    except NotAnAnswer:
        return None


def _same_year(period: ReportingPeriod, previous: ReportingPeriod | None) -> bool:
    return previous is not None and previous.year == period.year


def _has_box(question: Question) -> bool:
    """Of a yes/no question «does not concern us» is a third choice; a number needs a box beside it."""
    return question.may_not_apply and question.kind != "boolean"


def _initial(line: FormLine) -> dict[str, Any]:
    if _has_box(line.question):
        return {line.code: written(line.value), line.code + _NOT_OURS: line.not_applicable}
    if line.not_applicable:
        return {line.code: NOT_APPLICABLE}
    return {line.code: written(line.value)}


def _field(question: Question, feeds: str) -> AnswerField:
    hint = " ".join(filter(None, (question.hint, feeds)))
    if question.kind == "boolean":
        choices = [("1", "Да"), ("0", "Нет")]
        if question.may_not_apply:
            choices.append((NOT_APPLICABLE, "К нам не относится"))
        return AnswerField(label=question.name, help_text=hint, widget=forms.RadioSelect(choices=choices))
    keyboard = "numeric" if question.kind == "integer" and (question.minimum or 0) >= 0 else "decimal"
    widget = forms.TextInput(attrs={"inputmode": keyboard, "autocomplete": "off", "class": "control-number"})
    return AnswerField(label=question.name, help_text=hint, widget=widget)


def _feeds(indicators: tuple[FormIndicator, ...], code: str) -> str:
    """Which indicators are computed from the answer, in plain words."""
    names = [_indicator_words(row) for row in indicators if code in operands(parse(row.measurement.formula))]
    if not names:
        return ""
    return f"Нужно для показателя {names[0]}." if len(names) == 1 else f"Нужно для показателей {', '.join(names)}."


def _indicator_words(row: FormIndicator) -> str:
    name = _cut(row.measurement.name)
    if row.heading:
        name = f"{_cut(row.heading)}: {name}"
    if row.target is None:
        return f"«{name}»"
    return f"«{name}» (план {measure(row.target, row.measurement.unit)})"


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME].rsplit(' ', 1)[0].rstrip(',')}…"
