"""The built-in types: what each brings to a field, once."""

from __future__ import annotations

from dataclasses import dataclass

EXACT = "exact"
PARTS = ("first", "last")  # what full_name can be asked for: `account_name.first`


@dataclass(frozen=True)
class Method:
    """How values are compared: what makes two of them equal, with two that are.

    `grouped` is the method by which values share a segment, where that is stricter than
    matching: two companies called Acme GmbH and Acme Ltd may be matched by name, and remain two
    segments. `one_spelling`: tables hold one spelling of each value. `cased`: values that
    differ by letter case alone may be two.
    """

    says: str
    equal: tuple[str, str]
    grouped: str = ""
    one_spelling: bool = False
    cased: bool = False


METHODS: dict[str, Method] = {
    EXACT: Method(
        "The same text, blanks around it left out when the file is read.",
        ("a1B2", "a1B2"),
        cased=True,
    ),
    "category": Method(
        "Letter case, repeated blanks and Unicode variants make no difference.",
        ("Pro", "PRO "),
        one_spelling=True,
    ),
    "email": Method(
        "One mailbox: letter case, and at providers that ignore them `+tags` and dots, make no"
        " difference.",
        ("Ann.Lee+news@gmail.com", "annlee@googlemail.com"),
    ),
    "phone": Method(
        "One number in international form (E.164); a national number needs a region.",
        ("020 7946 0958", "+44 20 7946 0958"),
    ),
    "domain": Method(
        "The registered domain of a host, an address of a page or a mailbox.",
        ("https://www.firm.example/about", "firm.example"),
    ),
    "url": Method(
        "Matched by registered domain; a segment is one page.",
        ("https://www.firm.example/", "firm.example"),
        grouped="web_address",
    ),
    "web_address": Method(
        "One page: scheme, `www.`, letter case of the host and a slash at the end make no"
        " difference.",
        ("https://www.firm.example/a/", "firm.example/a"),
        cased=True,
    ),
    "company_name": Method(
        "Matched without legal form, accents and punctuation; a segment keeps the legal form.",
        ("Bäcker & Söhne GmbH", "Backer and Sohne"),
        grouped="category",
    ),
    "person_name": Method(
        "Matched without accents and punctuation.",
        ("O’Brien-Łukasz", "obrien lukasz"),
        grouped="category",
    ),
    "postal_address": Method(
        "Matched without accents and punctuation.",
        ("12, Main St.", "12 main st"),
        grouped="category",
    ),
    "postal_code": Method("Letters and digits only.", ("SW1A 1AA", "sw1a1aa")),
    "tax_id": Method(
        "Without blanks and punctuation; a VAT number with its country.",
        ("de 123 456 789", "DE123456789"),
    ),
    "letters_and_digits": Method("Letters and digits only.", ("DE 123-456", "de123456")),
    "country": Method(
        "One country (ISO 3166) by code of two or three letters, number, English or local name.",
        ("Deutschland", "DEU"),
        one_spelling=True,
    ),
    "language": Method(
        "One language (ISO 639-1) by code, locale, English or own name.",
        ("Deutsch", "de-AT"),
        one_spelling=True,
    ),
}


def grouping_of(method: str) -> str:
    """The method by which values share a segment, a filter and a count of different values."""
    return METHODS[method].grouped or method if method in METHODS else method


@dataclass(frozen=True)
class BuiltinType:
    """What a type brings: how cells are read (SQL type), method of comparison, privacy class,
    category of personal data, levels of likeness.
    """

    sql_type: str = "VARCHAR"
    normalise: str = EXACT
    cls: str = "internal"
    category: str = ""
    compare: str = "equal"
    example: str = ""
    reads: str = "text"


TYPES: dict[str, BuiltinType] = {
    "id": BuiltinType(
        category="system.identifier", example="001D000000IRFma", reads="text, letter case kept"
    ),
    "text": BuiltinType(example="Q3 renewal", reads="text, letter case kept"),
    "category": BuiltinType(
        normalise="category",
        example="Pro",
        reads="text with single blanks; pages show one spelling of each value",
    ),
    "integer": BuiltinType("BIGINT", example="12", reads="a whole number"),
    "decimal": BuiltinType("DECIMAL(18,6)", example="0.125", reads="a number"),
    "money": BuiltinType(
        "DECIMAL(18,2)",
        category="account.payment",
        example="12.50",
        reads="an amount in the currency of the field",
    ),
    "currency": BuiltinType(cls="public", example="EUR", reads="a code, in capitals"),
    "boolean": BuiltinType(
        "BOOLEAN", example="yes", reads="true, t, yes, y, 1 or false, f, no, n, 0"
    ),
    "date": BuiltinType("DATE", example="2025-06-30", reads="a day"),
    "timestamp": BuiltinType(
        "TIMESTAMP", example="2025-06-30T09:15:00Z", reads="a moment, kept in UTC"
    ),
    "email": BuiltinType(
        normalise="email",
        cls="personal",
        category="user.contact.email",
        compare="email",
        example="ann@firm.example",
    ),
    "phone": BuiltinType(
        normalise="phone",
        cls="personal",
        category="user.contact.phone_number",
        example="+44 20 7946 0958",
        reads="text; `region:` says how national numbers are read",
    ),
    "person_name": BuiltinType(
        normalise="person_name", cls="personal", category="user.name", compare="name", example="Ann"
    ),
    "full_name": BuiltinType(
        normalise="person_name",
        cls="personal",
        category="user.name",
        compare="name",
        example="Ann Lee",
        reads="text; `.first` and `.last` are its parts",
    ),
    "postal_address": BuiltinType(
        normalise="postal_address",
        cls="personal",
        category="user.contact.address",
        example="12 Main St.",
    ),
    "postal_code": BuiltinType(
        normalise="postal_code",
        cls="personal",
        category="user.contact.address.postal_code",
        example="SW1A 1AA",
    ),
    "tax_id": BuiltinType(normalise="tax_id", category="user.government_id", example="DE123456789"),
    "device_id": BuiltinType(cls="personal", category="user.device", example="a3f1-77c0"),
    "ip": BuiltinType(cls="personal", category="user.device.ip_address", example="192.0.2.1"),
    "free_text": BuiltinType(cls="personal", category="user.content", example="Please call back"),
    "json": BuiltinType(
        cls="personal", category="user.content", example='{"plan": "pro"}', reads="JSON, as text"
    ),
    "domain": BuiltinType(normalise="domain", example="firm.example"),
    "url": BuiltinType(normalise="url", example="https://firm.example/pricing"),
    "company_name": BuiltinType(normalise="company_name", compare="name", example="Acme GmbH"),
    "country": BuiltinType(
        normalise="country",
        cls="public",
        example="DE",
        reads="text; pages show the code of two letters",
    ),
    "language": BuiltinType(
        normalise="language",
        cls="public",
        example="de",
        reads="text; pages show the code of two letters",
    ),
    "salesforce_id": BuiltinType(
        category="system.identifier",
        example="001D000000IRFmaIAH",
        reads="15 or 18 characters, kept as 18",
    ),
}
