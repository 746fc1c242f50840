"""Sources whose rows say that something happened, and by which field they are dated."""

from __future__ import annotations

from workbook.model.model import Model

_DATED = ("date", "timestamp")


def dated_by(model: Model, source: str) -> str:
    """The field that says how new a row is: when it was recorded, else since when it is true;
    '' where neither is declared.
    """
    spec = model.sources.sources[source] if not model.is_open("sources") else None
    return (spec.recorded or (spec.valid[0] if spec.valid else "")) if spec else ""


def is_log(model: Model, source: str) -> bool:
    """Whether a source adds rows and never writes over one: it says when each was true and when
    it was recorded, and holds no other time that could change.

    Only of a log can an earlier state be told by leaving out what was recorded later; of any other
    source `recorded` tells when a row was last written over.
    """
    spec = model.sources.sources[source] if not model.is_open("sources") else None
    if spec is None or not spec.recorded or len(spec.valid) != 1:
        return False
    own = (spec.valid[0], spec.recorded)
    return not any(
        model.field(source, name).type in _DATED for name in spec.fields if name not in own
    )


def is_overwritten(model: Model, source: str) -> bool:
    """Whether a source writes over its rows and dates each by its last change, so that how new it
    was on an earlier day cannot be told.
    """
    spec = model.sources.sources[source] if not model.is_open("sources") else None
    return bool(spec and spec.recorded) and not is_log(model, source)


def fact_sources(model: Model) -> list[str]:
    """The sources whose rows say that something happened: dated ones, without exchange rates
    and calendars.

    A calendar is a source whose key is the day itself.
    """
    currency = model.metrics.currency if not model.is_open("metrics") else None
    rates = currency.rates.rpartition(".")[0] if currency and currency.rates else ""
    return [
        source
        for source in model.source_names
        if (field := dated_by(model, source))
        and source != rates
        and _key(model, source) != (field,)
    ]


def _key(model: Model, source: str) -> tuple[str, ...]:
    return tuple(model.sources.sources[source].primary_key)
