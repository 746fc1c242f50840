"""What a column holds: what its values prove, and what its name suggests, which is marked as a guess."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from workbook.model import CLASSES, TYPES
from workbook.onboard.column import Read, singular, words_of
from workbook.onboard.formats import ENOUGH, Formats, is_day, is_time, share
from workbook.privacy import guess

_EMAIL = r"^[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+$"
_DOMAIN = r"^(https?://)?([A-Za-z0-9-]+\.)+[A-Za-z]{2,}(/\S*)?$"
_IP = r"^(\d{1,3}\.){3}\d{1,3}$"
_PHONE = r"^\+?[\d][\d\s().x/-]{5,22}$|^\(\d[\d\s().x/-]{5,22}$"
_LEGAL = r"(?i)\b(inc|llc|ltd|limited|gmbh|ag|corp|corporation|co|plc|s\.?a|sarl|bv|group|partners|solutions|systems|company)\b\.?$"
_WHOLE = r"^[+-]?\d+$"
_TRUE_FALSE = ({"true", "false"}, {"yes", "no"}, {"t", "f"}, {"y", "n"})
_PERSONS = {"user", "person", "people", "contact", "member", "requester", "employee", "agent", "lead", "subscriber", "patient", "student", "guest"}
_COMPANIES = {"company", "organization", "organisation", "account", "client", "customer", "workspace", "tenant", "vendor", "partner", "firm", "supplier", "employer"}
_FIRMS = {"company", "organization", "organisation", "employer", "firm", "vendor", "supplier", "partner"}
_MONEY = {"amount", "price", "revenue", "mrr", "arr", "cost", "fee", "balance", "total", "subtotal", "refund", "discount", "ltv", "spend", "budget", "tax", "payment"}
_FLAGS = {"is", "has", "flag", "was", "can"}
_FREE = {"note", "notes", "comment", "comments", "message", "subject", "description", "feedback", "body", "transcript", "text"}
_MEASURES = ("date", "timestamp", "integer", "decimal", "money")
_OF_A_PERSON = ("birth", "location", "salary")  # numbers and days that are personal themselves
_CODES = {"USD", "EUR", "GBP", "CHF", "JPY", "SEK", "CAD", "AUD"}


@dataclass(frozen=True)
class Typed:
    """What was decided of a column; `guess` are the words of it that somebody must confirm."""

    type: str
    cls: str = ""
    unit: str = ""
    currency: str = ""
    guess: tuple[str, ...] = ()
    misfits: int = 0

    def block(self, column: Read) -> Any:
        """The field as the model writes it: its type alone where nothing else is said."""
        values: dict[str, Any] = {"type": self.type}
        values |= {"column": column.header} if column.header != column.name else {}
        values |= {"class": self.cls} if self.cls else {}
        values |= {word: value for word, value in (("unit", self.unit), ("currency", self.currency)) if value}
        values |= {"guess": list(self.guess)} if self.guess else {}
        return self.type if len(values) == 1 else values


def typed(column: Read, table: str, beside: Collection[Read], formats: Formats) -> Typed:
    """The type of a column; a name that suggests a stricter class than the type brings is believed until somebody looks."""
    found = _proven(column, formats) or _named(column, table, beside, formats)
    suggested = guess(column.name)
    if suggested is None or CLASSES.index(suggested.cls) <= CLASSES.index(TYPES[found.type].cls):
        return found
    if found.type == "boolean" or (found.type in _MEASURES and suggested.cls == "personal" and suggested.word not in _OF_A_PERSON):
        return found  # an e-mail's date is no e-mail
    return replace(found, cls=suggested.cls, guess=tuple(dict.fromkeys((*found.guess, "class"))))


def _proven(column: Read, formats: Formats) -> Typed | None:
    """What the values alone say."""
    values = column.values
    if not len(values):
        return None
    if share(values.head(500), r"^[\[{].*[\]}]$") == 1 and _is_json(values.head(500)):
        return Typed("json", guess=("class",))
    if share(values, _EMAIL) >= 0.9:
        return Typed("email", guess=("type",) if share(values, _EMAIL) < ENOUGH else ())
    here = set(values.unique().str.to_lowercase().head(10).to_list())
    if any(here <= pair and (here == pair or set(column.words) & _FLAGS or "true" in pair) for pair in _TRUE_FALSE):
        return Typed("boolean")
    if here <= {"0", "1"} and set(column.words) & _FLAGS:
        return Typed("boolean", guess=("type",))
    for kind, fits in (("timestamp", is_time(values, formats)), ("date", is_day(values, formats))):
        if fits >= ENOUGH and not (kind == "timestamp" and is_day(values, formats) == 1):
            return Typed(kind, misfits=round(len(values) * (1 - fits)))
    if share(values, _IP) >= ENOUGH:
        return Typed("ip")
    return None


def _is_json(values: pl.Series) -> bool:
    try:
        return len(values.str.json_decode(infer_schema_length=None)) > 0
    except pl.exceptions.PolarsError:
        return False


def _named(column: Read, table: str, beside: Collection[Read], formats: Formats) -> Typed:
    """What name and values say together: a key, a phone, a number, a place, a name, a text, in this order."""
    return (
        _key_like(column)
        or _phone(column)
        or _number(column, beside, formats)
        or _place(column)
        or _name(column, table, beside)
        or _words_of_people(column)
        or Typed("text")
    )


def _key_like(column: Read) -> Typed | None:
    words, last = set(column.words), column.words[-1] if column.words else ""
    if {"device", "cookie", "fingerprint"} & words and last in ("id", "uuid", "device", "cookie"):
        return Typed("device_id", guess=("type", "class"))
    return Typed("id") if last in ("id", "uuid", "guid") or (last == "key" and column.unique) else None


def _phone(column: Read) -> Typed | None:
    named = {"phone", "mobile", "telephone", "tel", "fax", "msisdn", "whatsapp"} & set(column.words)
    looks = share(column.values, _PHONE) >= ENOUGH and share(column.values, r"^[+(]") > 0.3
    return Typed("phone", guess=("type", "class")) if named or looks else None


def _place(column: Read) -> Typed | None:
    """Currencies, countries, domains."""
    words, values = set(column.words), column.values
    if words & {"currency", "ccy"} and share(values, r"^[A-Za-z]{3}$") >= ENOUGH:
        return Typed("currency", guess=("type",))
    if words & {"country", "nation"}:
        return Typed("country", guess=("type",))
    if share(values, _DOMAIN) >= ENOUGH and words & {"domain", "website", "url", "site", "homepage", "web"}:
        return Typed("domain" if "url" not in words else "url", guess=("type",))
    return None


def _words_of_people(column: Read) -> Typed | None:
    """Addresses, and text that somebody wrote."""
    words = set(column.words)
    if words & {"address", "street"} and not words & {"email", "ip", "mac"}:
        return Typed("postal_address", guess=("type", "class"))
    if words & _FREE or _reads_like_text(column.values, column.distinct):
        return Typed("free_text", guess=("type", "class"))
    return None


def _number(column: Read, beside: Collection[Read], formats: Formats) -> Typed | None:
    """Whole numbers, amounts and decimals; digits that start with a zero are a code, not a number."""
    values, words = column.values, set(column.words)
    mark = "," if formats.decimal_mark == "comma" else r"\."
    whole, fits = share(values, _WHOLE), share(values, rf"^[+-]?(\d+{mark}?\d*|{mark}\d+)$")
    if fits < ENOUGH:
        return None
    if share(values, r"^0\d+$") > 0 or words & {"zip", "postcode", "postal", "code"}:
        return Typed("text")
    misfits = round(len(values) * (1 - fits))
    if words & _MONEY and not words & {"count", "quantity", "qty", "days", "number"}:
        cents = "cents" in words and whole == fits
        fine = cents or share(values, rf"^[+-]?\d+({mark}\d{{1,2}})?$") == fits
        if fine:
            return Typed("money", unit="cents" if cents else "", currency=_currency(column, beside), guess=("type",), misfits=misfits)
    return Typed("integer" if whole == fits else "decimal", misfits=misfits)


def _currency(column: Read, beside: Collection[Read]) -> str:
    """The column beside it that holds currencies, or the code in its own name."""
    for other in beside:
        if {"currency", "ccy"} & set(other.words) and share(other.values, r"^[A-Za-z]{3}$") >= ENOUGH:
            return other.name
    return next((word.upper() for word in column.words if word.upper() in _CODES), "")


def _name(column: Read, table: str, beside: Collection[Read]) -> Typed | None:
    words, last = set(column.words), column.words[-1] if column.words else ""
    if (words & {"first", "last", "given", "middle", "family", "maiden"} and last == "name") or words & {"firstname", "lastname", "surname", "forename"}:
        return Typed("person_name", guess=("type", "class"))
    if words & {"full", "display", "contact", "person", "owner", "buyer", "manager", "rep", "agent", "author"} and last in ("name", "fullname"):
        return Typed("full_name", guess=("type", "class"))
    if words & _FIRMS and (last == "name" or last in _FIRMS):
        return Typed("company_name", guess=("type",))
    if last != "name":
        return None
    rest = {singular(word) for word in (column.words[:-1] or words_of(table))}
    legal = share(column.values, _LEGAL)
    people = any({"email", "mail", "phone", "mobile"} & set(other.words) for other in beside)
    if rest & _PERSONS or (rest & _COMPANIES and people and legal < 0.2):
        return Typed("full_name", guess=("type", "class"))
    return Typed("company_name", guess=("type",)) if rest & _COMPANIES or legal >= 0.2 else None


def _reads_like_text(values: pl.Series, distinct: int) -> bool:
    if len(values) < 20:
        return False
    spaces = share(values, r"\S+\s+\S+\s+\S+\s+\S+")
    return spaces > 0.5 and distinct > len(values) / 4 and float(values.str.len_chars().mean() or 0) > 40  # type: ignore[arg-type]
