"""Why each value of one customer reads as it does, as a figure."""

from __future__ import annotations

from typing import Any

from workbook import survivorship
from workbook.engine import quote
from workbook.engine.sql import text
from workbook.errors import WorkbookError
from workbook.scenarios.context import Context
from workbook.scenarios.value_explainer import ValueExplainer, reason_text
from workbook.show import Column, Figure, table
from workbook.show.rows_to_frame import frame_for
from workbook.words import words_of
from workbook.words.wording import capital, humanize

_WORDS = words_of("data")
_COLUMNS = ("attribute", "value", "place", "because", "overruled")


def explanation(context: Context, name: str) -> Figure:
    """One row per attribute of one customer: the surviving value, its record, why it survives and
    what it overrules; `name` is `entity/id`, an id, a record (`system.table:key`) or a value such
    as a company's name. Values of protected classes are tokens.

    Raises:
        WorkbookError: nobody has that name, or several have.
    """
    explained = ValueExplainer(context)
    meant = explained.meant(name)
    if not context.model.has_identity(meant.entity):
        raise WorkbookError(" ".join(explained.sentences(meant)))
    rows, without = [], []
    for attribute in survivorship.attributes(context.model, meant.entity):
        row = _row(explained, meant.entity, attribute, meant.id)
        rows += [row] if row else []
        without += [] if row else [attribute]
    records = context.query(
        f"select record from {quote(meant.entity + '__clusters')} where id = {text(meant.id)}"
    ).height
    columns = [Column(column, _WORDS.text(f"explanation.columns.{column}")) for column in _COLUMNS]
    return Figure(
        "",
        _WORDS.text("explanation.title", entity=meant.entity, id=meant.id),
        _WORDS.text("explanation.subtitle", records=records, how=meant.how),
        table(frame_for(rows, columns), columns),
        _WORDS.text("explanation.caption", without=without),
    )


def _row(
    explained: ValueExplainer, entity: str, attribute: str, identifier: str
) -> dict[str, Any] | None:
    """The surviving value with what it overrules; None where no record has a value."""
    found = explained.held(entity, attribute, identifier)
    if not found:
        return None
    cls = explained.model.class_of(f"{entity}.{attribute}")
    values = explained.shown_values(found, cls, attribute, reveal=False)
    places = [explained.place(row, reveal=False) for row in found]
    kept = found[0].survives and found[0].value is not None
    others = zip(found[1:], values[1:], places[1:], strict=True)
    words = words_of("scenarios")
    overruled = [
        words.text("explain.value_of", value=value, place=place, reason=reason_text(row))
        for row, value, place in others
        if not row.alike
    ]
    return {
        "attribute": capital(humanize(attribute)),
        "value": values[0] if kept else "",
        "place": places[0],
        "because": reason_text(found[0]),
        "overruled": "; ".join(overruled),
    }
