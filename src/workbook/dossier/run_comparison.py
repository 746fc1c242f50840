"""What differs between two published runs, in words and numbers: for a terminal, or as Markdown
for a pull request.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workbook.dossier.headline_bridge import NO_PARTS
from workbook.dossier.results import markdown_text
from workbook.dossier.run_diff import RAW, changes, findings_compared, source_of
from workbook.words import number, words_of
from workbook.words.wording import capital, humanize

_WORDS = words_of("dossier")
_MOST = 12  # lines of one part; the most important come first
_LINES = 60  # of a comment in Markdown
_DIGITS = 6  # of a metric that no page writes

Results = Mapping[str, Any]


@dataclass(frozen=True)
class ComparedPart:
    """One part of a comparison: its title, and a line for each thing that differs."""

    title: str
    lines: tuple[str, ...]


def compare_runs(then: Results, now: Results) -> list[ComparedPart]:
    """The parts of which something differs, the most important first; none where nothing does."""
    found = changes(now, then)
    parts = {
        "numbers": _numbers(found, then, now),
        "metrics": _metrics(then, now),
        "decisions": list(found["decisions_changed"]),
        "statements": _statements(then, now),
        "new": found["findings_new"],
        "reworded": _reworded(findings_compared(then["findings"], now["findings"])[2]),
        "closed": found["findings_closed"],
        "sources": [*_sources(then, now)],
        "tables": _tables(found),
    }
    return [
        ComparedPart(_WORDS.text(f"diff.{name}", count=len(lines)), tuple(lines))
        for name, lines in parts.items()
        if lines
    ]


def comparison_text(then: Results, now: Results, *, markdown: bool) -> str:
    """Both runs by name, then each part with its first lines and how many more there are."""
    write = markdown_text if markdown else str
    head = _WORDS.text(
        "diff.runs",
        then=then["id"],
        then_of=then["project"]["as_of"],
        now=now["id"],
        now_of=now["project"]["as_of"],
    )
    lines = [f"### {write(head)}" if markdown else head]
    parts = compare_runs(then, now)
    if not parts:
        lines.append(_WORDS.text("diff.nothing"))
    most = max(2, min(_MOST, _LINES // max(len(parts), 1) - 5)) if markdown else _MOST
    for part in parts:
        shown = [f"- {write(line)}" for line in part.lines[:most]]
        if len(part.lines) > most:
            more = _WORDS.text("shell.and_more", count=len(part.lines) - most)
            shown.append(f"- {write(more)}")
        lines += ["", f"**{write(part.title)}**", "", *shown] if markdown else ["", part.title]
        lines += [] if markdown else [f"  {line}" for line in shown]
    return "\n".join(lines)


def _numbers(found: Results, then: Results, now: Results) -> list[str]:
    """Headline numbers that moved; split by cause where the later run was compared with the
    earlier one.
    """
    split = now.get("changes") or {}
    causes = (
        {row["metric"]: row for row in split["numbers"]}
        if split.get("against") == then["id"]
        else {}
    )
    return [
        _WORDS.text(
            "diff.moved",
            what=row["metric"],
            then=row["then"] or _WORDS.text("diff.absent"),
            now=row["now"] or _WORDS.text("diff.absent"),
            causes=[
                _WORDS.text(f"diff.causes.{cause}", by=by)
                for cause in NO_PARTS
                if (by := causes.get(row["metric"], {}).get(cause, ""))
            ],
        )
        for row in found["numbers"]
        if row["then"] != row["now"]
    ]


def _metrics(then: Results, now: Results) -> list[str]:
    """Every metric whose value differs, the greatest share first; a new or missing one last."""
    before, after = then["metric_values"], now["metric_values"]
    moved = [
        (name, before.get(name), after.get(name))
        for name in {**before, **after}
        if before.get(name) != after.get(name)
    ]
    return [
        _WORDS.text(
            "diff.moved",
            what=capital(humanize(name)),
            then=_value(old),
            now=_value(new),
            causes=[],
        )
        for name, old, new in sorted(moved, key=lambda each: -_share(each[1], each[2]))
    ]


def _share(old: str | None, new: str | None) -> Decimal:
    """By which share a metric moved; −1 where it has no value in one of the runs."""
    one, other = _decimal(old), _decimal(new)
    if one is None or other is None:
        return Decimal(-1)
    return abs(other - one) / max(abs(one), abs(other), Decimal("1e-9"))


def _value(text: str | None) -> str:
    value = _decimal(text)
    if value is None:
        return text or _WORDS.text("diff.absent")
    return number.number(value, min(_DIGITS, max(0, -int(value.as_tuple().exponent))))


def _decimal(text: str | None) -> Decimal | None:
    try:
        found = Decimal(text or "")
    except ArithmeticError:
        return None
    return found if found.is_finite() else None


def _statements(then: Results, now: Results) -> list[str]:
    """Each department whose answers to its statements stand otherwise."""
    before, after = _signoffs(then), _signoffs(now)
    return [
        _WORDS.text(
            "diff.moved",
            what=capital(name),
            then=before.get(name) or _WORDS.text("diff.absent"),
            now=after.get(name) or _WORDS.text("diff.absent"),
            causes=[],
        )
        for name in {**before, **after}
        if before.get(name) != after.get(name)
    ]


def _signoffs(results: Results) -> dict[str, str]:
    for page in results["pages"]:
        for figure in page["figures"]:
            if figure.get("role") == "signoffs":
                names = [column["name"] for column in figure["columns"]]
                rows = [dict(zip(names, row, strict=True)) for row in figure["rows"]]
                return {str(row["department"]): str(row.get("says", "")) for row in rows}
    return {}


def _reworded(pairs: Sequence[tuple[Results, Results]]) -> list[str]:
    """Findings of both runs that say something else, or are of another severity."""
    severity = words_of("shared").texts("severity")
    return [
        _WORDS.text(
            "diff.reworded_to",
            now=now["sentence"],
            then=then["sentence"] if then["sentence"] != now["sentence"] else "",
            severities=[severity[each["severity"]] for each in (then, now)]
            if then.get("severity") != now.get("severity")
            else [],
        )
        for then, now in pairs
    ]


def _sources(then: Results, now: Results) -> Iterator[str]:
    """Each source whose content differs, with its rows."""
    before, after = then["tables"], now["tables"]
    for name in sorted({*before, *after}):
        if name.startswith(RAW) and before.get(name) != after.get(name):
            rows = [
                number.integer(tables[name]["rows"])
                if name in tables
                else _WORDS.text("diff.absent")
                for tables in (before, after)
            ]
            yield _WORDS.text("diff.rows", source=source_of(name), then=rows[0], now=rows[1])


def _tables(found: Results) -> list[str]:
    counts = [len(found[name]) for name in ("tables_changed", "tables_new", "tables_gone")]
    if not any(counts):
        return []
    changed, new, gone = counts
    return [_WORDS.text("cover.changed.tables_count", changed=changed, new=new, gone=gone)]


def is_one_project(then: Results, now: Results) -> bool:
    """Whether both runs are of a project of this name."""
    names: Sequence[str] = [results["project"]["name"] for results in (then, now)]
    return names[0] == names[1]
