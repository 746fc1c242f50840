"""The tables of one entity: from its records to the id of each, whatever the model calls them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from workbook.engine import Function, Table
from workbook.identity import clusters, constraints, guard, list_comparison
from workbook.identity import compared_values as norm
from workbook.identity.accepted_links import accepted_sql, waiting_sql
from workbook.identity.contact_points import contacts_of
from workbook.identity.decision_status import decisions_function
from workbook.identity.event_sources import Events, parameters
from workbook.identity.id_registry import lineage_sql, registry_function
from workbook.identity.list_comparison import VALUE, list_keys_name
from workbook.identity.match_ledger import MatchDecision
from workbook.identity.match_rules import (
    ENDS,
    PROPOSED,
    links_sql,
    proposed_sql,
    refused_sql,
    shared_sql,
)
from workbook.identity.table_builder import STEP, TableBuilder
from workbook.model.schema import EntityIdentity
from workbook.model.types.normalise import VERSION


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
    lists: Mapping[str, str] = MappingProxyType({}),
    decisions: Sequence[MatchDecision] = (),
    registry: Path | None = None,
    suggestions: Sequence[Table] = (),
    seen: Mapping[str, str] = MappingProxyType({}),
    weights: str = "",
) -> list[Table]:
    """The tables of one entity, over its table of records.

    `methods` names the normaliser of each attribute that is compared, `classes` its privacy
    class, `types` its type; `events` are sources whose rows may be events, `names` the columns
    that name the entity, each with its normaliser, `called` the attribute of each column that
    is called otherwise, `words` by attribute those that mean nothing and those that are meant,
    beside the built-in ones; `merges` says that a source merged records itself. `lists` are the
    attributes of which a record may hold several values, each with the table of them.
    `registry` is the file of ids as they were last published. `suggestions` are the tables up
    to the suggested pairs, `seen` names the normaliser of each attribute that a reviewer
    compares, `weights` is the digest of the weights of now.
    """
    return _Tables(
        entity,
        spec,
        methods,
        classes,
        types,
        tuple(events),
        names,
        called,
        words,
        merges,
        lists,
        decisions,
        registry,
        tuple(suggestions),
        seen,
        weights,
    ).all()


class _Tables(TableBuilder):
    """The tables of one entity, each reading those before it."""

    def all(self) -> list[Table]:
        waiting = [self._waiting()] if self.suggestions else []
        return [
            *self.suggestions,
            *waiting,
            *map(self._list_keys, self.lists),
            self._values(),
            self._shared(),
            self._guarded(),
            self._decisions(),
            self._accepted(),
            self._proposed(),
            self._settled(),
            self._links(),
            self._refused(),
            self._registry(),
            self._clusters(),
            self._lineage(),
            self._by_rule(),
        ]

    def _list_keys(self, name: str) -> Table:
        table, records = self.lists[name], self.name("records")
        told = dict.fromkeys(("key", "why"), (f"{table}.value",))
        params = {"records": records, "listed": table, "name": name, "method": self.methods[name]}
        function = Function(
            "list_keys_of_records",
            10 * VERSION + list_comparison.VERSION,
            list_comparison.made_list_keys,
            (records, table),
            {**params, **self._said_of_values([name])},
            columns={"number": (f"{table}._record",), **told, "borne": ()},
            only={records: ("_record",)},
        )
        row_is = f"one value of {name.replace('_', ' ')} that one record of {self.entity} holds"
        return Table(
            list_keys_name(self.entity, name),
            f"{row_is}, as it is compared, or why it is not",
            STEP,
            keys=("number", "key"),
            function=function,
            classes={"key": self.classes[name]} if name in self.classes else {},
        )

    def _values(self) -> Table:
        every = dict.fromkeys((*self.methods, *self.spec.guard.ignore))
        single = [name for name in every if name not in self.lists]
        columns: dict[str, tuple[str, ...]] = {"number": (), "record": ("records._record",)}
        for name in self.methods:
            told = f"records.{name}" if name in single else f"{name}__list_keys.key"
            columns |= {norm.key_of(name): (told,), norm.why_of(name): (), norm.borne_of(name): ()}
        tables = {name: list_keys_name(self.entity, name) for name in self.lists}
        params = {"methods": dict(self.methods), **self._said_of_values(single)}
        function = self._function(
            "comparable_values",
            10 * VERSION + norm.LAYOUT,
            list_comparison.made_values,
            ("records", *(f"{name}__list_keys" for name in self.lists)),
            columns,
            **params,
            **({"lists": tables} if tables else {}),
        )
        row_is = (
            f"one record of {self.entity}, its number in the order of all, and its values as they"
            " are compared, or why they are not"
        )
        classes = {norm.key_of(name): cls for name, cls in self.classes.items()}
        return self._made(
            "values",
            row_is,
            ("record",),
            function,
            classes=classes,
            order=("number",),
            numbered="number",
        )

    def _shared(self) -> Table:
        row_is = f"one record of {self.entity} whose value under one rule another record bears too"
        sql = shared_sql(self.entity, self.spec.rules, self.lists)
        keys = ("rank", "number", "hub", VALUE) if self._numbered else ("rank", "number")
        return self._sql("shared", row_is, keys, sql, classes=self._value_class)

    def _guarded(self) -> Table:
        given, numbered = self.spec.guard, (VALUE,) if self._numbered else ()
        contacts = contacts_of(self.spec.rules, self.types)
        every = dict.fromkeys((*given.distinct_per_value, *contacts))
        looked, read = self._keys(name for name in every if name not in self.lists), set(every)
        limit, more, only = given.records_per_value, {}, {"values": looked}
        if limit is None:
            matched = [name for rule in self.spec.rules for name in rule.match]
            read |= set(matched) if self.events else set()
            limit, more, only = guard.RECORDS_PER_VALUE, *self._unlimited(looked, matched)
        several = {name: list_keys_name(self.entity, name) for name in self.lists if name in read}
        more |= {"lists": several} if several else {}
        more |= {"contacts": list(contacts)} if contacts else {}
        shared = {
            name: (f"shared.{name}",) for name in ("rank", "value", "hub", "records", *numbered)
        }
        told = (
            *(f"values.{name}" for name in looked),
            *(f"{name}__list_keys.key" for name in several),
        )
        columns = shared | {
            **dict.fromkeys(("rule", "attribute"), ("shared.rank",)),
            "links_not_made": ("shared.records",),
            "reason": ("shared.reason", *told),
        }
        only["values"] = only["values"] or ("record",)
        reads = ("shared", *only, *(f"{name}__list_keys" for name in several))
        function = self._function(
            "guard",
            guard.VERSION,
            guard.guarded,
            reads,
            columns,
            only,
            records_per_value=limit,
            **more,
            distinct_per_value=dict(given.distinct_per_value),
            rules=[[rule.name, list(rule.match)] for rule in self.spec.rules],
            **self._named,
        )
        row_is = "one shared value that is excluded from matching under one rule"
        keys = ("rank", "hub", *numbered)
        return self._made("guarded", row_is, keys, function, classes=self._value_class)

    def _unlimited(
        self, looked: tuple[str, ...], matched: Sequence[str]
    ) -> tuple[dict[str, Any], dict[str, tuple[str, ...]]]:
        """What the guard is told, and what it reads, where the team wrote no limit: which rules
        have none, and which rows may be events of one.
        """
        ranks = list(guard.unlimited(self.spec, self.types))
        only = {"values": looked}
        if self.events:
            single = self._keys(name for name in matched if name not in self.lists)
            numbers = ("number",) if self._numbered else ()
            only["values"] = tuple(dict.fromkeys((*looked, "record", *numbers, *single)))
            if self.names:
                only["records"] = ("_record", *self.names)
        return {"unlimited": ranks, **parameters(self.events, self.names)}, only

    def _decisions(self) -> Table:
        return self._made(
            "decisions",
            f"one line of the review about {self.entity}",
            ("id",),
            decisions_function(self.entity, self.said, self.seen, self.weights),
        )

    def _accepted(self) -> Table:
        row_is = (
            f"one link between two records of {self.entity} that people made: singly, by pattern or"
            " by band"
        )
        sql = accepted_sql(self.entity, len(self.spec.rules), suggests=bool(self.suggestions))
        return self._sql("accepted", row_is, ("rank", "left_record", "right_record"), sql)

    def _waiting(self) -> Table:
        row_is = f"one suggested pair of records of {self.entity} that waits for a decision"
        return self._sql(
            "waiting", row_is, ("left_record", "right_record"), waiting_sql(self.entity)
        )

    def _proposed(self) -> Table:
        row_is = (
            f"one link between two records of {self.entity} that a rule proposes or a person made"
        )
        sql = proposed_sql(
            self.entity,
            self.spec.rules,
            by_rules=self._has("proposed_by_rules"),
            merges=self.merges,
            numbered=self._numbered,
        )
        return self._sql("proposed", row_is, (*ENDS, VALUE) if self._numbered else ENDS, sql)

    def _settled(self) -> Table:
        columns = {name: (f"proposed.{name}",) for name in PROPOSED} | {
            "accepted": (),
            "stopped_by": (),
            "reason": (),
        }
        function = self._function(
            "settle",
            constraints.VERSION,
            constraints.apply_constraints,
            ("proposed", "values", "decisions"),
            columns,
            {"values": ("number", "record", *self._keys(self.spec.never_merge))},
            never_merge=list(self.spec.never_merge),
            rules=len(self.spec.rules),
            **self._named,
        )
        row_is = (
            f"one link inside a group of {self.entity} that holds a conflict, taken or refused in"
            " its turn"
        )
        return self._made("settled", row_is, ENDS, function)

    def _links(self) -> Table:
        row_is = f"one link that holds between two records of {self.entity}"
        sql = links_sql(self.entity, self.spec.rules, numbered=self._numbered)
        return self._sql("links", row_is, ("rank", "left_record", "right_record"), sql, order=ENDS)

    def _refused(self) -> Table:
        row_is = f"one link between two records of {self.entity} that was refused"
        return self._sql(
            "refused",
            row_is,
            ("rank", "left_record", "right_record"),
            refused_sql(self.entity, self.spec.rules),
        )

    def _registry(self) -> Table:
        row_is = (
            f"one record of {self.entity} and an id that was published for it: the last one, or one"
            " before it"
        )
        return self._made("registry", row_is, ("record", "id"), registry_function(self.published))

    @property
    def _only_keyed(self) -> dict[str, list[list[str]]]:
        """What each rule matches on, where a record that no rule could match is no customer."""
        return (
            {"keys": [list(rule.match) for rule in self.spec.rules]}
            if self.spec.without_keys == "leave_out" and self.spec.rules
            else {}
        )

    @property
    def _matched(self) -> tuple[str, ...]:
        return self._keys(name for match in self._only_keyed.get("keys", ()) for name in match)

    def _clusters(self) -> Table:
        columns = {
            "record": ("values.record",),
            "id": ("values.record", "links.left_number", "registry.id"),
            "rule": ("links.rule",),
            "records": ("values.record",),
        }
        only = {"values": ("record",), "links": ("left_number", "right_number", "rank", "rule")}
        only["values"] = (*only["values"], *self._matched)
        function = self._function(
            "clusters",
            clusters.VERSION,
            clusters.clusters,
            ("values", "links", "registry"),
            columns,
            only,
            entity=self.entity,
            **self._only_keyed,
        )
        return self._made(
            "clusters",
            f"one record of {self.entity} and the id that it belongs to",
            ("record",),
            function,
        )

    def _lineage(self) -> Table:
        row_is = f"one published id of {self.entity} and the id that some of its records bear now"
        return self._sql("id_lineage", row_is, ("published_id", "id"), lineage_sql(self.entity))

    def _by_rule(self) -> Table:
        rules = [rule.name for rule in self.spec.rules]
        columns = dict.fromkeys(clusters.BY_RULE, ("links.rule",))
        only = {
            "values": ("record", *self._matched),
            "links": ("left_number", "right_number", "rank"),
        }
        function = self._function(
            "by_rule",
            clusters.VERSION,
            clusters.by_rule,
            ("values", "links"),
            columns,
            only,
            rules=rules,
            **self._only_keyed,
        )
        return self._made(
            "by_rule", f"one rule of {self.entity} and what it joins", ("rank",), function
        )
