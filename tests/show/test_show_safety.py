"""Whatever stands in values, names and titles: nothing is live, nothing personal leaves, and
the bytes are always the same.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import polars as pl
import pytest

from workbook import privacy
from workbook.dossier.sanitize_html import rebuild
from workbook.finding import Finding
from workbook.show import (
    Body,
    Box,
    Column,
    Edge,
    Figure,
    FindingsList,
    Headline,
    bars,
    er,
    lines,
    table,
    theme,
)

PAYLOADS = {
    "script": "<script>alert(1)</script>",
    "image": '"><img src=x onerror=alert(1)>',
    "single quote": "' onmouseover='alert(1)",
    "template": "{{7*7}}${7*7}<%= 7 %>",
    "bidi": "abc\u202etxt.exe\u2066\u200f",
    "control": "a\x00b\x1b[31mc\x08\x7f\x9b",
    "formula": "=cmd|' /C calc'!A0",
    "emoji": "👩‍👩‍👧 café naïve 東京",
    "entity": "&lt;script&gt;&#60;img&#62;&amp;",
    "closing": "</style></script></td></table></svg><svg onload=alert(1)>",
    "comment": "<!-- --><![CDATA[x]]><?php ?>",
    "markdown": "[x](javascript:alert(1)) **b** `c`",
    "grid": "7",
    "head": "h0",
    "spanner": "s0",
    "group": "g0",
    "invisible": "a\ufeff\u2060\U000e0041b",
    "line breaks": "a\r\n\u2028\u2029\x85b",
    "long": "x" * 100_000,
    "vue": "javascript:alert(1)",
}
SECRET = "Zq7Secret"


def everything(shown: Any) -> str:
    """All that a displayable tells: every format it gives, and its repr."""
    bundle = shown._repr_mimebundle_()
    return "\n".join(
        [repr(shown), str(shown), json.dumps(bundle, ensure_ascii=False, allow_nan=False)]
    )


def a_figure(body: Body, words: str) -> Figure:
    return Figure(words, words, words, body, words, legend=[(words, "d1")])


def a_table(words: str, value: str) -> Body:
    frame = pl.DataFrame(
        {
            words: [words, "b"],
            "value": [value, None],
            "personal": [value, value],
            "n": [1, 2],
            "group": [words, "g"],
            "date": [dt.date(2026, 1, 1), None],
        }
    )
    columns = [
        Column(words, words, detail="group"),
        Column("value", words, kind="value", cls="internal"),
        Column("personal", kind="value", cls="personal", token=words, detail="n"),
        Column("n", words, kind="int", unit=words[:9]),
        Column(words, "mono", kind="mono"),
        Column("n", "bar", kind="bar"),
    ]
    return table(frame, columns, group="group", spanners={words: ["value", "personal"]}, total=True)


def shapes(words: str) -> dict[str, Any]:
    """One of everything that can be shown, with the same words in every place."""
    frame = pl.DataFrame({"x": [words, "b"], "y": [1, 2], "z": [3, -4]})
    series = [Column("y", words, kind="int"), Column("z", words, kind="number", unit=words[:9])]
    name = words or "a"
    return {
        "table": a_figure(a_table(words, words), words),
        "bars": a_figure(bars(frame, "x", series, net=Column("z", words, kind="int")), words),
        "lines": a_figure(
            lines(frame, Column("x", kind="value", cls="internal"), series, provisional=1), words
        ),
        "er": a_figure(
            er(
                [Box(name, 1, words), Box("b", open=True)],
                [Edge(name, "b", words, words, 3), Edge("b", "b", words, open=True)],
            ),
            words,
        ),
        "empty": a_figure(table(frame.clear(), [Column("x", words)]), words),
        "diagram data": Figure(
            "1",
            words,
            body=Body("<p>drawn</p>"),
            frame=pl.DataFrame({words: [words, None], "n": [1, 2]}),
        ),
        "headline": Headline(words, words, words, words, words, words),
        "findings": FindingsList([Finding("a.b", "fail", words, words, 1, words, (words,))]),
    }


class Strict(HTMLParser):
    """Fails on any tag or attribute that evidence does not need."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in set(
            "style header p strong span h2 h3 figure figcaption div table thead tbody tr th td svg"
            " rect line circle path text code ul li section".split()
        )
        names = {name for name, _ in attrs}
        assert not {name for name in names if name.startswith("on")}
        assert not names & {
            "style",
            "href",
            "src",
            "srcdoc",
            "action",
            "formaction",
            "id",
            "xlink:href",
        }

    handle_startendtag = handle_starttag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


