"""A generated review: pairs that wait about people that nobody is, and a desk over a CSV file."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from workbook.errors import WorkbookError
from workbook.identity.review_session import PairReview
from workbook.identity.suggested_pair import Pair

# a part of every value that is somebody's
PLANTED = ("Quillfeather", "zephyrine", "planted.example", "+31 6 5550")


def frames(pairs: int) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """What waits, its evidence, and the records: two thirds in the band `likely`, one third in
    `possible`.
    """
    waiting, evidence, records = [], [], []
    for n in range(pairs):
        left, right, weight = (
            f"north.people:{n:03d}",
            f"south.people:{n:03d}",
            max(9.0 - n / 20, 0.0),
        )
        likely = n < pairs * 2 // 3
        pattern = "name: close · email: same" if likely else "name: close · email: differs"
        waiting.append(
            (
                left,
                right,
                left,
                right,
                round(1 / (1 + 2**-weight), 6),
                round(weight, 2),
                "likely" if likely else "possible",
                pattern,
                f"{n:012x}",
            )
        )
        for attribute, says, part in (
            (None, None, -12.0),
            ("name", "close", 6.0 if likely else weight + 14.0),
            ("email", "same", weight + 6.0) if likely else ("email", "differs", -2.0),
        ):
            evidence.append((left, right, attribute, 1, says, round(part, 2)))
        records.append(
            (
                left,
                f"Zephyrine Quillfeather {n:03d}",
                f"zephyrine{n:03d}@planted.example",
                f"+31 6 5550 {n:04d}",
                "Utrecht",
            )
        )
        records.append(
            (
                right,
                f"Zephyrin Quillfeather {n:03d}",
                (
                    f"zephyrine{n:03d}@planted.example"
                    if likely
                    else f"z.quillfeather{n:03d}@planted.example"
                ),
                None,
                "Utrecht",
            )
        )
    columns = [
        "left_record",
        "right_record",
        "left_root",
        "right_root",
        "score",
        "weight",
        "band",
        "pattern",
        "evidence",
    ]
    said = ["left_record", "right_record", "attribute", "level", "says", "weight"]
    return (
        pl.DataFrame(waiting, schema=columns, orient="row"),
        pl.DataFrame(evidence, schema=said, orient="row"),
        pl.DataFrame(records, schema=["_record", "name", "email", "phone", "city"], orient="row"),
    )


class SmallDesk(PairReview):
    """A desk over them that can be made to fail once."""

    broken: Exception | None = None  # what the next write meets

    def __init__(self, path: Path, pairs: int = 6) -> None:
        waiting, evidence, records = frames(pairs)
        super().__init__("account", path, waiting, evidence, records, weights="abc123")

    def decide(self, pair: Pair, verdict: str, *, by: str, because: str = "") -> str:
        if self.broken:
            wrong, self.broken = self.broken, None
            raise wrong
        return super().decide(pair, verdict, by=by, because=because)


def refused() -> WorkbookError:
    return WorkbookError("decisions/matches.csv: the last line is torn. Mend it first.")
