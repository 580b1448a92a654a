"""The components of the interface, as tags. Pages are made of these and nothing else; the style guide shows each.

A tag draws ``templates/components/<its name>.html``. What stands between ``{% tag %}`` and ``{% endtag %}`` of a block
tag is the component's own content.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms import BoundField
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from projects.passport.units import unit_word

register = template.Library()

STATUS_WORDS = {
    "green": "отсутствие отклонений",
    "yellow": "наличие отклонений",
    "red": "критические отклонения",
    "grey": "сведения не представлены",
    "pending": "не наступил",
    "undefined": "не определено",
    "not_planned": "не запланировано",
}
"""Source: the monitoring rules of regional projects, four colours and what has not come due."""

# A state is one of five kinds; the words of a submission are known here, other things bring their own word.
STATES = {
    "draft": ("none", "черновик"),
    "submitted": ("wait", "на проверке"),
    "checked": ("wait", "проверена муниципалитетом"),
    "returned": ("act", "возвращена"),
    "accepted": ("done", "принята"),
    "reopened": ("act", "открыта для исправления"),
    "late": ("act", "с опозданием"),
    "missing": ("none", "не начата"),
}
UNANSWERED_SHOWN = 3
"""How many questions left out a summary of errors names one by one."""

STATE_KINDS = ("done", "wait", "act", "stop", "none")


def _draw(component: str, /, **context: Any) -> SafeString:
    return render_to_string(f"components/{component}.html", context)


# --- Words and numbers ------------------------------------------------------------------------------------------


# Lists say the same few states hundreds of times: what was drawn of them is kept. «Typed»: the same words may be safe
# in one place and not in another.
_kept = lru_cache(1024, typed=True)


@register.simple_tag
@_kept
def status(key: str, word: str = "") -> SafeString:
    """Status of a value: green, yellow, red, grey, or another status. ``word`` replaces the usual words."""
    return _draw("status", key=key, word=word or STATUS_WORDS[key])


@register.simple_tag
@_kept
def state(key: str, word: str = "") -> SafeString:
    """State of a submission by its name, or of anything by a kind (done, wait, act, stop, none) and a word."""
    kind, usual = (key, "") if key in STATE_KINDS else STATES[key]
    return _draw("state", kind=kind, word=word or usual)


@register.simple_tag
@_kept
def coverage(
    accepted: int, expected: int, submitted: int | None = None, noun: str = "", href: str = "", wide: bool = False
) -> SafeString:
    """«412 из 430 школ» with its bar. ``noun`` in the genitive plural; ``submitted`` counts the accepted too."""
    return _draw(
        "coverage",
        accepted=accepted,
        expected=expected,
        submitted=accepted if submitted is None else submitted,
        noun=noun,
        href=href,
        wide=wide,
    )


@register.inclusion_tag("components/figure.html")
def figure(
    label: str,
    value: Decimal | int | None,
    unit: str = "",
    target: Decimal | int | None = None,
    status: str = "",
    word: str = "",
    accepted: int | None = None,
    expected: int | None = None,
    noun: str = "",
    as_of: dt.date | None = None,
    href: str = "",
    decimals: int | None = None,
    note: str = "",
) -> dict[str, Any]:
    """A number that is never alone: unit, target, status, coverage, as of when; ``href`` leads one level down."""
    return dict(locals())


# --- Ways through -----------------------------------------------------------------------------------------------


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(items: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Pairs (title, address) from the top; the last one is the page itself, its address may be empty."""
    return {"above": items[:-1], "here": items[-1][0] if items else ""}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Iterable[Any], label: str = "Разделы") -> dict[str, Any]:
    """Parts of one thing. Items have title, url (empty: not there yet), current, count — mappings or objects."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page[Any], name: str = "page") -> dict[str, Any]:
    """Pages of a list; every link keeps the filters of the address. Draws nothing for a single page."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return {
        "page": page,
        "links": [{"number": n, "href": _address(context, {name: str(n)})} for n in numbers],
        "before": _address(context, {name: str(page.number - 1)}),
        "after": _address(context, {name: str(page.number + 1)}),
        "elided": page.paginator.ELLIPSIS,
    }


@register.inclusion_tag("components/exports.html", takes_context=True)
def list_exports(context: template.Context, name: str, project: int | None = None) -> dict[str, Any]:
    """Links to a list as files, every page of it, as the address filters it; ``project``: a list of that project."""
    if project is None:
        return {**exports(context, "reports:list_export", name), "small": True}
    return {**exports(context, "reports:project_list_export", project, name), "small": True}


