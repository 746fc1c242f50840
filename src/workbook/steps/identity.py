"""04b Identity: which records are duplicates, by which match rule, and what was kept separate."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from workbook import identity
from workbook.engine import Table
from workbook.finding import Finding
from workbook.model import Model
from workbook.show import Figure, Headline
from workbook.steps.identity_accuracy import LabelAccuracy
from workbook.steps.identity_backlog_impact import ReviewBacklog
from workbook.steps.identity_blocked import STOPPERS, BlockedMatches
from workbook.steps.identity_decisions import ReviewDecisions
from workbook.steps.identity_groups import GroupFigures
from workbook.steps.identity_match_rules import MatchRules
from workbook.steps.identity_results import MatchResults, plurals
from workbook.steps.identity_rule_findings import conclude_rules
from workbook.steps.identity_suggestions import Suggestions
from workbook.steps.step import Step
from workbook.words.wording import humanize


class Identity(Step):
    """The identity step."""

    word = "identity"

    @staticmethod
    def tables(model: Model) -> list[Table]:
        """Keys, matches, excluded values, blocked matches, groups and id lineage of every entity
        that must be resolved.
        """
        return identity.tables(model)

    # ---- what matching made

    @cached_property
    def results(self) -> MatchResults:
        """What matching made of the records of each entity."""
        return MatchResults(self.context)

    @property
    def ruled(self) -> tuple[str, ...]:
        """Entities whose records must be resolved, and that have rules."""
        return self.results.ruled

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """Of each resolved entity: records, customers, the largest group."""
        return self.results.counts

    @property
    def by_rule(self) -> dict[str, list[dict[str, Any]]]:
        """Of each resolved entity: its rules in order, with matches, merges and groups left."""
        return self.results.by_rule

    @property
    def guarded(self) -> dict[str, list[dict[str, Any]]]:
        """Of each resolved entity: the shared values that are excluded from matching."""
        return self.results.guarded

    @property
    def refused(self) -> dict[str, list[dict[str, Any]]]:
        """Of each resolved entity: the reasons for which matches were blocked."""
        return self.results.refused

    @cached_property
    def _groups(self) -> GroupFigures:
        return GroupFigures(self, self.results)

    @cached_property
    def _blocked(self) -> BlockedMatches:
        return BlockedMatches(self, self.results)

    @cached_property
    def _accuracies(self) -> list[LabelAccuracy]:
        return [LabelAccuracy(self.context, name) for name in self.results.resolved]

    @cached_property
    def _decisions(self) -> ReviewDecisions:
        return ReviewDecisions(self, self.results.resolved, self._accuracies)

    @cached_property
    def _suggestions(self) -> Suggestions:
        return Suggestions(self, ReviewBacklog(self, self.results))

    # ---- the answer

    def headline(self) -> Headline:
        """How many customers the records are, and how many values were excluded."""
        results = self.results
        if not results.resolved:
            if not self.model.entity_names:
                return self.answer("open", state="open")
            return Headline(self.page, self.title, self.text("headline.one_source"))
        if not results.ruled:
            return self.answer("open", self._suggestion(), state="open")
        if not any(results.counts[name]["records"] for name in results.ruled):
            return self.answer("no_records", self._lede())
        excluded = [row for name in results.ruled for row in results.guarded[name]]
        attributes = {row["attribute"] for row in excluded}
        return self.answer(
            "matched",
            self._lede(),
            merged=self._totals(merged=True),
            unmerged=self._totals(merged=False),
            excluded=len(excluded),
            attribute=humanize(attributes.pop()) if len(attributes) == 1 else "",
        )

    def _totals(self, *, merged: bool) -> list[str]:
        """Records and customers of the entities of which matching merged some, or none."""
        name = "result.merged" if merged else "result.records"
        return [
            self.text(name, entity=entity, records=counts["records"], left=counts["customers"])
            for entity in self.results.ruled
            if ((counts := self.results.counts[entity])["customers"] < counts["records"]) == merged
        ]

    def _lede(self) -> str:
        """How certain the merges are, what was not merged, how right it is, what awaits review."""
        parts = [self._certainty(), *self._not_merged()]
        parts += [accuracy.sentence() for accuracy in self._accuracies]
        parts.append(self._suggestions.backlog.sentence())
        return " ".join(filter(None, parts))

    def _certainty(self) -> str:
        """How many merges come from rules that the team calls certain; empty without merges."""
        results = self.results
        certain = {
            (rule.name, name)
            for name in results.ruled
            for rule in identity.spec_of(self.model, name).rules
            if rule.confidence == "certain"
        }
        certain |= {(identity.MERGED, name) for name in results.ruled}
        joined = {
            (row["rule"], name): row["joined"]
            for name in results.ruled
            for row in results.by_rule[name]
        }
        merges = sum(joined.values())
        if not merges:
            return ""
        return self.text(
            "lede.certain",
            merges=merges,
            certain=sum(count for rule, count in joined.items() if rule in certain),
            by_source=any(count for (rule, _), count in joined.items() if rule == identity.MERGED),
        )

    def _not_merged(self) -> list[str]:
        """How many matches were not made, and how many were blocked."""
        results = self.results
        not_made = sum(
            row["links_not_made"] for name in results.ruled for row in results.guarded[name]
        )
        blocked = [row for name in results.ruled for row in results.refused[name]]
        parts = [self.text("lede.not_made", count=not_made)] if not_made else []
        if blocked:
            stoppers = dict.fromkeys(STOPPERS[row["stopped_by"]] for row in blocked)
            parts.append(
                self.text(
                    "lede.blocked",
                    count=sum(row["links"] for row in blocked),
                    stopped_by=[self.text(f"stopped_by.{name}") for name in stoppers],
                    things=plurals(tuple(name for name in results.ruled if results.refused[name])),
                )
            )
        return parts

    def _suggestion(self) -> str:
        """The identifiers that occur in several systems: the first candidates for rules."""
        return " ".join(self._candidates(entity) for entity in self.results.resolved)

    def _candidates(self, entity: str) -> str:
        systems = {self.model.system_of(source) for source in self.model.entity_sources(entity)}
        reach = {
            identifier: len({self.model.system_of(ref.source) for ref in refs})
            for identifier, refs in self.model.identifiers_of(entity).items()
        }
        shared = [
            self.text("suggestion.shared", identifier=identifier, systems=count)
            for identifier, count in sorted(reach.items(), key=lambda item: (-item[1], item[0]))
            if count > 1
        ]
        return self.text(
            "suggestion.entity", entity=entity, systems=len(systems), shared=shared[:3]
        )

    # ---- the evidence

    def joining(self) -> Figure:
        """Figure 4b.1: from records to customers, rule by rule."""
        return MatchRules(self, self.results, self._suggestions.backlog).figure()

    def sizes(self) -> Figure:
        """Figure 4b.2: how many records a customer has."""
        return self._groups.sizes()

    def kept_apart(self) -> Figure:
        """Figure 4b.3: values that are too shared to match on."""
        return self._blocked.excluded_values()

    def refusals(self) -> Figure:
        """Figure 4b.4: matches that a rule or a reviewer proposed, and what blocked them."""
        return self._blocked.blocked_matches()

    def seen_in(self) -> Figure:
        """Figure 4b.5: the systems that have a record of each customer."""
        return self._groups.seen_in()

    def review(self) -> Figure:
        """Figure 4b.6: what reviewers decided about pairs of records, whether it is in force, and
        how right the customers are.
        """
        return self._decisions.figure()

    def suggestions(self) -> Figure:
        """Figure 4b.7: how sure the suggestions are, and what was decided about them."""
        return self._suggestions.by_band()

    def waiting(self) -> Figure | None:
        """Figure 4b.8: what awaits review, and what accepting it would change; None where nothing
        is suggested.
        """
        return self._suggestions.waiting()

    def why(self) -> Figure | None:
        """Figure 4b.9: why one pair is suggested, attribute by attribute; None where none awaits
        review.
        """
        return self._suggestions.why()

    # ---- what it comes to

    def conclude(self) -> list[Finding]:
        """Entities without rules, excluded values and blocked matches, large groups, systems that
        nothing links, decisions without effect.
        """
        results = self.results
        if not self.model.entity_names:
            return [self.finding("open", variant="nothing", owner="")]
        found = [
            finding
            for name in results.resolved
            for finding in conclude_rules(results, self._blocked, name)
        ]
        found += [
            finding
            for name in results.resolved
            for finding in results.totals[name].conclude(results.owner(name))
        ]
        found += self._decisions.conclude(results.owner)
        found += self._suggestions.conclude(results.owner)
        found += [
            finding
            for accuracy in self._accuracies
            for finding in accuracy.conclude(results.owner(accuracy.entity))
        ]
        return [*found, *self._decisions.unreadable()]
