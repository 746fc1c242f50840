"""Builders of onboarding's tests: columns from a few values, a project around a data folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from workbook.sources.onboard.column_values import ColumnValues


@pytest.fixture
def a_column() -> Callable[..., ColumnValues]:
    """A column of these values; None is a row without one."""

    def build(name: str, *values: str | None) -> ColumnValues:
        return ColumnValues.of(name, name, pl.Series(values, dtype=pl.String))

    return build


@pytest.fixture
def a_project(tmp_path: Path) -> Callable[..., Path]:
    """A project with these files in its data folder (name: text) and, if given, this
    03_sources.yml.
    """

    def build(sources: str = "", data: Path | str = "data", **files: str) -> Path:
        (tmp_path / "model").mkdir(exist_ok=True)
        (tmp_path / "data").mkdir(exist_ok=True)
        (tmp_path / "workbook.yml").write_text(
            f"name: Test\nas_of: 2025-06-30\ndata: {data}\n", "utf-8"
        )
        if sources:
            (tmp_path / "model" / "03_sources.yml").write_text(sources.lstrip("\n"), "utf-8")
        for name, text in files.items():
            path = tmp_path / "data" / name.replace("__", "/")
            path = path if path.suffix else path.with_suffix(".csv")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return tmp_path

    return build
