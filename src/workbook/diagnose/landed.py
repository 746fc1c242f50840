"""What the tables of the sources show before anything is decided: each symptom that raw rows
can show.
"""

from __future__ import annotations

from dataclasses import dataclass

from workbook.words import number
from workbook.words.wording import humanize


@dataclass(frozen=True)
class Landed:
    """Counts over landed tables; every source and field by its name in the model.

    `alike`: records of one source that share a name, a mailbox or another identifier with another
    of its records, by (source, field). `counts`: different values of one identifier by source.
    `overwritten`: rows by source that says when it last wrote a row, and keeps no earlier one.
    `conflicts`: by (identifier, field, two sources) the values that both hold, and those that
    differ. `several`: by (money's source, other source, identifier) the money's ids that stand on
    several rows of the other. Empty where it could not be measured.
    """

    alike: tuple[tuple[str, str, int], ...] = ()
    counts: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = ()
    overwritten: tuple[tuple[str, int], ...] = ()
    conflicts: tuple[tuple[str, str, str, int, int], ...] = ()
    several: tuple[tuple[str, str, str, int], ...] = ()


def duplicates_said(landed: Landed) -> str:
    """Records that look like one another, the most first; '' where none does."""
    most = sorted((each for each in landed.alike if each[2]), key=lambda each: (-each[2], each))
    said = [
        f"{number.plural(count, 'record')} of {humanize(source)}"
        f" {'shares' if count == 1 else 'share'} the {humanize(field)} of another"
        for source, field, count in most[:3]
    ]
    return "; ".join(said)


def counts_differ(landed: Landed) -> tuple[bool | None, str]:
    """Whether systems that share an identifier know different numbers of it."""
    for identifier, found in landed.counts:
        if len({count for _, count in found}) > 1:
            said = ", ".join(
                f"{humanize(source)} {number.integer(count)}" for source, count in found
            )
            return True, f"Different values of {humanize(identifier)}: {said}."
    if landed.counts:
        return False, "Systems that share an identifier hold equally many values of it."
    return None, "No identifier is in several systems, so their counts cannot be compared."


def double_counted(landed: Landed) -> tuple[bool | None, str]:
    """Whether ids that bear money stand on several rows of what it could be summed by."""
    found = [each for each in landed.several if each[3]]
    if found:
        money, other, identifier, count = max(found, key=lambda each: (each[3], each))
        what = f"{number.plural(count, humanize(identifier))}"
        return (
            True,
            (
                f"{what} with amounts in {humanize(money)} {'is' if count == 1 else 'are'} on"
                f" several rows of {humanize(other)}: a sum by those rows counts the amounts more"
                " than once."
            ),
        )
    if landed.several:
        return False, "No id with amounts is on several rows of another source."
    return None, "No amount has an id that another source holds, so no sum can be tested."


def disagree(landed: Landed) -> tuple[bool | None, str]:
    """Whether sources that share an identifier hold different values for it."""
    if not landed.conflicts:
        return None, "No two systems share an identifier and a field that could be compared."
    identifier, field, sources, both, differ = max(
        landed.conflicts, key=lambda each: (each[4] / max(1, each[3]), each)
    )
    if not differ:
        return False, "Where two systems hold the same field for one identifier, they agree."
    return (
        True,
        (
            f"{humanize(field)} differs for {number.integer(differ)} of {number.integer(both)}"
            f" values of {humanize(identifier)} that {sources} both hold; another spelling counts"
            " as another value."
        ),
    )


def overwritten(landed: Landed) -> tuple[bool | None, str]:
    """Whether sources write over their rows."""
    if not landed.overwritten:
        return None, "No source says when it last wrote a row, so a loss cannot be measured."
    rows = sum(count for _, count in landed.overwritten)
    names = ", ".join(humanize(source) for source, _ in landed.overwritten[:3])
    return (
        True,
        (
            f"{number.plural(len(landed.overwritten), 'source')}"
            f" {'keeps' if len(landed.overwritten) == 1 else 'keep'} only the last state of a row"
            f" ({number.plural(rows, 'row')}): {names}."
        ),
    )


def wrong_account(landed: Landed) -> tuple[bool | None, str]:
    """Whether records of one source share a name, a mailbox or another identifier."""
    if not landed.alike:
        return None, "No source has a name or an address, so nobody can be mistaken for another."
    said = duplicates_said(landed)
    return (
        (True, f"{said}.")
        if said
        else (False, "No two records of one source share a name or an address.")
    )
