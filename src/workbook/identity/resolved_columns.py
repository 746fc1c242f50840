"""What was decided about identity, with the column of every attribute instead of its name."""

from __future__ import annotations

from sqlglot import exp

from workbook.dialect import to_sql
from workbook.model import Model, scalar_expression
from workbook.model.schema import EntityIdentity


def said_of(model: Model, entity: str) -> dict[str, str]:
    """The attribute that each column of an entity holds, where the two are called differently."""
    return {column: name for name, column in model.columns_of(entity).items() if name != column}


def in_columns(model: Model, entity: str, spec: EntityIdentity) -> EntityIdentity:
    """The same decisions over the columns of the entity's records; they differ where two names
    are equal but for case.
    """
    columns = {name: column for name, column in model.columns_of(entity).items() if name != column}
    if not columns:
        return spec

    def named(name: str) -> str:
        return columns.get(name, name)

    def block(text: str) -> str:
        tree, _ = scalar_expression(f"({text})")
        tree = tree.transform(
            lambda node: (
                exp.column(exp.to_identifier(named(node.name), quoted=True))
                if isinstance(node, exp.Column)
                else node
            )
        )
        return to_sql(tree)

    guard = spec.guard.model_copy(
        update={
            "distinct_per_value": {
                named(name): limit for name, limit in spec.guard.distinct_per_value.items()
            },
            "ignore": {named(name): values for name, values in spec.guard.ignore.items()},
        }
    )
    suggest = spec.suggest
    if suggest:
        suggest = suggest.model_copy(
            update={
                "compare": tuple(map(named, suggest.compare)),
                "block_on": tuple(map(block, suggest.block_on)),
            }
        )
    return spec.model_copy(
        update={
            "rules": tuple(
                rule.model_copy(update={"match": tuple(map(named, rule.match))})
                for rule in spec.rules
            ),
            "never_merge": tuple(map(named, spec.never_merge)),
            "guard": guard,
            "suggest": suggest,
        }
    )
