"""Personal values and secrets that are planted in a project, and everywhere that a person or
another program could read them.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from company import HEADS, write
from leaks import Drawn, leaks
from project import ROOT, said

SECRETS = 20
WHOLE = 200  # fewer values are a sample: three commands and one address
ADDRESSES = (
    "postgresql://reader:{}@127.0.0.1:1/crm",
    "postgres//reader:{}@127.0.0.1:1/crm",
    "mysql://reader:{}@127.0.0.1/crm",
    "sqlite:///nowhere/{}.db",
    "{}",
    "postgresql://reader@127.0.0.1:1/crm?password={}&sslmode=disable",
    "postgresql://reader:{}@[::1/crm",
)
COMMANDS = (
    ("check",),
    ("match", "train", "person"),
    ("run",),
    ("match", "list", "person"),
    ("explain", "person/crm.people:p1"),
    ("explain", "person/desk.callers:c1"),
    ("run", "--as-of", "2025-06-15"),
    ("run", "--verify"),
)
RUDE = """
from workbook import Workbook
book = Workbook.open(PROJECT, as_of=AS_OF, data=DATA)
print(book.context.frame("person").rows())
display(book.context.frame("crm__people"), book.context.frame("person").to_dicts())
display({"text/plain": str(book.context.frame("person").rows()),
    "text/csv": str(book.context.frame("person").rows())}, raw=True)
