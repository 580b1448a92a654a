"""Every address of the portal × every role: who gets in, who is told no, for whom it does not exist.

A new address without an entry fails (security rule 10). The signs of an entry stand for the people of :data:`PEOPLE`
in that order: ``+`` opens (or sends on within the portal), ``-`` does not exist (404), ``x`` is forbidden (403), ``>``
must sign in first, ``!`` the method or the empty form is refused (405, 400), ``f`` the empty form comes back (422).
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.world import World

PEOPLE = ("office", "curator", "auditor", "coordinator", "reporter", "village_reporter", "stranger", "nobody")

# name: (method, what of the world the address names, signs). The returned form is the third school's.
ROUTES: dict[str, tuple[str, str, str]] = {
    "health": ("GET", "", "++++++++"),
    "organisations:sign_in": ("GET", "", "++++++++"),
    "organisations:first_sign_in": ("GET", "", "++++++++"),
    "organisations:first_sign_in_by_link": ("GET", "cast.office.login cast.office.login", "++++++++"),
    "organisations:second_factor": ("GET", "", ">>>>>>>>"),
    "organisations:password_forgotten": ("GET", "", "++++++++"),
    "organisations:password_reset": ("GET", "cast.office.login cast.office.login", "--------"),
    "organisations:account": ("GET", "", "+++++++>"),
    "organisations:account_password": ("GET", "", "+++++++>"),
    "organisations:account_email": ("GET", "", "+++++++>"),
    "organisations:tokens": ("GET", "", "+++++++>"),
    "organisations:token_end": ("GET", "key.pk", "+------>"),
    "api:guide": ("GET", "", "++++++++"),
    "organisations:session_end": ("POST", "", "+++++++>"),
    "organisations:sessions_end": ("POST", "", "+++++++>"),
    "organisations:second_factor_connect": ("GET", "", "+++++++>"),
    "organisations:recovery_codes": ("GET", "", "+++++++>"),
    "organisations:second_factor_remove": ("GET", "", "+++++++>"),
    "organisations:people": ("GET", "", "+xx+xxx>"),
    "organisations:person_new": ("GET", "", "+xx+xxx>"),
    "organisations:letters": ("GET", "", "+xx+xxx>"),
    "organisations:letter_again": ("POST", "given_up.pk", "+xx-xxx>"),
    "organisations:slips": ("GET", "", "+xx+xxx>"),
    "organisations:person": ("GET", "cast.village_reporter.pk", "+xx-xxx>"),
    "organisations:person_edit": ("GET", "cast.village_reporter.pk", "+xx-xxx>"),
    "organisations:person_role": ("GET", "cast.village_reporter.pk", "+xx-xxx>"),
    "organisations:person_step": ("POST", "cast.village_reporter.pk", "+xx-xxx>"),
    "organisations:person_slip": ("POST", "cast.village_reporter.pk", "+xx-xxx>"),
    "organisations:notifications": ("GET", "", "+++++++>"),
    "organisations:notifications_read_all": ("POST", "", "+++++++>"),
    "organisations:notification_settings": ("GET", "", "+++++++>"),
    "organisations:notification_open": ("POST", "notification.pk", "------->"),
    "organisations:calendar": ("GET", "", "+++++++>"),
    "organisations:register": ("GET", "", "++++xxx>"),
    "organisations:register_template": ("GET", "", "+xxxxxx>"),
    "organisations:register_loading": ("GET", "", "+xxxxxx>"),
    "organisations:register_load": ("GET", "load.pk", "+++---->"),
    "organisations:register_load_confirm": ("POST", "load.pk", "fxx---->"),
    "organisations:register_load_drop": ("POST", "load.pk", "fxx---->"),
    "organisations:organisation_new": ("GET", "", "+xxxxxx>"),
    "organisations:organisation": ("GET", "region.town.pk", "++++--->"),
    "organisations:organisation_edit": ("GET", "region.college.pk", "+xxx--->"),
    "organisations:organisation_move": ("GET", "region.college.pk", "+xxx--->"),
    "organisations:organisation_merge": ("GET", "region.college.pk", "+xxx--->"),
    "organisations:organisation_close": ("GET", "region.college.pk", "+xxx--->"),
    "organisations:organisation_reopen": ("GET", "closed_school.pk", "+xxx--->"),
    "reports:register_export": ("GET", "export_ending", "++++xxx>"),
    "jobs:detail": ("GET", "job.pk", "+------>"),
    "jobs:progress": ("GET", "job.pk", "+------>"),
    "projects:list": ("GET", "", "+++++++>"),
    "projects:upload": ("GET", "", "+xxxxxx>"),
    "projects:change_requests": ("GET", "", "++xxxxx>"),
    "projects:change_request_new": ("GET", "", "+xxxxxx>"),
    "projects:change_request_section": ("GET", "draft.pk edited_section", "+x----->"),
    "projects:change_request_section_check": ("POST", "draft.pk edited_section", "!x----->"),
    "projects:change": ("GET", "project.pk", "+xxxxx->"),
    "projects:change_request": ("GET", "draft.pk", "++----->"),
    "projects:change_request_file": ("GET", "draft.pk", "------->"),
    "projects:change_request_links": ("POST", "draft.pk", "fx----->"),
    "projects:change_request_compare": ("GET", "draft.pk", "++----->"),
    "projects:change_request_rebase": ("GET", "draft.pk", "+x----->"),
    "projects:change_request_send": ("POST", "draft.pk", "fx----->"),
    "projects:change_request_withdraw": ("POST", "draft.pk", "fx----->"),
    "projects:change_request_agree": ("POST", "draft.pk", "ff----->"),
    "projects:change_request_return": ("POST", "draft.pk", "ff----->"),
    "projects:change_request_approve": ("POST", "draft.pk", "ff----->"),
    "projects:change_request_reject": ("POST", "draft.pk", "ff----->"),
    "projects:detail": ("GET", "project.pk", "++++++->"),
    "projects:results": ("GET", "project.pk", "++++++->"),
    "projects:additional": ("GET", "project.pk", "++++++->"),
    "projects:route": ("GET", "project.pk", "+xxxxx->"),
    "projects:compare": ("GET", "project.pk", "++++++->"),
    "projects:redactions": ("GET", "project.pk", "++++++->"),
    "projects:redaction": ("GET", "project.pk redaction.number", "++++++->"),
    "projects:upload_next": ("GET", "project.pk", "+xxxxx->"),
    "finance:project": ("GET", "project.pk", "++++++->"),
    "finance:line": ("GET", "project.pk money_line.pk period.year", "++++++->"),
    "finance:enter": ("GET", "project.pk", "+xxxxx->"),
    "finance:workbook": ("GET", "project.pk", "+xxxxx->"),
    "finance:workbook_file": ("GET", "project.pk", "+xxxxx->"),
    "finance:load": ("GET", "project.pk money_load.pk", "++++++->"),
    "finance:load_confirm": ("POST", "project.pk money_load.pk", "fxxxxx->"),
    # The office, which comes last, drops it.
    "finance:load_drop": ("POST", "project.pk money_load.pk", "+xxxxx->"),
    "reports:money_export": ("GET", "project.pk export_ending", "++++++->"),
    "finance:thresholds": ("GET", "", "+++++++>"),
    "participants:project": ("GET", "project.pk", "++++++->"),
    "participants:people": ("GET", "", "++++xxx>"),
    "participants:person": ("GET", "participant", "++++xxx>"),
    "participants:replace": ("GET", "participant", "+xxxxxx>"),
    "reports:people_export": ("GET", "export_ending", "++++xxx>"),
    "milestones:project": ("GET", "project.pk", "++++++->"),
    "milestones:gantt": ("GET", "project.pk", "++++++->"),
    "milestones:row": ("GET", "project.pk plan_row.pk", "++++++->"),
    "milestones:row_undo": ("GET", "project.pk done_row.pk", "+xxxxx->"),
    "milestones:row_assign": ("POST", "project.pk plan_row.pk", "fxxxxx->"),
    "milestones:evidence_add": ("POST", "project.pk plan_row.pk", "fxxxxx->"),
    "milestones:evidence_file": ("GET", "project.pk done_row.pk plan_evidence.pk", "++++++->"),
    "milestones:evidence_remove": ("GET", "project.pk done_row.pk plan_evidence.pk", "+xxxxx->"),
    "milestones:week": ("GET", "", "++++xxx>"),
    "milestones:rules": ("GET", "", "+xxxxxx>"),
    "reports:plan_export": ("GET", "project.pk export_ending", "++++++->"),
    "reports:week_export": ("GET", "export_ending", "++++xxx>"),
    "indicators:project_indicators": ("GET", "project.pk", "++++++->"),
    "indicators:project_breakdown": ("GET", "project.pk", "++++++->"),
    "indicators:project_methodology": ("GET", "project.pk", "++++++->"),
    "indicators:formula": ("GET", "indicator.pk", "+xxxxx->"),
    "indicators:formula_check": ("GET", "indicator.pk", "!!!!!!!>"),
    "indicators:entered": ("GET", "project.pk indicator.pk period.year", "++++++->"),
    "indicators:evidence_of_figure": ("GET", "figure.pk", "++++++->"),
    "indicators:thresholds": ("GET", "", "++++xxx>"),
    "indicators:base_indicators": ("GET", "", "++++++x>"),
    "indicators:base_indicator_create": ("GET", "", "+xxxxxx>"),
    "indicators:base_indicator": ("GET", "base_indicator.pk", "+xxxxx->"),
    "indicators:periods": ("GET", "", "++++xxx>"),
    "indicators:period_open": ("GET", "", "+xxxxxx>"),
    "indicators:period_deadline": ("GET", "", "+xxxxxx>"),
    "indicators:deadline_rules": ("GET", "", "+xxxxxx>"),
    "indicators:period_prolong": ("GET", "period.pk", "+xxxxx->"),
    "indicators:period_late": ("GET", "period.pk", "++++xxx>"),
    "indicators:period_remind": ("POST", "period.pk", "+xx+xx->"),
    "reports:late_export": ("GET", "period.pk export_ending", "++++xxx>"),
    "indicators:period": ("GET", "period.pk", "++++xxx>"),
    "indicators:roll_up_audits": ("GET", "", "+++xxxx>"),
    "indicators:period_recompute": ("POST", "period.pk", "+xxxxxx>"),
    "indicators:my_submissions": ("GET", "", "xxxx++x>"),
    "indicators:submission": ("GET", "returned.pk", "++++--->"),
    "indicators:workbook": ("GET", "", "xxxx++x>"),
    "indicators:form_workbook": ("GET", "returned.pk", "xxxx--->"),
    "indicators:form_workbook_file": ("GET", "returned.pk", "xxxx--->"),
    "indicators:municipality_workbook": ("GET", "period.pk", "++++xxx>"),
    "indicators:municipality_workbook_file": ("GET", "period.pk region.town.pk", "++++xxx>"),
    # The report of an upload is for who uploaded it; this file nobody did.
    "indicators:municipality_report": ("GET", "period.pk figure.file.pk", "----xxx>"),
    "indicators:submission_autosave": ("POST", "returned.pk", "xxxx--->"),
    "indicators:submission_check": ("GET", "returned.pk", "xxxx--->"),
    "indicators:submission_evidence": ("POST", "returned.pk", "xxxx--->"),
    "indicators:submission_evidence_file": ("GET", "returned.pk evidence.pk", "++++--->"),
    # Nothing was taken away from this form.
    "indicators:submission_removed_file": ("GET", "submitted.pk figure.file.pk", "----xxx>"),
    "indicators:submission_receipt": ("GET", "submitted.pk", "++++--->"),
    "indicators:review": ("GET", "", "++++xxx>"),
    "indicators:review_submission": ("GET", "submitted.pk", "++++xxx>"),
    "reports:home": ("GET", "", "+++++++>"),
    "reports:overview": ("GET", "project.pk", "++++++->"),
    "reports:figure_history": ("GET", "project.pk part.kind part.row_id", "++++++->"),
    "reports:portfolio": ("GET", "", "++++xxx>"),
    "reports:portfolio_export": ("GET", "export_ending", "++++xxx>"),
    "reports:comparison": ("GET", "", "++++xxx>"),
    "reports:ranking": ("GET", "", "++++xxx>"),
    "reports:ranking_export": ("GET", "export_ending", "++++xxx>"),
    "reports:state_rules": ("GET", "", "++++xxx>"),
    "reports:deviations": ("GET", "", "+++++++>"),
    "reports:deviations_export": ("GET", "export_ending", "++++xxx>"),
    "reports:deviation": ("GET", "deviation.pk", "++++--->"),
    "reports:deviation_explain": ("POST", "deviation.pk", "fxxx--->"),
    "reports:deviation_report": ("POST", "deviation.pk", "xxxx--->"),
    "reports:deviation_close": ("POST", "deviation.pk", "fxxx--->"),
    "reports:appearance": ("POST", "", "++++++++"),
    "reports:styleguide": ("GET", "", "++xxxxx>"),
    "reports:documents": ("GET", "project.pk", "++++++->"),
    "reports:request_passport": ("POST", "project.pk", "----xx->"),
    "reports:redaction_comparison_print": ("POST", "project.pk", "----xx->"),
    "reports:request_comparison_print": ("POST", "draft.pk", "------->"),
    "reports:plan_fact": ("GET", "project.pk", "++++++->"),
    "reports:plan_fact_print": ("POST", "project.pk", "----xx->"),
    # Who gets which list is in tests/reports/test_every_list_exports.py.
    "reports:list_export": ("GET", "list_name export_ending", "++++xxx>"),
    "reports:project_list_export": ("GET", "project.pk list_name export_ending", "++++++->"),
    "reports:monitoring": ("GET", "project.pk", "++++++->"),
    "reports:monitoring_report": ("GET", "monitoring.pk", "++++--->"),
    "reports:monitoring_autosave": ("POST", "monitoring.pk", "!xxx--->"),
    "reports:monitoring_fix": ("GET", "monitoring.pk", "+xxx--->"),
    "reports:monitoring_print": ("POST", "fixed_monitoring.pk", "------->"),
    "reports:progress": ("GET", "project.pk", "++++++->"),
    "reports:progress_print": ("POST", "project.pk", "----xx->"),
    "reports:plan_fact_indicator": ("GET", "project.pk indicator.pk", "++++++->"),
    "reports:plan_fact_figure": ("GET", "project.pk indicator.pk period.pk first_school.pk", "+++++-->"),
    "reports:period_export": ("GET", "period.pk export_ending", "++++xxx>"),
    "reports:completeness": ("GET", "", "++++xxx>"),
    "reports:completeness_export": ("GET", "export_ending", "++++xxx>"),
    "reports:all_documents": ("GET", "", "++++xxx>"),
    "reports:check": ("GET", "document.public_id", "++++++++"),
    "reports:document": ("GET", "document.public_id", "++++--->"),
    "reports:download": ("GET", "document.public_id", "++++--->"),
    "indicators:base_indicator_archive": ("GET", "base_indicator.pk", "!!!!!!!>"),
    "organisations:calendar_day_remove": ("POST", "exceptional_day.pk", "+xxxxxx>"),
    "indicators:period_close": ("GET", "period.pk", "+xxxxx->"),
    "indicators:review_return": ("POST", "submitted.pk", "fxxx--->"),
    "indicators:review_accept_many": ("POST", "", "+xx+xxx>"),
    "indicators:review_accept": ("POST", "submitted.pk", "fxxx--->"),
    "indicators:review_reopen": ("GET", "accepted.pk", "+xxxx-->"),
    "indicators:review_settings": ("GET", "", "+xxxxxx>"),
    "indicators:period_reopen": ("GET", "period.pk", "+xxxxx->"),
    "reports:review_export": ("GET", "export_ending", "++++xxx>"),
    "organisations:role_take": ("POST", "cast.village_reporter.pk village_role.pk", "+xx-xxx>"),
    "api:schema": ("GET", "", "++++++++"),
    # A browser's session opens nothing here; what the owner of a key may do is in tests/indicators/api.
    "api:forms": ("GET", "", ">>>>>>>>"),
    "api:form": ("GET", "returned.pk", ">>>>>>>>"),
    "api:not_there": ("GET", "export_ending", "--------"),
    "api:proofs": ("POST", "returned.pk", ">>>>>>>>"),
    "api:proof": ("GET", "returned.pk returned.pk", ">>>>>>>>"),
    "api:draft": ("POST", "returned.pk", ">>>>>>>>"),
    "api:submit": ("POST", "returned.pk", ">>>>>>>>"),
    "organisations:sign_out": ("POST", "", "++++++++"),
}


SIGNS = {200: "+", 302: "+", 401: ">", 403: "x", 404: "-", 400: "!", 405: "!", 409: "f", 422: "f"}


def names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else prefix)
        else:
            yield f"{prefix}{pattern.name}"


def browser_of(world: World, who: str) -> Client:
    client = Client()
    if who == "reporter":
        client.force_login(world.cast.reporters[0])
    elif who != "nobody":
        client.force_login(getattr(world.cast, who))
    return client


def sign(answer: HttpResponseBase) -> str:
    if answer.status_code == 302 and answer["Location"].startswith("/sign-in/"):
        return ">"
    if getattr(answer, "streaming", False):
        assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    return SIGNS[answer.status_code]


def test_every_address_has_an_entry() -> None:
    assert set(names(get_resolver().url_patterns)) == set(ROUTES)


@pytest.mark.django_db
def test_every_address_opens_for_those_it_is_meant_for(world: World) -> None:
    wrong = []
    browsers = {who: browser_of(world, who) for who in PEOPLE if who != "nobody"}
    for name, (method, about, expected) in ROUTES.items():
        address = reverse(name, args=[attrgetter(path)(world) for path in about.split()])
        # The strongest comes last: whoever may not is asked before anybody changes anything.
        signs = {}
        for who in reversed(PEOPLE):
            browser = browsers.get(who) or Client()
            signs[who] = sign(browser.post(address) if method == "POST" else browser.get(address))
        found = "".join(signs[who] for who in PEOPLE)
        if found != expected:
            wrong.append(f"{name}: {found}, not {expected}")
    assert not wrong, "\n".join(wrong)
