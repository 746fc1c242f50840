"""The built-in types: what each brings to a field, once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BuiltinType:
    """What a type brings: SQL type, normaliser, privacy class, category of personal data, way to compare."""

    sql_type: str = "VARCHAR"
    normalise: str = "text"
    cls: str = "internal"
    category: str = ""
    compare: str = "equal"


TYPES: dict[str, BuiltinType] = {
    "id": BuiltinType(category="system.identifier"),
    "text": BuiltinType(),
    "integer": BuiltinType("BIGINT", "number"),
    "decimal": BuiltinType("DECIMAL(18,6)", "number"),
    "money": BuiltinType("DECIMAL(18,2)", "number", category="account.payment"),
    "currency": BuiltinType(normalise="upper", cls="public"),
    "boolean": BuiltinType("BOOLEAN", "boolean"),
    "date": BuiltinType("DATE", "date"),
    "timestamp": BuiltinType("TIMESTAMP", "date"),
    "email": BuiltinType(normalise="email", cls="personal", category="user.contact.email", compare="email"),
    "phone": BuiltinType(normalise="phone", cls="personal", category="user.contact.phone_number"),
    "person_name": BuiltinType(normalise="person_name", cls="personal", category="user.name", compare="name"),
    "full_name": BuiltinType(normalise="person_name", cls="personal", category="user.name", compare="name"),
    "postal_address": BuiltinType(normalise="text", cls="personal", category="user.contact.address"),
    "device_id": BuiltinType(cls="personal", category="user.device"),
    "ip": BuiltinType(cls="personal", category="user.device.ip_address"),
    "free_text": BuiltinType(cls="personal", category="user.content"),
    "json": BuiltinType(cls="personal", category="user.content"),
    "domain": BuiltinType(normalise="domain"),
    "url": BuiltinType(normalise="domain"),
    "company_name": BuiltinType(normalise="company_name", compare="name"),
    "country": BuiltinType(normalise="upper", cls="public"),
}
PARTS = ("first", "last")  # what full_name can be asked for: `account_name.first`
