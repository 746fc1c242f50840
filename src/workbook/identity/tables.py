"""All tables of identity: from the records of an entity to the id of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from workbook.engine import Function, Table
from workbook.identity import clusters, guard, settle
from workbook.identity import comparable as norm
from workbook.identity.accepted import accepted_sql, waiting_sql
from workbook.identity.events import Events, events_of, names_of, parameters
from workbook.identity.ids import lineage_sql, registry_function
from workbook.identity.ledger import Decision, Ledger, read_ledger
from workbook.identity.named import in_columns, said_of
from workbook.identity.rules import ENDS, PROPOSED, links_sql, proposed_sql, refused_sql, shared_sql
from workbook.identity.standing import decisions_function
from workbook.identity.suggest_tables import compared_of, suggestion_tables
from workbook.identity.weights import Weights, read_weights, settings_of, weights_path
from workbook.model import CLASSES, Model
from workbook.model.schema import EntityIdentity
from workbook.model.types.normalise import VERSION

STEP = "04b_identity"
LEDGER = "matches.csv"


def tables(model: Model) -> list[Table]:
    """For every entity whose records must be resolved: keys, links, what was guarded and refused, clusters, id lineage."""
    said = ledger(model).decisions
    made: list[Table] = []
    for entity in model.entity_names:
        if model.has_identity(entity):
            spec = spec_of(model, entity)
            suggested, weights, seen = suggested_of(model, entity, spec)
            named, spec = compared(spec), in_columns(model, entity, spec)
            made += entity_tables(
                entity,
                spec,
                methods={model.column_of(entity, name): model.normaliser_of(entity, name) for name in named},
                types={model.column_of(entity, name): model.type_of(entity, name) for name in named},
                events=events_of(model, entity),
                names=names_of(model, entity),
                called=said_of(model, entity),
                words=words_of(model, entity, named),
                merges=bool(model.merges(entity)),
                classes={model.column_of(entity, name): model.class_of(f"{entity}.{name}") for name in named},
                decisions=[each for each in said if each.entity == entity],
                registry=model.root / "registry" / f"{entity}.parquet",
                suggestions=suggested,
                seen=seen,
                weights=weights.digest if weights else "",
            )
    return made


def weights_of(model: Model, entity: str, spec: EntityIdentity) -> tuple[Weights | None, str]:
    """The trained weights of an entity, or why there are none ('' where nobody trained any)."""
    compared = compared_of(model, entity, spec)
    return read_weights(weights_path(model.root / model.project.decisions, entity), settings_of(compared.kinds, compared.methods), compared.kinds)


def suggested_of(model: Model, entity: str, spec: EntityIdentity) -> tuple[list[Table], Weights | None, dict[str, str]]:
    """The tables of suggestions, the weights that they rest on, and the normalisers of what a reviewer compares; nothing without weights."""
    if not spec.suggest or not spec.suggest.compare:
        return [], None, {}
    compared = compared_of(model, entity, spec)
    weights, _ = weights_of(model, entity, spec)
    return (suggestion_tables(entity, in_columns(model, entity, spec), compared, weights) if weights else []), weights, compared.seen


def ledger(model: Model) -> Ledger:
    """The review decisions of the project."""
    return read_ledger(model.root / model.project.decisions / LEDGER, model.unwritten.get(LEDGER, ()))


def spec_of(model: Model, entity: str) -> EntityIdentity:
    """What was decided about the identity of an entity; without a decision, no rules."""
    found = model.identity.identity.get(entity) if model.identity else None
    return found or EntityIdentity()


def words_of(model: Model, entity: str, attributes: Iterable[str]) -> dict[str, tuple[Sequence[str], Sequence[str]]]:
    """Of each attribute the words that mean nothing and those that are meant, where the model says more than its type does."""
    said = {name: model.placeholders(entity, name) for name in attributes}
    return {model.column_of(entity, name): (each.add, each.keep) for name, each in said.items() if each.add or each.keep}


def compared(spec: EntityIdentity) -> tuple[str, ...]:
    """The attributes whose values are compared, in the order in which they are named."""
    named = [name for rule in spec.rules for name in rule.match]
    return tuple(dict.fromkeys([*named, *spec.never_merge, *spec.guard.distinct_per_value]))


def entity_tables(
    entity: str,
    spec: EntityIdentity,
    *,
    methods: Mapping[str, str],
    classes: Mapping[str, str] = MappingProxyType({}),
    types: Mapping[str, str] = MappingProxyType({}),
    events: Sequence[Events] = (),
    names: Mapping[str, str] = MappingProxyType({}),
    called: Mapping[str, str] = MappingProxyType({}),
    words: Mapping[str, tuple[Sequence[str], Sequence[str]]] = MappingProxyType({}),
    merges: bool = False,
    decisions: Sequence[Decision] = (),
    registry: Path | None = None,
    suggestions: Sequence[Table] = (),
    seen: Mapping[str, str] = MappingProxyType({}),
    weights: str = "",
) -> list[Table]:
    """The tables of one entity, over its table of records.

    `methods` names the normaliser of each attribute that is compared, `classes` its privacy class, `types` its type;
    `events` are sources whose rows may be events, `names` the columns that name the entity, each with its normaliser,
    `called` the attribute of each column that is called otherwise, `words` by attribute those that mean nothing and those that are meant,
    beside the built-in ones; `merges` says that a source merged records itself. `registry` is the file of ids as they were last published. `suggestions` are the tables up to the suggested pairs, `seen` names the
    normaliser of each attribute that a reviewer compares, `weights` is the digest of the weights of now.
    """
    return _Tables(entity, spec, methods, classes, types, tuple(events), names, called, words, merges, decisions, registry, tuple(suggestions), seen, weights).all()


@dataclass(frozen=True)
class _Tables:
    """The tables of one entity, each reading those before it."""

    entity: str
    spec: EntityIdentity
    methods: Mapping[str, str]
    classes: Mapping[str, str]
    types: Mapping[str, str]
    events: tuple[Events, ...]
    names: Mapping[str, str]
    called: Mapping[str, str]
    words: Mapping[str, tuple[Sequence[str], Sequence[str]]]
    merges: bool
    said: Sequence[Decision]
    published: Path | None
    suggestions: tuple[Table, ...]
    seen: Mapping[str, str]
    weights: str

    def all(self) -> list[Table]:
        waiting = [self._waiting()] if self.suggestions else []
        return [
            *self.suggestions, *waiting,
            self._values(), self._shared(), self._guarded(), self._decisions(), self._accepted(), self._proposed(), self._settled(),
            self._links(), self._refused(), self._registry(), self._clusters(), self._lineage(), self._by_rule(),
        ]  # fmt: skip

    def name(self, word: str) -> str:
        return f"{self.entity}__{word}"

    def _has(self, word: str) -> bool:
        """Whether a table of this word is among those that lead to suggestions."""
        return any(table.name == self.name(word) for table in self.suggestions)

    def _sql(self, word: str, row_is: str, keys: tuple[str, ...], sql: str, **more: Any) -> Table:
        return Table(self.name(word), row_is, STEP, keys=keys, sql=sql, **more)

    def _made(self, word: str, row_is: str, keys: tuple[str, ...], function: Function, **more: Any) -> Table:
        return Table(self.name(word), row_is, STEP, keys=keys, function=function, **more)

    def _function(
        self, name: str, version: int, call: Callable[..., Any], reads: tuple[str, ...], columns: Mapping[str, tuple[str, ...]],
        only: Mapping[str, tuple[str, ...]] = MappingProxyType({}), **params: Any,
    ) -> Function:  # fmt: skip
        """A function of tables of this entity, which it finds under their words in the parameters."""
        names = {word: self.name(word) for word in reads}
        lineage = {column: self._of(places) for column, places in columns.items()}
        return Function(name, version, call, tuple(names.values()), {**names, **params}, columns=lineage, only={self.name(word): taken for word, taken in only.items()})

    def _of(self, sources: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(f"{self.entity}__{source}" for source in sources)

    @property
    def _value_class(self) -> dict[str, str]:
        """The strictest class of what is compared."""
        return {"value": max(self.classes.values(), key=CLASSES.index)} if self.classes else {}

    @property
    def _named(self) -> dict[str, dict[str, str]]:
        """What a recipe holds of attributes whose columns are called otherwise."""
        return {"said": dict(self.called)} if self.called else {}

    def _keys(self, attributes: Iterable[str]) -> tuple[str, ...]:
        """The columns of some attributes' comparable keys."""
        return tuple(column for name in dict.fromkeys(attributes) for column in (norm.key_of(name), norm.why_of(name)))

    def _values(self) -> Table:
        ignore = {name: list(values) for name, values in self.spec.guard.ignore.items()}
        more = {"words": {name: [list(words) for words in given] for name, given in self.words.items()}} if self.words else {}
        columns = {"number": (), "record": ("records._record",)} | {norm.key_of(name): (f"records.{name}",) for name in self.methods} | {word(name): () for name in self.methods for word in (norm.why_of, norm.borne_of)}
        function = self._function("comparable_values", 10 * VERSION + norm.LAYOUT, _values, ("records",), columns, methods=dict(self.methods), ignore=ignore, **more)
        row_is = f"one record of {self.entity}, its number in the order of all, and its values as they are compared, or why they are not"
        classes = {norm.key_of(name): cls for name, cls in self.classes.items()}
        return self._made("values", row_is, ("record",), function, classes=classes, order=("number",), numbered="number")

    def _shared(self) -> Table:
        row_is = f"one record of {self.entity} whose value under one rule another record bears too"
        sql = shared_sql(self.entity, self.spec.rules)
        return self._sql("shared", row_is, ("rank", "number"), sql, classes=self._value_class)

    def _guarded(self) -> Table:
        given = self.spec.guard
        looked = self._keys(given.distinct_per_value)
        columns = {name: (f"shared.{name}",) for name in ("rank", "value", "hub", "records")} | {"rule": ("shared.rank",), "attribute": ("shared.rank",)}
        columns |= {"links_not_made": ("shared.records",), "reason": ("shared.reason", *(f"values.{name}" for name in looked))}
        limit, more, reads, only = given.records_per_value, {}, ("shared", "values"), {}
        if limit is None:
            limit, more = guard.RECORDS_PER_VALUE, {"unlimited": list(guard.unlimited(self.spec, self.types)), **parameters(self.events, self.names)}
            if self.events:
                looked = tuple(dict.fromkeys((*looked, "record", *self._keys(name for rule in self.spec.rules for name in rule.match))))
            if self.events and self.names:
                reads, only = (*reads, "records"), {"records": ("_record", *self.names)}
        function = self._function(
            "guard", guard.VERSION, guard.guarded, reads, columns, {"values": looked or ("record",), **only}, records_per_value=limit, **more,
            distinct_per_value=dict(given.distinct_per_value), rules=[[rule.name, list(rule.match)] for rule in self.spec.rules], **self._named,
        )  # fmt: skip
        return self._made("guarded", "one shared value that links nobody under one rule", ("rank", "hub"), function, classes=self._value_class)

    def _decisions(self) -> Table:
        return self._made("decisions", f"one line of the review about {self.entity}", ("id",), decisions_function(self.entity, self.said, self.seen, self.weights))

    def _accepted(self) -> Table:
        row_is = f"one link between two records of {self.entity} that people made: singly, by pattern or by band"
        sql = accepted_sql(self.entity, len(self.spec.rules), suggests=bool(self.suggestions))
        return self._sql("accepted", row_is, ("rank", "left_record", "right_record"), sql)

    def _waiting(self) -> Table:
        row_is = f"one suggested pair of records of {self.entity} that waits for a decision"
        return self._sql("waiting", row_is, ("left_record", "right_record"), waiting_sql(self.entity))

    def _proposed(self) -> Table:
        row_is = f"one link between two records of {self.entity} that a rule proposes or a person made"
        return self._sql("proposed", row_is, ENDS, proposed_sql(self.entity, self.spec.rules, by_rules=self._has("proposed_by_rules"), merges=self.merges))

    def _settled(self) -> Table:
        columns = {name: (f"proposed.{name}",) for name in PROPOSED} | {"accepted": (), "stopped_by": (), "reason": ()}
        function = self._function(
            "settle", settle.VERSION, settle.settled, ("proposed", "values", "decisions"), columns, {"values": ("number", "record", *self._keys(self.spec.never_merge))},
            never_merge=list(self.spec.never_merge), rules=len(self.spec.rules), **self._named,
        )  # fmt: skip
        row_is = f"one link inside a group of {self.entity} that holds a conflict, taken or refused in its turn"
        return self._made("settled", row_is, ENDS, function)

    def _links(self) -> Table:
        row_is = f"one link that holds between two records of {self.entity}"
        return self._sql("links", row_is, ("rank", "left_record", "right_record"), links_sql(self.entity, self.spec.rules), order=ENDS)

    def _refused(self) -> Table:
        row_is = f"one link between two records of {self.entity} that was refused"
        return self._sql("refused", row_is, ("rank", "left_record", "right_record"), refused_sql(self.entity, self.spec.rules))

    def _registry(self) -> Table:
        row_is = f"one record of {self.entity} and an id that was published for it: the last one, or one before it"
        return self._made("registry", row_is, ("record", "id"), registry_function(self.published))

    @property
    def _only_keyed(self) -> dict[str, list[list[str]]]:
        """What each rule matches on, where a record that no rule could match is no customer."""
        return {"keys": [list(rule.match) for rule in self.spec.rules]} if self.spec.without_keys == "leave_out" and self.spec.rules else {}

    @property
    def _matched(self) -> tuple[str, ...]:
        return self._keys(name for match in self._only_keyed.get("keys", ()) for name in match)

    def _clusters(self) -> Table:
        columns = {"record": ("values.record",), "id": ("values.record", "links.left_number", "registry.id"), "rule": ("links.rule",), "records": ("values.record",)}
        only = {"values": ("record",), "links": ("left_number", "right_number", "rank", "rule")}
        only["values"] = (*only["values"], *self._matched)
        function = self._function("clusters", clusters.VERSION, clusters.clusters, ("values", "links", "registry"), columns, only, entity=self.entity, **self._only_keyed)
        return self._made("clusters", f"one record of {self.entity} and the id that it belongs to", ("record",), function)

    def _lineage(self) -> Table:
        row_is = f"one published id of {self.entity} and the id that some of its records bear now"
        return self._sql("id_lineage", row_is, ("published_id", "id"), lineage_sql(self.entity))

    def _by_rule(self) -> Table:
        rules = [rule.name for rule in self.spec.rules]
        columns = dict.fromkeys(clusters.BY_RULE, ("links.rule",))
        only = {"values": ("record", *self._matched), "links": ("left_number", "right_number", "rank")}
        function = self._function("by_rule", clusters.VERSION, clusters.by_rule, ("values", "links"), columns, only, rules=rules, **self._only_keyed)
        return self._made("by_rule", f"one rule of {self.entity} and what it joins", ("rank",), function)


def _values(inputs: Any, params: Any) -> Any:
    records = inputs[params["records"]]
    keys = records["_record"]
    ordered = records if (keys.head(-1) < keys.tail(-1)).all() else records.sort("_record")
    return norm.comparable_values(ordered, params["methods"], params["ignore"], words=params.get("words", {})).with_row_index("number", 1).cast({"number": pl.Int64})
