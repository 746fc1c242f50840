"""Figure 4b.6: what reviewers decided, by whom, whether it is in force, and decisions without
effect.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from workbook import identity
from workbook.finding import Finding
from workbook.identity.decision_status import (
    AGREES,
    REPLACED,
    STANDS,
    TAKEN_BACK,
    UNSURE,
    WITHDRAWAL,
)
from workbook.identity.match_ledger import PAIR, UNDO
from workbook.model.csv_ledger import Broken
from workbook.model.ledger_errors import hinted
from workbook.show import Column, Figure, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps.identity_accuracy import LabelAccuracy, accuracy_known
from workbook.steps.step import Step
from workbook.words import finding
from workbook.words.wording import humanize

_STATES = {  # the names of their texts
    STANDS: "stands",
    UNSURE: "unsure",
    WITHDRAWAL: "undo",
    TAKEN_BACK: "taken_back",
    REPLACED: "replaced",
    AGREES: "agrees",
    identity.DISPUTED: "disputed",
    identity.GONE: "gone",
    identity.CHANGED: "changed",
    identity.OTHER_WEIGHTS: "other_weights",
    identity.CIRCLE: "circle",
}
# beside what stands: a disputed pair stays separate, an undo takes another line back
_IN_FORCE = (identity.DISPUTED, WITHDRAWAL)
_AGREED = (STANDS, AGREES)


class ReviewDecisions:
    """The decisions of the review about every entity that is resolved, and how right the result
    is.
    """

    def __init__(
        self, step: Step, resolved: Sequence[str], accuracies: Sequence[LabelAccuracy]
    ) -> None:
        self.step, self.context, self.model = step, step.context, step.model
        self.resolved, self.accuracies = resolved, accuracies
        self.file = f"{self.model.project.decisions}/{identity.LEDGER}"

    @cached_property
    def decided(self) -> dict[str, list[dict[str, Any]]]:
        """Of each entity: the lines of the review."""
        return {
            name: self.context.query(identity.cluster_stats.decided_sql(name)).to_dicts()
            for name in self.resolved
        }

    @cached_property
    def broken(self) -> list[Broken]:
        """Lines of the review that decide nothing, and why."""
        ledger = identity.ledger(self.model)
        elsewhere = [
            Broken(
                decision.line,
                hinted(
                    "it names no entity whose records are resolved", decision.entity, self.resolved
                ),
            )
            for decision in ledger.decisions
            if decision.entity not in self.resolved
        ]
        return sorted([*ledger.broken, *elsewhere], key=lambda broken: broken.line)

    @cached_property
    def _known(self) -> dict[str, str]:
        """Who decides in this project, as workbook.yml writes it, by the same name in small
        letters.
        """
        departments = self.model.project.departments
        return {name.casefold(): name for name in (*departments, *departments.values())}

    # ---- 4b.6

    def figure(self) -> Figure:
        """Figure 4b.6: what reviewers decided about pairs of records, whether it is in force, and
        how right the customers are.
        """
        rows = [row for accuracy in self.accuracies for row in self._rows(accuracy)]
        if self.broken:
            rows.append(
                {
                    "section": self.step.text("figures.review.sections.unreadable"),
                    "what": self.step.text("review.unreadable"),
                    "how": self.step.text("review.unreadable_how"),
                    "count": len(self.broken),
                }
            )
        columns = self.step.heads(
            "review",
            Column("what", detail="how"),
            Column("count", kind="int"),
            Column("share", kind="percent", decimals=2),
        )
        shown = columns if any(row.get("share") is not None for row in rows) else columns[:2]
        frame = frame_for(rows, [*columns, Column("section")])
        return self.step.figure(
            "review",
            table(frame, shown, group="section"),
            empty=self._why_empty(),
            either=" or ".join(humanize(name) for name in self.resolved),
            accuracy=accuracy_known(self.accuracies),
        )

    def _why_empty(self) -> str:
        """The text that says why there is neither a decision nor a measure."""
        if not self.resolved:
            return "empty_unresolved"
        labelled = all(accuracy.named for accuracy in self.accuracies)
        return "empty_labelled" if labelled else "empty"

    def _rows(self, accuracy: LabelAccuracy) -> Iterator[dict[str, Any]]:
        entity, text = accuracy.entity, self.step.text
        shown = entity if len(self.resolved) > 1 else ""
        decisions, ids, accuracies = (
            text(f"figures.review.sections.{name}", entity=shown)
            for name in ("decisions", "ids", "accuracy")
        )
        lines = Counter(
            (row["kind"], row["verdict"], row["state"], row["by"]) for row in self.decided[entity]
        )
        for (kind, verdict, state, by), count in sorted(lines.items()):
            decision = text(f"review.verdict.{verdict}", entity=entity)
            if kind not in (PAIR, UNDO):
                decision = text("review.whole", decision=decision, kind=kind)
            yield {
                "section": decisions,
                "what": decision,
                "how": text(
                    "review.by",
                    state=text(f"review.state.{_STATES[state]}"),
                    reviewer=self._known.get(by.casefold()) or text("review.unnamed"),
                ),
                "count": count,
            }
        for row in self.context.query(identity.cluster_stats.moved_ids_sql(entity)).to_dicts():
            yield {
                "section": ids,
                "what": text(f"moved_ids.{row['change']}"),
                "how": text(f"moved_ids.how.{row['change']}"),
                "count": row["ids"],
            }
        yield from ({"section": accuracies, **row} for row in accuracy.rows())

    # ---- what it comes to

    def conclude(self, owner_of: Callable[[str], str]) -> Iterator[Finding]:
        """Decisions that lapsed, are disputed, by reviewers who are not named, or about
        nothing.
        """
        for name in self.resolved:
            yield from self._lapsed(name, owner_of(name))
            yield from self._disputed(name, owner_of(name))
            yield from self._unnamed(name, owner_of(name))
            for row in self.decided[name]:
                if row["state"] in (identity.GONE, identity.CIRCLE):
                    yield finding(
                        self.model,
                        "identity.bad_decision",
                        1,
                        (name,),
                        severity="look",
                        owner=owner_of(name),
                        variant=_STATES[row["state"]],
                        entity=name,
                        file=self.file,
                        line=row["line"],
                    )

    def unreadable(self) -> Iterator[Finding]:
        """Lines that decide nothing until somebody corrects them; one that keeps all others from
        being read is a failure.
        """
        for broken in self.broken:
            yield finding(
                self.model,
                "identity.bad_decision",
                1,
                severity="fail" if broken.whole else "look",
                variant="file" if broken.whole else "line",
                file=self.file,
                line=broken.line,
                why=broken.why,
            )

    def _lapsed(self, entity: str, owner: str) -> Iterator[Finding]:
        """Decisions that decide nothing any more, because what was reviewed is not what is there
        now.
        """
        for state in (identity.CHANGED, identity.OTHER_WEIGHTS):
            lines = [str(row["line"]) for row in self.decided[entity] if row["state"] == state]
            if lines:
                yield finding(
                    self.model,
                    "identity.outdated_decision",
                    len(lines),
                    (entity,),
                    owner=owner,
                    variant=_STATES[state],
                    entity=entity,
                    file=self.file,
                    lines=lines,
                )

    def _disputed(self, entity: str, owner: str) -> Iterator[Finding]:
        """One finding for each pair, pattern or band on which reviewers disagree, with all their
        lines.
        """
        found: dict[str, list[Mapping[str, Any]]] = {}
        for row in self.decided[entity]:
            if row["state"] == identity.DISPUTED:
                found.setdefault(row["about"], []).append(row)
        for rows in found.values():
            yield finding(
                self.model,
                "identity.disputed_decision",
                1,
                (entity,),
                owner=owner,
                variant=rows[0]["kind"],
                entity=entity,
                file=self.file,
                lines=[str(row["line"]) for row in rows],
            )

    def _unnamed(self, entity: str, owner: str) -> Iterator[Finding]:
        """Decisions in force by reviewers whom workbook.yml does not name, with whom nobody
        agrees whom it names; where it names nobody, anybody may decide.
        """
        rows = self.decided[entity]
        confirmed = {
            row["about"]
            for row in rows
            if row["state"] in _AGREED and row["by"].casefold() in self._known
        }
        unnamed = [
            row
            for row in rows
            if (row["stands"] or row["state"] in _IN_FORCE)
            and row["about"] not in confirmed
            and row["by"].casefold() not in self._known
        ]
        if unnamed and self._known:
            yield finding(
                self.model,
                "identity.unknown_reviewer",
                len(unnamed),
                (entity,),
                owner=owner,
                entity=entity,
                file=self.file,
                lines=[
                    hinted(str(row["line"]), row["by"], self._known.values()) for row in unnamed
                ],
            )
