"""One meaning of equal: each test pins an answer that was silently wrong, over whole small
projects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workbook import Workbook
from workbook.errors import ModelError
from workbook.finding import Finding, sort_findings

Open = Callable[..., Workbook]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """A project of these model files (`m03_sources=…`) and data files (`crm_people=…`)."""
    books: list[Workbook] = []

    def build(project: str = "", **texts: str) -> Workbook:
        (tmp_path / "model").mkdir()
        (tmp_path / "data").mkdir()
        (tmp_path / "workbook.yml").write_text(
            f"workbook: 2\nname: T\nas_of: 2025-06-30\n{project}"
        )
        for name, text in texts.items():
            path = (
                tmp_path / "model" / f"{name[1:]}.yml"
                if name.startswith("m0") or name.startswith("m1")
                else tmp_path / "data" / f"{name}.csv"
            )
            path.write_text(text)
        books.append(Workbook.open(tmp_path))
        return books[-1]

    yield build
    for book in books:
        book.close()


def rows(book: Workbook, sql: str) -> list[tuple[str, ...]]:
    return sorted(tuple(map(str, row)) for row in book.engine.query(book.plan, sql).rows())


def found(book: Workbook, step: str, code: str) -> list[tuple[str, int | None, tuple[str, ...]]]:
    return [
        (each.severity, each.count, each.about)
        for each in getattr(book, step).conclude()
        if each.code == code
    ]


PLANS = """
systems: {{crm: {{}}}}
sources: {{crm.accounts: {{primary_key: no, fields: {{no: id, plan: {plan}, country: country,
  mrr: {{type: money, currency: EUR}}}}}}}}
"""
ACCOUNTS = (
    "no,plan,country,mrr\n1,Gold Plan,DE,1\n2,gold  plan,Germany,2\n3,GOLD PLAN,deu,4\n4,Ｇｏｌｄ"
    " Plan,Deutschland,8\n5,Team,Narnia,16\n6,gold  plan,,32\n"
)
NUMBERS = """
rules: {gold: {of: account, all: ["plan = 'gOLD plan'"]}}
semantic_models: {a: {of: account, measures: {mrr: {agg: sum, expr: mrr},
  plans: {agg: count_distinct, expr: plan}}}}
metrics:
  by_plan: {measure: mrr, by: [account.plan, account.country]}
  of_gold: {measure: mrr, filter: gold}
  of_none: {measure: mrr, filter: "plan not in ('GOLD PLAN')"}
  german: {measure: mrr, filter: "country = 'Germany'"}
  plans: {measure: plans}
"""


def test_a_category_and_a_country_are_one_segment_in_any_spelling(opened: Open) -> None:
    """Gold in four spellings is 1 + 2 + 4 + 8 + 32; the most rows of one spelling, blanks
    collapsed, are Gold Plan and gold plan: the first in order.
    """
    book = opened(
        m03_sources=PLANS.format(plan="category"),
        m04_entities="entities: {account: {row_is: one, from: crm.accounts}}",
        m07_metrics=NUMBERS,
        crm_accounts=ACCOUNTS,
    )
    assert rows(book, 'select segment, value from "m__by_plan__by__account__plan"') == [
        ("Gold Plan", "47.00"),
        ("Team", "16.00"),
    ]
    assert rows(book, 'select segment, value from "m__by_plan__by__account__country"') == [
        ("(none)", "32.00"),
        ("DE", "15.00"),
        ("Narnia", "16.00"),
    ]
    values = {
        name: rows(book, f"select value from m__{name}__total")[0][0]
        for name in ("of_gold", "of_none", "german", "plans")
    }
    assert values == {"of_gold": "47.00", "of_none": "16.00", "german": "15.00", "plans": "2"}
    assert found(book, "sources", "sources.spellings") == [
        ("note", 4, ("crm.accounts.plan",)),
        ("note", 3, ("crm.accounts.country",)),
    ]
    assert found(book, "sources", "sources.unknown_codes") == [
        ("look", 1, ("crm.accounts.country",))
    ]


def test_the_declared_spelling_of_a_category_stands_and_any_other_value_is_a_bad_cell(
    opened: Open,
) -> None:
    plan = "{type: category, values: [GOLD plan]}"
    book = opened(
        m03_sources=PLANS.format(plan=plan),
        m04_entities="entities: {account: {row_is: one, from: crm.accounts}}",
        crm_accounts=ACCOUNTS,
    )
    assert rows(book, "select plan, count(*) from account group by plan") == [
        ("GOLD plan", "5"),
        ("None", "1"),
    ]
    assert rows(book, "select _row, raw_text from crm__accounts__bad") == [("5", "Team")]


def test_texts_that_differ_by_case_stay_apart_and_are_told(opened: Open) -> None:
    book = opened(
        m03_sources=PLANS.format(plan="text"),
        m04_entities="entities: {account: {row_is: one, from: crm.accounts}}",
        m07_metrics=NUMBERS,
        crm_accounts=ACCOUNTS,
    )
    assert rows(book, "select value from m__plans__total") == [("5",)]
    assert ("look", 2, ("crm.accounts.plan",)) in found(book, "sources", "sources.spellings")


MAIL = """
systems: {crm: {}, pay: {}}
sources:
  crm.people: {primary_key: no, fields: {no: id, mail: email, site: url, firm: company_name}}
  pay.orders: {primary_key: no, valid: day, fields: {no: id, mail: email,
    total: {type: money, currency: EUR}, day: date}}
