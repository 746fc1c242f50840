"""All names that meet in one table: without case, as SQL compares them, and beside the columns
and tables of our own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workbook.errors import Problem
from workbook.model.model import Model
from workbook.model.validate.hints import kind_in_words
from workbook.model.validate.step_validator import Place, Validator

_READ_BY_ENGINE = "file_row_number"  # a column that the engine's Parquet reader makes itself
# Behind `m__<name>__` in the names of tables; `m__key__<entity>` and `m__link__<relationship>` are
# tables of our own.
_OF_METRIC = (
    "total",
    "rows",
    "left_out",
    "day",
    "week",
    "month",
    "quarter",
    "year",
    "fiscal_quarter",
    "fiscal_year",
    "each",
    "at_once",
    "theirs",
    "split",
    "against",
)
# the file's step, the kind of thing, and its place, which ends with its name
Named = tuple[str, str, Place]


def names(model: Model) -> Iterator[Problem]:
    """Names that SQL could not tell apart and that no column of their own can part; each with
    both places and what to do.
    """
    yield from _fields(model)
    yield from _tables(model)
    yield from _metric_tables(model)
    yield from _of_entities(model)


def _fields(model: Model) -> Iterator[Problem]:
    """The fields of one source are the columns of one table."""
    if model.is_open("sources"):
        return
    validator = Validator(model, "sources")
    for name, source in model.sources.sources.items():
        path = ("sources", name, "fields")
        yield from _apart(
            model,
            [("sources", "field", (*path, field)) for field in source.fields],
            "column",
        )
        for field in source.fields:
            if field.casefold() == _READ_BY_ENGINE:
                yield validator.problem((*path, field), "model.names.of_the_engine", name=field)
    yield from _apart(
        model,
        [("sources", "source", ("sources", name)) for name in model.sources.sources],
        "file",
    )


def _tables(model: Model) -> Iterator[Problem]:
    """Entities and relationships are tables of their own name."""
    section = model.entities
    if not model.is_open("entities"):
        named: list[Named] = [
            ("entities", "entity", ("entities", name)) for name in section.entities
        ]
        named += [
            ("entities", "relationship", ("relationships", name)) for name in section.relationships
        ]
        yield from _apart(model, named, "table")
        for word, _, path in named:
            if "__" in str(path[-1]):
                yield _two_underscores(Validator(model, word), path)
    views = model.customer_360
    if not model.is_open("customer_360"):
        for kind, item in (("views", views.views), ("audiences", views.audiences)):
            yield from _apart(
                model,
                [("customer_360", kind[:-1], (kind, name)) for name in item],
                "table",
            )
    if not model.is_open("checks"):
        yield from _apart(
            model,
            [("checks", "check", ("checks", name)) for name in model.checks.checks],
            "table",
        )


def _metric_tables(model: Model) -> Iterator[Problem]:
    """Metrics, movements and dashboards are tables that begin with `m__`."""
    section = model.metrics
    if model.is_open("metrics"):
        return
    validator = Validator(model, "metrics")
    named: list[Named] = [
        ("metrics", kind, (word, name))
        for kind, word, item in (
            ("metric", "metrics", section.metrics),
            ("movement", "movements", section.movements),
            ("dashboard", "dashboards", section.dashboards),
        )
        for name in item
    ]
    yield from _apart(model, named, "table")
    yield from _apart(
        model,
        [("metrics", "rule", ("rules", name)) for name in section.rules],
        "table",
    )
    ours = {
        "key": model.entities.entities,
        "link": model.entities.relationships,
    }
    for _, kind, path in named:
        name = str(path[-1])
        if "__" in name:
            yield _two_underscores(validator, path)
        for other in ours.get(name.casefold(), ()):
            if other.casefold() in _OF_METRIC:
                yield validator.problem(
                    path,
                    "model.names.two_owners_of_a_table",
                    table=f"m__{name}__{other}",
                    kind=kind_in_words(kind),
                    name=name,
                    other=other,
                )


def _of_entities(model: Model) -> Iterator[Problem]:
    """One word means one thing of an entity; words that differ in case only get columns of
    their own.
    """
    section = model.entities
    for entity in section.entities:
        attributes, kept = model.attributes(entity), model.kept_of(entity)
        for rule in model.rules_of(entity):
            if rule in kept and rule not in attributes:
                path = model.place(f"history.history.{entity}.{rule}")
                yield Validator(model, "metrics").problem(
                    ("rules", rule),
                    "model.names.rule_and_history",
                    name=rule,
                    place=path,
                    entity=entity,
                )
        lived = model.history.lifecycle
        if entity in lived and "lifecycle" in model.names_of(entity):
            yield Validator(model, "history").problem(
                ("lifecycle", entity), "model.names.lifecycle", entity=entity
            )


def _two_underscores(validator: Validator, path: Place) -> Problem:
    name = str(path[-1])
    return validator.problem(
        path, "model.names.two_underscores", name=name, better=name.replace("__", "_")
    )


def _apart(model: Model, named: Iterable[Named], both: str) -> Iterator[Problem]:
    """A problem for each name that is equal to an earlier one without case; `both` says what
    the two would be.
    """
    seen: dict[str, Named] = {}
    for item in named:
        word, kind, path = item
        name = str(path[-1])
        first = seen.setdefault(name.casefold(), item)
        if first is not item:
            text, other = model.texts[first[0]], str(first[2][-1])
            yield Validator(model, word).problem(
                path,
                "model.names.same_name",
                kind=kind_in_words(kind),
                name=name,
                first=kind_in_words(first[1]),
                other=other,
                place=f"{text.file}:{text.line(first[2])}",
                both=both,
            )
