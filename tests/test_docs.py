"""What the documents say is so: rooms, commands, findings, decision records, files named."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import typer.main
from ruamel.yaml import YAML

from workbook.cli.commands import app
from workbook.model import reference
from workbook.model.example_mistakes import mistakes, problems_of, sound_model, told
from workbook.steps import STEPS
from workbook.words import reference as findings_reference

ROOT = Path(__file__).parents[1]
SRC = ROOT / "src" / "workbook"
TEXTS = {
    path: path.read_text("utf-8")
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "data" / "README.md")
}


def test_the_map_names_every_room_and_no_other() -> None:
    listed = re.findall(r"(?m)^\| \d \| `(\w+)` \| .+ \|$", TEXTS[ROOT / "ARCHITECTURE.md"])
    rooms = {
        path.name.removesuffix(".py")
        for path in SRC.iterdir()
        if not path.name.startswith("_")
        and (path.suffix == ".py" or (path / "__init__.py").exists() or any(path.glob("*.py")))
    }
    assert set(listed) == rooms
    assert len(listed) == len(set(listed))


def test_every_command_is_in_the_readme_and_nothing_else() -> None:
    listed = re.findall(r"(?m)^\| `workbook ([a-z-]+)[^`]*` \|", TEXTS[ROOT / "README.md"])
    assert set(listed) == set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def test_every_page_is_in_the_readme() -> None:
    listed = re.findall(r"(?m)^\| (\d\db?) \| .+ \| `(\w+)\.yml` \|$", TEXTS[ROOT / "README.md"])
    assert [f"{page}_{stem.partition('_')[2]}" for page, stem in listed] == [
        f"{step.page}_{step.word}" for step in STEPS
    ]


def test_the_findings_are_those_of_the_catalogue() -> None:
    """`python -m workbook.words.reference` writes the page; nothing makes a finding by hand."""
    assert findings_reference.PAGE.read_text("utf-8") == findings_reference.page()
    made_by_hand = [
        str(path.relative_to(SRC))
        for path in SRC.rglob("*.py")
        if re.search(r"(?<!class )\bFinding\(", path.read_text("utf-8"))
    ]
    assert sorted(made_by_hand) == ["dossier/pages.py", "words/findings.py"]


def test_every_promise_names_a_test_and_a_row_that_exist() -> None:
    text = TEXTS[ROOT / "README.md"].partition("## What it promises")[2].partition("\n## ")[0]
    promises = re.findall(r"(?m)^\| [A-Z][^|]+\. \| `(tests/[\w/]+\.py)` \|(?: `(\w+)`)? \|$", text)
    assert len(promises) == len(re.findall(r"(?m)^\| [A-Z]", text)) > 10
    assert [file for file, _ in promises if not (ROOT / file).is_file()] == []
    rows = re.findall(
        r'(?m)^    "(\w+)": _row\(', (ROOT / "tests" / "soak" / "rows.py").read_text("utf-8")
    )
    assert sorted(row for _, row in promises if row) == sorted(rows)


def test_links_lead_somewhere() -> None:
    for path, text in TEXTS.items():
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", text):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_the_reference_is_that_of_the_schema() -> None:
    """`python -m workbook.model.reference` writes it."""
    assert reference.PAGE.read_text("utf-8") == reference.page()


def test_every_mistake_of_the_reference_is_told_at_its_own_place() -> None:
    path = ROOT / "docs" / "mistakes.yml"
    assert problems_of(sound_model(path)) == []
    silent = [
        each.written for each in mistakes(path) if not told(each)[0].startswith(f"{each.file}:")
    ]
    assert silent == []


def test_every_path_of_the_map_of_lines_exists() -> None:
    text = TEXTS[ROOT / "ARCHITECTURE.md"]
    paths = set(re.findall(r"`((?:[\w.]+/)+[\w.]*)`", text))
    assert len(paths) > 40
    assert [
        path
        for path in sorted(paths)
        if not (SRC / path).exists()
        and not (ROOT / path).exists()
        and not path.startswith(("runs/", "model/0"))
    ] == []


def test_every_path_of_contributing_exists() -> None:
    """A path is that of the checkout, or of the package; `<step>` stands for each step."""
    text = TEXTS[ROOT / "CONTRIBUTING.md"]
    paths = set(re.findall(r"`([\w.<>/-]+/[\w.<>-]*)`", text)) | set(
        re.findall(r"`([\w/-]+\.(?:md|py|yml))`", text)
    )
    assert len(paths) > 10
    for path in paths:
        for step in STEPS if "<step>" in path else STEPS[:1]:
            each = path.replace("<step>", step.word)
            assert (ROOT / each).exists() or (SRC / each).exists(), each


def test_the_pythons_and_systems_that_are_promised_are_tested() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    told = [
        each.rpartition(":: ")[2]
        for each in project["classifiers"]
        if re.fullmatch(r"Programming Language :: Python :: 3\.\d+", each)
    ]
    matrix = YAML(typ="safe").load(ROOT / ".github" / "workflows" / "test.yml")["jobs"]["test"][
        "strategy"
    ]["matrix"]
    assert matrix["python"] == told
    assert f"with Python {told[0]} to {told[-1]}" in TEXTS[ROOT / "README.md"]
    assert matrix["os"] == ["ubuntu-latest", "macos-latest"]


def test_what_the_workflows_make_is_in_the_makefile() -> None:
    known = set(re.findall(r"(?m)^([a-z-]+):.*##", (ROOT / "Makefile").read_text("utf-8")))
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        for command in re.findall(r"run: make ([a-z-]+)", path.read_text("utf-8")):
            assert command in known