identifiers: {mail: {in: [crm.people, pay.orders]}}
"""
PEOPLE = (
    "no,mail,site,firm\n1,Ann.Lee+x@gmail.com,https://www.a.example/x/,Acme"
    " GmbH\n2,bob@b.example,a.example/x,ACME GmbH\n3,BOB@b.example,a.example/y,Acme Ltd\n"
)
ORDERS = (
    "no,mail,total,day\no1,annlee@googlemail.com,1,2025-06-01\n"
    "o2,ann.lee@gmail.com,2,2025-06-02\no3,Bob@B.example,4,2025-06-02\n"
    "o4,cy@c.example,8,2025-06-02\n"
)
LINKS = """
entities: {person: {row_is: one, from: crm.people}, order: {row_is: one, from: pay.orders}}
relationships: {buys: {from: order, to: person, by: mail, cardinality: many to one}}
"""


def test_a_mailbox_links_and_groups_in_any_spelling_and_names_keep_their_legal_form(
    opened: Open,
) -> None:
    metrics = """
semantic_models:
  o: {of: order, measures: {total: {agg: sum, expr: total},
    mailboxes: {agg: count_distinct, expr: mail}}}
  p: {of: person, measures: {people: {agg: count}}}
metrics:
  total: {measure: total, by: [order.mail, person.mail]}
  ann: {measure: total, filter: "mail = 'Ann.Lee@gmail.com'"}
  mailboxes: {measure: mailboxes}
  people: {measure: people, by: [person.firm, person.site]}
"""
    book = opened(
        m03_sources=MAIL,
        m04_entities=LINKS,
        m07_metrics=metrics,
        crm_people=PEOPLE,
        pay_orders=ORDERS,
    )
    assert rows(book, "select from_id, to_id from buys") == [
        ("o1", "1"),
        ("o2", "1"),
        ("o3", "2"),
        ("o3", "3"),
        ("o4", "None"),
    ]
    assert rows(book, 'select value from "m__total__by__order__mail"') == [
        ("3.00",),
        ("4.00",),
        ("8.00",),
    ]
    assert rows(book, 'select value, rows_counted from "m__total__by__person__mail"') == [
        ("3.00", "2"),
        ("4.00", "1"),
        ("8.00", "1"),
    ]
    assert rows(book, "select value from m__ann__total") == [("3.00",)]
    assert rows(book, "select value from m__mailboxes__total") == [("3",)]
    assert rows(book, 'select value from "m__people__by__person__firm"') == [
        ("1",),
        ("2",),
    ]  # Acme GmbH twice, Acme Ltd
    assert rows(book, 'select value from "m__people__by__person__site"') == [
        ("1",),
        ("2",),
    ]  # two pages of one domain


CONSENTS = """
systems: {crm: {}, cmp: {}, app: {}}
sources:
  crm.people: {primary_key: no, fields: {no: id, mail: email}}
  app.people: {primary_key: no, fields: {no: id, mail: email}}
  cmp.answers: {primary_key: no, valid: at, fields: {no: id, mail: email, answer: category,
    at: date}}
  cmp.erasures: {primary_key: no, valid: at, fields: {no: id, mail: email, at: date}}
identifiers: {mail: {in: [crm.people, app.people, cmp.answers, cmp.erasures]}}
"""
CONSENT_ENTITIES = """
entities:
  person: {row_is: one human, from: [crm.people, app.people]}
  answer: {row_is: one answer, from: cmp.answers}
  erasure: {row_is: one request, from: cmp.erasures}
relationships:
  answers: {from: answer, to: person, by: mail}
  asks: {from: erasure, to: person, by: mail}
"""
CONSENT_HISTORY = """
history: {person.consent: {from: cmp.answers, as: events,
  where: "answer in ('GRANTED', 'withdrawn')", value: answer}}
