"""A head gets access by a letter or by a slip, once; what was issued before is worth nothing."""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from jobs.models import Job
from jobs.services import run_queued
from organisations.models import Invitation, InvitationKind, User
from organisations.one_time import hash_of, hashes_of, new_code
from organisations.roles import Role
from organisations.services import user_create
from organisations.services.invitations import letter_issue, letter_secret, slips_issue
from organisations.services.passwords import invitation_accept
from organisations.services.people import person_disable
from organisations.tasks import send_invitation
from tests.conftest import Cast, Region
from tests.organisations.signing import AT_HOME, FIRST, NEW_PASSWORD, first_sign_in, is_inside, sign_in, text_of
from tests.two_connections import together

AsUser = Callable[[User], Client]
CODE = re.compile(r"\b\d{4} \d{4} \d{4}\b")


@pytest.fixture
def invited(cast: Cast, region: Region) -> User:
    """The new head of the second school, who has no password yet."""
    return user_create(
        login="new-head",
        full_name="Юдина Зоя Карповна",
        email="school2@example.org",
        roles=((Role.REPORTER, region.schools[1]),),
    )


def code_for(user: User, actor: User) -> str:
    (slip,) = slips_issue(users=[user], actor=actor)
    return slip.code


def test_the_code_of_a_slip_sets_a_password_and_lets_in(invited: User, cast: Cast, as_user: AsUser) -> None:
    printed = as_user(cast.coordinator).post(reverse("organisations:person_slip", args=[invited.pk]))
    words = text_of(printed)
    assert invited.login in words
    (code,) = CODE.findall(words)

    browser = Client()
    assert first_sign_in("NEW-head ", code.replace(" ", ""), browser)["Location"] == "/"
    assert is_inside(browser)
    assert sign_in(invited.login, NEW_PASSWORD).status_code == 302


def test_a_code_works_once(invited: User, cast: Cast) -> None:
    code = code_for(invited, cast.office)
    assert first_sign_in(invited.login, code).status_code == 302
    again = first_sign_in(invited.login, code, password="другой пароль у реки")
    assert again.status_code == 422
    assert "Код действует один раз" in text_of(again)
    assert sign_in(invited.login, NEW_PASSWORD).status_code == 302


def test_a_new_code_cancels_the_one_before(invited: User, cast: Cast) -> None:
    first, second = code_for(invited, cast.office), code_for(invited, cast.coordinator)
    assert first_sign_in(invited.login, first).status_code == 422
    assert first_sign_in(invited.login, second).status_code == 302


def test_a_code_expires(invited: User, cast: Cast) -> None:
    code = code_for(invited, cast.office)
    Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert first_sign_in(invited.login, code).status_code == 422


def test_a_code_belongs_to_one_login(invited: User, cast: Cast) -> None:
    code = code_for(invited, cast.office)
    assert first_sign_in("school1", code).status_code == 422
    assert first_sign_in("nobody-here", code).status_code == 422
    assert first_sign_in(invited.login, code).status_code == 302


def test_a_weak_password_is_refused_and_the_code_stays_good(invited: User, cast: Cast) -> None:
    code = code_for(invited, cast.office)
    for weak in ("12345678901", "короткий", "Юдина Зоя Карповна"):
        assert first_sign_in(invited.login, code, password=weak).status_code == 422
    assert first_sign_in(invited.login, code).status_code == 302


def test_guessing_codes_is_slowed_down_with_guessing_passwords(invited: User, cast: Cast) -> None:
    code = code_for(invited, cast.office)
    answers = [first_sign_in(invited.login, new_code()).status_code for _ in range(4)]
    answers.append(sign_in(invited.login, "wrong").status_code)
    assert answers == [422, 422, 422, 422, 200]
    assert first_sign_in(invited.login, code).status_code == 429


def test_a_disabled_person_uses_no_code(invited: User, cast: Cast) -> None:
    code = code_for(invited, cast.office)
    person_disable(user=invited, actor=cast.office)
    assert first_sign_in(invited.login, code).status_code == 422
    assert Invitation.objects.get().cancelled_at is not None


def test_a_letter_leads_to_a_page_where_login_and_code_are_filled_in(
    invited: User, cast: Cast, as_user: AsUser, mailoutbox: list[EmailMessage]
) -> None:
    page = reverse("organisations:person_step", args=[invited.pk])
    assert as_user(cast.coordinator).post(page, {"step": "letter"}).status_code == 302
    assert mailoutbox == []
    run_queued()
    (letter,) = mailoutbox
    assert letter.to == ["school2@example.org"]
    assert "Школа № 2 города Ясногорска" in letter.body
    link = re.search(r"http://localhost:8000(/sign-in/first/\S+)", str(letter.body))
    assert link
    shown = Client().get(link[1])
    code = link[1].split("/")[-2]
    assert f'value="{code}"'.encode() in shown.content
    assert first_sign_in(invited.login, code).status_code == 302
    assert first_sign_in(invited.login, code).status_code == 422


