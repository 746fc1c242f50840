"""Whether two values mean the same: every contested spelling, and the key by which its type
compares it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from workbook.engine import Function, Table, quote
from workbook.model import Model
from workbook.model.contested_attributes import shared_attributes
from workbook.model.types.normalise import VERSION, normalise
from workbook.survivorship.normal_forms import STEP, forgets, is_spelled
from workbook.survivorship.winner import ERASED, choice_name


def spellings_name(entity: str, attribute: str) -> str:
    """The table of an attribute's spellings that stand beside another one."""
    return f"{entity}__{attribute}__spellings"


def compared_name(entity: str, attribute: str) -> str:
    """The table of those spellings and their keys."""
    return f"{entity}__{attribute}__compared"


def meaning_tables(model: Model) -> list[Table]:
    """For every shared attribute of text: the spellings that stand beside another one, and the
    key of each.

    Only contested spellings are normalised, each once; where all spellings agree nothing is.
    """
    tables: list[Table] = []
    for entity, attribute in shared_attributes(model):
        if is_spelled(model, entity, attribute):
            classes = {name: model.class_of(f"{entity}.{attribute}") for name in ("value", "key")}
            tables += [
                _spellings(model, entity, attribute, classes),
                _compared(model, entity, attribute, classes),
            ]
    return tables


def _spellings(model: Model, entity: str, attribute: str, classes: dict[str, str]) -> Table:
    value, kept = (
        quote(model.column_of(entity, attribute)),
        (f" and d.rule <> '{ERASED}'" if forgets(model, entity, attribute) else ""),
    )
    sql = f"""select distinct r.{value} as value
from {quote(entity + "__records")} as r
join {quote(entity + "__clusters")} as c on c.record = r._record
join {quote(choice_name(entity, attribute))} as d on d.id = c.id
where d.contested and r.{value} is not null{kept}"""
    row_is = f"one spelling of {attribute} that some {entity} has beside another one"
    return Table(
        spellings_name(entity, attribute),
        row_is,
        STEP,
        "evidence",
        ("value",),
        sql,
        classes={"value": classes["value"]},
    )


def _compared(model: Model, entity: str, attribute: str, classes: dict[str, str]) -> Table:
    spellings = spellings_name(entity, attribute)

    def call(inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
        values = inputs[params["spellings"]]["value"]
        return pl.DataFrame(
            {"value": values, "key": normalise(values, params["method"])},
            schema={"value": pl.String, "key": pl.String},
        )

    params = {"spellings": spellings, "method": model.normaliser_of(entity, attribute)}
    columns = dict.fromkeys(("value", "key"), (f"{spellings}.value",))
    function = Function("compared_spellings", VERSION, call, (spellings,), params, columns=columns)
    row_is = (
        f"one contested spelling of {attribute} of {entity}, and the key by which it is compared"
        " (none: it says nothing)"
    )
    return Table(
        compared_name(entity, attribute),
        row_is,
        STEP,
        "evidence",
        ("value",),
        function=function,
        classes=classes,
    )
