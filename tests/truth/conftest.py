"""The sample as a stranger runs it: a project of the bundled shape over data made with a seed,
and its truth beside it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sample_of_truth import Sample

from workbook import Workbook

ROOT = Path(__file__).parents[2]


SEEDS = [  # each built by one worker
    pytest.param("bundled", marks=pytest.mark.xdist_group("truth, bundled")),
    pytest.param(
        "another seed", marks=[pytest.mark.xdist_group("truth, another seed"), pytest.mark.long]
    ),
]


@pytest.fixture(scope="session", params=SEEDS)
def sample(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    a_sample: Callable[..., Path],
) -> Iterator[Sample]:
    data, truth = ROOT / "data" / "b2b_saas", ROOT / "data" / "truth" / "b2b_saas"
    if request.param != "bundled":
        made = tmp_path_factory.mktemp("made")
        subprocess.run(
            [sys.executable, ROOT / "data" / "make.py", "--seed", "2", "--out", made],
            check=True,
            capture_output=True,
        )
        data, truth = made / "b2b_saas", made / "truth" / "b2b_saas"
    book = Workbook.open(a_sample(), data=str(data))
    yield Sample(book, truth, request.param == "bundled", book.plan)
    book.close()
