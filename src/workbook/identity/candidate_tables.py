"""The tables of suggestions of one entity: what is compared, the groups that rules made, ways
of blocking, scored pairs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from workbook.engine import Function, Table, quote
from workbook.identity import candidate_pairs
from workbook.identity import compared_values as norm
from workbook.identity.list_comparison import VALUE
from workbook.identity.match_rules import proposed_by_rules_sql
from workbook.identity.resolved_columns import said_of
from workbook.identity.scoring import DEPENDENCE, columns_of, corrected
from workbook.identity.weights import Weights, parse_weights
from workbook.model import Model
from workbook.model.schema import EntityIdentity, Suggest
from workbook.model.types.normalise import VERSION

STEP = "04b_identity"
_BASE = (
    "left_record",
    "right_record",
    "left_root",
    "right_root",
    "score",
    "weight",
    "band",
    "pattern",
    "evidence",
)


@dataclass(frozen=True)
class Compared:
    """What suggestions compare, by its column: `kinds` of the compared attributes; normalisers
    and classes also of those that pairs are found by.
    """

    kinds: Mapping[str, str]
    methods: Mapping[str, str]
    classes: Mapping[str, str]
    # the attribute of each column that is called otherwise
    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def seen(self) -> dict[str, str]:
        """The normaliser of each attribute that a reviewer compares."""
        return {name: self.methods[name] for name in self.kinds}


def compared_of(model: Model, entity: str, spec: EntityIdentity) -> Compared:
    """What the suggestions of an entity compare, in the order of `compare`, and what they are
    blocked on.
    """
    given = spec.suggest or Suggest()
    names = dict.fromkeys(
        [*given.compare, *(name for block in given.block_on for name in columns_of(block))]
    )
    return Compared(
        {model.column_of(entity, name): model.type_of(entity, name) for name in given.compare},
        {model.column_of(entity, name): model.normaliser_of(entity, name) for name in names},
        {model.column_of(entity, name): model.class_of(f"{entity}.{name}") for name in names},
        said_of(model, entity),
    )


def suggestion_tables(
    entity: str,
    spec: EntityIdentity,
    compared: Compared,
    weights: Weights,
    *,
    numbered: bool = False,
) -> list[Table]:
    """`__compared`, `__proposed_by_rules`, `__base`, `__blocks`, `__scored`, `__suggestions`,
    `__suggestion_evidence`.

    `numbered` says that a rule matches on lists.
    """
    return _Suggested(entity, spec, spec.suggest or Suggest(), compared, weights, numbered).all()


def wide(
    records: pl.DataFrame, methods: Mapping[str, str], ignore: Mapping[str, Any]
) -> pl.DataFrame:
    """One row per record with the comparable key of each attribute; what says nothing, or is
    ignored by decision, is empty.
    """
    values = norm.comparable_values(records, methods, ignore)
    return values.select("record", *(norm.compared_keys(values, name) for name in methods))


@dataclass(frozen=True)
class _Suggested:
    entity: str
    spec: EntityIdentity
    suggest: Suggest
    compared: Compared
    weights: Weights
    numbered: bool

    def all(self) -> list[Table]:
        return [
            self._compared(),
            self._by_rules(),
            self._base(),
            self._blocks(),
            self._scored(),
            self._suggestions(),
            self._evidence(),
        ]

    @property
    def correct(self) -> bool:
        """Whether scores are corrected for dependence."""
        return corrected(self.compared.kinds, self.weights)

    def name(self, word: str) -> str:
        return f"{self.entity}__{word}"

    def _function(
        self,
        name: str,
        call: Any,
        reads: tuple[str, ...],
        columns: Mapping[str, tuple[str, ...]],
        **params: Any,
    ) -> Function:
        tables = {word: self.name(word) for word in reads}
        told = {
            column: tuple(f"{self.entity}__{place}" for place in places)
            for column, places in columns.items()
        }
        return Function(
            name,
            candidate_pairs.VERSION,
            call,
            tuple(tables.values()),
            {**tables, **params},
            columns=told,
        )

    def _compared(self) -> Table:
        ignore = {
            name: list(values)
            for name, values in self.spec.guard.ignore.items()
            if name in self.compared.methods
        }
        columns = {
            "record": ("records._record",),
            **{name: (f"records.{name}",) for name in self.compared.methods},
        }
        function = self._function(
            "compared",
            _call_compared,
            ("records",),
            columns,
            methods=dict(self.compared.methods),
            ignore=ignore,
            keys=VERSION,
        )
        row_is = f"one record of {self.entity} with the keys by which it is compared"
        return Table(
            self.name("compared"),
            row_is,
            STEP,
            keys=("record",),
            function=function,
            classes=dict(self.compared.classes),
        )

    def _by_rules(self) -> Table:
        row_is = f"one link between two records of {self.entity} that a rule proposes"
        keys = ("rank", "left_number", "right_number", *((VALUE,) if self.numbered else ()))
        sql = proposed_by_rules_sql(self.entity, self.spec.rules, numbered=self.numbered)
        return Table(self.name("proposed_by_rules"), row_is, STEP, keys=keys, sql=sql)

    def _base(self) -> Table:
        columns = {
            "record": ("values.record",),
            "root": ("values.record", "proposed_by_rules.left_number"),
        }
        function = self._function(
            "base_groups",
            _call_base,
            ("proposed_by_rules", "values"),
            columns,
            never_merge=list(self.spec.never_merge),
        )
        row_is = f"one record of {self.entity} and the group that rules alone put it in"
        return Table(self.name("base"), row_is, STEP, keys=("record",), function=function)

    def _blocks(self) -> Table:
        columns = {"block": (), "pairs": ("compared.record",), "used": ("compared.record",)}
        function = self._function(
            "blocks", _call_blocks, ("compared",), columns, block_on=list(self.suggest.block_on)
        )
        row_is = f"one way in which pairs of {self.entity} are found, and how many it gives"
        return Table(self.name("blocks"), row_is, STEP, keys=("block",), function=function)

    def _scored(self) -> Table:
        places = tuple(f"compared.{name}" for name in self.compared.kinds)
        columns: dict[str, tuple[str, ...]] = {
            name: (
                ("base.root",)
                if name.endswith("root")
                else ("compared.record",)
                if name.endswith("record")
                else places
            )
            for name in _BASE
        }
        columns |= {
            f"{name} {word}": (f"compared.{name}",)
            for name in self.compared.kinds
            for word in ("says", "weight")
        }
        if self.correct:
            columns |= {f"{DEPENDENCE} {word}": places for word in ("says", "weight")}
        function = self._function(
            "scored_pairs",
            _call_scored,
            ("records", "compared", "base", "values", "blocks"),
            columns,
            kinds=[list(item) for item in self.compared.kinds.items()],
            methods=self.compared.seen,
            never_merge=list(self.spec.never_merge),
            bands=dict(self.suggest.bands),
            weights=self.weights.text(),
            **({"said": dict(self.compared.said)} if self.compared.said else {}),
        )
        row_is = (
            f"one pair of groups of {self.entity} that no rule joined and that look alike, with"
            " what each attribute says"
        )
        return Table(
            self.name("scored"),
            row_is,
            STEP,
            keys=("left_record", "right_record"),
            function=function,
        )

    def _suggestions(self) -> Table:
        row_is = f"one suggested pair of records of {self.entity}, the best of its two groups"
        sql = f"select {', '.join(_BASE)}\nfrom {quote(self.name('scored'))}"
        return Table(
            self.name("suggestions"), row_is, STEP, keys=("left_record", "right_record"), sql=sql
        )

    def _evidence(self) -> Table:
        row_is = (
            f"what one attribute says of one suggested pair of {self.entity}, in words and in bits"
        )
        sql = candidate_pairs.evidence_sql(
            self.entity,
            list(self.compared.kinds),
            self.weights.prior_bits,
            self.compared.said,
            correct=self.correct,
        )
        return Table(
            self.name("suggestion_evidence"),
            row_is,
            STEP,
            keys=("left_record", "right_record", "attribute"),
            sql=sql,
        )


def _call_compared(inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    return wide(inputs[params["records"]], params["methods"], params["ignore"])


def _call_base(inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    return candidate_pairs.base(
        inputs[params["proposed_by_rules"]], inputs[params["values"]], params["never_merge"]
    )


def _call_blocks(inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    return candidate_pairs.blocks(inputs[params["compared"]], params["block_on"])


def _call_scored(inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    frames = [inputs[params[word]] for word in ("records", "compared", "base", "values", "blocks")]
    words = {name: params[name] for name in ("methods", "never_merge", "bands")}
    return candidate_pairs.scored(
        *frames,
        **words,
        kinds=dict(params["kinds"]),
        weights=parse_weights(params["weights"]),
        said=params.get("said", {}),
    )
