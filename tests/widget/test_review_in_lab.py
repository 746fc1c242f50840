"""The review in a real JupyterLab in Chromium: a hundred words by keyboard, an undo, a kernel
restart, and nothing lost or leaked.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lab import a_lab, browser, notebook
from small_desk import PLANTED

from workbook.identity.match_ledger import read_ledger

playwright = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: pip install '.[test]'"
)
pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")
pytestmark = [
    pytest.mark.skipif(not browser(), reason="this machine has no Chromium to drive"),
    pytest.mark.long,
]

KEYS = {"a": "same", "r": "different", "u": "unsure"}
PAIRS = 130
CELL = f"""import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from small_desk import SmallDesk
from workbook.widget import review_widget
review_widget(SmallDesk(Path("matches.csv"), {PAIRS}), by="Ann")"""


class Page:
    """A notebook with the review, as a reviewer has it."""

    def __init__(self, page: object, root: Path) -> None:
        self.page, self.root = page, root

    def run(self) -> None:
        """Run the first cell as a person does, and click into the review."""
        self.page.click(".jp-CodeCell .cm-content >> nth=0")
        self.page.keyboard.press("Shift+Enter")
        self.page.wait_for_selector(".wb-review .wb-pair", timeout=60_000)
        self.page.click(".wb-review .wb-facts")

    def press(self, keys: str) -> None:
        """Press keys, each after the answer to the one before."""
        for key in keys:
            before = self.page.get_attribute(".wb-review", "data-turn")
            self.page.keyboard.press(key)
            self.page.wait_for_function(
                "turn => document.querySelector('.wb-review').dataset.turn !== turn",
                arg=before,
                timeout=10_000,
            )

    def does(self, command: str) -> None:
        """Execute a command of JupyterLab."""
        self.page.evaluate(f"async () => {{ await jupyterapp.commands.execute('{command}'); }}")

    def restart(self) -> None:
        """Restart the kernel and forget the outputs, as a person who confirms the question."""
        self.page.evaluate(
            "() => { jupyterapp.commands.execute('notebook:restart-clear-output'); }"
        )
        self.page.click(".jp-Dialog .jp-mod-accept")
        self.page.wait_for_selector(".wb-review", state="detached", timeout=30_000)
        self.page.wait_for_function(
            "() => jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status ==="
            " 'idle'",
            timeout=60_000,
        )

    def shows(self) -> str:
        """The pair on the table and the counts above it."""
        return (
            f"{self.page.get_attribute('.wb-review', 'data-pair')} |"
            f" {self.page.inner_text('.wb-counts')}"
        )

    def written(self) -> list[tuple[str, str]]:
        """The file, line by line: the pair's number, or what is undone, and the verdict."""
        ledger = read_ledger(self.root / "matches.csv")
        assert ledger.broken == ()
        return [
            (each.left[-3:] if each.left else each.undoes, each.verdict)
            for each in ledger.decisions
        ]


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    root = tmp_path / "root"
    root.mkdir()
    notebook(root / "review.ipynb", CELL, "1 + 1")
    with a_lab(tmp_path) as address, playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=browser(), args=["--no-sandbox"])
        opened = chromium.new_page(viewport={"width": 1300, "height": 1000})
        opened.goto(address.format("review.ipynb"))
        opened.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
        opened.wait_for_function(
            "() => jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status ==="
            " 'idle'",
            timeout=60_000,
        )
        yield Page(opened, root)
        chromium.close()


def test_a_hundred_words_an_undo_a_restart_and_nothing_lost(page: Page, tmp_path: Path) -> None:
    page.run()
    assert page.shows() == f"north.people:000 south.people:000 | 0 decided by Ann · {PAIRS} wait"
    keys = "".join("aaru"[n % 4] for n in range(100))
    page.press(keys)
    said = [(f"{n:03d}", KEYS[key]) for n, key in enumerate(keys)]
    assert page.written() == said

    page.press("z")
    last = read_ledger(page.root / "matches.csv").decisions[-2].id
    assert page.written() == [*said, (last, "undo")]
    # 30 unseen, this one, 24 unsure
    assert page.shows() == "north.people:099 south.people:099 | 99 decided by Ann · 55 wait"

    page.does("docmanager:save")
    assert leaks(tmp_path) == []
    page.restart()
    page.run()
    assert page.shows() == "north.people:099 south.people:099 | 99 decided by Ann · 55 wait"
    page.press("ra")
    page.press(["ArrowRight", "ArrowRight", "ArrowLeft"])  # looks around; nothing is said
    page.press("u")
    assert page.written() == [
        *said,
        (last, "undo"),
        ("099", "different"),
        ("100", "same"),
        ("102", "unsure"),
    ]

    page.does("docmanager:save")
    assert leaks(tmp_path) == []
    # no key of a reviewer reached the notebook's own shortcuts
    assert page.page.locator(".jp-Cell").count() == 2
    # what was searched held the state
    assert "application/vnd.jupyter.widget-state+json" in (page.root / "review.ipynb").read_text(
        "utf-8"
    )


