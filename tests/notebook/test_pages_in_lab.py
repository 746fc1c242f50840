"""The pages of the workbook in a real JupyterLab: run all, edit, try, adopt and undo; three of them
on a push, all in `make soak ROW=notebooks`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: pip install '.[test]'"
)
pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")

from pages_in_lab import SHOTS, a_project, browser, is_styled, opened, run_all

pytestmark = [
    pytest.mark.skipif(not browser(), reason="this machine has no Chromium to drive"),
    pytest.mark.long,
]
_CELL = """async (id) => {
  const content = jupyterapp.shell.currentWidget.content;
  content.activeCellIndex = content.widgets.findIndex(each => each.model.id === id);
  content.deselectAll();
  await jupyterapp.commands.execute('notebook:run-cell');
  return content.activeCell.model.outputs.toJSON().map(each =>
    each.data ? String(each.data['text/plain']) : each.ename).join(' ');
}"""
_WRITE = """([id, source]) => {
  const content = jupyterapp.shell.currentWidget.content;
  content.widgets.find(each => each.model.id === id).model.sharedModel.setSource(source);
}"""
_WITH = """(call) => jupyterapp.shell.currentWidget.content.widgets
  .find(each => each.model.type === 'code' && each.model.sharedModel.getSource().includes(call))
  .model.id"""


_SHOWN = """(call) => jupyterapp.shell.currentWidget.content.widgets
  .find(each => each.model.type === 'code' && each.model.sharedModel.getSource().includes(call))
  .model.outputs.toJSON().map(each => String((each.data || {})['text/html'])).join('')"""


@pytest.fixture(params=["JupyterLab Light", "JupyterLab Dark"])
def show(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Path, Any]]:
    project = a_project(tmp_path)
    with opened(tmp_path, theme=request.param) as way:
        yield project, way


def test_the_walk_of_three_pages(show: tuple[Path, Any]) -> None:
    project, way = show
    for page in ("02_grain", "07_metrics", "05_survivorship"):
        tab = way(page)
        assert run_all(tab) == []
        assert is_styled(tab)
        if SHOTS:
            for number, step in enumerate((0, 0.35, 0.7, 1)):
                tab.evaluate(
                    "(part) => { const box = document.querySelector('.jp-WindowedPanel-outer');"
                    " box.scrollTop = part * box.scrollHeight; }",
                    step,
                )
                tab.wait_for_timeout(400)
                tab.screenshot(path=f"{SHOTS}/{page}-{number}.png")
    run = lambda call: tab.evaluate(_CELL, tab.evaluate(_WITH, call))  # noqa: E731

    # an edit between two cells: the next one shows it
    path = project / "model" / "05_survivorship.yml"
    written = path.read_bytes()
    figure, card = tab.evaluate(_SHOWN, "survivorship.decisions()"), run("survivorship.decision()")
    text = written.decode("utf-8")
    assert "order: [desk, shop]\n" in text
    path.write_text(text.replace("order: [desk, shop]\n", "order: [shop, desk]\n"), "utf-8")
    os.utime(path, ns=(1, path.stat().st_mtime_ns + 1_000_000))
    run("survivorship.decisions()")
    moved = tab.evaluate(_SHOWN, "survivorship.decisions()")
    assert (figure != moved, len(figure) > 500) == (True, True)
    assert card == run("survivorship.decision()")  # the same lines of the same file
    path.write_bytes(written)
    os.utime(path, ns=(1, path.stat().st_mtime_ns + 2_000_000))

    # try, adopt, take back
    tab.evaluate(
        _WRITE,
        [
            tab.evaluate(_WITH, "choices().first"),
            'choice = ("fields.person.city.order", ["shop", "desk"])\n'
            "book.survivorship.what_if(*choice)",
        ],
    )
    assert "What if" in run("choice = (")
    assert "nothing was written" in run(".adopt(")
    assert path.read_bytes() == written
    cell = tab.evaluate(_WITH, ".adopt(")
    owner = "book.model.owner_of('survivorship', 'fields', 'person.city')"
    tab.evaluate(
        _WRITE,
        [
            cell,
            "adopted = book.survivorship.what_if(*choice).adopt(\n"
            f"    because='the shop asks at each order', by={owner}\n"
            "    or next(iter(book.model.project.departments)))\nadopted",
        ],
    )
    assert "05_survivorship.yml" in tab.evaluate(_CELL, cell)
    assert path.read_bytes() != written
    tab.evaluate(_WRITE, [cell, "book.undo()"])
    tab.evaluate(_CELL, cell)
    assert path.read_bytes() == written
