"""Figure 4b.1: how many records each match rule merges, and why the rules are as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from workbook import identity
from workbook.model.schema import MatchRule
from workbook.show import Column, Figure, table, with_drawings
from workbook.show.rows_to_frame import frame_for
from workbook.steps.decision_reasons import by_whom
from workbook.steps.identity_backlog_impact import ReviewBacklog
from workbook.steps.identity_results import MatchResults, entity_label, plurals
from workbook.steps.identity_streams import record_streams
from workbook.steps.step import Step
from workbook.words.wording import capital, humanize

_AT = "figures.joining"


class MatchRules:
    """The match rules of every entity that is resolved, in the order in which they apply."""

    def __init__(self, step: Step, results: MatchResults, backlog: ReviewBacklog) -> None:
        self.step, self.model, self.results = step, step.model, results
        self.backlog = backlog

    def figure(self) -> Figure:
        """Figure 4b.1: from records to customers, rule by rule."""
        results = self.results
        rows = [row for name in results.resolved for row in self._ladder(name)]
        columns = self.step.heads(
            "joining",
            Column("label", detail="how"),
            Column("span", " ", "span", tone="tone", scale=1, decimals=2),
            Column("joined", kind="int"),
            Column("left", kind="int"),
            Column("links", kind="int"),
            Column("only", kind="int"),
        )
        frame = frame_for(rows, [*columns, *([Column("entity")] if results.group else [])])
        captions = [
            self.step.text(f"{_AT}.streams.caption") if self._streams else "",
            self.step.text(f"{_AT}.caption", things=results.things),
            *(capital(results.totals[name].unmatchable()) for name in results.resolved),
            *map(self._reasons, results.ruled),
        ]
        return self.step.figure(
            "joining",
            with_drawings(
                [("", self._streams)] if self._streams else [],
                table(frame, columns, group=results.group),
            ),
            " ".join(filter(None, captions)),
            things=results.things,
        )

    @cached_property
    def _streams(self) -> str:
        """The drawing of the customers' entity, or of the first that is matched; '' without one."""
        entity = self.model.grain.primary
        ruled = self.results.ruled
        shown = entity if entity in ruled else next(iter(ruled), "")
        return record_streams(self.step, self.results, self.backlog, shown) if shown else ""

    def _ladder(self, entity: str) -> Iterator[dict[str, Any]]:
        """The records, one row per rule, and what is left."""
        at, counts = f"{_AT}.rows", self.results.counts[entity]
        rules = {rule.name: rule for rule in identity.spec_of(self.model, entity).rules}
        before, whole = counts["records"], max(counts["records"], 1)
        yield {
            "entity": entity_label(entity),
            "label": self.step.text(f"{at}.records"),
            "how": self.step.text(f"{at}.records_how"),
            "tone": "d1",
            "span": [0.0, 1.0],
            "left": before,
        }
        for row in self.results.by_rule[entity]:
            reviewed = row["rank"] > len(rules)
            if not reviewed or row["links"]:
                label, how = self._named(entity, row, None if reviewed else rules.get(row["rule"]))
                yield {
                    "entity": entity_label(entity),
                    "label": label,
                    "how": how,
                    "tone": "blue" if reviewed else "d3",
                    "span": [before / whole, row["remaining"] / whole],
                    "joined": -row["joined"],
                    "left": row["remaining"],
                    "links": row["links"],
                    "only": row["only"],
                }
            before = row["remaining"]
        yield {
            "entity": entity_label(entity),
            "label": capital(plurals((entity,))[0]),
            "how": self.step.text(f"{at}.result_how"),
            "tone": "d1",
            "span": [0.0, counts["customers"] / whole],
            "left": counts["customers"],
        }

    def _named(
        self, entity: str, row: Mapping[str, Any], rule: MatchRule | None
    ) -> tuple[str, str]:
        """What a row of the ladder is called, and how it decides."""
        at = f"{_AT}.rows"
        if rule:
            how = self.step.text(
                f"{at}.rule_how",
                match=rule.match,
                confidence=rule.confidence,
                excluded=sum(item["rule"] == rule.name for item in self.results.guarded[entity]),
                because=rule.because.rstrip(". "),
                by=self._by(
                    entity, "rules", identity.spec_of(self.model, entity).rules.index(rule)
                ),
            )
            return capital(humanize(rule.name)), how
        if row["rule"] == identity.MERGED:
            return self.step.text(f"{at}.source"), self.step.text(f"{at}.source_how")
        return self.step.text(f"{at}.{row['rule']}"), self.step.text(f"{at}.reviewed_how")

    def _by(self, entity: str, *path: str | int) -> str:
        """Who answers for a decision of an entity's matching, and since when."""
        return by_whom(self.model, "identity", "identity", entity, *path)

    def _reasons(self, entity: str) -> str:
        """Why the limits of an entity are as they are, and which match rules were rejected; empty
        where nobody gave a reason.
        """
        spec = identity.spec_of(self.model, entity)
        considered = [
            self.step.text(f"{_AT}.considered", rule=rule, because=_because(alternative))
            for rule, alternative in spec.considered.items()
        ]
        reasons = {
            "reason_limits": (spec.guard.because, self._by(entity, "guard")),
            "reason_rules": (spec.because, self._by(entity)),
        }
        sentences = [
            self.step.text(f"{_AT}.{name}", entity=entity, reason=reason.rstrip(". "), by=by)
            for name, (reason, by) in reasons.items()
            if reason
        ]
        if considered:
            sentences.append(
                self.step.text(f"{_AT}.rejected", entity=entity, considered=considered)
            )
        return " ".join(sentences)


def _because(alternative: Any) -> str:
    """What speaks against a rule that was considered; empty where nobody wrote it."""
    if isinstance(alternative, Mapping):
        alternative = alternative.get("because", "")
    return alternative.rstrip(". ") if isinstance(alternative, str) else ""
