"""What the team decided: typed parts of YAML, validated together before anything runs."""

from __future__ import annotations

from workbook.model.attribute_lookup import CLASSES
from workbook.model.empty_words import Placeholders, means_nothing, nothing_sql
from workbook.model.expressions import ExpressionError, one_query, quoted_sql, scalar_expression
from workbook.model.guesses import guesses
from workbook.model.load import load_model
from workbook.model.model import Model
from workbook.model.names import Dimension, FieldRef, ResolvedField, dimension_of, erased_name
from workbook.model.types import EXACT, METHODS, TYPES, BuiltinType

__all__ = [
    "CLASSES",
    "EXACT",
    "METHODS",
    "TYPES",
    "BuiltinType",
    "Dimension",
    "ExpressionError",
    "FieldRef",
    "Model",
    "Placeholders",
    "ResolvedField",
    "dimension_of",
    "erased_name",
    "guesses",
    "load_model",
    "means_nothing",
    "nothing_sql",
    "one_query",
    "quoted_sql",
    "scalar_expression",
]
