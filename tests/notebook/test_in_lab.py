"""A notebook of one's own in a real JupyterLab in Chromium: figures are styled without a headline
and in any order, an edit of YAML shows in the next cell, a fault is a card, values that are
shown are not saved, and Tab offers what can be asked.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "widget"))

from lab import a_lab, browser, notebook

playwright = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: pip install '.[test]'"
)
pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")
pytestmark = [
    pytest.mark.skipif(not browser(), reason="this machine has no Chromium to drive"),
    pytest.mark.long,
]

TINY = Path(__file__).parents[1] / "notebooks" / "tiny"
SHOTS = os.environ.get("WORKBOOK_SHOTS", "")  # a folder for pictures to look at
PERSONAL = ("shop.example", "desk.example", "Ann Lee")
OPEN = "from workbook import Workbook\nbook = Workbook.open('shop')\nstep = book.survivorship\nbook"
CELLS = (
    OPEN,
    "step.decisions()",
    "book.plot('Sold')",
    "book.tables()",
    "book.table('person', reveal=True)",
    "step.what_if('fields.person.city.order', ['shop', 'desk'])",
    "book.sql('select * from person')",
    "",
)


class Notebook:
    """A notebook as a person has it open."""

    def __init__(self, page: object, root: Path) -> None:
        self.page, self.root = page, root

    def run(self, number: int) -> str:
        """Run one cell; what stands below it."""
        self.page.evaluate(
            """async (at) => {
              const content = jupyterapp.shell.currentWidget.content;
              content.activeCellIndex = at;
              content.deselectAll();
              await jupyterapp.commands.execute('notebook:run-cell');
            }""",
            number,
        )
        return self.output(number)

    def output(self, number: int) -> str:
        self.page.wait_for_timeout(300)
        return self.cell(number).locator(".jp-OutputArea").inner_text()

    def cell(self, number: int) -> object:
        return self.page.locator(".jp-Notebook .jp-Cell").nth(number)

    def style(self, number: int, selector: str, name: str) -> str:
        return (
            self.cell(number)
            .locator(selector)
            .first.evaluate("(node, name) => getComputedStyle(node)[name]", name)
        )

    def shot(self, name: str) -> None:
        if SHOTS:
            self.page.screenshot(path=f"{SHOTS}/{name}.png", full_page=False)

    def show(self, number: int) -> None:
        self.cell(number).locator(".jp-OutputArea").scroll_into_view_if_needed()


@pytest.fixture(params=["JupyterLab Light", "JupyterLab Dark"])
def lab(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Notebook]:
    root = tmp_path / "root"
    shutil.copytree(TINY, root / "shop", ignore=shutil.ignore_patterns("pinned"))
    notebook(root / "own.ipynb", *CELLS)
    with a_lab(tmp_path, theme=request.param) as address, playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=browser(), args=["--no-sandbox"])
        opened = chromium.new_page(viewport={"width": 1000, "height": 1100})
        opened.goto(address.format("own.ipynb"))
        opened.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=90_000)
        opened.wait_for_function(
            "() => jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status ==="
            " 'idle'",
            timeout=90_000,
        )
        yield Notebook(opened, root)
        chromium.close()


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    os.utime(path, ns=(1, path.stat().st_mtime_ns + 1_000_000))


def test_a_notebook_of_ones_own(lab: Notebook) -> None:
    dark = "Dark" in lab.page.evaluate("() => document.body.dataset.jpThemeName")
    ink = "rgb(215, 218, 222)" if dark else "rgb(43, 47, 52)"  # --wb-text
    assert "book.metrics" in lab.run(0)

    # no headline was shown: a figure brings its own style, and its bars are no black boxes
    assert "Ulm" not in lab.run(1)
    lab.show(1)
    assert lab.style(1, ".wb-figure", "color") == ink
    assert lab.style(1, "svg rect", "fill") != "rgb(0, 0, 0)"
    lab.shot(f"figure-{'dark' if dark else 'light'}")
    lab.run(2)
    lab.show(2)
    assert lab.style(2, "svg .wb-l", "stroke") not in ("none", "rgb(0, 0, 0)")
    lab.shot(f"plot-{'dark' if dark else 'light'}")
    lab.run(3)
    lab.show(3)
    assert lab.style(3, "td.wb-right", "textAlign") == "right"
    lab.shot(f"tables-{'dark' if dark else 'light'}")

    # an edit between two cells: the next one says so and shows it
    path = lab.root / "shop" / "model" / "05_survivorship.yml"
    change(path, "order: [desk, shop]\n", "order: [shop, desk]\n")
    assert "05_survivorship.yml" in lab.run(1)
    assert "05_survivorship.yml" not in lab.run(2)
    # a fault is a card with the place and the remedy, and no traceback
    change(path, "[shop, desk]\n", "[shpo, desk]\n")
    told = lab.run(1)
    assert "05_survivorship.yml:4" in told
    assert "Did you mean 'shop'" in told
    assert "Traceback" not in told
    assert "base.py" not in told
    lab.show(1)
    lab.shot(f"fault-{'dark' if dark else 'light'}")
    change(path, "[shpo, desk]\n", "[desk, shop]\n")
    assert "Neu-Ulm" not in lab.run(1)

    # values are shown, can be searched and sorted, and are in no file
    lab.run(4)
    lab.page.wait_for_selector(".wb-revealed table", timeout=30_000)
    shown = lab.cell(4).locator(".wb-revealed")
    assert "ann@shop.example" in shown.inner_text().lower()
    rows = shown.locator("tbody tr")
    assert rows.count() == 4
    lab.page.fill(".wb-find", "neu-ulm")
    assert rows.count() == 1
    lab.page.fill(".wb-find", "")
    shown.locator("th button", has_text="city").click()
    cities = [rows.nth(at).inner_text() for at in range(4)]
    assert "Bonn" in cities[0]
    assert "Ulm" in cities[3]
    lab.show(4)
    lab.shot(f"revealed-{'dark' if dark else 'light'}")
    lab.run(5)
    lab.show(5)
    lab.shot(f"what-if-{'dark' if dark else 'light'}")
    assert "mail·1" in lab.run(6)
    lab.page.evaluate("async () => { await jupyterapp.commands.execute('docmanager:save'); }")
    saved = [each for each in lab.root.rglob("*.ipynb")]
    assert len(saved) >= 1
    for path in [*saved, *lab.root.parent.joinpath("home").rglob("*")]:
        if path.is_file():
            assert [each for each in PERSONAL if each.encode() in path.read_bytes()] == [], path


def test_tab_offers_figures_and_paths(lab: Notebook) -> None:
    lab.run(0)
    for typed, wanted in (
        ("step.", ["headline", "decisions", "why"]),
        ('step.what_if("fields.per', ["fields.person.city", "fields.person.city.order"]),
    ):
        lab.cell(7).locator(".cm-content").click()
        lab.page.keyboard.press("Control+a")
        lab.page.keyboard.type(typed)
        lab.page.keyboard.press("Tab")
        lab.page.wait_for_selector(".jp-Completer-item", timeout=30_000)
        offered = lab.page.locator(".jp-Completer-item .jp-Completer-match").all_inner_texts()
        assert offered[: len(wanted)] == wanted
        lab.shot(f"tab-{len(wanted)}")
        lab.page.keyboard.press("Escape")
