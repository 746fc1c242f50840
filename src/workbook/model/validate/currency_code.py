"""Codes of currencies: those of ISO 4217, also of currencies that are no more."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from workbook.errors import Problem
from workbook.model.currencies import known_codes, nearest_code
from workbook.model.validate.step_validator import Place, Validator


def currency_code(
    validator: Validator, path: Place, text: str, source: str = "", fields: Collection[str] = ()
) -> Iterator[Problem]:
    """A problem unless a text is the code of a currency, or one of the fields of a source where
    they may be named.
    """
    if text in known_codes() or text in fields:
        return
    yield validator.problem(
        path,
        "model.unknown_currency",
        text=text,
        source=source,
        fields=sorted(fields),
        code=nearest_code(text),
    )
