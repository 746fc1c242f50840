"""The walk of page 02: which grain, what another one would count, and when it is decided."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.scenarios.grain_impact import GrainImpact, GrainMove
from workbook.sources import profile
from workbook.steps.grain import Grain
from workbook.walk.choice import Choice
from workbook.walk.condition import Condition, every
from workbook.walk.exercise import Task
from workbook.walk.page_walk import Walk
from workbook.words.wording import humanize

_FEWEST = 2  # considered grains with a measure, from which the exercise asks among them alone
_USUAL = ("person", "account", "company", "household", profile.DEVICE)


class GrainWalk(Walk):
    """The walk of the grain."""

    word = "grain"

    @property
    def impact(self) -> GrainImpact:
        """What each candidate does to the numbers, as the page's figures measure it."""
        assert isinstance(self.step, Grain)
        return self.step.impact

    def places(self) -> list[tuple[str, ...]]:
        """The sentence with its record, then what was considered."""
        words = ("primary", "sentence", "because", "owner", "decided", "considered", "headline")
        return [(word,) for word in words]

    def options(self) -> list[Choice]:
        """What was considered, then every other candidate that can be counted."""
        groups = (profile.CONSIDERED, profile.OTHER)
        return [
            Choice("primary", each.name)
            for group in groups
            for each in self.impact.candidates
            if each.group == group and each.kind
        ]

    # ---- exercise

    def task(self) -> Task | None:
        """Which other grain gives the count nearest to today's."""
        found = self._counted()
        if not found:
            return None
        money, moves = found
        now = next(iter(moves.values())).now or 0
        distance = {name: abs((move.then or 0) - now) for name, move in moves.items()}
        nearest = min(distance.values())
        right = [name for name in moves if distance[name] == nearest]
        return Task(
            self.word,
            {
                "metric": self.model.metrics.metrics[money.metric].label or humanize(money.metric),
                "now": int(now),
                "candidates": len(moves),
                "nearest": [humanize(name) for name in right],
                "then": int(moves[right[0]].then or 0),
                "considered": [humanize(name) for name in moves],
            },
            tuple((name, int(moves[name].then or 0)) for name in right),
            tuple(moves),
        )

    def _counted(self) -> tuple[profile.Money, dict[str, GrainMove]] | None:
        """The first headline number that counts customers, under each candidate but today's."""
        counts = [
            each
            for each in self.impact.numbers
            if each.agg == "count" and each.entity == self.impact.primary
        ]
        for groups in ((profile.CONSIDERED,), (profile.CONSIDERED, profile.OTHER)):
            fewest = _FEWEST if len(groups) == 1 else 1
            for money in counts:
                moves = {
                    each.name: move
                    for each in self.impact.candidates
                    if each.group in groups
                    and each.target != self.impact.primary
                    and (move := self.impact.move(each, money))
                }
                if len(moves) >= fewest:
                    return money, moves
        return None

    # ---- done

    def conditions(self) -> Iterator[Condition]:
        """A sentence, a key, every usual grain decided or turned down, departments heard."""
        yield self._sentence()
        yield self._key()
        yield self._usual()
        yield self._repeats()
        yield from self._departments()
        yield self._close()

    def _sentence(self) -> Condition:
        grain, place = self.model.grain, self.model.place("grain.sentence")
        written = bool(grain.primary and grain.sentence)
        return Condition("sentence", "pass" if written else "look", {}, grain.owner, place)

    def _key(self) -> Condition:
        key = self.impact.keys.get(self.impact.primary)
        if key is None or key.rows is None:
            return Condition("key", "untested", {"rows": None, "count": None})
        state = "pass" if key.unique else "fail"
        return Condition(
            "key",
            state,
            {"rows": key.rows, "count": key.things, "entity": self.impact.primary},
            "" if key.unique else self.model.owner_of("grain"),
            self.model.place("grain.primary"),
        )

    def _usual(self) -> Condition:
        """Each of the five usual grains is decided, or considered with a reason."""
        considered = self.model.grain.considered
        said = {
            usual
            for each in self.impact.candidates
            if each.group == profile.DECIDED or (each.name in considered and each.because)
            for usual in (each.name, *each.usual)
        }
        missing = [usual for usual in _USUAL if usual not in said]
        owner, place = self.model.owner_of("grain"), self.model.place("grain.considered")
        return every("usual", len(_USUAL), missing, owner, place)

    def _repeats(self) -> Condition:
        """No headline sum is counted twice at the decided grain."""
        money = self.impact.summed
        decided = next(
            (each for each in self.impact.candidates if each.group == profile.DECIDED), None
        )
        row = self.impact.moved.get((decided.name, money.metric)) if decided and money else None
        if row is None or money is None:
            return Condition("repeats", "untested", {"metric": "", "extra": 0})
        extra = row["pairs"] - row["linked"]
        metric = self.model.metrics.metrics[money.metric]
        return Condition(
            "repeats",
            "fail" if extra else "pass",
            {"metric": metric.label or humanize(money.metric), "extra": extra},
            metric.owner if extra else "",
            self.model.place(f"metrics.metrics.{money.metric}"),
        )

    def _departments(self) -> Iterator[Condition]:
        departments = list(self.model.project.departments)
        if not departments:
            return
        means = self.model.grain.customer_means
        missing = [each for each in departments if not means.get(each)]
        place = self.model.place("grain.customer_means")
        yield every("departments", len(departments), missing, ", ".join(missing), place)

    def _close(self) -> Condition:
        """A considered grain whose count is near today's has a caveat on page 09."""
        counted = [
            each
            for each in self.impact.candidates
            if each.group == profile.CONSIDERED and self.impact.count_of(each) is not None
        ]
        found = next((each for each in self.findings if each.code == "grain.candidate_close"), None)
        told = {name for each in self.model.documentation.caveats.values() for name in each.about}
        close = [name for name in (found.about if found else ()) if name not in told]
        owner, file = self.model.owner_of("grain"), self.model.texts["documentation"].file
        return every("close", len(counted), close, owner, file)
