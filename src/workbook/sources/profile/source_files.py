"""What the files of the sources come to: columns that come and go, lines skipped, files read by
two sources.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbook.engine import SourceSpec
from workbook.engine.landing import lines_skipped, records_skipped, shared_files, varying_columns
from workbook.finding import Finding
from workbook.model import Model
from workbook.sources.profile.arrivals import owner_of
from workbook.sources.profile.findings import PAGE, source_in_words
from workbook.words import number
from workbook.words.wording import capital

_FEW = 3  # files that are named


def of_files(model: Model, specs: Mapping[str, SourceSpec]) -> Iterator[Finding]:
    """Findings about the files themselves, before any record of them."""
    for source, spec in specs.items():
        owner, named = owner_of(model, source), capital(source_in_words(source))
        for each in varying_columns(spec):
            missing = len(each.files)
            names = ", ".join(each.files[:_FEW]) + (
                f" and {missing - _FEW} more" if missing > _FEW else ""
            )
            verb = "has" if missing == 1 else "have"
            sentence = (
                f"{named}: {missing} of {each.of} files {verb} no column {each.column}, so that it"
                f" is empty in their records: {names}."
            )
            yield Finding(
                "sources.columns_vary",
                "look",
                sentence,
                PAGE,
                missing,
                owner,
                (source, each.column),
            )
        skipped = lines_skipped(spec)
        if skipped:
            verb = "was" if skipped == 1 else "were"
            sentence = (
                f"{named}: {number.plural(skipped, 'line')} above the header or at the end of the"
                f" file {verb} skipped, as declared or as the file says."
            )
            yield Finding(
                "sources.lines_skipped", "note", sentence, PAGE, skipped, owner, (source,)
            )
        records = records_skipped(spec)
        if records:
            looks = "looks like a record" if records == 1 else "look like records"
            lines = number.plural(records, "line")
            sentence = (
                f"{named}: {lines} skipped at the end of the file {looks}, not like a total or a"
                " note. Compare `skip_after` with the file."
            )
            code = "sources.records_skipped"
            yield Finding(code, "look", sentence, PAGE, records, owner, (source,))
    for sources, files in shared_files(specs.values()).items():
        named = " and ".join(map(source_in_words, sources))
        sentence = (
            f"{number.plural(files, 'file')} {'is' if files == 1 else 'are'} read by {named}, so"
            " that its records count in each of them."
        )
        yield Finding(
            "sources.shared_files",
            "look",
            sentence,
            PAGE,
            files,
            owner_of(model, sources[0]),
            sources,
        )
