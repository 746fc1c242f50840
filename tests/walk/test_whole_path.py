"""From `workbook new` to pages 02, 05 and 07 that are done, through the cells of the notebooks
alone: what a team would run, with the words that it would fill in.

On files that the project has never seen; skipped where they are absent.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from notebook_cells import Notebook
from typer.testing import CliRunner

from workbook.cli import app
from workbook.scenarios.adopt import Adopted

EXTERNAL = Path(os.environ.get("WORKBOOK_EXTERNAL_DATA") or "no-such-folder")
EXPORTS = EXTERNAL.parent / "cases" / "35-real-export-shapes" / "data"
RAVENSTACK = EXTERNAL / "ravenstack"
DONE = {"pass", "accepted"}


def a_project(folder: Path, files: Path) -> Path:
    """A new project with the files in its data folder, and their sources as `add-source` wrote
    them.
    """
    if not files.is_dir():
        pytest.skip("WORKBOOK_EXTERNAL_DATA does not name the folder of the third-party data")
    project, run = folder / "acme", CliRunner().invoke
    assert run(app, ["new", str(project)]).exit_code == 0
    for file in files.glob("*.csv"):
        shutil.copyfile(file, project / "data" / file.name)
    added = run(app, ["add-source", str(project / "data"), "--project", str(project)])
    assert added.exit_code == 0, added.output
    return project


class Team:
    """Whoever sits before the notebooks of a project."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.opened: dict[str, Notebook] = {}

    def page(self, stem: str) -> Notebook:
        """A page that stays open; all of its cells were run once from the top as delivered."""
        if stem not in self.opened:
            path = self.project / "notebooks" / f"{stem}.ipynb"
            self.opened[stem] = Notebook(path, self.project)
        return self.opened[stem]

    def first(self, stem: str, *, by: str, because: str, sentence: str = "") -> str:
        """Take what stands first on a page; gives its path."""
        page = self.page(stem)
        page.turn()
        adopted = page.adopt(because=because, by=by, sentence=sentence)
        assert isinstance(adopted, Adopted), adopted
        return str(page.names["choice"][0])

    def take(self, stem: str, path: str, value: Any, *, by: str, because: str) -> None:
        """Take a decision that a person writes over the first line of *your turn*."""
        page = self.page(stem)
        page.turn(f"choice = {path!r}, {value!r}")
        assert isinstance(page.adopt(because=because, by=by), Adopted)

    def grains(self, reasons: dict[str, str]) -> None:
        """Each usual grain that is not the customer, with the reason; each department's word."""
        for name, because in reasons.items():
            self.take("02_grain", f"considered.{name}", because, by="operations", because=because)
        model = self.page("02_grain").names["book"].grain.model
        for department in model.project.departments:
            said = f"an organization that {department} works with"
            place = f"customer_means.{department}"
            self.take("02_grain", place, said, by=department, because="said so in the meeting")

    def numbers(self, totals: dict[str, Decimal]) -> None:
        """What can be counted, who is active, the numbers, which of them the cover shows, and a
        control total for each of these.
        """
        taken = [self.first("07_metrics", by="finance", because="we report it") for _ in range(4)]
        assert taken == ["semantic_models", "rules", "metrics", "owner"]
        assert self.first("02_grain", by="operations", because="asked for most") == "headline"
        model = self.page("07_metrics").names["book"].grain.model
        assert set(totals) == set(model.grain.headline)
        for name, value in totals.items():
            outside = {
                "value": str(value),
                "where_from": "counted in the files",
                "owner": "finance",
                "supplied_by": "finance",
                "supplied": "2025-07-01",
            }
            place = f"metrics.{name}.control_total"
            self.take("07_metrics", place, outside, by="finance", because="counted apart")

    def agree(self) -> None:
        """Page 10 asks each department about its headline numbers, and each agrees."""
        assert self.first("10_review", by="data", because="they are quoted") == "statements"
        book = self.page("10_review").names["book"]
        model = book.review.model
        for department, statements in model.review.statements.items():
            for name in statements:
                book.review.sign(
                    department, name, "agree", by=model.project.departments[department]
                )

    def open_conditions(self, stem: str) -> dict[str, str]:
        """The conditions of a page that are not OK, and the state of each."""
        page = self.page(stem)
        rows = getattr(page.names["book"], stem.partition("_")[2]).done().data.to_dicts()
        assert rows
        return {row["condition"]: row["state"] for row in rows if row["state"] not in DONE}


