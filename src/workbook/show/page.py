"""What a page is made of: its answer, its numbered figures, its findings; each knows how to
show itself safely.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from workbook.errors import ShowError
from workbook.finding import Finding, sort_findings
from workbook.show import theme
from workbook.show.cell import data_of
from workbook.show.column import TONES
from workbook.show.figure_body import Body, Cell
from workbook.show.great_table import data_frame, great_table, no_table
from workbook.show.scoped_style import styled
from workbook.show.text import clean, escape
from workbook.words import error_of, words_of
from workbook.words.number import plural
from workbook.words.wording import humanize

_WORDS = words_of("shared")
EVIDENCE = "application/vnd.workbook+json"
_LONG = 6  # rows from which a figure may break across printed pages


class Displayable:
    """Shows itself as HTML, as a line of text, and as the JSON that the dossier reads."""

    def html(self) -> str:
        """Escaped HTML of our classes only."""
        return ""

    def text(self) -> str:
        """One line without any value of the data."""
        return ""

    def as_dict(self) -> dict[str, Any]:
        """The redacted data behind it."""
        return {}

    def __repr__(self) -> str:
        return self.text()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        html = self.html()
        html = html if html.startswith("<style>") else styled(html)
        return {"text/html": html, "text/plain": self.text(), EVIDENCE: self.as_dict()}


@dataclass(frozen=True, repr=False)
class Headline(Displayable):
    """A page's answer as one sentence, and its consequence in two or three; brings the whole
    stylesheet into the notebook, for browsers that cannot bind rules to a place.
    """

    page: str
    name: str
    sentence: str
    lede: str = ""
    owner: str = ""
    state: str = "decided"

    def html(self) -> str:
        """The answer as a page begins with it."""
        owner = clean(self.owner)
        by = (
            _WORDS.text("page.undecided")
            if self.state == "open"
            else owner
            if owner.startswith("decided") or not owner
            else _WORDS.text("page.decided_by", owner=owner)
        )
        lede = f'<p class="wb-lede">{escape(self.lede)}</p>' if self.lede else ""
        return (
            f'<style>{theme.css()}</style><header class="wb wb-head"><p'
            f' class="wb-owner"><strong>{escape(self.page)} · {escape(self.name)}</strong>'
            f" <span>{escape(by)}</span></p><h2"
            f' class="wb-answer">{escape(self.sentence)}</h2>{lede}</header>'
        )

    def text(self) -> str:
        """Page, name and sentence."""
        return f"{clean(self.page)} {clean(self.name)}: {clean(self.sentence)}"

    def as_dict(self) -> dict[str, Any]:
        """What the dossier sets as the page's head."""
        words = {
            "page": self.page,
            "name": self.name,
            "sentence": self.sentence,
            "lede": self.lede,
            "owner": self.owner,
            "state": self.state,
        }
        return {"kind": "headline", **{name: clean(text) for name, text in words.items()}}


@dataclass(frozen=True, repr=False)
class Figure(Displayable):
    """One numbered piece of evidence: the question it answers, its body, its reading rule.

    `legend` pairs words with tones. `frame` is the data behind a body that carries none itself
    (a diagram): numbers, dates and names of the model, never values. `role` is the figure's
    part on the cover.
    """

    number: str
    title: str
    subtitle: str = ""
    body: Body = field(default_factory=lambda: Body(""))
    caption: str = ""
    legend: Sequence[tuple[str, str]] = ()
    frame: pl.DataFrame | None = None
    width: int = 12
    role: str = ""
    behind: Callable[[Sequence[str], str], pl.DataFrame] | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        for words, tone in self.legend:
            if tone not in TONES or not tone:
                raise error_of(
                    ShowError,
                    "show.unknown_tone",
                    figure=clean(self.number),
                    label=clean(words),
                    tone=tone,
                    known=TONES[1:],
                )
        if not 3 <= self.width <= 12:
            raise error_of(ShowError, "show.width", figure=clean(self.number), width=self.width)

    def html(self) -> str:
        """Title, subtitle, legend, body and caption; a figure without rows is a line of its
        title and that it has none.
        """
        number = f'<span class="wb-number">{escape(self.number)}</span> ' if self.number else ""
        title = f'<h3 class="wb-title">{number}{escape(self.title)}</h3>'
        if self.body.empty:
            return (
                '<figure class="wb wb-figure'
                f' wb-empty"><figcaption>{title}</figcaption>{self.body.html}</figure>'
            )
        subtitle = f'<p class="wb-subtitle">{escape(self.subtitle)}</p>' if self.subtitle else ""
        caption = f'<p class="wb-caption">{escape(self.caption)}</p>' if self.caption else ""
        long = " wb-long" if len(self.body.rows) > _LONG else ""
        return (
            '<figure class="wb'
            f' wb-figure{long}"><figcaption>{title}{subtitle}{legend(self.legend)}</figcaption>'
            f"{self._inside()}{caption}</figure>"
        )

    def _inside(self) -> str:
        """The body; a matrix scrolls where it is narrow, so that a keyboard must reach it."""
        scrolls = (
            f' class="wb-scrolls" role="region" tabindex="0" aria-label="{escape(self.title)}"'
            if "wb-matrix" in self.body.html
            else ""
        )
        return f"<div{scrolls}>{self.body.html}</div>"

    def text(self) -> str:
        """Number, title and size."""
        figure = f"Figure {clean(self.number)}: " if self.number else ""
        return f"{figure}{clean(self.title)} ({self.body.what})"

    def as_dict(self) -> dict[str, Any]:
        """The redacted rows; a figure that plays a role carries them as written text, too
        (`texts`).
        """
        columns, rows = self._data()
        words = {
            "number": self.number,
            "title": self.title,
            "subtitle": self.subtitle,
            "caption": self.caption,
            "role": self.role,
        }
        shown = (
            {"texts": [list(row) for row in self.body.texts]}
            if self.role and self.body.texts
            else {}
        )
        return {
            "kind": "figure",
            **{name: clean(text) for name, text in words.items()},
            "width": self.width,
            "columns": [dict(column) for column in columns],
            "rows": [list(row) for row in rows],
            **shown,
        }

    @property
    def data(self) -> pl.DataFrame:
        """What the figure shows, redacted: one row is one row of its table, one point of its
        chart.

        >>> from workbook import Workbook
        >>> Workbook.open("shop").entities.inventory().data.columns[:2]
        ['entity', 'row_is']
        """
        columns, rows = self._data()
        return data_frame(columns, rows)

    def rows(self, name: str = "") -> pl.DataFrame:
        """The rows behind a name that the figure shows, personal values as tokens: whom a metric
        counts, for whom a rule holds, whose records conflict, who is in a view.

        >>> from workbook import Workbook
        >>> Workbook.open("shop").metrics.every_number().rows("People").height
        4

        Raises:
            WorkbookError: nothing of that name stands in the figure, or no rows are kept behind it.
        """
        if self.behind is None:
            raise ShowError(words_of("data").text("errors.no_rows_kept"))
        texts = [text for row in self.body.texts for text in row] + [self.title]
        return self.behind(texts, name)

    @property
    def gt(self) -> Any:
        """The table as a `great_tables.GT` over `data`, to take and change.

        >>> from workbook import Workbook
        >>> table = Workbook.open("shop").entities.inventory().gt
        >>> type(table).__name__, "Which entities exist?" in table.as_raw_html()
        ('GT', True)

        Raises:
            ShowError: the figure is a chart, a diagram or several tables.
        """
        if self.body.recipe is None:
            raise no_table(f"Figure {clean(self.number)}")
        return great_table(
            self.body.recipe,
            self.body.columns,
            self.body.rows,
            self.body.texts,
            title=clean(self.title),
            subtitle=clean(self.subtitle),
            caption=clean(self.caption),
        )

    def _data(self) -> tuple[Sequence[Mapping[str, str]], Sequence[Sequence[Cell]]]:
        if self.frame is None or self.body.columns:
            return self.body.columns, self.body.rows
        columns = [
            {"name": name, "label": humanize(name), "kind": "words"}
            for name in map(clean, self.frame.columns)
        ]
        return columns, [[data_of(value) for value in row] for row in self.frame.rows()]


