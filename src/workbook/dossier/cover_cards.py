"""The headline numbers as cards: value, period, reconciliation, and the line of its months."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from workbook.words import words_of
from workbook.words.wording import capital

_WORDS = words_of("dossier")
_UNIT = re.compile(r"(.*\d)([\s\u00a0\u202f]*[^\d\s]{1,4})")
MOST = 4  # cards that the cover has room for
BADGES = {"pass": "reconciled", "look": "provisional", "fail": "missed", "untested": "none"}
_LONG = 120  # letters from which a text is its first sentence on the cover
_SENTENCE = re.compile(r"(?<=[\w)”]{4}\.) (?=[A-Z0-9“])")
WIDE, HIGH = 240, 34  # the units of a card's line

Row = Mapping[str, Any]


def cards(
    rows: Sequence[Row], months: Sequence[Row], changed: Mapping[str, Any] | None
) -> list[dict[str, Any]]:
    """One card per headline number; `months` are the rows of the figure of metrics over time."""
    before = {row["metric"]: row["then"] for row in changed["numbers"]} if changed else {}
    lines = {str(row["metric"]): row for row in reversed(months)}
    return [_card(row, lines.get(str(row["metric"])), before) for row in rows]


def _card(row: Row, line: Row | None, before: Mapping[str, str]) -> dict[str, Any]:
    name, value = str(row["metric"]), str(row["value_text"])
    figure, unit = _split(value)
    standing = str(row.get("standing", "")) or "untested"
    then, badge = before.get(name, ""), _WORDS.text(f"cover.badges.{BADGES[standing]}")
    return {
        "metric": name,
        "value": value,
        "period": str(row.get("period", "")),
        "figure": figure,
        "unit": unit,
        "caveat": first_sentence(str(row.get("caveat", ""))),
        "control": _beside(badge, str(row.get("control", ""))),
        "supplied": str(row.get("supplied", "")),
        "standing": standing,
        "badge": badge,
        "line": _line(line, standing) if line else None,
        "was": _WORDS.text("cover.was", then=then) if then and then != value else "",
    }


def _beside(badge: str, control: str) -> str:
    """What is said of the reconciliation beside its badge, without repeating it.

    >>> _beside("Provisional", "Provisional: no value yet"), _beside("No total", "No total")
    ('No value yet', '')
    """
    told = control in (badge, words_of("control_totals").text("undecided"))  # the caveat says it
    return capital("" if told else control.removeprefix(f"{badge}: "))


def first_sentence(text: str) -> str:
    """A text, or the first sentence of a long one: the cover has room for no more.

    >>> first_sentence("One of them is late."), first_sentence("One of them is late. " * 9)
    ('One of them is late.', 'One of them is late.')
    """
    return _SENTENCE.split(text)[0] if len(text) > _LONG else text


def _line(row: Row, standing: str) -> dict[str, Any] | None:
    """The points of a line on its own scale, a gap where there is no value; the last is open
    where the number is not reconciled.
    """
    values = row.get("spark") or []
    known = [float(value) for value in values if value is not None]
    if len(known) < 2:
        return None
    low, high = min(known), max(known)
    points = [
        (
            n * WIDE / (len(values) - 1),
            HIGH / 2 if high == low else HIGH - (float(v) - low) / (high - low) * HIGH,
        )
        for n, v in enumerate(values)
        if v is not None
    ]
    parts: list[list[str]] = [[]]
    for value in values:
        if value is None:
            parts.append([])
        else:
            x, y = points[sum(map(len, parts))]
            parts[-1].append(f"{x:.1f},{y:.1f}")
    first, last = (str(row.get(name, "")) for name in ("first", "last"))
    return {
        "parts": [" ".join(part) for part in parts if part],
        "last": points[-1],
        "open": standing != "pass",
        "first_value": first,
        "last_value": last,
        "first_of": str(row.get("first_of", "")),
        "last_of": str(row.get("last_of", "")),
        "says": _WORDS.text(
            "cover.line",
            metric=str(row["metric"]),
            first=first,
            first_of=str(row.get("first_of", "")),
            last=last,
            last_of=str(row.get("last_of", "")),
        ),
    }


def _split(value: str) -> tuple[str, str]:
    """A written number and the unit behind it, which the cover sets smaller.

    >>> _split("97.9 %")
    ('97.9', ' %')
    """
    found = _UNIT.fullmatch(value)
    return (found[1], found[2]) if found else (value, "")
