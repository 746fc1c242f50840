"""Payloads planted wherever a page takes text: the dossier holds them as text, and nothing of
them lives.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import pytest
from small_book import (
    Book,
    a_notebook,
    figure,
    finding,
    headline,
    metrics_figure,
    run,
    shows,
    write,
)

from workbook.dossier import run_project

PAYLOADS = (
    "</style><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "</title></head><body onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7*7 }}{% for x in y %}",
    "]]><!-- -->&lt;script&gt;",
    "\\22 ; } body { display: none } /* */",
    '=HYPERLINK("http://evil","x") | `code` **b** [x](javascript:alert(1))',
    "\u202e\u2066evil\u2028\u0007",
)
TAGS = set(
    "html head meta title style body nav p br ol ul li a span details summary main header section"
    " h1 h2 h3 h4 strong em div dl dt dd sup svg path table thead tbody tr th td code pre figure"
    " figcaption colgroup col g rect line circle text tspan".split()
)
# A table whose every cell, head and caption is the payload, made by the real `show/`.
SHOWN = """
import polars as pl
from workbook.show import Column, Figure, Headline, FindingsList, table
from workbook.finding import Finding
bad = {payload!r}
frame = pl.DataFrame({{"a": [bad], "b": [bad]}})
body = table(frame, [Column("a", bad), Column("b", bad, "value", cls="internal")])
display(Headline("05", bad, bad, bad, owner=bad))
display(Figure("5.1", bad, bad, body, bad, legend=[(bad, "d1")], role="diagnostic"))
FindingsList([Finding("a.b", "fail", bad, "05", 1, bad, (bad,))])
"""


class Reader(HTMLParser):
    """Gathers what a browser would see: tags, attributes, text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


COVERED = {  # what the cover takes from pages: role of a figure, its columns
    "competing": ("title", "name", "about", "value_text", "amount", "state", "difference"),
    "sensitivity": ("decision", "alternative", "moves"),
    "disputes": ("statement", "because"),
    "months": ("metric", "first", "first_of", "last", "last_of"),
}


@pytest.mark.usefixtures("pages_here")
@pytest.mark.parametrize(
    "payload", ["\n".join(PAYLOADS), *PAYLOADS[:2]], ids=["all", "script", "img"]
)
def test_a_payload_anywhere_is_text(project: Path, payload: str) -> None:
    class Named(Book):
        def __init__(self, *given: object, **named: object) -> None:
            super().__init__(*given, **named)  # type: ignore[arg-type]
            self.model.project.name = self.model.project.shape = payload

    cells = [
        shows(headline(sentence=payload, lede=payload, owner=payload, name=payload)),
        f"%md {payload}",
        shows(figure(title=payload, rows=[[payload]])),
        shows(
            figure(
                role="freshness",
                rows=[[payload]],
                columns=[{"name": "source", "label": payload, "kind": "check"}],
            )
        ),
        shows(
            figure(
                role="signoffs",
                rows=[[payload]],
                columns=[{"name": payload, "label": payload, "kind": payload}],
            )
        ),
        *(
            shows(
                figure(
                    role=role,
                    rows=[[payload if name != "amount" else 0.5 for name in names]] * 2,
                    columns=[{"name": name, "label": payload, "kind": "words"} for name in names],
                )
            )
            for role, names in COVERED.items()
        ),
        shows(metrics_figure(payload, payload)),
        shows(
            {
                "kind": "findings",
                "findings": [
                    finding(
                        "fail",
                        sentence=payload,
                        owner=payload,
                        code=payload,
                        about=[payload],
                        page="05",
                    )
                ],
            }
        ),
    ]
    write(project, "02_grain", a_notebook(*cells, title=f"# {payload}"))
    write(project, "05_survivorship", a_notebook(SHOWN.format(payload=payload)))
    result = run_project(project, open_book=Named)

    page = (result.path / "dossier.html").read_text()
    reader = Reader()
    reader.feed(page)
    assert reader.tags <= TAGS
    names = {name for name, _ in reader.attributes}
    assert not [
        name
        for name in names
        if name.startswith("on")
        or name in ("style", "src", "srcset", "action", "formaction", "background", "data")
    ]
    assert all(
        value.startswith("#") for name, value in reader.attributes if name in ("href", "xlink:href")
    )
    assert 1 == page.count("<style>") == page.count("</style>") == page.count("</title>")
    assert "alert(1)" in reader.text
    ET.parse(result.path / "junit.xml")
    json.loads((result.path / "results.json").read_text())
    summary = re.sub(r"\\(.)", "", (result.path / "summary.md").read_text())
    assert "<" not in summary
    assert "](javascript" not in summary


def test_what_the_notebook_saves_is_as_safe_as_the_page(project: Path) -> None:
    source = (
        "from IPython.display import display, HTML,"
        " Javascript\ndisplay(HTML('<script>alert(1)</script>'),"
        " Javascript('alert(1)'))\ndisplay({'application/vnd.workbook+json': {'kind': 'figure',"
        " 'number': '1', 'title': 't', 'columns': [], 'rows': []}, 'text/html': '<p>x</p>',"
        " 'image/svg+xml': '<svg onload=\"alert(1)\"/>', 'application/javascript': 'alert(1)'},"
        " raw=True)"
    )
    write(project, "02_grain", a_notebook(source))
    saved = json.loads((run(project).path / "notebooks" / "02_grain.ipynb").read_text())
    outputs = [output for cell in saved["cells"] for output in cell.get("outputs", ())]
    assert [{"application/vnd.workbook+json", "text/html"}] == [
        set(output["data"]) for output in outputs
    ]
    assert "alert" not in json.dumps(outputs)
