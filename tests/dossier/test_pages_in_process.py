"""What tests run in their own process instead of a kernel gives the same run, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from pages_in_process import execute
from small_book import a_notebook, figure, run, shows, write


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a run but those that tell seconds."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in {"manifest.json", "results.json"}
    }


def test_pages_give_the_same_run_in_a_kernel_and_here(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value that is shown by its line, one that is displayed, one that did not pass `show`, a
    name of the page before, and the parameters.
    """
    write(project, "02_grain", a_notebook(shows(figure()), "kept = 1\n'loose'", "print(PROJECT)"))
    write(project, "03_sources", a_notebook("'kept' in globals()", shows(figure())))
    there = run(project, as_of="2025-01-31")
    kept = files(there.path)
    monkeypatch.setattr("workbook.dossier.run.execute", execute)
    here = run(project, as_of="2025-01-31")
    assert (here.path, here.findings) == (there.path, there.findings)
    assert [finding.count for finding in here.findings] == [1, 1]
    assert files(here.path) == kept
    assert len(kept) > 4
