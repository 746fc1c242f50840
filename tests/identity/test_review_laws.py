"""The review file with patterns, bands and sign-offs: which lines decide something, and what a
sample says of the whole.
"""

from __future__ import annotations

import math
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.identity.sampling import Stratum, allotted, pooled_bound, upper_bound
from workbook.identity.match_ledger import COLUMNS, SampleEvidence, read_ledger
from workbook.identity.decision_status import standing

STATED = "sample=60 errors=1 bound=0.077 of=412 weights=ab12"
HEAD = "m9,2025-06-05,ann,firm"


def a_file(folder: Path, *lines: str) -> Path:
    path = folder / "matches.csv"
    path.write_text("\n".join([",".join(COLUMNS), *lines]) + "\n")
    return path


def test_the_four_kinds_of_a_line(tmp_path: Path) -> None:
    read = read_ledger(
        a_file(
            tmp_path,
            "m1,2025-06-05,ann,firm,b,a,same,likely,name: close,0123456789ab,,",
            f"m2,2025-06-05,ann,firm,,,same,,name: close,{STATED},,",
            f"m3,2025-06-05,ann,firm,,,different,possible,,{STATED},,",
            "m4,2025-06-05,ann,firm,,,undo,,,,m2,",
        )
    )
    assert not read.broken
    assert [each.kind for each in read.decisions] == ["pair", "pattern", "band", "undo"]
    pair, pattern, band, _ = read.decisions
    assert (pair.seen, pair.about, pair.stated) == ("0123456789ab", ("pair", "a", "b"), None)
    assert (pattern.stated, pattern.seen) == (SampleEvidence(60, 1, "0.077", 412, "ab12"), "")
    assert (str(pattern.stated), band.about) == (STATED, ("band", "", "possible"))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (
            f"{HEAD},,,unsure,,name: close,{STATED},,",
            "a pattern is the same or different, not unsure",
        ),
        (
            f"{HEAD},,,same,likely,,,,",
            (
                "a band is signed off on a sample, and its evidence is not as in `sample=60"
                " errors=0 bound=0.049 of=412 weights=…`"
            ),
        ),
        (
            f"{HEAD},,,same,likely,,sample=x errors=0,,",
            (
                "a band is signed off on a sample, and its evidence is not as in `sample=60"
                " errors=0 bound=0.049 of=412 weights=…`"
            ),
        ),
        (f"{HEAD},,,,likely,,{STATED},,", "its verdict is empty"),
        (f"{HEAD},,,same,,,,,", "its left_record, right_record are empty"),
        (f"{HEAD},a,,same,likely,,,,", "its right_record is empty"),
    ],
)
def test_a_broken_sign_off_is_told_and_takes_no_other_with_it(
    tmp_path: Path, line: str, why: str
) -> None:
    read = read_ledger(a_file(tmp_path, line, f"m1,2025-06-05,ann,firm,,,same,likely,,{STATED},,"))
    assert [(each.line, each.why) for each in read.broken] == [(2, why)]
    assert [each.id for each in read.decisions] == ["m1"]


def test_rows_that_nobody_wrote_count_as_if_they_stood_in_the_file(tmp_path: Path) -> None:
    path = a_file(tmp_path, "m1,2025-06-05,ann,firm,a,b,same,,,,,")
    more = {
        "id": "p",
        "at": "2025-06-06",
        "by": "bob",
        "entity": "firm",
        "verdict": "undo",
        "undoes": "m1",
    }
    states = {
        row["id"]: row["state"]
        for row in standing(read_ledger(path, [more]).decisions, {"a", "b"}).to_dicts()
    }
    assert states == {"m1": "taken back", "p": "an undo"}
    assert path.read_text().count("\n") == 2


# ---- what a sample says


@pytest.mark.parametrize(("errors", "judged"), [(0, 1), (0, 60), (1, 60), (5, 80), (59, 60)])
def test_the_bound_is_where_so_few_errors_would_be_a_surprise(errors: int, judged: int) -> None:
    """Clopper and Pearson: at the bound itself, that many errors or fewer come up 5 times in
    100.
    """
    share = upper_bound(errors, judged)
    surprise = sum(
        math.comb(judged, k) * share**k * (1 - share) ** (judged - k) for k in range(errors + 1)
    )
    assert surprise == pytest.approx(0.05, abs=1e-9)


def test_nothing_judged_and_nothing_right_bound_nothing() -> None:
    assert (upper_bound(0, 0), upper_bound(4, 4), pooled_bound([])) == (1.0, 1.0, 0.0)
    assert pooled_bound([Stratum(50, 20, 0), Stratum(1, 0, 0)]) == 1.0


def test_a_stratum_judged_to_the_last_pair_counts_with_its_own_errors() -> None:
    assert pooled_bound([Stratum(10, 10, 3)]) == 0.3
    one = pooled_bound([Stratum(10, 10, 0), Stratum(400, 60, 0)])
    assert one == pytest.approx(upper_bound(0, 60) * 400 / 410)


def test_a_thinly_drawn_stratum_raises_the_bound() -> None:
    even, uneven = (
        pooled_bound([Stratum(300, a, 0), Stratum(300, b, 0)]) for a, b in ((30, 30), (50, 10))
    )
    assert even == pytest.approx(upper_bound(0, 60))
    assert uneven == pytest.approx(upper_bound(0, 60) * 3)


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.text("abcdef", min_size=1, max_size=2), st.integers(1, 40), min_size=1, max_size=8
    ),
    st.integers(1, 80),
)
def test_of_every_stratum_some_are_drawn_and_never_more_than_it_has(
    sizes: dict[str, int], size: int
) -> None:
    drawn = allotted(sizes, size)
    assert all(1 <= drawn[name] <= count for name, count in sizes.items())
    assert sum(drawn.values()) == min(max(size, len(sizes)), sum(sizes.values()))
    for name, other in (
        (a, b) for a in sizes for b in sizes if drawn[b] > 1 and drawn[a] < sizes[a]
    ):
        assert sizes[name] / drawn[name] <= sizes[other] / (drawn[other] - 1) + 1e-9, (
            "a pair moved over would make the thinnest sample thicker"
        )


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(2, 60), st.integers(0, 60)), min_size=1, max_size=3),
    st.integers(4, 40),
)
def test_the_stated_bound_is_seldom_too_low(strata: list[tuple[int, int]], size: int) -> None:
    """Drawn two hundred times, the true share lies over the bound in about five of a hundred
    samples at most.
    """
    whole = {str(n): [k < errors for k in range(count)] for n, (count, errors) in enumerate(strata)}
    truth = sum(map(sum, whole.values())) / sum(map(len, whole.values()))
    drawing = random.Random(repr((strata, size)))
    allot, misses = allotted({name: len(each) for name, each in whole.items()}, size), 0
    for _ in range(200):
        drawn = [
            Stratum(len(each), allot[name], sum(drawing.sample(each, allot[name])))
            for name, each in whole.items()
        ]
        misses += pooled_bound(drawn) < truth - 1e-12
    assert misses <= 24  # of a binomial of 200 at .05, more come up once in ten thousand
