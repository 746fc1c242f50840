"""A kept notebook as a page of the dossier: its answer, its evidence in order, its findings,
its code.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from workbook.dossier.execute import title_of
from workbook.dossier.markdown import to_html
from workbook.dossier.page_provenance import PageTable
from workbook.dossier.sanitize_html import rebuild
from workbook.dossier.sanitize_notebook import evidence
from workbook.errors import PageError
from workbook.finding import ORDER, Finding, sort_findings
from workbook.steps import STEPS
from workbook.strip_notebook import needs_person
from workbook.words import error_of

STEP_PAGES = frozenset(f"{step.page}_{step.word}" for step in STEPS)
STEP_NUMBERS = frozenset(step.page for step in STEPS)
_NUMBERED = re.compile(r"\d{1,2}b?\.\d{1,2}")
LONG = 6  # rows from which a figure may break over printed pages


BlockKind = Literal["figure", "findings", "guide"]


@dataclass(frozen=True)
class PageBlock:
    """One thing on a page below its answer; `html` is safe, `long` says that it may take more
    than a printed page, `number` is that of a step's figure, the first of this number.
    """

    kind: BlockKind
    html: str
    width: int = 12
    long: bool = False
    number: str = ""

    @property
    def anchor(self) -> str:
        """Where links to this figure lead; '' where it has no number of its own."""
        return f"figure-{self.number.replace('.', '-')}" if self.number else ""


@dataclass(frozen=True)
class Note:
    """One cell of the notebook, as the folded part of a page shows it: safe HTML of prose, or
    plain code.
    """

    kind: Literal["prose", "code"]
    text: str


@dataclass(frozen=True)
class Page:
    """One notebook as the dossier shows it; `figures` are the redacted data behind it. A page of
    a team's own, which is no step's, shows its prose between its figures.
    """

    name: str
    number: str
    title: str
    headline: Mapping[str, str]
    blocks: tuple[PageBlock, ...]
    notes: tuple[Note, ...]
    findings: tuple[Finding, ...]
    figures: tuple[Mapping[str, Any], ...] = ()
    tables: tuple[PageTable, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the step is still to be decided."""
        return self.headline.get("state") == "open"

    @property
    def decided_by(self) -> str:
        """Who decided, in words."""
        owner = self.headline.get("owner", "")
        if self.is_open:
            return "not decided yet"
        return owner if not owner or owner.startswith("decided") else f"decided by {owner}"

    @property
    def anchor(self) -> str:
        """Where links to this page lead."""
        return f"page-{_key(self.name)}"

    def count(self, severity: str) -> int:
        """How many findings of one severity the page has."""
        return sum(finding.severity == severity for finding in self.findings)


def page_of(name: str, node: Any, style: str) -> Page:
    """Read one kept notebook.

    Raises:
        PageError: its evidence is not of the shape that `show/` gives, or holds markup that a
          dossier may not carry.
    """
    reader = _Reader(name, style)
    for cell in node.cells:
        reader.read(cell)
    title = re.sub(r"^\w+ · ", "", title_of(node, name))
    if not reader.own:  # the name of a step; what it asks is for the notebook
        title = title.split(":")[0]
    headline = {
        "sentence": "",
        "lede": "",
        "owner": "",
        "state": "",
        "name": title,
        **reader.headline,
    }
    return Page(
        name,
        reader.number,
        str(headline["name"]),
        headline,
        tuple(reader.blocks),
        tuple(reader.notes),
        tuple(sort_findings(reader.findings)),
        tuple(reader.figures),
    )


