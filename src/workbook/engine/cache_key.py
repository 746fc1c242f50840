"""The key under which a table is kept: one digest of all that it depends on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

import duckdb

from workbook.engine.canonical import canonical
from workbook.engine.plan import Artifact, Table

FORMAT = 1  # part of every recipe: raise it when the engine stores the same table differently


def cache_key(table: Table, inputs: Mapping[str, Artifact], digest_of: Callable[[str], str]) -> str:
    """A digest of all that the table depends on (its recipe): its own words, its inputs' content,
    its files (`digest_of` each), the engine.
    """
    parts: dict[str, Any] = {
        "format": FORMAT,
        "duckdb": duckdb.__version__,
        "keys": table.keys,
        "inputs": {name: artifact.content for name, artifact in inputs.items()},
    }
    if table.function:
        function = table.function
        parts |= {
            "function": function.name,
            "version": function.version,
            "params": canonical(function.params),
        }
        parts["files"] = [digest_of(file) for file in function.files]
    else:
        parts["sql"] = table.sql
    return sha256(json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[
        :32
    ]
