"""One whole run of the sample, read as its readers get it: numbers, privacy, offline page, what
a changed amount moves.
"""

from __future__ import annotations

import csv
import html
import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import jsonschema
import polars as pl
import pytest
from words import rendered

from workbook import Workbook
from workbook.dossier import run_project
from workbook.history import since_sql
from workbook.model.caveats import caveats

ROOT = Path(__file__).parents[2]
SNAPSHOTS = ROOT / "tests" / "words" / "snapshots"

pytestmark = [pytest.mark.xdist_group("whole run"), pytest.mark.long]  # one run, read by one worker


@dataclass
class Run:
    """A published run and what it came to."""

    folder: Path
    exit_code: int

    @cached_property
    def results(self) -> dict[str, Any]:
        return json.loads((self.folder / "results.json").read_text("utf-8"))

    @cached_property
    def texts(self) -> dict[str, str]:
        return {
            str(path.relative_to(self.folder)): path.read_text("utf-8")
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }

    def numbers(self) -> dict[str, str]:
        return {row["metric"]: row["value_text"] for row in self.results["headline_metrics"]}

    def figure(self, page: str, number: str) -> dict[str, Any]:
        (found,) = [
            f
            for p in self.results["pages"]
            if p["page"] == page
            for f in p["figures"]
            if f["number"] == number
        ]
        return found


@pytest.fixture(scope="module")
def project(a_sample: Callable[..., Path]) -> Path:
    return a_sample(data=True)


@pytest.fixture(scope="module")
def book(project: Path) -> Iterator[Workbook]:
    with closing(Workbook.open(project)) as opened:
        yield opened


@pytest.fixture(scope="module")
def run(project: Path) -> Run:
    done = run_project(project, open_book=Workbook.open)
    return Run(done.path, done.exit_code)


def test_it_passes_with_warnings_and_shows_all_fourteen_pages(run: Run) -> None:
    assert run.exit_code == 0
    assert [page["page"] for page in run.results["pages"]] == [
        "00",
        "01",
        "02",
        "03",
        "04",
        "04b",
        "05",
        "06",
        "07",
        "08",
        "09",
        "10",
        "11",
        "12",
    ]
    assert all(len(page["figures"]) >= 3 for page in run.results["pages"])
    assert not [
        f for f in run.results["findings"] if f["severity"] == "fail" or f["code"].endswith(".open")
    ]


def test_results_keep_to_their_schema(run: Run) -> None:
    schema = json.loads(
        (ROOT / "src" / "workbook" / "dossier" / "results.schema.json").read_text("utf-8")
    )
    jsonschema.Draft202012Validator(schema).validate(run.results)


def test_the_cover_shows_the_numbers_that_are_true(run: Run) -> None:
    truth = json.loads((ROOT / "data" / "truth" / "b2b_saas" / "answers.json").read_text("utf-8"))
    mrr = Decimal(truth["mrr_at_month_end"]["2025-06"]["in_EUR"])
    assert run.numbers()["MRR"] == f"€{mrr:,.2f}"
    assert f"€{mrr:,.2f}" in run.texts["dossier.html"]


def test_every_planted_row_that_landing_meets_is_counted(run: Run, book: Workbook) -> None:
    codes = {finding["code"]: finding for finding in run.results["findings"]}
    assert codes["sources.rejected_rows"]["count"] == 4
    assert codes["sources.bad_cells"]["count"] == 7
    assert codes["history.erased_still_held"]["count"] == 3  # an old list brought them back
    # what they did, answered and were sent since they asked
    # activities, answers, messages, and one membership
    assert codes["history.erased_since"]["count"] == 36 + 3 + 2 + 1
    (mails,) = [
        row["rows"]
        for row in book.history.context.query(since_sql(book.model, "user")).to_dicts()
        if row["thing"] == "message"
    ]
    assert mails == mails_after_erasure() == 2


def test_a_caveat_stands_beside_every_number_that_it_touches(run: Run, book: Workbook) -> None:
    every = [told for told in caveats(book.model) if not told.expired]
    assert sum(len(told.metrics) for told in every) > 30
    figure = run.figure("07", "7.2")
    said = [" ".join(str(cell) for cell in row) for row in figure["rows"]]
    for told in every:
        assert len([text for text in said if told.caveat.says in text]) == len(told.metrics)


