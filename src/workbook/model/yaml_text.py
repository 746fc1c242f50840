"""YAML read safely: every scalar as the text that was typed, every place remembered, traps
refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from workbook.errors import Problem

LIMIT, DEPTH = 1_000_000, 50
_DEEP = f"this is nested more than {DEPTH} deep."
Place = tuple[str | int, ...]
_HALF = re.compile("[\ud800-\udfff]")


@dataclass
class Text:
    """One file: its values (all scalars as text, an empty one as None), and the line of every
    place.

    `replaced` holds what the file says where something else was asked for.
    """

    file: str
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    replaced: dict[str, Any] = field(default_factory=dict)

    def line(self, place: Place) -> int:
        """The line of a place, or of the nearest place around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def refuse(self, line: int, what: str, advice: str = "") -> None:
        """Notes a problem at a line of this file."""
        self.problems.append(Problem(self.file, line, what, advice))


def read_text(path: Path, name: str) -> Text:
    """The file's values and places; what is wrong with its form stands in `problems`."""
    text = Text(name)
    raw = path.read_bytes()
    if len(raw) > LIMIT:
        text.refuse(0, f"the file has {len(raw):,} bytes; a model file may have {LIMIT:,}.")
        return text
    try:
        content = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text.refuse(
            raw[: error.start].count(b"\n") + 1, "this is not UTF-8.", "Save the file as UTF-8."
        )
        return text
    try:
        if _has_aliases(content):
            text.refuse(
                1, "anchors and aliases are not allowed.", "Write the value out at each place."
            )
            return text
        root = YAML(typ="safe", pure=True).compose(content)
    except RecursionError:
        text.refuse(_too_deep(content), _DEEP)
        return text
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = f"this is not valid YAML: {error.problem or error.context}."
        text.refuse(mark.line + 1 if mark else 1, what, _remedy(content, mark.index if mark else 0))
        return text
    except ReaderError as error:
        line = content.count("\n", 0, error.position) + 1
        text.refuse(
            line,
            f"the character U+{error.character:04X} may not stand in YAML.",
            "Delete it: it is a control character that no editor shows.",
        )
        return text
    if root is None or (isinstance(root, ScalarNode) and not root.value):
        return text
    if not isinstance(root, MappingNode):
        text.refuse(1, "a model file is a map of words to decisions, and this one is not.")
        return text
    text.values = _value(root, (), text, 0)
    return text


def _remedy(content: str, at: int) -> str:
    """What to do about YAML that cannot be read at a position."""
    if content[at : at + 1] == "\t":
        return "Indent with blanks: YAML allows no tab there."
    if content[at : at + 1] in ("@", "`", "%"):
        return f"Quote text that begins with {content[at]}."
    return "Quote text that contains : # , { or }."


def _has_aliases(content: str) -> bool:
    """Whether a value stands for another one; where the two signs of it are not both there, the
    text need not be read for it.
    """
    if "&" not in content or "*" not in content:
        return False
    return any(
        type(event).__name__ == "AliasEvent" for event in YAML(typ="safe", pure=True).parse(content)
    )


def _too_deep(content: str) -> int:
    """The line from which on the text is nested deeper than a model may be."""
    depth = 0
    for event in YAML(typ="safe", pure=True).parse(content):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEPTH:
            return int(event.start_mark.line) + 1
    return 1


def _value(node: Node, place: Place, text: Text, depth: int) -> Any:
    line = node.start_mark.line + 1
    text.lines.setdefault(place, line)
    if depth > DEPTH:
        text.refuse(line, _DEEP)
        return None
    if _tagged(node):
        text.refuse(line, f"tag '{node.tag}' is not allowed.", "Write the value without it.")
    if node.anchor:
        text.refuse(
            line, f"anchor '&{node.anchor}' is not allowed.", "Write the value out at each place."
        )
    if isinstance(node, MappingNode):
        return dict(_pairs(node, place, text, depth))
    if isinstance(node, SequenceNode):
        return [
            _value(item, (*place, number), text, depth + 1)
            for number, item in enumerate(node.value)
        ]
    return None if node.value == "" and node.style is None else _whole(node.value, line, text)


def _tagged(node: Node) -> bool:
    """Whether a value begins with a tag, such as `!!int`."""
    mark = node.start_mark
    return bool(mark.buffer[mark.index : mark.index + 1] == "!")


def _whole(value: str, line: int, text: Text) -> str:
    """A scalar in which the two halves of a character, as JSON escapes them, are that character."""
    if value.isascii() or not _HALF.search(value):
        return value
    try:
        return value.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        advice = "Write both halves, such as \\ud83d\\ude00, or the character itself."
        text.refuse(line, "this holds half of a character, which is no text.", advice)
        return _HALF.sub("\ufffd", value)


def _pairs(node: MappingNode, place: Place, text: Text, depth: int) -> Iterator[tuple[str, Any]]:
    seen: dict[str, int] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode):
            text.refuse(
                line, "a list or a map cannot be a key.", "Write one word before the colon."
            )
            continue
        if _tagged(key_node):
            text.refuse(line, f"tag '{key_node.tag}' is not allowed.", "Write the key without it.")
        key = _whole(str(key_node.value), line, text)
        if key in seen:
            text.refuse(
                line, f"'{key}' stands twice, first in line {seen[key]}.", "Keep one of them."
            )
        if node.flow_style and value_node.value == "" and value_node.style is None:
            advice = "A comma ends a value inside { }: quote text that contains one."
            text.refuse(line, f"'{key}' has no value.", advice)
        seen[key] = line
        text.lines[(*place, key)] = line
        yield key, _value(value_node, (*place, key), text, depth + 1)
