"""The house: rooms import only downward, in the order of the pipeline, without circles; the
doors to libraries; no name of a sample's model.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest
from pydantic import create_model

from workbook.model import load_model, schema
from workbook.steps import STEPS

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "workbook"
PIPELINE = (  # each reads those before it
    "sources",
    "entities",
    "identity",
    "survivorship",
    "history",
    "metrics",
    "checks",
    "governance",
    "catalog",
    "review",
    "diagnose",
)
FLOORS = (
    ("dialect", "errors", "nearest_name"),
    ("finding", "privacy", "resources"),
    ("words",),
    ("show", "model", "strip_notebook"),
    ("engine",),
    *((room,) for room in PIPELINE),
    ("scenarios",),
    ("steps", "widget"),
    ("dossier", "export", "notebook"),
    ("walk",),
    ("book",),
    ("cli",),
    ("__main__",),
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
DOORS = {
    "duckdb": "engine",
    "pyspark": "engine",
    "great_tables": "show",
    "vl_convert": "show",
    "papermill": "dossier",
    "nbformat": "dossier",
    "nbclient": "dossier",
    "jinja2": "dossier words",
    "ruamel": "model",
    "splink": "identity",
    "anywidget": "widget",
    "traitlets": "widget",
    "ipywidgets": "widget",
    "itables": "widget",
}
UNREAD_BY = ("json_schema", "reference", "mistakes")  # they tell of the words and heed none
FILES = sorted(path for path in SRC.rglob("*.py") if "_bundled" not in path.parts)


def room_of(path: Path) -> str:
    return path.relative_to(SRC).parts[0].removesuffix(".py")


def module_of(path: Path) -> str:
    return ".".join(("workbook", *path.relative_to(SRC).with_suffix("").parts)).removesuffix(
        ".__init__"
    )


MODULES = {module_of(path) for path in FILES}


def imports(path: Path) -> Iterator[tuple[str, ast.stmt]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from ((name, node) for name in names)
            if any(name not in MODULES for name in names):  # something that the package itself says
                yield node.module, node


def test_rooms_import_only_what_stands_before_them() -> None:
    wrong = []
    for path in FILES:
        here = room_of(path)
        if here == "__init__":
            continue
        for name, _ in imports(path):
            words = name.split(".")
            if (
                words[0] != "workbook"
                or len(words) < 2
                or words[1] not in FLOOR
                or words[1] == here
            ):
                continue
            if FLOOR[words[1]] >= FLOOR[here]:
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert wrong == []


def test_every_room_has_a_floor() -> None:
    assert {room_of(path) for path in FILES} - {"__init__"} <= set(FLOOR)


def test_no_module_stands_in_a_circle() -> None:
    known = {module_of(path) for path in FILES} - {"workbook"}
    graph = {
        module_of(path): {name for name, _ in imports(path) if name in known} - {module_of(path)}
        for path in FILES
    }
    TopologicalSorter(graph).prepare()  # raises CycleError, naming the circle


def called_modules(path: Path) -> Iterator[tuple[str, int]]:
    """Every call of a name that is imported from a room and is one of its modules, unless the room
    hands out something of that name.
    """
    tree = ast.parse(path.read_text("utf-8"))
    modules = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("workbook"):
            room = SRC.parent.joinpath(*node.module.split("."))
            handed = room / "__init__.py"
            given = (
                {
                    name.asname or name.name
                    for each in ast.walk(ast.parse(handed.read_text("utf-8")))
                    if isinstance(each, ast.ImportFrom)
                    for name in each.names
                }
                if handed.exists()
                else set()
            )
            modules |= {
                name.asname or name.name
                for name in node.names
                if (room / f"{name.name}.py").exists() and name.name not in given
            }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in modules:
                yield node.func.id, node.lineno


def test_no_module_is_called_like_a_function(tmp_path: Path) -> None:
    """A new name for a module that was also the name of what it holds leaves such a call."""
    assert [(str(path), *each) for path in FILES for each in called_modules(path)] == []
    planted = tmp_path / "planted.py"
    planted.write_text("from workbook.widget import sortable_rows\nsortable_rows(1)\n")
    assert list(called_modules(planted)) == [("sortable_rows", 2)]


def test_libraries_are_reached_through_their_door() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in FILES
        for name, _ in imports(path)
        if name.split(".")[0] in DOORS and room_of(path) not in DOORS[name.split(".")[0]].split()
    ]
    assert wrong == []


def test_the_dialect_of_sql_is_named_in_the_engine_and_in_one_module() -> None:
    named = [
        str(path.relative_to(SRC))
        for path in FILES
        if re.search(r"""["']duckdb["']""", path.read_text("utf-8"))
    ]
    assert [path for path in named if not path.startswith("engine/")] == ["dialect.py"]


