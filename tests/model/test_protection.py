"""What a purpose refuses is refused through everything that is made from it, and `check` says
where and by which way.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workbook.errors import ModelError, Problem
from workbook.model import load_model
from workbook.model.derivation import derivation_of
from workbook.model.derivation_steps import Thing
from workbook.model.view_reads import sources_read
from workbook.words import advice_of

SOURCES = """
systems: {core: {}, screening: {}}
sources:
  core.parties: {primary_key: party_no, recorded: seen_at, fields: {party_no: id, passport: id, first_name: person_name, mail: email, segment: {type: text, class: internal}, seen_at: timestamp}}
  core.deals: {primary_key: deal_no, valid: dealt_on, fields: {deal_no: id, party_no: id, amount: {type: money, currency: EUR}, dealt_on: date}}
  core.permissions: {primary_key: answer_no, valid: answered_at, fields: {answer_no: id, party_no: id, answer: {type: text, values: [yes, no]}, answered_at: timestamp}}
  screening.hits: {primary_key: hit_no, recorded: hit_at, fields: {hit_no: id, passport: id, reason: {type: text, class: sensitive}, level: integer, hit_at: timestamp}}
identifiers:
  party_no: {in: [core.parties, core.deals, core.permissions]}
  passport: {in: [core.parties, screening.hits]}
"""
ENTITIES = """
entities:
  party: {row_is: one party, from: core.parties, attributes: {first_name: core.parties, mail: core.parties, segment: core.parties}}
  deal: {row_is: one deal, from: core.deals}
  hit: {row_is: one entry of a list, from: screening.hits}
relationships:
  deals_of: {from: deal, to: party, by: party_no, cardinality: many to one}
  hits_of: {from: hit, to: party, by: passport, cardinality: many to one}
"""
HISTORY = """
history:
  party.permission: {from: core.permissions, as: events, value: answer}
events:
  listed: {from: screening.hits, of: party, at: hit_at}
  dealt: {from: core.deals, of: party}
lifecycle:
  party: {active: {starts: dealt, next: watched}, watched: {starts: listed}}
"""
METRICS = """
rules:
  serious: {of: hit, all: [reason is not null]}
  on_watchlist: {of: party, all: [{some: hit, where: serious}]}
  quiet: {of: party, none: [on_watchlist]}
  named: {of: party, all: ["first_name <> 'Zora'"]}
  large: {of: deal, all: [amount > 1000]}
semantic_models:
  parties: {of: party, measures: {parties: {agg: count}}}
  deals: {of: deal, measures: {dealt: {agg: sum, expr: amount}}}
metrics:
  listed_parties: {measure: parties, filter: on_watchlist}
  all_parties: {measure: parties}
  share_listed: {type: ratio, numerator: listed_parties, denominator: all_parties}
  turnover: {measure: dealt, filter: large}
"""
VIEW = "views:\n  offer: {{of: party, purpose: campaign, {words}}}\n"


@pytest.fixture
def refused(a_project: Callable[..., Path]) -> Callable[..., list[Problem]]:
    """What `check` says of one view, or of what stands in its place."""

    def check(
        words: str = "",
        purpose: str = "classes: [public, internal, sensitive, personal]",
        view: str = "",
    ) -> list[str]:
        steps = {"sources": SOURCES, "entities": ENTITIES, "history": HISTORY, "metrics": METRICS}
        context = f"purposes:\n  campaign: {{{purpose}}}\n"
        try:
            load_model(
                a_project(
                    "name: Bank\nas_of: 2025-06-30\n",
                    **steps,
                    customer_360=view or VIEW.format(words=words),
                    ai_context=context,
                )
            )
        except ModelError as error:
            return list(error.problems)
        return []

    return check


NEVER = [
    "hit.reason",
    "hit",
    "screening.hits.reason",
    "screening.hits",
    "screening",
    "serious",
    "hit.serious",
]
WAYS = [
    "fields: [on_watchlist]",
    "fields: [party.on_watchlist]",
    "fields: [quiet]",
    "fields: [listed_parties]",
    "fields: [share_listed]",
    "only: quiet and segment = 'a'",
    "only: not on_watchlist",
]


def _is_never(problem: Problem, never: str) -> None:
    """The view's place, what it may never read, and where that is written."""
    told = (problem.file, problem.line, problem.code)
    assert told == ("model/11_customer_360.yml", 2, "model.protection.never")
    assert "'offer'" in problem.what
    assert f" {never} (model/12_ai_context.yml:2)" in problem.what


