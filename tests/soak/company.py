"""A small company that uses every file of the model, each of its texts given by whoever asks
for it.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from company_model import DEPARTMENTS, Say, first_parts, last_parts, middle_parts
from project import ROOT

from workbook.identity.match_ledger import COLUMNS as MATCHES
from workbook.review import COLUMNS as SIGNOFFS
from workbook.survivorship.exceptions import COLUMNS as EXCEPTIONS

LEDGERS = {"exceptions": EXCEPTIONS, "matches": MATCHES, "signoffs": SIGNOFFS}
Rows = Iterable[Iterable[str]]
PERSON = "person_no,mail,name,phone,street,birth,notes,city,seen_at"
HEADS = {
    "crm_people": PERSON,
    "shop_orders": "order_no,person_no,total,state,product,bought_on",
    "desk_callers": "caller_no,mail,name,phone,town,called_at",
    "desk_letters": "mail,words,kind,sent_at",
    "crm_changes": "change_no,person_no,city,changed_at",
    "desk_forget": "ask,mail,asked",
}


def write(
    root: Path, say: Say, tables: dict[str, Rows], decisions: dict[str, Rows], **more: Any
) -> Path:
    """The project on disk: its data, its decisions, all its pages; `more` are words of
    workbook.yml.
    """
    for folder in ("data", "model", "decisions"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    shutil.copytree(ROOT / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".*"))
    for name, head in HEADS.items():
        _csv(root / "data" / f"{name}.csv", [head.split(","), *tables.get(name, ())])
    for name, rows in decisions.items():
        _csv(root / "decisions" / f"{name}.csv", [list(LEDGERS[name]), *rows])
    project = {"workbook": 1, "name": say("project.name"), "as_of": "2025-06-30", **more}
    project["departments"] = {name: say(f"departments.{name}") for name in DEPARTMENTS}
    _yaml(root / "workbook.yml", project)
    for name, part in {**first_parts(say), **middle_parts(say), **last_parts(say)}.items():
        _yaml(root / "model" / f"{name}.yml", part)
    return root


def _csv(path: Path, rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def _yaml(path: Path, part: dict[str, Any]) -> None:
    """JSON is YAML too, and needs no quoting of its own."""
    path.write_text(json.dumps(part, indent=1, ensure_ascii=False), "utf-8")
