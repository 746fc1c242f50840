"""The walk of page 07: which definition keeps the name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from workbook.steps.metrics import Metrics
from workbook.steps.metrics_checks import MetricChecks
from workbook.walk.condition import Condition, every
from workbook.walk.draft_metrics import draft_metrics, draft_models, draft_rules
from workbook.walk.exercise import Task
from workbook.walk.page_walk import Walk


class MetricsWalk(Walk):
    """The walk of the metrics."""

    word = "metrics"
    optional = ("chosen",)

    @property
    def page(self) -> Metrics:
        """The page whose figures measure what is asked here."""
        assert isinstance(self.step, Metrics)
        return self.step

    def places(self) -> list[tuple[str, ...]]:
        """The headline metrics with the rules that they count by, then what else is defined."""
        part = self.model.metrics
        names = [name for name in self.page.headline_names if name in part.metrics]
        rules = [part.metrics[name].filter for name in names]
        return [
            *(("metrics", name) for name in names),
            *(("rules", name) for name in dict.fromkeys(rules) if name in part.rules),
        ]

    @cached_property
    def draft(self) -> Mapping[str, Any]:
        """What can be counted, then who is active, then the numbers."""
        part = self.model.metrics
        if part.metrics or not self.context.has(self.model.grain.primary):
            return {}
        if not part.semantic_models:
            return {"semantic_models": draft_models(self.context)}
        rules = {} if part.rules else draft_rules(self.context)
        return {"rules": rules} if rules else {"metrics": draft_metrics(self.context)}

    def task(self) -> Task | None:
        """How many rows two definitions of one name both count."""
        pair = next((each for each in self.page.evidence.contests if each.both is not None), None)
        if pair is None or pair.both is None:
            return None
        label = self.page.evidence.label
        return Task(
            self.word,
            {
                "one": label(pair.name),
                "other": label(pair.other),
                "of_one": pair.both + (pair.only_this or 0),
                "of_other": pair.both + (pair.only_other or 0),
                "both": pair.both,
                "entity": pair.entity,
            },
            ((pair.both,),),
        )

    def conditions(self) -> Iterator[Condition]:
        """One definition a name; owner and control total of each headline number; sums that
        reconcile; nothing refused.
        """
        evidence, owner = self.page.evidence, self.model.owner_of(self.word)
        place = self.model.place("metrics.metrics")
        choices = evidence.choices
        undecided = [each for each in choices if each.open]
        yield every(
            "chosen",
            len(choices),
            [evidence.label(each.base) for each in undecided],
            undecided[0].owner if undecided else "",
            place,
        )
        names = self.page.headline_names
        yield every(
            "owned",
            len(names),
            [evidence.label(name) for name in names if not evidence.owner(name)],
            owner,
            place,
        )
        untied = [name for name in names if not self.model.metrics.metrics[name].control_total]
        yield every(
            "tied",
            len(names),
            [evidence.label(name) for name in untied],
            evidence.owner(untied[0]) if untied else "",
            place,
        )
        made = evidence.made
        failed = {each.metric for each in evidence.proofs if each.verdict == "fail"}
        measured = {each.metric for each in evidence.proofs if each.metric in made}
        checks = MetricChecks(self.page, evidence)  # as figure 7.2 shows them
        results = {name: checks.made_on(name)["proven"] for name in made}
        untested = [name for name, result in results.items() if result is None]
        # what cannot be calculated has no number that could be wrong: said, but nothing to do
        partly = [name for name, result in results.items() if result == "untested"]
        yield Condition(
            "proven",
            "untested" if not measured else "fail" if failed else "look" if untested else "pass",
            {
                "count": len(measured - failed - {*untested, *partly}),
                "of": len(made),
                "failed": [evidence.label(name) for name in made if name in failed],
                "untested": [evidence.label(name) for name in untested],
                "partly": [evidence.label(name) for name in partly],
            },
            owner if failed or untested else "",
            place,
        )