@pytest.mark.parametrize("never", NEVER)
@pytest.mark.parametrize("words", WAYS)
def test_what_is_refused_is_refused_through_all_that_is_made_from_it(
    refused: Callable[..., list[Problem]], words: str, never: str
) -> None:
    (said,) = refused(words, f"classes: [public, internal, personal, sensitive], never: [{never}]")
    _is_never(said, never)


@pytest.mark.parametrize("never", ["on_watchlist", "party.on_watchlist"])
def test_a_rule_is_refused_by_either_of_its_names(
    refused: Callable[..., list[Problem]], never: str
) -> None:
    purpose = f"classes: [public, internal, personal, sensitive], never: [{never}]"
    for words in WAYS:
        assert len(refused(words, purpose)) == 1
    assert refused("fields: [turnover, party.segment]", purpose) == []


def test_the_way_is_told_down_to_the_landed_field(refused: Callable[..., list[Problem]]) -> None:
    (said,) = refused(
        "fields: [quiet]", "classes: [public, internal, personal, sensitive], never: [hit.reason]"
    )
    assert (
        "quiet reads on_watchlist, which reads serious, which reads hit.reason, which reads"
        " screening.hits.reason" in said.what
    )


def test_states_events_keys_and_links_are_ways(refused: Callable[..., list[Problem]]) -> None:
    every = "classes: [public, internal, personal, sensitive], never: "
    assert refused("fields: [party.lifecycle]", f"{every}[screening]")
    assert refused("fields: [party.lifecycle]", f"{every}[screening.hits.hit_at]")
    assert refused("fields: [party.permission]", f"{every}[core.permissions]")
    assert refused("only: \"permission = 'yes'\"", f"{every}[party.permission]")
    assert refused("fields: [on_watchlist]", f"{every}[party.passport]")  # by which hits are linked
    assert refused(
        "fields: [turnover]", f"{every}[core.deals.dealt_on]"
    )  # by which deals belong to a day
    assert refused("fields: [turnover]", f"{every}[deal]")
    assert refused("fields: [turnover]", f"{every}[large]")
    assert (
        refused("fields: [party.segment]", f"{every}[hit, deal, core.permissions, party.mail]")
        == []
    )


def test_a_source_that_makes_rows_is_refused_with_them(
    refused: Callable[..., list[Problem]],
) -> None:
    rows = [
        said
        for said in refused("fields: [party.segment]", "classes: [internal], never: [core.parties]")
        if "'party.segment'" not in said.what
    ]
    assert [each.code for each in rows] == ["model.protection.never"]
    assert "party is made from core.parties" in rows[0].what
    assert rows[0].advice == advice_of("model.protection.rows_made_from_it")


@pytest.mark.parametrize(
    ("words", "classes", "sound"),
    [
        ("fields: [party.segment, turnover]", "internal", True),
        ("fields: [quiet]", "internal", False),
        ("fields: [share_listed]", "public, internal, personal", False),
        ("fields: [quiet]", "internal, sensitive", True),
        ("fields: [named]", "internal", False),
        ("only: named", "internal", False),
        ("only: named", "personal", True),
        ("fields: [party.permission]", "public", False),
    ],
)
def test_classes_are_those_of_what_something_is_made_from(
    refused: Callable[..., list[Problem]], words: str, classes: str, sound: bool
) -> None:
    assert (refused(words, f"classes: [{classes}]") == []) is sound


@pytest.mark.parametrize(
    "named", ["quiet", "on_watchlist", "party.on_watchlist", "hit.reason", "screening.hits.reason"]
)
def test_what_is_named_is_permitted_with_what_is_made_from_it(
    refused: Callable[..., list[Problem]], named: str
) -> None:
    assert refused("fields: [quiet]", f"classes: [internal], fields: [{named}]") == []


def test_naming_permits_nothing_else_and_never_is_stronger(
    refused: Callable[..., list[Problem]],
) -> None:
    assert refused("fields: [quiet]", "classes: [internal], fields: [party.first_name]")
    assert refused("fields: [quiet]", "classes: [internal], fields: [quiet], never: [hit.reason]")


def test_a_condition_of_the_purpose_may_be_asked_and_not_shown(
    refused: Callable[..., list[Problem]],
) -> None:
    for only_if in ("party.mail is not null", "mail is not null"):
        purpose = f"classes: [internal], only_if: {only_if}"
        assert refused("only: mail is not null, fields: [party.segment]", purpose) == []
        assert len(refused("fields: [party.mail]", purpose)) == 1


