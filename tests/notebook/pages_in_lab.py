"""The pages of the workbook in a real JupyterLab in Chromium: all cells run, without an error and
with their style.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "widget"))

from lab import a_lab, browser

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "notebooks" / "tiny"
PAGES = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
SHOTS = os.environ.get("WORKBOOK_SHOTS", "")  # a folder for pictures to look at
INKS = ("rgb(23, 25, 28)", "rgb(242, 243, 244)")  # --wb-ink, light and dark
_IDLE = "() => jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
# one entry per code cell: its number, and whether it ran
_RAN = """() => jupyterapp.shell.currentWidget.content.widgets
  .filter(cell => cell.model.type === 'code')
  .every(cell => cell.model.executionCount !== null)"""
_FAULTS = """() => jupyterapp.shell.currentWidget.content.widgets
  .filter(cell => cell.model.type === 'code')
  .flatMap(cell => cell.model.outputs.toJSON()
    .filter(each => each.output_type === 'error' || each.name === 'stderr')
    .map(each => cell.model.id + ': ' + (each.ename || each.text)))"""


def a_project(folder: Path) -> Path:
    """A project with four customers and all pages, below the root of a JupyterLab."""
    project = folder / "root" / "shop"
    shutil.copytree(TINY, project, ignore=shutil.ignore_patterns("pinned"))
    shutil.copytree(ROOT / "notebooks", project / "notebooks", dirs_exist_ok=True)
    return project


@contextmanager
def opened(folder: Path, *, theme: str = "JupyterLab Light") -> Iterator[Any]:
    """A way to open notebooks of the project: `open(page)` gives the browser's page."""
    from playwright import sync_api

    with a_lab(folder, theme=theme) as address, sync_api.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=browser(), args=["--no-sandbox"])

        def show(page: str) -> Any:
            tab = chromium.new_page(viewport={"width": 1000, "height": 1100})
            tab.goto(address.format(f"shop/notebooks/{page}.ipynb"))
            tab.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=120_000)
            tab.wait_for_function(_IDLE, timeout=120_000)
            return tab

        yield show
        chromium.close()


def run_all(tab: Any) -> list[str]:
    """Run all cells of an open page; every error and whatever was written to stderr."""
    tab.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")
    tab.wait_for_function(_RAN, timeout=240_000)
    tab.wait_for_function(_IDLE, timeout=120_000)
    return list(tab.evaluate(_FAULTS))


def is_styled(tab: Any) -> bool:
    """Whether the page's answer is written in the workbook's own ink, and no bar is a black box."""
    ink = tab.locator(".wb-answer").first.evaluate("node => getComputedStyle(node).color")
    bars = tab.evaluate(
        "() => [...document.querySelectorAll('.wb svg rect')]"
        ".map(node => getComputedStyle(node).fill)"
    )
    return ink in INKS and "rgb(0, 0, 0)" not in bars


def trial(folder: Path, count: int, seed: int) -> tuple[int, list[str]]:
    """Every page (at most `count`), each run whole twice: nothing fails, and no file of the project
    changes.
    """
    project = a_project(folder)
    before = {path: path.read_bytes() for path in project.glob("model/*.yml")}
    pages, missed = PAGES[:count], []
    with opened(folder, theme=("JupyterLab Light", "JupyterLab Dark")[seed % 2]) as show:
        for page in pages:
            tab = show(page)
            for turn in ("first", "second"):
                missed += [f"{page}, {turn} run: {fault}" for fault in run_all(tab)]
            if not is_styled(tab):
                missed.append(f"{page}: not styled")
            if SHOTS:
                tab.screenshot(path=f"{SHOTS}/{page}.png")
            tab.evaluate("() => jupyterapp.commands.execute('kernelmenu:shutdown')")
            tab.close()
    changed = [path.name for path, content in before.items() if path.read_bytes() != content]
    return len(pages), missed + [f"{name} was changed" for name in changed]
