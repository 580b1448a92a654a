"""What every test may use. Browser tests have more in tests/browser/conftest.py."""

import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings


@pytest.fixture(scope="session", autouse=True)
def own_folder() -> Iterator[None]:
    """Stored files and messages of this run, gone with it."""
    folder = settings.MEDIA_ROOT.parent
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    yield
    shutil.rmtree(folder, ignore_errors=True)
