"""Payloads in every text of a project and in its data, opened in Chromium: as made, without its
policy, and as notebooks hold it.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from company import write
from payloads import CALLS
from project import said
from watched import chromium, watched

AT_ONCE = 14  # payloads of one project, so that each has a sink of each kind to itself
RUN = (
    "import sys; from workbook.cli import main; sys.argv = ['workbook', 'run', sys.argv[1]]; main()"
)


def stays_text(folder: Path, tries: int, seed: int) -> tuple[int, list[str]]:
    """As many payloads as tries, each in every kind of text that a project has; where one was
    run, asked for something, or is not shown at all.
    """
    rng = random.Random(seed)
    payloads = rng.sample(CALLS, len(CALLS))[:tries] if tries < len(CALLS) else list(CALLS)
    missed = [] if _control(folder) else ["the payloads fire nowhere, so that nothing is proven"]
    for first in range(0, len(payloads), AT_ONCE):
        some = payloads[first : first + AT_ONCE]
        project = _project(folder / str(first), some)
        missed += _run(project)
        latest = project / "runs" / "latest"
        if latest.exists():
            missed += [
                f"payloads {first} to {first + len(some) - 1}: {each}"
                for each in _opened(latest, folder, some)
            ]
    return len(payloads), missed


def _project(root: Path, payloads: list[str]) -> Path:
    """A project in which each text is the next payload, behind a word that tells which text it
    is.
    """
    turn = count()

    def say(sink: str) -> str:
        return f"{sink.replace('.', '_')} {payloads[next(turn) % len(payloads)]}"

    people = [
        [
            f"p{n}",
            f"a{n}@x.example",
            f"Ann {payload}",
            f"+49 1512 34567{n:02d}",
            payload,
            payload,
            payload,
            f"data_city {payload}",
            "2025-06-01T10:00:00",
        ]
        for n, payload in enumerate(payloads)
    ]
    orders = [
        [
            f"o{n}" if n % 3 else f"o{n}{payload}",
            f"p{n}",
            "5.00",
            payload if n % 4 == 0 else "paid",
            f"data_product {payload}",
            "2025-05-05",
        ]
        for n, payload in enumerate(payloads)
    ]
    callers = [
        [
            f"c{n}",
            f"a{n}@x.example",
            f"Bo {payload}",
            "",
            f"data_town {payload}",
            "2025-06-10T10:00:00",
        ]
        for n, payload in enumerate(payloads)
    ]
    changes = [
        [f"h{n}", f"p{n}", f"data_change {payload}", "2025-01-01T10:00:00"]
        for n, payload in enumerate(payloads)
    ]
    tables = {
        "crm_people": people,
        "shop_orders": orders,
        "desk_callers": callers,
        "crm_changes": changes,
        "desk_letters": [
            ["a1@x.example", payload, payload, "2025-06-10T10:00:00"] for payload in payloads
        ],
    }
    project = write(root, say, tables, _decisions(payloads))
    _headers(project, payloads)
    _pages(project, say)
    return project


def _decisions(payloads: list[str]) -> dict[str, list[list[str]]]:
    at = "2025-06-03T10:00:00Z"
    exceptions = [
        [
            f"e{n}",
            at,
            payload if n % 3 == 0 else "sales",
            "person.city",
            f"crm.people:p{n}",
            "",
            f"exception_value {payload}",
            "2025-12-31",
            f"exception_because {payload}",
        ]
        for n, payload in enumerate(payloads)
    ]
    exceptions += [
        [f"e{payload}", at, "sales", payload, payload, payload, "", payload, payload]
        for payload in payloads[:3]
    ]
    matches = [
        [
            f"m{n}",
            at,
            payload,
            "person",
            f"crm.people:p{n}",
            "desk.callers:c1",
            "unsure",
            payload,
            payload,
            "",
            "",
            payload,
        ]
        for n, payload in enumerate(payloads)
    ]
    signoffs = [
        [
            f"s{n}",
            f"2025-06-20T10:00:{n:02d}Z",
            "finance",
            "finance",
            "sales" if n % 2 else "who",
            "disagree",
            "",
            "47.50",
            "",
            f"signoff_because {payload}",
            "2025-06-20",
            f"signoff_says {payload}",
        ]
        for n, payload in enumerate(payloads)
    ]
    signoffs += [[payload] * 12 for payload in payloads[:3]]
    return {"exceptions": exceptions, "matches": matches, "signoffs": signoffs}


def _headers(project: Path, payloads: list[str]) -> None:
    """Columns that nobody declared, one that is declared under a payload, and files whose names
    are payloads.
    """
    file = project / "data" / "crm_changes.csv"
    head, _, rest = file.read_text("utf-8").partition("\n")
    quoted = [
        json.dumps(payload.replace("\n", " "))[1:-1].replace('\\"', '""').replace("\\\\", "\\")
        for payload in payloads
    ]
    file.write_text(
        head + "," + ",".join(f'"header {name}"' for name in quoted) + "\n" + rest, "utf-8"
    )
    for payload in payloads:
        name = payload.replace("/", "∕").replace("\n", " ")
        (project / "data" / f"crm_{name}.csv"[:200]).write_text("a\n1\n", "utf-8")


def _pages(project: Path, say: Any) -> None:
    """Words of the project's own in its pages, as markdown and as code."""
    for page in sorted((project / "notebooks").glob("*.ipynb")):
        book = json.loads(page.read_text("utf-8"))
        for number in range(2):
            book["cells"].append(
                {
                    "cell_type": "markdown",
                    "id": f"m{number}",
                    "metadata": {},
                    "source": say(f"markdown.{page.stem}"),
                }
            )
        page.write_text(json.dumps(book), "utf-8")


