"""Which attributes take their value from one record, and by whose rule it is chosen (05,
`together`).
"""

from __future__ import annotations

from workbook.model.schema import FieldRule, Survivorship


def group_in(survivorship: Survivorship | None, entity: str, attribute: str) -> tuple[str, ...]:
    """The attributes that come from one record with this one, the one that decides first; this
    one alone where it has no group.
    """
    groups = survivorship.together.get(entity, ()) if survivorship else ()
    return next((group for group in groups if attribute in group), (attribute,))


def rule_in(survivorship: Survivorship | None, entity: str, attribute: str) -> FieldRule:
    """How an attribute is chosen: by its own rule, or by that of the first of its group; by the
    order of its sources where nothing was decided.
    """
    first = group_in(survivorship, entity, attribute)[0]
    return (
        survivorship.fields.get(f"{entity}.{first}", FieldRule()) if survivorship else FieldRule()
    )