@register.inclusion_tag("components/exports.html", takes_context=True)
def exports(context: template.Context, route: str, *of: Any) -> dict[str, Any]:
    """Links to the files that a route makes of what is shown: all pages of it, as the address filters it."""
    query = context["request"].GET.copy()
    for page in ("page", "places"):
        query.pop(page, None)
    tail = f"?{query.urlencode()}" if query else ""
    return {"links": [(e.upper(), reverse(route, args=[*of, e]) + tail) for e in ("xlsx", "csv")]}


@register.inclusion_tag("components/sort_head.html", takes_context=True)
def sort_head(
    context: template.Context, key: str, title: str, numeric: bool = False, default: str = "", name: str = "sort"
) -> dict[str, Any]:
    """A head cell whose link sorts the list: ``?sort=key``, and ``?sort=-key`` when it is sorted so already.

    ``default`` is the order of the list when the address says nothing.
    """
    now = context["request"].GET.get(name, default)
    direction = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    wanted = f"-{key}" if direction == "ascending" else key
    href = _address(context, {name: wanted, "page": None})
    return {"title": title, "numeric": numeric, "direction": direction, "href": href}


def _address(context: template.Context, changes: Mapping[str, str | None]) -> str:
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = value
    return f"?{query.urlencode()}" if query else request.path


# --- Frames with a content of their own -------------------------------------------------------------------------


@register.simple_block_tag
def table_frame(content: str, label: str, pinned: bool = True, tall: bool = False) -> SafeString:
    """A frame in which a wide table scrolls. ``pinned`` keeps its first column (th), ``tall`` its head as well."""
    return _draw("table_frame", content=content, label=label, pinned=pinned, tall=tall)


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "") -> SafeString:
    """A message: info, success, warning or error."""
    return _draw("notice", content=content, kind=kind, title=title)


@register.simple_block_tag
def empty_state(content: str, title: str) -> SafeString:
    """What a list says when it is empty, kindly, and what to do about it."""
    return _draw("empty_state", content=content, title=title)


@register.simple_block_tag(takes_context=True)
def filter_bar(context: template.Context, content: str, button: str = "Показать") -> SafeString:
    """A GET form of fields in a row; its state is the address of the page."""
    request: HttpRequest = context["request"]
    return _draw("filter_bar", content=content, button=button, path=request.path, used=bool(request.GET))


@register.simple_block_tag(takes_context=True)
def confirm(
    context: template.Context,
    content: str,
    name: str,
    title: str,
    action: str,
    button: str,
    danger: bool = False,
) -> SafeString:
    """A dialog that asks before a POST to ``action``; its content stands inside the form.

    What opens it is a link to a page of confirmation with ``data-confirm="<name>"``: without JavaScript the page asks.
    """
    return _draw("confirm", **{**_plain(locals()), "csrf_token": context.get("csrf_token")})


def _plain(names: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in names.items() if key != "context"}


# --- Forms ------------------------------------------------------------------------------------------------------


@register.simple_tag
def form_field(
    field: BoundField,
    unit: str = "",
    previous: object = None,
    target: object = None,
    warning: str = "",
    hint: str = "",
    previous_label: str = "В прошлый раз",
    target_label: str = "План",
) -> SafeString:
    """One question: label, hint, the control with its unit, what was before and what is planned, error, warning.

    ``previous`` and ``target`` are shown as they are given: format them first.
    """
    widget = field.field.widget
    group = bool(widget.use_fieldset)
    choice = isinstance(widget, forms.CheckboxInput)
    numeric = bool(unit) or isinstance(field.field, forms.IntegerField | forms.DecimalField)
    hint = hint or str(field.help_text)
    base = field.auto_id or field.html_name
    # Error and warning may come later, from the autosave, hence their places are always named.
    beside = not group and not choice and (previous is not None or target is not None)
    described = [
        f"{base}_{part}"
        for part, there in (("hint", hint), ("beside", beside), ("error", True), ("warning", True))
        if there
    ]
    attributes: dict[str, Any] = {} if group or choice else {"class": _control_class(field, numeric)}
    if not group:
        attributes["aria-describedby"] = " ".join(described)
        if field.errors:
            attributes["aria-invalid"] = "true"
    if numeric and isinstance(widget, forms.TextInput | forms.NumberInput):
        attributes["inputmode"] = widget.attrs.get("inputmode", "decimal")
    own: dict[str, Any] = {"control": field.as_widget(attrs=attributes), "previous": previous, "target": target}
    draw = _frame_of_field if not (field.errors or warning) else _frame_of_field.__wrapped__
    frame = draw(
        label=str(field.label),
        for_id=field.id_for_label,
        optional=not field.field.required,
        errors=tuple(field.errors),
        base=base,
        group=group,
        choice=choice,
        described=" ".join(described),
        unit=unit_word(None, unit),
        previous_label=previous_label,
        target_label=target_label,
        warning=warning,
        hint=hint,
        **{name: None if value is None else _HOLES[name] for name, value in own.items()},
    )
    fillings = {_HOLES[name]: conditional_escape(value) for name, value in own.items()}
    return SafeString(_HOLE.sub(lambda hole: fillings[hole[0]], frame))


