"""A page of a team's own: its title, prose and figures join the dossier; nothing of it is counted
twice, and nothing that did not pass `show` is in it.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell
from small_book import a_notebook, figure, finding, headline, metrics_figure, run, shows, write

from workbook import Workbook
from workbook.cli.new_page import write_page
from workbook.errors import WorkbookError
from workbook.show import Figure

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "notebooks" / "tiny"
OWN = "# 13 · Origin: where do they come from?\n\nSales asks."


def page_of(path: Path, name: str) -> str:
    """A page in the dossier, by its notebook's name."""
    html = (path / "dossier.html").read_text("utf-8")
    found = re.search(rf'<section class="book-page" id="page-{name}">.*?\n</section>', html, re.S)
    assert found, name
    return found[0]


@pytest.mark.usefixtures("pages_here")
def test_its_title_prose_and_figures_join_in_order(project: Path) -> None:
    own = a_notebook(
        "%md ## First\n\n**Two** cities <script>x</script>",
        shows(figure(title="A"), "<p>first</p>"),
        "%md And then.",
        shows(figure(title="B"), "<p>second</p>"),
        title=OWN,
    )
    write(project, "13_my_analysis", own)
    result = run(project)
    page = page_of(result.path, "13-my-analysis")
    assert "<h2>Origin: where do they come from?</h2>" in page
    shown = page.partition('<details class="book-made">')[0]
    parts = [
        "Sales asks.",
        "<strong>Two</strong> cities &lt;script&gt;",
        "first",
        "And then.",
        "second",
    ]
    places = [shown.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)
    results = json.loads((result.path / "results.json").read_text("utf-8"))
    mine = results["pages"][-1]
    assert (mine["name"], mine["title"]) == ("13_my_analysis", "Origin: where do they come from?")
    assert [each["title"] for each in mine["figures"]] == ["A", "B"]
    # a step's page keeps its prose folded, and is called by its first words
    grain = page_of(result.path, "02")
    assert "Look <em>here</em> first." not in grain.partition('<details class="book-made">')[0]
    assert results["pages"][0]["title"] == "Grain"


@pytest.mark.usefixtures("pages_here")
def test_what_it_takes_from_a_step_is_not_counted_again(project: Path) -> None:
    write(project, "07_metrics", a_notebook(shows(metrics_figure("1,096"))))
    again = {"kind": "findings", "findings": [finding()]}
    own = a_notebook(
        shows(headline(sentence="Of page two."), "<p>its head</p>"),
        shows(metrics_figure("9"), "<p>numbers</p>"),
        shows(again, "<p>open points</p>"),
        title=OWN,
    )
    before = run(project)
    write(project, "02_our_grain", own)  # a number that is taken, and before page 07
    after = run(project)
    assert [each.code for each in after.findings] == [each.code for each in before.findings]
    assert [row["value"] for row in after.numbers] == ["1,096"]
    page = page_of(after.path, "02-our-grain")
    assert all(text in page for text in ("its head", "numbers", "open points"))
    assert "<h2>Origin: where do they come from?</h2>" in page
    html = (after.path / "dossier.html").read_text("utf-8")
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))


@pytest.mark.usefixtures("pages_here")
def test_a_headline_of_its_own_heads_it(project: Path) -> None:
    write(project, "13_mine", a_notebook(shows(headline(page="13", sentence="Half.")), title=OWN))
    assert "<h2>Half.</h2>" in page_of(run(project).path, "13-mine")


@pytest.mark.usefixtures("pages_here")
def test_cells_that_show_something_else_are_named_as_they_are_counted(project: Path) -> None:
    """Cells of the notebook as its author sees it: a title, parameters, then the third."""
    write(project, "13_mine", a_notebook("'erik@example.org'", shows(figure()), "2", title=OWN))
    result = run(project)
    found = [each for each in result.findings if each.code == "dossier.loose_output"]
    assert [each.count for each in found] == [2]
    assert "cell 3 (c03)" in found[0].sentence
    assert "cell 5 (c05)" in found[0].sentence
    assert result.exit_code == 0
    assert "erik@example.org" not in page_of(result.path, "13-mine").partition("<details")[0]


@pytest.mark.usefixtures("pages_here")
def test_a_notebook_of_an_earlier_format_joins(project: Path) -> None:
    """Cells without ids, and a raw cell, which is nobody's prose."""
    cells = [new_markdown_cell(OWN), new_raw_cell("raw words"), new_code_cell(shows(figure()))]
    node = new_notebook(cells=cells)
    node.nbformat_minor = 4
    for cell in cells:
        cell.pop("id")
    write(project, "14_older", node)
    path = run(project).path
    shown = page_of(path, "14-older").partition("<details")[0]
    assert "Sales asks." in shown
    assert "raw words" not in shown
    kept = nbformat.read(path / "notebooks" / "14_older.ipynb", as_version=4)
    nbformat.validate(kept)


def test_the_example_of_the_documents_gives_a_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the tiny project: Bonn, Kiel, Neu-Ulm and Ulm with a person each."""
    text = (ROOT / "docs" / "own-pages.md").read_text("utf-8")
    code = re.findall(r"```python\n(.*?)```", text, re.S)
    assert len(code) == 1
    monkeypatch.chdir(shutil.copytree(TINY, tmp_path / "shop"))
    shell = InteractiveShell()
    shell.user_ns |= {"PROJECT": None, "AS_OF": None, "DATA": None}
    done = shell.run_cell(code[0])
    done.raise_error()
    made = done.result
    assert isinstance(made, Figure)
    assert made.data.rows() == [("Bonn", 1), ("Kiel", 1), ("Neu-Ulm", 1), ("Ulm", 1)]
    assert made.as_dict()["kind"] == "figure"


def test_the_template_runs_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = shutil.copytree(TINY, tmp_path / "shop")
    path = write_page(project / "notebooks", "Where from?")
    node = nbformat.read(path, as_version=4)
    nbformat.validate(node)
    monkeypatch.chdir(project)
    shell = InteractiveShell()
    shown = []
    for cell in node.cells:
        if cell.cell_type == "code":
            done = shell.run_cell(cell.source)
            done.raise_error()
            shown.append(done.result)
    made = shown[-1]
    assert isinstance(made, Figure)
    assert made.data["name"].to_list() == Workbook.open().tables().data["name"].to_list()


def test_a_page_is_made_under_the_next_number(tmp_path: Path) -> None:
    assert [
        write_page(tmp_path, title).name
        for title in ("my_analysis", "  Why\n'renewals'? ", "Größe & <b>", "x" * 500)
    ] == [
        "13_my_analysis.ipynb",
        "14_why_renewals.ipynb",
        "15_gr_e_b.ipynb",
        f"16_{'x' * 60}.ipynb",
    ]
    heads = [
        json.loads(path.read_text("utf-8"))["cells"][0]["source"][0]
        for path in sorted(tmp_path.glob("*.ipynb"))
    ]
    assert heads[:3] == ["# 13 · My analysis\n", "# 14 · Why 'renewals'?\n", "# 15 · Größe & <b>\n"]
    assert '"14.1"' in (tmp_path / "14_why_renewals.ipynb").read_text("utf-8").replace("\\", "")
    (tmp_path / "99_last.ipynb").touch()
    for title, code in (("?!", "cli.page_without_name"), ("more", "cli.no_page_number")):
        with pytest.raises(WorkbookError) as raised:
            write_page(tmp_path, title)
        assert raised.value.code == code
