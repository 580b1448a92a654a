"""What comes from the environment, and that production is safe by default."""

import os
import secrets
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment
from tests.worker import ROOT


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://anna:p%40ss@db:5433/portal", ("portal", "anna", "p@ss", "db", 5433)),
        ("postgres://anna@db/portal", ("portal", "anna", "", "db", "")),
        ("postgresql://postgres:@/vekha?host=/run/postgresql", ("vekha", "postgres", "", "/run/postgresql", "")),
    ],
)
def test_a_database_address_is_understood(url: str, expected: tuple[object, ...]) -> None:
    values = environment.database(url)
    assert tuple(values[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")) == expected


def test_options_of_a_database_address_are_passed_on() -> None:
    assert environment.database("postgresql://db/portal?sslmode=require")["OPTIONS"]["sslmode"] == "require"


def test_another_database_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="postgresql://"):
        environment.database("mysql://db/portal")


def test_a_required_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        environment.text("SECRET_KEY")


def test_production_does_not_start_without_a_key_of_its_own() -> None:
    checked = manage("check", SECRET_KEY="")
    assert checked.returncode != 0
    assert "SECRET_KEY is required" in checked.stderr


def test_production_passes_djangos_checks_for_deployment_in_silence() -> None:
    checked = manage("check", "--deploy", "--fail-level", "WARNING", SECRET_KEY=secrets.token_urlsafe(50))
    assert checked.returncode == 0, checked.stderr
    assert "no issues (0 silenced)" in checked.stdout


def test_production_requires_a_second_factor_unless_told_otherwise() -> None:
    show = "from django.conf import settings; print(settings.SECOND_FACTOR)"
    key = secrets.token_urlsafe(50)
    assert manage("shell", "--no-imports", "-c", show, SECRET_KEY=key, SECOND_FACTOR="").stdout == "required\n"
    assert manage("shell", "--no-imports", "-c", show, SECRET_KEY=key, SECOND_FACTOR="offered").stdout == "offered\n"
    mistaken = manage("check", SECRET_KEY=key, SECOND_FACTOR="yes")
    assert "SECOND_FACTOR must be one of" in mistaken.stderr


def test_networks_are_understood_and_nonsense_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.0/8, 192.168.1.1,fd00::/8")
    assert [str(network) for network in environment.networks("TRUSTED_PROXIES")] == [
        "10.0.0.0/8",
        "192.168.1.1/32",
        "fd00::/8",
    ]
    monkeypatch.setenv("TRUSTED_PROXIES", "proxy")
    with pytest.raises(ImproperlyConfigured, match="TRUSTED_PROXIES"):
        environment.networks("TRUSTED_PROXIES")


def manage(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environ = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.production", "ALLOWED_HOSTS": "vekha.example"}
    # Set for this process by the browser tests; a deployment with it is rightly refused.
    environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environ | variables, capture_output=True, text=True, check=False)
