"""Sentences as templates over typed values: whole numbers and days are written by themselves,
all else by a filter; a value that is missing or has no one way to be written is refused.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from workbook.errors import ShowError
from workbook.nearest_name import did_you_mean
from workbook.words import locale, number, wording

# ASCII alone: the narrow space before a unit is part of a number.
_SPACES = re.compile("[ \t\n]+")


def render(source: str, values: dict[str, Any]) -> str:
    """The text of a template, in one line.

    >>> render("{{ rows }} of {{ all | count('row') }} since {{ day }}.",
    ...     {"rows": 1200, "all": 4000, "day": dt.date(2025, 6, 1)})
    '1,200 of 4,000 rows since 1 Jun 2025.'

    Raises:
        ShowError: the template names a value that it was not given, cannot be compiled, or holds
            a number that needs a filter.
    """
    from jinja2 import TemplateError

    try:
        return _SPACES.sub(" ", _compiled(source).render(values)).strip(" ")
    except TemplateError as error:
        raise ShowError(f"The text {source!r} cannot be written: {error}") from None


@cache
def _compiled(source: str) -> Any:
    """A jinja2 template."""
    return _environment().from_string(_SPACES.sub(" ", source).strip(" "))


@lru_cache(maxsize=1)
def _environment() -> Any:
    """Jinja2 with our filters and no others; it loads where a first text is written."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    # no markup here: what shows a text escapes it
    environment = SandboxedEnvironment(
        undefined=StrictUndefined, finalize=_written, autoescape=False
    )
    environment.filters.clear()
    environment.filters.update(FILTERS)
    return environment


def _written(value: Any) -> str:
    """A value without a filter: text as it is, a whole number, a day."""
    from jinja2 import Undefined

    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return number.integer(value)
    if isinstance(value, dt.date):
        return number.date(value)
    if isinstance(value, Undefined):
        str(value)  # says which name was not given
    raise ShowError(
        f"A {type(value).__name__} stands in a text without a filter that says how it is written."
        f" Filters are {', '.join(sorted(FILTERS))}."
    )


def _count(value: int, one: str, many: str = "") -> str:
    """`{{ n | count('customer') }}`: a number and its noun."""
    return number.plural(value, one, many)


def _month(value: dt.date) -> str:
    """`{{ day | month }}`: June 2025."""
    return f"{locale.month_name(value.month)} {value.year}"


# As templates call them.
FILTERS: dict[str, Callable[..., Any]] = {
    "count": _count,
    "plural": number.plural_of,  # the plural of a noun
    "agree": wording.agreeing,  # {{ n | agree('is', 'are') }}
    "integer": number.integer,
    "number": number.number,
    "signed": number.signed,
    "money": number.money,
    "compact": number.compact,
    "percent": number.percent,
    "date": number.date,
    "month": _month,
    "age": wording.age_in_words,  # seconds
    "value": wording.format_value,  # of a metric, by its unit
    "name": wording.humanize,  # a name of the model as words
    "names": wording.humanize_list,
    "quoted": wording.quoted,
    "list": wording.join_words,
    "either": wording.join_choices,
    "first": wording.truncate_list,  # {{ names | first(3) }}: the first, and how many more
    "capital": wording.capital,
    "within": wording.within,
    "article": wording.with_article,
    "nearest": did_you_mean,  # {{ name | nearest(known) }}: Did you mean 'x'?, or nothing
    "length": len,
}
