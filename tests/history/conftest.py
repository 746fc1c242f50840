"""A shop of given rows, opened and closed for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from history_shop import HISTORY, NOBODY, Shop, plan_of, write_project

from workbook.engine import Engine
from workbook.model import load_model


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Callable[..., Shop]]:
    """A shop of these rows; its history is computed when it is asked for."""
    engines: list[Engine] = []

    def build(
        data: Mapping[str, str],
        *,
        as_of: str = "2025-06-30",
        six: str = HISTORY,
        more: Mapping[str, str] | None = None,
    ) -> Shop:
        model = load_model(
            write_project(tmp_path / f"project{len(engines)}", {**NOBODY, **data}, as_of, six, more)
        )
        engine = Engine(
            engines[0].store if engines else tmp_path / "store", data_roots=[model.data_root]
        )
        engines.append(engine)
        return Shop(model, plan_of(model), engine)

    yield build
    for engine in engines:
        engine.close()
