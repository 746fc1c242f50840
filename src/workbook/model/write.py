"""Adds blocks to a model file and leaves every character that stands there already where it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from workbook.errors import WorkbookError

_PLAIN = re.compile(r"[A-Za-z_](?:[\w./%-]| (?=[\w(]))*")
_RESERVED = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_LINE = 150
Edit = tuple[int, int, str]  # from, to, what stands there instead


def with_blocks(content: str, blocks: Mapping[str, Mapping[str, Any]], more: Mapping[tuple[str, ...], Sequence[str]] | None = None) -> str:
    """A file's text with new entries under its top-level words, and new items in the lists at the places in `more`.

    Raises:
        WorkbookError: an entry is there already, or a place cannot be added to.
    """
    root = YAML(typ="rt", pure=True).compose(content)
    if root is not None and not isinstance(root, MappingNode):
        raise WorkbookError("A model file is a map of words to decisions; this one is not, so nothing can be added to it.")
    edits: list[Edit] = []
    tail = ""
    for word, entries in blocks.items():
        if entries:
            found = _child(root, word)
            if found is None:
                tail += f"\n{word}:\n{render(entries, 2)}"
            else:
                edits += _into(content, word, *found, entries)
    for place, items in (more or {}).items():
        edits.append(_append(content, root, place, items))
    for start, end, text in sorted(edits, reverse=True):
        content = content[:start] + text + content[end:]
    if not tail:
        return content
    return content.rstrip("\n") + "\n" + tail if content.strip() else tail.lstrip("\n")


def render(entries: Mapping[str, Any], indent: int = 0) -> str:
    """Entries as YAML: short values on one line, maps of maps as blocks.

    >>> print(render({"a": {"type": "text", "guess": ["type"]}, "b": ["x", "y: z"]}), end="")
    a: {type: text, guess: [type]}
    b: [x, "y: z"]
    """
    lines = []
    for name, value in entries.items():
        head = f"{' ' * indent}{_scalar(str(name))}:"
        flow = f"{head} {_flow(value)}"
        if isinstance(value, Mapping) and value and (len(flow) > _LINE or any(isinstance(each, Mapping) for each in value.values())):
            lines.append(f"{head}\n{render(value, indent + 2)}".rstrip("\n"))
        elif isinstance(value, (list, tuple)) and len(flow) > _LINE:
            lines.append("\n".join([head, *(f"{' ' * indent}  - {_flow(each)}" for each in value)]))
        else:
            lines.append(flow)
    return "\n".join(lines) + "\n" if lines else ""


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(str(name))}: {_flow(each)}" for name, each in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_flow(each) for each in value) + "]"
    return _scalar(str(value))


def _scalar(text: str) -> str:
    plain = _PLAIN.fullmatch(text) and text.lower() not in _RESERVED
    return text if plain else json.dumps(text, ensure_ascii=False)


def _child(node: Node | None, word: str) -> tuple[Node, Node] | None:
    for key, value in node.value if isinstance(node, MappingNode) else ():
        if key.value == word:
            return key, value
    return None


def _into(content: str, word: str, key: Node, value: Node, entries: Mapping[str, Any]) -> Iterator[Edit]:
    """New entries at the end of a map, in the manner in which it is written."""
    if isinstance(value, MappingNode):
        here = {str(each.value) for each, _ in value.value}
        twice = [name for name in entries if name in here]
        if twice:
            raise WorkbookError(f"{', '.join(twice)} {'stands' if len(twice) == 1 else 'stand'} under '{word}' already.")
        if value.value and value.flow_style:
            at = content.rindex("}", 0, value.end_mark.index)
            yield at, at, ", " + _flow(entries)[1:-1]
            return
        if value.value:
            at = _line_end(content, _last(value))
            yield at, at, "\n" + render(entries, value.value[0][0].start_mark.column).rstrip("\n")
            return
    elif not isinstance(value, ScalarNode) or value.value.lower() not in ("", "~", "null"):
        raise WorkbookError(f"'{word}' holds no map, so nothing can be added under it.")
    empty = content[value.start_mark.index : value.end_mark.index] if value.start_mark.line == key.start_mark.line else ""
    if empty.strip():
        yield value.start_mark.index, value.end_mark.index, ""
    at = _line_end(content, key.end_mark.index)
    yield at, at, "\n" + render(entries, key.start_mark.column + 2).rstrip("\n")


def _append(content: str, root: Node | None, place: tuple[str, ...], items: Sequence[str]) -> Edit:
    """New items at the end of a list, or beside the one value that stands in its place."""
    node = root
    for word in place:
        found = _child(node, word)
        if found is None:
            raise WorkbookError(f"{'.'.join(place)} is not in the file, so nothing can be added to it.")
        node = found[1]
    if isinstance(node, ScalarNode):
        start, end = node.start_mark.index, node.end_mark.index
        return start, end, _flow([node.value, *items])
    if not isinstance(node, SequenceNode):
        raise WorkbookError(f"{'.'.join(place)} is no list, so nothing can be added to it.")
    if node.flow_style:
        at = content.rindex("]", 0, node.end_mark.index)
        return at, at, (", " if node.value else "") + _flow(list(items))[1:-1]
    at = _line_end(content, _last(node))
    dash = " " * node.start_mark.column
    return at, at, "".join(f"\n{dash}- {_scalar(item)}" for item in items)


def _last(node: Node) -> int:
    """Where the last thing that is written in a node ends."""
    while isinstance(node, (MappingNode, SequenceNode)) and node.value and not node.flow_style:
        last = node.value[-1]
        key, node = last if isinstance(last, tuple) else (None, last)
        if isinstance(node, ScalarNode) and node.value == "" and node.style is None and key is not None:
            return key.end_mark.index
    return node.end_mark.index


def _line_end(content: str, at: int) -> int:
    """The end of the line in which a position stands; a position behind a line's end belongs to that line."""
    while at > 0 and content[at - 1] == "\n":
        at -= 1
    end = content.find("\n", at)
    return len(content) if end < 0 else end
