"""What the cover says, gathered from the pages on one sheet: the news, the numbers, who has
signed, what competes, what to decide, what matters most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workbook.dossier.cover_cards import MOST, cards, first_sentence
from workbook.dossier.cover_title import title
from workbook.dossier.pages import Page
from workbook.dossier.results import all_findings, figure_of, rows_of
from workbook.finding import ORDER, Finding
from workbook.words import words_of

_WORDS = words_of("dossier")
_MOVING = 3  # decisions that the cover lists, those that move a headline number the most
_NEEDED = 4  # decisions needed now, one an owner
_FINDINGS = 5
_OPEN = words_of("metrics").text("figures.competing.states.open")
_RIVALS = 6  # definitions of one name that are drawn


def cover(pages: Sequence[Page], changed: Mapping[str, Any] | None) -> dict[str, Any]:
    """The cover's parts in reading order; every count is made from the findings and figures of
    the pages.
    """
    numbers = cards(
        rows_of(figure_of(pages, "headline_metrics")),
        rows_of(figure_of(pages, "months")),
        changed,
    )
    grain = next((page for page in pages if page.name.endswith("_grain")), None)
    headline = grain.headline if grain else {}
    sentence = headline.get("sentence") or _WORDS.text("cover.undecided")
    decided = bool(grain and not grain.is_open)
    findings = all_findings(pages)
    needed = _needed(findings)
    told = [*needed, *(finding for finding in findings if finding not in needed)]
    rivals = _rivals(pages, [card["metric"] for card in numbers])
    news = title(numbers, rivals) if decided else ""
    return {
        "sentence": sentence,
        "title": news or sentence,
        "definition": sentence if news else "",
        "lede": headline.get("lede", "") if not news else _lede(numbers, rivals),
        "open_pages": [page for page in pages if page.is_open],
        "counts": {
            severity: sum(finding.severity == severity for finding in findings)
            for severity in ORDER
        },
        "numbers": numbers,
        "shown": numbers[:MOST],
        "rivals": rivals,
        "signed": _signed(pages),
        "agreed": _agreed(pages),
        "disputes": len(rows_of(figure_of(pages, "disputes"))),
        "needed": [_told(finding) for finding in needed],
        "moving": _moving(rows_of(figure_of(pages, "sensitivity"))),
        "alternatives": len(rows_of(figure_of(pages, "sensitivity"))),
        "findings": [
            _told(finding)
            for finding in told[len(needed) :]
            if finding.severity in ("fail", "look")
        ][:_FINDINGS],
        "at": {
            role: next((page for page in pages if figure in page.figures), None)
            for role in ("headline_metrics", "competing", "sensitivity", "signoffs")
            if (figure := figure_of(pages, role))
        },
        "changed": {**changed, "moved": _moved(changed)} if changed else None,
    }


def _lede(numbers: Sequence[Mapping[str, Any]], rivals: Mapping[str, Any] | None) -> str:
    """What the reconciled numbers agree with, and who decides what is open."""
    sentences = [
        _WORDS.text("cover.reconciled", metric=card["metric"], control=card["control"])
        for card in numbers
        if card["standing"] == "pass"
    ]
    if rivals:
        sentences.append(_WORDS.text("cover.open_choice", title=rivals["title"]))
    return " ".join(sentences)


def _needed(findings: Sequence[Finding]) -> list[Finding]:
    """Of each owner the finding that matters most, of those that say what to do; the owners in
    the order of theirs.
    """
    first: dict[str, Finding] = {}
    for finding in findings:
        if finding.owner and finding.advice and finding.severity in ("fail", "look"):
            first.setdefault(finding.owner, finding)
    return list(first.values())[:_NEEDED]


def _moving(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The alternative of each decision that moves a headline number the most; `rows` begin with
    the greatest effect.
    """
    strongest: dict[Any, dict[str, Any]] = {}
    for row in rows:
        strongest.setdefault(row.get("decision"), row)
    return list(strongest.values())[:_MOVING]


def _told(finding: Finding) -> dict[str, str]:
    """A finding as the cover tells it: a long one by its first sentence."""
    return {
        "severity": finding.severity,
        "sentence": first_sentence(finding.sentence),
        "advice": finding.advice,
        "owner": finding.owner,
        "page": finding.page,
    }


def _rivals(pages: Sequence[Page], headline: Sequence[str]) -> dict[str, Any] | None:
    """The competing definitions of one name that nobody has decided: of a headline number where
    one competes, else of the first such name.
    """
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows_of(figure_of(pages, "competing")):
        if row.get("state") == _OPEN and row.get("amount", "") != "":
            groups.setdefault(str(row["title"]), []).append(row)
    several = [rows for rows in groups.values() if len(rows) > 1]
    chosen = next(
        (rows for rows in several if any(row["name"] in headline for row in rows)),
        next(iter(several), None),
    )
    if chosen is None:
        return None
    return {
        "title": str(chosen[0]["title"]),
        "of": next((row["name"] for row in chosen if row["name"] in headline), chosen[0]["name"]),
        "shown": [str(row["value_text"]) for row in chosen],
        "left_out": max(len(chosen) - _RIVALS, 0),
        "rows": [
            {**row, "at": round(float(row["amount"]) * 100, 1)}
            for row in sorted(chosen, key=lambda row: float(row["amount"]))[:_RIVALS]
        ],
        "from": round(float(chosen[0]["amount"]) * 100, 1),
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


def _signed(pages: Sequence[Page]) -> list[dict[str, Any]]:
    """Each department that is asked: how its statements stand, one mark each."""
    return [
        {
            "department": row["department"],
            "state": row["state"],
            "says": row.get("says", ""),
            "agreed": row.get("agreed", ""),
        }
        for row in rows_of(figure_of(pages, "signoffs"))
        if "department" in row and "state" in row
    ]


def _agreed(pages: Sequence[Page]) -> tuple[int, int] | None:
    """How many departments agree, of how many that are asked; None where nobody is asked yet."""
    states = [row["state"] for row in _signed(pages)]
    return (states.count("pass"), len(states)) if states else None