erasures: {person: {from: cmp.erasures}}
"""
VIEWS = (
    "audiences: {news: {of: person, consent: consent = 'granted', purpose: mail, fields: [mail]}}"
)
PURPOSES = (
    "purposes: {mail: {classes: [public, internal, personal], only_if: person.consent = 'granted'}}"
)


def test_a_withdrawal_under_another_spelling_counts_and_what_is_nobodys_is_told(
    opened: Open,
) -> None:
    """Ann granted as annlee@, and withdrew as Ann.Lee+news@googlemail; Bob granted; an answer
    and a request are nobody's.
    """
    book = opened(
        m02_grain="primary: person\nsentence: One human.",
        m03_sources=CONSENTS,
        m04_entities=CONSENT_ENTITIES,
        m06_history=CONSENT_HISTORY,
        m04b_identity="identity: {person: {rules: [{name: mail, match: mail}]}}",
        m11_customer_360=VIEWS,
        m12_ai_context=PURPOSES,
        crm_people="no,mail\n1,ann.lee@gmail.com\n2,bob@b.example\n",
        app_people="no,mail\nu1,AnnLee@gmail.com\n",
        cmp_answers=(
            "no,mail,answer,at\na1,annlee@gmail.com,granted,2025-01-01\n"
            "a2,Ann.Lee+news@googlemail.com,Withdrawn,2025-02-01\n"
            "a3,BOB@b.example,Granted,2025-01-01\na4,cy@c.example,withdrawn,2025-01-01\n"
        ),
        cmp_erasures="no,mail,at\ne1,dee@d.example,2025-06-01\n",
    )
    current = "select value, record from person__consent__history where is_current"
    assert rows(book, current) == [
        ("Granted", "cmp.answers:a3"),
        ("Withdrawn", "cmp.answers:a2"),
    ]  # the first of two spellings on one row each
    assert len(rows(book, "select id from audience__news")) == 1
    assert found(book, "history", "history.consent_unlinked") == [("fail", 1, ("cmp.answers",))]
    assert found(book, "history", "history.erasure_unlinked") == [("fail", 1, ("cmp.erasures",))]


PHONES = """
systems: {{crm: {{}}, app: {{}}}}
sources:
  crm.people: {{primary_key: no, fields: {{no: id, phone: {phone}, land: country}}}}
  app.people: {{primary_key: no, fields: {{no: id, phone: phone}}}}
identifiers: {{phone: {{in: [crm.people, app.people]}}}}
"""
NUMBERED = (
    "no,phone,land\n1,0171 2345678,Germany\n2,030 1234567,Germany\n3,030 1234567,Italia\n4,020 7946"
    " 0958,\n"
)


def phones(opened: Open, phone: str, project: str = "") -> Workbook:
    return opened(
        project,
        m03_sources=PHONES.format(phone=phone),
        m04_entities="entities: {person: {row_is: one, from: [crm.people, app.people]}}",
        m04b_identity="identity: {person: {rules: [{name: call, match: phone}]}}",
        crm_people=NUMBERED,
        app_people="no,phone\nu1,+49 171 2345678\nu2,0044 20 7946 0958\n",
    )


def test_a_phone_is_read_by_the_country_beside_it(opened: Open) -> None:
    """Berlin and Italy are two numbers; 4 has no country, and is not guessed."""
    book = phones(opened, "{type: phone, region: land}")
    assert rows(book, "select record from person__clusters where records = 2") == [
        ("app.people:u1",),
        ("crm.people:1",),
    ]
    assert found(book, "sources", "sources.phones_without_region") == [
        ("look", 1, ("crm.people.phone",))
    ]


def test_without_a_region_a_national_number_matches_nothing_and_is_counted(opened: Open) -> None:
    book = phones(opened, "phone")
    assert rows(book, "select record from person__clusters where records > 1") == []
    assert found(book, "sources", "sources.phones_without_region") == [
        ("look", 4, ("crm.people.phone",))
    ]


def test_the_region_of_the_project_reads_what_no_field_says(opened: Open) -> None:
    book = phones(opened, "phone", "region: GB\n")
    assert rows(
        book,
        "select record from person__clusters where records > 1 and record not in ('crm.people:2',"
        " 'crm.people:3')",
    ) == [("app.people:u2",), ("crm.people:4",)]
    assert found(book, "sources", "sources.phones_without_region") == []


def test_ids_that_differ_by_letter_case_stay_two_and_a_salesforce_id_is_one_in_both_lengths(
    opened: Open,
) -> None:
    """001D000000IRFma is 001D000000IRFmaIAH; the id that ends in A is another; a wrong checksum
    is a bad cell.
    """
    sources = """
systems: {sf: {}, bill: {}}
sources:
  sf.accounts: {primary_key: no, fields: {no: salesforce_id, name: text}}
  bill.deals: {primary_key: no, fields: {no: id, account: salesforce_id}}
