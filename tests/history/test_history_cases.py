"""Rows in, intervals out: every case of tests/cases/history.yml, through a real project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from history_shop import HISTORY
from ruamel.yaml import YAML

CASES = YAML(typ="safe").load(Path(__file__).parents[1] / "cases" / "history.yml")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_given_rows_these_intervals_come_out(
    case: dict[str, Any], shop: Callable[..., Any]
) -> None:
    asks = "".join(
        f"  q{n}: {{ask: What?, by: {name}}}\n" for n, name in enumerate(case.get("questions", []))
    )
    six = {"six": HISTORY.replace(*case["instead"])} if "instead" in case else {}
    made = shop(
        case["rows"],
        **six,
        as_of=str(case.get("as_of", "2025-06-30")),
        more={"01_questions": f"questions:\n{asks}"} if asks else None,
    )
    for attribute, lines in case.get("history", {}).items():
        assert made.lines(
            f"client__{attribute}__history", "id", "value", "valid_from", "valid_to"
        ) == sorted(lines)
    for attribute, lines in case.get("beliefs", {}).items():
        columns = ("id", "value", "valid_from", "valid_to", "recorded_from", "recorded_to")
        assert made.lines(f"client__{attribute}__beliefs", *columns) == sorted(lines)
    for attribute, lines in case.get("current", {}).items():
        rows = made.query(
            f"select id, value from client__{attribute}__history where is_current order by id"
        ).rows()
        assert [" | ".join(row) for row in rows] == lines
    for attribute, counts in case.get("facts", {}).items():
        (row,) = [row for row in made.evidence.kept if row["attribute"] == attribute]
        assert dict(made.evidence.troubles(row)) == counts
        assert row["lost"] == sum(counts.values())
    if "event" in case:
        assert made.lines("client__event", "id", "event", "at") == sorted(case["event"])
    if "lifecycle" in case:
        assert made.lines(
            "client__lifecycle",
            "id",
            "state",
            "previous_state",
            "valid_from",
            "valid_to",
            "valid_move",
        ) == sorted(case["lifecycle"])
    if "unplaced" in case:
        happened = {row["event"]: [row["nobody"], row["untimed"]] for row in made.evidence.happened}
        assert {event: happened[event] for event in case["unplaced"]} == case["unplaced"]
    for table, lines in case.get("at_event", {}).items():
        assert made.lines(table, "id", "at", "value", "value_now") == sorted(lines)
    for name in made.plan.order:
        if made.plan[name].step == "06_history":
            assert made.engine.artifact(made.plan, name).duplicate_keys == 0, name
