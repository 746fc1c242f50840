"""Times that a dashboard's own SQL cuts into days or months as they stand in the tables: in UTC."""

from __future__ import annotations

from sqlglot import exp

from workbook.metrics.compile.resolve import metrics_of
from workbook.model import Model, one_query
from workbook.model.table_names import table_of
from workbook.model.times import zone_of, zones_of_attributes, zones_of_fields

_CUTS = (
    exp.TimestampTrunc,
    exp.DateTrunc,
    exp.Extract,
    exp.Year,
    exp.Month,
    exp.Day,
    exp.Quarter,
    exp.LastDay,
    exp.TimeToStr,
    exp.DateDiff,
    exp.GT,
    exp.GTE,
    exp.LT,
    exp.LTE,
    exp.Between,
    exp.EQ,
)


def cut_in_utc(model: Model, name: str) -> list[str]:
    """The columns of instants that a dashboard cuts, compares or shows as months without moving
    them to the business's zone.
    """
    if not zone_of(model):
        return []
    tree, _, tables = one_query(metrics_of(model).dashboards[name].sql)
    instants = _instants(model, tables)
    months = [item for item in tree.find_all(exp.Alias) if item.alias.lower() == "month"]
    days = [item for item in tree.find_all(exp.Cast) if item.to.this == exp.DataType.Type.DATE]
    found = [
        column.name
        for item in (*tree.find_all(*_CUTS), *days, *months)
        for column in item.find_all(exp.Column)
        if not column.find_ancestor(exp.AtTimeZone)
    ]
    return [column for column in dict.fromkeys(found) if column.lower() in instants]


def _instants(model: Model, tables: tuple[str, ...]) -> frozenset[str]:
    """The columns of tables that hold instants, in small letters."""
    landed = {table_of(source): source for source in model.source_names}
    found: list[str] = []
    for table in tables:
        if table in landed:
            found += zones_of_fields(model, landed[table])
        elif table in model.entity_names:
            found += [model.column_of(table, name) for name in zones_of_attributes(model, table)]
    return frozenset(map(str.lower, found))
