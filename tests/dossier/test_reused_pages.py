"""A page whose inputs are the same is not executed again, and a run with such pages is the run
that one from scratch would be.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from pages_in_process import execute
from small_book import a_notebook, write

from workbook import Workbook
from workbook.dossier import RunResult, contents_used, pages_used, run_project
from workbook.dossier.execute import Executed
from workbook.dossier.thin_page import is_thin
from workbook.engine import Store

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "notebooks" / "tiny"
PAGES = ("02_grain", "03_sources", "05_survivorship")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny"
    for name in ("data", "model"):
        shutil.copytree(TINY / name, folder / name)
    shutil.copy(TINY / "workbook.yml", folder)
    (folder / "notebooks").mkdir()
    for name in PAGES:
        shutil.copy(ROOT / "notebooks" / f"{name}.ipynb", folder / "notebooks")
    return folder


class Runner:
    """Runs a project with its pages in this process, and counts them; nothing else starts a
    kernel.
    """

    def __init__(self) -> None:
        self.executed: list[str] = []
        self.after: list[Any] = []

    def execute(self, notebooks: Sequence[Path], **more: Any) -> list[Executed]:
        self.executed += [path.stem for path in notebooks]
        done = execute(notebooks, **more)
        for each in self.after:
            each()
        return done

    def run(self, folder: Path, **arguments: Any) -> tuple[RunResult, list[str]]:
        self.executed = []
        return run_project(folder, open_book=Workbook.open, **arguments), self.executed


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> Runner:
    made = Runner()
    monkeypatch.setattr("workbook.dossier.run.execute", made.execute)
    return made


def files(run: Path) -> dict[str, Any]:
    """Every file of a run; of two of them all but what belongs to the run itself."""
    kept: dict[str, Any] = {}
    for path in sorted(path for path in run.rglob("*") if path.is_file()):
        data = path.read_bytes()
        own = path.name in ("results.json", "manifest.json")
        kept[str(path.relative_to(run))] = list(_without_run(data)) if own else data
    return kept


def _without_run(data: bytes) -> Any:
    """In the order in which it is written."""
    return (
        f"{key}: {json.dumps(value)}" for key, value in json.loads(data).items() if key != "run"
    )


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


def test_an_unchanged_project_executes_no_page(project: Path, runner: Runner) -> None:
    first, executed = runner.run(project)
    assert executed == list(PAGES)
    assert (first.executed, first.reused) == (3, 0)
    kept = files(first.path)
    again, executed = runner.run(project)
    assert executed == []
    assert (again.executed, again.reused) == (0, 3)
    assert (again.path, again.findings, again.exit_code) == (
        first.path,
        first.findings,
        first.exit_code,
    )
    assert files(again.path) == kept
    results, manifest = (
        json.loads((again.path / name).read_text("utf-8"))["run"]
        for name in ("results.json", "manifest.json")
    )
    assert (results["executed"], results["reused"]) == (0, 3)
    assert {name: page["reused"] for name, page in manifest["pages"].items()} == dict.fromkeys(
        PAGES, True
    )


def test_a_run_with_kept_pages_is_the_run_from_scratch(project: Path, runner: Runner) -> None:
    """There and back: a decision changed, and taken back; beside it the same over an empty
    store.
    """
    runner.run(project)
    order = project / "model" / "05_survivorship.yml"
    before = order.read_text("utf-8")
    order.write_text(before.replace("[desk, shop]", "[shop, desk]") + "# a word\n", "utf-8")
    _, executed = runner.run(project)
    assert executed == list(PAGES)
    order.write_text(before, "utf-8")
    write(project, "13_own", a_notebook("1 + 1"))
    twin = project.with_name("twin")
    shutil.copytree(project, twin, symlinks=True)
    shutil.rmtree(twin / ".workbook" / "store")
    here, executed = runner.run(project)
    assert executed == ["13_own"]
    there, executed = runner.run(twin)
    assert executed == [*PAGES, "13_own"]
    assert here.path.name == there.path.name
    assert files(here.path) == files(there.path)


def test_an_edited_notebook_is_the_only_one_that_is_executed(project: Path, runner: Runner) -> None:
    runner.run(project)
    page = project / "notebooks" / "03_sources.ipynb"
    node = nbformat.read(page, as_version=4)
    node.cells.append(new_code_cell("book.sources.headline()", id="added"))
    nbformat.write(node, page)
    done, executed = runner.run(project)
    assert executed == ["03_sources"]
    assert (done.executed, done.reused) == (1, 2)
    assert "added" in (done.path / "notebooks" / "03_sources.ipynb").read_text("utf-8")


@pytest.mark.parametrize(
    "change", ["decision", "ledger", "data", "labels", "waiting", "as_of", "key"]
)
def test_whatever_pages_follow_from_makes_them_run_again(
    change: str, project: Path, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(project / "workbook.yml", "as_of:", "token_key: TINY_KEY\nas_of:")
    monkeypatch.setenv("TINY_KEY", "one")
    if change == "labels":
        (project / "labels.csv").write_text("record,label\nshop.people:p1,a\n", "utf-8")
        edit(
            project / "model" / "04b_identity.yml",
            "    rules:",
            "    labels: labels.csv\n    rules:",
        )
    runner.run(project)
    assert runner.run(project)[1] == []
    arguments: dict[str, str] = {}
    if change == "decision":
        path = project / "model" / "02_grain.yml"
        path.write_text(path.read_text("utf-8") + "# a word\n", "utf-8")
    elif change == "ledger":
        (project / "decisions").mkdir(exist_ok=True)
        (project / "decisions" / "exceptions.csv").write_text("id,entity\n")
    elif change == "data":
        path = project / "data" / "shop_people.csv"
        lines = path.read_text("utf-8").splitlines()
        cells = ["p99", *lines[1].split(",")[1:]]
        path.write_text("\n".join([*lines, ",".join(cells), ""]), "utf-8")
    elif change == "labels":  # of 04b, which no table is made from
        (project / "labels.csv").write_text("record,label\n", "utf-8")
    elif change == "waiting":  # page 03 names the files that no source reads yet
        (project / "data" / "new.csv").write_text("id\n1\n", "utf-8")
    elif change == "as_of":
        arguments = {"as_of": "2025-05-31"}
    else:
        monkeypatch.setenv("TINY_KEY", "two")
    assert runner.run(project, **arguments)[1] == list(PAGES)


def test_a_page_with_code_of_its_own_is_never_reused(project: Path, runner: Runner) -> None:
    """It may read what no run knows of, such as a file beside the project."""
    beside = project / "beside.txt"
    beside.write_text("one")
    source = f"from pathlib import Path\nprint(Path({str(beside)!r}).read_text())"
    write(project, "13_own", a_notebook(source))
    runner.run(project)
    assert runner.run(project)[1] == ["13_own"]


def test_a_damaged_kept_page_is_executed_again(project: Path, runner: Runner) -> None:
    first, _ = runner.run(project)
    kept = files(first.path)
    recipe = json.loads((first.path / "manifest.json").read_text("utf-8"))["run"]["pages"]
    for name, harm in (
        ("02_grain", lambda text: text.replace("customer", "customes")),
        ("05_survivorship", lambda text: text[: len(text) // 2]),
    ):
        page = project / ".workbook" / "store" / "pages" / f"{recipe[name]['recipe']}.json"
        edit(page, page.read_text("utf-8"), harm(page.read_text("utf-8")))
    again, executed = runner.run(project)
    assert executed == ["02_grain", "05_survivorship"]
    assert files(again.path) == kept
    assert runner.run(project)[1] == []


def test_a_notebook_that_is_saved_while_it_runs_is_not_kept(project: Path, runner: Runner) -> None:
    """What ran may be either of the two."""
    page = project / "notebooks" / "02_grain.ipynb"
    before = page.read_text("utf-8")
    runner.after = [lambda: page.write_text(before + "\n", "utf-8")]
    runner.run(project)
    runner.after = []
    assert runner.run(project)[1] == ["02_grain"]
    page.write_text(before, "utf-8")
    assert runner.run(project)[1] == ["02_grain"]
    assert runner.run(project)[1] == []


def test_clean_keeps_the_pages_of_recent_runs_and_forget_keeps_none(
    project: Path, runner: Runner
) -> None:
    done, _ = runner.run(project)
    runner.run(project, as_of="2025-05-31")
    shutil.rmtree(done.path)  # the first run is no longer there
    twin = project.with_name("twin")  # a store that the pages of this process do not use
    shutil.copytree(project / ".workbook" / "store", twin)
    store = Store(twin)
    used = pages_used(project / "runs", 3)
    assert (len(list(store.pages.iterdir())), len(used)) == (6, 3)
    contents = contents_used(project / "runs", 3)
    store.clean(contents, used)
    assert {page.stem for page in store.pages.iterdir()} == used
    store.forget(frozenset(contents))
    assert list(store.pages.iterdir()) == []
    store.close()


def text(*sources: str) -> bytes:
    return nbformat.writes(a_notebook(*sources)).encode()


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")), ids=str)
def test_every_page_that_is_delivered_may_be_kept(path: Path) -> None:
    assert is_thin(path.read_bytes())


@pytest.mark.parametrize(
    "source",
    [
        "import random",
        "open('beside.txt').read()",
        "%time book.grain.headline()",
        "book = Workbook.open('../other')",
        "PROJECT = '../other'",
        "book.grain.headline(open('x').read())",
        "book.grain.__class__()",
        "book.grain.context.query('select 1')",
        "book.sql('select random()')",
        "book.context.query('select 1')",
        "print(1)",
    ],
)
def test_code_that_may_read_anything_else_is_not_thin(source: str) -> None:
    opened = "from workbook import Workbook\nbook = Workbook.open(PROJECT, as_of=AS_OF, data=DATA)"
    assert is_thin(text(opened, "book.grain.headline()", "book.survivorship.why('x', n=1)"))
    assert not is_thin(text(opened, source))


def test_a_parameter_with_a_value_of_its_own_is_not_thin() -> None:
    """It stands where the run gives none: `DATA` of a run without `--data`."""
    assert not is_thin(text().replace(b"DATA = None", b"DATA = '/elsewhere'"))
