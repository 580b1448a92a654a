"""Events of a form and states of its filling, in words."""

from __future__ import annotations

from decimal import Decimal

from django import template

from indicators.forms.answers import measure, shown
from indicators.models import Question, StandIn, Submission
from indicators.selectors.history import Change, Event, Figure
from organisations.prepared import Prepared
from projects.passport.typography import plural

register = template.Library()


@register.filter
def event_words(event: Event) -> str:
    """«Отправлена с опозданием», «Ответы сохранены, 3 раза»."""
    match event.what:
        case "submitted":
            if event.corrected_late:
                return "Исправлена после срока и отправлена"
            return "Отправлена с опозданием" if event.late else "Отправлена"
        case "returned":
            return "Возвращена с замечанием"
        case "checked":
            return "Проверена муниципалитетом"
        case "accepted":
            return "Принята"
        case "reopened":
            return "Открыта для исправления"
    return "Ответы сохранены" + (f", {plural(event.times, 'раз', 'раза', 'раз')}" if event.times > 1 else "")


@register.filter
def change_words(change: Change) -> str:
    """«12 → 14», or the first answer alone."""
    before, after = _figure(change.question, change.before), _figure(change.question, change.after)
    return f"{before} → {after}" if before else after or "ответ убран"


@register.filter
def measured(value: Decimal | None, unit: str) -> str:
    """A value with its unit, no more than two digits after the comma: «96,98 %»."""
    return measure(value, unit)


_STAND_INS = Prepared(lambda form: StandIn.objects.filter(submission=form).select_related("person"))


@register.simple_tag
def stand_ins_of(submission: Submission) -> list[StandIn]:
    """Who filled a form in for its organisation."""
    return _STAND_INS.all(submission.pk)


def _figure(question: Question, figure: Figure) -> str:
    value, not_applicable = figure
    if not_applicable:
        return "к нам не относится"
    return shown(question, value) if value is not None else ""
