"""04b_identity.yml: which records are the same customer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from workbook.model.schema.yaml_part import Decided, Decision, DecisionFile, Names


class MatchRule(Decided):
    """A rule that joins two records: what must be equal in both."""

    name: str = Field(
        description="The name of the rule, as pages and explanations show it.",
        examples=["same_domain_and_name"],
    )
    match: Names = Field(
        description=(
            "The attributes that must be equal, all of them, compared as their types are compared."
            " A record in which one is empty is not joined by this rule. Of a list (`split`) one"
            " shared value is enough; where an attribute comes from several fields of a source and"
            " one of them is a list, the values of all of them count."
        ),
        examples=["vat_id", ["domain", "name"]],
    )
    confidence: Literal["certain", "high"] = Field(
        "high",
        description=(
            "How far the team trusts the rule; page 04b shows it. The default limit of "
            "records_per_value holds for `high` rules only."
        ),
        examples=["certain"],
    )


class Guard(Decision):
    """Limits against values that many records share by accident, such as info@ or a switchboard."""

    records_per_value: int | None = Field(
        None,
        description=(
            "A value that more records share than this joins none of them. Default: 20, for rules"
            " that are not `certain` and match on no id (id, device_id, tax_id). Rows of a source"
            " with one time under `valid` that are events of one count as one record: where another"
            " entity is made of its rows, or they agree on the name; rows without a name where they"
            " bear money, or where at least half of the other values stand on several rows. A limit"
            " that is written counts every record, under every rule. A mailbox or telephone inside"
            " a rule on several attributes is counted by itself too. A value of a list counts by"
            " itself: its record is still joined by the other values."
        ),
        examples=[8],
    )
    distinct_per_value: Mapping[str, int] = Field(
        default_factory=dict,
        description=(
            "Attribute to the most different values of it that the records which share a value may"
            " have; beyond it the shared value joins none of them. Spellings of one value, such as"
            " Müller and Muller, count once; every value of a list counts. Default: no limit."
        ),
        examples=[{"last_name": 1}],
    )
    cluster_size: int | None = Field(
        None,
        description=(
            "The number of records of one customer above which page 04b gives a warning; "
            "nothing is split. Default: 50, and no limit where every rule matches on an id or is "
            "`certain`."
        ),
        examples=[25],
    )
    ignore: Mapping[str, Names] = Field(
        default_factory=dict,
        description=(
            "Attribute to values that join nobody, in lists too. The domains of well known "
            "mail providers, social networks and hosts of sites are ignored without it; "
            "`empty_words: {domain: {keep: [google.com]}}` in 03_sources says which one is meant."
        ),
        examples=[{"email": ["info@office.example"]}],
    )


class Suggest(Decision):
    """Which pairs of records, left apart by the rules, people are asked to review."""

    compare: Names = Field(
        (),
        description=(
            "The attributes by whose similarity a pair is scored. Each is compared as its type is"
            " compared and holds one value; a list (`split`) is refused, because it has no one"
            " value to be similar to. Nothing is suggested before `workbook match train ENTITY`."
        ),
        examples=[["name", "domain", "country"]],
    )
    block_on: Names = Field(
        (),
        description=(
            "What two records must have in common to be scored at all, so that not every pair is:"
            " attributes or expressions, each on its own; several in one text, with commas, must"
            " agree together. No lists (`split`)."
        ),
        examples=[["domain", "substr(name, 1, 5), country"]],
    )
    bands: Mapping[str, float] = Field(
        default_factory=lambda: {"likely": 0.95, "possible": 0.8},
        description=(
            "Names for match scores, each with the least score from 0 to 1. A pair below "
            "the lowest is not suggested."
        ),
        examples=[{"likely": 0.95, "possible": 0.8}],
    )


class EntityIdentity(Decision):
    """How records of one entity are matched."""

    rules: tuple[MatchRule, ...] = Field(
        (),
        description=(
            "The rules that join records, in order. The first rule that joins two records "
            "is the reason shown."
        ),
        examples=[[{"name": "same_email", "match": "email", "confidence": "certain"}]],
    )
    without_keys: Literal["count", "leave_out"] | None = Field(
        None,
        description=(
            "What a record is that has no value by which any rule could match it, such as a visit"
            " without a cookie. `count`: a customer of its own (default, with a warning while it is"
            " not written). `leave_out`: no customer; it has no id, and what is linked to it is"
            " unlinked. A record that people or its source joined to one with a value is kept."
        ),
        examples=["leave_out"],
    )
    never_merge: Names = Field(
        (),
        description=(
            "Attributes of which one customer can have one value only. A match that would bring two"
            " different values together is blocked and counted. A list (`split`) is refused,"
            " because it says that one customer has several."
        ),
        examples=[["vat_id"]],
    )
    guard: Guard = Field(
        Guard(),
        description="Limits against values that many records share by accident.",
        examples=[{"records_per_value": 8, "distinct_per_value": {"last_name": 1}}],
    )
    suggest: Suggest | None = Field(
        None,
        description=(
            "Which further pairs are suggested for review. A suggestion joins nothing "
            "until somebody accepts it. Default: none."
        ),
        examples=[{"compare": ["name", "country"], "block_on": ["name"]}],
    )
    labels: str = Field(
        "",
        description=(
            "Where the truth is known: an attribute that names the true customer, not a "
            "list, or a CSV or Parquet file of the project with the columns record,label or "
            "left_record,right_record,same. It measures precision and recall and joins nothing."
        ),
        examples=["decisions/labels.csv"],
    )
    considered: Mapping[str, Any] = Field(
        default_factory=dict,
        description="Rules that were discussed and not taken, each with the reason.",
        examples=[{"same name in the same account": "relatives work in the same firm"}],
    )


class Identity(DecisionFile):
    """Which records are the same customer, and how sure the team is."""

    identity: Mapping[str, EntityIdentity] = Field(
        default_factory=dict,
        description=(
            "How records are matched, by entity of 04_entities.yml. An entity of several "
            "sources that is not listed is made of records that nothing joins."
        ),
        examples=[{"account": {"rules": [{"name": "same_vat", "match": "vat_id"}]}}],
    )