MATCHED_SOURCES = """
systems: {core: {}, leads: {}}
sources:
  core.parties: {primary_key: party_no, fields: {party_no: id, passport: {type: id, class: sensitive}, mail: email, phone: phone, segment: {type: text, class: internal}, born: date}}
  core.deals: {primary_key: deal_no, valid: dealt_on, fields: {deal_no: id, party_no: id, amount: {type: money, currency: EUR}, dealt_on: date}}
  leads.people: {primary_key: lead_no, merged_into: became, fields: {lead_no: id, became: id, passport: {type: id, class: sensitive}, mail: email, born: date}}
identifiers:
  party_no: {in: [core.parties, core.deals]}
  lead_no: {in: leads.people}
  passport: {in: [core.parties, leads.people]}
  mail: {in: [core.parties, leads.people]}
"""
MATCHED_ENTITIES = """
entities:
  party: {row_is: one party, from: [core.parties, leads.people], attributes: {segment: core.parties, phone: core.parties, born: [core.parties, leads.people]}}
  deal: {row_is: one deal, from: core.deals}
relationships:
  deals_of: {from: deal, to: party, by: party_no, cardinality: many to one}
"""
MATCHED_METRICS = """
semantic_models:
  parties: {of: party, measures: {parties: {agg: count}}}
  deals: {of: deal, measures: {dealt: {agg: sum, expr: amount}}}
metrics:
  all_parties: {measure: parties}
  turnover: {measure: dealt}
"""
RULES = "rules: [{name: same, match: passport}]"
KEYS = [
    (RULES, "party.passport", True),
    (RULES, "leads.people.passport", True),
    (RULES, "party.mail", False),
    (RULES, "party.phone", False),
    ("rules: [{name: same, match: [phone, mail]}]", "party.mail", True),
    (f"{RULES}, never_merge: [born]", "party.born", True),
    (f"{RULES}, guard: {{distinct_per_value: {{mail: 1}}}}", "party.mail", True),
    (f"{RULES}, suggest: {{compare: [phone], block_on: [segment]}}", "party.phone", True),
    (
        f"{RULES}, suggest: {{compare: [phone], block_on: ['substr(mail, 1, 3)']}}",
        "party.mail",
        True,
    ),
    (RULES, "leads.people.became", True),
]
READ = [
    ("party", "fields: [party.segment]"),
    ("party", "fields: [all_parties]"),
    ("deal", "fields: [deal.amount, party.segment]"),
    ("party", "fields: [turnover]"),
]


@pytest.fixture
def matched(a_project: Callable[..., Path]) -> Callable[..., list[Problem]]:
    """What `check` says of a view of parties whose records of two sources are matched."""

    def check(identity: str, of: str, words: str, purpose: str) -> list[str]:
        steps = {"sources": MATCHED_SOURCES, "entities": MATCHED_ENTITIES}
        try:
            load_model(
                a_project(
                    "name: Bank\nas_of: 2025-06-30\n",
                    **steps,
                    metrics=MATCHED_METRICS,
                    identity=f"identity:\n  party: {{without_keys: count, {identity}}}\n",
                    customer_360=f"views:\n  offer: {{of: {of}, purpose: campaign, {words}}}\n",
                    ai_context=f"purposes:\n  campaign: {{{purpose}}}\n",
                )
            )
        except ModelError as error:
            return list(error.problems)
        return []

    return check


@pytest.mark.parametrize(("identity", "never", "counts"), KEYS)
@pytest.mark.parametrize(("of", "words"), READ)
def test_what_records_are_matched_by_is_read_by_whoever_reads_them(
    matched: Callable[..., list[Problem]],
    of: str,
    words: str,
    identity: str,
    never: str,
    counts: bool,
) -> None:
    said = matched(identity, of, words, f"classes: [public, internal], never: [{never}]")
    assert len(said) == counts
    if counts:
        _is_never(said[0], never)


def test_the_way_by_a_matching_key_and_both_remedies_are_told(
    matched: Callable[..., list[Problem]],
) -> None:
    view = ("party", "fields: [party.segment]")
    (said,) = matched(RULES, *view, "classes: [public, internal], never: [party.passport]")
    assert "party is matched by party.passport, which reads core.parties.passport" in said.what
    values = {"place": "model/04b_identity.yml:2", "cls": "sensitive"}
    assert said.advice == advice_of("model.protection.match_without_it", **values, shown=False)
    purpose = "classes: [public, internal, sensitive], never: [party.passport]"
    (said,) = matched(RULES, *view, purpose)
    assert said.advice == advice_of("model.protection.match_without_it", **values, shown=True)


