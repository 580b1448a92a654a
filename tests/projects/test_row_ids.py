"""A row of the passport stays the same row from redaction to redaction."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from projects.models import ChangeRequest, Project
from projects.passport import read
from projects.passport.schema import Passport, Row
from projects.services.proposals import change_request_open
from projects.services.row_ids import with_row_ids
from tests.conftest import Cast, Region, approve

SHARED = Path(__file__).resolve().parents[3] / "shared" / "passports"
PARTS = ("indicators", "tasks", "results", "finance", "participants", "plan", "breakdown", "methodology")
shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the real passports are not beside the project")


def _ids(passport: Passport) -> dict[str, list[str | None]]:
    return {part: [row.id for row in getattr(passport, part)] for part in PARTS}


def _changed(passport: Passport, **parts: Iterable[dict[str, Any]]) -> Passport:
    given = passport.model_dump(mode="json")
    return Passport.model_validate({**given, **{part: list(rows) for part, rows in parts.items()}})


def _source(kind: str, amount: str, name: str = "") -> dict[str, Any]:
    names = {"federal": "федеральный бюджет", "regional": "бюджет области"}
    return {"name": name or names[kind], "source": kind, "amounts": {"2025": amount}, "total": amount}


@pytest.fixture
def twins(passport: Passport) -> Passport:
    """Rows of the same words everywhere: nothing but their place tells them apart, and some not even that."""
    transfers = "из них межбюджетные трансферты"
    clerk = {"name": "Орлова Н.П.", "role": "Исполнитель", "position": "консультант"}
    agreed = {"name": "Соглашение заключено", "kind": "control_point", "end": "2025-03-01"}
    return _changed(
        passport,
        finance=[
            {"number": "1.1", "name": "Подъезды к школам приведены в порядок", "total": "3"},
            _source("federal", "2"),
            _source("regional", "1"),
            {"number": "1.2", "name": "Остановки у школ обустроены", "total": "3"},
            _source("federal", "2"),
            _source("regional", "1"),
            {"name": "Всего по региональному проекту, в том числе:", "total": "6"},
            _source("federal", "4"),
            _source("transfers", "4", transfers),
            _source("regional", "2"),
            _source("transfers", "4", transfers),
        ],
        participants=[
            *({**clerk, "group": group} for group in ("Подъезды", "Остановки")),
            *({**clerk, "group": "Остановки"} for _ in range(2)),
        ],
        plan=[{**agreed, "number": number} for number in ("1.1", "1.2", "1.2")],
        methodology=[{"note": "Дополнительных показателей нет"}],
    )


def test_the_same_document_proposed_again_keeps_every_row(twins: Passport, region: Region, cast: Cast) -> None:
    first, second = _twice(twins, twins, region, cast)

    assert _ids(second) == _ids(first)
    assert all(len(set(ids)) == len(ids) for ids in _ids(first).values())


def _twice(passport: Passport, again: Passport, region: Region, cast: Cast) -> tuple[Passport, Passport]:
    """A document in force, and the next one as it is proposed."""

    def propose(document: Passport, project: Project | None) -> ChangeRequest:
        return change_request_open(
            passport=document, territory=region.root, project=project, source_file=None, actor=cast.office
        )

    project = approve(propose(passport, None), cast.curator)
    redaction = project.redactions.first()
    assert redaction is not None
    return redaction.passport, propose(again, project).passport


def _again(passport: Passport, changed: Passport) -> tuple[Passport, Passport]:
    first = with_row_ids(passport, None)
    return first, with_row_ids(changed, first)


def _rows(rows: Iterable[Row]) -> list[dict[str, Any]]:
    return [row.model_dump(mode="json", exclude={"id"}) for row in rows]


def test_a_source_is_told_by_the_line_it_stands_under(twins: Passport) -> None:
    rows = _rows(twins.finance)
    rows[3]["name"] = "Остановки возле школ обустроены"
    rows[4]["total"] = "5"
    # The result stands first now, and has lost a source.
    first, second = _again(twins, _changed(twins, finance=[*rows[3:5], *rows[:3], *rows[6:]]))

    ids = _ids(first)["finance"]
    assert _ids(second)["finance"] == [*ids[3:5], *ids[:3], *ids[6:]]


def test_a_source_under_a_new_result_is_new(twins: Passport) -> None:
    rows = _rows(twins.finance)
    rows[3]["name"] = "Закуплены автобусы для сельских школ"
    first, second = _again(twins, _changed(twins, finance=rows))

    kept = [new == old for new, old in zip(_ids(second)["finance"], _ids(first)["finance"], strict=True)]
    assert kept == [True] * 3 + [False] * 3 + [True] * 5


def test_a_person_keeps_a_row_with_another_post_and_gives_it_up_to_another_person(twins: Passport) -> None:
    group = "Обустроены остановки общественного транспорта у школ всех муниципальных образований области"
    before = [{"name": "Орлова Н.П.", "role": "Исполнитель", "position": "консультант", "group": group}]
    first, promoted = _again(
        _changed(twins, participants=before),
        _changed(twins, participants=[{**before[0], "number": "7", "position": "начальник отдела"}]),
    )
    assert _ids(promoted)["participants"] == _ids(first)["participants"]

    replaced = with_row_ids(_changed(twins, participants=[{**before[0], "name": "Седов И.О."}]), first)
    assert _ids(replaced)["participants"] != _ids(first)["participants"]


def test_the_same_words_under_another_number_are_another_row(twins: Passport) -> None:
    plan = _rows(twins.plan)
    first, second = _again(twins, _changed(twins, plan=[*plan, {**plan[0], "number": "3.1"}]))

    assert _ids(second)["plan"][:3] == _ids(first)["plan"]
    assert _ids(second)["plan"][3] not in _ids(first)["plan"]


def test_of_twins_of_which_one_is_gone_nobody_knows_which(twins: Passport) -> None:
    people = _rows(twins.participants)
    first, second = _again(twins, _changed(twins, participants=people[:3]))

    ids = _ids(second)["participants"]
    assert ids[0] == _ids(first)["participants"][0]
    assert not {*ids[1:]} & {*_ids(first)["participants"]}


def test_a_row_that_was_dropped_comes_back_as_itself(twins: Passport) -> None:
    rows = _rows(twins.finance)
    first = with_row_ids(twins, None)
    # The second result is gone with its sources, then a source of the first one; the third document has them all.
    less = with_row_ids(_changed(twins, finance=[*rows[:3], *rows[6:]], plan=_rows(twins.plan)[1:]), first)
    least = with_row_ids(_changed(twins, finance=[*rows[:2], *rows[6:]], plan=_rows(less.plan)), less, [first])
    rows[3]["name"] = "Остановки возле школ обустроены"
    rows[4]["total"] = "5"
    back = with_row_ids(_changed(twins, finance=rows), least, [less, first])

    assert _ids(back)["finance"] == _ids(first)["finance"]
    assert _ids(back)["plan"][0] == _ids(first)["plan"][0]


def test_what_is_as_like_a_row_in_force_is_no_dropped_one_for_sure(passport: Passport) -> None:
    north, south, west = ({"name": f"Доля школ с безопасным подъездом, участок {letter}"} for letter in "СЮЗ")
    first, less = _again(_changed(passport, indicators=[north, south]), _changed(passport, indicators=[south]))
    back = with_row_ids(_changed(passport, indicators=[south, west]), less, [first])

    assert _ids(back)["indicators"][0] == _ids(less)["indicators"][0]
    assert _ids(back)["indicators"][1] not in _ids(first)["indicators"]


@shared
@pytest.mark.parametrize(("name", "again"), [("kirov.docx", "kirov.docx"), ("kirov.txt", "kirov.docx")])
def test_a_real_passport_loaded_again_adds_and_drops_no_row(name: str, again: str, region: Region, cast: Cast) -> None:
    first, second = _twice(read(SHARED / name), read(SHARED / again), region, cast)

    assert _ids(second) == _ids(first)


@shared
def test_a_passport_is_recognised_at_once() -> None:
    """Only what changed is compared with everything else: the sixth redaction of a long plan must not take minutes."""
    in_force = with_row_ids(read(SHARED / "sayansk.txt"), None)

    assert _ids(with_row_ids(read(SHARED / "sayansk.docx"), in_force)) == _ids(in_force)
