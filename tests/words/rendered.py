"""What a dossier says, piece by piece, and the rules of words that a program can hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import NamedTuple

VOID = {"br", "img", "meta", "link", "input", "hr", "path", "rect", "line", "circle", "use"}
# By the class of the element that holds it.
KINDS = {
    "wb-answer": "headline",
    "wb-lede": "lede",
    "wb-title": "title",
    "wb-subtitle": "subtitle",
    "wb-caption": "caption",
    "wb-nothing": "empty",
    "wb-part": "title",
    "wb-group-head": "head",
    "wb-spanner": "head",
    "book-subtitle": "subtitle",
    "book-caption": "caption",
    "book-lede": "lede",
}
# What is quoted or made for whoever maintains the model, not said by a page.
SILENT = {"book-made", "wb-token", "wb-said"}
# A row's head that holds a value of the data or a name in a steward's table.
QUOTES = {"wb-k-value", "wb-k-mono", "wb-k-date"}
APART = "\0"  # between a text and the grey one below it


class Piece(NamedTuple):
    """One text of a page: where it stands (`page`, `kind`) and what it says."""

    page: str
    kind: str
    text: str


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self.page = "cover"
        self.open: list[tuple[str, str | None, bool]] = []  # tag, kind, silent
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = given.get("class", "").split()
        if tag == "section" and given.get("id", "").startswith("page-"):
            self.page = given["id"].removeprefix("page-")
        if tag in VOID:
            return
        kind = next((KINDS[each] for each in classes if each in KINDS), None)
        kind = kind or {"th": "head", "td": "cell", "h2": "headline", "h3": "title"}.get(tag)
        if tag == "li" and self._in("wb-findings"):
            kind = "finding"
        if kind == "head" and given.get("scope") == "row" and QUOTES & set(classes):
            kind = "cell"
        if set(classes) & {"wb-quiet", "wb-detail"} and self._kind():
            self.text.append(APART)
        silent = tag in ("style", "pre", "code", "svg", "nav", "title") or bool(
            SILENT & set(classes)
        )
        if kind and self._kind() is None:
            self.text = []
        self.open.append((tag, kind or " ".join(classes) or None, silent))

    def _in(self, cls: str) -> bool:
        return any(cls in (kind or "") for _, kind, _ in self.open)

    def _kind(self) -> str | None:
        known = {*KINDS.values(), "head", "cell", "finding"}
        return next((kind for _, kind, _ in self.open if kind in known), None)

    def handle_data(self, data: str) -> None:
        if not any(silent for _, _, silent in self.open):
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            kind = self._kind()
            here = self.open.pop()
            if kind and self._kind() is None:
                for part in "".join(self.text).split(APART):
                    if text := " ".join(part.split()):
                        self.pieces.append(Piece(self.page, kind, text))
                self.text = []
            if here[0] == tag:
                break


def pieces(html: str) -> list[Piece]:
    """Every heading, caption, head, cell and finding of a dossier, in the order of the page."""
    reader = _Reader()
    reader.feed(html)
    return reader.pieces


SAID = ("headline", "lede", "title", "subtitle", "caption", "empty", "finding", "head")
SENTENCES = ("headline", "lede", "subtitle", "caption", "empty", "finding")
NAME = re.compile(
    r"(?<![\w@/.-])(?![a-z]+_[a-z2-7]{10}(?!\w))(?:[a-z][a-z0-9]*_[a-z0-9_]+"
    r"|[a-z][a-z0-9]+\.[a-z][a-z_]+)"
    r"(?![\w@/-])"
)
QUOTED = re.compile("“[^”]*”|‘[^’]*’|`[^`]*`")
MOST = 25  # words a sentence

# Phrases of ours that have a term of the trade (words.md), each with what it is not.
FORBIDDEN = {
    "a metaphor of ours": re.compile(
        r"\b(?:rests? on|bears? the|speaks? (?:of|again)|at its door|by likeness|tells? apart"
        r"|tell its rows apart|links? nobody|earn its place)\b"
    ),
    "to look at": re.compile(r"\b(?:to look at|worth knowing|call for a look)\b"),
    "value that stands": re.compile(
        r"\b(?:value|rule|decision|order|number|statement|sentence|it|they|that|which|still)"
        r" (?:still )?stands?\b(?! for\b)|\bwhose value stands\b"
    ),
    "written over": re.compile(r"\bwritten over\b"),
    "what waits": re.compile(
        r"\b(?:waits?|waiting) for (?:people|a decision|a look)\b|\bwhat waits\b"
    ),
    "outside figure": re.compile(r"\boutside figures?\b"),
    "stretch of time": re.compile(r"\bstretch(?:es)? of time\b"),
    "learned late": re.compile(r"\blearned late\b"),
    "reach none": re.compile(r"\breach(?:es)? (?:none|nobody|nothing)\b"),
    "an inverted conditional": re.compile(
        r"(?:^|[.;] )Were [a-z0-9]+ [a-z]+ (?:one|a|an|the|not)\b"
    ),
    "an ellipsis": re.compile("…|\\.\\.\\."),
}


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text; abbreviations and decimals do not end one."""
    for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z0-9“\"])", text):
        if sentence.strip():
            yield sentence.strip()


def words_in(sentence: str) -> int:
    """How many words a sentence has, without what it quotes, and lists behind a colon or in
    brackets.
    """
    plain = re.sub(r"\([^)]*\)", "", QUOTED.sub("it", sentence))
    before, _, listed = plain.rpartition(": ")
    plain = before if before and listed.count(",") + listed.count(" and ") > 0 else plain
    return len(re.findall(r"[\w€$£%’'-]+", plain))


def faults(pieces: list[Piece]) -> list[str]:
    """What a dossier says against the rules, each with its place."""
    found = []
    for piece in pieces:
        if piece.kind not in SAID:
            continue
        at = f"{piece.page} {piece.kind}: "
        plain = QUOTED.sub("", piece.text)
        for name in NAME.findall(plain):
            found.append(f"{at}a name of the model ({name}): {piece.text[:160]}")
        for rule, phrase in FORBIDDEN.items():
            if phrase.search(plain):
                found.append(f"{at}{rule} ({phrase.search(plain)[0]}): {piece.text[:160]}")
        if piece.kind in SENTENCES:
            # a team's reasons are quoted, in the words of the team
            for sentence in sentences(piece.text.partition("Reasons given: ")[0]):
                if words_in(sentence) > MOST:
                    found.append(f"{at}{words_in(sentence)} words: {sentence[:300]}")
    return found


def words_of_page(pieces: list[Piece], page: str) -> str:
    """What a page says, a line each: what its snapshot holds. Cells are the data's."""
    said = [each for each in pieces if each.page == page and each.kind != "cell"]
    lines = dict.fromkeys(f"{each.kind}: {each.text}" for each in said)
    return "\n".join(lines) + "\n"
