"""Metrics made of metrics: ratios and derived ones, of values, of months, of segments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlglot import exp

from workbook.dialect import to_sql
from workbook.engine import Table, quote
from workbook.errors import WorkbookError
from workbook.metrics.compile.as_of_clock import NotComputableError
from workbook.metrics.compile.fan_out import SQL_TYPE
from workbook.metrics.compile.resolve import metrics_of
from workbook.metrics.compile.rules import STEP
from workbook.model import Model, scalar_expression
from workbook.model.expressions import without_zero
from workbook.words import error_of


@dataclass(frozen=True)
class Input:
    """A metric that another one is made of, now or a length of time earlier; what moved `over`
    a length of time.
    """

    metric: str
    earlier: str = ""
    over: str = ""

    @property
    def word(self) -> str:
        """A name for it that no other input bears."""
        over = ["over", *self.over.split()] if self.over else []
        return "__".join([self.metric, *self.earlier.split(), *over])


def inputs_of(model: Model, name: str) -> dict[str, Input]:
    """What a ratio or derived metric is made of, by the word that its expression uses.

    Raises:
        NotComputableError: an input is written in a way that is not computed.
    """
    metric = metrics_of(model).metrics[name]
    if metric.type == "ratio":
        return {"numerator": Input(metric.numerator), "denominator": Input(metric.denominator)}
    return {word: _input(word, metric.inputs.get(word, word)) for word in _tree(metric.expr)[1]}


def leaves_of(model: Model, name: str) -> list[str]:
    """The metrics that a ratio or formula comes down to; of any other the metric itself."""
    if metrics_of(model).metrics[name].type in ("simple", "cumulative"):
        return [name]
    return list(dict.fromkeys(item.metric for item in expand_expression(model, name)[1].values()))


def expression_of(model: Model, name: str) -> exp.Expression:
    """The arithmetic over the inputs; a division by zero has no value."""
    metric = metrics_of(model).metrics[name]
    return without_zero(
        _tree("numerator / denominator" if metric.type == "ratio" else metric.expr)[0]
    )


def expand_expression(
    model: Model, name: str, path: tuple[str, ...] = (), over: str = ""
) -> tuple[exp.Expression, dict[str, Input]]:
    """The arithmetic down to metrics that are none themselves, so that nothing on the way is
    rounded; its inputs by word.

    Raises:
        NotComputableError: it depends on itself, or an input is written in a way that is not
          computed.
    """
    if name in path:
        raise error_of(NotComputableError, "metrics.circle")
    known, found, terms = metrics_of(model).metrics, {}, {}
    over = known[name].over or over
    for word, item in inputs_of(model, name).items():
        if not item.earlier and known[item.metric].type in ("ratio", "derived"):
            tree, inputs = expand_expression(model, item.metric, (*path, name), over)
            found |= inputs
            terms[word] = exp.paren(tree)
        else:
            leaf = replace(item, over=over if moves(model, item.metric) else "")
            found[leaf.word] = leaf
            terms[word] = exp.column(leaf.word)
    return (
        expression_of(model, name).transform(
            lambda node: terms[node.name].copy() if isinstance(node, exp.Column) else node
        ),
        found,
    )


def moves(model: Model, name: str) -> str:
    """The movement whose kind a metric names, or ''."""
    movement, dot, _ = metrics_of(model).metrics[name].measure.partition(".")
    return movement if dot and movement in metrics_of(model).movements else ""


def combined(
    name: str, kind: str, tree: exp.Expression, tables: Mapping[str, str], table: str = ""
) -> Table:
    """`m__<metric>__total` (or another `table` of one value) from those of its inputs."""
    columns = ", ".join(f"{_exact(table)} as {_part(table)}" for table in tables)
    source = "\ncross join ".join(
        f"{quote(table)} as {_part(word)}" for word, table in tables.items()
    )
    sql = f"with parts as (\n    select {columns}\n    from {source}\n)\n{_select(tree, kind)}"
    return Table(table or f"m__{name}__total", f"the value of {name}", STEP, "canonical", (), sql)


def combined_by(
    name: str,
    table: str,
    kind: str,
    tree: exp.Expression,
    tables: Mapping[str, str],
    heads: tuple[str, ...],
    zero: Mapping[str, bool],
) -> Table:
    """The same for every period, segment, or both, that any input has; `zero` says where an
    absent part is nothing rather than unknown.
    """
    first = heads[0]
    listed = "\n    union ".join(
        f"select {', '.join(heads)} from {quote(table)} where {first} is not null"
        for table in dict.fromkeys(tables.values())
    )
    columns = ", ".join(
        f"{f'coalesce({_exact(table)}, 0)' if zero.get(table) else _exact(table)} as {_part(table)}"
        for table in tables
    )
    on = {
        table: " and ".join(f"{_part(table)}.{head} = listed.{head}" for head in heads)
        for table in tables
    }
    joins = "\n    ".join(
        f"left join {quote(item)} as {_part(word)} on {on[word]}" for word, item in tables.items()
    )
    named = ", ".join(f"listed.{head} as {head}" for head in heads)
    sql = (
        f"with listed as (\n    {listed}\n), parts as (\n    select {named}, {columns}\n    from"
        f" listed\n    {joins}\n)\n"
    )
    return Table(
        table,
        f"{name} of one {' and '.join(heads)}",
        STEP,
        "canonical",
        heads,
        sql + _select(tree, kind, "".join(f"{head}, " for head in heads)),
    )


def _exact(word: str) -> str:
    return f"cast({_part(word)}.exact as decimal(24, 8))"


def _part(word: str) -> str:
    """How the SQL calls an input: no input may be taken for a column of ours, such as `month`
    or `segment`.
    """
    return quote(f"of_{word}")


def _select(tree: exp.Expression, kind: str, head: str = "") -> str:
    quoted = tree.transform(
        lambda node: (
            exp.column(exp.to_identifier(f"of_{node.name}", quoted=True))
            if isinstance(node, exp.Column)
            else node
        )
    )
    value = to_sql(quoted)
    return (
        f"select {head}cast({value} as {SQL_TYPE[kind]}) as value, cast({value} as decimal(38, 10))"
        " as exact, cast(0 as bigint) as rows_counted\nfrom parts"
    )


def _tree(text: str) -> tuple[exp.Expression, tuple[str, ...]]:
    try:
        return scalar_expression(text)
    except WorkbookError as error:
        raise error_of(NotComputableError, "metrics.expression", why=str(error)) from error


def _input(word: str, given: object) -> Input:
    if isinstance(given, str):
        return Input(given)
    if (
        isinstance(given, Mapping)
        and set(given) <= {"metric", "offset_window"}
        and given.get("metric")
    ):
        return Input(str(given["metric"]), str(given.get("offset_window") or ""))
    raise error_of(NotComputableError, "metrics.input_words", input=word)
