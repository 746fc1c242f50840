"""Guesses the class of a field that nobody classified, by its name and by its values; a guess
is written as a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from workbook.privacy.given_names import GIVEN_NAMES
from workbook.privacy.header_words import folded, meaning_of


@dataclass(frozen=True)
class ClassGuess:
    """A guessed class, the word for its tokens, and the words of the name, or `values`, that
    led to it.
    """

    cls: str
    word: str
    because: str


def _joined(first: str, last: str) -> str:
    """Every first word before every last one."""
    return " ".join(f"{left}_{right}" for left in first.split() for right in last.split())


# Who an id may be that of: an id of a person is no name, and personal data all the same.
_WHO = """user contact person employee member subscriber requester submitter assignee owner
    author recipient lead login staff guest student patient visitor attendee candidate who"""
# Words in a row that mean something personal; the first that fits wins, so narrow ones stand first.
_SIGNS: tuple[tuple[str, str, str], ...] = (
    (
        "sensitive",
        "health",
        "health diagnosis disease medical medication patient disability allergy",
    ),
    ("sensitive", "belief", "religion ethnicity ethnic race nationality political union"),
    ("sensitive", "gender", "gender sex pronouns orientation sexual"),
    ("sensitive", "secret", "password passwd secret api_key access_token credential"),
    (
        "sensitive",
        "national_id",
        (
            "ssn social_security national_id passport driver_license drivers_license driver_licence"
            " drivers_licence driving_licence driving_license licence_number license_number nin bsn"
            " identity_card id_card"
        ),
    ),
    (
        "sensitive",
        "account",
        "iban bic bank_account account_iban sort_code card_number pan cvv credit_card",
    ),
    ("sensitive", "tax_id", "tax_id tax_number tin personal_tax"),
    ("sensitive", "biometric", "biometric fingerprint_scan face_id"),
    ("personal", "email", "email e_mail mail_address mailbox"),
    ("personal", "phone", "phone telephone mobile fax cell_number msisdn whatsapp"),
    ("personal", "birth", "birth birthday birthdate dob date_of_birth age born"),
    ("personal", "ip", "ip ip_address ip_addr ipv4 ipv6 remote_addr"),
    (
        "personal",
        "device",
        (
            "device_id device_token imei mac_address advertising_id idfa gaid cookie cookie_id"
            " user_agent fingerprint domain_userid network_userid anonymous_id visitor_id"
            " user_pseudo_id"
        ),
    ),
    (
        "personal",
        "address",
        "street address address_line addr_line postal_address house_number home_address zip_4",
    ),
    ("personal", "postcode", "postcode postal_code zip zip_code"),
    ("personal", "location", "latitude longitude lat lng geo_point"),
    ("personal", "job", _joined("job", "title role position function") + " occupation profession"),
    (
        "personal",
        "employee",
        _joined("account deal record lead ticket", "owner manager executive")
        + " "
        + _joined("owner assignee employee manager rep", "name")
        + " "
        + _joined("sales", "rep person")
        + " salesperson",
    ),
    (
        "personal",
        "person_id",
        _joined(_WHO, "id ids uuid guid") + " userid " + _joined("employee staff", "number no"),
    ),
    (
        "personal",
        "name",
        (
            "first_name last_name full_name given_name family_name surname middle_name maiden_name"
            " person_name contact_name customer_name user_name username nickname signatory"
            " salutation name_first name_last name_full name_middle"
        ),
    ),
    ("personal", "handle", "linkedin twitter handle skype"),
    ("personal", "salary", "salary wage income"),
    ("personal", "text", "comment comments message body free_text note notes feedback transcript"),
)
# Words that make something else of what stands before or after them: the type of a phone, the
# country of a passport.
_split = str.split
_ABOUT = frozenset(
    _split(
        """type types status state kind verified validated confirmed count counts total sent
        opened clicked bounced domain provider format preference preferences frequency language
        country countries netspeed isp organization organisation version policy template
        campaign subject_line expiry expires expiration valid"""
    )
)
# whatever is said of these is sensitive
_ALWAYS = ("health", "belief", "gender", "secret", "biometric")
_BEFORE = frozenset(
    _split(
        "unsubscribed subscribed opted opt optin optout accepts wants allow allowed receive"
        " receives no num number_of"
    )
)
_PLURALS = {
    f"{word}s": word
    for word in ("email", "phone", "mobile", "name", "password", "device", "birthday", "cookie")
} | {"addresses": "address"}
_SPLIT = {
    "ipaddress": "ip_address",
    "ipaddr": "ip_addr",
    "useragent": "user_agent",
    "zipcode": "zip_code",
    "firstname": "first_name",
    "lastname": "last_name",
    "fullname": "full_name",
    "domainuserid": "domain_userid",
    "networkuserid": "network_userid",
    "macaddress": "mac_address",
    "phonenumber": "phone_number",
    "emailaddress": "email_address",
    "streetaddress": "street_address",
    "addr": "address",
    "anonymousid": "anonymous_id",
}
_LOOKUP = tuple(
    (cls, word, tuple(sign.split("_"))) for cls, word, signs in _SIGNS for sign in signs.split()
)
_ENOUGH = 0.9


def guess(name: str) -> ClassGuess | None:
    """The class that a field's name suggests, or None where nothing in it looks personal.

    >>> guess("contactEmail")
    ClassGuess(cls='personal', word='email', because='email')
    >>> guess("seats"), guess("unsubscribed_from_emails"), guess("ip_netspeed")
    (None, None, None)
    """
    words = _words(name)
    for cls, word, sign in _LOOKUP:
        for at in range(len(words)):
            if words[at : at + len(sign)] == sign and _meant(word, words, at, at + len(sign)):
                return ClassGuess(cls, word, "_".join(sign))
    return None


def guess_by_values(values: Sequence[str]) -> ClassGuess | None:
    """The class that different values of a field suggest by their form, or None; at least three
    must fit.

    >>> guess_by_values(["192.0.2.1", "192.0.2.7", "2001:db8::1"])
    ClassGuess(cls='personal', word='ip', because='values')
    """
    if len(values) < 3:
        return None
    for cls, word, fits, enough in _CONTENT:
        if sum(map(fits, values)) >= enough * len(values):
            return ClassGuess(cls, word, "values")
    return None


def _meant(word: str, words: tuple[str, ...], start: int, end: int) -> bool:
    """Whether the words around a sign leave it its meaning."""
    before, after = set(words[:start]), words[end:]
    if word in _ALWAYS:
        return True
    if before & _BEFORE or set(after) & _ABOUT:
        return False
    if word in ("text", "address", "name", "postcode", "location") and set(after) & {
        "id",
        "ids",
        "key",
        "at",
        "length",
    }:
        return False
    return not (
        word == "ip" and after and after[0] not in ("address", "addr", "v4", "v6", "hash", "raw")
    )


def _words(name: str) -> tuple[str, ...]:
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", folded(name))
    words = re.sub(r"[^a-z0-9]+", "_", split.lower()).strip("_").split("_")
    joined = "_".join(_SPLIT.get(word, meaning_of(word)) for word in words).replace(
        "e_mail", "email"
    )
    return tuple(_PLURALS.get(word, word) for word in joined.split("_"))


# ---- values

_SHAPES = {
    "email": r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+",
    "ip": (
        r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)"
        r"|(?=[0-9a-fA-F:.]*:[0-9a-fA-F:.]*:)[0-9a-fA-F:.]{3,45}"
    ),
    "user_agent": (
        r"(?:Mozilla|Opera|Dalvik|okhttp|curl|PostmanRuntime|python-requests)/\d.*"
        r"|.*\b(?:AppleWebKit|Gecko)/\d.*"
    ),
    "ssn": r"(?!000|666)[0-8]\d{2}-(?!00)\d{2}-(?!0000)\d{4}",
    "iban": r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?",
    "card": r"(?:\d[ -]?){12,18}\d",
    "street": (
        r"(?i)\d+[a-z]?,?"
        r" .*\b(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard"
        r"|blvd|court|ct|way|place|pl|square|sq|terrace|"
        r"highway|hwy|parkway|pkwy|circle|cir|trail|trl)\b.*"
        r"|.*(?:str\.|straße|strasse|gasse|platz|weg|allee|damm|ufer)\s*\d+\s*[a-z]?\b.*|"
        r"(?:\d+\w*,? )?(?:rue|avenue|via|calle|rua|plaza|piazza) .+"
    ),
}
_FULL = {word: re.compile(shape) for word, shape in _SHAPES.items()}
_NAME = re.compile(r"[^\W\d_]+(?:[-'’.][^\W\d_]*)*(?:,? [^\W\d_]+(?:[-'’.][^\W\d_]*)*){1,3}\.?")


def _is(shape: str) -> Callable[[str], bool]:
    return lambda value: bool(_FULL[shape].fullmatch(value))


def _is_iban(value: str) -> bool:
    if not _FULL["iban"].fullmatch(value):
        return False
    plain = value.replace(" ", "")
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1


def _is_card(value: str) -> bool:
    """A number of a payment card: 13 to 19 digits with the check digit of Luhn."""
    if not _FULL["card"].fullmatch(value) or value[0] not in "3456":
        return False
    digits = [int(c) for c in reversed(value) if c.isdigit()]
    return (
        sum(n if place % 2 == 0 else sum(divmod(2 * n, 10)) for place, n in enumerate(digits)) % 10
        == 0
    )


def is_name(value: str) -> bool:
    """Two to four words of which one is a common given name."""
    words = [word.strip(".,").lower() for word in value.split()]
    return bool(_NAME.fullmatch(value)) and bool(
        GIVEN_NAMES & {words[0], words[-1], words[min(1, len(words) - 1)]}
    )


_CONTENT: tuple[tuple[str, str, Callable[[str], bool], float], ...] = (
    ("personal", "email", _is("email"), _ENOUGH),
    ("personal", "ip", _is("ip"), _ENOUGH),
    ("personal", "user_agent", _is("user_agent"), 0.6),
    ("sensitive", "national_id", _is("ssn"), _ENOUGH),
    ("sensitive", "account", _is_iban, _ENOUGH),
    ("sensitive", "account", _is_card, _ENOUGH),
    ("personal", "address", _is("street"), 0.5),
    ("personal", "name", is_name, 0.35),
)