def _run(project: Path) -> list[str]:
    code, told = said(["-c", RUN, project], project)
    wrong = [f"exit {code}: {told[-400:]}"] if code not in (0, 1) else []
    return wrong + ([f"a traceback: {told[-300:]}"] if "Traceback" in told else [])


def _control(folder: Path) -> bool:
    """Whether the browser sees payloads fire where nothing keeps them from it."""
    file = folder / "control.html"
    file.write_text(
        "<!doctype html><meta charset=utf-8><body>"
        + "<hr>".join(
            each for each in CALLS if each.startswith(("<img", "<svg onload", "<details", "<p on"))
        ),
        "utf-8",
    )
    with chromium() as opened:
        found = watched(opened, file, [])
    return any("ran" in each for each in found) and any("soak.invalid" in each for each in found)


def _opened(latest: Path, folder: Path, payloads: list[str]) -> Iterator[str]:
    """What happened in the browser: as made, without its policy, and with the HTML of the saved
    notebooks.
    """
    made = (latest / "dossier.html").read_text("utf-8")
    bare = re.sub(r"<meta[^>]+Content-Security-Policy[^>]*>", "", made)
    if bare == made:
        yield "the page has no policy"
    pages = {
        "as made": made,
        "without policy": bare,
        "notebooks": "<!doctype html><meta charset=utf-8><body>" + "\n".join(_saved(latest)),
    }
    with chromium() as opened:
        for name, text in pages.items():
            file = folder / f"{name.replace(' ', '-')}.html"
            file.write_text(text, "utf-8")
            yield from (
                f"{name}: {each}"
                for each in watched(opened, file, payloads if name != "notebooks" else [])
            )


def _saved(latest: Path) -> Iterator[str]:
    """The HTML of every output of the saved notebooks."""
    for page in sorted((latest / "notebooks").glob("*.ipynb")):
        for cell in json.loads(page.read_text("utf-8"))["cells"]:
            for output in cell.get("outputs", ()):
                for kind in ("text/html", "image/svg+xml"):
                    yield "".join(output.get("data", {}).get(kind, ""))
