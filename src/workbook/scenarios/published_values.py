"""What is published beside the customers, and what another model would change of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from workbook.scenarios.compare import artifact
from workbook.scenarios.context import Context
from workbook.words import words_of
from workbook.words.wording import capital, humanize

METRIC_VALUES = "metric_values"
_PAST = "06_history"
# Tables on the way to what is published.
_BETWEEN = ("__facts", "__beliefs", "__same_moment", "__kept_shown", "__erased")
_THEN = " then"


@dataclass(frozen=True)
class Effect:
    """One published table under another model: its rows now and then (None: there is none).

    `group` is a text of `[what_if.groups]` in the catalogue. `gone`, `come` and `changed` are rows
    by the table's keys; of a rule they are its members.
    """

    group: str
    label: str
    table: str
    now: int | None
    then: int | None
    gone: int = 0
    come: int = 0
    changed: int = 0

    @property
    def count(self) -> int:
        """How many rows would not read as they do."""
        return self.gone + self.come + self.changed


def published(context: Context) -> dict[str, tuple[str, str]]:
    """Each published table, with the group that it belongs to and its name in words."""
    model, found = context.model, {}
    for name in model.entities.relationships:
        found[name] = ("relationships", capital(humanize(name)))
    for name, rule in (model.metrics.rules).items():
        found[f"{rule.of}__rule__{name}"] = ("rules", capital(humanize(name)))
    for table in context.plan.tables.values():
        if (
            table.step == _PAST
            and table.pattern != "evidence"
            and not table.name.endswith(_BETWEEN)
        ):
            found[table.name] = ("past", _of_past(table.name))
    found[METRIC_VALUES] = ("published", words_of("scenarios").text("what_if.rows.metric_values"))
    views = model.customer_360
    for kind, names in (
        (("view", views.views), ("audience", views.audiences))
        if not model.is_open("customer_360")
        else ()
    ):
        found |= {f"{kind}__{name}": ("views", capital(humanize(name))) for name in names}
    return {name: said for name, said in found.items() if context.has(name)}


def effects(context: Context, other: Context) -> Iterator[Effect]:
    """Every published table that another model would change, add or take away."""
    now, then = published(context), published(other)
    for name in dict.fromkeys((*now, *then)):
        group, label = now.get(name) or then[name]
        if name not in then:
            rows = members(context.frame(name)).height
            yield Effect(group, label, name, rows, None, gone=rows)
        elif name not in now:
            rows = members(other.frame(name)).height
            yield Effect(group, label, name, None, rows, come=rows)
        elif artifact(context, name).content != artifact(other, name).content:
            result = _compared(context, other, name, group, label)
            if result.count:
                yield result


def by_metric(context: Context, other: Context) -> dict[str, tuple[int, int]]:
    """Of each metric whose published values would change, by label: how many, of how many."""
    if not (context.has(METRIC_VALUES) and other.has(METRIC_VALUES)):
        return {}
    keys = list(context.plan[METRIC_VALUES].keys)
    frames = (item.frame(METRIC_VALUES) for item in (context, other))
    now, then = (frame.select(*keys, "label", "value", "on_date") for frame in frames)
    both = now.join(then, on=keys, how="full", coalesce=True, nulls_equal=True, suffix=_THEN)
    same = pl.col("value").eq_missing(pl.col(f"value{_THEN}")) & pl.col("on_date").eq_missing(
        pl.col(f"on_date{_THEN}")
    )
    here = pl.col("label").is_not_null() & pl.col(f"label{_THEN}").is_not_null()
    told = both.select(label=pl.coalesce("label", f"label{_THEN}"), moved=~(same & here))
    counted = (
        told.group_by("label").agg(pl.col("moved").sum(), n=pl.len()).filter(pl.col("moved") > 0)
    )
    rows = counted.sort(["moved", "label"], descending=[True, False]).iter_rows()
    return {label: (moved, of) for label, moved, of in rows}


def members(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of a table; of a rule those for whom it holds."""
    return frame.filter(pl.col("holds")).drop("holds") if frame.columns[-1:] == ["holds"] else frame


def _compared(context: Context, other: Context, name: str, group: str, label: str) -> Effect:
    keys = list(context.plan[name].keys)
    now, then = (members(item.frame(name)) for item in (context, other))
    gone = now.join(then, on=keys, how="anti", nulls_equal=True).height
    come = then.join(now, on=keys, how="anti", nulls_equal=True).height
    return Effect(
        group, label, name, now.height, then.height, gone, come, _otherwise(name, now, then, keys)
    )


def _otherwise(name: str, now: pl.DataFrame, then: pl.DataFrame, keys: list[str]) -> int:
    """How many rows that both have read otherwise; of metrics only their values count."""
    shared = [column for column in now.columns if column in then.columns and column not in keys]
    shared = ["value", "on_date"] if name == METRIC_VALUES else shared
    if not shared:
        return 0
    both = now.join(then, on=keys, how="inner", nulls_equal=True, suffix=_THEN)
    return both.filter(pl.any_horizontal(*(_unlike(both, item) for item in shared))).height


def _unlike(both: pl.DataFrame, name: str) -> pl.Expr:
    left, right = pl.col(name), pl.col(f"{name}{_THEN}")
    if both.schema[name] != both.schema[f"{name}{_THEN}"]:
        left, right = left.cast(pl.String), right.cast(pl.String)
    return left.ne_missing(right)


def _of_past(name: str) -> str:
    """The name of a table of 06 in words.

    >>> _of_past("account__plan__at__churn")
    'Account plan at churn'
    """
    return capital(" ".join(humanize(word) for word in name.split("__")))
