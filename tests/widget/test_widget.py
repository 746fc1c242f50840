"""The review widget without a browser: each message and what the kernel answers, and that
nothing of it is ever kept.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from small_desk import PLANTED, SmallDesk, refused

from workbook import Workbook, book
from workbook.errors import WorkbookError
from workbook.identity.match_ledger import read_ledger
from workbook.widget import review_widget

TINY = Path(__file__).parents[1] / "notebooks" / "tiny"


class Driven:
    """A widget whose messages a test sends and hears."""

    def __init__(self, desk: SmallDesk, by: str = "Ann") -> None:
        self.widget = review_widget(desk, by=by)
        self.heard: list[dict] = []
        self.widget.send = lambda content, buffers=None: self.heard.append(content)

    def say(self, do: str, *, turn: int | None = None, **words: object) -> dict:
        turn = self.heard[-1]["turn"] if turn is None and self.heard else turn
        self.widget._handle_custom_msg({"do": do, "turn": turn, **words}, [])
        return self.heard[-1]


@pytest.fixture
def desk(tmp_path: Path) -> SmallDesk:
    return SmallDesk(tmp_path / "matches.csv")


def written(desk: SmallDesk) -> list[tuple[str, str]]:
    return [
        (each.left[-3:], each.verdict) if each.left else (each.undoes, "undo")
        for each in read_ledger(desk.path).decisions
    ]


def ids(desk: SmallDesk) -> list[str]:
    return [each.id for each in read_ledger(desk.path).decisions]


def values(text: str) -> list[str]:
    return [value for value in PLANTED if value in text]


def test_a_pair_is_told_side_by_side_with_the_weights_that_add_up(desk: SmallDesk) -> None:
    state = Driven(desk).say("open")
    assert (state["done"], state["waiting"], state["at"], state["of"]) == (0, 6, 1, 6)
    pair = state["pair"]
    assert pair["rows"][0] == {
        "attribute": "name",
        "left": "Zephyrine Quillfeather 000",
        "right": "Zephyrin Quillfeather 000",
        "same": False,
        "says": "close",
    }
    assert [row["same"] for row in pair["rows"]] == [False, True, False, True]
    assert pair["rows"][2]["right"] == ""
    assert [
        (step["label"], step["weight"], step["from"], step["to"]) for step in pair["steps"]
    ] == [
        ("Before looking", "−12.00", 0.0, -12.0),
        ("name", "+6.00", -12.0, -6.0),
        ("email", "+15.00", -6.0, 9.0),
        ("Together", "+9.00", 0.0, 9.0),
    ]
    assert pair["steps"][1]["words"] == "close: 64 times likelier"
    assert pair["score"] == "0.9980"
    assert state["bands"] == [["likely", 4], ["possible", 2]]


def test_each_word_is_in_the_file_before_the_next_pair_comes(desk: SmallDesk) -> None:
    driven = Driven(desk)
    driven.say("open")
    for verdict, next_pair in (("same", "001"), ("different", "002"), ("unsure", "003")):
        state = driven.say("decide", verdict=verdict, because="=looks it")
        assert state["pair"]["left"].endswith(next_pair)
        assert (
            state["notice"] == f"Written as {read_ledger(desk.path).decisions[-1].id}: {verdict}."
        )
    assert written(desk) == [("000", "same"), ("001", "different"), ("002", "unsure")]
    assert (state["done"], state["waiting"]) == (3, 4)  # who is unsure lets it wait


def test_a_message_that_comes_twice_or_late_writes_nothing(desk: SmallDesk) -> None:
    driven = Driven(desk)
    first = driven.say("open")
    driven.say("decide", verdict="same")
    again = driven.say("decide", verdict="same", turn=first["turn"])
    assert again["pair"]["left"].endswith("001")
    driven.say("undo", turn=first["turn"])
    driven.say("decide", verdict="same", turn=-1)
    assert written(desk) == [("000", "same")]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (refused(), "decisions/matches.csv: the last line is torn. Mend it first."),
        (
            OSError(28, "No space left on device"),
            (
                "The decision file could not be written: No space left on device. What you said"
                " last is not confirmed."
            ),
        ),
        (
            ValueError("Zephyrine Quillfeather 000"),
            "The kernel failed (ValueError). What you said last is not confirmed.",
        ),
    ],
)
def test_an_error_is_told_and_nothing_advances(
    desk: SmallDesk, wrong: Exception, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    driven = Driven(desk)
    before = driven.say("open")
    desk.broken = wrong
    state = driven.say("decide", verdict="same")
    assert state["error"] == told
    assert (state["turn"], state["pair"], state["notice"]) == (before["turn"], before["pair"], "")
    assert written(desk) == []
    assert capsys.readouterr() == ("", "")
    assert driven.say("decide", verdict="same")["error"] == ""
    assert written(desk) == [("000", "same")]


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"do": "drop"},
        {"do": "decide", "verdict": "merge"},
        {"do": "move", "by": "x"},
        {"do": "sign", "verdict": "same"},
        {"do": "undo"},
        {"do": "sample"},
    ],
)
def test_a_message_that_makes_no_sense_is_an_error_and_never_a_crash(
    desk: SmallDesk, message: dict
) -> None:
    driven = Driven(desk)
    turn = driven.say("open")["turn"]
    driven.widget._handle_custom_msg({**message, "turn": turn}, [])
    assert driven.heard[-1]["error"]
    assert driven.heard[-1]["turn"] == turn
    assert written(desk) == []


def test_undo_takes_back_the_last_own_word_that_stands_and_lays_its_pair_on_the_table(
    desk: SmallDesk,
) -> None:
    ann = Driven(desk)
    ann.say("open")
    ann.say("decide", verdict="same")
    bob = Driven(desk, by="Bob")
    bob.say("open")
    bob.say("decide", verdict="different")  # pair 001
    state = ann.say("undo")
    assert state["pair"]["left"].endswith("000")
    assert (state["pair"]["verdict"], state["done"], state["waiting"]) == ("", 0, 6)
    assert written(desk)[-1] == (ids(desk)[0], "undo")
    assert "Nothing is left to undo that was decided in this sitting" in ann.say("undo")["error"]


def test_undo_of_a_second_thought_leaves_the_first(desk: SmallDesk) -> None:
    driven = Driven(desk)
    driven.say("open")
    driven.say("decide", verdict="same")
    assert driven.say("move", by=-1)["pair"]["verdict"] == "same"
    driven.say("decide", verdict="different")
    state = driven.say("undo")
    assert (state["pair"]["left"][-3:], state["pair"]["verdict"]) == ("000", "same")
    assert written(desk) == [("000", "same"), ("000", "different"), (ids(desk)[1], "undo")]


def test_a_new_sitting_goes_on_where_the_file_ends_and_takes_back_its_own_lines_alone(
    desk: SmallDesk,
) -> None:
    driven = Driven(desk)
    driven.say("open")
    driven.say("decide", verdict="same")
    driven.say("decide", verdict="same")
    again = Driven(desk)
    state = again.say("open")
    assert (state["pair"]["left"][-3:], state["done"], state["waiting"]) == ("002", 2, 4)
    before = written(desk)
    assert (
        state["own"],
        "Nothing is left to undo that was decided in this sitting" in again.say("undo")["error"],
    ) == (
        False,
        True,
    )
    assert written(desk) == before
    assert again.say("decide", verdict="different")["own"]
    state = again.say("undo")
    assert (state["pair"]["left"][-3:], state["done"], state["own"]) == ("002", 2, False)


def test_the_next_pair_is_one_that_nothing_was_said_of_and_at_the_end_nothing_waits(
    desk: SmallDesk,
) -> None:
    driven = Driven(desk)
    driven.say("open")
    driven.say("move", by=4)
    assert driven.say("decide", verdict="same")["pair"]["left"].endswith("005")
    assert driven.say("decide", verdict="same")["pair"]["left"].endswith("000")
    for _ in range(4):
        state = driven.say("decide", verdict="same")
    assert (state["pair"], state["waiting"], state["done"]) == (None, 0, 6)
    assert driven.say("decide", verdict="same")["error"]
    assert driven.say("move", by=-1)["pair"]["verdict"] == "same"


def test_what_was_left_unsure_comes_back_when_nothing_else_waits(desk: SmallDesk) -> None:
    driven = Driven(desk)
    driven.say("open")
    for verdict in ("same", "unsure", "same", "same", "unsure", "same"):
        state = driven.say("decide", verdict=verdict)
    assert (state["pair"], state["waiting"]) == (None, 2)
    state = driven.say("filter")
    assert (state["pair"]["left"][-3:], state["pair"]["verdict"], state["of"]) == (
        "001",
        "unsure",
        2,
    )
    assert driven.say("decide", verdict="different")["waiting"] == 1


def test_a_filter_shows_one_band_or_pattern(desk: SmallDesk) -> None:
    driven = Driven(desk)
    driven.say("open")
    state = driven.say("filter", band="possible")
    assert (state["of"], state["pair"]["left"][-3:], state["waiting"]) == (2, "004", 6)
    assert driven.say("filter", pattern="name: close · email: same")["of"] == 4
    assert driven.say("filter")["of"] == 6


def test_a_sample_is_judged_whole_and_its_bound_stated_before_it_is_signed(tmp_path: Path) -> None:
    desk = SmallDesk(tmp_path / "matches.csv", 120)  # 80 of them in the band `likely`
    driven = Driven(desk)
    driven.say("open")
    driven.say("filter", band="likely")
    state = driven.say("sample")
    assert (state["sample"]["judged"], state["sample"]["size"], state["sample"]["ready"]) == (
        0,
        60,
        False,
    )
    assert [sign["bound"] for sign in state["sample"]["signs"]] == ["", ""]
    for n in range(59):
        state = driven.say("decide", verdict="different" if n == 7 else "same")
    assert (
        "1 pair of the sample is not judged yet"
        in driven.say("sign", verdict="same", because="all alike")["error"]
    )
    assert len(ids(desk)) == 59
    state = driven.say("decide", verdict="same")
    assert (state["sample"]["ready"], state["pair"]) == (True, None)
    assert state["sample"]["signs"][0]["words"] == "Accept all 80"
    assert (
        state["sample"]["signs"][0]["bound"]
        == "1 of 60 says otherwise: at most 7.7\u202f% of the whole would be wrong (95\u202f% sure)"
    )
    state = driven.say("sign", verdict="same", because="all alike")
    signed = read_ledger(desk.path).decisions[-1]
    assert (signed.kind, signed.band, signed.verdict, signed.by, signed.evidence) == (
        "band",
        "likely",
        "same",
        "Ann",
        "sample=60 errors=1 bound=0.077 of=80 weights=abc123",
    )
    assert (state["sample"], state["waiting"]) == (None, 40)
    assert state["notice"].startswith(f"Signed as {signed.id}")
    state = driven.say("undo")  # the sign-off is a word like any other
    assert (state["waiting"], written(desk)[-1]) == (60, (signed.id, "undo"))


def test_a_later_sitting_goes_on_with_the_sample_where_it_stood(tmp_path: Path) -> None:
    desk = SmallDesk(tmp_path / "matches.csv", 120)
    before = Driven(desk)
    before.say("open")
    before.say("filter", band="likely")
    first = before.say("sample")
    for _ in range(3):
        state = before.say("decide", verdict="same")
    later = Driven(SmallDesk(tmp_path / "matches.csv", 120))
    later.say("open")
    later.say("filter", band="likely")
    assert later.say("sample")["pair"] == state["pair"]
    assert later.say("move", by=-3)["pair"] == {**first["pair"], "verdict": "same"}
    assert later.heard[-1]["sample"]["judged"] == 3


def test_undo_outside_a_sample_leaves_the_sample_as_it_was_drawn(desk: SmallDesk) -> None:
    driven = Driven(desk)
    driven.say("open")
    driven.say("decide", verdict="same")
    driven.say("filter", band="possible")
    driven.say("sample")
    state = driven.say("undo")
    assert (state["of"], state["sample"]["size"], state["waiting"]) == (2, 2, 6)


def test_no_value_is_in_its_state_its_text_or_its_output(desk: SmallDesk) -> None:
    driven = Driven(desk)
    assert values(json.dumps(driven.say("open"))) == list(PLANTED)  # the reviewer does see them
    driven.say("decide", verdict="same", because="Quillfeather")
    data, metadata = driven.widget._repr_mimebundle_()
    for kept in (
        json.dumps(driven.widget.get_state()),
        json.dumps(data),
        json.dumps(metadata),
        repr(driven.widget),
        str(driven.widget),
    ):
        assert values(kept) == []
        assert "people:" not in kept
    assert "likely" in data["text/html"]
    assert data["text/plain"] == "Review of account: 5 pairs to decide"
    assert "application/vnd.jupyter.widget-view+json" in data


def test_characters_that_hide_or_turn_text_are_shown_as_such(desk: SmallDesk) -> None:
    desk._records = desk._records.with_columns(name=pl.lit("An\u202ena\nVisser"))
    assert Driven(desk).say("open")["pair"]["rows"][0]["left"] == "An�na Visser"


def test_the_front_end_sets_text_and_reaches_for_nothing_outside() -> None:
    from importlib.resources import files

    code = (files("workbook.widget") / "review.js").read_text("utf-8")
    look = (files("workbook.widget") / "review.css").read_text("utf-8")
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "http",
        "import ",
        "import(",
        "fetch(",
        "localStorage",
        "save_changes",
        "model.set",
        "console.",
    ):
        assert word not in code
    for word in ("http", "@import", "url("):
        assert word not in look


def test_nobody_reviews_without_a_name(desk: SmallDesk) -> None:
    with pytest.raises(WorkbookError, check=lambda error: error.code == "widget.nobody"):
        review_widget(desk, by=" ")


def test_the_open_project_gives_the_review_of_an_entity(
    desk: SmallDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(TINY, tmp_path / "tiny", ignore=shutil.ignore_patterns("runs", ".workbook"))
    project = Workbook.open(tmp_path / "tiny")
    try:
        with pytest.raises(
            WorkbookError, check=lambda error: error.code == "scenarios.unknown_suggesting"
        ):
            project.match("nobody", by="Ann")
        monkeypatch.setattr(book, "desk_of", lambda context, entity: desk)
        monkeypatch.setattr(book, "reviewer", lambda model, by: f"{by} Visser")
        review = project.match("account", by="Ann")
    finally:
        project.close()
    assert repr(review) == "Review of account: 6 pairs to decide"
    assert review._session.by == "Ann Visser"


def test_opening_a_project_does_not_load_the_widgets_library() -> None:
    code = (
        "import sys, workbook.book; print(sorted({'anywidget', 'ipywidgets', 'scipy'} &"
        " set(sys.modules)))"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout
        == "[]\n"
    )


def test_headless_it_shows_a_table_by_band_and_pattern_and_no_value(tmp_path: Path) -> None:
    import nbformat
    import papermill

    book = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(
                f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\nfrom pathlib"
                " import Path\nfrom small_desk import SmallDesk\nfrom workbook.widget import"
                f" review_widget\nreview_widget(SmallDesk(Path({str(tmp_path / 'matches.csv')!r})),"
                " by='Ann')"
            )
        ]
    )
    book.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    nbformat.write(book, tmp_path / "in.ipynb")
    papermill.execute_notebook(
        str(tmp_path / "in.ipynb"),
        str(tmp_path / "out.ipynb"),
        progress_bar=False,
        log_output=False,
    )
    text = (tmp_path / "out.ipynb").read_text("utf-8")
    assert values(text) == []
    outputs = nbformat.read(tmp_path / "out.ipynb", 4).cells[-1].outputs
    assert [output["output_type"] for output in outputs] == ["execute_result"]
    assert "name: close · email: differs" in outputs[0]["data"]["text/html"]
    assert not (tmp_path / "matches.csv").exists()
