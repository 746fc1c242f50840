"""One server a session; where PostgreSQL is not installed its tests skip and say so."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from postgres_server import programs, started

adbc = pytest.importorskip(
    "adbc_driver_postgresql.dbapi", reason="the extra `databases` is not installed"
)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server."""
    if programs() is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with started() as address:
        yield address


@pytest.fixture
def schema(postgres: str) -> Iterator[Callable[..., None]]:
    """Runs statements in the schema `crm`, which is made for one test and dropped after it."""

    def run(*statements: str) -> None:
        with adbc.connect(postgres) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            connection.commit()

    run("drop schema if exists crm cascade", "create schema crm")
    yield run
    run("drop schema if exists crm cascade")
