"""What hands and machines do to text: slugs, typing errors, spellings of one company name."""

from __future__ import annotations

import unicodedata

from making.dice import Dice

_GERMAN = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "ø": "o",
        "ł": "l",
        "ı": "i",
        "Ä": "Ae",
        "Ö": "Oe",
        "Ü": "Ue",
        "Ł": "L",
        "å": "a",
        "Å": "A",
    }
)


def ascii_only(text: str) -> str:
    """Letters without accents; German ones as Germans write them."""
    turned = unicodedata.normalize("NFKD", text.translate(_GERMAN))
    return "".join(c for c in turned if ord(c) < 128)


def slug(text: str) -> str:
    return "".join(c for c in ascii_only(text).lower() if c.isalnum())


def typo(dice: Dice, text: str) -> str:
    """One slip of the finger behind the first letter: two letters swapped, one left out, or one doubled."""
    places = [
        i for i in range(1, len(text) - 1) if text[i].isalpha() and text[i + 1].isalpha() and text[i] != text[i + 1]
    ]
    if not places:
        return text + text[-1]
    at = dice.pick(places)
    kind = dice.between(1, 3)
    if kind == 1:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + text[at + 1 :] if kind == 2 else text[:at] + text[at] + text[at:]


def respelled(dice: Dice, name: str) -> str:
    """A company name as another department writes it: same firm, other case, accents or shape."""
    kind = dice.between(1, 3)
    return name.upper() if kind == 1 else ascii_only(name) if kind == 2 else name.lower()
