"""Columns about people, firms and places: names, addresses, devices, texts, by values and by
name together.
"""

from __future__ import annotations

from workbook.privacy import GIVEN_NAMES, guess
from workbook.sources.onboard.column_decision import Beside, Typed
from workbook.sources.onboard.column_values import ColumnValues
from workbook.sources.onboard.headers import singular, word_set, words_of

EMAIL = r"^[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+$"
_HOST = r"^(https?://)?([A-Za-z0-9-]+\.)+[A-Za-z]{2,}(:\d+)?/?$"
_PAGE = r"^(https?://)?([A-Za-z0-9-]+\.)+[A-Za-z]{2,}(:\d+)?([/?#]\S*)?$"
_LEGAL = (
    r"(?i)\b(inc|llc|ltd|limited|gmbh|ag|corp|corporation|co|plc|s\.?a|sarl|bv"
    r"|group|partners|solutions|systems|company)\b\.?$"
)
_COOKIE = (
    r"^[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}$|^[0-9a-fA-F]{16,64}$"
    r"|^(GA1\.\d\.)?\d{5,10}\.\d{5,10}$"
    r"|^[A-Za-z0-9_-]{20,}$"
)
_PERSONS = {
    "user",
    "person",
    "people",
    "contact",
    "member",
    "requester",
    "employee",
    "agent",
    "lead",
    "subscriber",
    "patient",
    "student",
    "guest",
}
_COMPANIES = {
    "company",
    "organization",
    "organisation",
    "account",
    "client",
    "customer",
    "workspace",
    "tenant",
    "vendor",
    "partner",
    "firm",
    "supplier",
    "employer",
}
_FIRMS = {
    "company",
    "organization",
    "organisation",
    "employer",
    "firm",
    "vendor",
    "supplier",
    "partner",
}
ROLES = word_set(
    """requester submitter assignee owner author manager rep representative buyer signatory
    caller reporter creator salesperson employee recipient sender attendee beneficiary
    cardholder approver reviewer advisor spouse"""
)
_PARTS = {"first", "last", "given", "middle", "family", "maiden", "sur"}
_LAST = {"last", "family", "maiden", "sur", "surname", "lastname"}
_PERSON_WORDS = {"firstname", "lastname", "surname", "forename", "middlename"}
_WHOLE = {
    "full",
    "display",
    "contact",
    "person",
    "owner",
    "buyer",
    "manager",
    "rep",
    "author",
    "legal",
    "native",
}
_PLACES = {"city", "town", "province", "state", "county", "region", "country", "code"}
_FREE = {
    "note",
    "notes",
    "comment",
    "comments",
    "message",
    "subject",
    "description",
    "feedback",
    "body",
    "transcript",
    "text",
    "remarks",
}
_DEVICES = {"device", "cookie", "fingerprint", "visitor", "anonymous", "pseudo"}
_TOKENS = {"session", "client", "userid", "sessionid", "clientid"}
CATEGORY = 50  # so many different values at the most
_OF_ROWS = 0.2


def device_kind(column: ColumnValues) -> Typed | None:
    """Ids of devices, browsers and visits: by their name, or by name and form."""
    words, last = set(column.words), column.words[-1] if column.words else ""
    named = bool(_DEVICES & words) and last in (
        "id",
        "uuid",
        "userid",
        "token",
        "device",
        "cookie",
        "fingerprint",
    )
    named = named or column.words[-2:] in (("domain", "userid"), ("network", "userid"))
    formed = bool(_TOKENS & words) and column.distinct and column.fits(_COOKIE)
    return Typed("device_id", guess=("type", "class")) if named or formed else None


def place_kind(column: ColumnValues, beside: Beside) -> Typed | None:
    """Currencies, countries, languages, domains and pages."""
    words = set(column.words)
    lettered = not column.distinct or column.share(r"^[^\d@]+$") >= 0.9
    if words & {"currency", "ccy"} and column.fits(r"^[A-Za-z]{3}$"):
        return Typed("currency", guess=("type",))
    if words & {"country", "nation", "countries"} and lettered:
        return Typed("country", guess=("type",))
    if words & {"language", "locale", "lang"} and lettered and column.share(r"^.{2,20}$") == 1:
        return Typed("language", guess=("type",))
    if words & {
        "domain",
        "website",
        "url",
        "site",
        "homepage",
        "web",
        "link",
        "referrer",
        "page",
    } and column.fits(_PAGE):
        return Typed(
            "domain" if column.fits(_HOST) and "url" not in words else "url", guess=("type",)
        )
    here = words & {"city", "town", "ort", "suburb"} and not words & {"code"}
    if here and any(_address_word(each) for each in beside.columns if each.name != column.name):
        return Typed("text", cls="personal", guess=("class",))
    return None


def _address_word(column: ColumnValues) -> bool:
    return (
        bool(
            {"street", "zip", "postcode", "postal", "plz", "address", "addr", "line1"}
            & set(column.words)
        )
        and "email" not in column.words
    )


