"""A whole run with tiny notebooks: what is published, what is refused, what stays, and what is
the same twice.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import xml.etree.ElementTree as ET
from base64 import b64encode
from importlib.resources import files as package_files
from pathlib import Path

import jsonschema
import nbformat
import pytest
from small_book import a_notebook, figure, finding, headline, metrics_figure, run, shows, write

from workbook.words import words_of
from workbook.dossier import contents_used, publish, run_project
from workbook.dossier.pages import check_json
from workbook.errors import MachineError, PageError, WorkbookError


def test_a_run_is_published_whole(project: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    result = run(project, progress=lambda *step: seen.append(step))

    assert 0 == result.exit_code
    assert [("2 · Grain: what is one row?", 0, 1)] == seen
    assert result.path.resolve() == (project / "runs" / "latest").resolve()
    assert re.fullmatch(r"2025-05-06-[0-9a-f]{8}", result.path.name)
    names = sorted(
        str(path.relative_to(result.path)) for path in result.path.rglob("*") if path.is_file()
    )
    assert [
        "dossier.html",
        "junit.xml",
        "manifest.json",
        "notebooks/02_grain.ipynb",
        "results.json",
        "summary.md",
    ] == names
    results = json.loads((result.path / "results.json").read_text())
    jsonschema.validate(
        results, json.loads((package_files("workbook.dossier") / "results.schema.json").read_text())
    )
    assert [[3]] == results["pages"][0]["figures"][0]["rows"]
    assert {"c1"} == contents_used(project / "runs", 3)
    assert not list((project / "runs").glob(".*"))


@pytest.mark.usefixtures("pages_here")
def test_the_dossier_is_one_file_that_loads_and_runs_nothing(project: Path) -> None:
    html = (run(project).path / "dossier.html").read_text()

    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1].replace("&#39;", "'")
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.S)
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}';" in policy
    assert not re.search(
        r"<script|<link|<iframe|<img|\ssrc=|\sstyle=|\son\w+=|https?://|url\(|@import|javascript:",
        html.replace("http-equiv", ""),
    )
    assert "Acme &amp; &lt;b&gt;Co&lt;/b&gt;" in html
    assert "<h1>A customer is an account.</h1>" in html
    assert words_of("dossier").text("cover.agreed.nobody") in html
    ids = re.findall(r'\sid="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]*)"', html)) <= set(ids)


def test_the_same_inputs_give_the_same_bytes_in_another_folder(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("another") / "place"
    shutil.copytree(project, other)
    (other / "some data").mkdir()
    first, second = run(project), run(other, data=str(other / "some data"))

    assert first.path.name == second.path.name
    for path in sorted(path for path in first.path.rglob("*") if path.is_file()):
        twin = second.path / path.relative_to(first.path)
        if path.name not in ("results.json", "manifest.json"):
            assert path.read_bytes() == twin.read_bytes(), path.name
        assert str(tmp_path_factory.getbasetemp()) not in path.read_text()
    results = [
        json.loads((folder / "results.json").read_text()) for folder in (first.path, second.path)
    ]
    assert results[0] | {"run": None} == results[1] | {"run": None}


@pytest.mark.usefixtures("pages_here")
def test_running_again_without_a_change_is_the_same_run(project: Path) -> None:
    first = run(project)
    before = (first.path / "dossier.html").read_bytes()
    second = run(project)

    assert first.path == second.path
    assert before == (second.path / "dossier.html").read_bytes()
    assert (
        second.cached
        == json.loads((second.path / "manifest.json").read_text())["run"]["cached"]
        == 1
    )


@pytest.mark.usefixtures("pages_here")
def test_a_fail_finding_exits_1_and_is_published(project: Path) -> None:
    write(
        project,
        "02_grain",
        a_notebook(
            shows({"kind": "findings", "findings": [finding("fail"), finding("note", code="a.b")]})
        ),
    )
    result = run(project)

    assert 1 == result.exit_code
    suite = ET.parse(result.path / "junit.xml").getroot()
    assert "1" == suite.get("failures")
    assert ["2 keys repeat."] == [failure.get("message") for failure in suite.iter("failure")]
    assert "## 1 failure" in (result.path / "summary.md").read_text()


def test_a_crash_leaves_the_latest_run_and_tells_no_value(project: Path) -> None:
    good = run(project)
    before = {path: path.read_bytes() for path in good.path.rglob("*") if path.is_file()}
    write(
        project,
        "05_survivorship",
        a_notebook("1 + 1", "raise KeyError('karen@example.org')", title="# 5 · Survivorship"),
    )

    with pytest.raises(PageError) as crash:
        run(project)
    assert "notebooks/05_survivorship.ipynb, cell 4 (c04): KeyError." in str(crash.value)
    assert "karen" not in str(crash.value)
    assert 3 == crash.value.exit_code
    assert before == {
        path: path.read_bytes()
        for path in (project / "runs" / "latest").resolve().rglob("*")
        if path.is_file()
    }
    assert [good.path.name, "latest"] == sorted(path.name for path in (project / "runs").iterdir())


def test_a_crash_of_our_own_tells_its_message(project: Path) -> None:
    source = (
        "from workbook.errors import DataError\nraise DataError('orders.csv has no column plan.')"
    )
    write(project, "05_survivorship", a_notebook(source))
    with pytest.raises(PageError, match="DataError: orders.csv has no column plan."):
        run(project)


def test_a_kernel_that_dies_is_a_page_that_crashed(project: Path) -> None:
    write(project, "05_survivorship", a_notebook("import os\nos._exit(1)"))
    with pytest.raises(PageError, match="05_survivorship.ipynb"):
        run(project)
    assert not (project / "runs").exists()


@pytest.mark.usefixtures("pages_here")
def test_markup_that_may_not_pass_publishes_nothing(project: Path) -> None:
    write(project, "02_grain", a_notebook(shows(figure(), "<p onclick='x'>y</p>")))
    with pytest.raises(WorkbookError) as refused:
        run(project)
    assert 3 == refused.value.exit_code
    assert not (project / "runs").exists()


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_is_not_finite_is_refused(number: float) -> None:
    with pytest.raises(WorkbookError, match="not finite"):
        check_json({"rows": [[1, [number]]]}, "07_metrics")


def test_what_did_not_pass_show_is_left_out_and_said(project: Path) -> None:
    write(
        project,
        "02_grain",
        a_notebook("print('karen@example.org')\n'erik@example.org'", shows(headline())),
    )
    result = run(project)

    assert ["dossier.loose_output"] == [item.code for item in result.findings]
    notebook = nbformat.read(result.path / "notebooks" / "02_grain.ipynb", as_version=4)
    assert [0, 0, 0, 1] == [
        len(cell.outputs) for cell in notebook.cells if cell.cell_type == "code"
    ]
    assert "karen@example.org" not in re.sub(
        r"print\(.*?\)", "", (result.path / "dossier.html").read_text()
    )


def test_a_saved_notebook_keeps_evidence_and_the_date_only(project: Path) -> None:
    result = run(project, as_of="2025-01-31")
    notebook = nbformat.read(result.path / "notebooks" / "02_grain.ipynb", as_version=4)

    injected = [
        cell for cell in notebook.cells if "injected-parameters" in cell.metadata.get("tags", ())
    ]
    assert ['AS_OF = "2025-01-31"'] == [cell.source for cell in injected]
    assert {"kernelspec", "language_info"} == set(notebook.metadata)
    assert "papermill" not in nbformat.writes(notebook)
    nbformat.validate(notebook)


@pytest.mark.usefixtures("pages_here")
def test_a_later_run_says_what_changed(project: Path) -> None:
    write(project, "07_metrics", a_notebook(shows(metrics_figure("1,096"))))
    first = run(project)
    write(
        project,
        "07_metrics",
        a_notebook(
            shows(metrics_figure("1,111")),
            shows({"kind": "findings", "findings": [finding("look", code="m.x", page="07")]}),
        ),
    )
    second = run(project)

    changes = json.loads((second.path / "results.json").read_text())["changes"]
    assert first.path.name == changes["against"]
    assert [("Active customers", "1,096", "1,111")] == [
        (row["metric"], row["then"], row["now"]) for row in changes["numbers"]
    ]
    assert (["2 keys repeat."], []) == (changes["findings_new"], changes["findings_closed"])
    html = (second.path / "dossier.html").read_text()
    assert f"What changed since run {first.path.name}" in html
    assert "was 1,096" in html
    assert second.path == run(project).path
    assert second.path == run(project, against=first.path.name).path


@pytest.mark.usefixtures("pages_here")
def test_the_cover_carries_numbers_with_their_caveat(project: Path) -> None:
    write(project, "07_metrics", a_notebook(shows(metrics_figure())))
    html = (run(project).path / "dossier.html").read_text()
    assert '<span class="book-value">1,096</span>' in html
    assert '<span class="book-detail">The feed is late.</span>' in html
    assert words_of("dossier").text("cover.badges.none") in html


@pytest.mark.usefixtures("pages_here")
def test_against_a_run_that_is_not_there_is_said_before_the_work(project: Path) -> None:
    first = run(project)
    with pytest.raises(WorkbookError, match="Did you mean") as wrong:
        run(project, against=first.path.name[:-1] + "x")
    assert 2 == wrong.value.exit_code


def test_publishing_that_breaks_midway_leaves_the_latest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"results.json": b"1", "manifest.json": b"1", "dossier.html": b"first"}
    publish.publish(tmp_path, "a", files)

    def full(path: Path, content: bytes) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(publish, "_write", full)
    with pytest.raises(MachineError, match="no space"):
        publish.publish(tmp_path, "b", files | {"dossier.html": b"second"})
    assert b"first" == (tmp_path / "latest" / "dossier.html").read_bytes()
    assert ["a", "latest"] == sorted(path.name for path in tmp_path.iterdir())


def test_a_published_run_that_was_edited_is_put_right(tmp_path: Path) -> None:
    files = {"results.json": b"1", "manifest.json": b"1", "dossier.html": b"first"}
    folder = publish.publish(tmp_path, "a", files)
    (folder / "dossier.html").write_bytes(b"forged")
    (tmp_path / ".tmp-999999999-x").mkdir()
    publish.publish(tmp_path, "a", files)
    assert b"first" == (folder / "dossier.html").read_bytes()
    assert ["a", "latest"] == sorted(path.name for path in tmp_path.iterdir())


@pytest.mark.usefixtures("pages_here")
def test_a_project_without_pages_of_its_own_runs_the_bundled_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundled = tmp_path / "bundled"
    bundled.mkdir()
    write(bundled, "02_grain", a_notebook(shows(headline())))
    real = run_project.__globals__["resources"]
    monkeypatch.setitem(
        run_project.__globals__,
        "resources",
        lambda name: bundled / name if name == "notebooks" else real(name),
    )
    root = tmp_path / "project"
    root.mkdir()
    assert (run(root).path / "notebooks" / "02_grain.ipynb").is_file()
