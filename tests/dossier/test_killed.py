"""A run that is killed at any moment: what was published stays whole, and nothing of the torn
one is seen.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_book import a_notebook, headline, run, shows, write

WAITS = "import pathlib, time\npathlib.Path('started').touch()\ntime.sleep(60)"


@pytest.mark.long
def test_a_killed_run_leaves_the_latest_whole(project: Path) -> None:
    good = run(project)
    before = {path.name: path.read_bytes() for path in good.path.iterdir() if path.is_file()}
    write(project, "05_survivorship", a_notebook(shows(headline(page="05")), WAITS))
    here = Path(__file__).parent
    code = (
        f"import sys; sys.path.insert(0, {str(here)!r}); from small_book import run; import"
        f" pathlib; run(pathlib.Path({str(project)!r}))"
    )
    child = subprocess.Popen([sys.executable, "-c", code])
    try:
        for _ in range(600):
            if (project / "started").exists():
                break
            time.sleep(0.1)
        assert (project / "started").exists()
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()

    assert before == {
        path.name: path.read_bytes()
        for path in (project / "runs" / "latest").iterdir()
        if path.is_file()
    }
    assert [good.path.name, "latest"] == sorted(path.name for path in (project / "runs").iterdir())
    (project / "notebooks" / "05_survivorship.ipynb").unlink()
    assert good.path == run(project).path
