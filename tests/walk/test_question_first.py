"""One question first: from `workbook new --question` to a sheet of six lines that hold."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from workbook import Workbook
from workbook.cli import main
from workbook.cli.new import new_project
from workbook.cli.new_question import name_of_metric, name_of_question, plain_question
from workbook.errors import WorkbookError

ASK = "How many active customers do we have?"
NAME, METRIC = "how_many_active_customers_do_we_have", "active_customers"
LINES = ("grain", "sources", "identifiers", "priority", "metric", "confirmed")


def call(*words: object) -> int:
    sys.argv = ["workbook", *map(str, words)]
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "argv", [])
    assert call("new", tmp_path / "acme", "--question", ASK) == 0
    return tmp_path / "acme"


def states(book: Workbook) -> dict[str, str]:
    return dict(zip(LINES, book.start.sheet().data["state"], strict=True))


def write(project: Path, part: str, text: str) -> None:
    (project / "model" / f"{part}.yml").write_text(text, "utf-8")


def write_metric(project: Path) -> None:
    """The smallest model that answers: accounts with a paid invoice in the last 30 days."""
    write(
        project,
        "02_grain",
        "primary: account\nsentence: A customer is one organization.\nowner: sales\n",
    )
    write(
        project,
        "03_sources",
        """
systems: {crm: {owner: sales}, billing: {owner: finance}}
sources:
  crm.accounts: {row_is: one organization, primary_key: account_no,
    fields: {account_no: id, name: company_name}}
  billing.invoices: {row_is: one invoice, primary_key: invoice_no, valid: paid_on,
    fields: {invoice_no: id, account_no: id, paid_on: date}}
identifiers: {account_no: {in: [crm.accounts, billing.invoices]}}
""",
    )
    write(
        project,
        "04_entities",
        """
entities:
  account: {row_is: one organization, from: crm.accounts, attributes: {name: crm.accounts}}
  invoice: {row_is: one invoice, from: billing.invoices, attributes: {paid_on: billing.invoices}}
relationships:
  pays: {from: invoice, to: account, by: account_no, cardinality: many to one}
""",
    )
    write(
        project,
        "07_metrics",
        """
owner: finance
rules: {active: {of: account, means: Paid in the last 30 days.,
  all: [{some: invoice, within: 30 days}]}}
semantic_models: {accounts: {of: account, measures: {accounts: {agg: count}}}}
metrics: {active_customers: {measure: accounts, filter: active, label: Active customers,
  means: Accounts that paid.}}
