"""Columns of numbers: whole numbers, decimals, amounts with their currency and smallest unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workbook.model.currencies import SIGNS
from workbook.model.decimals import LIMITS
from workbook.sources.onboard.column_decision import Beside, Typed
from workbook.sources.onboard.column_values import ColumnValues
from workbook.sources.onboard.headers import word_set
from workbook.sources.onboard.number_style import Numbers, read_numbers

MONEY = word_set(  # words of amounts
    """amount price revenue mrr arr cost fee fees balance total subtotal refund refunded
    discount ltv spend budget tax taxes shipping payment wage wages salary payout turnover tip
    income gross net"""
)
_OTHER = word_set(
    """count counts quantity qty days number year years rate ratio percent percentage pct share
    score months hours minutes seconds tokens units seats id ids month week version level rank
    micros nanos"""
)
_SMALLER = {"micros", "nanos"}
_SMALLEST = {"cents", "cent", "pence", "minor", "kopecks", "ore", "rappen"}  # amounts in them
_POSTCODES = {"zip", "zipcode", "postcode", "postal", "plz"}
_CODES = {"USD", "EUR", "GBP", "CHF", "JPY", "SEK", "CAD", "AUD", "NOK", "DKK", "PLN"}
_ISO = r"^[A-Za-z]{3}$"
_DIGITS = 6  # behind the mark: more is no amount, and a decimal keeps no more unless it is said
_MOST = LIMITS[1]


def number_kind(column: ColumnValues, beside: Beside) -> Typed | None:
    """The type of a column of numbers; digits that start with a zero are a code, not a number."""
    words = set(column.words)
    if words & _POSTCODES and (not column.distinct or column.share(r"\d") > 0.5):
        return Typed("postal_code", guess=("type", "class"))
    numbers = beside.numbers.get(column.name)
    if numbers is None and column.name not in beside.numbers:
        numbers = read_numbers(column)
    if numbers is None and not column.distinct and _is_amount_by_name(column):
        return Typed("money", guess=("type",))
    if numbers is None or not column.enough(*numbers.shares):
        return None
    if column.share(r"^0\d+$") > 0.02 or "code" in words:
        return Typed("text")
    unsure = () if numbers.sure else ("thousands" if numbers.way[1] != "none" else "decimal_mark",)
    if not _is_share(column, words, numbers) and _is_money(
        words, column.words[-1] if column.words else "", numbers
    ):
        return _money(column, beside, numbers, unsure)
    kind = "integer" if numbers.whole and not numbers.percent else "decimal"
    found = Typed(kind, guess=unsure, misfits=numbers.misfits, told=_smaller(words))
    return (
        found if numbers.decimals <= _DIGITS else found.also(decimals=min(numbers.decimals, _MOST))
    )


def _is_share(column: ColumnValues, words: set[str], numbers: Numbers) -> bool:
    """Whether discounts are shares: 0.1 is no amount."""
    small = not numbers.whole and column.fits(r"^-?(0?[.,]\d+|[01]([.,]0*)?)$")
    return small and words & MONEY == {"discount"} and column.share(r"[1-9]") > 0


def _is_amount_by_name(column: ColumnValues) -> bool:
    """Whether an empty column is called like an amount."""
    return bool({*column.words[-1:]} & MONEY) and not set(column.words) & _OTHER


def _smaller(words: set[str]) -> str:
    """What to say of amounts in a unit that no word of the model reads."""
    if not (words & _SMALLER and words & MONEY):
        return ""
    part = "millionths" if "micros" in words else "thousand-millionths"
    return f"counts {part} of an amount, so that it is no money yet: divide it in the export"


def _is_money(words: set[str], last: str, numbers: Numbers) -> bool:
    if (numbers.currency or numbers.signs) and not numbers.percent:
        return True
    counted = (
        numbers.whole and words & MONEY == {"total"} and last not in ("total", *_SMALLEST)
    )  # total orders
    named = bool(words & MONEY) or any(word.upper() in _CODES for word in words)
    return (
        named
        and not words & _OTHER
        and not counted
        and not numbers.percent
        and numbers.decimals <= _DIGITS
    )


def _money(
    column: ColumnValues, beside: Beside, numbers: Numbers, unsure: tuple[str, ...]
) -> Typed:
    named = currency_beside(column, beside)
    found = Typed("money", guess=("type", *unsure), misfits=numbers.misfits)
    if numbers.decimals > 2:
        found = found.also(decimals=min(numbers.decimals, _MOST))
    words = set(column.words)
    if words & _SMALLEST and numbers.whole:
        found = found.also(*() if "cents" in words else ("unit",), unit="cents")
    elif numbers.whole and {"unit", "amount"} <= words and _are_large(column):
        found = found.also("unit", unit="cents")  # as payment systems call it
    elif numbers.whole and _smallest_unit(column, beside, named):
        found = found.also("unit", unit="cents")
    elif numbers.whole and _could_be_cents(column, beside, named or _of_payments(beside)):
        found = replace(
            found, told="holds whole numbers only: where 4900 means 49.00, write `unit: cents`"
        )
    if numbers.currency and (numbers.only or not named):
        sure = () if numbers.only else ("currency",)
        return found.also(*sure, currency=numbers.currency)
    if numbers.signs and not named:
        return Typed("text", because=_of_several(numbers.signs))
    return _in_currency(found, column, beside, named) if named else found


def _of_several(signs: Sequence[str]) -> str:
    """Why amounts whose signs no one currency explains stay text."""
    shown = " and ".join(signs[:3])
    if len(signs) > 1:
        return f"its amounts are in several currencies ({shown}), and no column says which"
    codes = ", ".join(SIGNS.get(signs[0], "").split()[:4])
    return f"the sign {shown} may be any of {codes}: write `type: money` and `currency:`"


def currency_beside(column: ColumnValues, beside: Beside) -> str:
    """The column of currencies whose name is nearest to that of an amount, or the code in its
    own name.
    """
    own = next((word.upper() for word in column.words if word.upper() in _CODES), "")
    others = [each for each in beside.columns if is_currency(each) and each.name != column.name]
    if own or not others:
        return own
    words = set(column.words)
    return max(
        others, key=lambda each: (len(words & set(each.words)), -len(set(each.words) - words))
    ).name


def _in_currency(found: Typed, column: ColumnValues, beside: Beside, named: str) -> Typed:
    """The amount with its currency: the only one of the file, where some rows name none."""
    codes = next((each for each in beside.columns if each.name == named), None)
    without = (
        0 if codes is None else int((column.cells.is_not_null() & codes.cells.is_null()).sum())
    )
    if codes is None or not without or not codes.distinct:
        return found.also(currency=named)
    if codes.distinct > 1:
        told = f"has no currency in {without:,} rows, where {named} is empty"
        return replace(found.also(currency=named), told=told)
    only = str(codes.values[0]).upper()
    told = f"is read as {only}, the only currency, because {named} is empty in {without:,} rows"
    return replace(found.also("currency", currency=only), told=told)


def is_currency(column: ColumnValues) -> bool:
    """Whether a column holds codes of currencies."""
    return bool({"currency", "ccy"} & set(column.words)) and column.fits(_ISO)


def _smallest_unit(column: ColumnValues, beside: Beside, currency: str) -> bool:
    """Whether whole amounts look like cents, as programs write them: a currency in small
    letters, no amount with a mark.
    """
    codes = next((each for each in beside.columns if each.name == currency), None)
    if codes is None or codes.share(r"^[a-z]{3}$") < 1:
        return False
    return _could_be_cents(column, beside, currency)


def _of_payments(beside: Beside) -> str:
    """The column of ids as payment systems make them, which count in the smallest unit."""
    ids = r"^(cus|sub|ch|pi|in|re|txn|po|price|si|ii|cn)_[A-Za-z0-9]{3,}$"
    return next((each.name for each in beside.columns if each.share(ids) > 0.9), "")


def _could_be_cents(column: ColumnValues, beside: Beside, currency: str) -> bool:
    """Whether whole amounts with a currency, or beside ids of payments, are large, and no amount
    beside them has a mark.
    """
    marked = any(
        numbers is not None and not numbers.whole and MONEY & set(each.words)
        for each in beside.columns
        if (numbers := beside.numbers.get(each.name))
    )
    return bool(currency) and not marked and _are_large(column)


def _are_large(column: ColumnValues) -> bool:
    """Whether nearly all amounts have three digits or more."""
    return column.share(r"^-?(0|[1-9]\d{2,})$") >= 0.8 and column.share(r"[1-9]") > 0
