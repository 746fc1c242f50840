"""Attacks by SQL and by path, in every place of the model that takes an expression, a query, a
path, a pattern, a name or a value.
"""

from __future__ import annotations

import http.server
import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from attack_texts import DATA, EXPRESSIONS, NAMED, NAMES, PATHS, QUERIES, READS, WRITES
from company import write
from project import ROOT, said

# stands in every file outside, in their names, in the environment, and in what the server sends
TOKEN = "zxqcanary"
SECONDS = 120
AT_ONCE = 2
# What a user could do with a project: check it, then read every table of it.
CHILD = """
import os, sys
from workbook.cli import main
sys.argv = ["workbook", "check", sys.argv[1]]
try:
    main()
except SystemExit as left:
    print("check", left.code)
from workbook import Workbook
from workbook.errors import WorkbookError
try:
    book = Workbook.open(sys.argv[2])
    for name, table in book.build().items():
        print(name, book.context.frame(name).rows())
    print(book.metric_values())
except WorkbookError as error:
    print("refused:", error)
"""


@dataclass(frozen=True)
class Attack:
    """One attack: which place of which file (or of the data) it is written to."""

    kind: str
    file: str
    place: str
    text: str


def every_attack() -> dict[str, list[Attack]]:
    """All attacks, by kind."""
    return {
        "expression": [
            Attack("expression", *place, text)
            for place, text in itertools.product(EXPRESSIONS, (*READS, *WRITES))
        ],
        "query": [
            Attack("query", *place, text)
            for place, text in itertools.product(
                [
                    ("07_metrics", "dashboards.board.sql"),
                    ("03_sources", "sources.crm.people.query"),
                ],
                QUERIES,
            )
        ],
        "path": [
            Attack("path", "03_sources", f"sources.{source}.file", text)
            for source, text in itertools.product(("crm.people", "shop.orders"), PATHS)
        ],
        "name": [Attack("name", *place, text) for place, text in itertools.product(NAMED, NAMES)],
        "data": [
            Attack("data", "", place, text)
            for place, text in itertools.product(DATA, (*NAMES, *READS[:4]))
        ],
    }


def escape(folder: Path, tries: int, seed: int) -> tuple[int, list[str]]:
    """As many attacks as tries, of each kind in turn; what one of them read or wrote outside,
    or how it crashed.
    """
    rng, kinds = random.Random(seed), every_attack()
    for attacks in kinds.values():
        rng.shuffle(attacks)
    turns = itertools.chain.from_iterable(itertools.zip_longest(*kinds.values()))
    chosen = list(itertools.islice((each for each in turns if each), tries))
    with _server() as server, ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(
            pool.map(
                lambda pair: _tried(folder / str(pair[0]), pair[1], server.port), enumerate(chosen)
            )
        )
        asked = [f"the server was asked for {each}" for each in server.asked]
    return len(chosen), [*asked, *itertools.chain.from_iterable(found)]


