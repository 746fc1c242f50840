"""What differs between this run's results and those of the run it is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Results = Mapping[str, Any]
RAW = "raw__"  # tables that hold a source's file as it was read


def changes(now: Results, then: Results) -> dict[str, Any]:
    """Headline numbers that moved, findings that came and went, tables whose content differs."""
    before, after = _by_key(then["findings"]), _by_key(now["findings"])
    tables, earlier = now["tables"], then["tables"]
    return {
        "against": then["id"],
        "as_of": then["project"]["as_of"],
        "numbers": _numbers(now["headline_metrics"], then["headline_metrics"]),
        "findings_new": [after[key]["sentence"] for key in after if key not in before],
        "findings_closed": [before[key]["sentence"] for key in before if key not in after],
        "decisions_changed": sorted(
            name
            for name in {*now["decisions"], *then["decisions"]}
            if now["decisions"].get(name) != then["decisions"].get(name)
        ),
        "sources_changed": sorted(
            source_of(name)
            for name in {*tables, *earlier}
            if name.startswith(RAW) and _content(tables, name) != _content(earlier, name)
        ),
        "tables_changed": [
            name
            for name in tables
            if name in earlier and tables[name]["content"] != earlier[name]["content"]
        ],
        "tables_new": [name for name in tables if name not in earlier],
        "tables_gone": [name for name in earlier if name not in tables],
    }


def source_of(raw: str) -> str:
    """The source of a table that holds a file as it was read."""
    return raw.removeprefix(RAW).replace("__", ".")


def _content(tables: Mapping[str, Any], name: str) -> str:
    return tables[name]["content"] if name in tables else ""


def _numbers(now: list[Mapping[str, Any]], then: list[Mapping[str, Any]]) -> list[dict[str, str]]:
    """One row per metric that either run shows; `then` or `now` is empty where that run had
    none.
    """
    before = {row["metric"]: row["value_text"] for row in then}
    after = {row["metric"]: row["value_text"] for row in now}
    names = [*after, *(name for name in before if name not in after)]
    return [
        {"metric": name, "then": before.get(name, ""), "now": after.get(name, "")} for name in names
    ]


def _by_key(findings: list[Mapping[str, Any]]) -> dict[tuple[str, ...], Mapping[str, Any]]:
    """Findings by what stays when a count moves: page, code and what they are about."""
    return {(row["page"], row["code"], *row["about"]): row for row in findings}