def test_keys_in_the_reason_are_text_and_a_key_held_down_or_with_ctrl_says_nothing(
    page: Page,
) -> None:
    page.run()
    page.page.fill(".wb-reason", "")
    page.page.type(".wb-reason", "aruz, they share a mailbox")
    # keys of the notebook: insert below, cut, edit
    for key in ("Escape", "Control+a", "b", "x", "Enter"):
        page.page.keyboard.press(key)
    assert page.page.locator(".jp-Cell").count() == 2
    assert page.written() == []
    page.press("a")
    assert page.page.input_value(".wb-reason") == ""
    assert "aruz, they share a mailbox" in (page.root / "matches.csv").read_text("utf-8")

    page.page.keyboard.down("r")
    page.page.wait_for_function(
        "() => document.querySelector('.wb-counts').innerText.startsWith('2 decided')"
    )
    for _ in range(3):
        page.page.keyboard.down("r")  # what a held key repeats
        page.page.wait_for_timeout(100)
    page.page.keyboard.up("r")
    assert page.written() == [("000", "same"), ("001", "different")]

    page.page.click("text=Unsure")
    page.page.wait_for_function(
        "() => document.querySelector('.wb-counts').innerText.startsWith('3 decided')"
    )
    page.press("z")  # the focus is still in the review
    assert page.written()[2:] == [
        ("002", "unsure"),
        (read_ledger(page.root / "matches.csv").decisions[2].id, "undo"),
    ]
    assert page.page.locator(".jp-Cell").count() == 2


def test_a_sample_is_chosen_by_mouse_and_judged_by_keyboard(page: Page) -> None:
    page.run()
    page.page.select_option(".wb-filter", "pattern:name: close · email: differs")
    page.page.click("text=Judge a sample")  # the button goes away; the focus does not
    page.page.wait_for_selector(".wb-sample :text('0 of 44 judged')")
    page.press("ar")
    assert "2 of 44 judged" in page.page.inner_text(".wb-sample")
    assert "1 of 2 says otherwise: at most 97.5" in page.page.inner_text(".wb-sample")
    page.page.click("text=Accept all 44", force=True)  # not before all are judged
    page.page.click("text=Leave the sample")
    page.page.wait_for_selector(".wb-sample", state="hidden")
    page.press("u")
    assert [verdict for _, verdict in page.written()] == ["same", "different", "unsure"]
    assert len({pair for pair, _ in page.written() if pair >= "086"}) == 3  # three of that pattern
    assert page.page.locator(".jp-Cell").count() == 2


def test_a_file_that_cannot_be_written_and_a_kernel_that_is_gone_are_told_and_the_pair_stays(
    page: Page,
) -> None:
    page.run()
    (page.root / "matches.csv").mkdir()  # nothing can be read from it, nor a line appended
    page.page.keyboard.press("a")
    page.page.wait_for_function(
        "() => document.querySelector('.wb-trouble').innerText.includes('matches.csv cannot be"
        " read: Is a directory')"
    )
    assert page.shows().startswith("north.people:000 south.people:000 |")

    (page.root / "matches.csv").rmdir()
    page.press("a")
    assert page.page.inner_text(".wb-trouble") == ""
    page.page.evaluate(
        "async () => { await"
        " jupyterapp.shell.currentWidget.sessionContext.session.kernel.shutdown(); }"
    )
    page.page.keyboard.press("a")
    page.page.wait_for_function(
        "() => document.querySelector('.wb-trouble').innerText.includes('has not answered')",
        timeout=20_000,
    )
    assert page.shows().startswith("north.people:001 south.people:001 |")
    assert page.written() == [("000", "same")]


def leaks(folder: Path) -> list[str]:
    """Files that JupyterLab or the kernel wrote and that hold a planted value."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "matches.csv"]
    assert any(path.suffix == ".ipynb" for path in files)
    return [
        f"{path.name}: {value}"
        for path in files
        for value in PLANTED
        if value.encode() in path.read_bytes()
    ]
