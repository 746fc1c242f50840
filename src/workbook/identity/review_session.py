"""A review of suggested pairs: verdicts, samples and sign-offs, each written at once."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256

import polars as pl

from workbook.errors import WorkbookError
from workbook.identity.append_decision import append
from workbook.identity.decision_status import taken_back
from workbook.identity.match_ledger import BAND, PAIR, PATTERN, UNDO, MatchDecision, SampleEvidence
from workbook.identity.pair_queue import PairQueue
from workbook.identity.sampling import Stratum, allotted, pooled_bound
from workbook.identity.suggested_pair import Pair
from workbook.words import error_of

SIZE = 60  # pairs of a sample: with no error among them at most 4.9 % of the whole are wrong
WORDS = ("same", "different", "unsure")
_NOT_SHOWN = ("_record", "_source", "_system", "_recorded")
_KEYS = ["left_record", "right_record"]


class PairReview(PairQueue):
    """A reviewer's verdicts on pairs, written to the file at once, one line each; nothing else is
    ever changed.
    """

    def decide(self, pair: Pair, verdict: str, *, by: str, because: str = "") -> str:
        """Write what somebody says of one pair, and give the id of the line.

        Raises:
            WorkbookError: it is no verdict, nobody says it, or the file cannot be written.
        """
        if verdict not in WORDS:
            raise error_of(WorkbookError, "identity.unknown_verdict", verdict=verdict, known=WORDS)
        cells = {
            "left_record": pair.left,
            "right_record": pair.right,
            "band": pair.band,
            "pattern": pair.pattern,
            "evidence": pair.evidence,
        }
        return self._write(verdict, by, because, cells)

    def undo(self, decision_id: str, *, by: str, because: str = "") -> str:
        """Write that an earlier line is taken back, and give the id of this one; an undo can be
        taken back too.

        Raises:
            WorkbookError: there is no such line, or it is taken back already.
        """
        decisions = self._said()
        if decision_id not in {decision.id for decision in decisions}:
            raise error_of(
                WorkbookError,
                "identity.unknown_decision",
                entity=self.entity,
                id=decision_id,
                known=[decision.id for decision in decisions],
            )
        if decision_id in taken_back(decisions):
            raise error_of(WorkbookError, "identity.undone_already", id=decision_id)
        return self._write(UNDO, by, because, {"undoes": decision_id})

    def sample(self, band: str = "", pattern: str = "", size: int = SIZE) -> list[Pair]:
        """Pairs of a band or a pattern to judge before all of it is signed: the same ones for
        the same suggestions.

        Of every pattern some: one at least, and each further one where the sample is thinnest;
        so there may be more than `size`.
        """
        whole = self._of(band, pattern).sort(_KEYS)
        if whole.is_empty():
            return []
        seed = sha256(
            "\n".join(
                "\0".join(row) for row in whole.select(*_KEYS, "evidence").iter_rows()
            ).encode("utf-8", "surrogatepass")
        ).digest()
        # a sample, no secret
        drawing, rows = (
            random.Random(seed),  # noqa: S311
            {name[0]: part for name, part in whole.with_row_index("number").group_by("pattern")},
        )
        sizes = {name: part.height for name, part in rows.items()}
        drawn = [
            row
            for name, count in allotted(sizes, size).items()
            for row in drawing.sample(sorted(rows[name]["number"]), count)
        ]
        drawing.shuffle(drawn)
        return self._as_pairs(whole[drawn])

    def sign_off(
        self,
        *,
        band: str = "",
        pattern: str = "",
        verdict: str,
        by: str,
        because: str,
        judged: Mapping[Pair, str],
    ) -> str:
        """Write one word for all suggestions of a band or a pattern, with what was found in a
        sample; the id of the line.

        Who was unsure did not confirm, so that it counts as an error. A judged pair that was
        found otherwise is written as a word of its own first, where the file does not hold it
        yet, so that the sign-off never joins it.

        Raises:
            WorkbookError: nothing was judged, or there is no such band or pattern.
        """
        stated, otherwise = self.stated(band, pattern, verdict, judged)
        held = set(self._standing().filter("stands").select(*_KEYS, "verdict").rows())
        for pair, word in otherwise:
            if (pair.left, pair.right, word) not in held:
                self.decide(pair, word, by=by, because=because)
        return self._write(
            verdict, by, because, {"band": band, "pattern": pattern, "evidence": str(stated)}
        )

    def stated(
        self, band: str, pattern: str, verdict: str, judged: Mapping[Pair, str]
    ) -> tuple[SampleEvidence, list[tuple[Pair, str]]]:
        """What a sign-off would state, and the judged pairs that were found otherwise."""
        if verdict not in WORDS[:2]:
            raise error_of(WorkbookError, "identity.whole_verdict")
        if not (band or pattern):
            raise error_of(WorkbookError, "identity.nothing_named")
        whole = self._of(band, pattern)
        if whole.is_empty():
            known = [*self._population["pattern"].unique(), *self._population["band"].unique()]
            raise error_of(
                WorkbookError, "identity.unknown_pattern", name=pattern or band, known=known
            )
        inside = set(whole.select(_KEYS).iter_rows())
        rows = {pair: word for pair, word in judged.items() if (pair.left, pair.right) in inside}
        if not rows:
            raise error_of(WorkbookError, "identity.nothing_judged")
        wrong = [
            (pair, word)
            for pair, word in sorted(rows.items(), key=lambda item: (item[0].left, item[0].right))
            if word != verdict
        ]
        sizes, seen, errors = (
            Counter(whole["pattern"].to_list()),
            Counter(pair.pattern for pair in rows),
            Counter(pair.pattern for pair, _ in wrong),
        )
        bound = pooled_bound(
            [Stratum(size, seen[name], errors[name]) for name, size in sorted(sizes.items())]
        )
        return (
            SampleEvidence(
                len(rows), len(wrong), _rounded_up(bound), whole.height, self.weights or "none"
            ),
            wrong,
        )

    def done(self, by: str) -> int:
        """How many words of this person stand in the file and are not taken back."""
        return len(self._of_person(by))

    def last(self, by: str, among: Collection[str] | None = None) -> str:
        """The id of this person's newest word that is not taken back, of these lines where they
        are named; '' where there is none.
        """
        said = [item for item in self._of_person(by) if among is None or item.id in among]
        return max(said, key=lambda item: item.line).id if said else ""

    def _of_person(self, by: str) -> list[MatchDecision]:
        decisions = self._said()
        off, name = taken_back(decisions), _clean(by)
        return [
            decision
            for decision in decisions
            if decision.by == name and decision.kind != UNDO and decision.id not in off
        ]

    def judged(self, pairs: Iterable[Pair], by: str = "") -> dict[Pair, str]:
        """What was said of these pairs and not taken back: the newest word (of one person,
        where named).
        """
        decisions = self._said()
        off = taken_back(decisions)
        words: dict[tuple[str, str], MatchDecision] = {}
        for item in sorted(decisions, key=lambda decision: (decision.at, decision.id)):
            if item.kind == PAIR and item.id not in off and (not by or item.by == _clean(by)):
                words[item.left, item.right] = item
        found = {
            pair: words[pair.left, pair.right] for pair in pairs if (pair.left, pair.right) in words
        }
        return {
            pair: item.verdict
            for pair, item in found.items()
            if not item.seen or item.seen == pair.evidence
        }

    # ---- the file

    def _of(self, band: str, pattern: str) -> pl.DataFrame:
        whole = self._population
        whole = whole.filter(pl.col("band") == band) if band else whole
        return whole.filter(pl.col("pattern") == pattern) if pattern else whole

    def _write(self, verdict: str, by: str, because: str, cells: Mapping[str, str]) -> str:
        if not _clean(by):
            raise error_of(WorkbookError, "identity.nobody")
        return append(self.path, self.row(verdict, by, because, cells))

    def row(self, verdict: str, by: str, because: str, cells: Mapping[str, str]) -> dict[str, str]:
        """A line as it would be written, without its id."""
        pair = tuple(cells.get(name, "") for name in _KEYS)
        about = (
            (PAIR, *pair)
            if any(pair)
            else (
                PATTERN if cells.get("pattern") else BAND,
                cells.get("pattern", ""),
                cells.get("band", ""),
            )
        )
        earlier = [
            item.at for item in self._said() if item.by == _clean(by) and item.about == about
        ]
        at = self._now().astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)
        # a later word is later
        at = max([at, *(item.replace(microsecond=0) + dt.timedelta(seconds=1) for item in earlier)])
        return {
            "at": at.isoformat() + "Z",
            "by": _clean(by),
            "entity": self.entity,
            "verdict": verdict,
            **cells,
            "because": _clean(because),
        }


def _clean(text: str) -> str:
    """Text on one line, without what a spreadsheet or a terminal would act on."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _rounded_up(share: float) -> str:
    """A share with three decimals, never rounded down."""
    return f"{min(1.0, -(-share * 1000 // 1) / 1000):.3f}"
