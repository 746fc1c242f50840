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
from workbook.words import problem_of

LIMIT, DEPTH = 1_000_000, 50
Place = tuple[str | int, ...]
_SIGNS = ("@", "`", "%")  # no text begins with one of them
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

    def line(self, path: Place) -> int:
        """The line of a place, or of the nearest place around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, line: int, code: str, /, **values: Any) -> None:
        """Notes the problem of a code at a line of this file."""
        self.problems.append(problem_of(code, self.file, line, **values))


def read_text(path: Path, name: str) -> Text:
    """The file's values and places; what is wrong with its form stands in `problems`."""
    text = Text(name)
    raw = path.read_bytes()
    if len(raw) > LIMIT:
        text.problem(0, "model.yaml.too_large", size=len(raw), limit=LIMIT)
        return text
    try:
        content = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text.problem(raw[: error.start].count(b"\n") + 1, "model.yaml.not_utf8")
        return text
    try:
        if _has_aliases(content):
            text.problem(1, "model.yaml.aliases")
            return text
        root = YAML(typ="safe", pure=True).compose(content)
    except RecursionError:
        text.problem(_too_deep(content), "model.yaml.too_deep", limit=DEPTH)
        return text
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = mark.index if mark else 0
        text.problem(
            mark.line + 1 if mark else 1,
            "model.yaml.not_yaml",
            why=str(error.problem or error.context),
            tab=content[at : at + 1] == "\t",
            sign=content[at : at + 1] if content[at : at + 1] in _SIGNS else "",
        )
        return text
    except ReaderError as error:
        line = content.count("\n", 0, error.position) + 1
        text.problem(line, "model.yaml.control_character", sign=f"U+{error.character:04X}")
        return text
    if root is None or (isinstance(root, ScalarNode) and not root.value):
        return text
    if not isinstance(root, MappingNode):
        text.problem(1, "model.yaml.not_a_map")
        return text
    text.values = _value(root, (), text, 0)
    return text


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


def _value(node: Node, path: Place, text: Text, depth: int) -> Any:
    line = node.start_mark.line + 1
    text.lines.setdefault(path, line)
    if depth > DEPTH:
        text.problem(line, "model.yaml.too_deep", limit=DEPTH)
        return None
    if _tagged(node):
        text.problem(line, "model.yaml.tag", tag=str(node.tag))
    if node.anchor:
        text.problem(line, "model.yaml.anchor", anchor=str(node.anchor))
    if isinstance(node, MappingNode):
        return dict(_pairs(node, path, text, depth))
    if isinstance(node, SequenceNode):
        return [
            _value(item, (*path, number), text, depth + 1) for number, item in enumerate(node.value)
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
        text.problem(line, "model.yaml.half_character")
        return _HALF.sub("\ufffd", value)


def _pairs(node: MappingNode, path: Place, text: Text, depth: int) -> Iterator[tuple[str, Any]]:
    seen: dict[str, int] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode):
            text.problem(line, "model.yaml.key_of_several")
            continue
        if _tagged(key_node):
            text.problem(line, "model.yaml.tag", tag=str(key_node.tag))
        key = _whole(str(key_node.value), line, text)
        if key in seen:
            text.problem(line, "model.yaml.key_twice", key=key, line=str(seen[key]))
        if node.flow_style and value_node.value == "" and value_node.style is None:
            text.problem(line, "model.yaml.no_value", key=key)
        seen[key] = line
        text.lines[(*path, key)] = line
        yield key, _value(value_node, (*path, key), text, depth + 1)
