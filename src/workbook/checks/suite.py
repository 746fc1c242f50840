"""All checks of a model, and the tables that they need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workbook.checks.check import Check, ComparedFigure, Compile, TableScan
from workbook.checks.custom import own_checks
from workbook.checks.entity_checks import entity_scans
from workbook.checks.metric_checks import ages, totals
from workbook.checks.scan_tables import gather, measure_tables, scan_tables
from workbook.checks.source_checks import source_scan
from workbook.engine import Table
from workbook.model import Model


@dataclass(frozen=True)
class Suite:
    """The checks of a model: those that scan rows, those that compare a figure, those that
    cannot run yet.
    """

    scans: tuple[TableScan, ...]
    measures: tuple[ComparedFigure, ...]
    waiting: tuple[Check, ...]

    @property
    def checks(self) -> Iterator[Check]:
        """Every check."""
        for scan in self.scans:
            yield from scan.checks
        yield from (measure.check for measure in self.measures)
        yield from self.waiting


def suite(model: Model, compile_: Compile) -> Suite:
    """The checks that follow from a model, and those of the team's own; `compile_` turns an
    expression into SQL.
    """
    own = list(own_checks(model, compile_))
    scans = [source_scan(model, source) for source in model.source_names]
    scans += entity_scans(model)
    scans += [item for item in own if isinstance(item, TableScan)]
    measures = [
        *ages(model),
        *totals(model),
        *(item for item in own if isinstance(item, ComparedFigure)),
    ]
    waiting = [item for item in own if isinstance(item, Check)] + [
        measure.check for measure in measures if measure.check.waits
    ]
    ready = tuple(measure for measure in measures if not measure.check.waits)
    return Suite(tuple(gather(scans)), ready, tuple(waiting))


def tables(model: Model, compile_: Compile) -> list[Table]:
    """`checks__<table>`: counts in one scan; `check__<name>`: the rows that fail a check
    (record, row, reason).
    """
    found = suite(model, compile_)
    results = [table for scan in found.scans for table in scan_tables(scan)]
    return results + [table for measure in found.measures for table in measure_tables(measure)]
