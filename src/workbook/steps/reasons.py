"""Why decisions were taken, and what was considered instead, in the team's own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbook.model import Model
from workbook.model.decisions import decided_blocks
from workbook.words.wording import humanize


def because(reason: str) -> str:
    """A reason behind what it explains; '' without one."""
    return f"; because {reason.rstrip('. ')}" if reason else ""


def not_taken(considered: Mapping[str, Any]) -> str:
    """What was considered and not taken, each with what speaks against it; '' without any."""
    said = [
        f"{humanize(name)} ({why})" if (why := _why(each)) else humanize(name)
        for name, each in considered.items()
    ]
    return f"considered and not taken: {'; '.join(said)}" if said else ""


def reasons(model: Model, word: str, *kinds: str) -> str:
    """The reasons and the alternatives of every decision below these words of a page's file."""
    found = []
    for place, block in decided_blocks(getattr(model, word)):
        if not place or (kinds and place[0] not in kinds):
            continue
        parts = (block.because.rstrip(". "), not_taken(getattr(block, "considered", None) or {}))
        said = "; ".join(part for part in parts if part)
        if said:
            found.append(f"{_named(place)}: {said}")
    return f" Reasons given: {'. '.join(found)}." if found else ""


def _named(place: tuple[str | int, ...]) -> str:
    """What a decision is about, by the names above it that the team gave."""
    names = [str(each) for each in place[1:] if not isinstance(each, int)]
    return " ".join(humanize(name.replace(".", " ")) for name in names)


def _why(alternative: Any) -> str:
    why = alternative.get("because", "") if isinstance(alternative, Mapping) else alternative
    why = getattr(alternative, "because", why)
    return str(why).rstrip(". ") if isinstance(why, str) else ""
