"""02 Grain: what a customer is, and what each other candidate would do to the numbers."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from workbook.finding import Finding
from workbook.metrics import is_earlier
from workbook.metrics.report.metric_wording import label_of
from workbook.metrics.report.period_wording import period_of
from workbook.scenarios.excluded_customers import excluded_kinds
from workbook.scenarios.grain_impact import GrainImpact
from workbook.show import Column, Figure, Headline, table
from workbook.show.rows_to_frame import frame_for
from workbook.sources import profile
from workbook.steps.grain_departments import customer_counts
from workbook.steps.grain_numbers import GrainNumbers, relationship_chain
from workbook.steps.step import Step
from workbook.words import words_of
from workbook.words.wording import capital, customer_is, format_value, humanize, join_words

_CLOSE = 0.1  # counts nearer than this are taken for one another


class Grain(Step):
    """The grain step."""

    word = "grain"

    @cached_property
    def impact(self) -> GrainImpact:
        """What each thing that a customer could be does to the numbers."""
        return GrainImpact(self.context)

    @property
    def primary(self) -> str:
        """The entity that was decided to be the customer, or ''."""
        return self.impact.primary

    @property
    def count(self) -> int | None:
        """How many customers of the decided grain there are."""
        return self.impact.count

    @property
    def is_decided(self) -> bool:
        """Whether an entity and the sentence about it are written down."""
        grain = self.model.grain
        return not self.model.is_open("grain") and bool(grain.primary and grain.sentence)

    # ---- the page

    def headline(self) -> Headline:
        """What a customer was decided to be, and how many there are."""
        grain = self.model.grain
        if self.model.is_open("grain") or not self.is_decided:
            return self.answer("open", self._suggestion(), state="open")
        sentence = customer_is(grain.sentence)
        kinds = excluded_kinds(self.context, self.primary)
        excluded = [
            self.text("headline.excluded", count=kind.count, rule=kind.rule, by=kind.excluded_by[0])
            for kind in kinds
        ]
        return self.answer(
            "decided", self._lede(), sentence=sentence, count=self.count, excluded=excluded
        )

    def _suggestion(self) -> str:
        """The candidates with a unique key."""
        keyed = [
            self._counted(candidate, key.things or 0)
            for candidate in self.impact.candidates
            if (key := self.impact.keys.get(candidate.name)) and key.unique
        ]
        first = self.text("suggestion.keyed", candidates=keyed[:4]) if keyed else ""
        return f"{first or self.text('suggestion.unkeyed')} {self._gate()}"

    def _gate(self) -> str:
        """The operator rule of the method, and what follows from it here."""
        return self.text("suggestion.gate", rule=words_of("method").text("operator_rule.rule"))

    def _counted(self, candidate: profile.Candidate, count: int) -> str:
        return self.text("suggestion.candidate", candidate=candidate.name, count=count)

    def _lede(self) -> str:
        """Customers that cannot be matched, the candidates that were not chosen, and the number
        that one of them would inflate most.
        """
        considered = [
            (candidate, count)
            for candidate in self.impact.candidates
            if candidate.group == profile.CONSIDERED
            and (count := self.impact.count_of(candidate)) is not None
        ]
        sentences = [self._unmatchable()]
        if self.count and is_earlier(self.model, self.context):
            sentences.append(self.text("lede.later", entity=self.primary))
        if considered and self.count:
            counted = [self._counted(candidate, count) for candidate, count in considered[:3]]
            sentences.append(self.text("lede.considered", candidates=counted))
        sentences.append(self._multiplied([candidate for candidate, _ in considered]))
        if self.primary and not self.context.has(self.primary):
            sentences.append(self._gate())
        lede = " ".join(filter(None, sentences))
        return lede or (self.model.grain.because)

    def _unmatchable(self) -> str:
        count = self.impact.unmatchable
        if not count:
            return ""
        return self.text("lede.unmatchable", count=count, of=self.count or 0, entity=self.primary)

    def _multiplied(self, candidates: list[profile.Candidate]) -> str:
        """The candidate that would inflate the summed number most; '' where none would."""
        money = self.impact.summed
        moves = [
            (candidate, move)
            for candidate in candidates
            if money and (move := self.impact.move(candidate, money)) and move.inflates
        ]
        if not moves or not money:
            return ""
        candidate, move = max(moves, key=lambda pair: pair[1].then or 0)
        return self.text(
            "lede.multiplied",
            candidate=candidate.name,
            metric=self._dated(money.metric),
            amounts=money.is_money,
            unit=money.unit,
            joined=move.then,
            total=move.now,
        )

    def _label(self, metric: str) -> str:
        return (
            label_of(self.model, metric)
            if not self.model.is_open("metrics")
            else capital(humanize(metric))
        )

    def _dated(self, metric: str) -> str:
        """The label of a metric and the period that its value is about."""
        period = period_of(self.model, self.context, metric)
        return self.text("metric.dated", metric=self._label(metric), period=period)

    def compare(self) -> Figure:
        """Figure 2.1: each candidate: its key, and how often a summed record would repeat."""
        money = self.impact.summed
        rows = [self._compared(candidate, money) for candidate in self.impact.candidates]
        columns = self.heads(
            "compare",
            Column("state", " ", "check"),
            Column("name", detail="because"),
            Column("usual", detail="useful"),
            Column("key", detail="trouble"),
            Column("rows", kind="int"),
            Column("things", kind="int"),
            Column("fan", kind="int"),
            Column("repeats", kind="int"),
            Column("repeated", kind="int"),
        )
        chosen = [
            row
            for row, candidate in enumerate(self.impact.candidates)
            if candidate.group == profile.DECIDED
        ]
        frame = frame_for(rows, [*columns, Column("group")])
        return self.figure(
            "compare",
            table(frame, columns, group="group", highlight=chosen),
            metric=self._label(money.metric) if money else "",
            entity=money.entity if money else "",
        )

    def _compared(
        self, candidate: profile.Candidate, money: profile.Money | None
    ) -> dict[str, Any]:
        key = self.impact.keys.get(candidate.name)
        moved = self.impact.moved.get((candidate.name, money.metric)) if money else None
        return {
            "group": self.text(f"group.{candidate.group}"),
            "name": humanize(candidate.name),
            "because": candidate.because or self._unnamed(candidate),
            "usual": join_words(candidate.usual),
            "useful": _useful_when(candidate),
            "key": self.text(f"key.{key.kind}", fields=key.fields) if key else "",
            "trouble": self._key_defects(key),
            "state": _state(candidate, key),
            "rows": key.rows if key else None,
            "things": self.impact.count_of(candidate),
            "fan": moved["most_rows"] if moved else None,
            "repeats": moved["most_things"] if moved else None,
            "repeated": moved["pairs"] - moved["linked"] if moved else None,
        }

    def _unnamed(self, candidate: profile.Candidate) -> str:
        """Why something that nobody considered is listed."""
        if candidate.group == profile.ABSENT:
            return self.text("figures.compare.unidentified")
        guessed = candidate.group == profile.OTHER and candidate.kind == "identifier"
        return self.text("figures.compare.guessed") if guessed else ""

    def _key_defects(self, key: profile.Key | None) -> str:
        if key is None or key.things is None:
            return ""
        defects = [
            self.text("key_defect.repeated", count=key.repeated) if key.repeated else "",
            self.text("key_defect.empty", count=key.empty) if key.empty else "",
            "" if key.declared else self.text("key_defect.undeclared"),
        ]
        return ", ".join(filter(None, defects)) or self.text("key_defect.none")

    def movement(self) -> Figure:
        """Figure 2.2: each headline number today, and under each other candidate."""
        numbers = GrainNumbers(self.impact, self._dated)
        rows, columns = numbers.rows, [*self.heads("movement", Column("name", detail="group"))]
        columns += numbers.columns
        shown = {money.metric for money in self.impact.numbers}
        headline = self.model.grain.headline
        body = table(
            frame_for(rows, columns),
            columns,
            highlight=[0] if rows and self.primary else [],
            spanners=numbers.spanners,
        )
        excluded = [self._label(name) for name in headline if name not in shown]
        return self.figure("movement", body, excluded=excluded)

    def departments(self) -> Figure:
        """Figure 2.3: what each department calls a customer, and the count that it goes by."""
        meanings = self.model.grain.customer_means
        rows = []
        for department in dict.fromkeys((*self.model.project.departments, *meanings)):
            counts = customer_counts(self.context, self.primary, department)
            rows.append(
                {
                    "department": department,
                    "who": self.model.project.departments.get(department, ""),
                    "means": meanings.get(department)
                    or self.text("figures.departments.not_stated"),
                    "number": ", ".join(format_value(value) for _, value in counts)
                    or self.text("figures.departments.no_number"),
                    "metric": join_words([self._dated(name) for name, _ in counts]),
                }
            )
        columns = self.heads(
            "departments",
            Column("department", detail="who"),
            Column("means"),
            Column("number", detail="metric"),
        )
        return self.figure(
            "departments",
            table(frame_for(rows, columns), columns),
            count=self.count,
            entity=self.primary,
        )

    def warnings(self) -> Figure:
        """Figure 2.4: customers that share a candidate or have several of it; a device above
        all.
        """
        order = sorted(self.impact.sharing, key=lambda name: (not self._is_device(name), name))
        rows = [self._shared(name) for name in order]
        if not any(map(self._is_device, order)):
            no_device = {"state": "note", "says": self.text("verdict.no_device")}
            rows.insert(0, {"name": profile.DEVICE, **no_device})
        columns = self.heads(
            "warnings",
            Column("state", " ", "check"),
            Column("name", detail="along"),
            Column("things", kind="int"),
            Column("shared", kind="int"),
            Column("with_several", kind="int"),
            Column("most_things", kind="int"),
            Column("none", kind="int"),
            Column("says"),
        )
        body = table(frame_for(rows, columns), columns)
        return self.figure("warnings", body, entity=self.primary)

    def _shared(self, name: str) -> dict[str, Any]:
        row = self.impact.sharing[name]
        links = [relationship_chain(path) for path in self.impact.ways[name] if path.hops]
        return {
            **row,
            "name": humanize(name),
            "along": self.text("figures.warnings.via", links=links) if links else "",
            "none": row["customers"] - row["linked"],
            "state": "look" if row["shared"] or row["with_several"] else "pass",
            "says": self._verdict(name, row),
        }

    def _is_device(self, name: str) -> bool:
        return any(
            candidate.name == name and profile.DEVICE in candidate.usual
            for candidate in self.impact.candidates
        )

    def _verdict(self, name: str, row: dict[str, Any]) -> str:
        """What would follow if this candidate were the customer."""
        device = self._is_device(name)
        if not row["linked"]:
            return self.text("verdict.unlinked")
        if row["shared"] and row["with_several"]:
            return self.text("verdict.crossed", device=device)
        if row["with_several"]:
            return self.text("verdict.splits", device=device, most=row["most_things"])
        if row["shared"]:
            return self.text("verdict.merges", device=device, most=row["most_customers"])
        without = row["customers"] - row["linked"]
        return self.text("verdict.one_to_one", device=device, without=without)

    # ---- findings

    def conclude(self) -> list[Finding]:
        """An undecided grain, a key that is not unique, candidates and departments that could
        be confused.
        """
        if not self.is_decided:
            return [self.finding("open")]
        return [*self._of_key(), *self._of_closeness(), *self._of_departments()]

    def _of_key(self) -> list[Finding]:
        name = self.model.grain.primary
        key = self.impact.keys.get(self.primary)
        if key is None or not key.declared:
            variant = "undeclared" if key else "no_source"
            return [self.finding("no_key", None, (name,), variant=variant, entity=name)]
        if key.unique is not False:
            return []
        return [
            self.finding(
                "key_not_unique",
                key.repeated + key.empty,
                (name,),
                entity=name,
                repeated=key.repeated,
                empty=key.empty,
            )
        ]

    def _of_closeness(self) -> list[Finding]:
        count = self.count
        if not count:
            return []
        close = [
            (candidate, things)
            for candidate in self.impact.candidates
            if candidate.group == profile.CONSIDERED
            and (things := self.impact.count_of(candidate))
            and abs(things - count) <= _CLOSE * count
        ]
        if not close:
            return []
        return [
            self.finding(
                "candidate_close",
                len(close),
                tuple(candidate.name for candidate, _ in close),
                of=count,
                entity=self.primary,
                candidates=[self._counted(candidate, things) for candidate, things in close],
            )
        ]

    def _of_departments(self) -> list[Finding]:
        meanings = self.model.grain.customer_means
        different = {meaning.strip().lower() for meaning in meanings.values() if meaning}
        if len(different) < 2:
            return []
        return [self.finding("functions_differ", len(different), departments=list(meanings))]


def _useful_when(candidate: profile.Candidate) -> str:
    """When the method finds such a grain useful; '' of what is none of its grains."""
    grains = [profile.GRAINS[usual] for usual in candidate.usual if usual in profile.GRAINS]
    return " ".join(words_of("method").text(f"grains.{grain}") for grain in grains)


def _state(candidate: profile.Candidate, key: profile.Key | None) -> str:
    if key is None or not candidate.kind or key.unique is None:
        return "note"
    if key.unique:
        return "pass"
    return "fail" if candidate.group == profile.DECIDED else "look"