# What stands around a control is drawn alike for every organisation, and a form has dozens of fields: half the time of
# its page. Holes are marked by characters that Unicode keeps for such marks inside a program.
_HOLES = {"control": "\ufdd0", "previous": "\ufdd1", "target": "\ufdd2"}
_HOLE = re.compile("[\ufdd0-\ufdd2]")


@lru_cache(4096, typed=True)
def _frame_of_field(**context: Any) -> SafeString:
    return _draw("form_field", **context)


def _control_class(field: BoundField, numeric: bool) -> str:
    classes = [str(field.field.widget.attrs.get("class", "")), "control"]
    if numeric:
        classes.append("control-number")
    elif isinstance(field.field, forms.DateField):
        classes.append("control-date")
    return " ".join(filter(None, classes))


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: forms.BaseForm) -> dict[str, Any]:
    """All errors of a form above it, each a link to its field. Draws nothing while there are none.

    Questions left out, when they are many, are counted and folded: on a phone their list would hide the form.
    """
    problems: list[dict[str, Any]] = [
        {"field": field, "target": field.id_for_label or field.auto_id, "errors": field.errors}
        for field in form
        if field.errors and not field.is_hidden
    ]
    general = [*form.non_field_errors(), *(error for field in form.hidden_fields() for error in field.errors)]
    count = len(problems) + len(general)
    unanswered = [problem for problem in problems if problem["field"].errors.as_data()[0].code == "required"]
    if len(unanswered) > UNANSWERED_SHOWN:
        problems = [problem for problem in problems if problem not in unanswered]
    else:
        unanswered = []
    return {"problems": problems, "unanswered": unanswered, "general": general, "count": count}


@register.inclusion_tag("components/drop_zone.html")
def drop_zone(field: BoundField, hint: str = "") -> dict[str, Any]:
    """A file field with room to drop a file on; a plain file field without JavaScript."""
    base = field.auto_id or field.html_name
    hint = hint or str(field.help_text)
    described = " ".join(f"{base}_{part}" for part, there in (("hint", hint), ("error", field.errors)) if there)
    attributes: dict[str, Any] = {"aria-describedby": described} if described else {}
    if field.errors:
        attributes["aria-invalid"] = "true"
    return {"field": field, "control": field.as_widget(attrs=attributes), "base": base, "hint": hint}


# --- What goes on -----------------------------------------------------------------------------------------------


@register.inclusion_tag("components/progress.html")
def progress(
    title: str, percent: int, step: str = "", state: str = "running", poll: str = "", name: str = "progress"
) -> dict[str, Any]:
    """Long work: queued, running, done or failed. ``poll`` is asked every second while it is not finished."""
    return {**locals(), "finished": state in {"done", "failed"}}


@dataclass(frozen=True)
class Step:
    """One step of a way: ``place`` is done, current, returned or ahead."""

    name: str
    place: str
    note: str = ""


@register.inclusion_tag("components/stepper.html")
def stepper(steps: Iterable[Step], label: str = "Ход работы") -> dict[str, Any]:
    """States one after another, and where the thing stands now."""
    return {"steps": steps, "label": label}


@register.inclusion_tag("components/finding.html")
def finding(item: Any, place: str = "", waiver: str = "") -> dict[str, Any]:
    """What a check found: severity, place, the sentence, the text as written, the code; ``waiver`` is its reason.

    ``place`` names the section in words; several findings stand in ``<ul class="findings">``.
    """
    return {"finding": item, "place": place, "waiver": waiver}
