"""Adds blocks to a model file, or puts one value in place of another, and leaves every other
character where it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from workbook.errors import WorkbookError
from workbook.model.yaml_render import LONGEST_LINE, Say, as_typed, in_one_line, render, scalar
from workbook.words import error_of

_COMMA = re.compile(r"(?:\s|#[^\n]*\n)*,")  # the one behind a value in { }, comments left out
Edit = tuple[int, int, str]  # from, to, what stands there instead


def with_blocks(
    content: str,
    blocks: Mapping[str, Mapping[str, Any]],
    more: Mapping[tuple[str, ...], Sequence[str]] | None = None,
) -> str:
    """A file's text with new entries under its top-level words, and new items in the lists at
    the places in `more`.

    Raises:
        WorkbookError: an entry is there already, or a place cannot be added to.
    """
    root = _root(content)
    edits: list[Edit] = []
    tail = ""
    for word, entries in blocks.items():
        if entries:
            found = _child(root, word)
            if found is None:
                tail += f"\n{word}:\n{render(entries, 2)}"
            else:
                edits += _into(content, word, *found, entries)
    for path, items in (more or {}).items():
        edits.append(_append(content, root, path, items))
    content = _with_edits(content, edits)
    if not tail:
        return content
    return content.rstrip("\n") + "\n" + tail if content.strip() else tail.lstrip("\n")


def with_value(content: str, path: tuple[str, ...], value: Any) -> str:
    """A file's text with another value at a place; keys that are not there yet come last in the
    map around them.

    A list or a map that was written as a block is a block again; all else is written on one
    line where it fits. Only comments inside the value that is replaced go with it, but for
    those beside an item that stays. None is a key with nothing behind it; inside { }, where a
    key needs a value, the key goes too, and with the last one the braces.

    Raises:
        WorkbookError: a value on the way to the place is no map.
    """
    around, node, key, flow = None, _root(content), None, False
    way: list[tuple[MappingNode, Node, Node]] = []
    for depth, word in enumerate(path):
        found = _child(node, word)
        if found is None and value is None and getattr(node, "flow_style", False):
            return content
        if found is None:
            return _with_edits(content, list(_missing(content, path, depth, key, node, value)))
        way.append((node, *found))  # type: ignore[arg-type]
        flow = flow or bool(getattr(node, "flow_style", False))
        around, (key, node) = node, found
    if around is None or key is None or node is None:
        raise WorkbookError("A value stands at a place of a model file; none was named.")
    if value is None and around.flow_style:
        return _with_edits(content, list(_taken_back(content, way)))
    return _with_edits(content, [_instead(content, key, node, value, flow=flow)])


def with_key(content: str, path: tuple[str, ...], name: str) -> str:
    """A file's text with another name for the key at a place; its value and every comment stay.

    Where no such key is, the text as it is.

    Raises:
        WorkbookError: the map holds a key of the new name already.
    """
    node: Node | None = _root(content)
    for word in path[:-1]:
        found = _child(node, word)
        node = found[1] if found else None
    here = _child(node, path[-1])
    if here is None:
        return content
    if _child(node, name):
        raise error_of(WorkbookError, "model.yaml.old_and_new", old=path[-1], new=name)
    return _with_edits(content, [(here[0].start_mark.index, here[0].end_mark.index, name)])


def _root(content: str) -> MappingNode | None:
    root = YAML(typ="rt", pure=True).compose(content)
    if root is not None and not isinstance(root, MappingNode):
        raise error_of(WorkbookError, "model.yaml.not_a_map")
    return root


def _with_edits(content: str, edits: Sequence[Edit]) -> str:
    for start, end, text in sorted(edits, reverse=True):
        content = content[:start] + text + content[end:]
    return content


def _missing(
    content: str,
    path: tuple[str, ...],
    depth: int,
    key: Node | None,
    node: Node | None,
    value: Any,
) -> Iterator[Edit]:
    """What is not there of a place, under the deepest map that is."""
    for word in reversed(path[depth + 1 :]):
        value = {word: value}
    entries = {path[depth]: value}
    if key is not None and node is not None:
        yield from _into(content, str(path[depth - 1]), key, node, entries, as_typed)
    elif node is not None and node.value:
        yield from _into(content, "", node, node, entries, as_typed)
    else:
        end = len(content.rstrip("\n"))
        yield end, len(content), ("\n\n" if end else "") + render(entries, say=as_typed)


def _instead(content: str, key: Node, node: Node, value: Any, *, flow: bool) -> Edit:
    """The text of another value where a node stands; behind its key on one line, or in the
    node's own lines.
    """
    colon = content.index(":", key.end_mark.index) + 1
    empty = isinstance(node, ScalarNode) and node.value == "" and node.style is None
    start, end = (colon, colon) if empty else (node.start_mark.index, _end(content, node))
    line = in_one_line(value, as_typed)
    if flow:
        return start, end, f" {line}" if empty else line
    own = not empty and node.start_mark.line > key.end_mark.line  # it has lines of its own
    column = node.start_mark.column if own else key.start_mark.column + 2
    if (
        own
        and not getattr(node, "flow_style", True)
        and isinstance(value, (Mapping, list, tuple))
        and value
    ):
        return (
            start,
            _line_end(content, end),
            f"\n{' ' * column}".join(_entries(content, node, value, column)),
        )
    if own:
        return start, end, " " * max(0, key.start_mark.column + 2 - column) + line
    if isinstance(value, (Mapping, list, tuple)) and value and len(line) + column > LONGEST_LINE:
        return (
            colon,
            end,
            f"\n{' ' * column}" + f"\n{' ' * column}".join(_entries(content, None, value, column)),
        )
    return start, end, f" {line}" if empty and line else line


def _taken_back(content: str, path: Sequence[tuple[MappingNode, Node, Node]]) -> Iterator[Edit]:
    """Nothing where the last of a way stands: an entry of { } goes with one comma; an empty { }
    goes itself, but for that of the whole file.
    """
    *before, (around, key, node) = path
    if not around.flow_style:
        yield _instead(content, key, node, None, flow=False)
    elif len(around.value) == 1 and before:
        yield from _taken_back(content, before)
    else:
        yield from _cut(content, around, around.value.index((key, node)))


def _cut(content: str, around: MappingNode, rank: int) -> Iterator[Edit]:
    """An entry of { } and the comma behind it; of the last one that before it.

    Line ends and comments between stay.
    """
    key, node = around.value[rank]
    start, end = key.start_mark.index, node.end_mark.index
    follows = _COMMA.match(content, end)
    if follows:
        after = (
            follows.end()
            + len(content[follows.end() :])
            - len(content[follows.end() :].lstrip(" "))
        )
        yield start, end, ""
        yield follows.end() - 1, follows.end() if content[after] == "#" else after, ""
        return
    yield start, end, ""
    if rank and (before := _COMMA.match(content, around.value[rank - 1][1].end_mark.index)):
        between = content[before.end() : start]
        yield before.end() - 1, start if not between.strip(" ") else before.end(), ""


def _entries(content: str, node: Node | None, value: Any, column: int) -> Iterator[str]:
    """The lines of each item or key of a block, without the margin of the first; one that stood
    there already keeps its own, with its comment.
    """
    stood = dict(_stood(content, node)) if node is not None else {}
    if isinstance(value, Mapping):
        results = {
            name: render({name: item}, column, as_typed).strip() for name, item in value.items()
        }
        yield from (
            stood.get(f"{scalar(str(name))}: {in_one_line(item, as_typed)}", results[name])
            for name, item in value.items()
        )
    else:
        yield from (
            stood.get(in_one_line(item, as_typed), f"- {in_one_line(item, as_typed)}")
            for item in value
        )


def _stood(content: str, node: Node) -> Iterator[tuple[str, str]]:
    """What each entry of a block says, and its lines."""
    if isinstance(node, MappingNode):
        for key, item in node.value:
            yield (
                f"{scalar(key.value)}: {in_one_line(_plain(item), as_typed)}",
                content[
                    key.start_mark.index : _line_end(
                        content, _last(MappingNode("", [(key, item)], flow_style=False))
                    )
                ],
            )
    for item in node.value if isinstance(node, SequenceNode) else ():
        dash = content.rfind("-", node.start_mark.index, item.start_mark.index)
        if dash >= 0 and not content[dash + 1 : item.start_mark.index].strip():
            yield (
                in_one_line(_plain(item), as_typed),
                content[dash : _line_end(content, _last(item))],
            )


def _plain(node: Node) -> Any:
    """What a node says, single values as they were typed."""
    if isinstance(node, MappingNode):
        return {key.value: _plain(item) for key, item in node.value}
    if isinstance(node, SequenceNode):
        return [_plain(item) for item in node.value]
    return None if node.value == "" and node.style is None else node.value


def _end(content: str, node: Node) -> int:
    """Where the text of a node ends: before the line end that belongs to a block of text."""
    end = _last(node)
    while end > node.start_mark.index and content[end - 1] in " \r\n":
        end -= 1
    return end


def _child(node: Node | None, word: str) -> tuple[Node, Node] | None:
    for key, value in node.value if isinstance(node, MappingNode) else ():
        if key.value == word:
            return key, value
    return None


def _into(
    content: str,
    word: str,
    key: Node,
    value: Node,
    entries: Mapping[str, Any],
    say: Say | None = None,
) -> Iterator[Edit]:
    """New entries at the end of a map, in the manner in which it is written."""
    if isinstance(value, MappingNode):
        here = {str(item.value) for item, _ in value.value}
        twice = [name for name in entries if name in here]
        if twice:
            raise error_of(WorkbookError, "model.yaml.there_already", names=twice, word=word)
        if value.value and value.flow_style:
            at = content.rindex("}", 0, value.end_mark.index)
            yield at, at, ", " + in_one_line(entries, say)[1:-1]
            return
        if value.value:
            at = _line_end(content, _last(value))
            yield (
                at,
                at,
                "\n" + render(entries, value.value[0][0].start_mark.column, say).rstrip("\n"),
            )
            return
    elif not isinstance(value, ScalarNode) or value.value.lower() not in ("", "~", "null"):
        raise error_of(WorkbookError, "model.yaml.not_a_map_below", word=word)
    empty = (
        content[value.start_mark.index : value.end_mark.index]
        if value.start_mark.line == key.start_mark.line
        else ""
    )
    if empty.strip():
        yield value.start_mark.index, value.end_mark.index, ""
    at = _line_end(content, key.end_mark.index)
    yield at, at, "\n" + render(entries, key.start_mark.column + 2, say).rstrip("\n")


def _append(content: str, root: Node | None, path: tuple[str, ...], items: Sequence[str]) -> Edit:
    """New items at the end of a list, or beside the one value that stands in its place."""
    node = root
    for word in path:
        found = _child(node, word)
        if found is None:
            raise error_of(WorkbookError, "model.yaml.no_such_place", place=".".join(path))
        node = found[1]
    if isinstance(node, ScalarNode):
        start, end = node.start_mark.index, node.end_mark.index
        return start, end, in_one_line([node.value, *items])
    if not isinstance(node, SequenceNode):
        raise error_of(WorkbookError, "model.yaml.not_a_list", place=".".join(path))
    if node.flow_style:
        at = content.rindex("]", 0, node.end_mark.index)
        return at, at, (", " if node.value else "") + in_one_line(list(items))[1:-1]
    at = _line_end(content, _last(node))
    dash = " " * node.start_mark.column
    return at, at, "".join(f"\n{dash}- {scalar(item)}" for item in items)


def _last(node: Node) -> int:
    """Where the last thing that is written in a node ends."""
    while isinstance(node, (MappingNode, SequenceNode)) and node.value and not node.flow_style:
        last = node.value[-1]
        key, node = last if isinstance(last, tuple) else (None, last)
        if (
            isinstance(node, ScalarNode)
            and node.value == ""
            and node.style is None
            and key is not None
        ):
            return key.end_mark.index
    return node.end_mark.index


def _line_end(content: str, at: int) -> int:
    """The end of the line in which a position stands; a position behind a line's end belongs to
    that line.
    """
    while at > 0 and content[at - 1] == "\n":
        at -= 1
    end = content.find("\n", at)
    return len(content) if end < 0 else end
