"""What the tables of the sources show before anything is decided: each symptom that raw rows
can show.
"""

from __future__ import annotations

from dataclasses import dataclass

from workbook.words import words_of
from workbook.words.wording import humanize

Detection = tuple[bool | None, str]  # None where it cannot be measured; the evidence in words
_TEXT = words_of("diagnosis").text


@dataclass(frozen=True)
class Landed:
    """Counts over landed tables; every source and field by its name in the model.

    `alike`: records of one source that share a name, a mailbox or another identifier with another
    of its records, by (source, field). `counts`: different values of one identifier by source.
    `overwritten`: rows by source that says when it last wrote a row, and keeps no earlier one.
    `conflicts`: by (identifier, field, two sources) the values that both have, and those that
    differ. `several`: by (money's source, other source, identifier) the money's ids that are on
    several rows of the other. Empty where it could not be measured.
    """

    alike: tuple[tuple[str, str, int], ...] = ()
    counts: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = ()
    overwritten: tuple[tuple[str, int], ...] = ()
    conflicts: tuple[tuple[str, str, str, int, int], ...] = ()
    several: tuple[tuple[str, str, str, int], ...] = ()


def duplicates_of(landed: Landed) -> str:
    """The records that share a name or an identifier, the most first; '' where none does."""
    most = sorted((row for row in landed.alike if row[2]), key=lambda row: (-row[2], row))
    return "; ".join(
        _TEXT("landed.duplicates", source=source, field=field, count=count)
        for source, field, count in most[:3]
    )


def counts_differ(landed: Landed) -> Detection:
    """Whether systems that share an identifier have different numbers of it."""
    for identifier, sources in landed.counts:
        if len({count for _, count in sources}) > 1:
            counts = [
                _TEXT("landed.count_of", source=source, count=count) for source, count in sources
            ]
            return True, _TEXT("landed.counts", identifier=identifier, counts=counts)
    if landed.counts:
        return False, _TEXT("landed.counts_alike")
    return None, _TEXT("landed.no_shared")


def double_counted(landed: Landed) -> Detection:
    """Whether ids with amounts are on several records by which the amounts could be summed."""
    found = [row for row in landed.several if row[3]]
    if found:
        money, other, identifier, count = max(found, key=lambda row: (row[3], row))
        return True, _TEXT(
            "landed.multiplied", money=money, other=other, identifier=identifier, count=count
        )
    if landed.several:
        return False, _TEXT("landed.not_multiplied")
    return None, _TEXT("landed.no_amount")


def disagree(landed: Landed) -> Detection:
    """Whether sources that share an identifier have different values for it."""
    if not landed.conflicts:
        return None, _TEXT("landed.no_common")
    identifier, field, sources, both, differ = max(
        landed.conflicts, key=lambda row: (row[4] / max(1, row[3]), row)
    )
    if not differ:
        return False, _TEXT("landed.no_conflict")
    return True, _TEXT(
        "landed.conflict",
        identifier=identifier,
        field=field,
        sources=sources,
        both=both,
        differ=differ,
    )


def overwritten(landed: Landed) -> Detection:
    """Whether sources overwrite their records."""
    if not landed.overwritten:
        return None, _TEXT("landed.no_recorded")
    names = [humanize(source) for source, _ in landed.overwritten]
    rows = sum(count for _, count in landed.overwritten)
    return True, _TEXT("landed.overwritten", names=names, rows=rows)


def wrong_account(landed: Landed) -> Detection:
    """Whether records of one source share a name, a mailbox or another identifier."""
    if not landed.alike:
        return None, _TEXT("landed.no_names")
    duplicates = duplicates_of(landed)
    if duplicates:
        return True, _TEXT("landed.sentence", duplicates=duplicates)
    return False, _TEXT("landed.all_unique")
