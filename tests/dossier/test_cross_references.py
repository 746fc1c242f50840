"""Numbers of figures and sections in the text lead to what they name."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_book import a_notebook, figure, finding, headline, run, shows, write

from workbook.dossier.cross_references import linked

ANCHORS = {"7.1": "figure-7-1", "07": "page-07", "04b": "page-04b"}


@pytest.mark.parametrize(
    "html, links",
    [
        ("Figure 7.1 says it", 1),
        ("sections 07 and 04b", 2),
        ("section 07, figure 7.1", 2),
        ("figure 7.10, section 70, 7.1 of them", 0),
        ('<a href="#x">figure 7.1</a>', 0),
        ("<svg><text>figure 7.1</text></svg> figure 7.1", 1),
        ("<code>figure 7.1</code>", 0),
        ('<p title="figure 7.1">no</p>', 0),
    ],
)
def test_what_is_there_is_a_link_and_the_rest_is_text(html: str, links: int) -> None:
    assert linked(html, ANCHORS).count('<a href="#') - html.count('<a href="#') == links


@pytest.mark.usefixtures("pages_here")
def test_a_figure_is_found_from_another_page(project: Path) -> None:
    write(
        project,
        "07_metrics",
        a_notebook(
            shows(headline(page="07")), shows(figure(number="7.1")), shows(figure(number="7.1"))
        ),
    )
    told = finding(page="05", sentence="See figure 7.1 <b>now</b>, not figure 9.1.")
    html = f"<ul><li>{told['sentence'].replace('<', '&lt;')}</li></ul>"
    write(
        project,
        "05_survivorship",
        a_notebook(
            shows(headline(page="05", lede="As section 07 says.")),
            shows({"kind": "findings", "findings": [told]}, html),
        ),
    )
    page = (run(project).path / "dossier.html").read_text()
    assert page.count('id="figure-7-1"') == 1
    assert 'figure <a href="#figure-7-1">7.1</a> &lt;b' in page
    assert 'As section <a href="#page-07">07</a> says.' in page
    assert "not figure 9.1" in page
