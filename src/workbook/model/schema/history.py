"""06_history.yml: attributes with their history, events, lifecycle states, erasures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from workbook.model.schema.base import Decided, Names, Part


class Kept(Decided):
    """An attribute of which every past value is kept, and how its source writes the past down."""

    from_: str = Field(alias="from")
    as_: Literal["periods", "changes", "snapshots", "events"] = Field(alias="as")
    value: str
    before: str = ""
    where: str = ""
    absent: Literal["", "ends"] = ""  # of snapshots: whoever the next one leaves out has no value from then on


class Event(Decided):
    """Something that happens to an entity; `at` is the valid time of the row unless it says otherwise."""

    from_: str = Field(alias="from")
    of: str
    at: str = ""
    where: str = ""
    first: bool = False
    last: bool = False


class State(Part):
    """A lifecycle state: the event that starts it, the states that may follow, how long it should last."""

    starts: str
    next: Names = ()
    expected: str = ""


class Erasure(Decided):
    """Requests to be forgotten: no personal value of who made one is kept, only that something stood there; `at` as for an event."""

    from_: str = Field(alias="from")
    at: str = ""
    where: str = ""


class History(Decided):
    history: Mapping[str, Kept] = Field(default_factory=dict)
    events: Mapping[str, Event] = Field(default_factory=dict)
    lifecycle: Mapping[str, Mapping[str, State]] = Field(default_factory=dict)
    erasures: Mapping[str, Erasure] = Field(default_factory=dict)  # entity -> where its requests to be forgotten stand