class _Reader:
    """Walks the cells of one notebook and gathers what the page needs."""

    def __init__(self, name: str, style: str) -> None:
        self.name, self.style, self.own = name, style, name not in STEP_PAGES
        self.number = name.split("_", maxsplit=1)[0]
        self.headline: dict[str, str] = {}
        self.blocks: list[PageBlock] = []
        self.notes: list[Note] = []
        self.findings: list[Finding] = []
        self.figures: list[Mapping[str, Any]] = []

    def read(self, cell: Any) -> None:
        if cell.cell_type == "markdown":
            self._prose(cell.source)
        elif cell.cell_type == "code":
            if cell.source.strip() and not needs_person(cell):
                self.notes.append(Note("code", cell.source.strip()))
            for value, html in evidence(cell):
                self._evidence(check_json(value, self.name), html)

    def _prose(self, text: str) -> None:
        if text.startswith("# "):  # the title stands in the page's head
            text = text.partition("\n")[2]
        if not text.strip():
            return
        if self.own:
            self.blocks.append(PageBlock("guide", to_html(text)))
        else:
            self.notes.append(Note("prose", to_html(text)))

    def _evidence(self, value: dict[str, Any], html: str) -> None:
        kind = value.get("kind")
        if self.own:
            self._own(kind, value, html)
        elif kind == "headline":
            self.headline = {key: text for key, text in value.items() if isinstance(text, str)}
        elif kind == "figure":
            self.figures.append(value)
            number = str(value.get("number", ""))
            known = not _NUMBERED.fullmatch(number) or any(
                block.number == number for block in self.blocks
            )
            long = len(value.get("rows", ())) > LONG
            self._block("figure", html, _width(value), long, "" if known else number)
        elif kind == "findings":
            self.findings += [_finding(item, self.name) for item in value.get("findings", ())]
            self._block("findings", html, 12, long=True)
        elif kind == "decision":
            self.notes += [
                Note("code", f"# {part['place']}\n{part['yaml']}".rstrip())
                for part in value.get("parts", ())
            ]
        elif kind != "exercise":
            raise error_of(PageError, "dossier.no_evidence", page=self.name)

    def _own(self, kind: object, value: dict[str, Any], html: str) -> None:
        """Evidence on a page of a team's own: what it takes from a step is shown once more, and
        neither counted again nor set on the cover.
        """
        is_head = value.get("page") == self.number and self.number not in STEP_NUMBERS
        if kind == "headline" and is_head:
            self.headline = {key: text for key, text in value.items() if isinstance(text, str)}
        elif kind == "figure":
            self.figures.append({**value, "role": ""})
            self._block("figure", html, _width(value), len(value.get("rows", ())) > LONG)
        elif kind in ("headline", "findings", "decision"):
            self._block("figure", html, 12, long=True)
        elif kind != "exercise":
            raise error_of(PageError, "dossier.no_evidence", page=self.name)

    def _block(self, kind: BlockKind, html: str, width: int, long: bool, number: str = "") -> None:
        prefix = f"p{_key(self.name)}-{len(self.blocks)}-"
        self.blocks.append(
            PageBlock(kind, rebuild(html, prefix=prefix, style=self.style), width, long, number)
        )


def _key(name: str) -> str:
    """What names a page in links: a step's number, or the whole name of a page of a team's own,
    which may have a number that another one has.
    """
    return name.partition("_")[0] if name in STEP_PAGES else re.sub(r"[^A-Za-z0-9-]", "-", name)


def check_json(value: Any, name: str) -> Any:
    """The same JSON, or an error where a number is not finite (JSON has no word for it)."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Mapping):
            waiting.extend(item.values())
        elif isinstance(item, (list, tuple)):
            waiting.extend(item)
        elif isinstance(item, float) and not math.isfinite(item):
            raise error_of(PageError, "dossier.not_finite", page=name)
    return value


def _width(value: Mapping[str, Any]) -> int:
    width = value.get("width", 12)
    return width if isinstance(width, int) and 3 <= width <= 12 else 12


def _finding(item: Mapping[str, Any], name: str) -> Finding:
    try:
        finding = Finding(**{**item, "about": tuple(item.get("about", ()))})
    except TypeError:
        raise error_of(PageError, "dossier.findings_shape", page=name) from None
    if finding.severity not in ORDER:
        raise error_of(PageError, "dossier.finding_severity", page=name)
    return finding
