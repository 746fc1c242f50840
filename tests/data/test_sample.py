"""The sample: regenerates byte for byte, ties to its truth on two seeds, and nobody but tests
reads the truth.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
TEMPLATE = ROOT / "templates" / "b2b_saas"
WINDOW = "2025-06-01"  # first of the thirty days that end with the as-of date
Row = dict[str, str]


@dataclass
class Made:
    """One made sample on disk, read as any reader would."""

    folder: Path

    def read(self, source: str) -> list[Row]:
        system, table = source.split(".")
        european = system == "support"
        with (self.folder / "b2b_saas" / system / f"{table}.csv").open(
            encoding="windows-1252" if european else "utf-8", newline=""
        ) as file:
            return list(csv.DictReader(file, delimiter=";" if european else ","))

    def truth(self, name: str) -> list[Row]:
        with (self.folder / "truth" / "b2b_saas" / f"{name}.csv").open(
            encoding="utf-8", newline=""
        ) as file:
            return list(csv.DictReader(file))

    @cached_property
    def answers(self) -> dict:
        return json.loads(
            (self.folder / "truth" / "b2b_saas" / "answers.json").read_text(encoding="utf-8")
        )

    @cached_property
    def planted(self) -> dict[str, int]:
        report = json.loads(
            (self.folder / "truth" / "b2b_saas" / "defects.json").read_text(encoding="utf-8")
        )
        return {name: defect["count"] for name, defect in report.items()}

    @cached_property
    def true_id(self) -> dict[str, str]:
        return {row["record"]: row["true_id"] for row in self.truth("records")}

    @cached_property
    def account_of_payer(self) -> dict[str, str]:
        return {
            r["customer_id"]: self.true_id[f"billing.customers:{r['customer_id']}"]
            for r in self.read("billing.customers")
        }

    def rate(self, day: str) -> Fraction:
        """The last rate of the dollar on or before a day."""
        return Fraction(
            max(
                (r["rate_date"], r["rate"])
                for r in self.read("finance.fx_rates")
                if r["rate_date"] <= day
            )[1]
        )


SEEDS = [  # each made by one worker
    pytest.param(1, marks=pytest.mark.xdist_group("sample, 1")),
    pytest.param(2, marks=[pytest.mark.xdist_group("sample, 2"), pytest.mark.long]),
]


@pytest.fixture(scope="module", params=SEEDS)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    out = tmp_path_factory.mktemp(f"seed_{request.param}")
    command = [
        sys.executable,
        str(DATA / "make.py"),
        "--seed",
        str(request.param),
        "--out",
        str(out),
    ]
    subprocess.run(command, check=True, env={"PYTHONHASHSEED": "7", "PYTHONDONTWRITEBYTECODE": "1"})
    return Made(out)


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def in_both(pairs: list[tuple[str, Fraction]], rate: Fraction) -> dict[str, str]:
    sums = {"EUR": Fraction(0), "USD": Fraction(0)}
    for currency, value in pairs:
        sums[currency] += value
    # half a cent up, as books round
    euro = Fraction(int((sums["EUR"] + sums["USD"] * rate) * 100 + Fraction(1, 2)), 100)
    return {name: f"{float(value):.2f}" for name, value in {**sums, "in_EUR": euro}.items()}


def last_days() -> list[str]:
    first = [dt.date(y, m, 1) for y in range(2022, 2026) for m in range(1, 13)]
    return [
        d for d in ((f - dt.timedelta(days=1)).isoformat() for f in first) if "2022-07" <= d[:7]
    ]


# ---- the committed files


def test_regenerating_gives_the_committed_bytes(made: Made) -> None:
    same = {
        name: files_below(made.folder / name) == files_below(DATA / name)
        for name in ("b2b_saas", "truth/b2b_saas")
    }
    first = made.answers["seed"] == 1
    assert same == {"b2b_saas": first, "truth/b2b_saas": first}


def test_the_sample_is_small() -> None:
    assert sum(len(b) for b in files_below(DATA / "b2b_saas").values()) <= 8_000_000
    assert sum(len(b) for b in files_below(DATA / "truth" / "b2b_saas").values()) <= 2_000_000


def test_readme_lists_every_defect_with_its_count() -> None:
    report = json.loads((DATA / "truth" / "b2b_saas" / "defects.json").read_text(encoding="utf-8"))
    rows = re.findall(
        r"^\| `(\w+)` \| .* \| ([\d.]+)% \| (\d+) \| (\d+) \|$",
        (DATA / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    said = {name: (rate, int(count), int(of)) for name, rate, count, of in rows}
    assert said == {
        name: (f"{d['rate'] * 100:.1f}", d["count"], d["of"]) for name, d in report.items()
    }
    assert all(d["count"] > 0 for d in report.values())


def test_the_truth_is_read_by_tests_only() -> None:
    wanted = re.compile(r"truth[/\\]|[\"']truth[\"']|answers\.json|defects\.json|account_mrr")
    files = [
        p
        for room in ("src", "notebooks")
        for p in (ROOT / room).rglob("*")
        if p.suffix in (".py", ".ipynb", ".yml", ".json", ".jinja", ".html")
    ]
    assert [
        str(p.relative_to(ROOT)) for p in files if wanted.search(p.read_text(encoding="utf-8"))
    ] == []
    assert wanted.search('open("data/truth/b2b_saas/answers.json")')


# ---- truth and views agree, on two seeds


def test_records_map_every_row_to_its_truth(made: Made) -> None:
    keys = {
        "crm.accounts": "account_id",
        "crm.contacts": "contact_id",
        "billing.customers": "customer_id",
        "product.workspaces": "workspace_id",
        "product.users": "user_id",
        "support.organizations": "organization_id",
        "support.requesters": "requester_id",
        "marketing.subscribers": "subscriber_id",
    }
    held = {f"{source}:{row[key]}" for source, key in keys.items() for row in made.read(source)}
    assert held == set(made.true_id)
    assert len(made.truth("records")) == len(made.true_id)
    known = {r["account"] for r in made.truth("accounts")} | {
        r["person"] for r in made.truth("people")
    }
    assert {t for t in made.true_id.values() if not t.startswith("mailbox")} <= known
    assert (
        made.answers["accounts"]["all"]
        == len({r["account"] for r in made.truth("accounts") if r["kind"] != "test"})
        == 600
    )
    assert (
        made.answers["people"] == sum(r["kind"] == "person" for r in made.truth("people")) == 2500
    )


def test_invoices_tie_to_subscriptions(made: Made) -> None:
    billed: dict[str, list[Row]] = {}
    for row in made.read("billing.invoices"):
        if row["kind"] == "invoice" and row["status"] != "void" and row["subscription_id"]:
            billed.setdefault(row["subscription_id"], []).append(row)
    loose = []
    for s in made.truth("subscriptions"):
        rows = sorted(billed.get(s["subscription"], []), key=lambda r: r["period_start"])
        chained = [a["period_end"] == b["period_start"] for a, b in pairwise(rows)]
        amounts = {Fraction(r["amount"]) * 100 for r in rows}
        wanted = {Fraction(int(s["mrr_cents"]) * int(s["months_per_invoice"]))}
        ends = s["end"] if s["end"] and s["end"] <= "2025-06-30" else ""
        if (
            not rows
            or not all(chained)
            or amounts != wanted
            or rows[0]["period_start"] != s["start"]
            or (ends and rows[-1]["period_end"] != ends)
        ):
            loose.append(s["subscription"])
    assert loose == []
    assert sum(map(len, billed.values())) > 4000


def test_mrr_of_the_files_is_that_of_the_truth(made: Made) -> None:
    rows = made.read("billing.subscriptions")
    found = {}
    for day in last_days():
        running = [
            r for r in rows if r["started_on"] <= day and (not r["ended_on"] or r["ended_on"] > day)
        ]
        found[day[:7]] = in_both(
            [(r["currency"], Fraction(r["mrr_cents"]) / 100) for r in running], made.rate(day)
        )
    wanted = made.answers["mrr_at_month_end"]
    assert {month: found[month] for month in wanted} == wanted
    assert len(wanted) == 36
    by_account = [
        r for r in made.truth("account_mrr") if r["month"] == "2025-06" and r["currency"] == "USD"
    ]
    assert f"{sum(int(r['mrr_cents']) for r in by_account) / 100:.2f}" == wanted["2025-06"]["USD"]


def test_paid_revenue_of_the_files_is_that_of_the_truth(made: Made) -> None:
    paid = [r for r in made.read("billing.invoices") if r["status"] == "paid"]
    for answer, field in (
        ("paid_revenue_by_month_of_issue", "issued_on"),
        ("paid_revenue_by_month_of_payment", "paid_at"),
    ):
        wanted = made.answers[answer]
        found = {
            day[:7]: in_both(
                [(r["currency"], Fraction(r["amount"])) for r in paid if r[field][:7] == day[:7]],
                made.rate(day),
            )
            for day in last_days()
        }
        assert {month: found[month] for month in wanted} == wanted


def test_active_accounts_can_be_found_in_the_files(made: Made) -> None:
    active = made.answers["active"]
    invoices = [
        r for r in made.read("billing.invoices") if r["kind"] == "invoice" and r["status"] == "paid"
    ]
    paid = {made.account_of_payer[r["customer_id"]] for r in invoices if r["paid_at"] >= WINDOW}
    covered = {
        made.account_of_payer[r["customer_id"]]
        for r in invoices
        if r["period_start"] <= "2025-06-30" < r["period_end"]
    }
    recent = [
        r for r in made.read("product.events") if r["occurred_at"] >= WINDOW and r["workspace_id"]
    ]
    used = {
        made.true_id[f"product.workspaces:{r['workspace_id']}"]
        for r in recent
        if r["name"] != "login"
    }
    tests = {r["account"] for r in made.truth("accounts") if r["kind"] == "test"}
    assert sorted((paid & used) - tests) == active["accounts"]
    assert sorted((covered & used) - tests) == active["accounts_by_paid_period"]
    assert len(paid & used & tests) == active["test_accounts_that_paid_nothing_and_used"] > 0
    assert active["paid_and_used"] == len(active["accounts"])


def test_churned_accounts_and_their_last_plan(made: Made) -> None:
    ends: dict[str, list[tuple[str, int, str, str]]] = {}
    for row in made.read("billing.subscriptions"):
        account = made.account_of_payer[row["customer_id"]]
        ends.setdefault(account, []).append(
            (row["ended_on"] or "9999", int(row["mrr_cents"]), row["subscription_id"], row["plan"])
        )
    last = {account: max(rows) for account, rows in ends.items()}
    assert {a: row[0] for a, row in sorted(last.items()) if row[0] <= "2025-06-30"} == made.answers[
        "churned_on"
    ]
    assert {a: last[a][3] for a in made.answers["churned_on"]} == made.answers["plan_at_churn"]


def test_consents_in_force(made: Made) -> None:
    erased = {r["subscriber_id"] for r in made.read("marketing.erasures")}
    last: dict[tuple[str, str], Row] = {}
    for row in sorted(made.read("marketing.consents"), key=lambda r: r["answered_at"]):
        last[row["permission"], row["subscriber_id"]] = row
    for permission in ("email_marketing", "product_research", "ai_processing"):
        held = {s for (p, s), row in last.items() if p == permission and row["answer"] == "granted"}
        assert made.answers["consents_in_force"][permission]["subscribers"] == sorted(held - erased)
        assert made.answers["consents_in_force"][permission]["without_heeding_erasures"] == len(
            held
        )
    assert (
        len({r["subscriber_id"] for r in made.read("marketing.subscribers")} & erased)
        == made.planted["erasures_undone_by_reimport"]
    )


def test_nothing_lies_after_the_as_of_date(made: Made) -> None:
    stamps = {
        "product.events": "received_at",
        "marketing.consents": "received_at",
        "billing.invoices": "updated_at",
        "crm.account_changes": "logged_at",
        "crm.accounts": "updated_at",
    }
    assert [
        s for s, field in stamps.items() if max(r[field] for r in made.read(s)) >= "2025-07-01"
    ] == []
    assert [
        r
        for r in made.read("support.tickets")
        if r["updated_at"][6:10] + r["updated_at"][3:5] > "202506" and None not in r
    ] == []


# ---- every defect that can be recounted is there as often as it says


def test_defects_in_billing(made: Made) -> None:
    invoices, customers = made.read("billing.invoices"), made.read("billing.customers")
    found = {
        "refunds": sum(r["status"] == "refunded" for r in invoices),
        "credit_notes": sum(r["kind"] == "credit_note" for r in invoices),
        "void_invoices": sum(r["status"] == "void" for r in invoices),
        "overdue_invoices": sum(
            r["status"] == "open" and r["issued_on"] < "2025-05-31" for r in invoices
        ),
        "legacy_status_words": sum(r["status"] in ("delinquent", "cancelled") for r in customers),
        "dollar_customers": sum(r["currency"] == "USD" for r in customers),
        "partner_payers": sum(bool(r["partner_id"]) for r in customers),
        "leading_zeros_lost_in_billing": sum(
            bool(r["crm_account_id"]) and len(r["crm_account_id"]) < 5 for r in customers
        ),
        "annual_subscriptions": sum(
            r["billing_period"] == "annual" for r in made.read("billing.subscriptions")
        ),
        "cancelled_but_not_ended": sum(
            r["ended_on"] > "2025-06-30" for r in made.read("billing.subscriptions")
        ),
    }
    assert found == {name: made.planted[name] for name in found}
    amounts = {r["invoice_id"]: Fraction(r["amount"]) for r in invoices}
    assert all(
        0 < -Fraction(r["amount"]) <= amounts[r["credits_invoice_id"]] / 2
        for r in invoices
        if r["kind"] == "credit_note"
    )
    assert [r for r in invoices if r["status"] == "paid" and not r["paid_at"]] == []


def test_defects_in_crm(made: Made) -> None:
    accounts, contacts = made.read("crm.accounts"), made.read("crm.contacts")
    crm = {r["account_id"]: made.true_id[f"crm.accounts:{r['account_id']}"] for r in accounts}
    reused = {
        c["crm_account_id"]
        for c in made.read("billing.customers")
        if crm.get(c["crm_account_id"], "") not in ("", made.account_of_payer[c["customer_id"]])
    }
    twice = Counter(made.true_id[f"crm.contacts:{r['contact_id']}"] for r in contacts)
    moved = {r["person"] for r in made.truth("people") if r["jobs"] == "2"}
    log = made.read("crm.account_changes")
    found = {
        "duplicate_crm_accounts": (
            len(accounts) - len(set(crm.values())) - made.planted["merged_companies"]
        ),
        "numbers_as_text": sum(
            bool(r["employees"]) and not r["employees"].isdigit() for r in accounts
        ),
        "reused_crm_ids": len(reused),
        "duplicate_crm_contacts": sum(n - 1 for person, n in twice.items() if person not in moved),
        "people_who_change_employer": sum(twice[p] == 2 for p in moved),
        "late_changes": sum(
            dt.datetime.fromisoformat(r["logged_at"]) - dt.datetime.fromisoformat(r["changed_at"])
            > dt.timedelta(days=2)
            for r in log
        ),
        "renamed_companies": sum(bool(r["old_name"]) for r in made.truth("accounts")),
        "test_accounts": sum(r["website"] == "acmecloud.example" for r in accounts),
    }
    assert found == {name: made.planted[name] for name in found}
    assert min(r["changed_at"] for r in log) >= "2024-02-01"


def test_defects_in_product(made: Made) -> None:
    events, spaces, users = (
        made.read("product.events"),
        made.read("product.workspaces"),
        made.read("product.users"),
    )
    free = ("freemail.example", "postbox.example", "webpost.example")
    delays = {}
    for row in reversed(events):
        delays[row["event_id"]] = dt.datetime.fromisoformat(
            row["received_at"]
        ) - dt.datetime.fromisoformat(row["occurred_at"])
    firsts = list({row["event_id"]: row for row in reversed(events)}.values())
    found = {
        "duplicate_events": len(events) - len(firsts),
        "late_events": sum(delay >= dt.timedelta(days=2) for delay in delays.values()),
        "old_schema_events": sum(r["occurred_at"] < "2024-01-01" for r in firsts),
        "anonymous_events": sum(not r["user_id"] for r in events),
        "recased_ids_in_events": sum(
            r["workspace_id"] != r["workspace_id"].lower() for r in firsts
        ),
        "workspaces_without_crm_id": sum(not r["crm_account_id"] for r in spaces),
        "leading_zeros_lost_in_product": sum(
            bool(r["crm_account_id"]) and len(r["crm_account_id"]) < 5 for r in spaces
        ),
        "free_mail_workspaces": sum(r["domain"] in free for r in spaces),
        "duplicate_logins": (
            len(users) - len({made.true_id[f"product.users:{r['user_id']}"] for r in users})
        ),
    }
    assert found == {name: made.planted[name] for name in found}
    known = {r["device_id"] for r in events if r["user_id"]}
    assert (
        len({r["device_id"] for r in events if r["device_id"]} - known)
        >= made.planted["anonymous_devices"]
    )
    assert {bool(r["device_id"]) for r in events if r["occurred_at"] < "2024-01-01"} == {False}


def test_defects_in_support_and_marketing(made: Made) -> None:
    tickets = made.read("support.tickets")
    ragged = [r for r in tickets if None in r]
    whole = [r for r in tickets if None not in r]
    consents, subscribers = made.read("marketing.consents"), made.read("marketing.subscribers")
    found = {
        "ragged_rows": len(ragged),
        "recased_ids_in_tickets": sum(r["organization_id"].startswith("ORG") for r in tickets),
        "solved_before_opened": sum(
            moment(r["solved_at"]) < moment(r["created_at"]) for r in whole if r["solved_at"]
        ),
        "characters_lost_in_export": sum(
            "?" in r["full_name"] for r in made.read("support.requesters")
        ),
        "last_name_first": sum(", " in r["full_name"] for r in made.read("support.requesters")),
        "consents_withdrawn": sum(r["answer"] == "withdrawn" for r in consents),
        "consents_denied": sum(r["answer"] == "denied" for r in consents),
        "duplicate_subscriber_rows": (
            len(subscribers) - len({r["subscriber_id"] for r in subscribers})
        ),
        "erasures": len(made.read("marketing.erasures")),
    }
    assert found == {name: made.planted[name] for name in found}
    assert all(re.fullmatch(r"\d\d/\d\d/\d{4} \d\d:\d\d", r["created_at"]) for r in whole)
    assert all(re.fullmatch(r"\d+,\d\d|", r["first_response_hours"]) for r in whole)


def moment(text: str) -> dt.datetime:
    return dt.datetime.strptime(text, "%d/%m/%Y %H:%M")


# ---- the template fits the committed data


def yaml_of(name: str) -> dict:
    return YAML(typ="base", pure=True).load(TEMPLATE / "model" / name)


def test_every_source_of_the_template_has_its_columns() -> None:
    sample = Made(DATA)
    sources = yaml_of("03_sources.yml")["sources"]
    columns = {source: list(sample.read(source)[0]) for source in sources}
    assert {source: sorted(part["fields"]) for source, part in sources.items()} == {
        s: sorted(c) for s, c in columns.items()
    }
    files = {f"{p.parent.name}.{p.stem}" for p in (DATA / "b2b_saas").rglob("*.csv")}
    assert files == set(sources)


def test_keys_of_the_template_are_unique_but_where_planted() -> None:
    sample, doubled = Made(DATA), {}
    for source, part in yaml_of("03_sources.yml")["sources"].items():
        key = [part["primary_key"]] if isinstance(part["primary_key"], str) else part["primary_key"]
        rows = sample.read(source)
        extra = len(rows) - len({tuple(r[k] for k in key) for r in rows})
        if extra:
            doubled[source] = extra
    assert doubled == {
        "product.events": sample.planted["duplicate_events"],
        "marketing.subscribers": sample.planted["duplicate_subscriber_rows"],
    }


def test_decisions_name_records_and_figures_that_exist() -> None:
    sample = Made(DATA)
    read = {
        name: list(csv.DictReader((TEMPLATE / "decisions" / f"{name}.csv").open(encoding="utf-8")))
        for name in ("matches", "exceptions", "signoffs")
    }
    records = [r[side] for r in read["matches"] for side in ("left_record", "right_record")] + [
        r["record"] for r in read["exceptions"]
    ]
    assert [r for r in records if r not in sample.true_id] == []
    said = {
        r["verdict"]: sample.true_id[r["left_record"]] == sample.true_id[r["right_record"]]
        for r in read["matches"]
    }
    assert said == {"same": True, "different": False}
    figures = {r["statement"]: r["figure"] for r in read["signoffs"]}
    assert figures == {
        "mrr": sample.answers["mrr_at_month_end"]["2025-06"]["in_EUR"],
        "active_customer": str(sample.answers["active"]["paid_and_used"]),
    }


def test_control_totals_are_those_of_the_truth() -> None:
    answers, metrics = Made(DATA).answers, yaml_of("07_metrics.yml")["metrics"]
    assert (
        metrics["mrr"]["control_total"]["value"] == answers["mrr_at_month_end"]["2025-06"]["in_EUR"]
    )
    assert (
        metrics["paid_revenue"]["control_total"]["value"]
        == answers["paid_revenue_by_month_of_issue"]["2025-06"]["in_EUR"]
    )
    assert (
        yaml_of("08_checks.yml")["checks"]["finance_total_of_june"]["must_be"]
        == metrics["paid_revenue"]["control_total"]["value"]
    )
