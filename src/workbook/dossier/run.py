"""A whole run: build the plan, execute the pages, bind the dossier, publish it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from workbook.dossier.cover import cover
from workbook.dossier.decision_snapshots import (
    decision_files,
    digest_of,
    keep_decisions,
    kept_decisions,
)
from workbook.dossier.digests import digest, digests
from workbook.dossier.execute import Progress, execute, notebooks_in, pages_at_once
from workbook.dossier.exit_code import exit_code
from workbook.dossier.headline_bridge import NO_PARTS, Number, movements
from workbook.dossier.page_cache import KeptPage, PageCache, files_of_pages, table_inputs
from workbook.dossier.page_provenance import tables_behind
from workbook.dossier.pages import Page, page_of
from workbook.dossier.previous_run import baseline_run, earlier_results
from workbook.dossier.publish import publish, require_publishable
from workbook.dossier.render import render
from workbook.dossier.results import all_findings, junit, results, summary, to_bytes
from workbook.dossier.run_diff import changes
from workbook.engine import Artifact, Engine, Plan
from workbook.errors import WorkbookError
from workbook.finding import Finding
from workbook.model import Model
from workbook.model.as_of import NO_DATE, UNDATED, is_undated
from workbook.privacy import current_key
from workbook.resources import resources
from workbook.show import theme
from workbook.words import error_of, finding


class RunnableBook(Protocol):
    """What a run needs of an open workbook."""

    @property
    def secrets(self) -> frozenset[str]:
        """Texts that no SQL on a page repeats."""

    @property
    def model(self) -> Model:
        """The decisions."""

    @property
    def plan(self) -> Plan:
        """The tables that they compile to."""

    @property
    def engine(self) -> Engine:
        """What builds them, over its store."""

    @property
    def as_of(self) -> dt.date:
        """The date that every page is about."""

    def headlines(
        self, decisions: Path | None = None, as_of: dt.date | None = None
    ) -> Mapping[str, Number]:
        """The headline numbers by label; under the decisions in another folder, or at another
        day.
        """

    def metric_values(self) -> Mapping[str, str]:
        """Every metric's unrounded value by name; empty where it has none."""

    def build(self, progress: Progress | None = None) -> Mapping[str, Artifact]:
        """Build the whole plan; every table by its name."""

    def changed(self) -> Sequence[Path]:
        """The files of decisions and data that are not as they were read."""


@dataclass(frozen=True)
class RunResult:
    """What a run came to; `path` is the run's folder, `exit_code` 1 where a `fail` finding stands.

    `built` and `cached` count tables, `executed` and `reused` pages.
    `sentence` is what a customer is, `numbers` are the headline numbers as the cover writes them.
    """

    path: Path
    exit_code: int
    sentence: str
    numbers: tuple[Mapping[str, str], ...]
    findings: tuple[Finding, ...]
    built: int
    cached: int
    executed: int
    reused: int
    seconds: float


def quiet(what: str, done: int, total: int) -> None:
    """Say nothing."""


def run_project(
    root: Path | str,
    *,
    open_book: Callable[..., RunnableBook],
    as_of: str | None = None,
    data: str | None = None,
    against: str | None = None,
    progress: Progress = quiet,
) -> RunResult:
    """Run every page of the project in `root` and publish the run; `open_book` is `Workbook.open`.

    Raises:
        WorkbookError: with its exit code, before anything is published: `runs/latest` stands as
          it was.
    """
    started = time.perf_counter()
    root = Path(root).resolve()
    data = str(Path(data).resolve()) if data else None
    book = open_book(root, as_of=as_of, data=data)
    spec = book.model.project
    runs = root / spec.runs
    require_publishable(runs)
    earlier_results(runs, against)  # a wrong --against is said before the long work
    tables = book.build(lambda name, done, total: progress(f"table {name}", done, total))
    undated = book.as_of == NO_DATE and is_undated(book.model)
    date = UNDATED if undated else book.as_of.isoformat()
    asked = "latest" if undated else date
    parameters = {"PROJECT": ".", "AS_OF": asked} | ({"DATA": data} if data else {})
    notebooks = _notebooks(root, spec.notebooks)
    kept = PageCache(
        book.engine.store,
        {
            "parameters": parameters,
            "as_of": date,
            "key": sha256(current_key()).hexdigest(),
            "decisions": decision_files(root, spec),
            "tables": table_inputs(tables),
            "files": files_of_pages(book.model),
        },
        asked,
    )
    made = kept.pages(
        notebooks,
        lambda left: execute(
            left,
            folder=root,
            parameters=parameters,
            progress=progress,
            at_once=pages_at_once(),
        ),
    )
    _unchanged(root, book)
    secrets = book.secrets
    pages = [
        replace(_page(item), tables=tables_behind(item.name, book.plan, tables, secrets))
        for item in made
    ]
    kept.keep(made, notebooks)
    project = {"name": spec.name, "shape": spec.shape, "as_of": date}
    bound = _bind(_Run(root, book, project, tables, made, started), pages, against)
    _unchanged(root, book)
    keep_decisions(root, bound.decisions)
    path = publish(runs, bound.run_id, bound.files)
    findings = tuple(all_findings(pages))
    cached = sum(table.cached for table in tables.values())
    return RunResult(
        path,
        exit_code(findings),
        bound.cover["sentence"],
        tuple(bound.cover["numbers"]),
        findings,
        len(tables) - cached,
        cached,
        sum(not page.reused for page in made),
        sum(page.reused for page in made),
        time.perf_counter() - started,
    )


