"""A short sample of each row of the soak; `make soak` runs them whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SOAK = Path(__file__).parent


@pytest.mark.long
@pytest.mark.parametrize(("row", "share"), [("flips", "0.02"), ("sources", "0.02"), ("kills", "0.015"), ("changes", "0.1"), ("starts", "0.08")])
def test_a_sample_of_each_row(row: str, share: str) -> None:
    done = subprocess.run([sys.executable, SOAK, row, "--share", share, "--seed", "3"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_row_that_is_not_there_is_named() -> None:
    done = subprocess.run([sys.executable, SOAK, "kicks"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no row is named kicks" in done.stderr
