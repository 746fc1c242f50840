"""Why decisions were taken, and what was considered instead, in the team's own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from workbook.model import Model
from workbook.model.decisions import decided_blocks
from workbook.words import words_of
from workbook.words.wording import humanize


def because(reason: str) -> str:
    """A reason behind what it explains; '' without one."""
    return _text("because", reason=_plain(reason)) if reason else ""


def not_taken(considered: Mapping[str, Any]) -> str:
    """What was considered and not taken, each with the reason written; '' without any."""
    alternatives = [
        _text("alternative", name=name, reason=_reason_of(alternative))
        for name, alternative in considered.items()
    ]
    return _text("not_taken", alternatives=_joined(alternatives)) if alternatives else ""


def reasons(model: Model, word: str, *kinds: str) -> str:
    """The reasons and the alternatives of every decision below these words of a page's file."""
    found = []
    for place, block in decided_blocks(getattr(model, word)):
        if not place or (kinds and place[0] not in kinds):
            continue
        considered = getattr(block, "considered", None) or {}
        written = _joined((_plain(block.because), not_taken(considered)))
        if written:
            found.append(_text("of_decision", decision=_decision(place), reasons=written))
    return f" {_text('given', decisions='. '.join(found))}" if found else ""


def _decision(place: tuple[str | int, ...]) -> str:
    """What a decision is about, by the names above it that the team gave."""
    return " ".join(humanize(str(name)) for name in place[1:] if not isinstance(name, int))


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
