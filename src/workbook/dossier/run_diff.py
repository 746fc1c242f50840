"""What differs between this run's results and those of the run it is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Results = Mapping[str, Any]
RAW = "raw__"  # tables that hold a source's file as it was read


def changes(now: Results, then: Results) -> dict[str, Any]:
    """Headline numbers that moved, findings that came and went, tables whose content differs."""
    new, closed, _ = findings_compared(then["findings"], now["findings"])
    tables, earlier = now["tables"], then["tables"]
    return {
        "against": then["id"],
        "as_of": then["project"]["as_of"],
        "numbers": _numbers(now["headline_metrics"], then["headline_metrics"]),
        "findings_new": [row["sentence"] for row in new],
        "findings_closed": [row["sentence"] for row in closed],
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


Row = Mapping[str, Any]


def findings_compared(
    then: list[Row], now: list[Row]
) -> tuple[list[Row], list[Row], list[tuple[Row, Row]]]:
    """Findings that came, that went, and pairs that say something else or are of another
    severity; two are one where page, code and what they are about are the same.
    """
    before: dict[tuple[str, ...], list[Row]] = {}
    for row in then:
        before.setdefault(_key(row), []).append(row)
    new: list[Row] = []
    moved: list[tuple[Row, Row]] = []
    left = []
    for row in now:  # first those that say the same, so that no other one takes their place
        same = next((each for each in before.get(_key(row), []) if _says(each) == _says(row)), None)
        if same is None:
            left.append(row)
        else:
            before[_key(row)].remove(same)
    for row in left:
        if others := before.get(_key(row)):
            moved.append((others.pop(0), row))
        else:
            new.append(row)
    return new, [row for rows in before.values() for row in rows], moved


def _says(row: Row) -> tuple[str, str]:
    return row["sentence"], row.get("severity", "")


def _key(row: Row) -> tuple[str, ...]:
    """What stays of a finding when a count moves."""
    return (row["page"], row["code"], *row["about"])
