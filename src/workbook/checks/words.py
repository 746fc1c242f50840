"""How a check says what it is about: names of the model as words; the dotted name stands beside it as what it is on."""

from __future__ import annotations

from workbook.show.text import in_words


def spoken(name: str) -> str:
    """A source, or an attribute of an entity, as words.

    >>> spoken("crm.open_deals")
    'CRM open deals'
    """
    return in_words(name.replace(".", " "))


def quoted(name: str) -> str:
    """A field in a sentence, in quotes, since words alone would run into those around them.

    >>> quoted("done_on")
    '“done on”'
    """
    return f"“{in_words(name)}”"


def age_in_words(seconds: float) -> str:
    """An age in the largest unit that it fills twice: hours, then days.

    >>> age_in_words(7 * 3600), age_in_words(3 * 86400)
    ('7 hours', '3 days')
    """
    size, word = (86400, "day") if seconds >= 2 * 86400 else (3600, "hour")
    count = int(seconds // size)
    return f"{count:,} {word}{'' if count == 1 else 's'}"
