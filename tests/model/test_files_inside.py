"""A source's file lies in the data folder: a path that leaves it is refused before a run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workbook.errors import ModelError
from workbook.model import load_model

SOURCE = (
    "systems: {shop: {}}\nsources:\n  shop.people:\n    file: '%s'\n    primary_key: no\n   "
    " fields: {no: id}\n"
)


@pytest.mark.parametrize(
    ("file", "inside"),
    [
        ("people.csv", True),
        ("crm/people.csv", True),
        ("crm/../people.csv", True),
        ("crm/*.csv", True),
        ("/tmp/people.csv", False),
        ("../people.csv", False),
        ("crm/../../people.csv", False),
        ("C:\\\\data\\\\people.csv", False),
        ("\\\\\\\\server\\\\people.csv", False),
        ("..\\\\people.csv", False),
    ],
)
def test_a_file_outside_of_the_data_folder_is_refused_at_its_line(
    a_project: Callable[..., Path], file: str, inside: bool
) -> None:
    said: list[str] = []
    try:
        load_model(a_project(sources=SOURCE % file.replace("\\\\", "\\"), entities=""))
    except ModelError as error:
        said = [str(problem) for problem in error.problems]
    assert (said == []) is inside
    assert inside or said[0].startswith("model/03_sources.yml:4: ")
