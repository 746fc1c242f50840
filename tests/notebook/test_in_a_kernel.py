"""What a person who runs cells is told beside the output: that files were read again, how far tables
are, what can be asked; and what a run that nobody watches is not.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

from test_book import change

from workbook import Workbook
from workbook.errors import ModelError, Problem, WorkbookError
from workbook.notebook import ProgressLine, decision_paths, progress_line
from workbook.scenarios import attended_notebook
from workbook.walk import CALLS

TINY = Path(__file__).parents[1] / "notebooks" / "tiny"


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    opened = Workbook.open(shutil.copytree(TINY, tmp_path / "tiny"))
    yield opened
    opened.close()


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is displayed while somebody watches; an update is (bundle,)."""
    found: list[Any] = []

    def display(bundle: dict[str, str], *, raw: bool, display_id: bool = False) -> Any:
        found.append(bundle)
        return SimpleNamespace(update=lambda bundle, raw: found.append((bundle,)))

    kernel = SimpleNamespace(_allow_stdin=True)
    monkeypatch.setattr(attended_notebook, "shell", lambda: SimpleNamespace(kernel=kernel))
    monkeypatch.setattr("IPython.display.display", display)
    return found


def plain(bundles: list[Any]) -> list[str]:
    return [(each[0] if isinstance(each, tuple) else each)["text/plain"] for each in bundles]


def test_an_edit_is_told_once_by_the_files_that_changed(
    book: Workbook, shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        progress_line, "_AFTER", 1e9
    )  # a slow machine shows how far tables are, too
    step = book.survivorship
    step.decisions()
    assert plain(shown) == []
    change(
        book.root / "model" / "05_survivorship.yml",
        "order: [desk, shop]\n",
        "order: [shop, desk]\n",
    )
    step.decisions()
    step.decisions()
    assert len(shown) == 1
    assert "model/05_survivorship.yml" in plain(shown)[0]
    people = book.root / "data" / "shop_people.csv"
    people.write_text(
        people.read_text("utf-8") + "p9,zed@shop.example,Zed,Ulm,2025-06-03T10:00:00\n"
    )
    assert book.table("person").height == 5  # the door to data reads what changed, too
    assert "shop_people.csv" in plain(shown)[1]
    assert "zed" not in plain(shown)[1].lower()


