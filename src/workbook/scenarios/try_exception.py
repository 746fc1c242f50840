"""An exception that somebody tries: the model with it, and the line that writes it down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial

from workbook import survivorship
from workbook.errors import WorkbookError
from workbook.model import Model
from workbook.model.csv_append import append_line, take_back
from workbook.model.csv_ledger import read_lines
from workbook.nearest_name import did_you_mean
from workbook.scenarios.adopt import Adopted, Signature, function_of, owner_for, reason
from workbook.scenarios.context import Context
from workbook.scenarios.pair_review import reviewer
from workbook.survivorship.exceptions import COLUMNS
from workbook.words import error_of, words_of

_TRIED = "what-if"


def exempting(context: Context, row: Mapping[str, str]) -> Model:
    """The model as if an exception stood at the end of the file.

    Raises:
        WorkbookError: it names no field, record or source of the model, or no day that is to come.
    """
    model = context.model.as_if(
        survivorship.EXCEPTIONS, {**dict.fromkeys(COLUMNS, ""), **row, "id": _TRIED}
    )
    tried = next(
        exception for exception in survivorship.exceptions(model) if exception.id == _TRIED
    )
    entity, _, attribute = tried.field.partition(".")
    if tried.trouble:
        raise error_of(
            WorkbookError,
            "scenarios.exception_refused",
            why=tried.trouble,
            hint=_hint(model, entity, attribute, tried.use_source),
        )
    clusters = f"{entity}__clusters"
    if not context.has(clusters) or tried.record not in set(context.frame(clusters)["record"]):
        raise error_of(
            WorkbookError,
            "scenarios.unknown_record",
            entity=entity,
            source=model.entity_sources(entity)[0],
            hint="",
        )
    day = model.project.as_of
    if isinstance(day, dt.date) and not tried.holds(day):
        raise error_of(WorkbookError, "scenarios.exception_past", until=tried.until or "", day=day)
    return model


def _hint(model: Model, entity: str, attribute: str, source: str) -> str:
    places = model.attributes(entity).get(attribute, ())
    if places:
        return did_you_mean(
            source,
            {name for ref in places for name in (ref.source, model.system_of(ref.source))}
            - {source},
        )
    return did_you_mean(
        f"{entity}.{attribute}",
        [
            f"{name}.{attribute}"
            for name in model.entity_names
            for attribute in model.attributes(name)
        ],
    )


def adopt_exception(model: Model, row: Mapping[str, str], signature: Signature) -> Adopted:
    """Write one line at the end of the exceptions; what it gives names neither the record nor
    the value.

    Raises:
        WorkbookError: no reason, nobody of this project, another department owns the field and
            did not agree, or a file that cannot be written; nothing is written then.
    """
    because, by = reason(signature.because), function_of(model, signature.by)
    if signature.sentence.strip():
        raise error_of(WorkbookError, "scenarios.exception_has_no_sentence")
    owner = model.owner_of("survivorship", "fields", row["field"])
    owner = owner_for(model, row["field"], owner, by, signature.agreed_by)
    because += f" (agreed by {owner})" if owner != by else ""
    at = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    cells = {**row, "at": at, "because": because, "by": reviewer(model, signature.by)}
    path = model.root / model.project.decisions / survivorship.EXCEPTIONS
    before = path.read_bytes() if path.is_file() else None
    written = append_line(path, COLUMNS, "e", cells)
    line = next(line for line, item in read_lines(path, COLUMNS)[0] if item["id"] == written)
    place = f"{model.project.decisions}/{survivorship.EXCEPTIONS}"
    words = words_of("scenarios").text(
        "adopted.exception", id=written, field=row["field"], by=cells["by"]
    )
    back = partial(take_back, path, before, written)
    return Adopted(f"{place}:{line}", words, back, model.root)