def test_a_letter_that_is_sent_again_holds_a_secret_of_its_own(
    invited: User, cast: Cast, mailoutbox: list[EmailMessage]
) -> None:
    """The secret is kept nowhere, so a second try cannot repeat the first; the last letter is the one that works."""
    invitation = letter_issue(user=invited, actor=cast.office)
    first = letter_secret(invitation_id=invitation.pk)
    second = letter_secret(invitation_id=invitation.pk)
    assert first
    assert second
    assert first_sign_in(invited.login, first[1]).status_code == 422
    assert first_sign_in(invited.login, second[1]).status_code == 302


def test_a_letter_that_is_sent_again_is_another_letter(
    invited: User, cast: Cast, mailoutbox: list[EmailMessage]
) -> None:
    """A worker may die after the mail server has taken the letter. Its link is dead then, and a mailbox that knew the
    second letter by the id of the first would show that dead one."""
    invitation = letter_issue(user=invited, actor=cast.office)
    for _ in range(2):
        send_invitation({"invitation": invitation.pk}, lambda *_: None)
    first, second = (letter.message()["Message-ID"] for letter in mailoutbox)
    assert first != second


def test_a_letter_cancelled_before_it_left_is_not_sent(
    invited: User, cast: Cast, mailoutbox: list[EmailMessage]
) -> None:
    letter_issue(user=invited, actor=cast.office)
    code_for(invited, cast.office)
    run_queued()
    assert mailoutbox == []


def test_no_secret_is_kept_anywhere(invited: User, cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    code = code_for(invited, cast.office).replace(" ", "")
    letter_issue(user=invited, actor=cast.office)
    run_queued()
    link = re.search(r"/new-head/(\S+)/", str(mailoutbox[0].body))
    assert link
    kept = str(list(Invitation.objects.values())) + str(list(Job.objects.values()))
    kept += str(list(Invitation.pgh_event_model.objects.values()))  # type: ignore[attr-defined]
    for secret in (code, link[1]):
        assert secret not in kept.replace(" ", "")


def test_a_hash_is_of_one_owner_and_one_purpose_and_survives_a_new_key(settings: object) -> None:
    kept = hash_of("invitation", 1, "1234 5678 9012")
    assert kept in hashes_of("invitation", 1, "123456789012")
    assert kept not in hashes_of("invitation", 2, "123456789012")
    assert kept not in hashes_of("recovery", 1, "123456789012")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]  # type: ignore[attr-defined]
    settings.SECRET_KEY = "a new key"  # type: ignore[attr-defined]
    assert kept in hashes_of("invitation", 1, "123456789012")


def test_everything_that_happens_to_an_invitation_is_in_the_trail(invited: User, cast: Cast) -> None:
    code_for(invited, cast.office)
    first_sign_in(invited.login, code_for(invited, cast.coordinator))
    event = Invitation.pgh_event_model  # type: ignore[attr-defined]
    assert "secret_hash" not in {field.name for field in event._meta.get_fields()}
    trail = [
        (row.issued_by_id, row.used_at is not None, row.cancelled_at is not None)
        for row in event.objects.order_by("pgh_id")
    ]
    office, coordinator = cast.office.pk, cast.coordinator.pk
    assert trail == [
        (office, False, False),
        (office, False, True),
        (coordinator, False, False),
        (coordinator, True, False),
    ]


def test_slips_of_a_municipality_come_on_one_page_and_codes_are_shown_once(
    invited: User, cast: Cast, region: Region, as_user: AsUser, settings: Settings
) -> None:
    # Whoever prints may have come by another name of the host; a slip is read outside.
    settings.PORTAL_ADDRESS = "https://portal.example.org"
    other = user_create(login="third", full_name="Ан Ли", roles=((Role.REPORTER, region.schools[2]),))
    village = user_create(login="far", full_name="Даль Влад", roles=((Role.REPORTER, region.village_school),))
    browser = as_user(cast.coordinator)
    page = reverse("organisations:slips")

    assert "Ещё не входили: 2 руководителя" in text_of(browser.get(page, {"at": region.town.pk}))
    assert browser.get(page, {"at": region.district.pk}).status_code == 422
    printed = browser.post(page, {"at": region.town.pk})
    words = text_of(printed)
    codes = CODE.findall(words)
    assert len(codes) == 2
    assert village.full_name not in words
    assert words.index(other.full_name) < words.index(invited.full_name)
    assert printed.content.count(b"<svg") >= 2
    assert words.count("portal.example.org/sign-in/first/") == 2
    assert "no-store" in printed.headers["Cache-Control"]
    assert [
        first_sign_in(login, code).status_code for login, code in zip(("third", "new-head"), codes, strict=True)
    ] == [
        302,
        302,
    ]
    assert "Все уже входили" in text_of(browser.get(page, {"at": region.town.pk}))