def test_our_modules_are_imported_at_the_top() -> None:
    wrong = []
    for path in FILES:
        wrong += [
            f"{path.relative_to(ROOT)}:{node.lineno} {name}"
            for name, node in imports(path)
            if name.split(".")[0] == "workbook" and node.col_offset > 0
        ]
    assert wrong == []


def test_a_module_says_what_it_is_for() -> None:
    assert [
        str(path.relative_to(SRC))
        for path in FILES
        if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ] == []


def test_a_module_stays_small() -> None:
    """More than 400 lines hold a second noun."""
    assert [
        str(path.relative_to(SRC)) for path in FILES if path.read_text("utf-8").count("\n") > 400
    ] == []


EMPTY_NAMES = {"words", "tables", "measure", "evidence", "utils", "helpers", "common", "misc"}
SAME_BY_DESIGN = {  # names that stand in several rooms, and why they are one thing there
    **dict.fromkeys((step.word for step in STEPS), "a step: its page, its walk, schema, validity"),
    "project": "workbook.yml: its schema and its validity",
    "metric_rules": "the rules of 07_metrics.yml: their schema and their validity",
    "plan": "the tables of a room, as it contributes them to the plan of the engine",
    "explain": "the command, and why a value survives, which it prints",
    "upgrade": "the command, and the rewriting of a project, which it calls",
    "reference": "the pages of docs/ that a room's own definitions are written into",
    "__main__": "how Python runs a package",
}
ROOMS_OF_A_STEP = {"steps", "walk", "model/schema", "model/validate"}


def test_a_name_of_a_module_means_one_thing() -> None:
    """No name that any room could have, and none in two rooms, unless it is one thing there."""
    found: dict[str, list[str]] = {}
    for path in FILES:
        if path.stem != "__init__":
            found.setdefault(path.stem, []).append(path.parent.relative_to(SRC).as_posix())
    assert sorted(EMPTY_NAMES & set(found)) == []
    twice = {stem: rooms for stem, rooms in found.items() if len(rooms) > 1}
    assert {stem: rooms for stem, rooms in twice.items() if stem not in SAME_BY_DESIGN} == {}
    assert sorted(set(SAME_BY_DESIGN) - set(twice)) == []  # no exception that nothing needs
    words = {step.word for step in STEPS}
    assert {
        stem: rooms
        for stem, rooms in twice.items()
        if stem in words and not set(rooms) <= ROOMS_OF_A_STEP
    } == {}


def test_a_name_of_a_class_means_one_thing() -> None:
    """Two classes share a name where one is a part of the YAML and the other the page, or the
    check, that is made from it.
    """
    found: dict[str, list[str]] = {}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, []).append(path.relative_to(SRC).as_posix())
    twice = {name: sorted(files) for name, files in found.items() if len(files) > 1}
    assert twice.pop("Check") == ["checks/check.py", "model/schema/checks.py"]
    assert len(twice) > 10
    assert {
        name: files
        for name, files in twice.items()
        if [file.split("/")[-2] for file in files] != ["schema", "steps"]
    } == {}


def test_no_import_is_for_types_alone() -> None:
    assert [
        str(path.relative_to(SRC)) for path in FILES if "TYPE_CHECKING" in path.read_text("utf-8")
    ] == []


def names_of_samples() -> set[str]:
    """Sources, fields and entities of every model in the repository that are not plain English
    words of the field.
    """
    names: set[str] = set()
    for folder in (
        ROOT / "templates" / "b2b_saas",
        ROOT / "tests" / "projects" / "kanoniv",
        ROOT / "tests" / "projects" / "ravenstack",
    ):
        model = load_model(folder, env={"WORKBOOK_EXTERNAL_DATA": "/nowhere"})
        for source in model.source_names:
            names |= {source, source.replace(".", "__"), *model.fields(source)}
        names |= set(model.identifier_places)
        names |= set(model.metrics.metrics) if model.metrics else set()
        names |= set(model.metrics.rules) if model.metrics else set()
    return {name for name in names if "_" in name or "." in name} - ALLOWED


# Two-word names that the samples share with the workbook's own vocabulary or with built-in types.
ALLOWED = {
    "first_name",
    "last_name",
    "company_name",
    "display_name",
    "full_name",
    "device_id",
    "vat_id",
    "active_customers",
    "created_at",
}


# What every decision may carry: it is read from the files as they were written, at whatever place
# it stands.
OF_EVERY_DECISION = frozenset(
    ("owner", "decided", "because", "decided_by", "considered", "decisions")
)


class Reads(NamedTuple):
    """What one module reads of its objects, and what it calls by name."""

    attributes: frozenset[str]
    names: frozenset[str]