def test_no_id_of_a_person_and_nothing_that_stands_on_one_is_shown(run: Run) -> None:
    """12.6 names one row of each decision, 11.4 the first rows of each view: accounts in clear,
    what leads to a user as tokens.
    """
    examples = run.figure("12", "12.6")
    at = [column["name"] for column in examples["columns"]].index("id")
    ids = [str(row[at]) for row in examples["rows"]]
    assert {re.sub(r"(_|·).*", r"\1", each) for each in ids} == {"acc_", "ticket·", "user·"}
    assert not any(re.search(r"\buse_[0-9a-z]{10}\b", text) for text in run.texts.values())
    languages = [
        str(row[3])
        for row in run.figure("11", "11.4")["rows"]
        if str(row[2]).endswith("language") and row[3]
    ]
    assert len(languages) == 7 and all(each.startswith("language·") for each in languages)


def mails_after_erasure() -> int:
    """Mails to a subscriber id after its own request to be forgotten, by the files alone."""
    folder = ROOT / "data" / "b2b_saas" / "marketing"
    asked, sent = (
        pl.read_csv(folder / f"{name}.csv", try_parse_dates=True)
        for name in ("erasures", "messages")
    )
    return (
        asked.join(sent, on="subscriber_id")
        .filter(pl.col("sent_at") > pl.col("requested_at"))
        .height
    )


