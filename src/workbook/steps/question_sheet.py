"""One sheet for each question: grain, sources, identifiers, priority, metric, and who confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from workbook.metrics import kind_of, unit_of, value_table
from workbook.metrics.report import metric_wording
from workbook.metrics.report.period_wording import period_told
from workbook.model.dependencies import dependencies_of
from workbook.review import SignoffStatus
from workbook.scenarios.context import Context
from workbook.steps.question_traces import SEVERAL, QuestionTraces
from workbook.steps.questions_asked import made_for
from workbook.steps.review import Review
from workbook.steps.sources import Sources
from workbook.words import words_of
from workbook.words.wording import customer_is, humanize, truncate_list

LINES = ("grain", "sources", "identifiers", "priority", "metric", "confirmed")
PAGES = {
    "grain": "grain",
    "sources": "sources",
    "identifiers": "sources",
    "priority": "survivorship",
    "metric": "metrics",
    "confirmed": "review",
}
_WORDS = words_of("questions")
_SHOWN = 12  # sources, identifiers and fields that a line names


@dataclass(frozen=True)
class Line:
    """One line of a sheet: what was decided of it, and whether it holds.

    `name` is one of LINES; `word` is the step that decides it.
    """

    name: str
    says: str
    state: str

    @property
    def word(self) -> str:
        """The step that decides it."""
        return PAGES[self.name]


class QuestionSheets:
    """The sheets of all questions of a project."""

    def __init__(
        self, context: Context, traces: QuestionTraces, answers: Mapping[str, tuple[str, str]]
    ) -> None:
        """`answers`: of each question the state of figure 1.1, and why it is not answered whole."""
        self.context, self.model, self.traces = context, context.model, traces
        self.answers = answers

    def sheet(self, question: str) -> list[Line]:
        """The six lines of one question."""
        lines = [Line(name, *getattr(self, f"_{name}")(question)) for name in LINES]
        return [self._with_intention(line, question) for line in lines]

    def _with_intention(self, line: Line, question: str) -> Line:
        """A line that does not hold says what is intended."""
        intended = self.model.questions.questions[question].intended
        by_line = {
            "grain": intended.grain,
            "sources": intended.sources,
            "identifiers": intended.identifiers,
            "priority": intended.priority,
            "metric": intended.metric,
        }
        words = by_line.get(line.name, "").strip().rstrip(".")
        if not words or line.state == "pass":
            return line
        return replace(line, says=_text("intended", says=line.says.rstrip("."), intended=words))

    def _answered(self, question: str) -> list[str]:
        asked = self.model.questions.questions[question].answered_by
        return [name for name in asked if name in self.traces.by_metric]

    def _grain(self, question: str) -> tuple[str, str]:
        entities = dict.fromkeys(map(self.traces.entity_of, self._answered(question)))
        known = [name for name in entities if name != SEVERAL]
        primary = self.model.grain.primary
        if not entities and primary and not made_for(self.model, question):
            return customer_is(self.model.grain.sentence), "pass"  # decided before the metric
        if not known:
            return _text("grain.several" if entities else "grain.none"), "untested"
        said = []
        for name in known:
            if name == primary and self.model.grain.sentence:
                said.append(customer_is(self.model.grain.sentence))
            else:
                row_is = self.model.entities.entities[name].row_is
                said.append(_text("grain.entity", entity=name, row_is=row_is))
        return "; ".join(said), "pass" if primary else "look"

    def _sources(self, question: str) -> tuple[str, str]:
        sources = self._read(question)
        if not sources:
            return _text("sources.none"), "untested"
        named = truncate_list(map(humanize, sources), _SHOWN)
        late = [source for source in sources if source in self._late]
        text = _text("sources.some", named=named, late=list(map(humanize, late)))
        return text, "look" if late else "pass"

    @cached_property
    def _late(self) -> set[str]:
        """The sources that are older than their limit."""
        ages = self.context.step(Sources).ages
        return {age.source for age in ages if age.state in ("look", "fail") and not age.quiet}

    def _read(self, question: str) -> list[str]:
        return sorted({source for source, _ in self.traces.by_question[question]})

    def _identifiers(self, question: str) -> tuple[str, str]:
        """The identifiers that several of the sources hold, and the sources that hold none."""
        sources = set(self._read(question))
        if not sources:
            return _text("identifiers.none"), "untested"
        places = {
            name: {ref.source for ref in refs} & sources
            for name, refs in self.model.identifier_places.items()
        }
        shared = {name: held for name, held in places.items() if len(held) > 1}
        entities = {
            entity_source
            for name in self.model.entity_names
            for entity_source in self.model.entity_sources(name)
        }
        alone = (sources & entities) - set().union(*shared.values())
        if len(sources) == 1:
            return _text("identifiers.one_source"), "pass"
        names = truncate_list(map(humanize, shared), _SHOWN)
        without = truncate_list(map(humanize, sorted(alone)), _SHOWN)
        text = _text("identifiers.some", names=names, without=without)
        return text, "look" if alone or not shared else "pass"

    def _priority(self, question: str) -> tuple[str, str]:
        """The fields of several sources that the answer uses, and whether each has a rule."""
        used = dependencies_of(self.model, self._answered(question)).attributes
        contested = [
            name for name in sorted(used) if len({ref.source for ref in self._refs(name)}) > 1
        ]
        if not self._answered(question):
            return _text("priority.none"), "untested"
        if not contested:
            return _text("priority.single"), "pass"
        without = [name for name in contested if name not in self.model.survivorship.fields]
        rules = [
            _text("priority.rule", field=name, sources=self._order(name)) for name in contested
        ]
        text = _text("priority.some", rules=rules[:_SHOWN], without=[*map(humanize, without)])
        return text, "look" if without else "pass"

    def _refs(self, name: str) -> tuple[Any, ...]:
        entity, _, attribute = name.partition(".")
        if entity not in self.model.entity_names:
            return ()
        return tuple(self.model.attributes(entity).get(attribute, ()))

    def _order(self, name: str) -> list[str]:
        entity, _, attribute = name.partition(".")
        return [humanize(item.source) for item in self.model.order(entity, attribute)]

    def _metric(self, question: str) -> tuple[str, str]:
        asked = self.model.questions.questions[question].answered_by
        if not asked:
            return _text("metric.none"), "look"
        missing = [name for name in asked if name not in self.traces.by_metric]
        said = [*map(self._value, self._answered(question))]
        said += [_text("metric.missing", metric=name) for name in missing]
        state, why = self.answers[question]
        return "; ".join(filter(None, [*said, why.rstrip(".")])), "look" if missing else state

    def _value(self, name: str) -> str:
        column = self.context.frame(value_table(name))["value"]
        value = column[0] if len(column) else None
        return _text(
            "metric.value",
            label=metric_wording.label_of(self.model, name),
            value=metric_wording.format_metric_value(
                value, kind_of(self.model, name), unit_of(self.model, name)
            ),
            period=period_told(self.model, self.context, name),
            means=metric_wording.means_of(self.model, name).rstrip("."),
        )

    def _confirmed(self, question: str) -> tuple[str, str]:
        """The statements about the question's metrics or the rules that they count by."""
        names = set(self._answered(question))
        used = names | dependencies_of(self.model, names).names
        found = [status for status in self._standings if set(status.statement.about) & used]
        if not found:
            return _text("confirmed.none"), "look"
        states = {status.state for status in found}
        said = [
            _text(
                f"confirmed.{status.state}",
                department=status.department,
                statement=status.name,
            )
            for status in found
        ]
        return "; ".join(dict.fromkeys(said)), "pass" if states == {"agreed"} else "look"

    @cached_property
    def _standings(self) -> list[SignoffStatus]:
        return self.context.step(Review).standings


def _text(name: str, /, **values: Any) -> str:
    return _WORDS.text(f"sheet.{name}", **values)
