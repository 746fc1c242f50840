"""Guesses the class of a field that nobody classified, by the words of its name; a guess is written as a guess."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Guess:
    """A guessed class, the word for its tokens, and the words of the name that led to it."""

    cls: str
    word: str
    because: str


# Words in a row that mean something personal; the first that fits wins, so narrow ones stand first.
_SIGNS: tuple[tuple[str, str, str], ...] = (
    ("sensitive", "health", "health diagnosis disease medical medication patient disability allergy"),
    ("sensitive", "belief", "religion ethnicity ethnic race nationality political union"),
    ("sensitive", "gender", "gender sex pronouns orientation sexual"),
    ("sensitive", "secret", "password passwd secret api_key access_token credential"),
    ("sensitive", "national_id", "ssn social_security national_id passport driver_license licence_number nin bsn"),
    ("sensitive", "account", "iban bic bank_account account_iban sort_code card_number pan cvv credit_card"),
    ("sensitive", "tax_id", "tax_id tax_number tin personal_tax"),
    ("sensitive", "biometric", "biometric fingerprint_scan face_id"),
    ("personal", "email", "email e_mail mail_address mailbox"),
    ("personal", "phone", "phone telephone mobile fax cell_number msisdn whatsapp"),
    ("personal", "birth", "birth birthday birthdate dob date_of_birth age"),
    ("personal", "ip", "ip ip_address ipv4 ipv6"),
    ("personal", "device", "device_id imei mac_address advertising_id idfa gaid cookie cookie_id user_agent fingerprint"),
    ("personal", "address", "street address address_line postal_address house_number home_address zip_4"),
    ("personal", "postcode", "postcode postal_code zip zip_code"),
    ("personal", "location", "latitude longitude lat lng geo_point"),
    ("personal", "name", ("first_name last_name full_name given_name family_name surname middle_name maiden_name person_name contact_name "
     "customer_name user_name username nickname signatory salutation")),
    ("personal", "handle", "linkedin twitter handle skype"),
    ("personal", "salary", "salary wage income"),
    ("personal", "text", "comment comments message body free_text note notes feedback transcript"),
)
_NOT = frozenset({"email_domain", "address_type", "phone_type", "email_status", "email_opt_in", "phone_verified", "email_verified", "email_sent", "emails_sent"})
_PLURALS = {f"{word}s": word for word in ("email", "phone", "mobile", "name", "password", "device", "birthday")} | {"addresses": "address"}
_LOOKUP = tuple((cls, word, tuple(sign.split("_"))) for cls, word, signs in _SIGNS for sign in signs.split())


def guess(name: str) -> Guess | None:
    """The class that a field's name suggests, or None where nothing in it looks personal.

    >>> guess("contactEmail")
    Guess(cls='personal', word='email', because='email')
    >>> guess("seats") is None
    True
    """
    words = _words(name)
    if "_".join(words) in _NOT:
        return None
    for cls, word, sign in _LOOKUP:
        if any(words[at : at + len(sign)] == sign for at in range(len(words))):
            return Guess(cls, word, "_".join(sign))
    return None


def _words(name: str) -> tuple[str, ...]:
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    words = re.sub(r"[^a-z0-9]+", "_", split.lower()).strip("_").split("_")
    joined = "_".join(words).replace("e_mail", "email")
    return tuple(_singular(word) for word in joined.split("_"))


def _singular(word: str) -> str:
    return _PLURALS.get(word, word)
