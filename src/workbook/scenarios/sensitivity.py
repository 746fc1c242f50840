"""The decisions that matter most: what another decision would change, in customers, values and
headline numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import polars as pl

from workbook import survivorship
from workbook.scenarios.context import Context
from workbook.scenarios.decision_options import NamedOption, Option, of_identity, options
from workbook.scenarios.headline_numbers import HeadlineNumber, NumberChange, headline_numbers
from workbook.sources import profile
from workbook.words import words_of

MOST = 16  # alternatives that are computed; each is another plan
# those of identity among them: each groups all records anew, and costs ten of the others
REGROUPED = 2


@dataclass(frozen=True)
class OptionEffect(NamedOption):
    """One alternative to one decision: who and what it would change, and which headline numbers
    it would move.

    `customers` are those of the entity
    that change in any way (None: nobody, only what is counted); `values` the cells of their
    golden records that would read otherwise.
    """

    entity: str
    customers: int | None
    of: int
    values: int | None
    moves: tuple[NumberChange, ...]

    @property
    def effect(self) -> float:
        """The largest change of a headline number, as a share of it."""
        return max((move.effect for move in self.moves), default=0.0)

    @property
    def said(self) -> str:
        """The moves in words."""
        return "; ".join(move.said for move in self.moves) or _text("number_change.unmoved")


@dataclass(frozen=True)
class Sensitivity:
    """Every alternative that was computed, the largest effect on a headline number first;
    `left_out` names those that were not.
    """

    rows: tuple[OptionEffect, ...]
    left_out: tuple[str, ...]


def decisions_that_matter(context: Context, limit: int = 5) -> list[OptionEffect]:
    """The alternatives that would move a headline number, or else customers, the most; those
    that change nothing are left out.
    """
    return [row for row in sensitivity(context).rows if row.moves or row.customers or row.values][
        :limit
    ]


def sensitivity(context: Context, *, every: bool = False) -> Sensitivity:
    """The alternatives of the model, measured on its data: of each kind those that promise
    most, or `every` one.
    """
    cheap, dear = list(options(context.model, contested(context))), _identity(context)
    taken = [*cheap, *dear] if every else [*cheap[: MOST - REGROUPED], *dear[:REGROUPED]]
    measured = _Measured(context)
    rows = [row for each in taken if (row := measured.row(each))]
    left = [
        _text("alternative.not_computed", decision=each.decision, alternative=each.alternative)
        for each in (*cheap, *dear)
        if each not in taken
    ]
    return Sensitivity(tuple(sorted([*rows, *_grain(context)], key=_order)), tuple(left))


def _identity(context: Context) -> list[Option]:
    """Alternatives to rules of identity: the primary entity first, then by how many merges or
    blocked matches depend on each.
    """
    primary = context.model.grain.primary
    found = [
        each
        for each in of_identity(context.model)
        if context.has(each.entity) and context.has(f"{each.entity}__by_rule")
    ]
    return sorted(found, key=lambda each: (each.entity != primary, -_dependents(context, each)))


def _dependents(context: Context, option: Option) -> int:
    """Merges that no other rule makes; of a never-merge key or a guard, what it blocked."""
    if option.kind == "match_rule":
        by_rule = context.frame(f"{option.entity}__by_rule")
        return int(by_rule.filter(pl.col("rule") == option.subject)["only"].sum())
    blocked = "guarded" if option.kind == "guard" else "refused"
    return context.frame(f"{option.entity}__{blocked}").height


def _order(row: OptionEffect) -> tuple[float, int, int, str, str]:
    return (-row.effect, -(row.customers or 0), -(row.values or 0), row.decision, row.alternative)


def contested(context: Context) -> tuple[str, ...]:
    """The fields for which some customer has values of several meanings, the most contested
    first.
    """
    fields = [
        field for field in survivorship.shared_attributes(context.model) if context.has(field[0])
    ]
    if not fields:
        return ()
    rows = context.query(
        survivorship.conflicts_sql(context.model, fields, spelled(context, fields))
    ).filter(pl.col("differ") > 0)
    return tuple(rows.sort(["differ", "field"], descending=[True, False])["field"].to_list())


def spelled(context: Context, fields: list[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those whose spellings are compared by their type."""
    return {field for field in fields if context.has(survivorship.compared_name(*field))}


