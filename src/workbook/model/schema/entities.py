"""04_entities.yml: which entities exist, and how they are related."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from workbook.model.schema.yaml_part import Decision, DecisionFile, Names


class Entity(Decision):
    """A thing of the business, such as an account, a person or an invoice."""

    row_is: str = Field(
        "",
        description=(
            "What one of them is, as a sentence that somebody of the business would "
            "confirm. The entity that 02_grain.yml decides on needs one."
        ),
        examples=["one organization that has, had or seeks a contract with us"],
    )
    from_: Names = Field(
        (),
        alias="from",
        description=(
            "The sources that it is made from, as `system.table`. With several, "
            "04b_identity.yml says which records are the same and 05_survivorship.yml which source "
            "wins. Where one thing has many rows of one source, as a device in a log of events, "
            "declare its identifier and match by it in 04b_identity.yml. Default: none, and "
            "the entity is not built."
        ),
        examples=[["sales.accounts", "billing.payers"]],
    )
    where: str | Mapping[str, str] = Field(
        "",
        description=(
            "Which rows of the sources are records of the entity: a condition over a source's"
            " fields, or one for each source that has any. The newest row of a key is taken first,"
            " and the condition asked of it. A row of which the condition is false, or has no"
            " value, is no record; it is counted. Default: every row is one."
        ),
        examples=["not is_deleted", {"sales.contacts": "type = 'person' and merged_into is null"}],
    )
    attributes: Mapping[str, Names] = Field(
        default_factory=dict,
        description=(
            "Attribute to the places that it comes from: `system.table` (a field of the same name),"
            " `system.table.field`, or `system.table.field.first` and `.last` of a full_name."
            " Default: with one source, its fields. Identifiers that its sources hold are"
            " attributes as well."
        ),
        examples=[{"name": ["sales.accounts", "billing.payers.company_name"]}],
    )


class Relationship(Decision):
    """Which entity belongs to which, and how many of one may belong to one of the other."""

    row_is: str = Field(
        "",
        description="What one link is, in a sentence. Default: made from `from` and `to`.",
        examples=["one invoice and the account that pays it"],
    )
    from_: str = Field(
        alias="from",
        description="The entity that refers to the other; in `many to one`, the many.",
        examples=["invoice"],
    )
    to: str = Field(
        description="The entity that is referred to; in `many to one`, the one.",
        examples=["account"],
    )
    by: str = Field(
        "",
        description=(
            "The key that both hold: an identifier of 03_sources.yml. Or `entity.attribute` or"
            " `system.table.field` of the `from` side, and then `as` says what it is on the other."
            " Either `by` or `through` is needed."
        ),
        examples=["billing_no", "sales.accounts.parent_no"],
    )
    as_: str = Field(
        "",
        alias="as",
        description=(
            "The attribute of `to` that the key in `by` holds, where the two have "
            "different names: an account's `parent_no` is another account's "
            "`account_no`. Default: the same name as in `by`."
        ),
        examples=["account_no"],
    )
    through: str = Field(
        "",
        description=(
            "A source that links the two, with an identifier of each in every row, such as a table"
            " of memberships. Use it, in place of `by`, where neither side holds a key of the"
            " other, also to take two steps at once."
        ),
        examples=["app.members"],
    )
    cardinality: Literal["one to one", "many to one", "one to many", "many to many"] = Field(
        "many to one",
        description=(
            "How many of `from` may belong to how many of `to`. The data is measured against it;"
            " numbers are taken along `many to one` and `one to one` only. Splits go along `many to"
            " many`, too: what belongs to several is then a segment of its own, `(several)`."
        ),
        examples=["many to one"],
    )
    required: bool = Field(
        True,
        description=(
            "Whether each of `from` must be linked. Unlinked ones are then a warning, "
            "never left out of a number."
        ),
        examples=[False],
    )
    at_most: Mapping[str, int] = Field(
        default_factory=dict,
        description=(
            "Entity to the most of it that may belong to one of the other side: with `{invoice:"
            " 40}`, more than 40 invoices of one account are a warning. Default: no limit but the"
            " cardinality."
        ),
        examples=[{"invoice": 40}],
    )
    attributes: Names = Field(
        (),
        description="Fields of the source in `through` that describe the link; page 04 names them.",
        examples=[["role"]],
    )
    rolls_up: bool = Field(
        False,
        description=(
            "Whether this is a hierarchy, such as a parent company. Page 04 then measures "
            "its levels and circles; the grain stays the one that was decided."
        ),
        examples=[True],
    )


class Entities(DecisionFile):
    """Which things exist, and how they are related."""

    entities: Mapping[str, Entity] = Field(
        default_factory=dict,
        description="Every thing that exists, by name.",
        examples=[{"account": {"row_is": "one organization", "from": ["sales.accounts"]}}],
    )
    relationships: Mapping[str, Relationship] = Field(
        default_factory=dict,
        description=(
            "How entities belong to each other, by name. Numbers and rules can use an "
            "attribute of an entity that is one such step away."
        ),
        examples=[{"account_invoices": {"from": "invoice", "to": "account", "by": "account_no"}}],
    )