def personal_values() -> set[str]:
    """E-mail addresses, telephone numbers and family names of the sample, long enough not to be
    words of a page.
    """
    found: set[str] = set()
    for path in (ROOT / "data" / "b2b_saas").rglob("*.csv"):
        european = path.parent.name == "support"
        with path.open(encoding="windows-1252" if european else "utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter=";" if european else ","):
                for name in ("email", "billing_email", "phone", "subject", "device_id"):
                    value = (row.get(name) or "").strip()
                    if len(value) > 7:
                        found.add(value)
                full = f"{row.get('first_name') or ''} {row.get('last_name') or ''}".strip()
                found |= {full} if len(full) > 9 and " " in full else set()
    return found


def test_no_personal_value_leaves_in_any_file_or_mime_type(run: Run) -> None:
    values = personal_values()
    assert len(values) > 5000
    for name, text in run.texts.items():
        assert found_in(text, values) == set(), name


def found_in(text: str, values: set[str]) -> set[str]:
    """The values that a text holds: by their first eight characters, which all of them have, and
    then in full.
    """
    starts = {text[at : at + 8] for at in range(len(text) - 7)}
    return {value for value in values if value[:8] in starts and value in text}


def test_a_value_is_found_wherever_it_stands() -> None:
    values = {"ann@x.example", "Ann Other", "+49 30 1234"}
    assert found_in("to ann@x.example, by Ann Othe", values) == {"ann@x.example"}
    assert found_in("AAnn Other+49 30 1234", values) == {"Ann Other", "+49 30 1234"}
    assert found_in("Ann", values) == set()


def test_the_page_is_offline_and_runs_nothing(run: Run) -> None:
    page = run.texts["dossier.html"]
    assert "default-src 'none'" in html.unescape(page.partition("</head>")[0])
    assert not re.search(
        r"<script|\son\w+=|javascript:|<iframe|<link|@import|url\(|src=[\"']?http", page, re.I
    )
    assert not re.search(r"\sstyle=", page)


@pytest.mark.usefixtures("pages_here")
def test_running_again_builds_nothing_and_gives_the_same_run(project: Path, run: Run) -> None:
    again = run_project(project, open_book=Workbook.open)
    assert (again.built, again.path) == (0, run.folder)


@pytest.mark.usefixtures("pages_here")
def test_one_changed_amount_moves_every_page_that_shows_it(project: Path, run: Run) -> None:
    """A running euro subscription is 1,000.00 a month dearer: MRR, its segment, its movement
    and its total follow.
    """
    path = project / "data" / "billing" / "subscriptions.csv"
    lines = path.read_text("utf-8").splitlines()
    head = lines[0].split(",")
    at = {name: head.index(name) for name in ("mrr_cents", "currency", "ended_on", "started_on")}
    number = next(
        n
        for n, line in enumerate(lines[1:], 1)
        if (cells := line.split(","))[at["currency"]] == "EUR"
        and not cells[at["ended_on"]]
        and cells[at["started_on"]] < "2025-01-01"
    )
    cells = lines[number].split(",")
    cells[at["mrr_cents"]] = str(int(cells[at["mrr_cents"]]) + 100_000)
    lines[number] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    for page in ("01", "02", "03", "07"):
        (found,) = (ROOT / "notebooks").glob(f"{page}_*.ipynb")
        (project / "notebooks").mkdir(exist_ok=True)
        shutil.copy(found, project / "notebooks")
    done = run_project(project, open_book=Workbook.open)
    moved = Run(done.path, done.exit_code)
    before, after = (Decimal(r.numbers()["MRR"].strip("€").replace(",", "")) for r in (run, moved))
    assert after - before == 1000
    assert 0 < done.built < done.cached
    for page, figure in (
        ("01", "1.1"),
        ("02", "2.2"),
        ("07", "7.1"),
        ("07", "7.2"),
        ("07", "7.3"),
        ("07", "7.4"),
        ("07", "7.5"),
        ("07", "7.7"),
    ):
        assert run.figure(page, figure)["rows"] != moved.figure(page, figure)["rows"], figure
    assert run.figure("03", "3.3")["rows"] == moved.figure("03", "3.3")["rows"]
    changes = moved.results["changes"]
    (mrr,) = [row for row in changes["numbers"] if row["metric"] == "MRR"]
    assert (mrr["then"], mrr["now"]) == (run.numbers()["MRR"], moved.numbers()["MRR"])
    # the same day, told differently
    assert (mrr["restated"], mrr["new_data"], mrr["decisions"]) == ("+€1,000", "", "")
    assert (changes["decisions_changed"], changes["sources_changed"]) == (
        [],
        ["billing.subscriptions"],
    )


def test_the_readme_prints_what_the_run_prints(run: Run) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    (grain,) = [page for page in run.results["pages"] if page["page"] == "02"]
    assert f"    {grain['headline']['sentence']}\n" in readme
    for metric, value in run.numbers().items():
        assert re.search(
            rf"{re.escape(metric)} +{re.escape(value.replace(chr(0x202F), ' '))}  ", readme
        ), metric
    counts = [
        sum(f["severity"] == severity for f in run.results["findings"])
        for severity in ("fail", "look", "note")
    ]
    assert "Findings: {} failures, {} warnings and {} notes.".format(*counts) in readme


def rows_with(run: Run, *names: str) -> list[dict[str, Any]]:
    """Every row of every figure that has these columns, with the number of its figure."""
    found = []
    for page in run.results["pages"]:
        for figure in page["figures"]:
            columns = [column["name"] for column in figure["columns"]]
            if set(names) <= set(columns):
                found += [
                    {"figure": figure["number"], **dict(zip(columns, row, strict=True))}
                    for row in figure["rows"]
                ]
    return found


@pytest.mark.parametrize("column", ["metric", "name"])
def test_a_headline_number_reads_alike_wherever_it_stands(run: Run, column: str) -> None:
    said: dict[str, dict[str, list[str]]] = {name: {} for name in run.numbers()}
    for row in rows_with(run, column, "value_text"):
        if row[column] in said and row["value_text"]:
            said[row[column]].setdefault(row["value_text"], []).append(row["figure"])
    assert {name: list(values) for name, values in said.items() if values} == {
        name: [value] for name, value in run.numbers().items() if said[name]
    }, said
    assert (
        any(len(figures) > 1 for values in said.values() for figures in values.values())
        or column == "name"
    )
    for name, value in run.numbers().items():
        assert value.replace("\u202f", " ") in run.texts["summary.md"].replace("\u202f", " "), name
        assert value in html.unescape(run.texts["dossier.html"]), name


def test_a_number_has_one_owner_and_a_relationship_one_state(run: Run) -> None:
    owners: dict[str, set[str]] = {}
    for row in rows_with(run, "metric", "owner"):
        owners.setdefault(row["metric"], set()).add(row["owner"])
    assert {name: found for name, found in owners.items() if len(found) > 1} == {}
    open_choice = next(f for f in run.results["findings"] if f["code"] == "metrics.competing")
    disputed = rows_with(run, "statement", "settles")
    assert {row["settles"] for row in disputed} <= {open_choice["owner"], "operations"}
    states = {
        row["label"]: row["state"]
        for row in rows_with(run, "label", "declared", "measured", "state")
    }
    assert states["contact of"] == "look"  # as its check says, which only warns


def test_a_defect_is_a_finding_once(run: Run) -> None:
    """Rows that repeat a key, users in two accounts, profiles apart from their history: each is
    told in one section.
    """
    counts = [
        (f["count"], tuple(f["about"])) for f in run.results["findings"] if f["severity"] == "look"
    ]
    told = [count for count, _ in counts]
    assert [told.count(count) for count in (340, 371)] == [1, 1]
    said = [f["sentence"].rstrip(".") for f in run.results["findings"]]
    assert [
        (one, other)
        for at, one in enumerate(said)
        for other in said[at + 1 :]
        if one in other or other in one
    ] == []
    pages = {f["page"] for f in run.results["findings"] if "86 of 1,548" in f["sentence"]}
    assert pages == {"04"}


def test_what_a_law_asks_comes_first(run: Run) -> None:
    first = [f["code"] for f in run.results["findings"] if f["severity"] == "look"][:5]
    assert first[:3] == [
        "history.erased_still_held",
        "history.erased_since",
        "history.erasure_unlinked",
    ]
    gone = next(f for f in run.results["findings"] if f["code"] == "history.erasure_unlinked")
    # the list has one identifier alone, so whether they are held elsewhere is not measured
    assert (gone["severity"], gone["count"]) == ("look", 6)
    assert set(first[3:]) <= {
        "metrics.competing",
        "review.disputed",
        "grain.functions_differ",
        "metrics.disagree",
    }


def test_the_dossier_keeps_to_the_rules_of_words(run: Run) -> None:
    assert rendered.faults(rendered.pieces(run.texts["dossier.html"])) == []


@pytest.mark.parametrize("page", sorted(path.stem for path in SNAPSHOTS.glob("*.txt")))
def test_a_page_says_what_its_snapshot_holds(run: Run, page: str) -> None:
    """After a wanted change of words: `python tests/words/pin.py runs/latest/dossier.html`."""
    found = rendered.pieces(run.texts["dossier.html"])
    assert rendered.words_of_page(found, page) == (SNAPSHOTS / f"{page}.txt").read_text("utf-8")


def reasons_in(values: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Every reason in a file of the model: of a decision, and of what was considered instead."""
    if isinstance(values, list):
        values = dict(enumerate(values))
    if not isinstance(values, dict):
        return
    for name, each in values.items():
        place = (*at, str(name))
        if isinstance(each, str) and (name == "because" or at[-1:] == ("considered",)):
            yield ".".join(place), " ".join(each.split()).rstrip(". ")
        yield from reasons_in(each, place)


def test_every_reason_of_the_model_is_on_its_page(run: Run, book: Workbook) -> None:
    """Beside what it explains, and not only in the lines of the file that close a page; the ten
    questions of page 00 are on the cover.
    """
    said: dict[str, str] = {}
    for piece in rendered.pieces(run.texts["dossier.html"]):
        said[piece.page] = f"{said.get(piece.page, '')} {' '.join(piece.text.split())}".lower()
    found = [
        (text.file, place, reason)
        for text in book.model.texts.values()
        for place, reason in reasons_in(text.values)
    ]
    assert len(found) > 40
    missing = [
        f"{file} {place}: {reason}"
        for file, place, reason in found
        for page in [Path(file).stem.partition("_")[0]]
        if reason.lower() not in said.get(page, "") + said["cover"] * (page == "00")
    ]
    assert missing == []


def test_the_printed_cover_is_one_a4_page(run: Run) -> None:
    """A4 less the margins of the stylesheet is 186 by 276 mm: 703 by 1,043 px."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: pip install '.[test]'"
    )
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if not browser:
        pytest.skip("this machine has no Chromium to drive")
    with playwright.sync_playwright() as driver:
        window = driver.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = window.new_page(viewport={"width": 703, "height": 1043})
        page.goto((run.folder / "dossier.html").resolve().as_uri())
        page.emulate_media(media="print")
        cover = page.locator("#page-cover").bounding_box()
        window.close()
    assert cover["height"] <= 1043
