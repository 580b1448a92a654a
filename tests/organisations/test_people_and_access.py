"""Who gives access to whom, and how it ends: at once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from jobs.services import run_queued
from organisations.access import access_of
from organisations.models import AttemptKind, Invitation, Membership, Organisation, Session, User
from organisations.roles import Role
from organisations.services import user_create
from organisations.services.attempts import attempt_begin
from organisations.services.invitations import slips_issue
from organisations.services.people import head_change, latin, person_add, role_take
from tests.conftest import PASSWORD, Cast, Region
from tests.organisations.signing import AT_HOME, NEW_PASSWORD, first_sign_in, is_inside, sign_in, text_of
from tests.world import World

AsUser = Callable[[User], Client]
NEW_HEAD = {"full_name": "Яковлева Яна Юрьевна", "position": "директор", "email": "school1@example.org"}
PEOPLE, NEW = "/people/", "/people/new/"


def page_of(person: User, name: str = "person") -> str:
    return reverse(f"organisations:{name}", args=[person.pk])


def new_person(at: Organisation, **said: str) -> dict[str, str]:
    return {**NEW_HEAD, "role": "reporter", "organisation": at.name, "replace": "no", "kind": "slip", **said}


# --- Giving access ----------------------------------------------------------------------------------------------


def test_a_coordinator_gives_access_to_a_head_of_their_town_and_nobody_else(
    cast: Cast, region: Region, as_user: AsUser
) -> None:
    Organisation.objects.filter(pk=region.college.pk).update(inn="3814001234")
    browser = as_user(cast.coordinator)
    printed = browser.post(NEW, new_person(region.college, organisation="3814001234"))
    (code,) = re.findall(r"\d{4} \d{4} \d{4}", text_of(printed))
    assert first_sign_in("3814001234", code).status_code == 302
    head = User.objects.get(login="3814001234")
    assert [(m.role, m.organisation) for m in head.memberships.all()] == [("reporter", region.college)]

    assert browser.post(NEW, new_person(region.village_school)).status_code == 422
    assert browser.post(NEW, new_person(region.town, role="coordinator")).status_code == 422
    assert browser.post(NEW, new_person(region.town)).status_code == 422
    assert User.objects.filter(full_name=NEW_HEAD["full_name"]).count() == 1


def test_the_office_gives_access_to_staff_by_letter(
    cast: Cast, region: Region, as_user: AsUser, mailoutbox: list[EmailMessage]
) -> None:
    said = new_person(region.root, role="auditor", kind="letter")
    assert as_user(cast.office).post(NEW, said | {"email": ""}).status_code == 422
    assert as_user(cast.office).post(NEW, said).status_code == 302
    run_queued()
    assert [letter.to for letter in mailoutbox] == [["school1@example.org"]]
    assert User.objects.get(full_name=NEW_HEAD["full_name"]).login == "iakovleva.iaiu"


def test_a_second_head_gets_a_login_of_their_own(cast: Cast, region: Region) -> None:
    school = region.schools[0]
    Organisation.objects.filter(pk=school.pk).update(inn="3814001234")
    school.refresh_from_db()
    logins = [
        person_add(**NEW_HEAD, role=Role.REPORTER, organisation=school, actor=cast.office).login for _ in range(3)
    ]
    assert logins == ["3814001234", "3814001234-2", "3814001234-3"]


def test_a_russian_name_is_typed_in_latin_letters() -> None:
    assert latin("Щёкина ЪЬ Хью-Жук №") == "shchekina  khiu-zhuk "


@pytest.mark.parametrize(
    ("name", "login"), [("Петров/Сидоров Иван", "petrovsidorov.i"), ("O'Нил #1 ?", "onil"), ("Ж ../", "zh")]
)
def test_a_login_may_stand_in_an_address_whatever_the_name(
    name: str, login: str, cast: Cast, region: Region, as_user: AsUser
) -> None:
    """The picture of a slip is the address of the first sign-in, with the login in it."""
    printed = as_user(cast.office).post(NEW, new_person(region.root, role="auditor", full_name=name))
    assert printed.status_code == 200
    assert User.objects.get(full_name=name).login == login


def test_a_name_of_marks_that_nobody_sees_is_none(cast: Cast, region: Region, as_user: AsUser) -> None:
    browser = as_user(cast.office)
    assert browser.post(NEW, new_person(region.schools[0], full_name="\u200e")).status_code == 422
    edit = page_of(cast.reporters[0], "person_edit")
    assert browser.post(edit, {"full_name": "\u202e \u200f"}).status_code == 422
    assert browser.post(edit, {"full_name": "\u202eОрлова  Нина"}).status_code == 302
    assert User.objects.get(pk=cast.reporters[0].pk).full_name == "Орлова Нина"
    assert browser.get(PEOPLE).status_code == 200


def test_an_organisation_is_found_by_a_part_of_its_name_when_it_is_the_only_one(
    cast: Cast, region: Region, as_user: AsUser
) -> None:
    browser = as_user(cast.office)
    many = text_of(browser.post(NEW, new_person(region.schools[0], organisation="ясногорск")))
    assert "Подходит несколько: Город Ясногорск; Школа № 1 города Ясногорска" in many
    assert "Такой организации среди ваших нет" in text_of(
        browser.post(NEW, new_person(region.town, organisation="нет"))
    )
    assert browser.post(NEW, new_person(region.college, organisation="колледж")).status_code == 200
    assert Membership.objects.filter(organisation=region.college).exists()


def test_nobody_lays_hands_on_an_account_stronger_than_theirs(cast: Cast, region: Region, as_user: AsUser) -> None:
    """A head of a school who is an auditor of the region too: seen by the coordinator, and out of their reach."""
    both = cast.reporters[0]
    Membership.objects.create(user=both, role=Role.AUDITOR, organisation=region.root)
    browser = as_user(cast.coordinator)
    assert browser.get(page_of(both)).status_code == 200
    assert browser.get(page_of(both, "person_edit")).status_code == 403
    assert browser.post(page_of(both, "person_slip")).status_code == 403
    for step in ("letter", "disable", "forgive", "reset_second_factor"):
        assert browser.post(page_of(both, "person_step"), {"step": step}).status_code == 403
    assert browser.get(page_of(cast.office)).status_code == 404
    assert not Invitation.objects.exists()


def test_nobody_does_it_to_themselves(cast: Cast, as_user: AsUser) -> None:
    browser = as_user(cast.office)
    assert browser.post(page_of(cast.office, "person_step"), {"step": "disable"}).status_code == 403
    assert browser.post(page_of(cast.office, "person_slip")).status_code == 403
    own = cast.office.memberships.get()
    assert browser.post(reverse("organisations:role_take", args=[cast.office.pk, own.pk])).status_code == 403
    assert browser.get(page_of(cast.office)).status_code == 200


# --- The list ---------------------------------------------------------------------------------------------------


def test_the_list_is_narrowed_by_words_role_and_state(cast: Cast, region: Region, as_user: AsUser) -> None:
    user_create(login="new", full_name="Ещё Не Входил", roles=((Role.REPORTER, region.schools[0]),))
    User.objects.filter(pk=cast.village_reporter.pk).update(is_active=False)
    for _ in range(5):
        sign_in("school2", "wrong")
    browser = as_user(cast.office)

    def found(**said: str) -> set[str]:
        page = browser.get(PEOPLE, said)
        return {login for login in User.objects.values_list("login", flat=True) if f"> {login} <" in rows(page.content)}

    def rows(content: bytes) -> str:
        return re.sub(r"<td[^>]*>([^<]*)</td>", r"> \1 <", content.decode())

    assert found(words="орлова") == {"school1"}
    assert found(words="school3") == {"school3"}
    assert found(words="села зареч") == {"village"}
    assert found(words="№%") == set()
    assert found(role="auditor") == {"auditor"}
    assert found(state="invited") == {"new"}
    assert found(state="locked") == {"school2"}
    assert found(state="disabled") == {"village"}
    assert len(found()) == User.objects.count()
    browser = as_user(cast.coordinator)
    assert found() == {"school1", "school2", "school3", "new"}


def test_whoever_holds_two_roles_is_one_line_of_the_list(cast: Cast, region: Region, as_user: AsUser) -> None:
    head = cast.reporters[0]
    Membership.objects.create(user=head, role=Role.REPORTER, organisation=region.college)
    User.objects.filter(pk=head.pk).update(password="!")
    browser = as_user(cast.office)
    shown = browser.get(PEOPLE, {"words": "Орлова"}).content.decode()
    assert shown.count(page_of(head)) == 1
    slips = reverse("organisations:slips")
    assert "1 руководитель" in text_of(browser.get(slips, {"at": region.root.pk}))
    assert page_of(cast.stranger) in browser.get(PEOPLE).content.decode()


def test_the_list_costs_a_constant_number_of_queries(
    cast: Cast, region: Region, as_user: AsUser, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for number in range(40):
        one = user_create(login=f"h{number}", full_name=f"Д {number}", roles=((Role.REPORTER, region.schools[0]),))
        if number % 2:
            slips_issue(users=[one], actor=cast.office)
    browser = as_user(cast.office)
    with django_assert_max_num_queries(14):  # type: ignore[attr-defined]
        assert browser.get(PEOPLE).status_code == 200


# --- Ending access ----------------------------------------------------------------------------------------------


def test_a_disabled_account_is_outside_at_once(cast: Cast, as_user: AsUser) -> None:
    phone, computer = Client(), Client()
    sign_in("curator", browser=phone)
    sign_in("curator", browser=computer)
    as_user(cast.office).post(page_of(cast.curator, "person_step"), {"step": "disable"})
    assert not is_inside(phone)
    assert not is_inside(computer)
    assert not Session.objects.filter(user=cast.curator).exists()
    assert sign_in("curator").status_code == 200
    assert access_of(User.objects.get(pk=cast.curator.pk)).grants == ()

    as_user(cast.office).post(page_of(cast.curator, "person_step"), {"step": "enable"})
    assert sign_in("curator").status_code == 302


def test_a_dismissed_reviewer_reviews_nothing_from_the_next_request(cast: Cast, as_user: AsUser) -> None:
    reviewer = Client()
    sign_in("administrator", browser=reviewer)
    assert reviewer.get("/review/").status_code == 200
    role = cast.administrator.memberships.get()
    as_user(cast.office).post(reverse("organisations:role_take", args=[cast.administrator.pk, role.pk]))
    assert reviewer.get("/review/").status_code == 302
    assert not is_inside(reviewer)
    assert not User.objects.get(pk=cast.administrator.pk).is_active


def test_one_role_of_two_taken_away_counts_from_the_next_request(cast: Cast, region: Region, as_user: AsUser) -> None:
    Membership.objects.create(user=cast.administrator, role=Role.AUDITOR, organisation=region.root)
    browser = Client()
    sign_in("administrator", browser=browser)
    assert browser.get("/base-indicators/new/").status_code == 200
    role_take(membership=cast.administrator.memberships.get(role=Role.ADMINISTRATOR), actor=cast.office)
    assert browser.get("/base-indicators/new/").status_code == 403
    assert is_inside(browser)
    event = Membership.pgh_event_model  # type: ignore[attr-defined]
    assert event.objects.filter(user=cast.administrator, pgh_label="delete").count() == 1


def test_a_new_head_takes_over_and_what_was_begun_stays(world: World, as_user: AsUser) -> None:
    school, former = world.region.village_school, world.cast.village_reporter
    draft = world.period.submissions.get(organisation=school)
    leaving = Client()
    sign_in(former.login, browser=leaving)
    printed = as_user(world.cast.office).post(NEW, new_person(school, replace="yes"))
    (code,) = re.findall(r"\d{4} \d{4} \d{4}", text_of(printed))

    assert not is_inside(leaving)
    assert not User.objects.get(pk=former.pk).is_active
    head = Membership.objects.get(organisation=school, role=Role.REPORTER).user
    browser = Client()
    assert first_sign_in(head.login, code, browser).status_code == 302
    page = browser.get(reverse("indicators:submission", args=[draft.pk]))
    assert 'value="2"' in page.content.decode()


def test_a_head_of_two_organisations_who_leaves_one_keeps_the_account(cast: Cast, region: Region) -> None:
    both = cast.reporters[0]
    Membership.objects.create(user=both, role=Role.REPORTER, organisation=region.schools[1])
    head_change(organisation=region.schools[0], **NEW_HEAD, actor=cast.office)
    both.refresh_from_db()
    assert both.is_active
    assert [m.organisation for m in both.memberships.all()] == [region.schools[1]]


def test_a_delay_is_lifted_by_whoever_manages_the_person(cast: Cast, as_user: AsUser) -> None:
    for _ in range(5):
        attempt_begin(kind=AttemptKind.PASSWORD, login="school1", address=AT_HOME)
    assert "вход задержан" in text_of(as_user(cast.coordinator).get(page_of(cast.reporters[0])))
    assert sign_in("school1").status_code == 429
    as_user(cast.coordinator).post(page_of(cast.reporters[0], "person_step"), {"step": "forgive"})
    assert sign_in("school1").status_code == 302


def test_a_step_from_the_wrong_state_is_told_in_words(cast: Cast, as_user: AsUser) -> None:
    browser = as_user(cast.office)

    def told(step: str) -> str:
        return text_of(browser.post(page_of(cast.auditor, "person_step"), {"step": step}, follow=True))

    assert "Учётная запись уже действует." in told("enable")
    assert "не указана электронная почта" in told("letter")
    told("disable")
    assert "Учётная запись уже отключена." in told("disable")
    slip = browser.post(page_of(cast.auditor, "person_slip"), follow=True)
    assert "Сначала включите её" in text_of(slip)


def test_a_corrected_address_takes_back_the_letter_that_went_astray(cast: Cast, as_user: AsUser) -> None:
    head = cast.reporters[0]
    (slip,) = slips_issue(users=[head], actor=cast.office)
    said = {"full_name": head.full_name, "position": "директор", "email": "right@example.org"}
    assert as_user(cast.coordinator).post(page_of(head, "person_edit"), said).status_code == 302
    assert first_sign_in(head.login, slip.code).status_code == 422
    head.refresh_from_db()
    assert (head.email, head.position) == ("right@example.org", "директор")


# --- One's own account ------------------------------------------------------------------------------------------


@pytest.fixture
def three_places(cast: Cast) -> list[Client]:
    agents = ("(Windows NT 10.0) Firefox/128.0", "(Linux; Android 14) Chrome/126.0 Safari/537.36", "curl/8.1")
    browsers = [Client(headers={"User-Agent": agent}) for agent in agents]
    for browser in browsers:
        sign_in("school1", browser=browser)
    return browsers


def test_a_person_sees_where_they_are_signed_in_and_ends_what_is_not_theirs(three_places: list[Client]) -> None:
    here, phone, _ = three_places
    page = here.get("/account/")
    words = text_of(page)
    assert "Firefox, Windows" in words
    assert "Chrome, Android" in words
    assert "неизвестное устройство" in words
    assert str(here.session.session_key) not in page.content.decode()
    ids = re.findall(r'name="session" value="(\w+)"', page.content.decode())
    assert len(ids) == 2
    here.post(reverse("organisations:session_end"), {"session": phone.session["begun"]["id"]})
    assert [is_inside(browser) for browser in three_places] == [True, False, True]
    here.post(reverse("organisations:sessions_end"))
    assert [is_inside(browser) for browser in three_places] == [True, False, False]


def test_nobody_ends_the_session_of_another(three_places: list[Client], cast: Cast, as_user: AsUser) -> None:
    target = three_places[0].session["begun"]["id"]
    as_user(cast.office).post(reverse("organisations:session_end"), {"session": target})
    assert is_inside(three_places[0])


def test_a_new_password_ends_the_other_sessions(three_places: list[Client]) -> None:
    here = three_places[0]
    page = reverse("organisations:account_password")
    said = {"current": PASSWORD, "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert here.post(page, said | {"current": "wrong"}).status_code == 422
    assert here.post(page, said | {"password": "short", "again": "short"}).status_code == 422
    assert here.post(page, said).status_code == 302
    assert [is_inside(browser) for browser in three_places] == [True, False, False]
    assert sign_in("school1").status_code == 200
    assert sign_in("school1", NEW_PASSWORD).status_code == 302


def test_an_open_session_is_no_way_to_guess_the_password(three_places: list[Client]) -> None:
    page = reverse("organisations:account_email")
    for _ in range(5):
        three_places[0].post(page, {"email": "a@example.org", "current": "wrong"})
    answer = three_places[0].post(page, {"email": "a@example.org", "current": PASSWORD})
    assert answer.status_code == 422
    assert "Слишком много неудачных попыток" in text_of(answer)


def test_the_former_address_hears_of_the_new_one(cast: Cast, as_user: AsUser, mailoutbox: list[EmailMessage]) -> None:
    User.objects.filter(pk=cast.office.pk).update(email="before@example.org")
    page = reverse("organisations:account_email")
    browser = as_user(cast.office)
    assert browser.post(page, {"email": "after@example.org", "current": PASSWORD}).status_code == 302
    run_queued()
    assert [letter.to for letter in mailoutbox] == [["before@example.org"]]
    cast.office.refresh_from_db()
    assert cast.office.email == "after@example.org"


def test_the_former_address_hears_of_one_that_somebody_else_wrote(
    cast: Cast, as_user: AsUser, mailoutbox: list[EmailMessage]
) -> None:
    """Whoever may correct an address can have a new password sent there."""
    head = cast.reporters[0]
    User.objects.filter(pk=head.pk).update(email="before@example.org")
    browser = as_user(cast.coordinator)
    for name in ("Орлова Нина Павловна", "Орлова Нина Петровна"):
        said = {"full_name": name, "position": "", "email": "after@example.org"}
        assert browser.post(page_of(head, "person_edit"), said).status_code == 302
    run_queued()
    assert [letter.to for letter in mailoutbox] == [["before@example.org"]]


def test_the_owner_hears_of_a_password_and_a_second_step_that_another_could_have_set(
    cast: Cast, region: Region, as_user: AsUser, mailoutbox: list[EmailMessage]
) -> None:
    head = cast.reporters[0]
    User.objects.filter(pk=head.pk).update(email="head@example.org")
    (slip,) = slips_issue(users=[head], actor=cast.coordinator)
    assert first_sign_in(head.login, slip.code).status_code == 302
    as_user(cast.coordinator).post(page_of(head, "person_step"), {"step": "reset_second_factor"})
    run_queued()
    assert [(letter.to, letter.subject) for letter in mailoutbox] == [
        (["head@example.org"], "Пароль изменён"),
        (["head@example.org"], "Второй шаг входа сброшен"),
    ]
    assert slip.code not in mailoutbox[0].body

    new = user_create(login="new", full_name="Ан Ли", email="n@example.org", roles=((Role.REPORTER, region.college),))
    (slip,) = slips_issue(users=[new], actor=cast.coordinator)
    assert first_sign_in("new", slip.code).status_code == 302
    run_queued()
    assert len(mailoutbox) == 2, "the first password of all is nothing to be warned of"
