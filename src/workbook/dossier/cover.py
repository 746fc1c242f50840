"""What the cover says, gathered from the pages: the sentence, the numbers, what is late, disputed, failing, signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import ascii_lowercase
from typing import Any

from workbook.dossier.pages import Page
from workbook.dossier.results import all_findings, figure_of, rows_of

_UNDECIDED = "What one customer is has not been decided yet."
_UNSIGNED = "Nobody has signed yet."
_UNTIED = "Not tied to an outside figure."


def cover(pages: Sequence[Page], changed: Mapping[str, Any] | None) -> dict[str, Any]:
    """The cover's parts in reading order; every count is made from the findings and figures of the pages."""
    numbers, caveats = _numbers(rows_of(figure_of(pages, "headline_metrics")), changed)
    grain = next((page for page in pages if page.name.endswith("_grain")), None)
    headline = grain.headline if grain else {}
    return {
        "sentence": headline.get("sentence") or _UNDECIDED,
        "lede": headline.get("lede", ""),
        "open_pages": [page for page in pages if page.headline.get("state") == "open"],
        "counts": {severity: sum(page.count(severity) for page in pages) for severity in ("fail", "look", "note")},
        "numbers": numbers,
        "caveats": caveats,
        "freshness": _table(pages, "freshness"),
        "signed": _table(pages, "signoffs"),
        "unsigned": _UNSIGNED,
        "disputes": _table(pages, "disputes"),
        "failing": [finding for finding in all_findings(pages) if finding.severity == "fail"],
        "looking": [finding for finding in all_findings(pages) if finding.severity == "look"],
        "changed": changed,
    }


def _numbers(rows: list[dict[str, Any]], changed: Mapping[str, Any] | None) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Headline numbers with the letter of their caveat; equal caveats share a letter."""
    before = {row["metric"]: row["then"] for row in changed["numbers"]} if changed else {}
    letters: dict[str, str] = {}
    numbers = []
    for row in rows:
        name, value = str(row["metric"]), str(row["value_text"])
        caveat = str(row.get("caveat", ""))
        if caveat and caveat not in letters:
            count = len(letters)
            letters[caveat] = ascii_lowercase[count % 26] * (count // 26 + 1)
        then = before.get(name, "")
        numbers.append({
            "metric": name,
            "value": value,
            "letter": letters.get(caveat, ""),
            "control": str(row.get("control", "")) or _UNTIED,
            "was": f"was {then}" if then and then != value else "unchanged" if then else "",
        })
    return numbers, [{"letter": letter, "text": text} for text, letter in letters.items()]


def _table(pages: Sequence[Page], role: str) -> dict[str, Any] | None:
    """A page's figure as a small table on the cover: heads, rows as text, and the page to read on."""
    figure = figure_of(pages, role)
    if figure is None:
        return None
    page = next(page for page in pages if figure in page.figures)
    return {
        "title": figure.get("title", ""),
        "heads": [column["label"] for column in figure["columns"]],
        "numeric": [column["kind"] in ("int", "number", "money", "percent") for column in figure["columns"]],
        "rows": [["" if value is None else str(value) for value in row] for row in figure["rows"]],
        "page": page,
    }
