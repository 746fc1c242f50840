"""Follows a customer from the first system to the last along the identifiers of the trace, and
says where it breaks.
"""

from __future__ import annotations

from dataclasses import dataclass

from workbook.engine import Table, quote
from workbook.engine.comparison_keys import key_name, key_sql, keyed_rows
from workbook.engine.list_value_rows import value_rows
from workbook.engine.sql import text
from workbook.model import FieldRef, Model
from workbook.sources.profile.identifiers import home, places
from workbook.sources.profile.landing_counts import STEP

ROWS = "evidence__trace_rows"


@dataclass(frozen=True)
class Stop:
    """One stop of the trace: a system (or a source, where all lies in one system) and how it is
    reached.

    `identifier` is what names its things. `by` are the identifiers that lead here; `key_shared`
    is whether one of the trace itself does, and not only another that happens to stand on both
    sides.
    """

    number: int
    name: str
    sources: tuple[str, ...]
    identifier: str
    by: tuple[str, ...] = ()
    key_shared: bool = True

    @property
    def table(self) -> str:
        """The evidence table of the stop."""
        return f"evidence__trace__{self.number}"


def stops(model: Model) -> tuple[Stop, ...]:
    """The stops in order: where each identifier of the trace is at home, then wherever else the
    last of them stands.
    """
    trace = tuple(name for name in (model.sources.trace) if places(model).get(name))
    if not trace:
        return ()
    several = (
        len({model.system_of(ref.source) for name in trace for ref in places(model)[name]}) > 1
    )
    unit = model.system_of if several else str
    order: dict[str, str] = {}
    for name in trace:
        order.setdefault(unit(_start(model, name).source), name)
    for ref in places(model)[trace[-1]]:
        order.setdefault(unit(ref.source), trace[-1])
    members = {
        name: tuple(source for source in model.source_names if unit(source) == name)
        for name in order
    }
    found: list[Stop] = []
    for number, (name, identifier) in enumerate(order.items(), 1):
        by, shared = (
            _way(model, members[name], [source for stop in found for source in stop.sources], trace)
            if found
            else ((), True)
        )
        found.append(Stop(number, name, members[name], identifier, by, shared))
    return tuple(found)


def start_of(model: Model) -> FieldRef | None:
    """The field whose values set out."""
    trace = [name for name in (model.sources.trace) if places(model).get(name)]
    return _start(model, trace[0]) if trace else None


def _start(model: Model, identifier: str) -> FieldRef:
    return home(model, identifier) or places(model)[identifier][0]


def _way(
    model: Model, here: tuple[str, ...], before: list[str], trace: tuple[str, ...]
) -> tuple[tuple[str, ...], bool]:
    """The identifiers that stand both here and before: those of the trace, else strong ones,
    else weak ones.
    """
    shared = [
        name
        for name, refs in places(model).items()
        if {r.source for r in refs} & set(here) and {r.source for r in refs} & set(before)
    ]
    along = tuple(name for name in trace if name in shared)
    if along:
        return along, True
    known = model.sources.identifiers
    strong = tuple(name for name in shared if known[name].strength == "strong")
    return strong or tuple(shared), False


def trace_tables(model: Model) -> list[Table]:
    """The rows of all stops by their identifiers, and for each stop what every start value
    finds there.
    """
    every = stops(model)
    if not every:
        return []
    wanted = {
        *(model.sources.trace),
        *(name for stop in every for name in stop.by),
    }
    cls = _class(model, wanted)
    return [
        _rows_table(model, every, wanted, cls),
        *(_stop_table(model, every, stop, cls) for stop in every if stop.number == 1 or stop.by),
    ]


def _class(model: Model, wanted: set[str]) -> str:
    classes = [
        model.field(ref.source, ref.field).cls for name in wanted for ref in places(model)[name]
    ]
    return max(classes, key=("public", "internal", "personal", "sensitive").index)