def person_kind(column: ColumnValues, beside: Beside) -> Typed | None:
    """Names of people and firms, and addresses of houses."""
    words, last = set(column.words), column.words[-1] if column.words else ""
    seen = column.content
    content = seen.word if seen else ""
    if words & _FIRMS and last in _FIRMS and _lettered(column):
        return Typed("company_name", guess=("type",))
    if _is_address(column, words) or content == "address":
        return Typed("postal_address", guess=("type", "class"))
    if _is_part(column) or _is_last_name(column, beside):
        return _person(column, "person_name")
    if "name" in words and words & _WHOLE and not words & _FIRMS:
        return _person(column, "full_name")
    if _is_role(column, words, last) and _names_someone(column, content):
        return Typed("full_name", guess=("type", "class"))
    if words & _FIRMS and last == "name" and _lettered(column):
        return Typed("company_name", guess=("type",))
    if last == "name":
        found = _bare_name(column, beside)
        if found is not None:
            return found
    if content == "name" and column.share(_LEGAL) < 0.1:
        return Typed("full_name", guess=("type", "class"))
    return (
        Typed("company_name", guess=("type",))
        if column.distinct >= 3 and column.share(_LEGAL) >= 0.5
        else None
    )


def _is_address(column: ColumnValues, words: set[str]) -> bool:
    named = guess(column.header)
    other = words & {"email", "mac", "ip", "web"} or words & _PLACES
    if named is None or named.word != "address" or other:
        return False
    return not column.distinct or column.share(r"[^\W\d_]{2,}") >= 0.5


def _is_part(column: ColumnValues) -> bool:
    """Whether a column is called like a part of a person's name."""
    words = set(column.words)
    return ("name" in words and bool(words & _PARTS)) or bool(words & _PERSON_WORDS)


def _is_last_name(column: ColumnValues, beside: Beside) -> bool:
    """Whether a bare name stands beside a first name and no last one: Vorname, Name."""
    parts = [set(each.words) for each in beside.columns if _is_part(each)]
    return column.words == ("name",) and bool(parts) and not any(each & _LAST for each in parts)


def _person(column: ColumnValues, kind: str) -> Typed | None:
    lettered = not column.distinct or (
        column.share(r"^[^\W\d_]") >= 0.5 and column.share(r"[@/\\]") < 0.5
    )
    return Typed(kind, guess=("type", "class")) if lettered else None


def _is_role(column: ColumnValues, words: set[str], last: str) -> bool:
    """Whether a column is called by what somebody does: an owner, whoever approved it."""
    by = len(column.words) > 1 and last == "by"
    person = last in _PERSONS and not column.unique and " " in "".join(column.sample[:9])
    return last in ROLES or by or person or (last == "name" and bool(words & ROLES))


def _names_someone(column: ColumnValues, content: str) -> bool:
    """Whether a column of a role holds names, and not ids, e-mails or departments."""
    if not column.distinct:
        return True
    two = column.share(r"^\S+,? \S+") >= 0.5
    return content == "name" or (
        two and column.share(r"^[^@;|/_]+$") >= 0.9 and column.share(r"^[^\W\d_]") >= 0.9
    )


def _lettered(column: ColumnValues) -> bool:
    return not column.distinct or (
        column.share(r"[^\W\d_]{2,}") >= 0.5 and not column.fits(r"^\S*\d\S*$")
    )


def _bare_name(column: ColumnValues, beside: Beside) -> Typed | None:
    """A name without more words is that of whatever its table is about."""
    rest = {singular(word) for word in column.words[:-1] or words_of(beside.table)}
    legal = column.share(_LEGAL)
    people = any(
        {"email", "mail", "phone", "mobile"} & set(other.words) for other in beside.columns
    )
    if "agent" in rest and column.words[:-1] and column.content is None:
        return None  # a browser has a name, too
    if rest & _PERSONS or (rest & _COMPANIES and people and legal < 0.2):
        return Typed("full_name", guess=("type", "class"))
    return Typed("company_name", guess=("type",)) if rest & _COMPANIES or legal >= 0.2 else None


def written_text(column: ColumnValues) -> Typed | None:
    """Text that somebody wrote: by its name, or by its length."""
    named = _FREE & set(column.words) and not {"type", "id", "status", "count"} & set(column.words)
    if named or _reads_like_text(column):
        return Typed("free_text", guess=("type", "class"))
    return None


def category_of(column: ColumnValues) -> Typed | None:
    """Few words that repeat: a category, internal unless they could be names."""
    few = 0 < column.distinct <= CATEGORY and column.distinct <= _OF_ROWS * column.filled_rows
    if not few:
        return None
    numbered = column.share(r"^[\d.,+-]*\d[\d.,]*$") > 0
    wordy = (
        column.share(r"^[^@]{1,40}$") == 1
        and column.share(r"[^\W\d_]") >= 0.5
        and column.share(r"(\S+\s+){5,}") == 0
    )
    if numbered or not wordy:
        return None
    return (
        Typed("category", guess=("type",))
        if _could_name(column)
        else Typed("category", cls="internal", guess=("type", "class"))
    )


def _could_name(column: ColumnValues) -> bool:
    """Whether few words could be those of people, so that their class is left open: given
    names, or two capitalised words.
    """
    named = sum(value.split()[0].lower() in GIVEN_NAMES for value in column.sample if value.strip())
    return column.share(r"^\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+$") > 0.6 or named >= 0.3 * len(column.sample)


def _reads_like_text(column: ColumnValues) -> bool:
    if column.filled_rows < 20 or column.distinct <= column.filled_rows / 4:
        return False
    length = float(column.values.str.len_chars().mean() or 0)  # type: ignore[arg-type]
    return length > 40 and column.share(r"\S+\s+\S+\s+\S+\s+\S+") > 0.5
