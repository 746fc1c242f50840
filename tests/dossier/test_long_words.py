"""A word of 2,000 letters makes no page wider than the window."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from small_book import a_notebook, figure, finding, headline, metrics_figure, run, shows, write

from workbook.finding import Finding
from workbook.show import FindingsList, Headline

playwright = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: pip install '.[test]'"
)
BROWSER = next(
    filter(
        None,
        map(
            shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
        ),
    ),
    "",
)
pytestmark = [
    pytest.mark.skipif(not BROWSER, reason="this machine has no Chromium to drive"),
    pytest.mark.usefixtures("pages_here"),
]
LONG = "W" * 2_000


def a_dossier(root: Path) -> Path:
    """A dossier that says the word in its headline, owner, figures, findings and prose."""
    found = Finding("grain.duplicate_key", "look", f"2 keys repeat: {LONG}.", "02", 2, LONG)
    top = Headline("02", LONG, f"A customer is {LONG}.", LONG, LONG)
    sources = (
        shows(headline(sentence=LONG, lede=LONG, owner=LONG), top.html()),
        shows(figure(title=LONG, subtitle=LONG, caption=LONG)),
        f"%md {LONG}",
        shows(metrics_figure(LONG, LONG)),
        shows(
            {"kind": "findings", "findings": [finding(sentence=LONG, owner=LONG)]},
            FindingsList([found]).html(),
        ),
    )
    write(root, "02_grain", a_notebook(*sources, title=f"# {LONG}\n\n{LONG}"))
    return run(root).path / "dossier.html"


@pytest.mark.parametrize("width", [390, 1280])
def test_a_word_of_any_length_wraps(tmp_path: Path, width: int) -> None:
    path = a_dossier(tmp_path)
    assert path.read_text().count(LONG) > 8
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(path.as_uri())
        wide = page.evaluate("document.documentElement.scrollWidth")
        browser.close()
    assert wide == width
