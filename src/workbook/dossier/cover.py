"""What the cover says, gathered from the pages: the sentence, the numbers, what is late,
disputed, failing, signed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from string import ascii_lowercase
from typing import Any

from workbook.dossier.pages import Page
from workbook.dossier.results import all_findings, figure_of, rows_of
from workbook.finding import ORDER
from workbook.words import words_of

_WORDS = words_of("dossier")
_UNIT = re.compile(r"(.*\d)([\s\u00a0\u202f]*[^\d\s]{1,4})")
# the columns that the cover has room for, each with the one that stands below it or says a check in
# words
_SHORT = {
    "freshness": (("source", ""), ("newest", ""), ("gap", ""), ("state", "")),
    "signoffs": (("department", ""), ("state", "says"), ("agreed", "")),
    "disputes": (("statement", "because"), ("department", ""), ("settles", "")),
    "sensitivity": (("decision", ""), ("alternative", "because"), ("customers", ""), ("moves", "")),
}
_MATTERING = 5  # decisions that the cover lists, those that move a headline number the most
# drawings, which a small table leaves out
_DRAWN = ("bar", "stack", "diverging", "span", "interval", "spark", "history")


def cover(pages: Sequence[Page], changed: Mapping[str, Any] | None) -> dict[str, Any]:
    """The cover's parts in reading order; every count is made from the findings and figures of
    the pages.
    """
    numbers, caveats = _numbers(rows_of(figure_of(pages, "headline_metrics")), changed)
    grain = next((page for page in pages if page.name.endswith("_grain")), None)
    headline = grain.headline if grain else {}
    findings = all_findings(pages)
    signed = _table(pages, "signoffs")
    return {
        "sentence": headline.get("sentence") or _WORDS.text("cover.undecided"),
        "lede": headline.get("lede", ""),
        "open_pages": [page for page in pages if page.is_open],
        "counts": {
            severity: sum(finding.severity == severity for finding in findings)
            for severity in ORDER
        },
        "numbers": numbers,
        "caveats": caveats,
        "freshness": _table(pages, "freshness"),
        "signed": signed,
        "agreed": _agreed(pages),
        "disputes": _table(pages, "disputes"),
        "sensitivity": _table(pages, "sensitivity", _MATTERING),
        "failing": [finding for finding in findings if finding.severity == "fail"],
        "looking": [finding for finding in findings if finding.severity == "look"],
        "diagnostic": next(
            (page.front["diagnostic"] for page in pages if "diagnostic" in page.front), ""
        ),
        "changed": {**changed, "moved": _moved(changed)} if changed else None,
    }


def _moved(changed: Mapping[str, Any]) -> bool:
    """Whether anything that is counted differs from the run compared with."""
    counted = (
        "findings_new",
        "findings_closed",
        "decisions_changed",
        "tables_changed",
        "tables_new",
        "tables_gone",
    )
    return any(changed[name] for name in counted) or any(
        row["then"] != row["now"] for row in changed["numbers"]
    )


def _numbers(
    rows: list[dict[str, Any]], changed: Mapping[str, Any] | None
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
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
        figure, unit = _split(value)
        numbers.append(
            {
                "metric": name,
                "value": value,
                "period": str(row.get("period", "")),
                "figure": figure,
                "unit": unit,
                "letter": letters.get(caveat, ""),
                "control": str(row.get("control", "")) or words_of("control_totals").text("none"),
                "supplied": str(row.get("supplied", "")),
                "was": (
                    _WORDS.text("cover.was", then=then)
                    if then and then != value
                    else _WORDS.text("cover.unchanged")
                    if then
                    else ""
                ),
            }
        )
    return numbers, [{"letter": letter, "text": text} for text, letter in letters.items()]


def _split(value: str) -> tuple[str, str]:
    """A written number and the unit behind it, which the cover sets smaller.

    >>> _split("97.9 %")
    ('97.9', ' %')
    """
    found = _UNIT.fullmatch(value)
    return (found[1], found[2]) if found else (value, "")


def _agreed(pages: Sequence[Page]) -> tuple[int, int] | None:
    """How many departments agree, of how many that are asked; None where nobody is asked yet."""
    figure = figure_of(pages, "signoffs")
    if figure is None or not figure["rows"]:
        return None
    at = next((n for n, column in enumerate(figure["columns"]) if column["kind"] == "check"), None)
    return (
        None
        if at is None
        else (sum(row[at] == "pass" for row in figure["rows"]), len(figure["rows"]))
    )


def _table(pages: Sequence[Page], role: str, most: int | None = None) -> dict[str, Any] | None:
    """A page's figure as a small table on the cover: heads, rows as text (the first `most`),
    and the page to read on.
    """
    figure = figure_of(pages, role)
    if figure is None or not figure["rows"]:
        return None
    page = next(page for page in pages if figure in page.figures)
    columns = figure["columns"]
    named = [column["name"] for column in columns]
    wanted = [(name, detail) for name, detail in _SHORT.get(role, ()) if name in named] or [
        (name, "") for name in named
    ]
    shown = [
        (named.index(name), named.index(detail) if detail in named else -1)
        for name, detail in wanted
    ]
    shown = [(at, detail) for at, detail in shown if columns[at]["kind"] not in _DRAWN]
    rows = (figure.get("texts") or figure["rows"])[:most]
    return {
        "title": figure.get("title", ""),
        "heads": [columns[at]["label"] for at, _ in shown],
        "kinds": [columns[at]["kind"] for at, _ in shown],
        "rows": [
            [(_text(row[at]), _text(row[detail]) if detail >= 0 else "") for at, detail in shown]
            for row in rows
        ],
        "page": page,
    }


def _text(value: Any) -> str:
    return "" if value is None else str(value)
