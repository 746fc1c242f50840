"""Connections by name: the address comes from the environment, and never reaches a message."""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbook.errors import DataError
from workbook.words import error_of

# scheme of the address -> its ADBC driver; any other is served by `adbc_driver_<scheme>`
SCHEMES = {"postgresql": "postgresql", "postgres": "postgresql", "sqlite": "sqlite"}
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_EXTRA = "pip install 'customer-workbook[databases]'"


@dataclass(frozen=True)
class Address:
    """A connection's name, the variable that holds its address, and the address: a secret."""

    name: str
    variable: str
    value: str = field(repr=False)

    @property
    def driver(self) -> str:
        """The ADBC driver by its short name: `postgresql`, `sqlite`."""
        found = _SCHEME.match(self.value)
        scheme = found[1].lower().partition("+")[0] if found else ""
        return SCHEMES.get(scheme, scheme)


def address_of(name: str, variable: str, env: Mapping[str, str] | None = None) -> Address:
    """The address of a connection, read from the environment variable that workbook.yml names.

    Raises:
        DataError: the variable is not set, or holds no address with a scheme.
    """
    value = (os.environ if env is None else env).get(variable, "").strip()
    if not value:
        raise error_of(DataError, "engine.databases.variable_not_set", name=name, variable=variable)
    if not _SCHEME.match(value):
        raise error_of(DataError, "engine.databases.no_scheme", name=name, variable=variable)
    return Address(name, variable, value)


@contextmanager
def connected(address: Address) -> Iterator[Any]:
    """A connection of Python's database interface that reads and never writes.

    Raises:
        DataError: no driver is installed for the address, or the database cannot be reached or
            refuses a query; the message never holds the address.
    """
    driver = _driver(address)
    try:
        with driver.connect(_target(address)) as connection:
            yield connection
    except DataError:
        raise
    except Exception as error:
        if not type(error).__module__.startswith("adbc_driver_manager"):
            raise
        raise error_of(
            DataError,
            "engine.databases.refused",
            name=address.name,
            why=_without_secrets(str(error), address),
        ) from None


def _driver(address: Address) -> Any:
    name = f"adbc_driver_{address.driver}.dbapi"
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        known = address.driver in SCHEMES.values()
        raise error_of(
            DataError,
            "engine.databases.no_driver",
            name=address.name,
            driver=address.driver,
            known=known,
            extra=_EXTRA,
        ) from None


def _target(address: Address) -> str:
    """The address as its driver takes it; SQLite takes a path, opened for reading alone."""
    if address.driver != "sqlite":
        return address.value
    path = re.sub(r"^sqlite:(//)?", "", address.value, flags=re.IGNORECASE)
    path = path if not path.startswith("//") else path[1:]
    file = Path(path).resolve()
    if not file.is_file():
        raise error_of(
            DataError, "engine.databases.no_file", name=address.name, variable=address.variable
        )
    full = str(file)
    return f"file:{full.replace('%', '%25').replace('?', '%3f').replace('#', '%23')}?mode=ro"


def _without_secrets(message: str, address: Address) -> str:
    """A driver's message, its first sentence, without address, user or password."""
    plain = message.replace(address.value, "…")
    found = re.search(r"//([^/@\s]*)@", address.value)
    parts = [part for part in (found[1].split(":") if found else []) if part]
    parts += re.findall(r"password=([^&\s]+)", address.value)
    for part in sorted(parts, key=len, reverse=True):
        plain = plain.replace(part, "…")
    first = re.split(r"\n\s*(?:LINE|DETAIL|CONTEXT|Query|SQLSTATE)\b", plain)[0]
    text = re.sub(r"\s+", " ", first.rpartition("ERROR:")[2] or first).strip()
    return text[:300].rstrip("?. ") + "."