class _server:  # noqa: N801 used like a function
    """A server of this machine that notes whoever asks."""

    def __enter__(self) -> _server:
        self.asked: list[str] = []
        noted = self.asked

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # noqa: N802 the library's name
                noted.append(self.path)
                self.send_response(200)
                self.end_headers()
                self.wfile.write(f"person_no,words\np1,{TOKEN}\n".encode())

            do_HEAD = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.served = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.served.server_port
        threading.Thread(target=self.served.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.served.shutdown()
        self.served.server_close()


def _tried(place: Path, attack: Attack, port: int) -> list[str]:
    outside = _outside(place / "outside")
    words = {
        "folder": outside,
        "csv": outside / "secret.csv",
        "text": outside / "secret.txt",
        "relative": "../../outside",
        "url": f"http://127.0.0.1:{port}/secret.csv",
    }
    project = _planted(place / "shop", attack, attack.text.format(**words))
    before = _seen(place)
    told = f"{attack.kind} at {attack.file}:{attack.place}: {attack.text!r}"
    try:
        _, heard = said(["-c", CHILD, project, project], project, SECONDS, SOAK_CANARY=f"{TOKEN}3")
    except subprocess.TimeoutExpired:
        return [f"{told}: no end"]
    said_else = heard.replace(str(outside), "").replace("SOAK_CANARY", "")
    wrong = (
        [f"{told}: read {said_else[max(0, said_else.find(TOKEN) - 90) :][:160]!r}"]
        if TOKEN in said_else
        else []
    )
    wrong += [f"{told}: wrote outside"] if _seen(place) != before else []
    wrong += [f"{told}: {heard[-400:]}"] if "Traceback" in heard else []
    shutil.rmtree(place)
    return wrong


def _outside(folder: Path) -> Path:
    """A folder beside the project, with files that somebody would like to read."""
    folder.mkdir(parents=True)
    (folder / "secret.csv").write_text(
        (
            f"person_no,words,mail,name,city,seen_at\n"
            f"p1,{TOKEN}1,a@x.example,{TOKEN}1,{TOKEN}1,2025-06-01\n"
        )
    )
    (folder / "secret.txt").write_text(f"{TOKEN}2")
    (folder / "secret.json").write_text(json.dumps([{"words": f"{TOKEN}4"}]))
    (folder / f"{TOKEN}5.csv").write_text("words\nx\n")
    return folder


def _seen(place: Path) -> dict[str, bytes]:
    """Every file outside of the project."""
    return {
        str(file): file.read_bytes() if file.is_file() else b""
        for file in sorted(place.rglob("*"))
        if "shop" not in file.relative_to(place).parts[:1]
    }


def _planted(root: Path, attack: Attack, text: str) -> Path:
    value = {attack.place: text} if attack.kind == "data" else {}
    people = [
        [
            "p1",
            "a@x.example",
            "Ann Lee",
            "+49 1512 3456789",
            "Road 1",
            "1990-01-02",
            "x",
            value.get("city", "Ulm"),
            "2025-06-01T10:00:00",
        ]
    ]
    orders = [["o1", "p1", "5.00", "paid", value.get("product", "tea"), "2025-05-05"]]
    exceptions = [
        ["id", "at", "by", "field", "record", "use_source", "use_value", "until", "because"],
        [
            "e1",
            "2025-06-03T10:00:00Z",
            "sales",
            "person.city",
            f"crm.people:{value.get('match', 'p1')}",
            "",
            value.get("exception", "Kiel"),
            "2025-12-31",
            "x",
        ],
    ]
    project = write(
        root,
        lambda sink: sink,
        {"crm_people": people, "shop_orders": orders},
        {"exceptions": exceptions},
        connections={"db": "SOAK_DB"},
    )
    _link(project)
    if "header" in value:
        file = project / "data" / "shop_orders.csv"
        file.write_text(file.read_text().replace("product", '"' + text.replace('"', '""') + '"'))
    if "file" in value:
        (project / "data" / (text.replace("/", "_") + ".csv")).write_text("a\n1\n")
        _write(
            project,
            Attack("path", "03_sources", "sources.desk.forget.file", ""),
            text.replace("/", "_") + ".csv",
        )
    if attack.file:
        _write(project, attack, text)
    return project


def _link(project: Path) -> None:
    """Links within the data folder that lead out of the project."""
    (project / "data" / "link.csv").symlink_to("../../outside/secret.csv")
    (project / "data" / "linked").symlink_to("../../outside")


def _write(project: Path, attack: Attack, text: str) -> None:
    """The text at its place of the file; with `*` it is the name of one more thing there."""
    file = (
        project / "workbook.yml"
        if attack.file == "workbook"
        else project / "model" / f"{attack.file}.yml"
    )
    part = json.loads(file.read_text("utf-8"))
    if "metrics" in part:
        part["metrics"]["net"] = {"type": "derived", "expr": "sold * 2"}
    at: Any = part
    *way, last = _steps(attack.place.removeprefix("*"))
    for step in way:
        at = at[int(step)] if isinstance(at, list) else at.setdefault(step, {})
    if attack.place.startswith("*"):
        at[last][text] = next(iter(at[last].values()))
    elif isinstance(at, list):
        at[int(last)] = text
    else:
        at[last] = text
    if attack.place.endswith(".query"):
        at["connection"] = "db"
    if attack.place == "fields.person.name.expr" or attack.place.endswith("name.expr"):
        at["rule"] = "expression"
    file.write_text(json.dumps(part, indent=1, ensure_ascii=False), "utf-8")


def _steps(place: str) -> Iterator[str]:
    """The words of a place; the name of a source or an attribute has a dot of its own."""
    words = place.split(".")
    while words:
        two = ".".join(words[:2])
        whole = (
            two
            if two in ("crm.people", "shop.orders", "desk.forget", "person.city", "person.name")
            and words[0] != "erasures"
            else words[0]
        )
        yield whole
        words = words[2:] if whole == two else words[1:]
