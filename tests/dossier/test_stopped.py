"""A page that the machine stopped says so with exit 2, and nothing is published."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_book import a_notebook, run, write

from workbook.errors import MachineError


def test_a_page_that_the_machine_stopped_is_no_crash_of_ours(tmp_path: Path) -> None:
    said = "The disk is full: a table could not be written."
    book = f"from workbook.errors import MachineError\nraise MachineError({said!r})"
    write(tmp_path, "02_grain", a_notebook(book))
    with pytest.raises(MachineError, match=said) as stopped:
        run(tmp_path)
    assert stopped.value.exit_code == 2
    assert not (tmp_path / "runs" / "latest").exists()