def _unchanged(root: Path, book: RunnableBook) -> None:
    """Holds that the pages are about what the run began with.

    Raises:
        WorkbookError: a file of decisions or data was changed meanwhile, so that pages may
          contradict one another.
    """
    changed = [
        str(file.relative_to(root)) if file.is_relative_to(root) else str(file)
        for file in book.changed()
    ]
    if changed:
        raise error_of(WorkbookError, "dossier.changed_meanwhile", files=changed)


def _notebooks(root: Path, folder: str) -> list[Path]:
    """The team's copy of the pages, or the bundled ones where the project keeps none."""
    notebooks = notebooks_in(root / folder) or notebooks_in(resources("notebooks"))
    if not notebooks:
        raise error_of(WorkbookError, "dossier.no_pages", folder=str(root / folder))
    return notebooks


def _page(kept: KeptPage) -> Page:
    page, loose = page_of(kept.name, kept.node, theme.css()), list(kept.loose)
    if not loose:
        return page
    found = finding(None, "dossier.loose_output", len(loose), title=page.title, outputs=loose)
    found = replace(found, page=page.number)
    return replace(page, findings=(*page.findings, found))


@dataclass(frozen=True)
class _Run:
    """What a run is made of: the open book, its project, its tables and its executed pages."""

    root: Path
    book: RunnableBook
    project: Mapping[str, Any]
    tables: Mapping[str, Artifact]
    made: Sequence[KeptPage]
    started: float

    @property
    def runs(self) -> Path:
        return self.root / self.book.model.project.runs

    def stored(self) -> dict[str, dict[str, Any]]:
        return {
            name: {"rows": table.rows, "content": table.content}
            for name, table in self.tables.items()
        }

    def cost(self) -> dict[str, Any]:
        cached = sum(table.cached for table in self.tables.values())
        return {
            "seconds": round(time.perf_counter() - self.started, 3),
            "built": len(self.tables) - cached,
            "cached": cached,
            "executed": len(self.made) - self.reused,
            "reused": self.reused,
        }

    @property
    def reused(self) -> int:
        """How many pages were not executed again."""
        return sum(page.reused for page in self.made)


@dataclass(frozen=True)
class _Bound:
    """A run ready to be published: its id, its files, what its cover says, and the decisions
    that it depends on.
    """

    run_id: str
    files: dict[str, bytes]
    cover: dict[str, Any]
    decisions: dict[str, str]


def _bind(run: _Run, pages: Sequence[Page], against: str | None) -> _Bound:
    """The files of a run, and its id: the date and a digest of all that the files hold."""
    decisions = decision_files(run.root, run.book.model.project)
    values = {
        label: str(each.answer)
        for label, each in run.book.headlines().items()
        if each.answer is not None
    }
    now = results(run.project, pages, run.stored(), decisions, values, run.book.metric_values())
    notebooks = {f"notebooks/{page.name}.ipynb": _notebook_bytes(page.node) for page in run.made}
    templates = resources("templates") / "dossier"
    looks = [
        theme.css().encode(),
        *(path.read_bytes() for path in sorted(templates.iterdir()) if path.is_file()),
    ]
    behind = repr([page.tables for page in pages]).encode()
    evidence = digest([to_bytes(now), *notebooks.values(), behind, *looks])
    two = digests(now, [*notebooks.values(), behind, *looks])
    then = baseline_run(run.runs, evidence, against)
    changed = _changes(run, now, then) if then else None
    day = "undated" if run.project["as_of"] == UNDATED else run.project["as_of"]
    run_id = f"{day}-{digest([evidence.encode(), to_bytes(changed)])[:8]}"
    front = cover(pages, changed)
    cost = run.cost()
    now = {
        "version": now["version"],
        "id": run_id,
        "evidence": evidence,
        "digests": two,
        **now,
        "changes": changed,
        "run": cost,
    }
    return _Bound(
        run_id,
        {
            "dossier.html": render(
                templates, theme.css(), project=run.project, run_id=run_id, pages=pages, cover=front
            ),
            **notebooks,
            "results.json": to_bytes(now),
            "junit.xml": junit(pages),
            "summary.md": summary(now, front),
            "manifest.json": to_bytes(_manifest(run_id, two, run, cost)),
        },
        front,
        decisions,
    )


def _changes(run: _Run, now: Mapping[str, Any], then: Mapping[str, Any]) -> dict[str, Any]:
    """What differs from an earlier run, each movement split by its cause."""
    found = changes(now, then)
    kept = kept_decisions(run.root, digest_of(then["decisions"]))
    moved = movements(
        run.book,
        then,
        same_decisions=not found["decisions_changed"],
        same_data=not found["sources_changed"],
        kept=kept,
    )
    parts = {row["metric"]: row for row in moved["rows"]}
    return {
        **found,
        "numbers": [
            {**row, **NO_PARTS, **parts.get(row["metric"], {})} for row in found["numbers"]
        ],
        "unsplit": moved["unsplit"],
    }


def _manifest(
    run_id: str, two: Mapping[str, str], run: _Run, cost: Mapping[str, Any]
) -> dict[str, Any]:
    """Every table with its rows, recipe and content; what may differ between identical runs
    stands in `run`.
    """
    return {
        "id": run_id,
        "digests": two,
        "rows": sum(table.rows for table in run.tables.values()),
        "tables": {
            name: {"rows": t.rows, "recipe": t.recipe, "content": t.content}
            for name, t in run.tables.items()
        },
        "run": {
            **cost,
            "tables": {
                name: {"seconds": t.seconds, "cached": t.cached} for name, t in run.tables.items()
            },
            "pages": {
                page.name: {"recipe": page.recipe, "reused": page.reused} for page in run.made
            },
        },
    }


def _notebook_bytes(node: Any) -> bytes:
    import nbformat

    return (nbformat.writes(node, version=4).rstrip("\n") + "\n").encode()
