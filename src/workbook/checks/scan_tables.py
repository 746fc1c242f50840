"""The tables of checks: one scan per table for all its checks, the counts, and each check's
failing rows.
"""

from __future__ import annotations

from collections.abc import Iterable

from workbook.checks.check import Check, ComparedFigure, TableScan
from workbook.engine import Table, quote
from workbook.engine.sql import text
from workbook.words.wording import within

STEP = "08_checks"


def scan_tables(scan: TableScan) -> list[Table]:
    """The rows that fail any check of a scan, the counts of all its checks, and the evidence of
    each.
    """
    if not scan.checks:
        return []
    return [_rows(scan), _counts(scan), *(_evidence(scan, check) for check in scan.checks)]


def measure_tables(measure: ComparedFigure) -> list[Table]:
    """The figure that a check compares, and the check's evidence: one row where it fails."""
    check = measure.check
    figure = Table(
        measure.counts, f"the figure that '{check.name}' compares", STEP, sql=measure.sql
    )
    sql = (
        f"select {text(check.on)} as record, cast(null as bigint) as {quote('row')},"
        f" {text(measure.reason)} as reason\nfrom {quote(measure.counts)}\nwhere {measure.late}"
    )
    return [
        figure,
        Table(check.evidence, f"one line where {_said(check)} does not hold", STEP, sql=sql),
    ]


def gather(scans: Iterable[TableScan]) -> list[TableScan]:
    """Checks with joins apart from those without, and those with the same joins together: each
    is one scan.
    """
    found: dict[tuple[str, tuple[str, ...]], TableScan] = {}
    for scan in scans:
        for check in scan.checks:
            joins = tuple(sorted(check.joins))
            place = found.get((scan.table, joins))
            table = (
                scan.table
                if not joins
                else f"{scan.table}__with_{sum(1 for t, j in found if t == scan.table and j) + 1}"
            )
            kept = place or TableScan(table, scan.source, scan.record, scan.of, scan.row, scan.cls)
            found[scan.table, joins] = TableScan(
                kept.table,
                kept.source,
                kept.record,
                kept.of,
                kept.row,
                kept.cls,
                (*kept.checks, check),
            )
    return list(found.values())


def _rows(scan: TableScan) -> Table:
    joins = list(dict.fromkeys(join for check in scan.checks for join in check.joins))
    names = {name: quote(column) for name, column in scan.columns.items()}
    columns = [f"{_reasons(check)} as {names[check.name]}" for check in scan.checks]
    looked = ",\n  ".join([f"{scan.record} as record", f"{scan.row} as {quote('row')}", *columns])
    kept = " or ".join(f"{name} is not null" for name in names.values())
    sql = (
        f"with looked as (\nselect\n  {looked}\nfrom {scan.source}"
        + "".join(f"\n{join}" for join in joins)
        + f"\n)\nselect * from looked\nwhere {kept}"
    )
    return Table(
        name=f"{scan.counts}__rows",
        row_is=f"one {scan.of} that fails a check; each check's column says why",
        step=STEP,
        sql=sql,
        classes={"record": scan.cls},
    )


def _counts(scan: TableScan) -> Table:
    names = [quote(column) for column in scan.columns.values()]
    failing = ", ".join(f"count({name}) as {name}" for name in names)
    sql = (
        f"with failing as (select {failing} from {quote(scan.counts + '__rows')}),\n"
        f"looked as (select count(*) as {quote('rows')} from {scan.source})\n"
        f"select {quote('rows')}, {', '.join(names)} from looked cross join failing"
    )
    return Table(
        scan.counts,
        f"how many there are of: {scan.of}, and how many fail each check",
        STEP,
        sql=sql,
    )


def _evidence(scan: TableScan, check: Check) -> Table:
    name = quote(scan.columns[check.name])
    sql = (
        f"select record, {quote('row')}, {name} as reason from {quote(scan.counts + '__rows')}"
        f" where {name} is not null"
    )
    return Table(
        check.evidence,
        f"one {scan.of} for which {_said(check)} does not hold",
        STEP,
        sql=sql,
        classes={"record": scan.cls},
    )


def _reasons(check: Check) -> str:
    return (
        "case "
        + " ".join(f"when {condition} then {text(reason)}" for condition, reason in check.bad)
        + " end"
    )


def _said(check: Check) -> str:
    return f"'{within(check.says.rstrip('.'))}'"
