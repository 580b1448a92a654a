"""Every address that writes × what nobody should be able to write through it.

A form takes its own fields and nothing else (security rule 11); a field takes any text without breaking; a POST without
its token, or with another method, is refused. A new address that takes a POST fails until it has an entry here.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from operator import attrgetter
from typing import Any, TypeVar
from urllib.parse import urlencode

import pghistory.models
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from organisations.models import Organisation, User
from tests.platform.test_every_route import ROUTES
from tests.platform.test_odd_addresses import HUGE, VERY_LONG
from tests.world import World

T = TypeVar("T")
Body = Mapping[str, Any]
FORM = "application/x-www-form-urlencoded"
HALF = "\ud800"
NUL = "a\x00b"
TEXTS = (HUGE, VERY_LONG, "x" * 1_000_000, f"{HALF}🏫\u202e١٢")
PROTOCOL = {"protocol_number": "8", "protocol_date": "2026-01-20", "confirmed": "on"}
QUARTER = {"kind": "quarter", "year": "2026", "number": "4", "deadline_date": "2099-01-15", "deadline_time": "18:00"}
FIGURE = {"name": "Столовых", "code": "canteens", "kind": "integer", "unit": "ед.", "hint": "Все", "maximum": "9"}
FIGURE |= {
    "over_organisations": "sum",
    "over_time": "snapshot",
    "minimum": "0",
    "weight": "",
    "not_above": "",
    "kinds": "school",
}
FIGURE |= {"may_not_apply": ""}


def _file() -> SimpleUploadedFile:
    return SimpleUploadedFile("паспорт.txt", "Паспорт".encode())


# name: (who, a body that is taken, what comes of it)
FORMS: dict[str, tuple[str, Callable[[World], Body], int]] = {
    "organisations:sign_in": ("nobody", lambda _: {"username": "office", "password": "wrong"}, 200),
    "organisations:sign_out": ("office", lambda _: {}, 302),
    "reports:appearance": ("nobody", lambda _: {"version": "weak_sight", "next": "/sign-in/"}, 302),
    "projects:upload": ("office", lambda w: {"territory": w.region.root.pk, "file": _file()}, 302),
    "projects:upload_next": ("office", lambda _: {"file": _file()}, 302),
    "projects:change_request_links": (
        "office",
        lambda w: {"version": 1, "territories-0": w.region.town.pk, "territories-1": "new"},
        302,
    ),
    "projects:change_request_approve": ("curator", lambda _: {**PROTOCOL, "version": 1}, 302),
    "projects:change_request_reject": ("curator", lambda _: {"reason": "Рано", "version": 1}, 302),
    "indicators:formula": ("office", lambda _: {"text": "100 * safe / organisations"}, 302),
    "indicators:formula_check": ("office", lambda _: {"text": "100 * safe"}, 200),
    "indicators:base_indicator_create": ("office", lambda _: FIGURE, 302),
    "indicators:base_indicator": (
        "office",
        lambda w: {**FIGURE, "code": "safe", "not_above": w.base_indicator.not_above_id},
        302,
    ),
    "indicators:base_indicator_archive": ("office", lambda _: {}, 302),
    "indicators:period_open": ("office", lambda w: {**QUARTER, "projects": [w.project.pk], "confirm": "1"}, 302),
    "indicators:period_close": ("office", lambda _: {}, 302),
    "indicators:submission": (
        "third_reporter",
        lambda w: {"a-roads": "5", "a-safe": "2", "version": w.returned.version, "action": "save"},
        302,
    ),
    "indicators:submission_autosave": (
        "third_reporter",
        lambda w: {"a-roads": "6", "a-safe": "1", "version": w.returned.version},
        200,
    ),
    "indicators:submission_check": ("third_reporter", lambda w: {"version": w.returned.version}, 302),
    "indicators:review_accept_many": (
        "office",
        lambda w: {"form": f"{w.submitted.pk}:{w.submitted.version}", "next": "/review/?late=1"},
        302,
    ),
    "indicators:review_accept": ("office", lambda w: {"version": w.submitted.version}, 302),
    "indicators:review_return": (
        "office",
        lambda w: {"comment": "Проверьте.", "version": w.submitted.version},
        302,
    ),
    "reports:request_passport": (
        "auditor",
        lambda w: {"redaction": w.redaction.pk, "format": "pdf"},
        302,
    ),
    "reports:plan_fact_print": ("auditor", lambda w: {"node": w.region.town.pk, "format": "pdf"}, 302),
}

OWN_APPS = ("organisations", "projects", "indicators", "milestones", "finance", "participants", "reports", "jobs")
AT_RANDOM = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[\w-]{32}")
"""Names of stored files and public ids of documents."""


def person(world: World, who: str) -> User | None:
    if who == "nobody":
        return None
    return world.cast.reporters[2] if who == "third_reporter" else getattr(world.cast, who)


def browser_for(world: World, name: str, **options: Any) -> Client:
    browser = Client(**options)
    user = person(world, FORMS[name][0])
    if user is not None:
        browser.force_login(user)
    return browser


def address_of(world: World, name: str) -> str:
    return reverse(name, args=[attrgetter(path)(world) for path in ROUTES[name][1].split()])


def own_models() -> Iterator[type[models.Model]]:
    """What the portal keeps; the audit trail follows it by triggers and is left out."""
    for model in apps.get_models():
        if model._meta.app_label in OWN_APPS and model._meta.managed and not issubclass(model, pghistory.models.Event):
            yield model


def harmful() -> dict[str, str]:
    """A value for each column of each table, one that would do harm where it were taken."""
    harm = {"state": "accepted", "level": "federal", "role": "office", "format": "docx"}
    return {
        column: harm.get(field.name, "1" if field.is_relation or field.name.startswith("is_") else "999")
        for model in own_models()
        for field in model._meta.concrete_fields
        for column in (field.name, field.attname)
    }


def everything_stored(newest: Mapping[str, int]) -> dict[str, list[str]]:
    """Every row as text. Ids given since, moments and random names look the same in every run."""
    return {
        model._meta.label: sorted(repr(_plain(model, row, newest)) for row in model._default_manager.values())
        for model in own_models()
    }


def _plain(model: type[models.Model], row: Mapping[str, Any], newest: Mapping[str, int]) -> dict[str, Any]:
    plain = {}
    for field in model._meta.concrete_fields:
        value = row[field.attname]
        about = field.related_model if field.is_relation else model if field.primary_key else None
        if isinstance(value, int) and isinstance(about, type) and value > newest.get(about._meta.label, value):
            value = "new"
        elif isinstance(field, models.DateTimeField) or field.name == "key":
            continue
        elif model is Organisation and field.name == "path":
            value = value.split(".")[:-2]
        elif isinstance(value, dict):
            value = {
                key: part for key, part in value.items() if key not in {"file", "document", "period_id", "territories"}
            }
        elif isinstance(value, uuid.UUID):
            value = "random"
        plain[field.attname] = AT_RANDOM.sub("random", value) if isinstance(value, str) else value
    return plain


def newest_ids() -> dict[str, int]:
    return {
        model._meta.label: model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
        for model in own_models()
        if isinstance(model._meta.pk, models.AutoField)
    }


def posted(browser: Client, address: str, body: Body) -> HttpResponseBase:
    """As a browser sends it: half a surrogate pair, too, goes as bytes."""
    if "file" in body:
        whole = {key: text.replace(HALF, "?") if isinstance(text, str) else text for key, text in body.items()}
        return browser.post(address, whole)
    return browser.generic("POST", address, urlencode(body, doseq=True, errors="surrogatepass"), FORM)


class _TrialOver(Exception):
    """Ends a trial, with all that it wrote."""


def tried(browser: Client, address: str, body: Body, look: Callable[[], T]) -> tuple[int, T | None]:
    """Post a body, look at what is there then, and take it all back."""
    browser.raise_request_exception = False
    seen = None
    with suppress(_TrialOver), transaction.atomic():
        status = posted(browser, address, body).status_code
        if status < 500:
            seen = look()
        raise _TrialOver
    return status, seen


def test_every_address_that_takes_a_post_has_an_entry(world: World) -> None:
    taking = set()
    for name in ROUTES:
        answers = []
        for user in (world.cast.office, world.cast.reporters[2], None):
            with suppress(_TrialOver), transaction.atomic():
                browser = Client()
                if user is not None:
                    browser.force_login(user)
                answers.append(browser.post(address_of(world, name)))
                raise _TrialOver
        signed_in = {answer.status_code for answer in answers[:2]}
        if 405 not in signed_in:
            taking.add(name)
    assert taking == set(FORMS)


def test_a_form_takes_its_own_fields_and_nothing_else(world: World) -> None:
    """Every other column of the database in the same POST changes nothing of what is stored."""
    newest = newest_ids()

    def look() -> dict[str, list[str]]:
        return everything_stored(newest)

    extra = harmful()
    extra |= {f"a-{column}": value for column, value in extra.items()}
    wrong = {}
    for name, (_, body, wanted) in FORMS.items():
        address = address_of(world, name)
        answered, plain = tried(browser_for(world, name), address, body(world), look)
        stuffed_so, stuffed = tried(browser_for(world, name), address, {**extra, **body(world)}, look)
        assert (name, answered, stuffed_so) == (name, wanted, wanted)
        assert plain
        assert stuffed
        if changed := {
            label: set(stuffed[label]) ^ set(plain[label]) for label in plain if plain[label] != stuffed[label]
        }:
            wrong[name] = changed
    assert not wrong


def test_no_text_in_any_field_breaks_a_form(world: World) -> None:
    broken = []
    for name, (_, body, _) in FORMS.items():
        browser, address = browser_for(world, name), address_of(world, name)
        fields = list(body(world))
        # A NUL at each field in turn, for a form stops at the first place that refuses it; the rest everywhere at once.
        trials = [({field}, NUL) for field in fields] + [(set(fields) - {"version"}, text) for text in TEXTS]
        trials += [({"version"}, text) for text in TEXTS if "version" in fields]
        for places, text in trials:
            status, _ = tried(browser, address, {**body(world), **dict.fromkeys(places, text)}, bool)
            if status >= 500:
                broken.append(f"{name}: {status} for {sorted(places)} = {text[:20]!r}")
    assert not broken


def test_a_form_without_its_token_changes_nothing(world: World) -> None:
    before = everything_stored({})
    for name, (_, body, _) in FORMS.items():
        browser = browser_for(world, name, enforce_csrf_checks=True)
        assert (name, browser.post(address_of(world, name), body(world)).status_code) == (name, 403)
    assert everything_stored({}) == before


def test_no_other_method_writes(world: World) -> None:
    before = everything_stored({})
    for name, (_, body, _) in FORMS.items():
        browser = browser_for(world, name)
        address = address_of(world, name)
        sent = urlencode({key: value for key, value in body(world).items() if isinstance(value, str | int)})
        answers = [browser.generic(method, address, sent, FORM) for method in ("PUT", "PATCH", "DELETE", "PROPFIND")]
        answers.append(browser.get(f"{address}?{sent}"))
        assert all(answer.status_code < 500 for answer in answers), name
    assert everything_stored({}) == before