book.match("person", by="sales")
"""
BROKEN = """
rows = book.context.frame("person").rows()
raise ValueError(f"{rows[0]} is no {rows}")
"""


def values_are_kept_in(folder: Path, tries: int, seed: int) -> tuple[int, list[str]]:
    """As many personal values as tries, and 20 secrets; every place that shows one."""
    drawn = Drawn(seed)
    secrets = {f"SOAK_{number}": f"{drawn.word()}{drawn.word()}" for number in range(SECRETS)}
    project = _project(folder / "shop", drawn, max(tries - SECRETS * 2, 60))
    _rude(project, RUDE)
    missed, few = [], tries < WHOLE
    for command in COMMANDS[:3] if few else COMMANDS:
        arguments = [
            command[0],
            *([str(project)] if command[0] in ("check", "run") else []),
            *command[1:],
        ]
        missed += _seen_in_terminal(arguments, project, secrets)
    missed += (
        []
        if (project / "runs" / "latest").exists()
        else ["no run was published, so that nothing is proven"]
    )
    missed += [*_seen_in_runs(project), *_seen_in_names(project)]
    _rude(project, BROKEN)
    missed += [*_seen_in_terminal(["run", str(project)], project, secrets), *_seen_in_runs(project)]
    missed += _seen_where_it_fails(folder, drawn, secrets, ADDRESSES[:1] if few else ADDRESSES)
    return drawn.count, missed


def _project(root: Path, drawn: Drawn, values: int) -> Path:
    """About as many values as asked, in every place where a person's data may lie."""
    people, tables = _people(drawn, max(8, values // 9)), {}
    rows = list(people)
    tables["crm_people"] = (
        rows + [[*row, drawn.mail()] for row in rows[::9]] + [row[:4] for row in rows[::11]]
    )
    tables["shop_orders"] = [
        [f"o{n}", row[0], "5.00", "paid", "tea", "2025-05-05"] for n, row in enumerate(rows)
    ]
    tables["shop_orders"] += [
        [f"x{n}", row[1], drawn.name(), "paid", "tea", "05.05.2025"]
        for n, row in enumerate(rows[::12])
    ]
    tables["desk_callers"] = [
        [
            f"c{n}",
            row[1].lower() if n % 3 else drawn.mail(),
            row[2] if n % 2 else drawn.name(),
            row[3],
            "Bonn",
            "2025-06-10T10:00:00",
        ]
        for n, row in enumerate(rows[::3])
    ]
    tables["desk_letters"] = [
        [
            row[1] if n % 3 else drawn.mail(),
            f"Dear {row[2]}, {drawn.word()}",
            "x",
            "2025-06-10T10:00:00",
        ]
        for n, row in enumerate([*rows[::4], *rows[:9]])
    ]
    tables["crm_changes"] = [
        [f"h{n}", row[0], "Ulm", "2025-01-01T10:00:00"] for n, row in enumerate(rows[::5])
    ]
    tables["desk_forget"] = [
        [f"f{n}", row[1] if n % 2 else drawn.mail(), "2025-06-20T10:00:00"]
        for n, row in enumerate(rows[::20])
    ]
    project = write(
        root,
        lambda sink: f"The {sink.replace('.', ' ')}.",
        tables,
        _decisions(drawn, rows),
        token_key="SOAK_0",
        connections={f"db{n}": f"SOAK_{n}" for n in range(1, 5)},
    )
    _personal_headers(project / "data" / "desk_callers.csv", drawn)
    return project


def _people(drawn: Drawn, many: int) -> Iterator[list[str]]:
    for n in range(many):
        birth = drawn.word() if n % 10 == 0 else "1990-01-02"
        note = f"{drawn.name()} called from {drawn.phone()}, writes as {drawn.mail()}"
        yield [
            f"p{n}",
            drawn.mail(),
            drawn.name(),
            drawn.phone(),
            drawn.street(),
            birth,
            note,
            "Ulm",
            f"2025-06-{n % 28 + 1:02d}T10:00:00",
        ]


def _decisions(drawn: Drawn, rows: list[list[str]]) -> dict[str, list[list[str]]]:
    """Exceptions, matches and sign-offs whose values and reasons are about people."""
    first, second, third = rows[:3]
    exceptions = [
        [
            "e1",
            "2025-06-03T10:00:00Z",
            "sales",
            "person.name",
            "crm.people:p1",
            "",
            drawn.name(),
            "2025-12-31",
            f"{second[2]} asked for it by {second[1]}",
        ]
    ]
    exceptions += [
        [
            "e2",
            "2025-06-03T10:00:00Z",
            "sales",
            "person.phone",
            "crm.people:p2",
            "",
            drawn.phone(),
            "2025-06-04",
            f"call {third[2]} on {third[3]}",
        ]
    ]
    exceptions += [
        [
            "e3",
            "2025-06-03T10:00:00Z",
            "sales",
            "person.city",
            "crm.people:p9999",
            "",
            "Kiel",
            "2025-12-31",
            f"as {first[1]} says",
        ]
    ]
    matches = [
        [
            "m1",
            "2025-06-03T10:00:00Z",
            "sales",
            "person",
            "crm.people:p1",
            "crm.people:p2",
            "same",
            "",
            "",
            "",
            "",
            f"{first[2]} is {second[2]}",
        ]
    ]
    signoffs = [
        [
            "s1",
            "2025-06-20T10:00:00Z",
            "finance",
            "finance",
            "sales",
            "disagree",
            "",
            "47.50",
            "",
            f"{third[2]} ({third[1]}) paid twice",
            "2025-06-20",
            "Sold",
        ]
    ]
    return {"exceptions": exceptions, "matches": matches, "signoffs": signoffs}


def _personal_headers(path: Path, drawn: Drawn) -> None:
    """Columns that nobody declared, whose headers are a person's."""
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [
                [*head, drawn.mail(), drawn.phone()],
                *([*row, drawn.word(), drawn.name()] for row in rows),
            ]
        )


def _rude(project: Path, code: str) -> None:
    """A cell more on a page: one of the project's own that shows whatever it can, or breaks on
    it.
    """
    page = project / "notebooks" / "02_grain.ipynb"
    written = json.loads(page.read_text("utf-8"))
    cell = {"cell_type": "code", "id": f"rude{len(code)}", "metadata": {}, "source": code}
    written["cells"].append(cell | {"outputs": [], "execution_count": None})
    page.write_text(json.dumps(written), "utf-8")


def _called(arguments: list[str], project: Path, secrets: dict[str, str]) -> str:
    """What a command says on both channels."""
    return said(["-m", "workbook", *arguments], project, COLUMNS="500", **secrets)[1]


def _seen_in_terminal(arguments: list[str], project: Path, secrets: dict[str, str]) -> list[str]:
    told = _called(arguments, project, secrets)
    torn = ["a traceback"] if "Traceback" in told else []
    return [f"workbook {' '.join(arguments)}: {each}" for each in [*torn, *leaks(told)]]


def _seen_in_runs(project: Path) -> list[str]:
    """Every file of every run, whole, whatever a saved notebook holds beside its cells, and
    weights.
    """
    places = (project / "runs", project / "decisions" / "weights")
    found = [file for place in places for file in sorted(place.rglob("*"))]
    files = [file for file in found if file.is_file() and not file.is_symlink()]
    return [
        f"{file.relative_to(project)}: {each}"
        for file in files
        for each in leaks(file.read_bytes().decode("utf-8", "replace"))[:3]
    ]


def _seen_in_names(project: Path) -> list[str]:
    names = [
        str(path.relative_to(project))
        for folder in (".workbook", "runs")
        for path in (project / folder).rglob("*")
    ]
    return [f"the name of {name}" for name in names if leaks(name)]


def _seen_where_it_fails(
    folder: Path, drawn: Drawn, secrets: dict[str, str], addresses: Sequence[str]
) -> list[str]:
    """Addresses of databases that cannot be read, and files whose headers are wrong: what is
    said of them names neither.
    """
    missed = []
    for number, address in enumerate(addresses):
        project = write(
            folder / f"db{number}", lambda sink: sink, {}, {}, connections={"crm": "SOAK_1"}
        )
        sources = json.loads((project / "model" / "03_sources.yml").read_text("utf-8"))
        sources["sources"]["crm.people"]["connection"] = "crm"
        (project / "model" / "03_sources.yml").write_text(json.dumps(sources), "utf-8")
        for command in ("check", "run"):
            missed += _seen_in_terminal(
                [command, str(project)],
                project,
                secrets | {"SOAK_1": address.format(secrets["SOAK_1"])},
            )
        missed += _seen_in_terminal(
            ["add-source", "crm:public.people"],
            project,
            secrets | {"SOAK_1": address.format(secrets["SOAK_1"])},
        )
        shutil.rmtree(project)
    project = write(folder / "heads", lambda sink: sink, {}, {})
    for name in ("crm_people", "desk_callers"):
        row = [drawn.mail() if "mail" in word else drawn.name() for word in HEADS[name].split(",")]
        (project / "data" / f"{name}.csv").write_text(
            "\n".join([",".join(row)] * 3) + "\n", "utf-8"
        )
    missed += _seen_in_terminal(["run", str(project)], project, secrets)
    missed += _seen_in_terminal(
        ["add-source", "data/crm_people.csv", "data/desk_callers.csv"], project, secrets
    )
    return missed
