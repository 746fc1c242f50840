"""Training of the weights that suggestions depend on: an explicit act over the records of a
project.
"""

from __future__ import annotations

from pathlib import Path

from workbook.errors import WorkbookError
from workbook.identity import spec_of
from workbook.identity.candidate_tables import compared_of, wide
from workbook.identity.resolved_columns import in_columns
from workbook.identity.training import train
from workbook.identity.weights import Weights, settings_of, weights_path, write_weights
from workbook.scenarios.context import Context
from workbook.words import error_of


def trainable(context: Context) -> tuple[str, ...]:
    """The entities of which the decisions say what suggestions compare."""
    found = ((name, spec_of(context.model, name).suggest) for name in context.model.entity_names)
    return tuple(
        name
        for name, suggest in found
        if suggest and suggest.compare and context.has(f"{name}__records")
    )


def train_entity(context: Context, entity: str) -> tuple[Weights, Path]:
    """Train the weights of an entity on its records as they are now, and write their file.

    Raises:
        WorkbookError: the decisions do not say what to compare, or there is nothing to learn from.
    """
    known = trainable(context)
    if entity not in known:
        raise error_of(WorkbookError, "scenarios.unknown_trained", entity=entity, known=list(known))
    model, spec = context.model, spec_of(context.model, entity)
    compared = compared_of(model, entity, spec)
    more = {
        model.column_of(entity, name): model.normaliser_of(entity, name)
        for rule in spec.rules
        for name in rule.match
    }
    spec = in_columns(model, entity, spec)
    ignore = {name: list(values) for name, values in spec.guard.ignore.items()}
    frame = wide(context.frame(f"{entity}__records"), {**more, **compared.methods}, ignore)
    weights = train(
        frame,
        compared.kinds,
        [list(rule.match) for rule in spec.rules],
        settings_of(compared.kinds, compared.methods),
    )
    path = weights_path(model.root / model.project.decisions, entity)
    write_weights(path, weights)
    return weights, path
