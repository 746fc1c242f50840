"""Words that stand for nothing are told from values."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from workbook.sources.onboard.column_values import ColumnValues
from workbook.sources.onboard.empty_markers import missing_in


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ([("1", "2", "NULL")], ("", "NULL")),
        ([("a", "N/A")], ("", "N/A")),
        ([("NA", "DE", "FR")], ("",)),  # Namibia
        ([(*map(str, range(50)), "NA")], ("", "NA")),
        ([("none", "basic")], ("",)),  # an entitlement
        ([("-", *(f"2024-01-{n:02d}" for n in range(1, 29)))], ("", "-")),
    ],
)
def test_words_for_nothing(
    a_column: Callable[..., ColumnValues], columns: list[tuple[str, ...]], expected: tuple[str, ...]
) -> None:
    assert missing_in(a_column("c", *values) for values in columns) == expected