@dataclass(frozen=True, repr=False)
class FindingsList(Displayable):
    """What is open on a page, trouble first."""

    findings: Sequence[Finding]

    def html(self) -> str:
        """One line per finding, with its owner."""
        if not self.findings:
            calm = escape(_WORDS.text("page.no_findings"))
            return f'<section class="wb wb-findings wb-calm"><p>{calm}</p></section>'
        worst = (
            "fail"
            if any(finding.severity == "fail" for finding in self.findings)
            else "look"
            if any(finding.severity == "look" for finding in self.findings)
            else "note"
        )
        rows = "".join(
            _finding(sort_finding) for sort_finding in sort_findings(list(self.findings))
        )
        return (
            f'<section class="wb wb-findings wb-worst-{worst}"><h3 class="wb-title">'
            f"{escape(_WORDS.text('page.findings'))}</h3><ul>{rows}</ul></section>"
        )

    def text(self) -> str:
        """How many there are."""
        return plural(len(self.findings), "finding")

    def as_dict(self) -> dict[str, Any]:
        """The findings as plain values."""
        return {
            "kind": "findings",
            "findings": [
                _clean(sort_finding.as_dict())
                for sort_finding in sort_findings(list(self.findings))
            ],
        }


def legend(pairs: Sequence[tuple[str, str]]) -> str:
    """Words beside the tone that stands for them."""
    items = " ".join(
        f'<span class="wb-key"><span class="wb-swatch wb-b-{tone}"'
        f' aria-hidden="true"></span>{escape(words)}</span>'
        for words, tone in pairs
    )
    return f'<p class="wb-legend">{items}</p>' if items else ""


_SIGNS = {"fail": "✕", "look": "▲", "note": "·"}


def _finding(finding: Finding) -> str:
    symbol, words = _SIGNS[finding.severity], _WORDS.text(f"severity.{finding.severity}")
    more = " ".join(text for text in (finding.effect, finding.advice) if text)
    detail = f' <span class="wb-detail">{escape(more)}</span>' if more else ""
    owner = f' <span class="wb-quiet">{escape(finding.owner)}</span>' if finding.owner else ""
    return (
        f'<li><span class="wb-{finding.severity} wb-symbol" aria-hidden="true">{symbol}</span>'
        f' <span class="wb-said">{words}:'
        f" </span><span>{escape(finding.sentence)}{owner}{detail}</span></li>"
    )


def _clean(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: (
            clean(value)
            if isinstance(value, str)
            else [clean(item) for item in value]
            if isinstance(value, list)
            else value
        )
        for name, value in values.items()
    }


@dataclass(frozen=True, repr=False)
class StyleTag:
    """The stylesheet alone, for a notebook that has no headline."""

    def __repr__(self) -> str:
        return "The workbook's stylesheet"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {"text/html": f"<style>{theme.css()}</style>", "text/plain": repr(self)}


def style_tag() -> StyleTag:
    """A displayable that puts the stylesheet into a notebook."""
    return StyleTag()
