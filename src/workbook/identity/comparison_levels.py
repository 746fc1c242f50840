"""How two values of an attribute are compared: levels from the same to different, each as SQL
over `l` and `r`, and in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbook.engine import quote

VERSION = 1  # part of what weights are trained for: raise it when a level changes
EMPTY, SAME, DIFFERS = "one is empty", "same", "differs"
_TYPO = "a typo apart"


def _typos(most: int) -> str:
    """At most so many letters differ (two letters that changed places count once).

    What is cheap is looked at first: the lengths, and that of `most` + 1 parts with a letter
    between them one at least is untouched, since no slip reaches into two. Hardly a pair of
    strangers is left to be counted letter by letter.
    """
    size = f"greatest((least(length({{l}}), length({{r}})) - {most}) // {most + 1}, 0)"
    untouched = [
        f"starts_with({{r}}, left({{l}}, {size}))",
        f"ends_with({{r}}, right({{l}}, {size}))",
    ]
    untouched += [f"contains({{r}}, substr({{l}}, {size} + 2, {size}))"] * (most > 1)
    return (
        f"abs(length({{l}}) - length({{r}})) <= {most} and ({' or '.join(untouched)}) and"
        f" damerau_levenshtein({{l}}, {{r}}) <= {most}"
    )


def _similar(least: float) -> str:
    return f"jaro_winkler_similarity({{l}}, {{r}}) >= {least}"


_LONG = "least(length({l}), length({r})) >= 10"

# kind of an attribute -> levels between the same and different: words, SQL over {l} and {r}
_BETWEEN: Mapping[str, tuple[tuple[str, str], ...]] = {
    # what stands before the @ mostly repeats the name, which is compared already: counting it would
    # count the name twice
    "email": (
        (_TYPO, _typos(2)),
        ("same behind the @", "split_part({l}, '@', 2) = split_part({r}, '@', 2)"),
    ),
    "phone": (
        ("same last seven digits", "right({l}, 7) = right({r}, 7)"),
        ("one digit apart", _typos(1)),
    ),
    "person_name": (
        (_TYPO, _typos(1)),
        (
            "an initial of the other",
            "least(length({l}), length({r})) = 1 and left({l}, 1) = left({r}, 1)",
        ),
        ("similar", _similar(0.85)),
    ),
    "full_name": (
        ("the same words", "list_sort(string_split({l}, ' ')) = list_sort(string_split({r}, ' '))"),
        (_TYPO, _typos(2)),
        ("similar", _similar(0.88)),
    ),
    "company_name": (
        (_TYPO, f"({_typos(1)}) or ({_LONG} and {_typos(2)})"),
        (
            "one begins with the other",
            "starts_with({l}, {r} || ' ') or starts_with({r}, {l} || ' ')",
        ),
        ("similar", _similar(0.9)),
    ),
    "date": (
        (
            "day and month swapped",
            (
                "left({l}, 4) = left({r}, 4) and substr({l}, 6, 2) = substr({r}, 9, 2) and"
                " substr({l}, 9, 2) = substr({r}, 6, 2)"
            ),
        ),
        ("one digit apart", _typos(1)),
    ),
    "text": ((_TYPO, _typos(1)),),
}
_AS = {
    "timestamp": "date",
    "postal_address": "text",
    "free_text": "text",
    "domain": "text",
    "url": "text",
    "tax_id": "text",
    "letters_and_digits": "text",
}


@dataclass(frozen=True)
class Level:
    """One level of likeness: in words, and as a condition over the columns `l.<attribute>` and
    `r.<attribute>`.
    """

    says: str
    sql: str


def levels_of(attribute: str, kind: str) -> tuple[Level, ...]:
    """The levels of an attribute whose both values are there, the strongest first; the last
    takes what is left.

    >>> [level.says for level in levels_of("born", "date")]
    ['same', 'day and month swapped', 'one digit apart', 'differs']
    """
    left, right = f"l.{quote(attribute)}", f"r.{quote(attribute)}"
    between = _BETWEEN.get(_AS.get(kind, kind), ())
    found = [
        Level(SAME, f"{left} = {right}"),
        *(Level(says, sql.format(l=left, r=right)) for says, sql in between),
    ]
    return (*found, Level(DIFFERS, "true"))


def pattern_of(says: Sequence[tuple[str, str]]) -> str:
    """What the attributes of a pair say, as one phrase.

    >>> pattern_of([("name", "close"), ("domain", "same")])
    'name: close · domain: same'
    """
    return " · ".join(f"{attribute.replace('_', ' ')}: {word}" for attribute, word in says)
