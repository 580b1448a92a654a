"""Every address that writes × what nobody should be able to write through it.

A form takes its own fields and nothing else (security rule 11); a field takes any text without breaking; a POST without
its token, or with another method, is refused. A new address that takes a POST fails until it has an entry here.
"""

from __future__ import annotations

import json
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

from indicators.models import ReportingPeriod
from organisations.models import ApiToken, Notification, Organisation, Session, User
from tests.conftest import PASSWORD
from tests.indicators.attachments import pdf
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
RULE = {"kind": "quarter", "working_days": "4", "remind_before": "2", "remind_every": "3"}
RULE |= {"effective_from": "2026-01-01"}
EXCEPTION = {"day": "2026-11-24", "is_working": "no", "reason": "Праздник области"}
NEW_PASSWORD = {"password": "кедровые шишки у реки", "again": "кедровые шишки у реки"}
PERSON = {
    "full_name": "Яковлева Яна Юрьевна",
    "position": "директор",
    "email": "school@example.org",
    "phone": "8 (83361) 2-15-30",
}
NEWCOMER = {"name": "Яковлева Яна Юрьевна", "position": "министр", "supervisor": "Журавлёв П.К."}
FIGURE = {"name": "Столовых", "code": "canteens", "kind": "integer", "unit": "ед.", "hint": "Все", "maximum": "9"}
FIGURE |= {
    "over_organisations": "sum",
    "over_time": "snapshot",
    "minimum": "0",
    "weight": "",
    "not_above": "",
    "kinds": "school",
}
FIGURE |= {"may_not_apply": "", "okei": "", "evidence": "none"}

ACT = {"day": "2026-01-15", "reason": "Постановление № 5", "confirm": "1"}
REQUISITES = {"name": "Лицей", "short_name": "Лицей", "kind": "school", "inn": "7707083893", "oktmo": "25701000"}
REQUISITES |= {"seen": "0"}


SHARES = {"effective_from": "2026-01-01", "first": "20", "second": "45", "third": "70", "fourth": "100"}
SHARES |= {"yellow": "90", "working_days": "5"}


def _execution(world: World) -> Body:
    line = world.money_line.pk
    typed = {"contracted": "900", "executed": "500", "explanation": "акт № 4", "version": "1"}
    return {"as_of": "2026-03-31", "unit": "thousand"} | {f"{name}-{line}": text for name, text in typed.items()}


def _file() -> SimpleUploadedFile:
    return SimpleUploadedFile("паспорт.txt", "Паспорт".encode())


def typed_plan(world: World) -> str:
    """The plan of the draft as the table editor sends it, with one cell typed over."""
    rows: list[dict[str, Any]] = [{"key": row.id, "kind": row.kind, "cells": {}} for row in world.draft.passport.plan]
    return json.dumps({"rows": [{**rows[0], "cells": {"document": "приказ"}}, *rows[1:]]})


