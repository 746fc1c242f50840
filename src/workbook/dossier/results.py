"""The machine-readable side of a run: results.json, junit.xml, summary.md."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from workbook.dossier.pages import Page
from workbook.dossier.render import about_day
from workbook.finding import ORDER, Finding, sort_findings
from workbook.words import words_of
from workbook.words.wording import capital

_WORDS = words_of("dossier")
VERSION = 2
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def results(
    project: Mapping[str, Any],
    pages: Sequence[Page],
    tables: Mapping[str, Any],
    decisions: Mapping[str, str],
    values: Mapping[str, str],
    metrics: Mapping[str, str],
) -> dict[str, Any]:
    """Everything that the pages concluded, without what may differ between identical runs.

    `decisions` are the files that people decide in, each with its digest; `values` the headline
    numbers by label and `metrics` every metric by name, both unrounded.
    """
    return {
        "version": VERSION,
        "project": dict(project),
        "decisions": dict(decisions),
        "headline_values": dict(values),
        "metric_values": dict(metrics),
        "headline_metrics": rows_of(figure_of(pages, "headline_metrics")),
        "pages": [_page(page) for page in pages],
        "findings": [finding.as_dict() for finding in all_findings(pages)],
        "tables": {name: tables[name] for name in sorted(tables)},
    }


def all_findings(pages: Sequence[Page]) -> list[Finding]:
    """The findings of every page, trouble first."""
    return sort_findings([finding for page in pages for finding in page.findings])


def figure_of(pages: Sequence[Page], role: str) -> Mapping[str, Any] | None:
    """The first figure that plays a role on the cover."""
    return next(
        (figure for page in pages for figure in page.figures if figure.get("role") == role), None
    )


def rows_of(figure: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """A figure's rows by column name; values as they are, absence as an empty text."""
    if figure is None:
        return []
    names = [column["name"] for column in figure["columns"]]
    return [
        {name: "" if value is None else value for name, value in zip(names, row, strict=True)}
        for row in figure["rows"]
    ]


def to_bytes(value: Any) -> bytes:
    """JSON as it is stored: two spaces, UTF-8, keys in the order given, never NaN."""
    return (json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def junit(pages: Sequence[Page]) -> bytes:
    """One suite a page and one case a finding; `fail` is a failure, the rest pass and say so in
    their output.
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    findings = all_findings(pages)
    failures = sum(finding.severity == "fail" for finding in findings)
    lines.append(
        f'<testsuites name="workbook" tests="{sum(max(1, len(p.findings)) for p in pages)}"'
        f' failures="{failures}">'
    )
    for page in pages:
        lines.append(
            f'  <testsuite name={_xml(page.name)} tests="{max(1, len(page.findings))}"'
            f' failures="{page.count("fail")}">'
        )
        lines += [_case(page, finding) for finding in page.findings] or [
            f"    <testcase classname={_xml(page.name)}"
            f" name={_xml(_WORDS.text('summary.nothing_found'))}/>"
        ]
        lines.append("  </testsuite>")
    return "\n".join([*lines, "</testsuites>", ""]).encode()


def summary(results: Mapping[str, Any], cover: Mapping[str, Any]) -> bytes:
    """The run in a screenful of Markdown, for a pull request."""
    lines = [
        f"# {markdown_text(results['project']['name'])}",
        "",
        markdown_text(cover["sentence"]),
        "",
        (
            f"{about_day(results['project']['as_of'], first=True, as_written=True)},"
            f" {_WORDS.text('shell.run', run=results['id'])}."
        ),
        "",
    ]
    if results["headline_metrics"]:
        heads = [
            _WORDS.text(f"summary.{name}")
            for name in ("number", "value", "period", "control", "caveats")
        ]
        lines += [f"| {' | '.join(heads)} |", "|---|---:|---|---|---|"]
        lines += [
            "| "
            + " | ".join(
                markdown_text(row.get(name, ""))
                for name in ("metric", "value_text", "period", "control", "caveat")
            )
            + " |"
            for row in results["headline_metrics"]
        ] + [""]
    for severity in ORDER:
        chosen = [row for row in results["findings"] if row["severity"] == severity]
        if chosen:
            counted = words_of("shared").text(f"severity_count.{severity}", count=len(chosen))
            lines += [f"## {capital(counted)}", ""]
            lines += [f"- {row['page']} {markdown_text(row['sentence'])}" for row in chosen] + [""]
    return "\n".join(lines).encode()


def _page(page: Page) -> dict[str, Any]:
    return {
        "page": page.number,
        "name": page.name,
        "title": page.title,
        "headline": dict(page.headline),
        "figures": [
            {key: value for key, value in figure.items() if key != "kind"}
            for figure in page.figures
        ],
    }


def _case(page: Page, finding: Finding) -> str:
    name = " ".join((finding.code, *finding.about))
    inside = (
        f"<failure message={_xml(finding.sentence)}/>"
        if finding.severity == "fail"
        else (
            f"<properties><property name={_xml(finding.severity)}"
            f" value={_xml(finding.sentence)}/></properties>"
        )
    )
    return f"    <testcase classname={_xml(page.name)} name={_xml(name)}>{inside}</testcase>"


def _xml(text: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", text))


def markdown_text(text: object) -> str:
    """A text as Markdown that shows it as it is, in one line."""
    plain = re.sub(r"\s+", " ", str(text)).strip()
    return re.sub(r"([\\`*_\[\]<>|#~])", r"\\\1", plain)
