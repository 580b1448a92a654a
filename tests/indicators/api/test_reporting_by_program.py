"""A school's own system: what is due, the form, its draft, handing it in."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from indicators.models import Answer, Evidence, ReportingPeriod, Submission
from indicators.services import evidence_add
from organisations.models import ApiToken, Scope, User
from organisations.services.tokens import token_create, token_revoke
from tests.conftest import Cast, Region
from tests.indicators.api.conftest import Program
from tests.indicators.attachments import pdf
from tests.indicators.steps import accept, form_at
from tests.two_connections import together

pytestmark = pytest.mark.django_db
FORMS = "/api/v1/forms/"
ANSWERS: dict[str, Any] = {"pupils": 412, "meals": 1.25, "connected": True}


def draft(client: Client, form: Submission, version: int, headers: dict[str, str] | None = None, **answers: Any) -> Any:
    body = {"version": version, "answers": answers}
    return client.patch(f"{FORMS}{form.pk}/draft/", body, content_type="application/json", headers=headers)


def submit(client: Client, form: Submission, version: int, **headers: str) -> Any:
    body = {"version": version}
    return client.post(f"{FORMS}{form.pk}/submit/", body, content_type="application/json", headers=headers)


def test_a_program_reports_for_its_school(program: Program, form: Submission, cast: Cast) -> None:
    client = program(cast.reporters[0])
    due = client.get(FORMS, {"due": "true"}).json()["results"]
    assert [row["id"] for row in due] == [form.pk]
    assert due[0]["period"]["name"] == "I квартал 2026 г."
    whole = client.get(f"{FORMS}{form.pk}/").json()
    assert [question["code"] for question in whole["questions"]] == ["connected", "pupils", "meals"]
    saved = draft(client, form, whole["version"], **ANSWERS).json()
    assert {row["code"]: row["value"] for row in saved["questions"]} == {
        "connected": "1", "pupils": "412", "meals": "1.25",
    }  # fmt: skip
    sent = submit(client, form, saved["version"]).json()
    assert (sent["state"], sent["late"], sent["writable"]) == ("submitted", False, False)
    assert client.get(FORMS, {"due": "true"}).json()["results"] == []
    form.refresh_from_db()
    assert form.submitted_by == cast.reporters[0]


def test_no_digit_is_lost(program: Program, form: Submission, cast: Cast) -> None:
    client = program(cast.reporters[0])
    body = '{"version": 0, "answers": {"meals": 0.1000000001}}'
    answer = client.patch(f"{FORMS}{form.pk}/draft/", body, content_type="application/json")
    assert answer.status_code == 200
    assert str(Answer.objects.get(submission=form, question__code="meals").value) == "0.1000000001"


def test_what_is_refused_is_named_and_the_rest_is_kept(program: Program, form: Submission, cast: Cast) -> None:
    client = program(cast.reporters[0])
    answer = draft(client, form, 0, pupils=-5, meals="١٢", connected="может быть", dishes=1)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert {row["pointer"] for row in problem["errors"]} == {f"/answers/{code}" for code in (
        "pupils", "meals", "connected", "dishes"
    )}  # fmt: skip
    assert draft(client, form, 0, pupils=5, meals="NaN").json()["version"] == 1
    assert str(Answer.objects.get(submission=form).value) == "5"


@pytest.mark.parametrize(
    "body",
    [
        "", "{", "[]", "null", '{"version": NaN}', '{"version": 1e0, "answers": {}}', '{"version": "0"}',
        '{"version": true}', '{"version": -1}', '{"version": 99999999999999999999}', '{"answers": {}}',
        '{"version": 0, "state": "accepted"}', '{"version": 0, "answers": {"pupils": [1]}}',
        '{"version": 0, "answers": {"pupils": {"a": 1}}}', '{"version": 0, "answers": {"pupils": "\\u0000"}}',
        '{"version": 0, "answers": {"pupils": "\\ud800"}}', '{"version": 0, "version": 0}', "[" * 100_000,
        '{"version": 0, "answers": {"pupils": Infinity}}',
    ],
)  # fmt: skip
def test_what_is_not_asked_for_is_refused(program: Program, form: Submission, cast: Cast, body: str) -> None:
    answer = program(cast.reporters[0]).patch(f"{FORMS}{form.pk}/draft/", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:vekha:problem:malformed"
    assert not Answer.objects.exists()


@pytest.mark.parametrize("value", ["1e400", "1" * 45, "-1", "1e-400", '"1e5"', "false", '"６"', '"12 345,6,7"'])
def test_a_figure_that_cannot_be_is_refused(program: Program, form: Submission, cast: Cast, value: str) -> None:
    body = f'{{"version": 0, "answers": {{"pupils": {value}}}}}'
    answer = program(cast.reporters[0]).patch(f"{FORMS}{form.pk}/draft/", body, content_type="application/json")
    assert answer.status_code == 422
    assert not Answer.objects.exists()


def test_what_is_not_yours_does_not_exist(
    program: Program, form: Submission, period: ReportingPeriod, region: Region, cast: Cast
) -> None:
    neighbour = program(cast.village_reporter)
    assert neighbour.get(f"{FORMS}{form.pk}/").status_code == 404
    assert draft(neighbour, form, 0, pupils=1).status_code == 404
    assert submit(neighbour, form, 0).status_code == 404
    assert [row["id"] for row in neighbour.get(FORMS).json()["results"]] == [form_at(period, region.village_school).pk]


def test_an_id_of_another_is_not_found_in_any_position(
    program: Program, form: Submission, period: ReportingPeriod, region: Region, cast: Cast
) -> None:
    other = form_at(period, region.village_school)
    proof = evidence_add(submission=other, code="", name="приказ.pdf", content=pdf(), actor=cast.village_reporter)
    client = program(cast.reporters[0])
    for holder in (form, other):
        address = f"{FORMS}{holder.pk}/evidence/{proof.pk}/"
        assert client.get(address).status_code == 404
        assert client.delete(address).status_code == 404
    file = SimpleUploadedFile("приказ.pdf", pdf())
    assert client.post(f"{FORMS}{other.pk}/evidence/", {"file": file, "question": ""}).status_code == 404
    # Nor where a reader of both may read each under its own form.
    assert program(cast.office).get(f"{FORMS}{form.pk}/evidence/{proof.pk}/").status_code == 404
    assert Evidence.objects.get() == proof


def test_who_only_reads_does_not_write(program: Program, form: Submission, cast: Cast) -> None:
    for reader in (cast.office, cast.auditor, cast.coordinator):
        client = program(reader)
        assert client.get(f"{FORMS}{form.pk}/").status_code == 200
        assert draft(client, form, 0, pupils=1).status_code == 403
        assert submit(client, form, 0).status_code == 403


def test_a_key_does_no_more_than_its_scopes(program: Program, form: Submission, cast: Cast) -> None:
    reads = program(cast.reporters[0], [Scope.READ])
    assert reads.get(FORMS).status_code == 200
    assert draft(reads, form, 0, pupils=1).status_code == 403
    writes = program(cast.reporters[0], [Scope.WRITE])
    assert writes.get(FORMS).status_code == 403
    assert draft(writes, form, 0, pupils=1).status_code == 200
    assert submit(writes, form, 1).status_code == 403


def test_a_key_ends_with_its_date_its_revocation_and_its_owner(form: Submission, cast: Cast) -> None:
    owner = cast.reporters[0]

    def opens(secret: str) -> int:
        return Client(headers={"Authorization": f"Bearer {secret}"}).get(FORMS).status_code

    revoked, secret = token_create(owner=owner, name="Отозванный", scopes=[Scope.READ], days=30)
    assert opens(secret) == 200
    token_revoke(token=revoked)
    assert opens(secret) == 401
    _, expired = token_create(owner=owner, name="Истёкший", scopes=[Scope.READ], days=-1)
    assert opens(expired) == 401
    _, of_disabled = token_create(owner=owner, name="Уволен", scopes=[Scope.READ], days=30)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert opens(of_disabled) == 401
    assert opens("vekha_nothing") == 401
    assert Client().get(FORMS).status_code == 401


def test_a_browser_session_opens_nothing(form: Submission, cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.reporters[0])
    assert browser.get(FORMS).status_code == 401


def test_only_a_digest_of_the_key_is_kept(cast: Cast) -> None:
    token, secret = token_create(owner=cast.reporters[0], name="Учёт", scopes=[Scope.READ], days=30)
    assert secret not in str(ApiToken.objects.filter(pk=token.pk).values().get())


def test_a_version_that_is_behind_overwrites_nothing(program: Program, form: Submission, cast: Cast) -> None:
    client = program(cast.reporters[0])
    draft(client, form, 0, pupils=1)
    stale = draft(client, form, 0, pupils=2)
    assert (stale.status_code, stale.json()["type"]) == (409, "urn:vekha:problem:stale-version")
    assert str(Answer.objects.get(submission=form).value) == "1"


def test_an_accepted_form_takes_nothing(program: Program, form: Submission, cast: Cast) -> None:
    client = program(cast.reporters[0])
    draft(client, form, 0, **ANSWERS)
    submit(client, form, 1)
    accept(form, cast.office)
    form.refresh_from_db()
    assert draft(client, form, form.version, pupils=1).status_code == 409


def test_a_form_with_gaps_is_not_handed_in(program: Program, form: Submission, cast: Cast) -> None:
    answer = submit(program(cast.reporters[0]), form, 0)
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) == 3


def test_the_same_request_again_is_answered_as_before(program: Program, form: Submission, cast: Cast) -> None:
    client = program(cast.reporters[0])
    first = draft(client, form, 0, headers={"Idempotency-Key": "one"}, **ANSWERS)
    again = draft(client, form, 0, headers={"Idempotency-Key": "one"}, **ANSWERS)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert again["Idempotent-Replayed"] == "true"
    other = draft(client, form, 1, headers={"Idempotency-Key": "one"}, pupils=1)
    assert (other.status_code, other.json()["type"]) == (422, "urn:vekha:problem:key-reused")
    refused = submit(client, form, 7, **{"Idempotency-Key": "two"})
    assert (refused.status_code, refused["Content-Type"]) == (409, "application/problem+json")
    assert submit(client, form, 7, **{"Idempotency-Key": "two"}).json() == refused.json()


def test_the_list_goes_on_and_costs_the_same(
    program: Program, period: ReportingPeriod, cast: Cast, monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    client = program(cast.office)
    everything = [row["id"] for row in client.get(FORMS).json()["results"]]
    with django_assert_num_queries(3):  # the key, the roles, the forms
        client.get(FORMS)
    monkeypatch.setattr("indicators.api.views.PER_PAGE", 2)
    found, address = [], FORMS
    while address:
        with django_assert_num_queries(3):
            page = client.get(address).json()
        found += [row["id"] for row in page["results"]]
        address = page["next"]
    assert found == everything
    assert len(found) == 5


def test_an_unknown_address_is_told_in_json(program: Program, cast: Cast) -> None:
    answer = program(cast.office).get("/api/v2/forms/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_hand_in_once(program: Program, form: Submission, cast: Cast) -> None:
    client = program(cast.reporters[0])
    assert draft(client, form, 0, **ANSWERS).status_code == 200

    def send() -> tuple[int, bool]:
        answer = submit(client, form, 1, **{"Idempotency-Key": "once"})
        return answer.status_code, "Idempotent-Replayed" in answer

    outcomes = Counter(together(*[send] * 50))
    assert outcomes == {(200, False): 1, (200, True): 49}
    form.refresh_from_db()
    assert form.version == 2


def test_a_file_is_attached_read_and_taken_away(program: Program, form: Submission, cast: Cast) -> None:
    client = program(cast.reporters[0])
    address = f"{FORMS}{form.pk}/evidence/"

    def attach(content: bytes, question: str, **headers: str) -> Any:
        file = SimpleUploadedFile("приказ.pdf", content)
        return client.post(address, {"file": file, "question": question}, headers=headers)

    content = pdf()
    added = attach(content, "", **{"Idempotency-Key": "file"})
    assert added.status_code == 201
    assert added.json()["sha256"] == hashlib.sha256(content).hexdigest()
    assert attach(content, "", **{"Idempotency-Key": "file"}).json() == added.json()
    assert attach(content + b"%", "", **{"Idempotency-Key": "file"}).json()["type"] == "urn:vekha:problem:key-reused"
    assert client.get(f"{FORMS}{form.pk}/").json()["evidence"] == [added.json()]

    own = f"{address}{added.json()['id']}/"
    read = client.get(own)
    assert b"".join(read.streaming_content) == content  # type: ignore[attr-defined]
    assert read["Content-Disposition"].startswith("attachment")
    assert program(cast.village_reporter).get(own).status_code == 404
    assert program(cast.office).delete(own).status_code == 403
    assert client.delete(own).status_code == 204
    assert client.get(own).status_code == 404


def test_a_file_that_is_not_what_it_says_is_refused(program: Program, form: Submission, cast: Cast) -> None:
    client = program(cast.reporters[0])
    address = f"{FORMS}{form.pk}/evidence/"
    refused = client.post(address, {"file": SimpleUploadedFile("приказ.pdf", b"MZ\x90\x00")})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/file")
    assert client.post(address, {"file": SimpleUploadedFile("а.pdf", pdf()), "question": "dishes"}).status_code == 422
    assert client.post(address, {"question": "pupils"}).status_code == 400
    assert client.post(address, {"file": "text"}, content_type="application/json").status_code == 415
    assert not Evidence.objects.exists()
