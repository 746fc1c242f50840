"""How it is said what a number's rows lack."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from workbook.metrics.compile.currency import OLD, home
from workbook.metrics.compile.metric_rows import NO_VALUE
from workbook.metrics.compile.movements import resolve_movement
from workbook.metrics.compile.time_spine import GRAINS
from workbook.metrics.compile.units import resolved
from workbook.metrics.results.metric_check import MetricCheck
from workbook.metrics.results.rate_direction import SAYS
from workbook.model import Model
from workbook.words import number

TOLD = (
    "rate",
    "past rate",
    "crossed",
    "old rate",
    "written later",
    "date",
    "undated",
    "negative",
    "empty",
    "gaps",
)


def left_out_of(model: Model, proof: MetricCheck) -> str:
    """What to know of a number's rows, in one sentence."""
    one, rows = proof.rows == 1, number.plural(proof.rows, "row")
    match proof.kind:
        case "date":
            return (
                f"{rows} {'has' if one else 'have'} no date and {'is' if one else 'are'} left out."
            )
        case "undated":
            amount = f" ({number.number(_cents(proof.amount), 2)})" if proof.amount else ""
            return (
                f"{rows}{amount} {'has' if one else 'have'} no date:"
                f" {'it stands' if one else 'they stand'} in the total and in no month."
            )
        case "negative":
            lessen = "is below zero and lessens" if one else "are below zero and lessen"
            return f"{rows} ({number.number(_cents(proof.amount), 2)}) {lessen} it."
        case "crossed":
            return (
                f"{rows} in {proof.about} ({number.number(_cents(proof.amount), 2)}): no direct"
                f" rate, so {'it is' if one else 'they are'} converted by two rates of one day."
            )
        case "old rate" | "written later":
            return _doubted(proof)
        case "past rate":
            return (
                f"{number.plural(proof.rows, 'earlier month')}, the last {proof.about},"
                f" {'lacks' if one else 'lack'} up to"
                f" {number.plural(int(proof.found or 0), 'row')}: their currency had no exchange"
                " rate then."
            )
        case "at once":
            entity, each = (
                resolve_movement(model, proof.metric)[1].entity,
                ("1 has" if one else f"{number.integer(proof.rows)} have"),
            )
            return (
                f"of {_spoken(proof.about)}, {each} several rows of {_spoken(entity)} in force on"
                f" the as-of day ({number.integer(int(proof.found or 0))}); each counts in full."
            )
        case "empty":
            return (
                "it counts none of"
                f" {number.plural(proof.rows, f'row of {_spoken(proof.about)}', f'rows of {_spoken(proof.about)}')}:"
                f" {_why_none(model, proof)}."
            )
        case "gaps":
            return (
                f"no value in {gap_of(proof)}, because there is nothing to divide by or a part is"
                " unknown there."
            )
        case _:
            whose = "without a currency" if proof.about == NO_VALUE else f"in {proof.about}"
            return (
                f"{rows} {whose} ({number.number(_cents(proof.amount), 2)})"
                f" {'has' if one else 'have'} no exchange rate and {'is' if one else 'are'} left"
                " out."
            )


def gap_of(proof: MetricCheck) -> str:
    """`3 of 12 months`, `1 of 5 segments by country`."""
    every = int(proof.expected or 0)
    return (
        f"{number.integer(proof.rows)} of {number.plural(every, proof.about.replace('_', ' '))}"
        if proof.about in GRAINS
        else (
            f"{number.integer(proof.rows)} of {number.plural(every, 'segment')} by"
            f" {_spoken(proof.about.rpartition('.')[2])}"
        )
    )


def contested_of(proof: MetricCheck) -> str:
    """Rates that contradict each other, in one sentence."""
    months = number.plural(proof.rows, "month")
    return (
        f"{proof.about} has several exchange rates of one day, and {months}"
        f" {'rests' if proof.rows == 1 else 'rest'} on one of them: the last in its source stands."
    )


def crossed_of(model: Model, proof: MetricCheck) -> str:
    """A currency that is brought over by way of another, in one sentence."""
    currency, _, via = proof.about.partition(" via ")
    return (
        f"No exchange rate leads from {currency} to {home(model)}: in"
        f" {number.plural(proof.rows, 'month')} amounts are converted via {via}, by the two rates"
        " of the last day that has both, to 15 digits. A direct rate would go before."
    )


def doubt_of(proof: MetricCheck) -> str:
    """Rates that speak against the direction in which they are read, in one sentence."""
    pair, _, doubt = proof.about.partition(" ")
    base, _, quoted = pair.partition("/")
    if doubt in ("direct", "ways"):
        return (
            f"{base} in {quoted}, on {number.plural(proof.rows, 'day')}: {SAYS[doubt]}. Find out"
            " which rate is wrong."
        )
    return (
        f"{number.plural(proof.rows, 'exchange rate')} of {base} in {quoted}: {SAYS[doubt]}."
        " Converted amounts may be wrong. Confirm base and quote of the rates."
    )


def _doubted(proof: MetricCheck) -> str:
    """Rows that count, and with something of another day: an old rate, or what their source
    wrote later.
    """
    one, rows = proof.rows == 1, number.plural(proof.rows, "row")
    if proof.kind == "old rate":
        return (
            f"{rows} in {proof.about} ({number.number(_cents(proof.amount), 2)}): the last exchange"
            f" rate is more than {OLD} days older than the day for which it is used. Load newer"
            " rates."
        )
    return (
        f"{number.integer(proof.rows)} of {rows_of(proof.expected)} {'was' if one else 'were'}"
        f" written after the as-of day, in {_spoken(proof.about.replace('.', ' '))}: what"
        f" {'it' if one else 'they'} held on that day is not known, so what stands there today is"
        " counted."
    )


def rows_of(count: Decimal | None) -> str:
    """A number of rows."""
    return number.plural(int(count or 0), "row")


def _why_none(model: Model, proof: MetricCheck) -> str:
    found = resolved(model, proof.metric)
    time = {
        "flow": "is dated by the as-of day",
        "level": "is in force on the as-of day",
        "cumulative": "lies in its window",
    }.get(found.kind if found.at else "", "")
    return (
        "none " + " and ".join(filter(None, ["fits its filter" if found.filter else "", time]))
        if found.filter or time
        else "none was recorded by the as-of day"
    )


def _spoken(name: str) -> str:
    return name.replace("_", " ")


def _cents(value: Decimal | None) -> Decimal:
    return (value or Decimal(0)).quantize(Decimal("0.01"), ROUND_HALF_UP)
