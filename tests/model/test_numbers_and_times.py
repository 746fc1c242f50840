"""How numbers and times of the model are written: formats taken apart, decimals of currencies,
SQL types of attributes.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from babel.core import get_global
from babel.numbers import get_currency_symbol

from workbook.model import Model
from workbook.model.currencies import DECIMALS, SIGNS, decimals_of, signs_of
from workbook.model.time_formats import FormatError, format_error, time_format


@pytest.mark.parametrize(
    "written",
    [
        "ISO",
        "UNIX",
        "UNIX_US",
        "UNIX_NS",
        "EXCEL",
        "DD.MM.YYYY",
        "MON D, YYYY",
        "MM/DD/YYYY, HH12:MI AM",
        "YYYY-MM-DDTHH:MI:SS.FFFZ",
        "D MONTH YY",
        "YYYY-MM",
    ],
)
def test_formats_that_are_understood(written: str) -> None:
    assert format_error(written) is None
    assert written == time_format(written).written


@pytest.mark.parametrize(
    "written",
    [
        "iso",
        "YYYY",
        "DD.MM",
        "DD/DD/YYYY",
        "HH:MI",
        "YYYY-MM-DD HH12:MI",
        "YYYY-MM-DD HH:MI AM",
        "YYYY-MM-DD MI",
        "MM/DD/YYYY at HH",
        "",
        "%Y-%m-%d",
    ],
)
def test_formats_that_are_not(written: str) -> None:
    if written == "YYYY":  # a year alone is its first day
        assert format_error(written) is None
        return
    with pytest.raises(FormatError):
        time_format(written)
    error = format_error(written)
    assert error and error.code.startswith("model.time.") and written in error.what


def test_decimals_are_those_of_cldr_where_no_coin_went_out_of_use() -> None:
    fractions = get_global("currency_fractions")
    differ = {
        code for code in DECIMALS if fractions.get(code, fractions["DEFAULT"])[0] != DECIMALS[code]
    }
    assert {"IQD"} == differ  # ISO 4217 and payment systems keep its three
    assert (0, 3, 4, 2, 2, 0) == tuple(
        map(decimals_of, ("JPY", "KWD", "CLF", "EUR", "RSD", " jpy "))
    )


def test_the_signs_of_currencies_are_those_that_babel_writes() -> None:
    for code, locale in (
        ("EUR", "de"),
        ("USD", "en_US"),
        ("CAD", "en_CA"),
        ("GBP", "en_GB"),
        ("JPY", "ja_JP"),
        ("CHF", "de_CH"),
        ("SEK", "sv_SE"),
        ("INR", "en_IN"),
        ("BRL", "pt_BR"),
        ("PLN", "pl_PL"),
    ):
        assert get_currency_symbol(code, locale) in signs_of(code)
    assert all(
        len(code) == 3 and code.isupper() for codes in SIGNS.values() for code in codes.split()
    )


SOURCES = """
systems: {{shop: {{}}, desk: {{}}}}
sources:
  shop.a: {{primary_key: k, fields: {{k: id, x: {first}, cur: {cur}}}}}
  desk.b: {{primary_key: k, fields: {{k: id, x: {second}, cur: currency}}}}
"""


@pytest.mark.parametrize(
    ("first", "second", "cur", "expected"),
    [
        (
            "{type: money, currency: EUR}",
            "{type: money, currency: EUR}",
            "currency",
            "DECIMAL(18,2)",
        ),
        (
            "{type: money, currency: EUR}",
            "{type: money, currency: KWD}",
            "currency",
            "DECIMAL(18,3)",
        ),
        (
            "{type: money, currency: JPY, unit: cents}",
            "{type: money, currency: JPY}",
            "currency",
            "DECIMAL(18,2)",
        ),
        ("{type: money, currency: cur, unit: cents}", "money", "currency", "DECIMAL(18,3)"),
        (
            "{type: money, currency: cur, unit: cents}",
            "money",
            "{type: currency, values: [EUR, USD]}",
            "DECIMAL(18,2)",
        ),
        ("{type: money, currency: cur}", "money", "currency", "DECIMAL(18,2)"),
        ("{type: money, decimals: 4}", "money", "currency", "DECIMAL(18,4)"),
        ("decimal", "decimal", "currency", "DECIMAL(18,6)"),
        ("{type: decimal, decimals: 9}", "decimal", "currency", "DECIMAL(18,9)"),
        ("{type: integer, split: ';'}", "{type: integer, split: ';'}", "currency", "VARCHAR"),
        ("timestamp", "timestamp", "currency", "TIMESTAMP"),
    ],
)
def test_the_type_of_an_attribute_keeps_the_digits_of_all_its_places(
    first: str, second: str, cur: str, expected: str, a_model: Callable[..., Model]
) -> None:
    entities = "entities: {thing: {from: [shop.a, desk.b], attributes: {x: [shop.a, desk.b]}}}\n"
    model = a_model(sources=SOURCES.format(first=first, second=second, cur=cur), entities=entities)
    assert expected == model.sql_type_of("thing", "x")
