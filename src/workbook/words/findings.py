"""Findings by their code: severity, sentence, effect, advice and owner come from the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from workbook.errors import ShowError
from workbook.finding import Finding, Severity
from workbook.words.catalogue import words_of


class Owners(Protocol):
    """What knows who answers for a step or one of its decisions (a model)."""

    def owner_of(self, *place: str) -> str:
        """The owner at a place, '' where nobody is named."""
        ...


def finding(
    model: Owners | None,
    code: str,
    count: int | None = None,
    about: Iterable[str] = (),
    *,
    severity: Severity | None = None,
    owner: str | None = None,
    variant: str = "",
    **values: Any,
) -> Finding:
    """The finding of a code (`history.open`: `[findings.open]` of history.toml), with the
    values in its texts.

    Args:
        model: It names the owner (None: nobody is named but `owner`).
        code: Page and name.
        count: How many things it concerns; the texts may say `{{ count }}`.
        about: The model's things that it touches.
        severity: Needed where the catalogue allows several.
        owner: Who acts on it (default: who answers for the step that the catalogue names, else
            for the page).
        variant: Which sentence, where the catalogue has several.
        values: What the texts name.

    Raises:
        ShowError: the catalogue has no such finding, or not this severity or variant.
    """
    page, _, name = code.partition(".")
    words = words_of(page)
    entry = f"findings.{name}"
    allowed = words.severities(name)
    chosen = severity or allowed[0]
    if chosen not in allowed or (severity is None and len(allowed) > 1):
        raise ShowError(f"The finding '{code}' has one of the severities {', '.join(allowed)}.")
    given = {**values, "count": count}

    def part(text: str) -> str:
        at = f"{entry}.{text}"
        varied = f"{at}.{variant}" if variant else at
        if text != "sentence" and not words.has(varied):
            varied = at
        return words.text(varied, **given) if words.has(varied) or text == "sentence" else ""

    step = words.owner_step(name)
    return Finding(
        code,
        chosen,
        part("sentence"),
        words.text("page"),
        count,
        model.owner_of(step) if model and step and owner is None else owner or "",
        tuple(about),
        part("effect"),
        part("advice"),
    )
