"""The decision of a page as it is written now, or an example to begin with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from workbook.model import Model
from workbook.model.yaml_paths import at_place
from workbook.model.yaml_render import render, scalar
from workbook.resources import resources
from workbook.scenarios.yaml_values import shown_values
from workbook.show.page import Displayable
from workbook.show.text import clean, escape
from workbook.words import words_of

_WORDS = words_of("walk")
_TYPED = re.compile(r"\d[\w.%-]*(?: \w+)*")  # 10, 2 years, 2025-06-30
_MOST_LINES = 60  # of a card; a longer decision names where the rest stands


@dataclass(frozen=True)
class WrittenPart:
    """A part of a decision: its place (`file:line`) and its YAML, without values of people."""

    place: str
    yaml: str


@dataclass(frozen=True, repr=False)
class DecisionCard(Displayable):
    """The YAML of a decision; `example` where none is written and one is proposed."""

    file: str
    parts: tuple[WrittenPart, ...]
    left_out: tuple[str, ...] = ()
    example: bool = False
    draft: bool = False  # an example that is made from the project's own sources

    @property
    def title(self) -> str:
        """What the card holds."""
        kind = "draft" if self.draft else "example" if self.example else "title"
        return _WORDS.text(f"decision.{kind}", file=self.file)

    def html(self) -> str:
        """The parts, one below another."""
        drawn = "".join(
            f'<p class="wb-part">{escape(each.place)}</p>'
            f'<pre class="wb-code"><code>{_escaped(each.yaml)}</code></pre>'
            for each in self.parts
        )
        rest = _WORDS.text("decision.rest", places=list(self.left_out)) if self.left_out else ""
        more = f'<p class="wb-caption">{escape(rest)}</p>' if rest else ""
        return (
            f'<section class="wb wb-decision"><h3 class="wb-title">{escape(self.title)}</h3>'
            f"{drawn}{more}</section>"
        )

    def text(self) -> str:
        """The file and how many parts are shown."""
        return f"{clean(self.title)} ({len(self.parts)})"

    def as_dict(self) -> dict[str, Any]:
        """The parts as plain texts."""
        return {
            "kind": "decision",
            "title": clean(self.title),
            "example": self.example,
            "parts": [
                {"place": clean(each.place), "yaml": _clean_lines(each.yaml)} for each in self.parts
            ],
            "left_out": list(map(clean, self.left_out)),
        }


def card_of(
    model: Model,
    word: str,
    places: Sequence[tuple[str, ...]],
    draft: Mapping[str, Any] | None = None,
) -> DecisionCard:
    """The decision of a step at some places of its file; where the step is open the draft, or
    without one an example.
    """
    if model.is_open(word):
        return _draft(model, word, draft) if draft else _example(model, word)
    parts: list[WrittenPart] = []
    left: list[str] = []
    lines = 0
    for written in _parts(model, word, places):
        count = written.yaml.count("\n")
        if parts and lines + count > _MOST_LINES:
            left.append(written.place)
            continue
        parts.append(written)
        lines += count
    return DecisionCard(model.texts[word].file, tuple(parts), tuple(left))


def _parts(model: Model, word: str, places: Sequence[tuple[str, ...]]) -> Iterator[WrittenPart]:
    """A part for each place that is written; neighbours at the top of the file are one part."""
    text = model.texts[word]
    for top, group in groupby(places, key=lambda place: len(place) == 1):
        written = [place for place in group if at_place(text.values, place) not in (None, {}, [])]
        for part in [written] if top and written else [[place] for place in written]:
            entries: dict[str, Any] = {}
            for place in part:
                value: Any = shown_values(model, at_place(text.values, place), place)
                for key in reversed(place[1:]):
                    value = {key: value}
                entries[place[0]] = value
            yield WrittenPart(f"{text.file}:{text.line(part[0])}", render(entries, say=_plain))


def _plain(value: Any) -> str:
    """A value as it is typed: every scalar of these files is read as text."""
    return str(value) if _TYPED.fullmatch(str(value)) else scalar(str(value))


def _draft(model: Model, word: str, draft: Mapping[str, Any]) -> DecisionCard:
    file = model.texts[word].file
    part = WrittenPart(file, render(draft, say=_plain))
    return DecisionCard(file, (part,), example=True, draft=True)


def _example(model: Model, word: str) -> DecisionCard:
    file = model.texts[word].file
    name = file.rpartition("/")[2]
    yaml = "\n".join(_lines(resources("templates") / "first" / "model" / name))
    return DecisionCard(file, (WrittenPart(name, yaml),), example=True)


def _lines(path: Any) -> Iterator[str]:
    for line in path.read_text("utf-8").splitlines():
        if not line.startswith("# yaml-language-server"):
            yield line


def _escaped(text: str) -> str:
    return "\n".join(escape(line) if line.strip() else "" for line in text.rstrip("\n").split("\n"))


def _clean_lines(text: str) -> str:
    return "\n".join(clean(line) if line.strip() else "" for line in text.split("\n"))
