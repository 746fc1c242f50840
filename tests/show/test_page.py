"""Headlines, figures, findings, the stylesheet: what notebook and dossier read of them."""

from __future__ import annotations

import re

import polars as pl
import pytest

from workbook.dossier.sanitize_html import rebuild
from workbook.dossier.render import stylesheet
from workbook.finding import Finding
from workbook.show import (
    Body,
    Column,
    Figure,
    FindingsList,
    Headline,
    ShowError,
    style_tag,
    table,
    theme,
)

JSON = "application/vnd.workbook+json"


def test_a_headline_brings_the_stylesheet_and_the_dossier_leaves_it_out() -> None:
    bundle = Headline(
        "05", "Survivorship", "Billing wins.", "It is fresher.", "Finance"
    )._repr_mimebundle_()
    assert bundle["text/html"].startswith(f"<style>{theme.css()}</style>")
    assert "decided by Finance" in rebuild(bundle["text/html"], style=theme.css())
    assert "<style" not in rebuild(bundle["text/html"], style=theme.css())
    assert "05 Survivorship: Billing wins." == bundle["text/plain"]
    assert {
        "kind": "headline",
        "page": "05",
        "name": "Survivorship",
        "sentence": "Billing wins.",
        "lede": "It is fresher.",
        "owner": "Finance",
        "state": "decided",
    } == bundle[JSON]


def test_an_open_page_says_so() -> None:
    assert (
        "not decided yet"
        in Headline("05", "Survivorship", "Nobody has said who wins.", state="open").html()
    )


def test_a_figure_tells_its_data_and_a_role_its_texts() -> None:
    body = table(
        pl.DataFrame({"metric": ["Active"], "share": [0.5]}),
        [Column("metric"), Column("share", kind="percent")],
    )
    figure = Figure(
        "7.1",
        "How many?",
        "In September.",
        body,
        "All of them.",
        legend=[("now", "d1")],
        width=7,
        role="headline_metrics",
    )
    expected = {
        "kind": "figure",
        "number": "7.1",
        "title": "How many?",
        "subtitle": "In September.",
        "caption": "All of them.",
        "role": "headline_metrics",
        "width": 7,
        "columns": [
            {"name": "metric", "label": "Metric", "kind": "words"},
            {"name": "share", "label": "Share", "kind": "percent"},
        ],
        "rows": [["Active", 0.5]],
        "texts": [["Active", "50.0\u202f%"]],
    }
    assert expected == figure.as_dict()
    assert "Figure 7.1: How many? (1 row)" == repr(figure)
    assert "texts" not in Figure("7.1", "How many?", body=body).as_dict()


def test_a_drawn_figure_carries_the_frame_that_is_given_with_it() -> None:
    figure = Figure(
        "1", "How?", body=Body("<p>x</p>"), frame=pl.DataFrame({"entity": ["account"], "rows": [3]})
    )
    assert [["account", 3]] == figure.as_dict()["rows"]


@pytest.mark.parametrize(
    "wrong", [{"width": 2}, {"width": 13}, {"legend": [("x", "green")]}, {"legend": [("x", "")]}]
)
def test_a_figure_that_fits_no_page_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ShowError):
        Figure("1", "x", **wrong)  # type: ignore[arg-type]


def test_findings_stand_trouble_first() -> None:
    listed = FindingsList(
        [
            Finding("a.n", "note", "Later.", "05"),
            Finding("a.f", "fail", "Broken.", "05", 3, "Finance", ("x.y",)),
        ]
    )
    assert ["fail", "note"] == [each["severity"] for each in listed.as_dict()["findings"]]
    assert (
        Finding("a.f", "fail", "Broken.", "05", 3, "Finance", ("x.y",)).as_dict()
        == listed.as_dict()["findings"][0]
    )
    assert listed.html().index("Broken.") < listed.html().index("Later.")
    assert "2 findings" == repr(listed)


def test_no_findings_are_a_sentence() -> None:
    assert "No findings." in FindingsList([]).html()
    assert {"kind": "findings", "findings": []} == FindingsList([]).as_dict()


def test_the_stylesheet_loads_nothing_and_stays_within_its_classes() -> None:
    css = theme.css()
    assert css in stylesheet(css, "", {"name": "x", "as_of": "2026-01-01"}, "r1")
    assert "<" not in css and "url(" not in css
    assert {
        name
        for name in re.findall(r"\.([a-z][a-z0-9-]*)", re.sub(r"/\*.*?\*/", "", css, flags=re.S))
        if not name.startswith("wb")
    } <= {
        "d1",
        "d2",
        "d3",
        "d4",
        "blue",
        "red",
        "amber",
        "quiet",
        "strong",
        "vscode-dark",
        "vscode-light",
    }
    sizes = {int(size) for size in re.findall(r"(?:font-size: |font: \d+ )(\d+)px", css)}
    # 9 and 11 are marks, not text; 24 is the answer on a phone
    assert sizes <= {9, 11, 12, 13, 15, 18, 24, 30}
    assert {
        "text/html": f"<style>{css}</style>",
        "text/plain": "The workbook's stylesheet",
    } == style_tag()._repr_mimebundle_()


def test_every_token_has_a_dark_value_and_text_stands_out_in_both() -> None:
    css = theme.css()
    light = _tokens(css[: css.index("@media")])
    darks = [
        _tokens(block)
        for block in re.findall(r"\.wb \{([^}]*)\}", css[css.index("@media") :])
        if "--wb-paper" in block
    ]
    assert 2 == len(darks) and darks[0] == darks[1]
    assert set(light) == set(darks[0])
    for tokens in (light, darks[0]):
        for ink in ("ink", "text", "quiet", "blue", "red", "amber"):
            assert _contrast(tokens[ink], tokens["paper"]) >= 4.5, ink
            assert _contrast(tokens[ink], tokens["pick"]) >= 4.5 or ink == "amber", ink
        assert _contrast(tokens["text"], tokens["chip"]) >= 4.5


def _tokens(css: str) -> dict[str, str]:
    return dict(re.findall(r"--wb-([a-z0-9-]+): (#[0-9a-f]{6})", css))


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_light(one), _light(other)))
    return (high + 0.05) / (low + 0.05)


def _light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
