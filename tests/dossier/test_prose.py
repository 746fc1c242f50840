"""The pages' Markdown becomes escaped HTML and nothing else."""

from __future__ import annotations

import pytest

from workbook.dossier.markdown import to_html

CASES = [
    ("Plain words.", "<p>Plain words.</p>"),
    ("one\ntwo\n\nthree", "<p>one two</p>\n<p>three</p>"),
    (
        "**bold** and *em* and `a*b*`",
        "<p><strong>bold</strong> and <em>em</em> and <code>a*b*</code></p>",
    ),
    ("*Decide*: **now**", "<p><em>Decide</em>: <strong>now</strong></p>"),
    ("## Head", "<h4>Head</h4>"),
    ("- one\n- two\n  more", "<ul><li>one</li><li>two more</li></ul>"),
    ("Look:\n1. one\n2. two", "<p>Look:</p><ol><li>one</li><li>two</li></ol>"),
    ("[words](javascript:alert)", "<p>words</p>"),
    ("<script>x</script> & <b>", "<p>&lt;script&gt;x&lt;/script&gt; &amp; &lt;b&gt;</p>"),
    ("3 * 4 * 5", "<p>3 * 4 * 5</p>"),
    ("`<b>`", "<p><code>&lt;b&gt;</code></p>"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_blocks_and_inline(text: str, expected: str) -> None:
    assert expected == to_html(text)
