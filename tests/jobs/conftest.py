"""Jobs that write down each of their runs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jobs.models import Job
from organisations.models import User


class Notes:
    """The file in which the sample handlers note their runs."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "notes.txt"
        self.release_path = folder / "release"

    @property
    def arguments(self) -> dict[str, Any]:
        return {"notes": str(self.path), "release": str(self.release_path)}

    @property
    def count(self) -> int:
        return len(self.path.read_text().splitlines()) if self.path.exists() else 0

    def release(self) -> None:
        self.release_path.touch()


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    return Notes(tmp_path)


@pytest.fixture
def unannounced(notes: Notes) -> Callable[[str], Job]:
    """A job whose message was never sent: what remains when the web process dies right after its commit."""

    def create(handler: str) -> Job:
        return Job.objects.create(handler=handler, arguments=notes.arguments)

    return create


@pytest.fixture
def anna(db: None) -> User:
    return User.objects.create_user("anna", "anna's password", full_name="Волкова Анна Сергеевна")


@pytest.fixture
def boris(db: None) -> User:
    return User.objects.create_user("boris", "boris's password", full_name="Громов Борис Ильич")
