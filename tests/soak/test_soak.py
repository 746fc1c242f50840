"""A short sample of each row of the soak; `make soak` runs them whole."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOAK = Path(__file__).parent
BROWSER = next(
    filter(
        None,
        map(
            shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
        ),
    ),
    "",
)
SAMPLES = {
    "flips": "0.02",
    "sources": "0.02",
    "kills": "0.015",
    "changes": "0.05",
    "starts": "0.04",
    "disks": "0.1",
    "inputs": "0.09",
    "sql": "0.02",
    "markup": "0.02",
    "secrets": "0.02",
    "laws": "0.005",
}


@pytest.mark.long
@pytest.mark.parametrize(("row", "share"), SAMPLES.items())
def test_a_sample_of_each_row(row: str, share: str) -> None:
    if row == "markup" and not BROWSER:
        pytest.skip("this machine has no Chromium to drive")
    done = subprocess.run(
        [sys.executable, SOAK, row, "--share", share, "--seed", "3"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_row_that_is_not_there_is_named() -> None:
    done = subprocess.run(
        [sys.executable, SOAK, "kicks"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "no row is named kicks" in done.stderr
