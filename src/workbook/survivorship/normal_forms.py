"""When two values of an attribute are one: as they were typed, and in the normal form of its
type.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from workbook.engine import Function, Table, quote
from workbook.engine.comparison_keys import key_name
from workbook.model import EXACT, METHODS, Model, erased_name
from workbook.model.keyed_fields import carried
from workbook.model.types.normalise import VERSION, normalise

STEP = "05_survivorship"
# instead of a rule, where a value was taken away because its customer asked to be forgotten
ERASED = "erased"


def typed(model: Model, entity: str, attribute: str, value: str) -> str:
    """How a value is compared as it was typed: its text; where its type folds letter case,
    without regard to that.
    """
    written = f"cast({value} as varchar)"
    return written if is_cased(model, entity, attribute) else f"lower(trim({written}))"


def is_cased(model: Model, entity: str, attribute: str) -> bool:
    """Whether values of an attribute that differ by letter case alone may be two."""
    return METHODS[model.normaliser_of(entity, attribute).partition(":")[0]].cased


def is_spelled(model: Model, entity: str, attribute: str) -> bool:
    """Whether one meaning may have several spellings in the records; what is exact, or written
    in one spelling, has one.
    """
    method = model.normaliser_of(entity, attribute).partition(":")[0]
    return method != EXACT and not METHODS[method].one_spelling


def keys_of_records(model: Model, entity: str, attribute: str) -> str:
    """The column of the records that holds the keys of phone numbers whose region differs from
    row to row, or ''.
    """
    regional = model.normaliser_of(entity, attribute) == "phone" and attribute in carried(
        model, entity
    )
    return f"r.{quote(key_name(model.column_of(entity, attribute)))}" if regional else ""


def forgets(model: Model, entity: str, attribute: str) -> bool:
    """Whether an attribute loses its value where its customer asked to be forgotten
    (06_history, `erasures`).
    """
    return model.forgets(entity, model.class_of(f"{entity}.{attribute}"))


# ---- the forms that are counted


def counts_forms(model: Model, entity: str, attribute: str) -> bool:
    """Whether the most frequent value stands, and several spellings may be one value."""
    return model.rule(entity, attribute).rule == "most_frequent" and is_spelled(
        model, entity, attribute
    )


def forms_name(entity: str, attribute: str) -> str:
    """The table of the normal form in which each record states an attribute."""
    return f"{entity}__{attribute}__forms"


def forms_table(model: Model, entity: str, attribute: str) -> Table:
    """`<entity>__<attribute>__forms`: one row per record that states a comparable value: its
    normal form; none of whoever asked to be forgotten.
    """
    records, column = f"{entity}__records", model.column_of(entity, attribute)
    reads: tuple[str, ...] = (records,)
    params: dict[str, Any] = {
        "records": records,
        "column": column,
        "method": model.normaliser_of(entity, attribute),
    }
    if keys_of_records(model, entity, attribute):
        params["key"] = key_name(column)
    if forgets(model, entity, attribute):
        reads = (*reads, f"{entity}__clusters", erased_name(entity))
        params |= {"clusters": reads[1], "erased": reads[2]}
    columns = {"record": (f"{records}._record",), "form": (f"{records}.{column}",)}
    only = {records: tuple(dict.fromkeys(("_record", params.get("key", column))))}
    function = Function("normal_forms", VERSION, _forms, reads, params, columns=columns, only=only)
    row_is = (
        f"one record of {entity} that states {attribute}, and the form in which its value is"
        " compared"
    )
    classes = {"form": model.class_of(f"{entity}.{attribute}")}
    return Table(
        forms_name(entity, attribute),
        row_is,
        STEP,
        "evidence",
        ("record",),
        function=function,
        classes=classes,
    )


def _forms(inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    records = inputs[params["records"]]
    form = (
        records[params["key"]]
        if "key" in params
        else normalise(records[params["column"]], params["method"])
    )
    found = pl.DataFrame(
        [records["_record"].alias("record"), form.cast(pl.String).alias("form")]
    ).drop_nulls()
    if "erased" in params:
        clusters, asked = inputs[params["clusters"]], inputs[params["erased"]].select("id")
        found = found.join(
            clusters.join(asked, on="id", how="semi").select("record"), on="record", how="anti"
        )
    return found.sort("record")


def form_of(model: Model, entity: str, attribute: str, value: str) -> tuple[str, str]:
    """What the most frequent value is counted by, and the join of the records that it needs."""
    if not counts_forms(model, entity, attribute):
        return typed(model, entity, attribute, value), ""
    join = f"left join {quote(forms_name(entity, attribute))} as f on f.record = r._record"
    return f"coalesce(f.form, {typed(model, entity, attribute, value)})", join
