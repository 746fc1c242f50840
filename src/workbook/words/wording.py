"""Words of a page: names as people write them, lists and counts in a sentence, values with
their unit.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from workbook.words import number

_ONE_ROW_IS = re.compile(r"^One row is (?=(?:one|an?)\b)", re.IGNORECASE)
_SHORT_FORMS = frozenset(
    [
        "ai",
        "aov",
        "api",
        "arpa",
        "arpu",
        "arr",
        "b2b",
        "b2c",
        "bi",
        "cac",
        "crm",
        "csat",
        "erp",
        "fx",
        "gdpr",
        "gmv",
        "grr",
        "iban",
        "kpi",
        "ltv",
        "mrr",
        "nps",
        "nrr",
        "sku",
        "sla",
        "sql",
        "sso",
        "url",
        "vat",
        "vip",
    ]
)


def humanize(name: str) -> str:
    """A name of the model as words; well-known short forms as people write them.

    >>> humanize("net_mrr"), humanize("churn_rate"), humanize("crm.open_deals")
    ('net MRR', 'churn rate', 'CRM open deals')
    """
    plain = name.replace("_", " ").replace(".", " ")
    return " ".join(word.upper() if word in _SHORT_FORMS else word for word in plain.split(" "))


def quoted(name: str) -> str:
    """A field in a sentence, in quotes, since words alone would run into those around them.

    >>> quoted("done_on")
    '“done on”'
    """
    return f"“{humanize(name)}”"


def capital(text: str) -> str:
    """The text with a capital at its beginning; the rest stays as it is."""
    return text[:1].upper() + text[1:]


def within(text: str) -> str:
    """The text as it stands within a sentence: a small letter at its beginning, but for short
    forms such as MRR.

    >>> within("Every account has a name"), within("MRR agrees"), within("A user")
    ('every account has a name', 'MRR agrees', 'a user')
    """
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def customer_is(sentence: str) -> str:
    """The sentence of the grain as one about the customer, without its full stop; as it is where
    it does not begin as such sentences do.

    >>> customer_is("One row is one firm."), customer_is("We count firms.")
    ('A customer is one firm', 'We count firms')
    """
    return _ONE_ROW_IS.sub("A customer is ", sentence.rstrip(". "))


def join_words(names: Sequence[str]) -> str:
    """A list in a sentence.

    >>> join_words(["a"]), join_words(["a", "b"]), join_words(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    return (
        names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
    )


def join_choices(names: Sequence[str]) -> str:
    """`a, b or c`.

    >>> join_choices(["a"]), join_choices(["a", "b"]), join_choices(["a", "b", "c"])
    ('a', 'a or b', 'a, b or c')
    """
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def humanize_list(names: Iterable[str]) -> str:
    """Names of the model as a list in a sentence.

    >>> humanize_list(["net_mrr", "plan"])
    'net MRR and plan'
    """
    return join_words([humanize(name) for name in names])


def truncate_list(names: Iterable[str], most: int = 5) -> str:
    """The first names, and how many more there are.

    >>> truncate_list(["a", "b", "c"], 2)
    'a, b and 1 more'
    """
    every = list(names)
    rest = len(every) - most
    return ", ".join(every[:most]) + (f" and {rest} more" if rest > 0 else "")


def agreeing(count: int, one: str, many: str) -> str:
    """The verb that goes with a count.

    >>> agreeing(1, "is", "are"), agreeing(0, "is", "are")
    ('is', 'are')
    """
    return one if count == 1 else many


def age_in_words(seconds: float) -> str:
    """An age in the largest unit that it fills twice: hours, then days.

    >>> age_in_words(7 * 3600), age_in_words(3 * 86400)
    ('7 hours', '3 days')
    """
    size, word = (86400, "day") if seconds >= 2 * 86400 else (3600, "hour")
    return number.plural(int(seconds // size), word)


def format_value(value: Any, unit: str = "") -> str:
    """A metric's value as a page writes it: money with its currency, counts whole, absence as a
    dash.

    A unit of three capitals is a currency; `%` a share; any other word stands behind the number.
    """
    if value is None:
        return "–"
    if len(unit) == 3 and unit.isupper():
        return number.money(value, unit)
    if isinstance(value, dt.date):
        return number.date(value)
    if unit == "%":
        return number.percent(float(value))
    if isinstance(value, (float, Decimal)) and value != int(value):
        return number.number(value, 1, unit)
    return number.number(int(value), 0, unit)


def with_article(noun: str) -> str:
    """A noun behind its indefinite article.

    >>> with_article("entity"), with_article("metric")
    ('an entity', 'a metric')
    """
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"