@pytest.mark.parametrize("words", PAYLOADS.values(), ids=PAYLOADS)
@pytest.mark.parametrize("shape", shapes("a"))
def test_no_payload_is_live_in_any_format(shape: str, words: str) -> None:
    shown = shapes(words)[shape]
    bundle = shown._repr_mimebundle_()
    html = bundle["text/html"]
    Strict().feed(html)
    rebuilt = rebuild(html, style=theme.css())
    assert rebuilt == rebuild(rebuilt)
    assert not re.search(
        (
            "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2060-\u2069\u200b\u200e\u200f"
            "\ufeff\ud800-\udfff]"
        ),
        everything(shown).replace("\\n", ""),
    )
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", bundle["text/plain"])
    everything(shown).encode()


@pytest.mark.parametrize("words", PAYLOADS.values(), ids=PAYLOADS)
def test_words_arrive_as_they_are_but_for_what_cannot_be_seen(words: str) -> None:
    figure = a_figure(a_table(words, words), words)
    assert len(figure.as_dict()["rows"]) == 2
    if words.isascii() and words.isprintable() and len(words) < 300:
        assert words == figure.as_dict()["title"]
        assert words == figure.as_dict()["rows"][0][1]


def test_half_a_character_is_replaced() -> None:
    assert "7 Metrics: a\ufffdb" == repr(Headline("7", "Metrics", "a\ud800b"))


@pytest.mark.parametrize("cls", ["personal", "sensitive"])
@pytest.mark.parametrize("key", [None, "k"])
@pytest.mark.parametrize("draw", ["table", "detail", "group", "words", "bars", "lines", "numbers"])
def test_a_protected_value_leaves_in_no_format(draw: str, key: str | None, cls: str) -> None:
    privacy.use_key(key)
    frame = pl.DataFrame(
        {
            "k": ["a", "b"],
            "p": [SECRET, f"{SECRET}2"],
            "n": [71717171, 2],
            "d": [dt.date(1971, 7, 17), None],
        }
    )
    bodies: dict[str, Callable[[], Body]] = {
        "table": lambda: table(frame, [Column("k"), Column("p", kind="value", cls=cls)]),
        "detail": lambda: table(frame, [Column("k", detail="p", detail_cls=cls)]),
        "group": lambda: table(frame, [Column("k")], group=Column("p", kind="value", cls=cls)),
        "words": lambda: table(
            frame, [Column("p", kind="mono", cls=cls), Column("d", kind="date", cls=cls)]
        ),
        "bars": lambda: bars(frame.with_columns(n=1), Column("p", kind="value", cls=cls), "n"),
        "lines": lambda: lines(frame.with_columns(n=1), Column("p", kind="value", cls=cls), "n"),
        "numbers": lambda: table(frame, [Column("k"), Column("n", kind="int", cls=cls)]),
    }
    figure = Figure("1", "Who?", body=bodies[draw](), role="freshness", frame=None)
    told = everything(figure) + repr(figure.body) + str(figure.body) + repr(figure.__dict__)
    assert (
        SECRET not in told
        and "71717171" not in told
        and "71,717,171" not in told
        and "1971" not in told
    )
    assert "·" in told


def test_a_frame_beside_a_table_is_not_told() -> None:
    frame = pl.DataFrame({"k": ["a"], "p": [SECRET]})
    figure = Figure(
        "1",
        "Who?",
        body=table(frame, [Column("k"), Column("p", kind="value", cls="personal")]),
        frame=frame,
    )
    assert SECRET not in everything(figure)


def test_errors_do_not_repeat_values() -> None:
    frame = pl.DataFrame({"k": ["a"], "p": [SECRET]})
    for kind in (
        "int",
        "number",
        "money",
        "percent",
        "date",
        "check",
        "dot",
        "rank",
        "bar",
        "diverging",
    ):
        with pytest.raises(Exception, match=r".+") as error:
            table(frame, [Column("k"), Column("p", kind=kind)])
        assert SECRET not in str(error.value), kind


def test_a_long_value_is_cut_and_long_words_are_not() -> None:
    body = table(
        pl.DataFrame({"k": ["w" * 5000], "v": ["v" * 5000]}),
        [Column("k"), Column("v", kind="value", cls="internal")],
    )
    assert 5000 == body.html.count("w" * 5000) * 5000
    assert 300 == len(body.rows[0][1])


_SAME = """
import sys; sys.path[:0] = {paths!r}
from test_show_safety import PAYLOADS, shapes
import hashlib, json
told = [json.dumps(shown._repr_mimebundle_(), ensure_ascii=True) for words in ("b<c",
    "y") for shown in shapes(words).values()]
print(hashlib.sha256("\\n".join(told).encode()).hexdigest())
"""


def test_bytes_do_not_depend_on_the_hash_seed() -> None:
    here = os.path.dirname(__file__)
    script = _SAME.format(paths=[here, os.path.join(here, "..", "..", "src")])
    made = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert 1 == len(made)
