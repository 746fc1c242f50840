"""Every ranking ends in what is unique: which row comes first is never chance, whatever repeats
in the data.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from rankings import rankings, ties

from workbook import Workbook
from workbook.engine import Engine, Plan, Table

TESTS = Path(__file__).parents[1]


def test_a_tie_is_found(tmp_path: Path) -> None:
    """Two rows of key a with one time and two values; the copy of b's row is the same row."""
    rows = (
        "select k, \"at\", v from (values ('a', 1, 'x'), ('a', 1, 'y'), ('b', 1, 'z'), ('b', 1,"
        " 'z')) as t(k, \"at\", v)"
    )
    told = (
        "select t.k as k, t.v as v, row_number() over (partition by t.k order by {}) as turn from"
        " listed as t"
    )
    plans = [
        Plan(
            [
                Table("listed", "one row", "test", sql=rows, portable=False),
                Table("told", "one row", "test", sql=told.format(order)),
            ]
        )
        for order in ("t.at", "t.at, t.v")
    ]
    with Engine(tmp_path / "store") as engine:
        assert [1, 0] == [len(ties(engine, plan)) for plan in plans]


def some_rows(rng: random.Random) -> dict[str, str]:
    """Rows of every source of the shop in which keys, times and values repeat, each in few
    values.
    """
    day = lambda: rng.choice(["2025-01-01", "2025-02-01", "2025-03-01", ""])
    sure = lambda: rng.choice(["2025-01-01", "2025-02-01", "2025-03-01"])
    who = lambda: rng.choice("ab")
    value = lambda: rng.choice(["gold", "iron"])
    rows = {
        "shop.clients": lambda: (who(), value(), value(), day(), day()),
        "shop.contracts": lambda: (rng.choice("uvw"), who(), value(), sure(), day(), day()),
        "shop.changes": lambda: (rng.choice("uvw"), who(), "rank", value(), value(), sure(), day()),
        "shop.nights": lambda: (who(), sure(), rng.choice("12")),
        "shop.answers": lambda: (rng.choice("uvw"), who(), value(), sure(), day()),
    }
    return {
        source: "\n".join(" | ".join(make()) for _ in range(14)) for source, make in rows.items()
    }


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 13))]
)
def test_no_ranking_of_a_history_ties(seed: int, shop) -> None:
    """Periods, changes, snapshots and events in which one key stands for several rows."""
    made = shop(some_rows(random.Random(seed)))
    assert [] == ties(made.engine, made.plan)
    assert 20 < len(list(rankings(made.plan)))


def test_no_ranking_of_a_small_project_ties(tmp_path: Path) -> None:
    """Each row of each source a second time, and a third with another last cell."""
    folder = Path(shutil.copytree(TESTS / "notebooks" / "tiny", tmp_path / "tiny"))
    for file in (folder / "data").glob("*.csv"):
        head, *rows = file.read_text("utf-8").splitlines()
        other = [row.rpartition(",")[0] + ",2025-01-01" for row in rows]
        file.write_text("\n".join([head, *rows, *rows, *other]) + "\n", "utf-8")
    book = Workbook.open(folder)
    assert [] == ties(book.engine, book.plan)
    book.close()


@pytest.mark.long
def test_no_ranking_of_the_sample_ties(a_sample: Callable[..., Path]) -> None:
    book = Workbook.open(a_sample(), data=str(TESTS.parent / "data" / "b2b_saas"))
    assert [] == ties(book.engine, book.plan)
    assert 200 < len(list(rankings(book.plan)))
    book.close()