def reads_of(text: str) -> Reads:
    attributes, names = set(), set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            attributes.add(node.attr)
        elif (
            isinstance(node, ast.Call)
            and getattr(node.func, "id", "") == "getattr"
            and isinstance(node.args[1], ast.Constant)
        ):
            attributes.add(node.args[1].value)
        elif isinstance(node, ast.Name):
            names.add(node.id)
    return Reads(frozenset(attributes), frozenset(names))


def ways_to(parts: dict[str, type], texts: list[str]) -> dict[str, set[str]]:
    """By what code can hold a part: its name, the words that hold one, functions and variables
    that are said to be one.
    """

    def named_in(annotation: object) -> list[str]:
        return [name for name in parts if re.search(rf"\b{name}\b", str(annotation))]

    ways = {name: {name} for name in parts}
    for part in parts.values():
        for word, info in part.model_fields.items():
            for name in named_in(info.annotation):
                ways[name].add(word)
    for node in (node for text in texts for node in ast.walk(ast.parse(text))):
        if isinstance(node, ast.FunctionDef) and node.returns is not None:
            for name in named_in(ast.unparse(node.returns)):
                ways[name].add(node.name)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            for name in named_in(ast.unparse(node.annotation)):
                ways[name].add(node.target.id)
    return {
        name: set().union(*(ways[other] for other, each in parts.items() if issubclass(each, part)))
        for name, part in parts.items()
    }


def unread_words(parts: dict[str, type], readers: list[str], every: list[str]) -> set[str]:
    """Words that no module reads that can hold their part; `readers` and `every` are texts of
    modules.
    """
    ways, read = ways_to(parts, every), [reads_of(text) for text in readers]
    return {
        f"{name}.{word}"
        for name, part in parts.items()
        for word in part.model_fields
        if not any(
            word in each.attributes
            and (word in OF_EVERY_DECISION or ways[name] & (each.attributes | each.names))
            for each in read
        )
    }


def parts_and_texts() -> tuple[dict[str, type], list[str], list[str]]:
    parts = {
        name: each
        for name, each in vars(schema).items()
        if isinstance(each, type) and issubclass(each, schema.Part)
    }
    texts = {path: path.read_text("utf-8") for path in FILES}
    schemas = (("model", "schema"), ("model", "validate"))
    readers = [
        text
        for path, text in texts.items()
        if path.relative_to(SRC).parts[:2] not in schemas and path.stem not in UNREAD_BY
    ]
    return parts, readers, list(texts.values())


def test_every_word_of_the_model_is_read() -> None:
    """A word that is accepted and read by nothing is a decision that does nothing; another
    thing's word of that name is no reader.
    """
    parts, readers, every = parts_and_texts()
    assert len(parts) > 50
    # the version of the format: the schema accepts one
    assert unread_words(parts, readers, every) == {"Project.workbook"}


def test_a_planted_word_that_nothing_reads_is_found() -> None:
    """Words of a name that code reads of other things (`rows`, `name`) as well as one that
    nothing has.
    """
    planted = create_model(
        "Planted", __base__=schema.Part, rows=(str, ""), name=(str, ""), nowhere_read=(str, "")
    )
    holder = create_model("Holder", __base__=schema.Part, plantings=(dict[str, planted], {}))
    parts, readers, every = parts_and_texts()
    found = unread_words({**parts, "Planted": planted, "Holder": holder}, readers, every)
    assert found == {
        "Project.workbook",
        "Planted.rows",
        "Planted.name",
        "Planted.nowhere_read",
        "Holder.plantings",
    }
    held = "def told(model):\n    return [each.rows for each in model.plantings]\n"
    assert "Planted.rows" not in unread_words(
        {**parts, "Planted": planted, "Holder": holder}, [*readers, held], every
    )


def test_no_name_of_a_samples_model_stands_in_code_or_pages() -> None:
    code = {path: path.read_text("utf-8") for path in FILES}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        code[path] = "\n".join(
            "".join(cell["source"]) for cell in json.loads(path.read_text("utf-8"))["cells"]
        )
    found, names = [], names_of_samples()
    for path, text in code.items():
        words = set(re.findall(r"[\w.]+", text))
        found += [f"{path.relative_to(ROOT)}: {name}" for name in sorted(names & words)]
    assert found == []


def test_every_step_has_its_page_and_its_file() -> None:
    pages = {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert pages == {"start_here", *(f"{step.page}_{step.word}" for step in STEPS)}
    for step in STEPS:
        assert hasattr(load_model(ROOT), step.word)


def test_the_linter_has_nothing_to_say() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--quiet", "src", "bench"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_no_two_test_modules_share_a_name() -> None:
    """Else pytest collects one of them only."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))


def test_no_line_is_wider_than_a_hundred_columns() -> None:
    wide = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in (
            *FILES,
            *sorted(SRC.glob("*/sql/*.sql")),
            *sorted((ROOT / "tests").rglob("*.py")),
            *sorted((ROOT / "bench").rglob("*.py")),
        )
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > 100
    ]
    assert wide == []