""",
    )
    (project / "data" / "crm_accounts.csv").write_text("account_no,name\na1,A\na2,B\na3,C\n")
    # by hand: at the newest fact, 30 June, a1 and a2 paid within 30 days, and a3 did not
    (project / "data" / "billing_invoices.csv").write_text(
        "invoice_no,account_no,paid_on\ni1,a1,2025-06-30\ni2,a2,2025-06-10\ni3,a3,2025-03-01\n"
    )


def test_the_sheet_is_what_the_project_begins_with(project: Path) -> None:
    assert call("check", project) == 0
    asked = YAML(typ="safe").load(project / "model" / "01_questions.yml")["questions"]
    assert list(asked) == [NAME]
    assert asked[NAME]["ask"] == ASK
    assert asked[NAME]["answered_by"] == METRIC
    assert list(asked[NAME]["intended"]) == [
        "grain",
        "sources",
        "identifiers",
        "priority",
        "metric",
    ]
    with closing(Workbook.open(project)) as book:
        assert set(states(book).values()) == {"untested", "look"}
        assert book.start.headline().state == "decided"
        where = book.start.sheet().data["where"].to_list()
        assert [(project / file).is_file() for file in where] == [True] * 6
        rows = {row["page"][:2]: row["state"] for row in book.start.next().data.rows(named=True)}
        assert rows["01"] == "pass"
        why = dict(
            zip(*book.start.next().data.select("page", "why").to_dict().values(), strict=True)
        )
        waits = [page[:3].strip() for page, text in why.items() if text == why["06 History"]]
        assert waits == ["04b", "06", "08", "09", "11", "12"]


@pytest.mark.long
@pytest.mark.usefixtures("pages_here")
def test_it_runs_with_the_sheet_alone(project: Path) -> None:
    assert call("run", project) == 0
    results = json.loads((project / "runs" / "latest" / "results.json").read_text("utf-8"))
    page = next(page for page in results["pages"] if page["page"] == "01")
    sheet = next(figure for figure in page["figures"] if figure["number"] == "1.5")
    assert len(sheet["rows"]) == 6


def test_what_is_intended_stands_beside_a_line_until_it_holds(project: Path) -> None:
    path = project / "model" / "01_questions.yml"
    text = path.read_text("utf-8")
    for line in ("grain", "metric"):
        assert text.count(f"\n      {line}:") == 1
        text = text.replace(f"\n      {line}:", f'\n      {line}: "our {line} <b>"')
    path.write_text(text, "utf-8")
    with closing(Workbook.open(project)) as book:
        says = dict(zip(LINES, book.start.sheet().data["says"], strict=True))
        assert "our grain <b>" in says["grain"]
        assert "our metric <b>" in says["metric"]
        assert states(book)["grain"] == "untested"  # an intention is no decision
        assert "<b>" not in book.start.sheet().html()
    write(project, "02_grain", "primary: account\nsentence: A customer is one organization.\n")
    with closing(Workbook.open(project)) as book:
        assert states(book)["grain"] == "pass"  # before there is a metric
        assert "our grain" not in book.start.sheet().data["says"][0]


def test_it_grows_until_all_six_lines_hold(project: Path) -> None:
    write_metric(project)
    with closing(Workbook.open(project)) as book:
        assert states(book) == {**dict.fromkeys(LINES, "pass"), "confirmed": "look"}
        assert book.metric_values()[METRIC] == "2"
    write(
        project,
        "10_review",
        "statements:\n  finance:\n    active: {says: 'We have {active_customers} customers.',"
        " about: active_customers}\n",
    )
    with closing(Workbook.open(project)) as book:
        assert states(book)["confirmed"] == "look"  # nobody was asked yet
        book.review.sign("finance", "active", "agree", by="finance")
    with closing(Workbook.open(project)) as book:
        assert states(book) == dict.fromkeys(LINES, "pass")
    assert call("check", project) == 0


@pytest.mark.parametrize(
    ("text", "name", "metric"),
    [
        (ASK, NAME, METRIC),
        ("No?", "question_no", "answer"),
        ("true", "question_true", "answer"),
        ("42", "question_42", "answer_42"),
        ("2024 churn: how much?", "question_2024_churn_how_much", "answer_2024_churn"),
        ("何人の顧客?", "question", "answer"),
        ("Qui est à risque?", "qui_est_a_risque", "qui_est_risque"),
        (
            "a: b\n- \"c\" 'd' #e {f} [g] &h *i !j %k \\l\t|>@`",
            "a_b_c_d_e_f_g_h_i_j_k_l",
            "b_c_d_e_f_g_h_j_k_l",
        ),
        ("<script>alert(1)</script>", "script_alert_1_script", "script_alert_1_script"),
        (
            "THE_TEXT THE_METRIC THE_QUESTION",
            "the_text_the_metric_the_question",
            "text_metric_question",
        ),
        (
            "null bytes\x00 and \x85\u2028 and \ud800 ends",
            "null_bytes_and_and_ends",
            "null_bytes_ends",
        ),
        ("x" * 300, "x" * 60, "x" * 60),
    ],
)
def test_any_question_is_written_as_it_was_asked(
    tmp_path: Path, text: str, name: str, metric: str
) -> None:
    new_project(tmp_path / "acme", "blank", text)
    written = YAML(typ="safe").load(tmp_path / "acme" / "model" / "01_questions.yml")
    asked = plain_question(text)
    assert list(written["questions"]) == [name] == [name_of_question(asked)]
    question = written["questions"][name]
    assert (question["ask"], question["answered_by"]) == (asked, metric)
    assert name_of_metric(asked) == metric
    with closing(Workbook.open(tmp_path / "acme")) as book:
        assert book.model.questions.questions[name].ask == asked
        assert book.start.sheet().body.empty is False


@pytest.mark.parametrize(
    ("text", "shape", "code"),
    [
        ("", "blank", "cli.no_question"),
        (" \n\t", "blank", "cli.no_question"),
        ("?!", "blank", "cli.no_question"),
        ("a" * 2000, "blank", "cli.question_too_long"),
        (ASK, "b2b_saas", "cli.question_of_shape"),
    ],
)
def test_what_is_no_question_makes_nothing(
    tmp_path: Path, text: str, shape: str, code: str
) -> None:
    with pytest.raises(WorkbookError) as raised:
        new_project(tmp_path / "acme", shape, text)
    assert raised.value.code == code
    assert list(tmp_path.iterdir()) == []
