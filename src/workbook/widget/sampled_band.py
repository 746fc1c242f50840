"""A sample of a band or a pattern, judged pair by pair, and what it says of the whole before
anybody signs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbook.errors import WorkbookError
from workbook.identity.review_session import PairReview
from workbook.identity.sampling import SURE
from workbook.identity.suggested_pair import Pair
from workbook.show.text import clean
from workbook.words import error_of, number


@dataclass(frozen=True)
class Sample:
    """The pairs drawn from one band or pattern; the desk draws the same ones again, so a later
    sitting goes on with them.
    """

    band: str
    pattern: str
    pairs: tuple[Pair, ...]

    def sign(self, desk: PairReview, verdict: str, by: str, because: str) -> str:
        """Write one line for the whole of it; its id.

        Raises:
            WorkbookError: not all of the sample was judged by this person.
        """
        judged = desk.judged(self.pairs, by)
        if len(judged) < len(self.pairs):
            raise error_of(WorkbookError, "widget.unjudged", count=len(self.pairs) - len(judged))
        return desk.sign_off(
            band=self.band,
            pattern=self.pattern,
            verdict=verdict,
            by=by,
            because=because,
            judged=judged,
        )

    def as_drawn(self, desk: PairReview, judged: Mapping[Pair, str]) -> dict[str, Any]:
        """What the front end shows of it: how many are judged, and for either verdict the
        errors and their upper bound.
        """
        name = f"pattern {self.pattern}" if self.pattern else f"band {self.band}"
        return {
            "name": clean(name),
            "judged": len(judged),
            "size": len(self.pairs),
            "ready": len(judged) == len(self.pairs),
            "signs": [self._sign(desk, verdict, judged) for verdict in ("same", "different")],
        }

    def _sign(self, desk: PairReview, verdict: str, judged: Mapping[Pair, str]) -> dict[str, str]:
        """Whoever was unsure did not confirm, so that it counts as an error."""
        act = "Accept" if verdict == "same" else "Reject"
        if not judged:
            return {"verdict": verdict, "words": f"{act} all", "bound": ""}
        stated, _ = desk.stated(self.band, self.pattern, verdict, judged)
        found = (
            f"{stated.errors} of {stated.sample} {'says' if stated.errors == 1 else 'say'}"
            " otherwise"
        )
        bound = (
            f"at most {number.percent(float(stated.bound))} of the whole would be wrong"
            f" ({number.percent(SURE, 0)} sure)"
        )
        return {
            "verdict": verdict,
            "words": f"{act} all {stated.of:,}",
            "bound": f"{found}: {bound}",
        }
