"""What an open project and a step say of themselves: what can be asked of them."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Iterable
from typing import Any

from workbook.model import Model
from workbook.show import Column, Figure, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps import Step
from workbook.words import words_of

_WORDS = words_of("data")
_BUILDERS = frozenset({"figure", "finding", "answer", "text", "heads", "conclude", "tables"})


def asked_of(step: type[Step]) -> list[str]:
    """What a person calls of a step: its headline, its figures in the order of the page, its
    findings, then the rest.
    """
    names = [
        name
        for each in reversed(step.__mro__)
        for name, value in vars(each).items()
        if inspect.isfunction(value) and not name.startswith("_") and name not in _BUILDERS
    ]
    order = {"headline": 0, "findings": 2}
    figures = set(figures_of(step))
    unique = list(dict.fromkeys(names))
    return sorted(unique, key=lambda name: order.get(name, 1 if name in figures else 3))


def figures_of(step: type[Step]) -> dict[str, str]:
    """The methods of a step that give a figure, each with what it shows."""
    found = {}
    for name, value in vars(step).items():
        given = getattr(value, "__annotations__", {}).get("return")
        if inspect.isfunction(value) and not name.startswith("_") and given == "Figure":
            found[name] = " ".join((inspect.getdoc(value) or "").split("\n\n")[0].split())
    return found


def book_line(model: Model, day: dt.date, tables: int) -> str:
    """The project in one line."""
    return _WORDS.text("book.line", name=model.project.name, day=day, tables=tables)


def book_figure(model: Model, day: dt.date, tables: int, steps: Iterable[type[Step]]) -> Figure:
    """One row per step: how it is called, what it asks, and whether it is decided."""
    columns = [
        Column("step", _WORDS.text("book.columns.step")),
        Column("asks", _WORDS.text("book.columns.asks")),
        Column("state", _WORDS.text("book.columns.state")),
    ]
    rows = [
        {
            "step": f"book.{each.word}",
            "asks": words_of(each.word).text("asks"),
            "state": _WORDS.text(f"book.{'open' if model.is_open(each.word) else 'decided'}"),
        }
        for each in steps
    ]
    return Figure(
        "",
        _WORDS.text("book.title", name=model.project.name, day=day),
        _WORDS.text("book.subtitle", tables=tables, entities=len(model.entity_names)),
        table(frame_for(rows, columns), columns),
        _WORDS.text("book.caption"),
    )


def step_figure(step: Any) -> Figure:
    """One row per figure of a step: how it is called, and what it shows."""
    columns = [
        Column("call", _WORDS.text("step.columns.call")),
        Column("shows", _WORDS.text("step.columns.shows")),
    ]
    rows = [
        {"call": f"book.{step.word}.{name}()", "shows": shows}
        for name, shows in figures_of(type(step)).items()
    ]
    return Figure(
        "",
        _WORDS.text("step.title", page=step.page, title=step.title, asks=step.asks),
        "",
        table(frame_for(rows, columns), columns),
        _WORDS.text("step.caption", word=step.word),
    )
