"""The command line: what each command prints, what it leaves behind, and its exit code."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from workbook import Workbook
from workbook.cli import commands
from workbook.cli import main
from workbook.cli import new as making
from workbook.cli.progress_bar import Bar
from workbook.cli.summary import show_summary
from workbook.dossier import RunResult
from workbook.dossier.decision_snapshots import digest_of
from workbook.engine import Store
from workbook.errors import PageError, WorkbookError
from workbook.finding import Finding
from workbook.identity.match_ledger import COLUMNS as MATCH_COLUMNS
from workbook.review import COLUMNS as SIGNOFF_COLUMNS
from workbook.survivorship.exceptions import COLUMNS as EXCEPTION_COLUMNS
from workbook.words import words_of

Call = Callable[..., tuple[int, str, str]]
WORDS = words_of("cli")


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Call the command line; its exit code, what it printed, and what it complained about."""

    def calling(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["workbook", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        printed = capsys.readouterr()
        return int(left.value.code or 0), printed.out, printed.err

    return calling


@pytest.fixture
def acme(tmp_path: Path, call: Call) -> Path:
    """A new project of the blank shape."""
    assert 0 == call("new", tmp_path / "acme")[0]
    return tmp_path / "acme"


def a_result(folder: Path, **changes: object) -> RunResult:
    """A run that found one thing to look at."""
    look = Finding("checks.late", "look", "The feed is late.", "08", 3, "product")
    number = {
        "metric": "Customers",
        "value": "2,597",
        "control": "agrees with finance: 2,597",
        "letter": "a",
    }
    values = {
        "exit_code": 0,
        "sentence": "A customer is an account.",
        "numbers": (number,),
        "findings": (look,),
        "built": 2,
        "cached": 59,
        "executed": 3,
        "reused": 11,
        "seconds": 1.25,
    }
    return RunResult(folder / "runs" / "2025-05-06-abcdef12", **{**values, **changes})  # type: ignore[arg-type]


# ---- new


def test_new_makes_a_project_that_checks(acme: Path, call: Call) -> None:
    assert 14 == len(list((acme / "model").glob("*.yml")))
    assert list((acme / "notebooks").glob("*.ipynb"))
    assert 'name: "acme"' in (acme / "workbook.yml").read_text()
    assert (acme / "model" / ".schema" / "workbook.json").is_file()
    assert "merge=union" in (acme / ".gitattributes").read_text()
    code, out, _ = call("check", acme)
    assert (0, True) == (code, "0 tables are planned" in out)
    assert ["acme"] == [path.name for path in acme.parent.iterdir()]


def test_check_names_the_lines_of_the_review_that_decide_nothing(acme: Path, call: Call) -> None:
    assert "matches.csv" not in call("check", acme)[1]
    with (acme / "decisions" / "matches.csv").open("a", encoding="utf-8") as file:
        file.write("m1,2025-06-05,ann,person,a\n")
    code, out, _ = call("check", acme)
    line = WORDS.text(
        "check.no_effect",
        file="decisions/matches.csv",
        line="2",
        why="it has 5 fields instead of 12",
    )
    assert (code, line in out.splitlines()) == (0, True)


HEADS = {"exceptions": EXCEPTION_COLUMNS, "matches": MATCH_COLUMNS, "signoffs": SIGNOFF_COLUMNS}


@pytest.mark.parametrize("name", HEADS)
@pytest.mark.parametrize(
    ("written", "line", "code"),
    [
        (lambda head: f"{head}\ne1\n".encode() + b"M\xfcller\n", 3, 2),
        (lambda head: f"{head}\ne1\n".encode("utf-16"), 1, 2),
        (lambda head: f"{head}\ne1\n".replace(",", ";").encode(), 1, 2),
        (lambda head: f"{head}\n{'x' * 200_000}\n".encode(), 2, 0),
    ],
)
def test_check_names_what_it_cannot_read_of_any_file_of_decisions(
    acme: Path, call: Call, name: str, written: Callable[[str], bytes], line: int, code: int
) -> None:
    (acme / "decisions" / f"{name}.csv").write_bytes(written(",".join(HEADS[name])))
    found, out, complaint = call("check", acme)
    assert (found, f"decisions/{name}.csv:{line}: " in out + complaint) == (code, True)
    assert "Traceback" not in complaint


def test_check_names_tables_that_no_step_reads(acme: Path, call: Call) -> None:
    (acme / "decisions" / "exception.csv").write_bytes(b"\xff")
    (acme / "decisions" / "x.csv").mkdir()
    code, out, _ = call("check", acme)
    assert (code, "decisions/x.csv: no step reads it." in out) == (0, True)
    assert "decisions/exception.csv: no step reads it. Did you mean 'exceptions.csv'?" in out


def test_check_of_a_folder_where_a_file_of_decisions_should_be(acme: Path, call: Call) -> None:
    (acme / "decisions" / "signoffs.csv").unlink()
    (acme / "decisions" / "signoffs.csv").mkdir()
    code, _, complaint = call("check", acme)
    assert (code, "signoffs.csv cannot be read" in complaint) == (2, True)


@pytest.mark.parametrize("day", ["1899-12-31", "8999-12-31", "9999-12-31"])
def test_check_of_a_day_at_the_end_of_time_is_no_fault_of_the_workbook(
    acme: Path, call: Call, day: str
) -> None:
    path = acme / "workbook.yml"
    path.write_text(re.sub(r"as_of: \S+", f"as_of: {day}", path.read_text()))
    code, _, complaint = call("check", acme)
    refused = day != "8999-12-31"
    assert (code, "workbook.yml:" in complaint and day in complaint) == (2 * refused, refused)


def test_new_of_a_shape_with_a_sample_brings_its_data(tmp_path: Path, call: Call) -> None:
    code, out, _ = call("new", tmp_path / "beta", "--shape", "b2b_saas")
    assert 0 == code
    assert WORDS.text("new.sample") in out
    assert list((tmp_path / "beta" / "data").rglob("*.csv"))
    code, out, _ = call("check", tmp_path / "beta")
    assert 0 == code


def test_new_refuses_a_folder_that_holds_something(tmp_path: Path, call: Call) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    code, _, complaint = call("new", tmp_path / "mine")
    assert 2 == code
    assert "exists and is not empty" in complaint
    assert ["letter.txt"] == [path.name for path in (tmp_path / "mine").iterdir()]


def test_new_into_an_empty_folder_is_fine(tmp_path: Path, call: Call) -> None:
    (tmp_path / "empty").mkdir()
    assert 0 == call("new", tmp_path / "empty")[0]


def test_new_names_the_nearest_shape(tmp_path: Path, call: Call) -> None:
    code, _, complaint = call("new", tmp_path / "acme", "--shape", "b2b_sass")
    assert 2 == code
    assert "Did you mean 'b2b_saas'?" in complaint
    assert all(shape in complaint for shape in making.shapes())
    assert not (tmp_path / "acme").exists()


def test_new_that_breaks_midway_leaves_nothing(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(folder: Path) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(making, "write_schemas", full)
    assert 2 == call("new", tmp_path / "acme")[0]
    assert [] == list(tmp_path.iterdir())


def test_a_name_that_yaml_would_read_otherwise_is_quoted(tmp_path: Path, call: Call) -> None:
    assert 0 == call("new", tmp_path / "no: #1")[0]
    assert 0 == call("check", tmp_path / "no: #1")[0]


# ---- check


def test_check_prints_every_problem_with_its_place(acme: Path, call: Call) -> None:
    (acme / "model" / "02_grain.yml").write_text(
        "primary: acount\nsentence: One row is one account.\nsurprise: 1\n"
    )
    (acme / "model" / "05_survivorship.yml").write_text("fields:\n  acount.name: [crm]\n")
    code, out, complaint = call("check", acme)
    assert (2, "") == (code, out)
    assert "model/02_grain.yml:3:" in complaint
    assert "model/05_survivorship.yml:" in complaint
    assert "Traceback" not in complaint


def test_check_needs_neither_data_nor_its_variable(
    acme: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NOWHERE_SET", raising=False)
    text = (acme / "workbook.yml").read_text().replace("data: data ", "data: ${NOWHERE_SET}/data ")
    (acme / "workbook.yml").write_text(text)
    (acme / "model" / "03_sources.yml").write_text(
        "systems: {shop: {label: the shop}}\nsources:\n  shop.orders:\n    row_is: one order\n   "
        " primary_key: id\n    fields: {id: id, total: money}\n"
    )
    code, out, complaint = call("check", acme)
    assert (0, "") == (code, complaint)
    assert " 0 tables" not in out


def test_a_project_is_found_upward_and_its_absence_said(
    acme: Path, call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(acme / "model")
    assert 0 == call("check")[0]
    monkeypatch.chdir(tmp_path)
    code, _, complaint = call("check")
    assert 2 == code
    assert "workbook new NAME" in complaint


def test_check_reads_all_that_is_stored_where_it_is_asked_to(call: Call, tmp_path: Path) -> None:
    tiny = Path(shutil.copytree(Path(__file__).parent / "notebooks" / "tiny", tmp_path / "tiny"))
    book = Workbook.open(tiny)
    path = book.engine.artifact(book.plan, "person").path
    stored = len(book.engine.store.stored())
    book.close()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert "stored table" not in call("check", tiny)[1]
    numbers = [
        int(word)
        for word in call("check", tiny, "--verify")[1].splitlines()[-1].split()
        if word.isdigit()
    ]
    assert [3, stored, 1] == numbers
    assert not path.exists()
    assert stored - 1 == int(call("check", tiny, "--verify")[1].splitlines()[-1].split()[4])


# ---- run


def test_run_hands_its_options_on_and_ends_with_the_summary(
    acme: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, object] = {}

    def runs(root: Path, **options: object) -> RunResult:
        given.update(options, root=root)
        return a_result(root, exit_code=1)

    monkeypatch.setattr(commands, "run_project", runs)
    code, out, _ = call(
        "run", acme, "--as-of", "2025-01-31", "--data", "there", "--against", "earlier", "--verify"
    )
    assert 1 == code
    assert (acme, "2025-01-31", "there", "earlier") == (
        given["root"],
        given["as_of"],
        given["data"],
        given["against"],
    )
    assert {"fetch": "all", "verify": True} == given["open_book"].keywords
    assert "A customer is an account." in out
    assert "2,597" in out
    assert out.rstrip().endswith("runs/latest/dossier.html")


@pytest.mark.parametrize(
    ("error", "expected"),
    [(PageError("05 crashed."), 3), (WorkbookError("wrong."), 2), (ValueError("ours"), 3)],
)
def test_an_error_is_its_message_and_its_exit_code(
    acme: Path, call: Call, monkeypatch: pytest.MonkeyPatch, error: Exception, expected: int
) -> None:
    def runs(root: Path, **options: object) -> RunResult:
        raise error

    monkeypatch.setattr(commands, "run_project", runs)
    code, out, complaint = call("run", acme)
    assert (expected, "") == (code, out)
    assert str(error) in complaint
    assert ("Traceback" in complaint) is isinstance(error, ValueError)


@pytest.mark.parametrize("command", ["new", "check", "add-source", "run", "forget", "lab"])
def test_a_command_explains_itself_in_the_words_of_the_catalogue(call: Call, command: str) -> None:
    name = command.replace("-", "_")
    told = " ".join(re.sub("[│╭╮╰╯─]", " ", call(command, "--help")[1]).split())
    assert WORDS.text(f"help.command.{name}") in told
    more = f"help.more.{name}"
    assert not WORDS.has(more) or WORDS.text(more) in told


def test_wrong_arguments_exit_2(call: Call) -> None:
    assert 2 == call("run", "--nonsense")[0]
    assert 2 == call("rum")[0]


def test_the_summary_counts_findings_and_names_the_first(tmp_path: Path) -> None:
    screen = Console(file=StringIO(), width=120)
    findings = tuple(Finding(f"c.{n}", "look", f"Finding {n} [bold]", "08") for n in range(14)) + (
        Finding("c.n", "note", "Quiet.", "09"),
    )
    show_summary(a_result(tmp_path, findings=findings), screen)
    text = screen.file.getvalue()  # type: ignore[attr-defined]
    assert "Findings: 0 failures, 14 warnings and 1 note." in text
    assert "Finding 3 [bold]" in text
    assert "and 2 more findings in the dossier" in text
    assert "2 tables built, 59 unchanged. 3 pages executed, 11 unchanged. 1.3 seconds." in text


def test_the_bar_names_pages_where_nobody_looks() -> None:
    screen = Console(file=StringIO(), force_terminal=False, width=40)
    with Bar(screen) as bar:
        bar.step("table a", 0, 2)
        bar.step("5 · Survivorship: which source wins, field by field?", 4, 14)
    assert (
        "page 5 of 14: 5 · Survivorship: which source wins, field by field?\n"
        == screen.file.getvalue()
    )  # type: ignore[attr-defined]


# ---- lab, clean


def test_lab_signs_the_executed_pages_and_opens_the_project(
    acme: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    became: list[list[str]] = []
    signed: list[Path] = []
    monkeypatch.setattr(commands, "_become", became.append)
    monkeypatch.setattr(commands, "sign_notebooks", lambda folder: signed.append(folder) or 3)
    code, out, _ = call("lab", acme, "--", "--no-browser")
    assert 0 == code
    assert WORDS.text("lab.signed", pages=3, folder=str(acme)) in out
    assert [acme / "runs" / "latest" / "notebooks"] == signed
    assert [
        [sys.executable, "-m", "jupyterlab", "--ServerApp.root_dir", str(acme), "--no-browser"]
    ] == became


def test_lab_says_when_it_sets_the_filter_of_git(
    acme: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "_become", lambda _: None)
    line = WORDS.text("git.filter")
    monkeypatch.setattr(commands, "set_filter", lambda _: False)
    assert line not in call("lab", acme)[1]
    monkeypatch.setattr(commands, "set_filter", lambda folder: folder == acme)
    assert line in call("lab", acme)[1].splitlines()


@pytest.mark.parametrize(
    "given", [["--", "--no-browser"], ["--no-browser"], ["--", "--no-browser", "--port", "8889"]]
)
def test_lab_in_the_project_hands_on_what_follows(
    acme: Path, call: Call, monkeypatch: pytest.MonkeyPatch, given: list[str]
) -> None:
    became: list[list[str]] = []
    monkeypatch.setattr(commands, "_become", became.append)
    monkeypatch.chdir(acme)
    assert call("lab", *given)[0] == 0
    rest = [word for word in given if word != "--"]
    assert became == [
        [sys.executable, "-m", "jupyterlab", "--ServerApp.root_dir", str(acme), *rest]
    ]


def test_clean_keeps_the_tables_of_the_last_three_runs(acme: Path, call: Call) -> None:
    store = Store(acme / ".workbook" / "store")
    for name in ("old", "kept"):
        (store.artifacts / f"{name}.parquet").write_bytes(b"x")
    store.close()
    for number in range(4):
        folder = acme / "runs" / f"r{number}"
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text(
            json.dumps({"tables": {"t": {"content": "old" if number == 0 else "kept"}}})
        )
        os.utime(folder / "manifest.json", (number, number))
    code, out, _ = call("clean", acme)
    assert (0, ["kept"]) == (code, [path.stem for path in store.artifacts.iterdir()])
    assert WORDS.text("clean.tables", tables=1, kept=1, runs=3) in out


def test_clean_keeps_the_decisions_of_the_last_three_runs(acme: Path, call: Call) -> None:
    """The copies by which a later run splits its movements; what people wrote in older ones is
    not kept for ever.
    """
    copies = acme / ".workbook" / "decisions"
    for turn in range(5):
        # the first two runs were made by the same
        decided = {"decisions/exceptions.csv": str(max(turn, 1))}
        folder = acme / "runs" / f"r{turn}"
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text("{}")
        (folder / "results.json").write_text(json.dumps({"decisions": decided}))
        os.utime(folder / "manifest.json", (turn, turn))
        (copies / digest_of(decided)).mkdir(parents=True, exist_ok=True)
        (copies / digest_of(decided) / "workbook.yml").write_text("name: x\n")
    code, out, _ = call("clean", acme)
    assert code == 0
    assert WORDS.text("clean.copies", copies=1) in out
    assert {path.name for path in copies.iterdir()} == {
        digest_of({"decisions/exceptions.csv": str(turn)}) for turn in (2, 3, 4)
    }
    assert "decisions" not in call("clean", acme)[1]


# ---- the real thing


HERE = (
    "import pages_in_process, workbook.dossier.run as run; run.execute = pages_in_process.execute"
)


@pytest.mark.long
def test_a_blank_project_runs_alike_in_two_folders(acme: Path, tmp_path: Path) -> None:
    """With kernels and with pages in the process of the run, sets and dictionaries in another
    order.
    """
    twin = tmp_path / "elsewhere" / "acme"
    twin.parent.mkdir()
    subprocess.run(["cp", "-r", str(acme), str(twin)], check=True)
    command = f"{HERE}; from workbook.cli import main; main()"
    for folder, seed, program in (
        (acme, "1", ["-m", "workbook.cli"]),
        (twin, "2", ["-c", command]),
    ):
        done = subprocess.run(
            [sys.executable, *program, "run", str(folder)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert 0 == done.returncode, done.stderr
    first, second = ((folder / "runs" / "latest").resolve() for folder in (acme, twin))
    assert first.name == second.name
    for path in sorted(path for path in first.rglob("*") if path.is_file()):
        pair = path.read_bytes(), (second / path.relative_to(first)).read_bytes()
        if path.name in ("results.json", "manifest.json"):
            assert json.loads(pair[0]) | {"run": 0} == json.loads(pair[1]) | {"run": 0}
        else:
            assert pair[0] == pair[1], path.name
        assert str(tmp_path) not in pair[0].decode()


# ---- what the terminal is shown

ESCAPES = "a\x1b[31mb\x1b]0;PWNED\x07c\x9b2Jd\u202ee"


def commands_in(text: str) -> list[str]:
    """The characters that would command a terminal, or reorder what it shows."""
    return re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)


def test_no_escape_reaches_the_terminal(acme: Path, call: Call) -> None:
    yml = (acme / "workbook.yml").read_text()
    (acme / "workbook.yml").write_text(
        re.sub(r"(?m)^name:.*$", lambda _: f"name: {json.dumps(ESCAPES)}", yml)
    )
    code, out, _ = call("check", acme)
    assert (code, commands_in(out), "PWNED" in out) == (0, [], True)
    (acme / "model" / "02_grain.yml").write_text(f"{json.dumps(ESCAPES)}: 1\n")
    code, _, complaint = call("check", acme)
    assert (code, commands_in(complaint), "PWNED" in complaint) == (2, [], True)


@pytest.mark.parametrize("terminal", [True, False])
def test_no_escape_is_in_the_progress_or_the_summary(tmp_path: Path, terminal: bool) -> None:
    shown = StringIO()
    console = Console(
        file=shown, force_terminal=terminal, color_system=None, width=200, highlight=False
    )
    bar = Bar(console)
    bar.step(ESCAPES, 0, 2)
    assert "PWNED" in (bar._bar.tasks[0].description if terminal else shown.getvalue())
    assert commands_in(bar._bar.tasks[0].description) == []
    look = Finding("checks.late", "look", ESCAPES, "08", 3, "product")
    number = {"metric": ESCAPES, "value": ESCAPES, "control": ESCAPES, "letter": "a"}
    show_summary(a_result(tmp_path, sentence=ESCAPES, findings=(look,), numbers=(number,)), console)
    assert (commands_in(shown.getvalue()), shown.getvalue().count("PWNED") >= 5) == ([], True)


def test_a_crash_repeats_no_escape(acme: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise ValueError(ESCAPES)

    monkeypatch.setattr(commands, "find_project", crash)
    code, _, complaint = call("check", acme)
    assert (code, commands_in(complaint), "PWNED" in complaint) == (3, [], True)


def test_what_the_machine_refuses_is_no_fault_of_the_workbook(
    acme: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "here")

    monkeypatch.setattr(commands, "find_project", full)
    code, _, complaint = call("check", acme)
    assert (code, complaint.strip()) == (
        2,
        "The disk is full: here could not be written. Free some space, then run again.",
    )


def test_the_package_is_a_command(acme: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "workbook", "check", str(acme)],
        capture_output=True,
        text=True,
        check=False,
    )
    said = WORDS.text("check.passed", project="acme", tables=0)
    assert (done.returncode, said in done.stdout) == (0, True)


def test_every_line_of_the_commands_is_cleaned() -> None:
    folder = Path(commands.__file__).parent
    assert [
        path.name
        for path in sorted(folder.glob("*.py"))
        if re.search(
            r"\b(typer\.echo|print)\(",
            re.sub(r"screen\.print|_console\.print", "", path.read_text()),
        )
    ] == ["console.py"]