def test_nobody_who_watches_is_told_nothing(
    book: Workbook, shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel = SimpleNamespace(_allow_stdin=False)  # as papermill runs it
    monkeypatch.setattr(attended_notebook, "shell", lambda: SimpleNamespace(kernel=kernel))
    step = book.survivorship
    change(
        book.root / "model" / "05_survivorship.yml",
        "order: [desk, shop]\n",
        "order: [shop, desk]\n",
    )
    step.decisions()
    assert shown == []


def test_tables_that_take_a_while_are_one_line_that_goes_away(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [100.0]
    monkeypatch.setattr(progress_line.time, "monotonic", lambda: clock[0])
    line = ProgressLine()
    for number in range(40):
        line(f"table_{number}", number, 40)
        clock[0] += 0.125
    line.done()
    first, *later = shown
    assert isinstance(first, dict)
    assert all(isinstance(each, tuple) for each in later)  # one line, changed in its place
    assert "8 of 40" in plain([first])[0]  # nothing in the first second
    assert plain(later)[-1] == ""
    assert len(later) == 16  # four a second, and the end
    line("quick", 0, 1)
    line.done()
    assert len(shown) == 17


def test_building_tells_the_watch_and_ends_it(book: Workbook) -> None:
    told: list[Any] = []

    class Watch:
        def __call__(self, table: str, done: int, whole: int) -> None:
            told.append((done, whole))

        def done(self) -> None:
            told.append("done")

    book.engine.watch = Watch()
    book.context.frame("person")
    assert told[-1] == "done"
    assert told[0][0] == 0
    assert len({whole for _, whole in told[:-1]}) == 1
    before = len(told)
    book.context.frame("person")
    assert len(told) == before  # it is there


def test_a_book_a_step_and_a_plan_say_what_they_are(book: Workbook) -> None:
    assert "book.tables()" in repr(book)
    rows = book._repr_mimebundle_()["application/vnd.workbook+json"]["rows"]
    assert len(rows) == 14
    assert {"book.survivorship", "book.customer_360"} <= {row[0] for row in rows}
    states = {row[0]: row[2] for row in rows}
    assert len(set(states.values())) == 2
    assert states["book.history"] != states["book.survivorship"]  # 06 is open in this project
    figures = book.survivorship._repr_mimebundle_()["application/vnd.workbook+json"]["rows"]
    assert figures[0][0] == "book.survivorship.decisions()"
    assert len(figures) == 6
    assert str(len(book.plan.order)) in repr(book.plan)


def test_a_step_offers_what_is_asked_of_it_and_no_internals(book: Workbook) -> None:
    calls = book.survivorship.calls()
    assert calls[:3] == ["headline", "decisions", "why"]
    assert calls.index("exceptions") < calls.index("findings") < calls.index("what_if")
    assert set(dir(book.survivorship)) == {*calls, *CALLS, "calls", "paths"}
    internal = {"conclude", "figure", "finding", "text", "heads", "answer", "context", "model"}
    assert not internal & set(dir(book.survivorship))


def test_tab_offers_paths_of_decisions_and_of_items_of_lists(book: Workbook) -> None:
    shell = InteractiveShell.instance()
    try:
        again = Workbook.open(book.root)  # an open book registers itself with the shell
        shell.user_ns |= {"book": again, "step": again.identity, "other": object()}

        def offered(text: str) -> list[str]:
            with provisionalcompleter():
                found = list(shell.Completer.completions(text, len(text)))
            return [text[: each.start] + each.text for each in found]

        assert offered("book.survivorship.")[:2] == [
            "book.survivorship.headline",
            "book.survivorship.decisions",
        ]
        assert offered('book.survivorship.what_if("fields.person.city.') == [
            'book.survivorship.what_if("fields.person.city.order'
        ]
        assert "step.what_if('identity.person.rules[same_mail].match" in offered(
            "step.what_if('identity.person.ru"
        )
        assert not [each for each in offered('other.what_if("fie') if "fields" in each]
        again.close()
    finally:
        InteractiveShell.clear_instance()


def test_paths_leave_out_who_decided_and_why() -> None:
    values = {
        "a": {"order": ["x"], "because": "y", "owner": "z"},
        "owner": "z",
        "l": [["p"], {"q": 1}],
    }
    assert list(decision_paths(values)) == ["a", "a.order", "l", "l[0]", "l[1]", "l[1].q"]


def test_an_item_of_a_list_is_tried_by_place_and_by_name(book: Workbook) -> None:
    whole = book.identity.what_if("identity.person.rules", [])
    for path in ("identity.person.rules[0]", "identity.person.rules[same_mail]"):
        tried = book.identity.what_if(path, None)
        assert tried.customers == whole.customers == {"person": 1}  # c1 is Ann no longer
    other = book.identity.what_if("identity.person.rules[0].confidence", "high")
    assert other.customers == {}
    with pytest.raises(WorkbookError, match=r"\[3\].*1 item"):
        book.identity.what_if("identity.person.rules[3]", None)
    with pytest.raises(WorkbookError, match="Did you mean 'same_mail'"):
        book.identity.what_if("identity.person.rules[same_mial]", None)
    with pytest.raises(WorkbookError, match="is no list"):
        book.identity.what_if("identity.person[0]", None)


def test_an_item_of_a_list_is_adopted_as_the_list(book: Workbook) -> None:
    path = book.root / "model" / "04b_identity.yml"
    book.identity.what_if("identity.person.rules[0].confidence", "high").adopt(
        because="a mailbox may be shared", by="sales"
    )
    assert "confidence: high" in path.read_text("utf-8")
    assert book.identity.model.identity.identity["person"].rules[0].confidence == "high"


def test_a_fault_in_yaml_is_a_card() -> None:
    """Each place, what is wrong there, what to do; and no frame of our source."""
    lines = ModelError(
        [Problem("model/a.yml", 4, "source 'biling' is not known.", "Did you mean 'billing'?")]
    )._render_traceback_()
    bare = [line.replace("\x1b[1m", "").replace("\x1b[0m", "") for line in lines]
    assert bare == [
        "model/a.yml:4",
        "  source 'biling' is not known.",
        "  → Did you mean 'billing'?",
    ]
