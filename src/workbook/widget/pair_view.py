"""One pair as the widget draws it: values side by side, and the weights that add up to its
score, in words too.
"""

from __future__ import annotations

from typing import Any

from workbook.identity.review_session import PairReview
from workbook.identity.suggested_pair import Pair
from workbook.show.text import clean

_LONGEST = 2_000  # characters of one value that are sent
_SAYS_NOTHING = 0.07  # a factor below 1.05


def as_drawn(desk: PairReview, pair: Pair) -> dict[str, Any]:
    """What the front end is told of one pair.

    It holds UNREDACTED values: send it as a message, keep it nowhere.
    """
    told = {attribute: says for attribute, says, _ in pair.says if not _prior(attribute)}
    rows = [
        {
            "attribute": _words(attribute),
            "left": _text(left),
            "right": _text(right),
            "same": bool(same),
            "says": clean(told.get(attribute) or ""),
        }
        for attribute, left, right, same in desk.side_by_side(pair)
    ]
    return {
        "left": clean(pair.left),
        "right": clean(pair.right),
        "band": clean(pair.band or ""),
        "pattern": clean(pair.pattern or ""),
        "score": score_text(pair.score),
        "weight": signed(pair.weight),
        "rows": rows,
        "steps": waterfall(pair),
    }


def waterfall(pair: Pair) -> list[dict[str, Any]]:
    """One row per step from what is known beforehand to the whole weight; `from` and `to` are
    the running sum in bits.
    """
    steps: list[dict[str, Any]] = []
    at = 0.0
    for attribute, says, weight in sorted(pair.says, key=lambda item: not _prior(item[0])):
        label = "Before looking" if _prior(attribute) else _words(attribute)
        words = (
            "how rare a match is"
            if _prior(attribute)
            else f"{clean(says or '')}: {likelier(weight)}".removeprefix(": ")
        )
        steps.append(
            {
                "label": label,
                "words": words,
                "weight": signed(weight),
                "from": round(at, 2),
                "to": round(at + weight, 2),
            }
        )
        at += weight
    return [
        *steps,
        {
            "label": "Together",
            "words": odds(pair.weight),
            "weight": signed(pair.weight),
            "from": 0.0,
            "to": round(pair.weight, 2),
            "total": True,
        },
    ]


def likelier(weight: float) -> str:
    """A weight of evidence, the binary logarithm of a factor, as words.

    >>> likelier(3.0), likelier(-2.0), likelier(0.0)
    ('8 times likelier', '4 times less likely', 'as likely as not')
    """
    if abs(weight) < _SAYS_NOTHING:
        return "as likely as not"
    return f"{_factor(weight)} times {'likelier' if weight > 0 else 'less likely'}"


def odds(weight: float) -> str:
    """A whole weight, what was known beforehand included, as the odds of a bet.

    >>> odds(5.0), odds(-2.0)
    ('32 to 1 that they are the same', '4 to 1 that they differ')
    """
    if abs(weight) < _SAYS_NOTHING:
        return "as likely the same as not"
    return f"{_factor(weight)} to 1 that they {'are the same' if weight > 0 else 'differ'}"


def signed(number: float) -> str:
    """Two decimals with a true sign.

    >>> signed(3.2), signed(-0.5)
    ('+3.20', '−0.50')
    """
    return f"{number:+.2f}".replace("-", "−")


def score_text(score: float) -> str:
    """Four decimals, cut and not rounded, so that doubt never reads as certainty.

    >>> score_text(0.999987), score_text(1.0)
    ('0.9999', '1.0000')
    """
    return f"{int(score * 10_000 + 1e-7) / 10_000:.4f}"


def _factor(weight: float) -> str:
    factor = 2.0 ** min(abs(weight), 20.0)
    return (
        f"{factor:.1f}".removesuffix(".0")
        if factor < 9.95
        else f"{factor:,.0f}"
        if abs(weight) < 20
        else "over a million"
    )


def _prior(attribute: str | None) -> bool:
    return not attribute or attribute == "prior"


def _words(attribute: str) -> str:
    return clean(attribute.replace("_", " "))


def _text(value: object) -> str:
    """A value as one clean line; nothing where it is missing."""
    text = "" if value is None else clean(str(value))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
