"""Fixtures of several parts of the suite."""

pytest_plugins = ["tests.world"]
