"""Figures 4b.3 and 4b.4: shared values that are excluded from matching, and blocked matches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from workbook import identity
from workbook.model import CLASSES
from workbook.privacy import redact
from workbook.show import Column, Figure, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps.identity_results import MatchResults, entity_label
from workbook.steps.step import Step
from workbook.words.wording import capital, humanize

_SHOWN = 6  # excluded values: they are tokens mostly, and the first say what kind they are
STOPPERS = {identity.NEVER_MERGE: "never_merge", identity.REVIEW: "review"}


class BlockedMatches:
    """Values that match nothing, and matches that were proposed and blocked."""

    def __init__(self, step: Step, results: MatchResults) -> None:
        self.step, self.model, self.results = step, step.model, results

    # ---- 4b.3

    def excluded_values(self) -> Figure:
        """Figure 4b.3: values that are too shared to match on."""
        results = self.results
        rows = [row for name in results.resolved for row in self._excluded_rows(name)]
        columns = self.step.heads(
            "kept_apart",
            Column("shown", kind="value", cls="internal", detail="how", detail_cls="internal"),
            Column("reason"),
            Column("records", kind="int"),
            Column("bar", " ", "bar"),
            Column("links_not_made", kind="int"),
        )
        frame = frame_for(rows, [*columns, *([Column("entity")] if results.group else [])])
        return self.step.figure(
            "kept_apart",
            table(frame, columns, group=results.group),
            empty="empty" if results.ruled else "empty_open",
            width=7,
        )

    def _excluded_rows(self, entity: str) -> Iterator[dict[str, Any]]:
        found = self.results.guarded[entity]
        shown: dict[str, list[Any]] = {}
        for attribute in dict.fromkeys(row["attribute"] for row in found):
            values = [row["value"] for row in found if row["attribute"] == attribute]
            shown[attribute] = redact(values, self._class_of(entity, attribute), attribute)
        for row in found[:_SHOWN]:
            values = [item["value"] for item in found if item["attribute"] == row["attribute"]]
            yield {
                **row,
                "entity": entity_label(entity),
                "shown": shown[row["attribute"]][values.index(row["value"])],
                "how": capital(humanize(row["rule"])),
                "reason": self._exclusion(row["reason"]),
                "bar": row["links_not_made"],
            }
        rest = found[_SHOWN:]
        if rest:
            yield {
                "entity": entity_label(entity),
                "shown": self.step.text("figures.kept_apart.more", count=len(rest)),
                "how": "",
                "reason": "",
                "records": sum(row["records"] for row in rest),
                "bar": None,
                "links_not_made": sum(row["links_not_made"] for row in rest),
            }

    def _exclusion(self, stored: str) -> str:
        reason = identity.match_reason(stored)
        return self.step.text(f"exclusion_reason.{reason.name}", **reason.values)

    def _class_of(self, entity: str, attribute: str) -> str:
        return max(
            (self.model.class_of(f"{entity}.{name}") for name in attribute.split(" + ")),
            key=CLASSES.index,
        )

    # ---- 4b.4

    def blocked_matches(self) -> Figure:
        """Figure 4b.4: matches that a rule or a reviewer proposed, and what blocked them."""
        results = self.results
        rows = [
            {
                **row,
                "entity": entity_label(name),
                "reason": capital(self._block(name, row)),
                "rule": self._proposed_by(row["rule"]),
                "stopped_by": capital(self.step.text(f"stopped_by.{STOPPERS[row['stopped_by']]}")),
                "bar": row["links"],
            }
            for name in results.resolved
            for row in results.refused[name]
        ]
        columns = self.step.heads(
            "refusals",
            Column("reason", detail="rule"),
            Column("stopped_by"),
            Column("bar", " ", "bar"),
            Column("links", kind="int"),
        )
        frame = frame_for(rows, [*columns, *([Column("entity")] if results.group else [])])
        keys = {
            key
            for name in results.resolved
            for key in identity.spec_of(self.model, name).never_merge
        }
        return self.step.figure(
            "refusals",
            table(frame, columns, group=results.group),
            empty="empty" if keys else "empty_keyless",
            keys=sorted(keys),
            either=results.either,
        )

    def _proposed_by(self, rule: str) -> str:
        if rule == identity.DECISION:
            return self.step.text("figures.refusals.decision")
        return capital(humanize(rule))

    def _block(self, entity: str, row: Mapping[str, Any]) -> str:
        """Why the matches of a row were blocked, as a clause."""
        reason = identity.match_reason(row["reason"])
        rules = {rule.name: rule.match for rule in identity.spec_of(self.model, entity).rules}
        return self.step.text(
            f"block_reason.{reason.name}",
            **reason.values,
            entity=entity,
            matched=rules.get(row["rule"], ()),
        )

    def commonest_reasons(self, entity: str) -> list[str]:
        """Why matches of an entity were blocked, as clauses, the most frequent first."""
        found: Counter[str] = Counter()
        for row in self.results.refused[entity]:
            found[self._block(entity, row)] += row["links"]
        return [reason for reason, _ in found.most_common()]