identifiers: {account: {in: [sf.accounts.no, bill.deals.account]}}
"""
    book = opened(
        m03_sources=sources,
        m04_entities=(
            "entities: {account: {row_is: one, from: sf.accounts}, deal: {row_is: one, from:"
            " bill.deals}}\nrelationships: {sold: {from: deal, to: account, by: account}}"
        ),
        sf_accounts="no,name\n001D000000IRFma,Alder\n001D000000IRFmA,Birch\n",
        bill_deals="no,account\nd,001D000000IRFmaIAH\nD,001D000000IRFmA\nx,001D000000IRFmaIAX\n",
    )
    assert rows(book, "select from_id, to_id from sold") == [
        ("D", "001D000000IRFmAIAX"),
        ("d", "001D000000IRFmaIAH"),
        ("x", "None"),
    ]
    assert rows(book, "select field, raw_text from bill__deals__bad") == [
        ("account", "001D000000IRFmaIAX")
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "word"),
    [
        (
            "mail: email, site",
            "mail: {type: email, region: GB}, site",
            4,
            "model.sources.region_of_no_phone",
        ),
        (
            "systems:",
            "types: {t: {is: text, normalise: lower}}\nsystems:",
            2,
            "model.sources.unknown_method",
        ),
        (
            "systems:",
            "types: {t: {is: text, category: User Name}}\nsystems:",
            2,
            "model.sources.unknown_category",
        ),
        (
            "systems:",
            "types: {t: {is: category, values: [Pro, pro]}}\nsystems:",
            2,
            "model.sources.two_spellings",
        ),
        (
            "firm: company_name",
            "firm: {type: phone, region: nosuch}",
            4,
            "model.sources.unknown_region",
        ),
        ("firm: company_name", "firm: {type: phone, region: UK}", 4, "Did you mean 'GB'?"),
    ],
)
def test_what_a_type_cannot_be_is_refused_with_its_line(
    opened: Open, old: str, new: str, line: int, word: str
) -> None:
    with pytest.raises(ModelError) as refused:
        opened(m03_sources=MAIL.replace(old, new, 1), crm_people=PEOPLE, pay_orders=ORDERS)
    (problem,) = refused.value.problems
    assert (problem.file, problem.line) == ("model/03_sources.yml", line)
    assert problem.code == word or word in problem.advice


def test_values_of_two_types_are_not_compared(opened: Open) -> None:
    metrics = (
        "semantic_models: {p: {of: person, measures: {n: {agg: count}}}}\nmetrics: {same: {measure:"
        ' n, filter: "mail = site"}}'
    )
    with pytest.raises(ModelError, match=r"model/07_metrics.yml:2.*mail.*site") as refused:
        opened(
            m03_sources=MAIL,
            m04_entities=LINKS,
            m07_metrics=metrics,
            crm_people=PEOPLE,
            pay_orders=ORDERS,
        )
    assert refused.value.code == "model.sql.compared_differently"


def test_each_mailbox_of_a_list_links_in_any_spelling(opened: Open) -> None:
    """One cell holds two mailboxes: order o1 is Ann's, o2 is Bob's, o3 names both and so leads
    to two.
    """
    sources = MAIL.replace(
        "pay.orders: {primary_key: no, valid: day, fields: {no: id, mail: email",
        "pay.orders: {primary_key: no, valid: day, fields: {no: id, mail: {type: email, split: ;}",
    )
    orders = (
        "no,mail,total,day\no1,annlee@googlemail.com,1,2025-06-01\n"
        "o2,BOB@b.example,2,2025-06-02\no3,ann.lee@gmail.com;bob@B.example,4,2025-06-02\n"
    )
    book = opened(
        m03_sources=sources,
        m04_entities=LINKS.replace("many to one", "many to many"),
        crm_people="no,mail,site,firm\n1,Ann.Lee+x@gmail.com,,\n2,bob@b.example,,\n",
        pay_orders=orders,
    )
    assert rows(book, "select from_id, to_id from buys") == [
        ("o1", "1"),
        ("o2", "2"),
        ("o3", "1"),
        ("o3", "2"),
    ]


def test_what_a_law_asks_comes_before_other_failures() -> None:
    codes = [
        "checks.failed",
        "history.consent_unlinked",
        "sources.rows_lost",
        "history.erasure_unlinked",
        "history.late",
    ]
    found = [
        Finding(code, "look" if code == "history.late" else "fail", "", "03") for code in codes
    ]
    assert [each.code for each in sort_findings(found)] == [
        "history.erasure_unlinked",
        "history.consent_unlinked",
        "sources.rows_lost",
        "checks.failed",
        "history.late",
    ]
