"""The examples in docstrings give what they say; those of what people call in a notebook are of
a small project, `shop`.
"""

from __future__ import annotations

import doctest
import importlib
import shutil
from pathlib import Path

import pytest

from workbook import Workbook
from workbook.scenarios.what_if import WhatIf
from workbook.show import Figure
from workbook.steps.step import Step

TINY = Path(__file__).parent / "notebooks" / "tiny"
SRC = Path(__file__).parents[1] / "src"
TAUGHT = [
    Workbook,
    Workbook.metric_values,
    Workbook.headlines,
    Step.what_if,
    Step.findings,
    Figure.data,
    Figure.gt,
    Figure.rows,
    WhatIf.rows,
    Workbook.tables,
    Workbook.table,
    Workbook.sql,
]
MODULES = sorted(
    ".".join(path.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__")
    for path in SRC.rglob("*.py")
    if ">>>" in path.read_text("utf-8") and "_bundled" not in path.parts
)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(TINY, tmp_path / "shop", ignore=shutil.ignore_patterns("pinned"))
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("shop")
def test_every_example_gives_what_it_says() -> None:
    failed: list[str] = []
    tried = 0
    for name in MODULES:
        module = importlib.import_module(name)
        runner = doctest.DocTestRunner(verbose=False)
        for each in doctest.DocTestFinder().find(module, name):
            runner.run(each, out=failed.append)
        tried += runner.summarize(verbose=False).attempted
    assert failed == []
    assert tried > 100


@pytest.mark.parametrize(
    "thing", TAUGHT, ids=lambda thing: getattr(thing, "__qualname__", thing.__doc__[:20])
)
def test_what_people_call_in_a_notebook_has_an_example(thing: object) -> None:
    assert any(each.examples for each in doctest.DocTestFinder(recurse=False).find(thing, "thing"))
