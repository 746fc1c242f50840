"""Why decisions were taken, and what was considered instead, in the team's own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import takewhile
from typing import Any

from workbook.model import Model
from workbook.model.decision_records import DecisionBlock, decided_blocks, record_of
from workbook.words import words_of
from workbook.words.number import date
from workbook.words.wording import humanize


def because(reason: str, by: str = "") -> str:
    """A reason behind what it explains, with who answers for it since when; '' without one."""
    return _text("because", reason=_plain(reason), by=by) if reason else ""


def by_whom(model: Model, step: str, *path: str | int) -> str:
    """Who answers for a decision and since when, `finance, 2 Jun 2025`; '' of what is not said."""
    around = tuple(takewhile(lambda name: isinstance(name, str), path))  # an item has none
    record = record_of(model, step, DecisionBlock(around, (), own=True))  # type: ignore[arg-type]
    day = date(record.decided) if record.decided else ""
    return ", ".join(filter(None, (record.owner, day)))


def not_taken(considered: Mapping[str, Any]) -> str:
    """What was considered and not taken, each with the reason written; '' without any."""
    alternatives = [
        _text("alternative", name=name, reason=_reason_of(alternative))
        for name, alternative in considered.items()
    ]
    return _text("not_taken", alternatives=_joined(alternatives)) if alternatives else ""


def reasons(model: Model, step: str, *kinds: str) -> str:
    """The reasons and the alternatives of every decision below these words of a page's file."""
    found = []
    for path, block in decided_blocks(getattr(model, step)):
        if not path or (kinds and path[0] not in kinds):
            continue
        considered = getattr(block, "considered", None) or {}
        if written := _joined((_plain(block.because), not_taken(considered))):
            by = by_whom(model, step, *path)
            found.append(_text("of_decision", decision=_decision(path), reasons=written, by=by))
    return _given(found)


def reasons_of_fields(model: Model) -> str:
    """The reasons that fields of sources have, each with who answers for its source."""
    found = [
        _text(
            "of_decision",
            decision=humanize(f"{name}.{field}"),
            reasons=_plain(spec.because),
            by=by_whom(model, "sources", "sources", name),
        )
        for name, source in model.sources.sources.items()
        for field, spec in source.fields.items()
        if spec.because
    ]
    return _given(found)


def _given(found: list[str]) -> str:
    return f" {_text('given', decisions='. '.join(found))}" if found else ""


def _decision(path: tuple[str | int, ...]) -> str:
    """What a decision is about, by the names above it that the team gave."""
    names = [str(name) for name in path if not isinstance(name, int)]
    return " ".join(humanize(name) for name in names[1:] or names)


def _reason_of(alternative: Any) -> str:
    reason = alternative.get("because", "") if isinstance(alternative, Mapping) else alternative
    reason = getattr(alternative, "because", reason)
    return _plain(reason) if isinstance(reason, str) else ""


def _plain(reason: str) -> str:
    """A reason without its full stop."""
    return reason.rstrip(". ")


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(text for text in texts if text)


def _text(name: str, /, **values: Any) -> str:
    return words_of("shared").text(f"reasons.{name}", **values)
