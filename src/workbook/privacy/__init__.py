"""What may be shown: the class of a value, tokens instead of values, small cells, guesses for
unclassified fields.
"""

from workbook.privacy.classes import (
    CLASSES,
    PrivacyError,
    check_class,
    shown,
    strictest,
)
from workbook.privacy.given_names import GIVEN_NAMES
from workbook.privacy.guess import ClassGuess, guess, guess_by_values
from workbook.privacy.header_words import folded, meaning_of
from workbook.privacy.personal_text import may_be_a_value, readable_headers, without_mailboxes
from workbook.privacy.redact import current_key, redact, token, tokens, use_key
from workbook.privacy.small_groups import LIMIT, SMALL, WITHHELD, is_small, withheld
from workbook.privacy.sql_for_pages import readable_sql

__all__ = [
    "CLASSES",
    "GIVEN_NAMES",
    "LIMIT",
    "SMALL",
    "WITHHELD",
    "ClassGuess",
    "PrivacyError",
    "check_class",
    "current_key",
    "folded",
    "guess",
    "guess_by_values",
    "is_small",
    "may_be_a_value",
    "meaning_of",
    "readable_headers",
    "readable_sql",
    "redact",
    "shown",
    "strictest",
    "token",
    "tokens",
    "use_key",
    "withheld",
    "without_mailboxes",
]
