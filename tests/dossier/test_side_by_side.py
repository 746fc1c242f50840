"""Pages that run side by side: in reading order all the same, and one that crashes stops those
that have not begun.
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

from workbook.dossier import run as run_module
from workbook.dossier.execute import pages_at_once
from workbook.errors import PageError

MEETS = """import pathlib, time
pathlib.Path({mine!r}).touch()
until = time.monotonic() + 60
while not pathlib.Path({other!r}).exists():
    assert time.monotonic() < until, "nobody else is at work"
    time.sleep(0.02)"""


@pytest.fixture(autouse=True)
def _two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "pages_at_once", lambda: 2)


def test_two_pages_are_at_work_at_once_and_stand_in_their_order(tmp_path: Path) -> None:
    write(
        tmp_path,
        "02_grain",
        a_notebook(
            MEETS.format(mine="a", other="b"), "import time; time.sleep(1)", shows(headline())
        ),
    )
    write(
        tmp_path,
        "03_sources",
        a_notebook(MEETS.format(mine="b", other="a"), shows(headline(page="03", name="Sources"))),
    )

    seen: list[int] = []
    html = (
        run(tmp_path, progress=lambda what, done, total: seen.append(done)).path / "dossier.html"
    ).read_text()

    assert [0, 1] == seen
    assert html.index("Grain") < html.index("Sources")


def test_of_pages_that_crash_the_first_is_named_and_none_begins_after_it(tmp_path: Path) -> None:
    write(
        tmp_path,
        "02_grain",
        a_notebook(
            MEETS.format(mine="a", other="b"),
            "import time; time.sleep(2)",
            "raise KeyError('late')",
        ),
    )
    write(
        tmp_path,
        "03_sources",
        a_notebook(MEETS.format(mine="b", other="a"), "raise ValueError('early')"),
    )
    for name in ("04_entities", "05_survivorship", "06_history"):
        write(tmp_path, name, a_notebook(f"import pathlib; pathlib.Path('began {name}').touch()"))

    with pytest.raises(PageError, match=r"notebooks/02_grain\.ipynb, cell 5 \(c05\): KeyError"):
        run(tmp_path)

    assert "'late'" in (tmp_path / ".workbook" / "crash.txt").read_text()
    assert not list(tmp_path.glob("began *"))


def test_an_interrupted_run_ends_soon_and_leaves_no_kernel(tmp_path: Path) -> None:
    for name in ("02_grain", "03_sources", "04_entities"):
        write(
            tmp_path,
            name,
            a_notebook(
                "import os, pathlib, time; pathlib.Path('at work"
                f" {name}').write_text(str(os.getpid())); time.sleep(60)"
            ),
        )
    here = Path(__file__).parent
    code = (
        f"import sys; sys.path.insert(0, {str(here)!r}); from small_book import run; from"
        " workbook.dossier import run as module; module.pages_at_once = lambda: 2; import pathlib;"
        f" run(pathlib.Path({str(tmp_path)!r}))"
    )
    child = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
    kernels = _until_written([tmp_path / "at work 02_grain", tmp_path / "at work 03_sources"])

    child.send_signal(signal.SIGINT)

    assert child.wait(timeout=30) != 0
    assert all(_gone(kernel) for kernel in kernels)
    assert not (tmp_path / "runs").exists()


def test_pages_at_once_are_few() -> None:
    assert 1 <= pages_at_once() <= min(4, os.cpu_count() or 1)


def _until_written(files: list[Path]) -> list[int]:
    for _ in range(1200):
        if all(file.exists() and file.read_text() for file in files):
            return [int(file.read_text()) for file in files]
        time.sleep(0.05)
    raise AssertionError(f"{files} were never written")


def _gone(process: int) -> bool:
    for _ in range(200):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False
