"""What every test may use: a small region, the people in it and a passport of theirs.

Browser tests have more in tests/browser/conftest.py.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import Client, TransactionTestCase
from pytest_django import DjangoDbBlocker

from organisations.models import Organisation, OrganisationKind, User
from organisations.roles import Role
from organisations.services import organisation_create, user_create
from projects.models import ChangeRequest, Project
from projects.passport.schema import Passport
from projects.services.approval import change_request_approve, errors_of
from projects.services.proposals import change_request_open

PASSWORD = "a password for tests"


@pytest.fixture(scope="session", autouse=True)
def own_folder() -> Iterator[None]:
    """Stored files and messages of this run, gone with it."""
    yield
    shutil.rmtree(settings.MEDIA_ROOT.parent, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Keep autovacuum away from the test database, so that a query has the same plan in every run.

    To it a table whose rows were rolled back is an empty one. It says so to the planner, which then joins the rows that
    the next test has written in nested loops: the demo region once took minutes for what takes seconds.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'ALTER TABLE "{table}" SET (autovacuum_enabled = false)')
        cursor.execute("SELECT current_setting('is_superuser')")
        if cursor.fetchone() == ("on",):
            TransactionTestCase._fixture_teardown = _emptied  # type: ignore[attr-defined]
    yield
    # A thread of the live server may keep its connection for as long as the process lives.
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _emptied(_test: TransactionTestCase) -> None:
    """Empty the database after a test that has committed.

    Django truncates every table, which makes and removes a thousand files: half a second of the processor after each
    such test, where the rows to be deleted are few. The lock waits for a worker that is still writing, as truncating
    does; in the role of a replica neither our triggers nor foreign keys are asked.
    """
    known = {ContentType._meta.db_table, Permission._meta.db_table}
    names = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - known
    tables = [f'"{name}"' for name in sorted(names)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN EXCLUSIVE MODE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("; ".join(f"DELETE FROM {table}" for table in tables))


@dataclass(frozen=True)
class Region:
    """A town with three schools and a college, and a district with one school."""

    root: Organisation
    town: Organisation
    district: Organisation
    schools: tuple[Organisation, ...]
    college: Organisation
    village_school: Organisation


@pytest.fixture
def region(db: None) -> Region:
    root = organisation_create(kind=OrganisationKind.REGION, name="Северская область")
    town = organisation_create(kind=OrganisationKind.MUNICIPALITY, name="Город Ясногорск", parent=root)
    district = organisation_create(kind=OrganisationKind.MUNICIPALITY, name="Заречный район", parent=root)
    schools = tuple(
        organisation_create(kind=OrganisationKind.SCHOOL, name=f"Школа № {n} города Ясногорска", parent=town)
        for n in (1, 2, 3)
    )
    college = organisation_create(kind=OrganisationKind.COLLEGE, name="Ясногорский колледж", parent=town)
    village = organisation_create(kind=OrganisationKind.SCHOOL, name="Школа села Заречного", parent=district)
    return Region(root, town, district, schools, college, village)


@dataclass(frozen=True)
class Cast:
    """One person for each role, named after what they do; the stranger has an account and no role."""

    office: User
    head: User
    administrator: User
    curator: User
    council: User
    coordinator: User
    reporters: tuple[User, ...]
    village_reporter: User
    auditor: User
    stranger: User


@pytest.fixture
def cast(region: Region) -> Cast:
    def person(login: str, full_name: str, *roles: tuple[Role, Organisation]) -> User:
        return user_create(login=login, full_name=full_name, password=PASSWORD, roles=roles)

    heads = ("Орлова Нина Павловна", "Седов Игорь Олегович", "Тихонова Вера Львовна")
    return Cast(
        office=person("office", "Волкова Анна Сергеевна", (Role.OFFICE, region.root)),
        head=person("head", "Громов Борис Ильич", (Role.HEAD, region.root)),
        administrator=person("administrator", "Дёмина Инна Юрьевна", (Role.ADMINISTRATOR, region.root)),
        curator=person("curator", "Журавлёв Пётр Кузьмич", (Role.CURATOR, region.root)),
        council=person("council", "Зимина Ольга Марковна", (Role.COUNCIL, region.root)),
        coordinator=person("coordinator", "Климов Артём Денисович", (Role.COORDINATOR, region.town)),
        reporters=tuple(
            person(f"school{n}", name, (Role.REPORTER, school))
            for n, (name, school) in enumerate(zip(heads, region.schools, strict=True), 1)
        ),
        village_reporter=person("village", "Уварова Раиса Фёдоровна", (Role.REPORTER, region.village_school)),
        auditor=person("auditor", "Шилов Лев Егорович", (Role.AUDITOR, region.root)),
        stranger=person("stranger", "Чужаков Ян Янович"),
    )


@pytest.fixture
def passport(region: Region) -> Passport:
    """A faultless passport: one task, one result, one indicator, money, a person, a plan and a breakdown."""
    result = "Подъезды к школам приведены в порядок"
    term = {"start": "2025-01-01", "end": "2026-12-31"}
    return Passport.model_validate(
        {
            "level": "regional",
            "title": "Безопасная дорога к каждой школе",
            "short_title": "Школа рядом",
            "parent_title": "Дороги",
            "parent_level": "federal",
            "territory": region.root.name,
            **term,
            "curator": {"name": "Журавлёв П.К.", "position": "заместитель губернатора"},
            "head": {"name": "Громов Б.И.", "position": "министр"},
            "administrator": {"name": "Дёмина И.Ю.", "position": "начальник отдела"},
            "programmes": ["Развитие образования"],
            "goal": "Дорога к каждой школе безопасна",
            "indicators": [
                {
                    "number": "1",
                    "name": "Доля школ с безопасным подъездом, процент",
                    "unit": "процент",
                    "kind": "main",
                    "direction": "increasing",
                    "base": {"value": "10", "date": "2024-12-31"},
                    "targets": {"2025": "50", "2026": "100"},
                }
            ],
            "tasks": [{"number": "1", "name": "Привести в порядок дороги к школам"}],
            "results": [
                {
                    "number": "1.1",
                    "name": result,
                    "task": 0,
                    "due": "2026-12-31",
                    "characteristic": "Покрытие уложено, знаки стоят, освещение работает",
                }
            ],
            "finance": [
                {
                    "number": "1.1",
                    "name": result,
                    "amounts": {"2025": "1.5", "2026": "1.5"},
                    "total": "3",
                },
                {
                    "number": "1.1.1",
                    "name": "региональный бюджет",
                    "source": "regional",
                    "amounts": {"2025": "1.5", "2026": "1.5"},
                    "total": "3",
                },
            ],
            "participants": [
                {
                    "number": "1",
                    "role": "Руководитель проекта",
                    "name": "Громов Б.И.",
                    "position": "министр",
                    "supervisor": "Журавлёв П.К.",
                    "employment": "10",
                }
            ],
            "plan": [
                {
                    "number": "1",
                    "name": result,
                    "kind": "result",
                    **term,
                    "responsible": "Громов Б.И.",
                    "document": "отчёт",
                    "control_level": "К",
                },
                {
                    "number": "1.1.1",
                    "name": "Уложить покрытие",
                    "kind": "activity",
                    "start": "2025-02-01",
                    "end": "2025-09-30",
                    "responsible": "Громов Б.И.",
                    "document": "акт приёмки",
                    "control_level": "РП",
                },
                {
                    "number": "1.1",
                    "name": "Покрытие уложено",
                    "kind": "control_point",
                    "end": "2025-10-31",
                    "responsible": "Громов Б.И.",
                    "document": "отчёт",
                    "control_level": "РП",
                },
            ],
            "control_levels": {"К": "куратор", "РП": "руководитель проекта"},
            "breakdown": [
                {
                    "indicator": "1",
                    "territory": territory.name,
                    "base": {"value": "10", "date": "2024-12-31"},
                    "targets": {"2025": "50", "2026": "100"},
                }
                for territory in (region.town, region.district)
            ],
            "methodology": [
                {
                    "indicator": "1",
                    "formula": "100 × школы с безопасным подъездом / все школы",
                    "base_indicators": "школы с безопасным подъездом; все школы",
                    "source": "отчёты школ",
                    "collector": "министерство образования",
                    "aggregation": "по области",
                    "schedule": "ежеквартально",
                }
            ],
            "additional": "Других сведений нет.",
        }
    )


@pytest.fixture
def draft(passport: Passport, region: Region, cast: Cast) -> ChangeRequest:
    return change_request_open(
        passport=passport, territory=region.root, project=None, source_file=None, actor=cast.office
    )


def approve(draft: ChangeRequest, actor: User) -> Project:
    """Approve a draft as it stands, every error of it waived."""
    redaction = change_request_approve(
        change_request=draft,
        version=draft.version,
        actor=actor,
        protocol_number="7",
        protocol_date=dt.date(2025, 1, 20),
        protocol_confirmed=True,
        waivers=dict.fromkeys(errors_of(draft), "так в документе"),
    )
    return redaction.project


@pytest.fixture
def project(draft: ChangeRequest, cast: Cast) -> Project:
    return approve(draft, cast.curator)


@pytest.fixture
def as_user() -> Callable[[User], Client]:
    """A browser in which this person is signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in
