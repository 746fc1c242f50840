"""Codes of currencies: those of ISO 4217, also of currencies that are no more."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from workbook.errors import Problem
from workbook.model.currencies import known_codes, nearest_code
from workbook.model.validate.validator import Place, Validator
from workbook.nearest_name import did_you_mean


def currency_code(
    validator: Validator, place: Place, text: str, source: str = "", fields: Collection[str] = ()
) -> Iterator[Problem]:
    """A problem unless a text is the code of a currency, or one of the fields of a source where
    they may be named.
    """
    if text in known_codes() or text in fields:
        return
    near = nearest_code(text)
    hint = did_you_mean(text, fields) or (f"Did you mean '{near}'?" if near else "")
    known, advice = "no code of a currency", "Write a code of ISO 4217 in capitals, such as EUR."
    if source:
        known = f"neither the code of a currency nor a field of {source}"
        advice = f"Write a code of ISO 4217 in capitals, such as EUR, or name a field of {source}."
    yield validator.problem(place, f"'{text}' is {known}.", f"{hint} {advice}".strip())