def test_a_matching_key_is_no_part_of_a_class(matched: Callable[..., list[Problem]]) -> None:
    assert matched(RULES, "party", "fields: [party.segment]", "classes: [internal]") == []
    assert len(matched(RULES, "party", "fields: [party.passport]", "classes: [internal]")) == 1


def test_a_deal_that_reads_nothing_of_parties_asks_not_how_they_are_matched(
    matched: Callable[..., list[Problem]],
) -> None:
    purpose = "classes: [internal], never: [party.passport]"
    assert matched(RULES, "deal", "fields: [deal.amount]", purpose) == []


AUDIENCE = "audiences:\n  post: {{of: party, purpose: campaign{words}, fields: [party.segment]}}\n"


@pytest.mark.parametrize(
    ("basis", "words", "only_if", "sound"),
    [
        ("consent", "", "", False),
        ("Consent (GDPR Art. 6 1 a)", "", "", False),
        ("consent", ", only: segment = 'a'", "", False),
        ("consent", ", consent: 1 = 1", "", False),
        ("consent", ", consent: permission = 'yes'", "", True),
        ("consent", "", "party.permission = 'yes'", True),
        ("legitimate interests", "", "", True),
        ("contract, no consent needed", "", "", True),
    ],
)
def test_consent_as_a_basis_is_asked_for(
    refused: Callable[..., list[Problem]], basis: str, words: str, only_if: str, sound: bool
) -> None:
    purpose = f"classes: [internal], basis: '{basis}'" + (
        f', only_if: "{only_if}"' if only_if else ""
    )
    said = refused(purpose=purpose, view=AUDIENCE.format(words=words))
    assert (said == []) is sound
    told = [(each.file, each.line, each.code) for each in said]
    assert sound or told == [("model/11_customer_360.yml", 2, "model.protection.no_consent_asked")]


def test_a_view_asks_for_consent_by_its_purpose(refused: Callable[..., list[Problem]]) -> None:
    assert len(refused("fields: [party.segment]", "classes: [internal], basis: consent")) == 1


@pytest.mark.parametrize(
    "never", ["on_watchlst", "screenng", "screening.hts", "hit.reasn", "screening.hits.reasn"]
)
def test_a_name_that_leads_nowhere_refuses_nothing_and_is_told(
    refused: Callable[..., list[Problem]], never: str
) -> None:
    (said,) = refused("fields: [party.segment]", f"classes: [internal], never: [{never}]")
    assert (said.file, said.line) == ("model/12_ai_context.yml", 2)
    assert said.code == "model.unknown_name" and said.advice.startswith("Did you mean '")


def test_a_message_does_not_repeat_a_personal_value(refused: Callable[..., list[Problem]]) -> None:
    (said,) = refused("only: \"first_name = 'Zora'\"", "classes: [internal]")
    assert "Zora" not in str(said) and "first_name = '…'" in said.what


def test_every_source_that_is_read_counts(a_project: Callable[..., Path]) -> None:
    steps = {"sources": SOURCES, "entities": ENTITIES, "history": HISTORY, "metrics": METRICS}
    model = load_model(
        a_project(
            "name: Bank\nas_of: 2025-06-30\n",
            **steps,
            customer_360=VIEW.format(words="only: quiet, fields: [turnover]"),
        )
    )
    assert model.customer_360
    read = sources_read(model, "views", "offer", model.customer_360.views["offer"])
    assert read == ("core.parties", "core.deals", "screening.hits")


@pytest.mark.parametrize(
    ("thing", "cls"),
    [
        (Thing("rule", "serious"), "sensitive"),
        (Thing("rule", "quiet"), "sensitive"),
        (Thing("metric", "share_listed"), "sensitive"),
        (Thing("metric", "all_parties"), "internal"),
        (Thing("metric", "turnover"), "internal"),
        (Thing("rule", "named"), "personal"),
        (Thing("past", "party.permission"), "internal"),
        (Thing("states", "party.lifecycle"), "internal"),
        (Thing("attribute", "party.mail"), "personal"),
    ],
)
def test_the_class_of_a_thing_is_the_strictest_under_it(
    a_project: Callable[..., Path], thing: Thing, cls: str
) -> None:
    steps = {"sources": SOURCES, "entities": ENTITIES, "history": HISTORY, "metrics": METRICS}
    assert (
        derivation_of(load_model(a_project("name: Bank\nas_of: 2025-06-30\n", **steps))).class_of(
            thing
        )
        == cls
    )