class _Measured:
    """Measures options against the decisions of one context."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.now = headline_numbers(context)

    def row(self, option: Option) -> OptionEffect | None:
        """One option; None where its entity has no rows to change."""
        if not self.context.has(option.entity):
            return None
        other = self.context.what_if(option.model, option.step)
        customers, values = self._changed(option, other)
        of = self.context.query(f'select count(*) as n from "{option.entity}"')["n"][0]
        moves = tuple(self._moves(other)) if customers is None or customers or values else ()
        return OptionEffect(
            option.step,
            option.kind,
            option.subject,
            option.choice,
            option.decision,
            option.alternative,
            option.because,
            option.place,
            option.entity,
            customers,
            of,
            values,
            moves,
        )

    def _changed(self, option: Option, other: Context) -> tuple[int | None, int | None]:
        if option.step == "metrics":
            return None, None
        if option.attribute:
            choice = survivorship.choice_name(option.entity, option.attribute)
            changed = different(
                self.context.frame(choice).select("id", "value"),
                other.frame(choice).select("id", "value"),
            )
            return changed.height, changed.height
        golden = different(self.context.frame(option.entity), other.frame(option.entity))
        values = int(golden["cells"].sum())
        if option.step != "identity":
            return golden.height, values
        return self._regrouped(option.entity, other), values

    def _regrouped(self, entity: str, other: Context) -> int:
        name = f"{entity}__clusters"
        return regrouped(self.context.frame(name), other.frame(name)).len()

    def _moves(self, other: Context) -> Iterator[NumberChange]:
        then = headline_numbers(other)
        for label, now in self.now.items():
            found = then.get(label)
            if found is not None and found.answer != now.answer:
                yield now.moved(found.answer)


def regrouped(now: pl.DataFrame, then: pl.DataFrame) -> pl.Series:
    """The ids of today whose records would not be one and the same group, from two tables of
    clusters.
    """
    now, then = now.select("record", "id"), then.select("record", group="id")
    sizes = then.group_by("group").len()
    joined = (
        now.join(then, on="record")
        .join(sizes, on="group")
        .group_by("id")
        .agg(pl.col("group").n_unique().alias("groups"), pl.len().alias("own"), pl.col("len").max())
    )
    return joined.filter((pl.col("groups") > 1) | (pl.col("len") != pl.col("own")))["id"]


def different(now: pl.DataFrame, then: pl.DataFrame) -> pl.DataFrame:
    """One row per id of today with `cells` that read otherwise under the other decision."""
    flips = flipped(now, then)
    return flips.select("id", cells=pl.sum_horizontal(pl.exclude("id").cast(pl.Int64))).filter(
        pl.col("cells") > 0
    )


def flipped(now: pl.DataFrame, then: pl.DataFrame) -> pl.DataFrame:
    """One row per id of either table, and of each column of both whether its value reads
    otherwise.
    """
    names = [name for name in now.columns if name != "id" and name in then.columns]
    both = now.join(then, on="id", how="full", coalesce=True, suffix=" then")
    return both.select(
        "id", *(_unlike(name, same_type=now.schema[name] == then.schema[name]) for name in names)
    )


def _unlike(name: str, *, same_type: bool) -> pl.Expr:
    left, right = pl.col(name), pl.col(f"{name} then")
    return (
        left.ne_missing(right)
        if same_type
        else left.cast(pl.String).ne_missing(right.cast(pl.String))
    ).alias(name)


def _grain(context: Context) -> Iterator[OptionEffect]:
    """The other things that one row could be, where the YAML names them: what each headline
    number would read.
    """
    part, model = context.model.grain, context.model
    if context.model.is_open("grain") or not part.primary or not part.considered:
        return
    said = {each.metric: each for each in headline_numbers(context).values()}
    counted = [
        money
        for name in said
        if (money := profile.additive(model, name)) and context.has(money.rows)
    ]
    for each in profile.candidates(model):
        if each.group != profile.CONSIDERED:
            continue
        ways = [
            (money, way)
            for money in counted
            if (way := profile.way_to(model, money.entity, each, context.has))
        ]
        rows = (
            context.query(
                "\nunion all\n".join(
                    profile.movement_sql(each.name, money, way) for money, way in ways
                )
            ).to_dicts()
            if ways
            else []
        )
        moves = [
            move
            for row in rows
            for money in counted
            if money.metric == row["metric"] and (move := recounted(said[money.metric], money, row))
        ]
        path = model.place(f"grain.considered.{each.name}")
        yield OptionEffect(
            "grain",
            "grain",
            part.primary,
            each.name,
            _text("decision.grain", entity=part.primary),
            _text("alternative.grain", entity=each.name),
            each.because,
            path,
            part.primary,
            None,
            0,
            None,
            tuple(moves),
        )


def recounted(
    said: HeadlineNumber, money: profile.Money, row: dict[str, object]
) -> NumberChange | None:
    """A count of the other things, or a sum joined to them."""
    now, then = (
        (row["rows_counted"], row["things"])
        if money.agg == "count"
        else (row["total"], row["joined"])
    )
    if now is None or then is None or now == then:
        return None
    return replace(said, value=Decimal(str(now))).moved(Decimal(str(then)))


def _text(name: str, /, **values: Any) -> str:
    return words_of("scenarios").text(name, **values)
