"""The register is loaded from a workbook: nothing is written before the preview was confirmed, then all of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jobs.models import Job, JobState, StoredFile
from jobs.services import run_queued
from organisations.models import (
    Invitation,
    Membership,
    Organisation,
    OrganisationChange,
    RegisterLoad,
    RegisterRow,
    Session,
    User,
)
from organisations.services import organisation_create
from organisations.services.register import APPLY, READ, register_load_apply
from organisations.tasks import apply_register, read_register
from tests.conftest import Cast, Region
from tests.organisations.workbooks import inn, workbook

AsUser = Callable[[User], Client]
LOADING = "/organisations/load/"


def upload(client: Client, content: bytes, name: str = "реестр.xlsx") -> Any:
    return client.post(LOADING, {"file": SimpleUploadedFile(name, content)})


def loaded(client: Client, content: bytes) -> RegisterLoad:
    assert upload(client, content).status_code == 302
    run_queued()
    return RegisterLoad.objects.latest("pk")


def decide(client: Client, load: RegisterLoad, what: str = "confirm", version: int | None = None) -> Any:
    return client.post(f"{LOADING}{load.pk}/{what}/", {"version": load.version if version is None else version})


def quietly(percent: int, step: str) -> None:
    """Progress that nobody watches."""


@pytest.fixture
def office(as_user: AsUser, cast: Cast) -> Client:
    return as_user(cast.office)


@pytest.fixture
def content(region: Region) -> bytes:
    """A new town with a school, a school that gets its ИНН and another head, one that moves, one that is refused."""
    first, second, _ = region.schools
    Organisation.objects.filter(pk=second.pk).update(inn=inn(3))
    return workbook(
        ["", "25702000", "Муниципальное образование", "", "Город Новый", "", "", "", "", ""],
        [inn(1), "25702000", "школа", "Город Новый", "Новая школа", "Новая", "Белов Пётр Ильич", "директор", "b@x.ru"],
        [inn(2), "", "школа", "Город Ясногорск", first.name, "", "Чернова Ольга Юрьевна", "", "", "chernova"],
        [inn(3), "", "школа", "Заречный район", second.name, "", "", "", "", ""],
        ["123", "", "школа", "Город Ясногорск", "Плохая", "", "", "", "", ""],
    )  # fmt: skip


def test_nothing_is_written_before_the_preview_is_confirmed(office: Client, content: bytes, region: Region) -> None:
    before = list(Organisation.objects.order_by("pk").values())
    load = loaded(office, content)
    assert list(Organisation.objects.order_by("pk").values()) == before
    assert not User.objects.filter(login=inn(1)).exists()
    page = office.get(f"{LOADING}{load.pk}/").content.decode().replace("\u00a0", " ")
    assert "Внести в реестр: 4 организации" in page
    assert "Новая школа" in page
    assert "10 или 12 цифр, а здесь 3" in page
    refused = office.get(f"{LOADING}{load.pk}/?outcome=refused").content.decode()
    assert "Плохая" in refused
    assert "Чернова" not in refused


def test_confirming_writes_all_that_was_shown(office: Client, content: bytes, region: Region, cast: Cast) -> None:
    first, second, _ = region.schools
    cast.reporters[0].memberships.get()
    Client().force_login(cast.reporters[0])
    assert Session.objects.filter(user=cast.reporters[0]).exists()

    load = loaded(office, content)
    answer = decide(office, load)
    run_queued()

    job = Job.objects.get(handler=APPLY)
    assert answer["Location"] == reverse("jobs:detail", args=[job.pk])
    assert job.state == JobState.DONE
    load.refresh_from_db()
    assert load.state == RegisterLoad.State.APPLIED
    town = Organisation.objects.get(name="Город Новый")
    assert (town.parent, town.depth, town.path, town.oktmo) == (
        region.root,
        1,
        f"{region.root.path}{town.pk}.",
        "25702000",
    )
    new = Organisation.objects.get(inn=inn(1))
    assert (new.parent, new.depth, new.path) == (town, 2, f"{town.path}{new.pk}.")
    assert (new.name, new.short_name, new.sort_key) == ("Новая школа", "Новая", "новая")
    head = User.objects.get(login=inn(1))
    assert (head.full_name, head.position, head.email) == ("Белов Пётр Ильич", "директор", "b@x.ru")
    assert head.is_active
    assert not head.has_usable_password()
    assert [(m.organisation, m.role) for m in head.memberships.all()] == [(new, "reporter")]

    first.refresh_from_db()
    assert first.inn == inn(2)
    gone = cast.reporters[0]
    gone.refresh_from_db()
    assert not gone.is_active
    assert not Session.objects.filter(user=gone).exists()
    assert first.memberships.get().user.login == "chernova"

    moved = Organisation.objects.get(inn=inn(3))
    assert (moved.pk, moved.parent, moved.path) == (second.pk, region.district, f"{region.district.path}{second.pk}.")
    assert not Organisation.objects.filter(name="Плохая").exists()


def test_everything_that_was_loaded_is_in_the_history(office: Client, content: bytes, region: Region) -> None:
    load = loaded(office, content)
    decide(office, load)
    run_queued()
    told = {row.organisation.name: row for row in OrganisationChange.objects.select_related("organisation")}
    assert {name: row.kind for name, row in told.items()} == {
        "Город Новый": "created",
        "Новая школа": "created",
        region.schools[0].name: "updated",
        region.schools[1].name: "updated",
    }
    assert all(row.load == load and "реестр.xlsx" in row.reason for row in told.values())
    assert ["Муниципалитет", "Город Ясногорск", "Заречный район"] in told[region.schools[1].name].cells
    trail = Organisation.pgh_event_model.objects.filter(pgh_obj_id=region.schools[0].pk)  # type: ignore[attr-defined]
    assert trail.latest("pgh_id").inn == inn(2)
    page = office.get(f"/organisations/{region.schools[1].pk}/").content.decode()
    assert "Загрузка из файла «реестр.xlsx»" in page


def test_the_same_file_loaded_again_has_nothing_to_write(office: Client, content: bytes) -> None:
    decide(office, loaded(office, content))
    run_queued()
    again = loaded(office, content)
    assert set(again.rows.values_list("outcome", flat=True)) == {"unchanged", "refused"}
    assert "Вносить нечего" in decide(office, again).content.decode()


def test_a_preview_of_a_register_that_has_changed_is_made_anew(office: Client, content: bytes, region: Region) -> None:
    load = loaded(office, content)
    decide(office, load)
    # Between the preview and the worker somebody writes the school into the register.
    organisation_create(kind="school", name="Новая школа", parent=region.town, inn=inn(1))
    run_queued()
    load.refresh_from_db()
    assert (load.state, load.version) == (RegisterLoad.State.READY, 2)
    assert not Organisation.objects.filter(name="Город Новый").exists()
    assert load.rows.get(number=3).outcome == "changed"
    assert decide(office, load, version=1).status_code == 409
    assert "составлен заново" in office.get(f"{LOADING}{load.pk}/").content.decode()
    decide(office, load)
    run_queued()
    load.refresh_from_db()
    assert load.state == RegisterLoad.State.APPLIED
    assert Organisation.objects.get(inn=inn(1)).parent == Organisation.objects.get(name="Город Новый")


def test_a_dropped_load_is_never_written(office: Client, content: bytes) -> None:
    load = loaded(office, content)
    assert decide(office, load, "drop").status_code == 302
    assert decide(office, load).status_code == 409
    assert decide(office, load, "drop").status_code == 409
    assert not Organisation.objects.filter(name="Город Новый").exists()


def test_a_load_is_confirmed_once(office: Client, content: bytes) -> None:
    load = loaded(office, content)
    assert decide(office, load).status_code == 302
    assert decide(office, load).status_code == 409
    assert decide(office, load, "drop").status_code == 409
    assert Job.objects.filter(handler=APPLY).count() == 1


def test_a_job_that_is_delivered_twice_writes_once(office: Client, content: bytes, cast: Cast) -> None:
    load = loaded(office, content)
    arguments = Job.objects.get(handler=READ).arguments
    assert (read_register(arguments, quietly) or {})["url"] == f"{LOADING}{load.pk}/"
    assert RegisterLoad.objects.count() == 1
    written = {"load": load.pk, "version": 1, "actor": cast.office.pk}
    apply_register(written, quietly)
    rows = OrganisationChange.objects.count()
    apply_register(written, quietly)
    assert OrganisationChange.objects.count() == rows == 4


def test_a_load_that_fails_halfway_leaves_nothing(
    office: Client, content: bytes, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = loaded(office, content)
    before = (Organisation.objects.count(), User.objects.count(), Membership.objects.count())

    def fail(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("organisations.services.register_writing._write_history", fail)
    with pytest.raises(RuntimeError):
        register_load_apply(load=load, version=1, actor=cast.office)
    assert (Organisation.objects.count(), User.objects.count(), Membership.objects.count()) == before


def test_a_file_that_is_no_register_is_told_and_forgotten(office: Client) -> None:
    upload(office, b"PK nothing")
    run_queued()
    job = Job.objects.get(handler=READ)
    assert (job.state, job.back_url) == (JobState.FAILED, LOADING)
    assert "повреждён" in job.error
    assert not StoredFile.objects.exists()
    answer = upload(office, b"")
    assert answer.status_code == 422
    assert "Файл пуст" in answer.content.decode()


def test_an_invitation_to_a_wrong_address_is_worth_nothing(office: Client, region: Region, cast: Cast) -> None:
    village, head = region.village_school, cast.village_reporter
    sent = Invitation.objects.create(
        user=head, kind="letter", secret_hash="x", issued_by=cast.office, expires_at="2099-01-01T00:00Z"
    )
    row = [inn(9), "", "школа", "Заречный район", village.name, "", head.full_name, "", "new@example.ru", ""]
    decide(office, loaded(office, workbook(row)))
    run_queued()
    head.refresh_from_db()
    sent.refresh_from_db()
    assert head.email == "new@example.ru"
    assert sent.cancelled_at is not None


@pytest.mark.parametrize("who", ["auditor", "coordinator", "head"])
def test_those_who_only_read_the_register_do_not_load_it(
    as_user: AsUser, office: Client, content: bytes, cast: Cast, who: str
) -> None:
    load = loaded(office, content)
    reader = as_user(getattr(cast, who))
    assert upload(reader, content).status_code == 403
    assert reader.get("/organisations/template.xlsx").status_code == 403
    seen = 404 if who == "coordinator" else 403
    assert decide(reader, load).status_code == decide(reader, load, "drop").status_code == seen
    assert RegisterRow.objects.count() == 5
    load.refresh_from_db()
    assert load.state == RegisterLoad.State.READY