def test_a_second_sheet_of_slips_leaves_those_of_the_first_good(
    invited: User, cast: Cast, region: Region, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And where there are more heads than one sheet holds, the next sheet goes on and does not begin anew."""
    monkeypatch.setattr("organisations.views.people.SLIPS_AT_ONCE", 1)
    user_create(login="third", full_name="Ан Ли", roles=((Role.REPORTER, region.schools[2]),))
    browser = as_user(cast.coordinator)
    page, at = reverse("organisations:slips"), {"at": str(region.town.pk)}
    (first,) = CODE.findall(text_of(browser.post(page, at)))
    assert "из них без листка и письма: 1" in text_of(browser.get(page, at))
    (second,) = CODE.findall(text_of(browser.post(page, at)))
    assert CODE.findall(text_of(browser.post(page, at))) == [], "everybody has one"
    assert first_sign_in(invited.login, second).status_code == 302
    (again,) = CODE.findall(text_of(browser.post(page, {**at, "again": "1"})))
    assert first_sign_in("third", first).status_code == 422
    assert first_sign_in("third", again).status_code == 302


def test_slips_cost_a_constant_number_of_queries(
    invited: User, cast: Cast, region: Region, as_user: AsUser, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for number in range(15):
        user_create(login=f"h{number}", full_name=f"Директор {number}", roles=((Role.REPORTER, region.schools[0]),))
    browser = as_user(cast.office)
    with django_assert_max_num_queries(30):  # type: ignore[attr-defined]
        printed = browser.post(reverse("organisations:slips"), {"at": region.town.pk})
    assert len(CODE.findall(text_of(printed))) == 16


def test_the_database_keeps_one_open_invitation_a_person(invited: User, cast: Cast) -> None:
    code_for(invited, cast.office)
    expires = timezone.now()
    for wrong in (
        {"kind": InvitationKind.SLIP, "secret_hash": "x"},
        {"kind": "smoke", "secret_hash": "x", "cancelled_at": expires},
        {"kind": InvitationKind.SLIP, "secret_hash": "", "cancelled_at": expires},
        {"kind": InvitationKind.SLIP, "secret_hash": "x", "cancelled_at": expires, "used_at": expires},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Invitation.objects.create(user=invited, issued_by=cast.office, expires_at=expires, **wrong)


def accepted_at_once(login: str, code: str, number: int) -> int:
    """So many people with one code at the same moment; how many got in."""

    def accept(password: str) -> str:
        accepted = invitation_accept(login=login, secret=code, password=password, address=AT_HOME)
        return password if accepted else ""

    passwords = (f"{NEW_PASSWORD} {place}" for place in range(number))
    got_in = list(filter(None, together(*[partial(accept, password) for password in passwords])))
    user = User.objects.get(login=login)
    assert [password for password in got_in if user.check_password(password)]
    return len(got_in)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here the lock alone is tried: nobody is made to wait for guessing."""
    monkeypatch.setattr("organisations.services.passwords.attempt_begin", lambda **_: None)


@pytest.mark.django_db(transaction=True)
def test_fifty_uses_of_one_code_at_once_are_one(invited: User, cast: Cast, patient: None) -> None:
    assert accepted_at_once(invited.login, code_for(invited, cast.office), 50) == 1
    assert Invitation.objects.filter(used_at__isnull=False).count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_one_code_lets_in_many(
    invited: User, cast: Cast, patient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: the lock is what the test above shows."""
    code = code_for(invited, cast.office)
    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda self, **_: self)
    number = 10
    everybody = threading.Barrier(number)
    save = Invitation.save

    def read_by_all(self: Invitation, **named: Any) -> None:
        everybody.wait(30)
        save(self, **named)

    monkeypatch.setattr(Invitation, "save", read_by_all)
    assert accepted_at_once(invited.login, code, number) == number


def test_the_page_of_the_first_sign_in_asks_for_both_passwords_alike(invited: User, cast: Cast) -> None:
    said = {"login": invited.login, "code": code_for(invited, cast.office), "password": NEW_PASSWORD, "again": "иначе"}
    answer = Client().post(FIRST, said)
    assert answer.status_code == 422
    assert "Пароли не совпали." in text_of(answer)
