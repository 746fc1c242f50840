"""What a dossier may carry: the allow-list refuses every payload and rebuilds what figures need."""

from __future__ import annotations

import pytest

from workbook.dossier.sanitize_html import UnsafeMarkupError, rebuild

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<p onclick='alert(1)'>x</p>",
    '<p style="background:url(//evil)">x</p>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="https://example.org">x</a>',
    "<svg><script>alert(1)</script></svg>",
    "<svg><foreignObject><p>x</p></foreignObject></svg>",
    '<svg><use href="#a"></use></svg>',
    '<svg><rect fill="url(https://example.org)"></rect></svg>',
    "<svg><style>*{}</style></svg>",
    "<svg><title><p>x</p></title></svg>",
    "<svg><a href='#x'>x</a></svg>",
    "<style>body{display:none}</style>",
    "<iframe src='data:text/html,x'></iframe>",
    "<math><mtext></mtext></math>",
    "<form action='/x'></form>",
    "<!-- <p> -->",
    "<!doctype html>",
    "<?php x ?>",
    "<svg><![CDATA[x]]></svg>",
    '<p class="a&quot;b">x</p>',
    "<p id='a' id='b'>x</p>",
    "<td headers='\" onload=x'>x</td>",
    "<p>left open",
    "<p>x</div>",
    "<div/>",
    "<rect></rect>",
    "<meta http-equiv='refresh' content='0'>",
    "<base href='/'>",
    "<link rel='stylesheet' href='x'>",
    "<textarea><p></p></textarea>",
    "<title>x</title>",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_is_refused(payload: str) -> None:
    with pytest.raises(UnsafeMarkupError):
        rebuild(payload, style=".wb{}")


def test_text_is_written_anew_and_escaped() -> None:
    assert "<p>a &lt;b&gt; &amp; &lt;script&gt;</p>" == rebuild(
        "<p>a &lt;b> &amp; &#60;script></p>"
    )
    assert "a &lt; b" == rebuild("a < b")


def test_a_table_and_a_drawing_pass() -> None:
    html = (
        '<figure class="fig w7" id="f1"><table><thead><tr><th id="c0"'
        ' scope="col">A</th></tr></thead><tbody><tr><td headers="c0"'
        ' colspan="2">x<br></td></tr></tbody></table><svg viewBox="0 0 10 10"'
        ' preserveAspectRatio="none"><g transform="translate(5, 5)"><path d="M0,0L1.5,2Z"'
        ' fill="#2f3c4c"></path><line x1="0" x2="50%"/><title>words</title></g></svg></figure>'
    )
    assert html.replace('x2="50%"/>', 'x2="50%"></line>') == rebuild(html)


def test_ids_and_what_refers_to_them_are_prefixed_alike() -> None:
    html = (
        '<p id="a"><a href="#a">x</a><a href="#page-05">y</a></p><svg aria-labelledby="a b"><g'
        ' clip-path="url(#c)"></g></svg>'
    )
    expected = (
        '<p id="p-a"><a href="#p-a">x</a><a href="#page-05">y</a></p>'
        '<svg aria-labelledby="p-a p-b"><g clip-path="url(#p-c)"></g></svg>'
    )
    assert expected == rebuild(html, prefix="p-")


def test_only_the_known_stylesheet_is_left_out() -> None:
    assert "<p>x</p>" == rebuild("<style>.wb{}</style><p>x</p>", style=".wb{}")
    with pytest.raises(UnsafeMarkupError):
        rebuild("<style>.wb{}body{}</style>", style=".wb{}")


def test_what_was_rebuilt_passes_again() -> None:
    once = rebuild('<p title="a &quot; &lt;script&gt; b">&amp;lt;</p>')
    assert once == rebuild(once)
