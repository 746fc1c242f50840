"""Keys of a source's values, made once: what joins, identity and conditions compare instead of
the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from workbook.engine.plan import Function, Table
from workbook.engine.sql import quote
from workbook.model import CLASSES, Model, ResolvedField
from workbook.model.equality import segmented
from workbook.model.keyed_fields import keyed_fields
from workbook.model.names import shown_name
from workbook.model.table_names import list_table, table_of
from workbook.model.types.normalise import VERSION, by_region, normalise

STEP = "03_sources"


def key_name(field: str) -> str:
    """The column of a field's or an attribute's key."""
    return f"{field} key"


def keys_name(source: str) -> str:
    """The table of the keys of a source."""
    return f"{source.replace('.', '__')}__keys"


def keys_tables(model: Model) -> list[Table]:
    """`<source>__keys` of every source of which a field is compared by more than its text."""
    found = []
    for source in model.source_names:
        fields = [model.field(source, name) for name in keyed_fields(model, source)]
        if any(not field.split for field in fields):
            found.append(_keys_table(source, [field for field in fields if not field.split]))
        found += [_list_keys_table(source, field) for field in fields if field.split]
    return found


def list_keys_name(source: str, field: str) -> str:
    """The table of the keys of the values in a field that holds lists."""
    return f"{list_table(source, field)}__keys"


def by_row(field: ResolvedField) -> bool:
    """Whether a list's values have other keys from row to row: phones read by the row's country."""
    return field.normalise == "phone" and bool(field.region_field)


def _list_keys_table(source: str, field: ResolvedField) -> Table:
    """One row per value; of phones that are read by their row's country one per row and value."""
    table, key = list_table(source, field.name), key_name(field.name)
    keys, reads = ("value",), {table: ("value",)}
    params = {"table": table, "field": field.name, "method": field.method}
    text = f"one value in the lists of {source}.{field.name} and the key by which it is compared"
    if by_row(field):
        rows = table_of(source)
        keys = ("_row", "value")
        reads = {table: keys, rows: ("_row", field.region_field)}
        params |= {"rows": rows, "region": field.region_field}
        text = text.replace("the lists", "one row's list")
    told = tuple(
        f"{name}.{column}" for name, used in reads.items() for column in used if column != "_row"
    )
    return Table(
        name=list_keys_name(source, field.name),
        row_is=text,
        step=STEP,
        pattern="source-aligned",
        keys=keys,
        function=Function(
            "list_keys",
            VERSION,
            _list_keys,
            tuple(reads),
            params,
            columns={**{name: (f"{table}.{name}",) for name in keys}, key: told},
            only=reads,
        ),
        classes=dict.fromkeys(("value", key), field.cls),
    )


def _list_keys(inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    listed, name = inputs[params["table"]], key_name(params["field"])
    if "region" in params:
        beside = inputs[params["rows"]].select("_row", region=params["region"])
        rows = listed.select("_row", pl.col("value").cast(pl.String)).drop_nulls()
        rows = rows.join(beside, on="_row", how="left", maintain_order="left")
        return rows.select("_row", "value", by_region(rows["value"], rows["region"]).alias(name))
    values = listed["value"].cast(pl.String).drop_nulls().unique().sort()
    return pl.DataFrame([values.alias("value"), normalise(values, params["method"]).alias(name)])


def _keys_table(source: str, resolved: Sequence[ResolvedField]) -> Table:
    table, fields = source.replace(".", "__"), [item.name for item in resolved]
    regions = {
        item.name: item.region_field
        for item in resolved
        if item.region_field and item.normalise == "phone"
    }
    params = {
        "table": table,
        "methods": {item.name: item.method for item in resolved},
        "regions": regions,
    }
    columns = {
        "_row": (f"{table}._row",),
        **{key_name(name): (f"{table}.{name}",) for name in fields},
    }
    only = {table: tuple(dict.fromkeys(["_row", *fields, *regions.values()]))}
    return Table(
        name=keys_name(source),
        row_is=(
            f"one row of {source} and the keys by which its values are compared (none: nothing"
            " comparable)"
        ),
        step=STEP,
        pattern="source-aligned",
        keys=("_row",),
        order=("_row",),
        function=Function("keys", VERSION, _keys, (table,), params, columns=columns, only=only),
        classes={
            key_name(item.name): max(item.cls, "internal", key=CLASSES.index) for item in resolved
        },
    )


def _keys(inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    rows = inputs[params["table"]]
    columns = [rows["_row"]]
    for field, method in params["methods"].items():
        region = params["regions"].get(field)
        keys = by_region(rows[field], rows[region]) if region else normalise(rows[field], method)
        columns.append(keys.cast(pl.String).alias(key_name(field)))
    return pl.DataFrame(columns)


def key_sql(model: Model, source: str, field: str, alias: str = "") -> str:
    """The key of a field in a row of `keyed_rows`: the text itself where that is how values are
    compared.
    """
    before = f"{alias}." if alias else ""
    if field in keyed_fields(model, source):
        return f"{before}{quote(key_name(field))}"
    return f"cast({before}{quote(field)} as varchar)"


def keyed_rows(model: Model, source: str, fields: Iterable[str]) -> str:
    """What stands behind FROM: the rows of a source, with the keys of these fields where they
    have any.
    """
    table = quote(source.replace(".", "__"))
    return _with_keys(model, source, fields, table, table)


def with_keys(model: Model, source: str, fields: Iterable[str], rows: str) -> str:
    """The same of a query of some rows of the source, which keeps their `_row`."""
    return _with_keys(model, source, fields, f"({rows}) as bare", f"(\n{rows}\n)")


def _with_keys(model: Model, source: str, fields: Iterable[str], aliased: str, bare: str) -> str:
    known = keyed_fields(model, source)
    keys = ", ".join(
        f"k.{quote(key_name(name))} as {quote(key_name(name))}"
        for name in dict.fromkeys(fields)
        if name in known and not model.field(source, name).split
    )
    if not keys:
        return bare
    return (
        f"(\nselect s.*, {keys}\nfrom {bare} as s\nleft join {quote(keys_name(source))} as k on"
        " k._row = s._row\n)"
    )


def same_value(model: Model, entity: str, attribute: str, left: str, right: str) -> tuple[str, str]:
    """Whether two values of an attribute are equal, as SQL, and the joins that it needs: exact,
    or by the key of their segment.
    """
    if (entity, attribute) not in segmented(model):
        return f"cast({left} as varchar) = cast({right} as varchar)", ""
    table = quote(shown_name(entity, attribute))
    joins = (
        f"\nleft join {table} as one_key on one_key.value = {left}\nleft join {table} as other_key"
        f" on other_key.value = {right}"
    )
    return f"coalesce(one_key.key, {left}) = coalesce(other_key.key, {right})", joins
