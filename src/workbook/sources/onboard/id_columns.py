"""Columns of ids and codes: what names a row, or leads to a row of another table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workbook.privacy import guess
from workbook.sources.onboard.amounts import MONEY
from workbook.sources.onboard.column_decision import Typed
from workbook.sources.onboard.column_values import ColumnValues
from workbook.sources.onboard.headers import word_set

_IDS = {"id", "ids", "uuid", "guid"}
_THINGS = word_set(
    """customer account company organization organisation user contact person member client
    tenant workspace subscription order invoice payment charge product plan price ticket lead
    deal opportunity parent owner contract case quote shipment delivery transaction item policy"""
)
_WHO = word_set(
    "customer account company organization organisation user contact person member client tenant"
    " workspace parent owner"
)
_NUMBERS = {"no", "nr", "num", "number", "ref", "reference", "code"}
_FEW, _MANY = 3, 20  # different values of a category
_ITEMS = {"sku", "ean", "gtin", "upc", "barcode", "isbn", "asin"}
_CODE = r"^[A-Za-z]*[_-]?[A-Za-z0-9_-]*\d[A-Za-z0-9_.-]*$|^[0-9a-fA-F-]{12,}$"
# Objects of Salesforce begin with three characters that say what they are.
_SALESFORCE = (
    r"^(00[0-9A-Za-z]|01[0-9a-zA-Z]|02[is]|0Q[0-9A-Za-z]|[578]0[0-3]|a[0-9A-Z][0-9A-Za-z])"
    r"[0-9a-zA-Z]{12}([A-Z0-5]{3})?$"
)
_TAX = {"vat", "ein", "siren", "siret", "ustid", "nif", "abn", "gstin"}
# the tax itself abroad, of which a number may be meant: USt-IdNr., N° TVA, P. IVA, BTW-nummer
_TAX_ABROAD = {"ust", "mwst", "tva", "iva", "btw", "moms"}
_TAX_NUMBER = (  # letters of a country first, or eight digits and more; an amount is none of these
    r"^([A-Za-z]{2,3}[ .-]?[A-Za-z0-9][A-Za-z0-9 .-]{5,}|(?:\d[ ./-]?){7,14}[\dA-Za-z])$"
)
_OF_TAX = word_set(
    "rate amount percent percentage pct total sum net gross base excl incl excluding including"
    " paid due"
)


def code_kind(column: ColumnValues) -> Typed | None:
    """An id by its name, an id of Salesforce by its values, a tax number; None for anything
    else.
    """
    found = _code_kind(column)
    return found if found is None else replace(found, misfits=column.spoiled)


def _code_kind(column: ColumnValues) -> Typed | None:
    words = column.words
    last = words[-1] if words else ""
    if salesforce(column):
        named = bool(_IDS & set(words))
        return Typed("salesforce_id", guess=() if named else ("type",))
    by_name = guess(column.header) or guess(column.name)
    if (
        by_name is not None
        and by_name.word in ("national_id", "account")
        and not column.share(r"\s.*\s")
    ):
        return Typed("id", cls="sensitive", guess=("type", "class"))
    if _is_tax_number(column, by_name is not None and by_name.word == "tax_id"):
        return Typed("tax_id", guess=("type",))
    if last in _IDS or (last == "key" and column.unique):
        return Typed("id")
    numbered = last in _NUMBERS and len(words) > 1 and words[-2] in _THINGS
    if (
        last in _ITEMS
        or numbered
        or (
            words in (("number",), ("reference",), ("code",))
            and column.unique
            and like_code(column)
        )
    ):
        return (
            Typed("id", guess=("type",)) if not column.distinct or column.fits(r"^\S+$") else None
        )
    if (
        _IDS & set(words)
        and column.distinct
        and column.fits(r"^[A-Za-z0-9_.:;|-]{4,}$")
        and column.share(r"\d") > 0.9
    ):
        return Typed("id", guess=("type",))
    spoiled = 2 * column.spoiled > column.filled_rows and not set(words) & (_OF_TAX | MONEY)
    if spoiled or _of_one_prefix(column):
        return Typed("id", guess=("type",))
    by_value = column.content
    if by_value is not None and by_value.cls == "sensitive":
        return Typed("id", cls="sensitive", guess=("type", "class"))
    if last in _THINGS and column.distinct > _FEW and column.fits(_CODE):
        # a price of 12 is no id, a customer 12 is
        numbered = last in _WHO and column.fits(r"^\d+$")
        return (
            Typed("id", guess=("type",)) if numbered or column.share(r"[A-Za-z]") >= 0.9 else None
        )
    return None


def _is_tax_number(column: ColumnValues, by_name: bool) -> bool:
    """Whether a column is called like a number of a tax and, where the tax itself may be meant,
    holds no amounts; `by_name`: the name can mean nothing else.
    """
    words = set(column.words)
    if by_name:
        return column.share(r"\d") > 0.5 or not column.distinct
    if words & _OF_TAX or not words & (_TAX | _TAX_ABROAD):
        return False
    if not column.distinct:
        return bool(words & (_TAX - {"vat"} | _IDS | _NUMBERS))
    return column.share(_TAX_NUMBER) > 0.5 and column.share(r"\d[.,]\d{2}$") <= 0.5


def _of_one_prefix(column: ColumnValues) -> bool:
    """Whether values are ids by their form: one prefix in small letters before all of them, as in
    cus_9s6XKzkNRiz8i3, and more of them than a category has.
    """
    form = r"^([a-z]{1,8}_)[A-Za-z0-9]{3,}$"
    many = column.distinct >= _MANY or 2 * column.distinct >= column.filled_rows
    return (
        column.distinct > _FEW
        and many
        and column.fits(form)
        and column.share(r"_.*\d") > 0.9
        and column.values.str.extract(form).drop_nulls().n_unique() == 1
    )


def salesforce(column: ColumnValues) -> bool:
    """Whether a column holds ids of Salesforce: 15 characters, or 18, of one kind of object."""
    return (
        column.distinct > 0
        and column.fits(_SALESFORCE)
        and column.share(r"[A-Za-z]") == 1
        and column.share(r"^[0-9a-f]+$") < 0.5
    )


def with_salesforce(types: dict[str, Typed], columns: Sequence[ColumnValues]) -> dict[str, Typed]:
    """The types of a file: beside ids of Salesforce, empty ones are of Salesforce, too.

    A custom field (`__c`) may hold any other system's id.
    """
    theirs = [name for name, kind in types.items() if kind.type == "salesforce_id"]
    for column in columns if theirs else ():
        standard = (
            not column.distinct
            and column.words[-1:] == ("id",)
            and not column.header.lower().endswith("__c")
        )
        found = types[column.name]
        if standard and found.type == "id" and not found.words and "type" not in found.guess:
            types[column.name] = replace(found, type="salesforce_id").also("type")
    return types


def like_code(column: ColumnValues) -> bool:
    """Whether a column's values look like keys: no blanks, a digit in each, not short."""
    return column.distinct >= 3 and column.fits(_CODE) and column.share(r"^.{5,}$") >= 0.9