# name: (who, a body that is taken, what comes of it)
FORMS: dict[str, tuple[str, Callable[[World], Body], int]] = {
    "organisations:sign_in": ("nobody", lambda _: {"username": "office", "password": "wrong"}, 200),
    "organisations:first_sign_in": (
        "nobody",
        lambda _: {"login": "village", "code": "1234 5678 9012", **NEW_PASSWORD},
        422,
    ),
    "organisations:first_sign_in_by_link": ("nobody", lambda _: {"login": "village", "code": "1", **NEW_PASSWORD}, 422),
    "organisations:second_factor": ("nobody", lambda _: {"code": "123456"}, 302),
    "organisations:password_forgotten": ("nobody", lambda _: {"login": "office"}, 200),
    "organisations:password_reset": ("nobody", lambda _: NEW_PASSWORD, 404),
    "organisations:account_password": ("office", lambda _: {"current": PASSWORD, **NEW_PASSWORD}, 302),
    "organisations:tokens": ("office", lambda _: {"name": "Журнал", "scopes": "forms:read", "days": "90"}, 200),
    "organisations:token_end": ("office", lambda _: {}, 302),
    "organisations:account_email": ("office", lambda _: {"email": "office@example.org", "current": PASSWORD}, 302),
    "organisations:session_end": ("office", lambda _: {"session": "somebody's"}, 302),
    "organisations:sessions_end": ("office", lambda _: {}, 302),
    "organisations:second_factor_connect": ("office", lambda _: {"code": "123456"}, 422),
    "organisations:recovery_codes": ("office", lambda _: {"current": PASSWORD}, 302),
    "organisations:second_factor_remove": ("office", lambda _: {"current": PASSWORD}, 302),
    "organisations:person_new": (
        "office",
        lambda w: {
            **PERSON,
            "role": "reporter",
            "organisation": w.first_school.name,
            "replace": "yes",
            "kind": "letter",
        },
        302,
    ),
    "organisations:letter_again": ("office", lambda _: {}, 302),
    "organisations:slips": ("office", lambda w: {"at": w.region.town.pk}, 422),
    "organisations:person_edit": ("office", lambda _: PERSON, 302),
    "organisations:person_role": (
        "office",
        lambda w: {"role": "auditor", "organisation": w.region.root.name},
        302,
    ),
    "organisations:role_take": ("office", lambda _: {}, 302),
    "organisations:person_step": ("office", lambda _: {"step": "disable"}, 302),
    "organisations:person_slip": ("office", lambda _: {}, 200),
    "organisations:sign_out": ("office", lambda _: {}, 302),
    "organisations:notifications_read_all": ("third_reporter", lambda _: {}, 302),
    "organisations:notification_open": ("third_reporter", lambda _: {}, 302),
    "organisations:notification_settings": ("third_reporter", lambda _: {"accepted-portal": "on"}, 302),
    "organisations:calendar": ("office", lambda _: EXCEPTION, 302),
    "organisations:calendar_day_remove": ("office", lambda _: {}, 302),
    "reports:appearance": ("nobody", lambda _: {"version": "weak_sight", "next": "/sign-in/"}, 302),
    "organisations:register_loading": ("office", lambda _: {"file": _file()}, 302),
    "organisations:register_load_confirm": ("office", lambda w: {"version": w.load.version}, 302),
    "organisations:register_load_drop": ("office", lambda w: {"version": w.load.version}, 302),
    "organisations:organisation_new": (
        "office",
        lambda w: {**REQUISITES, **ACT, "parent": w.region.district.pk},
        302,
    ),
    "organisations:organisation_edit": ("office", lambda _: {**REQUISITES, **ACT}, 302),
    "organisations:organisation_move": ("office", lambda w: {"parent": w.region.district.pk, **ACT}, 302),
    "organisations:organisation_merge": ("office", lambda w: {"joined": w.first_school.pk, **ACT}, 302),
    "organisations:organisation_close": ("office", lambda _: ACT, 302),
    "organisations:organisation_reopen": ("office", lambda _: ACT, 302),
    "projects:upload": ("office", lambda w: {"territory": w.region.root.pk, "file": _file()}, 302),
    "projects:upload_next": ("office", lambda _: {"file": _file()}, 302),
    "projects:change_request_new": (
        "office",
        lambda w: {
            "territory": w.region.root.pk,
            "title": "Тёплая школа",
            "short_title": "",
            "start": "2027-01-01",
            "end": "",
        },
        302,
    ),
    "projects:change": ("office", lambda _: {}, 302),
    "projects:change_request_section": ("office", lambda w: {"version": 1, "rows": typed_plan(w)}, 200),
    "projects:change_request_section_check": ("office", lambda w: {"version": 1, "rows": typed_plan(w)}, 200),
    "projects:change_request_links": (
        "office",
        lambda w: {"version": 1, "territories-0": w.region.town.pk, "territories-1": "new"},
        302,
    ),
    "projects:change_request_send": ("office", lambda _: {"version": 1}, 302),
    "projects:change_request_withdraw": ("office", lambda _: {"version": 1}, 409),
    "projects:change_request_agree": ("curator", lambda _: {"version": 1, "comment": "Согласен"}, 409),
    "projects:change_request_return": ("curator", lambda _: {"version": 1, "comment": "Уточните"}, 409),
    "projects:change_request_rebase": ("office", lambda w: {"version": 1, "onto": w.redaction.pk}, 302),
    "projects:route": ("office", lambda _: {"seen": "", "step-1": "head", "step-2": "curator"}, 302),
    "reports:redaction_comparison_print": ("office", lambda _: {"old": 1, "new": 1, "format": "pdf"}, 302),
    "reports:request_comparison_print": ("office", lambda _: {"format": "pdf"}, 302),
    "projects:change_request_approve": ("curator", lambda _: {**PROTOCOL, "version": 1}, 302),
    "projects:change_request_reject": ("curator", lambda _: {"reason": "Рано", "version": 1}, 302),
    "participants:replace": (
        "office",
        lambda w: {**NEWCOMER, "projects": [w.project.pk], "seen": f"{w.project.pk}:1", "confirm": "1"},
        302,
    ),
    "indicators:formula": ("office", lambda _: {"text": "100 * safe / organisations"}, 302),
    "indicators:formula_check": ("office", lambda _: {"text": "100 * safe"}, 200),
    "indicators:base_indicator_create": ("office", lambda _: FIGURE, 302),
    "indicators:base_indicator": (
        "office",
        lambda w: {**FIGURE, "code": "safe", "not_above": w.base_indicator.not_above_id},
        302,
    ),
    "indicators:base_indicator_archive": ("office", lambda _: {}, 302),
    "indicators:entered": ("office", lambda _: {"kind": "forecast", "value": "95", "reason": "График работ"}, 302),
    "indicators:thresholds": (
        "office",
        lambda _: {"effective_from": "2026-01-01", "green": "95", "yellow": "80"},
        302,
    ),
    "finance:thresholds": ("office", lambda _: SHARES, 302),
    "finance:enter": ("office", _execution, 302),
    "finance:workbook": ("office", lambda _: {"file": _file()}, 422),
    "finance:load_confirm": ("office", lambda _: {"seen": "0", "take": "1"}, 409),
    "finance:load_drop": ("office", lambda _: {}, 302),
    "indicators:period_open": ("office", lambda w: {**QUARTER, "projects": [w.project.pk], "confirm": "1"}, 302),
    "indicators:deadline_rules": ("office", lambda _: RULE, 302),
    "indicators:period_prolong": (
        "office",
        lambda _: {"deadline": "2100-01-15", "time": "23:59", "reason": "Каникулы"},
        302,
    ),
    "indicators:period_remind": ("coordinator", lambda w: {"form": w.returned.pk}, 302),
    "indicators:period_recompute": ("office", lambda _: {}, 302),
    "indicators:workbook": ("third_reporter", lambda _: {"file": _file()}, 422),
    "indicators:form_workbook": (
        "third_reporter",
        lambda w: {"take": "safe", "cell-safe": "2", "version": w.returned.version},
        302,
    ),
    "indicators:municipality_workbook": ("coordinator", lambda _: {"file": _file()}, 302),
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
    "indicators:submission_evidence": (
        "third_reporter",
        lambda _: {"code": "", "file": SimpleUploadedFile("справка.pdf", pdf(words=b"another"))},
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
    "indicators:review_reopen": (
        "office",
        lambda w: {"reason": "В школе семь подъездов.", "version": w.accepted.version},
        302,
    ),
    "indicators:review_settings": ("office", lambda w: {"form": "routes", "projects": [w.project.pk]}, 302),
    "indicators:period_reopen": (
        "office",
        lambda _: {"reason": "Ошибка в своде.", "deadline_date": "2099-01-15", "deadline_time": "18:00"},
        302,
    ),
    "milestones:row": (
        "office",
        lambda _: {"completed_on": "2025-11-05", "forecast": "", "forecast_reason": "", "comment": "", "version": 0},
        302,
    ),
    "milestones:row_undo": ("office", lambda _: {"reason": "Акт отозван", "version": 1}, 302),
    "milestones:row_assign": ("office", lambda w: {"assignee": w.cast.coordinator.pk, "version": 0}, 302),
    "milestones:evidence_add": (
        "office",
        lambda _: {"file": SimpleUploadedFile("акт.pdf", pdf(words=b"another"))},
        302,
    ),
    "milestones:evidence_remove": ("office", lambda _: {}, 302),
    "milestones:rules": (
        "office",
        lambda _: {"soon_days": "10", "remind_before": "5", "remind_every": "7", "effective_from": "2026-01-01"},
        302,
    ),
    "reports:state_rules": ("office", lambda _: {"effective_from": "2026-02-01", "red_after": "10", "slip": "5"}, 302),
    "reports:deviation_explain": (
        "office",
        lambda w: {
            "reason": "Подрядчик опоздал",
            "measure": "Сменить подрядчика",
            "owner": w.cast.head.pk,
            "due": "2099-01-15",
            "version": w.deviation.version,
        },
        302,
    ),
    "reports:deviation_report": (
        "administrator",
        lambda w: {"report": "Договор заключён", "version": w.deviation.version},
        302,
    ),
    "reports:deviation_close": ("office", lambda w: {"closing": "Принято", "version": w.deviation.version}, 302),
    "reports:check": ("nobody", lambda _: {"file": _file()}, 200),
    "reports:request_passport": (
        "auditor",
        lambda w: {"redaction": w.redaction.pk, "format": "pdf"},
        302,
    ),
    "reports:monitoring": ("office", lambda _: {"kind": "month", "number": "2", "year": "2026"}, 302),
    "reports:monitoring_report": ("office", lambda w: {"version": w.monitoring.version, "general": "По плану."}, 302),
    "reports:monitoring_autosave": ("office", lambda w: {"version": w.monitoring.version, "money": "Аванс."}, 200),
    "reports:monitoring_fix": ("office", lambda w: {"version": w.monitoring.version}, 302),
    "reports:monitoring_print": ("auditor", lambda _: {"format": "pdf"}, 302),
    "reports:progress_print": ("auditor", lambda _: {"year": "2025", "format": "docx"}, 302),
    "reports:plan_fact_print": ("auditor", lambda w: {"node": w.region.town.pk, "format": "pdf"}, 302),
}

OWN_APPS = ("organisations", "projects", "indicators", "milestones", "finance", "participants", "reports", "jobs")
AT_RANDOM = re.compile(
    r"md5\$\w+\$[0-9a-f]{32}|!\w{40}|[0-9a-f]{2}/[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[\w-]{32}"
)
"""Hashes of passwords with their salt, names of stored files and public ids of documents."""
NUMBERS: dict[str, type[models.Model]] = {"period_id": ReportingPeriod, "organisation_id": Organisation}
"""What a plain number names where a table keeps no foreign key."""


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
    """What the portal keeps. The audit trail follows it by triggers and is left out; so are sessions: each browser of
    these tests brings one."""
    for model in apps.get_models():
        if model is Session:
            continue
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
        about = field.related_model if field.is_relation else model if field.primary_key else NUMBERS.get(field.attname)
        if isinstance(value, int) and isinstance(about, type) and value > newest.get(about._meta.label, value):
            value = "new"
        elif isinstance(field, models.DateTimeField) or field.name == "key":
            continue
        elif model is Organisation and field.name == "path":
            value = value.split(".")[:-2]
        elif isinstance(value, dict):
            value = {
                key: part
                for key, part in value.items()
                if key not in {"file", "document", "period_id", "territories", "id", "invitation"}
            }
        elif isinstance(value, uuid.UUID) or (model is ApiToken and field.name == "hint"):
            value = "random"
        elif model is Notification and field.name in {"subject", "link"}:
            value = re.sub(r"\d+", "number", value)
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
    # The API takes no forms and knows no sessions: what it is sent is tried in tests/indicators/api.
    for name in (name for name in ROUTES if not name.startswith("api:")):
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
