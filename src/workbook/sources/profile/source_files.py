"""Findings about the files of the sources: columns that some lack, lines skipped, files that two
sources read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from workbook.engine import SourceSpec
from workbook.engine.landing import lines_skipped, records_skipped, shared_files, varying_columns
from workbook.finding import Finding
from workbook.model import Model
from workbook.sources.profile.arrivals import owner_of
from workbook.words import finding


def of_files(model: Model, specs: Mapping[str, SourceSpec]) -> Iterator[Finding]:
    """Findings about the files themselves, before any record of them."""
    for source, spec in specs.items():
        make = partial(finding, model, owner=owner_of(model, source), source=source)
        for varying in varying_columns(spec):
            yield make(
                "sources.columns_vary",
                len(varying.files),
                (source, varying.column),
                of=varying.of,
                column=varying.column,
                files=varying.files,
            )
        if skipped := lines_skipped(spec):
            yield make("sources.lines_skipped", skipped, (source,))
        if records := records_skipped(spec):
            yield make("sources.records_skipped", records, (source,))
    for sources, files in shared_files(specs.values()).items():
        yield finding(
            model,
            "sources.shared_files",
            files,
            sources,
            owner=owner_of(model, sources[0]),
            sources=sources,
        )