@pytest.fixture
def exports(tmp_path: Path) -> Iterator[Team]:
    yield Team(a_project(tmp_path, EXPORTS))


@pytest.fixture
def ravenstack(tmp_path: Path) -> Iterator[Team]:
    yield Team(a_project(tmp_path, RAVENSTACK))


def rows(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))


@pytest.mark.long
def test_nine_exports_lead_to_three_pages_that_are_done(exports: Team) -> None:
    team = exports
    assert team.first("04_entities", by="data", because="what the files hold") == "entities"
    assert team.first("04_entities", by="data", because="their keys") == "relationships"
    assert team.first("04_entities", by="data", because="data keeps it") == "owner"
    sentence = "A customer is an organization that we sell to or want to sell to."
    why = "contracts belong to the organization"
    assert team.first("02_grain", by="operations", because=why, sentence=sentence) == "primary"
    assert team.first("04b_identity", by="data", because="keys of one system") == "identity"
    team.grains(
        {
            "person": "people buy for their organization",
            "company": "a company of one system is a customer already",
            "household": "we sell to no household",
            "device": "a cookie is not a customer",
        }
    )
    assert team.first("05_survivorship", by="sales", because="sales asks") == "default"
    contested = team.first("05_survivorship", by="data", because="the contract is there")
    assert contested == "fields.account.country.order"
    team.take("05_survivorship", "owner", "sales", by="sales", because="sales corrects them")

    payments, accounts = (
        rows(EXPORTS / name) for name in ("stripe_payments.csv", "salesforce_Account.csv")
    )
    amounts = {
        "payments": sum(_comma(row["Amount"]) for row in payments),
        "opps": sum(
            Decimal(row["Amount"].replace(",", ""))
            for row in rows(EXPORTS / "salesforce_report_opps.csv")
        ),
    }
    day = dt.datetime(2025, 7, 1) - dt.timedelta(days=30)
    active = {
        row["Customer ID"]
        for row in payments
        if dt.datetime.fromisoformat(row["Created (UTC)"]) >= day
    }
    team.numbers(
        {
            "customers": Decimal(len(accounts)),
            "active_customers": Decimal(len(active)),
            "opp_amount": amounts["opps"],
        }
    )
    team.agree()
    for page in ("02_grain", "05_survivorship", "07_metrics"):
        assert team.open_conditions(page) == {}, page


@pytest.mark.long
def test_five_tables_of_one_system_lead_to_three_pages_that_are_done(ravenstack: Team) -> None:
    team = ravenstack
    assert team.first("04_entities", by="data", because="what the files hold") == "entities"
    assert team.first("04_entities", by="data", because="their keys") == "relationships"
    sentence = "A customer is an account that signed up, whether it pays, tries or has left."
    why = "every file names the account"
    assert team.first("02_grain", by="operations", because=why, sentence=sentence) == "primary"
    team.grains(
        {
            "person": "no file names one",
            "company": "no file says which accounts belong together",
            "household": "we sell to no household",
            "device": "a cookie is not a customer",
        }
    )
    assert team.first("05_survivorship", by="operations", because="one system") == "default"
    team.take("05_survivorship", "owner", "operations", by="operations", because="one system")
    subscriptions = rows(RAVENSTACK / "ravenstack_subscriptions.csv")
    holding = {row["account_id"] for row in subscriptions if not row["end_date"]}
    refunds = sum(
        Decimal(row["refund_amount_usd"] or 0)
        for row in rows(RAVENSTACK / "ravenstack_churn_events.csv")
    )
    team.numbers(
        {
            "customers": Decimal(len(rows(RAVENSTACK / "ravenstack_accounts.csv"))),
            "active_customers": Decimal(len(holding)),
            "churn_event_refund_amount_usd": refunds,
        }
    )
    team.agree()
    for page in ("02_grain", "05_survivorship", "07_metrics"):
        assert team.open_conditions(page) == {}, page


def _comma(amount: str) -> Decimal:
    return Decimal(re.sub(r"\.", "", amount).replace(",", "."))
