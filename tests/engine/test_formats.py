"""The formats of files: one list that model and engine share, and no meaning is read into a
path.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from workbook.engine import Engine, FieldSpec, Plan, SourceSpec, landing_tables
from workbook.engine.landing.formats import FORMATS, SUFFIXES
from workbook.model.file_formats import FILE_FORMATS


def test_the_model_names_the_formats_that_the_engine_reads() -> None:
    # what a database gave is no file that a source may name
    assert set(FILE_FORMATS) == set(FORMATS) - {"extract"}
    assert len(SUFFIXES) == sum(len(form.suffixes) for form in FORMATS.values())


def test_a_folder_named_key_value_adds_no_column(tmp_path: Path) -> None:
    root = tmp_path / "year=2025" / "city=Rome"
    root.mkdir(parents=True)
    pl.DataFrame({"city": ["Ulm", "Bonn"]}).write_parquet(root / "people.parquet")
    spec = SourceSpec(
        "shop.people", (str(root / "people.parquet"),), (FieldSpec("city"),), format="parquet"
    )
    with Engine(root / "store", data_roots=[root]) as engine:
        landed = engine.frame(Plan(landing_tables(spec.name, spec)), "shop__people")
    assert ["Ulm", "Bonn"] == landed["city"].to_list()
