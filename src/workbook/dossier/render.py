"""Cover and pages as one HTML file that works offline: one stylesheet bound by its digest, no
script, no address.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from workbook.dossier.cross_references import linked, targets
from workbook.dossier.pages import Page
from workbook.errors import PageError
from workbook.model.as_of import UNDATED
from workbook.words import catalogue_language, error_of, number, words_of
from workbook.words.wording import capital


def render(
    templates: Path,
    style: str,
    *,
    project: Mapping[str, Any],
    run_id: str,
    pages: Sequence[Page],
    cover: Mapping[str, Any],
) -> bytes:
    """The dossier; `style` is the stylesheet of the figures, `templates` holds
    `dossier.html.j2` and `dossier.css`.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    anchors = targets(pages)
    environment.filters |= {
        "day": day,
        "about_day": about_day,
        "capital": capital,
        "linked": lambda html: linked(html, anchors),
    }
    shared = words_of("shared")
    environment.globals |= {
        "t": words_of("dossier").text,
        "severity": shared.texts("severity"),
        "check": shared.texts("check"),
    }
    sheet = stylesheet(style, (templates / "dossier.css").read_text("utf-8"), project, run_id)
    page = environment.get_template("dossier.html.j2").render(
        style=sheet,
        policy=policy(sheet),
        project=project,
        run_id=run_id,
        pages=pages,
        cover=cover,
        undated=UNDATED,
        language=catalogue_language(),
    )
    return page.encode()


def stylesheet(figures: str, pages: str, project: Mapping[str, Any], run_id: str) -> str:
    """Both stylesheets and the running head of the printed pages, fit to stand inside `<style>`."""
    head = css_text(words_of("dossier").text("shell.heading", project=project["name"]))
    foot = css_text(
        f"{about_day(project['as_of'])} · {words_of('dossier').text('shell.run', run=run_id)}"
    )
    running = (
        f"@page {{ @top-left {{ content: {head}; }} @bottom-left {{ content: {foot}; }}"
        ' @bottom-right { content: counter(page) " / " counter(pages); } }'
    )
    sheet = f"{figures}\n{pages}\n{running}"
    if re.search(r"</|<!--|@import|url\(", sheet, re.IGNORECASE):
        raise error_of(PageError, "dossier.stylesheet")
    return sheet


def day(text: str) -> str:
    """An ISO date as people write it; other words as they are.

    >>> day("2026-09-04"), day("latest")
    ('4 September 2026', 'latest')
    """
    try:
        return number.date(dt.date.fromisoformat(str(text)), long=True)
    except ValueError:
        return str(text)


def about_day(text: str, *, first: bool = False, as_written: bool = False) -> str:
    """What a run is about: the end of a day, or that nothing is dated; `first` begins a sentence.

    >>> about_day("2026-09-04"), about_day("no date in the data", first=True)
    ('as of 4 September 2026', 'No date in the data')
    """
    about = (
        text
        if text == UNDATED
        else words_of("dossier").text("shell.as_of", day=text if as_written else day(text))
    )
    return capital(about) if first else about


def policy(sheet: str) -> str:
    """The content security policy: nothing loads, nothing runs, and only this stylesheet
    applies.
    """
    digest = b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none';"
        " form-action 'none'"
    )


def css_text(text: str) -> str:
    """A CSS string: every character but letters, digits, spaces and plain points is written as
    its code.

    >>> css_text('a"b')
    '"a\\\\22 b"'
    """
    return '"' + re.sub(r"[^A-Za-z0-9 .,:-]", lambda found: f"\\{ord(found[0]):x} ", text) + '"'
