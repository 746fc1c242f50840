"""Blocks added to a model file, and values put in place of others: every other character stays,
in whatever manner it was written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.errors import WorkbookError
from workbook.model.yaml_read import without_empty
from workbook.model.yaml_text import Place, Text, read_text
from workbook.model.yaml_edit import with_blocks, with_value
from workbook.model.yaml_render import render

SAMPLE = sorted((Path(__file__).parents[2] / "templates" / "b2b_saas" / "model").glob("*.yml"))
NEW = {"b": {"x": "1"}}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", 'sources:\n  b: {x: "1"}\n'),
        ("# only a comment\n", '# only a comment\n\nsources:\n  b: {x: "1"}\n'),
        ("sources:\n", 'sources:\n  b: {x: "1"}\n'),
        ("sources:   # what for\n\ntrace:\n", 'sources:   # what for\n  b: {x: "1"}\n\ntrace:\n'),
        ("sources: {}\ntrace:\n", 'sources: \n  b: {x: "1"}\ntrace:\n'),
        ("sources: ~\n", 'sources: \n  b: {x: "1"}\n'),
        ("sources: {a: {y: 2}}\n", 'sources: {a: {y: 2}, b: {x: "1"}}\n'),
        (
            "sources:\n    a: 1   # kept\n\n# below\ntrace: [a]\n",
            'sources:\n    a: 1   # kept\n    b: {x: "1"}\n\n# below\ntrace: [a]\n',
        ),
        (
            "sources:\n  a:\n    y: >\n      long\n      text\ntrace:\n",
            'sources:\n  a:\n    y: >\n      long\n      text\n  b: {x: "1"}\ntrace:\n',
        ),
        ("sources:\n  a:\n", 'sources:\n  a:\n  b: {x: "1"}\n'),
        ("sources:\n  a: 1", 'sources:\n  a: 1\n  b: {x: "1"}'),
        ("owner: me\n", 'owner: me\n\nsources:\n  b: {x: "1"}\n'),
    ],
)
def test_entries_come_last_in_the_manner_of_the_file(
    tmp_path: Path, before: str, after: str
) -> None:
    made = with_blocks(before, {"sources": NEW})
    assert made == after
    (tmp_path / "f.yml").write_text(made)
    text = read_text(tmp_path / "f.yml", "f.yml")
    assert not text.problems
    assert text.values["sources"]["b"] == {"x": "1"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("i: {e: {in: a.b}}   # one\n", "i: {e: {in: [a.b, c.d]}}   # one\n"),
        ("i:\n  e: {in: [a.b]}  # one\n", "i:\n  e: {in: [a.b, c.d]}  # one\n"),
        (
            "i:\n  e:\n    in: [a.b,\n         e.f]\n",
            "i:\n  e:\n    in: [a.b,\n         e.f, c.d]\n",
        ),
        (
            "i:\n  e:\n    in:\n    - a.b   # first\n  f: 1\n",
            "i:\n  e:\n    in:\n    - a.b   # first\n    - c.d\n  f: 1\n",
        ),
        ("i: {e: {in: []}}\n", "i: {e: {in: [c.d]}}\n"),
    ],
)
def test_items_come_last_in_a_list(before: str, after: str) -> None:
    assert with_blocks(before, {}, {("i", "e", "in"): ["c.d"]}) == after


@pytest.mark.parametrize(
    ("before", "code"),
    [
        ("sources: {b: 1}\n", "model.yaml.there_already"),
        ("sources: [b]\n", "model.yaml.not_a_map_below"),
        ("- a\n", "model.yaml.not_a_map"),
    ],
)
def test_what_stands_there_is_never_replaced(before: str, code: str) -> None:
    with pytest.raises(WorkbookError) as refused:
        with_blocks(before, {"sources": NEW})
    assert refused.value.code == code


def test_a_list_that_is_not_there() -> None:
    with pytest.raises(WorkbookError, match=r"i\.f\.in") as refused:
        with_blocks("i: {e: {in: a}}\n", {}, {("i", "f", "in"): ["x"]})
    assert refused.value.code == "model.yaml.no_such_place"


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=8).filter(str.isprintable),
        st.text(max_size=12).filter(str.isprintable),
        max_size=4,
    )
)
def test_whatever_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, str]
) -> None:
    path = tmp_path_factory.mktemp("w") / "f.yml"
    path.write_text(render({"top": {"block": {"in": values}, "flow": values}}), "utf-8")
    text = read_text(path, "f.yml")
    assert not text.problems
    assert text.values["top"] == {"block": {"in": values}, "flow": values}


@pytest.mark.parametrize(
    ("before", "place", "value", "after"),
    [
        (
            "f: {a: {order: [x, z]}}   # one\n",
            "f.a.order",
            ["z", "x"],
            "f: {a: {order: [z, x]}}   # one\n",
        ),
        (
            "f:\n  order: [x,   # first\n    z]  # last\ng: 1\n",
            "f.order",
            ["z"],
            "f:\n  order: [z]  # last\ng: 1\n",
        ),
        ("f:\n  n: 20      # most\n", "f.n", 10, "f:\n  n: 10      # most\n"),
        ("f:\n  n: a\n", "f.n", dt.date(2025, 6, 30), "f:\n  n: 2025-06-30\n"),
        ("f:\n  n: a\n", "f.n", True, "f:\n  n: true\n"),
        ("f:\n  n: a\n", "f.n", "2 years", "f:\n  n: 2 years\n"),
        ("f:\n  n: a\n", "f.n", "x: y", 'f:\n  n: "x: y"\n'),
        ("f:   # why\n\n  n: a\n", "f.n", None, "f:   # why\n\n  n: \n"),
        ("f:   # open\n# below\ng: 1\n", "f", "x", "f: x   # open\n# below\ng: 1\n"),
        (
            "f:\n  all:  # rules\n  - a\n  - b  # second\n  # below\n  g: 1\n",
            "f.all",
            ["c", {"d": "e"}],
            "f:\n  all:  # rules\n  - c\n  - {d: e}\n  # below\n  g: 1\n",
        ),
        (
            "f:\n  - a: 1   # one\n    b: >\n      long\n  -   b   # two\ng: 1\n",
            "f",
            ["b", "c", {"a": 1, "b": "long\n"}],
            "f:\n  -   b   # two\n  - c\n  - a: 1   # one\n    b: >\n      long\ng: 1\n",
        ),
        (
            "f:\n  a: {x: 1}   # one\n  b:\n  c: 3   # three\ng: 1\n",
            "f",
            {"c": 3, "b": None, "a": {"x": 2}},
            "f:\n  c: 3   # three\n  b:\n  a: {x: 2}\ng: 1\n",
        ),
        ("f:\n  all:\n  - a\n  g: 1\n", "f.all", "c", "f:\n  all:\n    c\n  g: 1\n"),
        (
            "f:\n    x: 1\n    y: 2\n\n# below\ng: 1\n",
            "f",
            {"z": {"w": {"v": "1"}}},
            "f:\n    z:\n      w: {v: 1}\n\n# below\ng: 1\n",
        ),
        ("f:\n  t: >\n    long\n    text\n\ng: 1\n", "f.t", "short", "f:\n  t: short\n\ng: 1\n"),
        ("f:\n  a: {x: 1}  # kept\n", "f.a.z", 2, "f:\n  a: {x: 1, z: 2}  # kept\n"),
        (
            "f:\n    a: 1  # kept\n\ng: 1\n",
            "f.b.c",
            ["x"],
            "f:\n    a: 1  # kept\n    b: {c: [x]}\n\ng: 1\n",
        ),
        ("# only this\n", "f.a", 1, "# only this\n\nf: {a: 1}\n"),
        ("", "f", "x", "f: x\n"),
        ("f: 1  # kept\n# end\n", "g", "x", "f: 1  # kept\ng: x\n# end\n"),
        ("f: {a: 1, b: 2, c: 3}   # one\n", "f.a", None, "f: {b: 2, c: 3}   # one\n"),
        ("f: {a: 1, b: 2, c: 3}   # one\n", "f.b", None, "f: {a: 1, c: 3}   # one\n"),
        ("f: { a: 1, b: 2, c: 3 }\ng: 1", "f.c", None, "f: { a: 1, b: 2 }\ng: 1"),
        ("f: {a: 1, b: 2,}\n", "f.b", None, "f: {a: 1, }\n"),
        ("f: {a: 1}   # one\ng: 1\n", "f.a", None, "f:    # one\ng: 1\n"),
        ("f: {a: {b: {c: 1}}, d: [x, {y: 1}]}\n", "f.a.b.c", None, "f: {d: [x, {y: 1}]}\n"),
        ("f: {a: {b: 'x, }', c: 1}, d: 2}\n", "f.a.b", None, "f: {a: {c: 1}, d: 2}\n"),
        (
            "f: {a: 1,   # one, and\n    b: 2,   # two, and\n    c: 3}   # three\n",
            "f.a",
            None,
            "f: {   # one, and\n    b: 2,   # two, and\n    c: 3}   # three\n",
        ),
        (
            "f: {a: 1,   # one, and\n    b: 2,   # two, and\n    c: 3}   # three\n",
            "f.b",
            None,
            "f: {a: 1,   # one, and\n       # two, and\n    c: 3}   # three\n",
        ),
        (
            "f: {a: 1,   # one, and\n    b: 2   # two, and\n    , c: 3}   # three\n",
            "f.c",
            None,
            "f: {a: 1,   # one, and\n    b: 2   # two, and\n    }   # three\n",
        ),
        ("f: {a: 1, b: 2   # one, two\n}\n", "f.b", None, "f: {a: 1   # one, two\n}\n"),
        ("f: {a: 1}\n", "f.z", None, "f: {a: 1}\n"),
        ("{f: 1, g: {h: 1}}", "g.h", None, "{f: 1}"),
        ("{f: 1}\n", "f", None, "{}\n"),
        ('{"f": {"a":["x"]}}', "f.a", ["z"], '{"f": {"a":[z]}}'),
        ('{"f": 1}\n', "g", "x", '{"f": 1, g: x}\n'),
    ],
)
def test_a_value_stands_in_place_of_another(
    before: str, place: str, value: Any, after: str
) -> None:
    assert with_value(before, tuple(place.split(".")), value) == after


def test_what_does_not_fit_on_a_line_is_a_block() -> None:
    items = [f"a rule with a long name, number {number}" for number in range(6)]
    made = with_value("f:\n  all: [a]  # last\n  g: 1\n", ("f", "all"), items)
    assert (
        made
        == "f:\n  all:\n" + "\n".join(f'    - "{item}"' for item in items) + "  # last\n  g: 1\n"
    )


@pytest.mark.parametrize(
    ("before", "place"),
    [("f: x\n", ("f", "a")), ("f: [x]\n", ("f", "a")), ("- f\n", ("f",)), ("f: x\n", ())],
)
def test_what_is_no_map_is_not_gone_into(before: str, place: tuple[str, ...]) -> None:
    with pytest.raises(WorkbookError):
        with_value(before, place, "y")


# ---- the law: over every place of the sample's files, the values read again are those that are
# wanted, and no other line is touched


READ = {path: read_text(path, path.name) for path in SAMPLE}


def places(values: Any, place: Place = ()) -> Iterator[Place]:
    for word, value in values.items() if isinstance(values, dict) else ():
        yield (*place, word)
        yield from places(value, (*place, word))


def at(values: Any, place: Place) -> Any:
    return at(values[place[0]], place[1:]) if place else values


def put(values: Any, place: Place, value: Any) -> Any:
    return (
        {**(values or {}), place[0]: put((values or {}).get(place[0]), place[1:], value)}
        if place
        else value
    )


def changes(text: Text, place: Place) -> list[tuple[Place, Any]]:
    """Other values at a place, and values at places below it that are not there yet."""
    old = at(text.values, place)
    if isinstance(old, dict):
        return [
            (place, None),
            (place, {**old, "zz": "1"}),
            (place, "word, more"),
            ((*place, "zz"), ["a b", "it's: 'x' > 1"]),
            ((*place, "zz", "yy"), "10"),
        ]
    if isinstance(old, list):
        return [
            (place, None),
            (place, [*old[::-1], "z: z"]),
            (place, "zz"),
            (place, [f"a rather long item, number {number}" for number in range(9)]),
        ]
    return [
        (place, None),
        (place, "some 'text' = 1"),
        (place, "10"),
        (place, ["a", "b"]),
        (place, {"x": {"y": "2 years"}}),
    ]


def touched(before: list[str], after: list[str]) -> range:
    """The lines of before, from 1, that do not stand in the same order at the beginning or the
    end of after.
    """
    most = min(len(before), len(after))
    same = next((n for n in range(most) if before[n] != after[n]), most)
    last = next((n for n in range(most - same) if before[-1 - n] != after[-1 - n]), most - same)
    return range(same + 1, len(before) - last + 1)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_place_can_be_changed_and_nothing_else_is(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(SAMPLE))
    text, content = READ[path], path.read_text("utf-8")
    place = data.draw(st.sampled_from(list(places(text.values))))
    where, value = data.draw(st.sampled_from(changes(text, place)))
    made = with_value(content, where, value)  # type: ignore[arg-type]
    file = tmp_path_factory.mktemp("law") / path.name
    file.write_text(made, "utf-8")
    again = read_text(file, path.name)
    assert not again.problems
    assert without_empty(again.values) == without_empty(put(text.values, where, value))
    own = [line for other, line in text.lines.items() if other[: len(place)] == place]
    beyond = min(
        (line for line in text.lines.values() if line > max(own)),
        default=len(content.split("\n")) + 1,
    )
    assert all(min(own) <= line < beyond for line in touched(content.split("\n"), made.split("\n")))