def _rows_table(model: Model, every: tuple[Stop, ...], wanted: set[str], cls: str) -> Table:
    parts = []
    for source in (source for stop in every for source in stop.sources):
        held = [
            (name, ref.field)
            for name in sorted(wanted)
            for ref in places(model)[name]
            if ref.source == source
        ]
        names = sorted({field for _, field in held})
        keys = ", ".join(
            f"{quote(field) if model.field(source, field).split else key_sql(model, source, field)}"
            f" as {quote(key_name(field))}"
            for field in names
        )
        fields = ", ".join(quote(key_name(field)) for field in names)
        for name, field in held:
            several = model.field(source, field).split
            value = key_sql(model, source, field, "listed") if several else quote(key_name(field))
            each = (
                f"join {value_rows(model, source, field)} as listed on listed._row ="
                " combined.place\n"
                if several
                else ""
            )
            parts.append(
                f"select cast({text(source)} as varchar) as source, place, cast({text(name)} as"
                f" varchar) as identifier, {value} as value\nfrom (select min(_row) as place,"
                f" {fields} from (select _row, {keys} from {keyed_rows(model, source, names)} as"
                f" held) as keyed group by {fields}) as combined\n{each}where"
                f" combined.{quote(key_name(field))} is not null"
            )
    return Table(
        name=ROWS,
        row_is=(
            "one value of one identifier in one combination of identifiers that some row of a"
            " source holds"
        ),
        step=STEP,
        keys=("source", "place", "identifier", "value"),
        sql="\nunion\n".join(parts),
        classes={"value": cls},
    )


def _stop_table(model: Model, every: tuple[Stop, ...], stop: Stop, cls: str) -> Table:
    """Rows found by an arriving identifier, then rows of the same stop that an identifier of
    the trace leads to from there.
    """
    trace = ", ".join(text(name) for name in (model.sources.trace))
    here = ", ".join(text(source) for source in stop.sources)
    arrived = _setting_out(model, every) if stop.number == 1 else _arriving(every, stop)
    sql = (
        f"with arrived as (\n{arrived}\n),\nhere as (\nselect source, place, identifier, value from"
        f" {ROWS} where source in ({here})\n),\nfirst_rows as (\nselect distinct a.start_value,"
        " h.source, h.place\nfrom arrived as a\njoin here as h on h.identifier = a.identifier and"
        " h.value = a.value\n),\nfirst_keys as (\nselect distinct f.start_value, h.identifier,"
        " h.value\nfrom first_rows as f\njoin here as h on h.source = f.source and h.place ="
        " f.place\n),\nsecond_rows as (\nselect distinct k.start_value, h.source, h.place\nfrom"
        " first_keys as k\njoin here as h on h.identifier = k.identifier and h.value ="
        f" k.value\nwhere k.identifier in ({trace})\n)\nselect start_value, identifier, value from"
        " first_keys\nunion\nselect s.start_value, h.identifier, h.value\nfrom second_rows as"
        " s\njoin here as h on h.source = s.source and h.place = s.place"
    )
    return Table(
        name=stop.table,
        row_is=f"one value of one identifier in {stop.name} that one value of the start leads to",
        step=STEP,
        keys=("start_value", "identifier", "value"),
        sql=sql,
        classes={"start_value": cls, "value": cls},
    )


def _setting_out(model: Model, every: tuple[Stop, ...]) -> str:
    ref = start_of(model)
    source, field = (ref.source, ref.field) if ref else ("", "")
    key = key_sql(model, source, field)
    return (
        f"select distinct {key} as start_value, cast({text(every[0].identifier)} as varchar) as"
        f" identifier, {key} as value\nfrom {value_rows(model, source, field)} as held\nwhere {key}"
        " is not null"
    )


def _arriving(every: tuple[Stop, ...], stop: Stop) -> str:
    names = ", ".join(text(name) for name in stop.by)
    earlier = [
        other for other in every if other.number < stop.number and (other.number == 1 or other.by)
    ]
    return "\nunion\n".join(
        f"select start_value, identifier, value from {other.table} where identifier in ({names})"
        for other in earlier
    )


def measure_sql(every: tuple[Stop, ...]) -> str:
    """One row per stop that is reached at all: starts that reach it, that reached every stop so
    far, things here, things found.
    """
    parts = []
    known = [stop for stop in every if stop.number == 1 or stop.by]
    for stop in known:
        so_far = [other for other in known if other.number <= stop.number]
        unbroken = len(so_far) == stop.number
        joins = "\n".join(
            f"join (select distinct start_value from {o.table}) as t{o.number} on"
            f" t{o.number}.start_value = s.start_value"
            for o in so_far[1:]
        )
        here = ", ".join(text(source) for source in stop.sources)
        things = f"from {ROWS} where identifier = {text(stop.identifier)} and source in ({here})"
        whole = (
            f"(select count(*) from (select distinct start_value from {so_far[0].table}) as"
            f" s\n{joins})"
            if unbroken
            else "0"
        )
        parts.append(
            f"select {stop.number} as stop, (select count(distinct start_value) from {stop.table})"
            f" as reached, {whole} as unbroken,\n  (select count(distinct value) {things}) as"
            f" things,\n  (select count(distinct value) from {stop.table} where identifier ="
            f" {text(stop.identifier)}) as found"
        )
    return "\nunion all\n".join(parts)
