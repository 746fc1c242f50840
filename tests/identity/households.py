"""A made-up population in households: relatives at one address, six sources, slips and moves."""

from __future__ import annotations

import datetime as dt
import random

import polars as pl

ATTRIBUTES = ("first_name", "last_name", "born", "house_no", "street", "city", "postcode", "ssn")
_SYLLABLES = (
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "ki",
    "lo",
    "mu",
    "na",
    "pe",
    "ri",
    "so",
    "tu",
    "ve",
    "zo",
)
_SIZES = (1, 2, 3, 4, 5, 6)  # of a household
_SHARES = (28, 28, 16, 15, 9, 4)
_DAY = dt.date(1935, 1, 1)


def households(
    seed: int, count: int = 480, covers: float = 0.42
) -> tuple[pl.DataFrame, dict[str, str]]:
    """The records (_record and the attributes), and of each record the person that it is about.

    `count` households of one to six people; `covers` is how many of them each of six sources
    knows. Relatives share the address, mostly the family name, and now and then a child has the
    parent's first name or is a twin.
    """
    draw = random.Random(seed)
    firsts, lasts, streets = (_words(draw, many) for many in (160, 420, 240))
    rows, truth = [], {}
    for person, facts in enumerate(_people(draw, count, firsts, lasts, streets)):
        moved = _address(draw, streets) if draw.random() < 0.12 else None
        for source in range(6):
            if draw.random() < covers:
                key = f"s{source}:{person:05d}"
                rows.append((key, *_copy(draw, source, facts, moved)))
                truth[key] = str(person)
    shuffled = pl.DataFrame(
        rows, schema=dict.fromkeys(("_record", *ATTRIBUTES), pl.String), orient="row"
    )
    return shuffled.sort("_record"), truth


def _people(draw, count, firsts, lasts, streets):
    for _ in range(count):
        family, address = _skewed(draw, lasts), _address(draw, streets)
        parent = draw.randint(0, 22_000)
        given, twin = [], None
        for place in range(draw.choices(_SIZES, _SHARES)[0]):
            first = given[0] if given and draw.random() < 0.02 else _skewed(draw, firsts)
            days = (
                parent + draw.randint(-2500, 2500)
                if place < 2
                else parent + draw.randint(7500, 11_000)
            )
            if place > 2 and twin is not None and draw.random() < 0.03:
                days = twin
            given.append(first)
            twin = days
            last = family if place != 1 or draw.random() < 0.75 else _skewed(draw, lasts)
            born = (_DAY + dt.timedelta(days=days)).isoformat()
            yield first, last, born, *address, f"{draw.randint(10**8, 10**9 - 1)}"


def _address(draw, streets):
    """House number, street, city, postcode: a city has six postcodes, and a street name occurs
    in many cities.
    """
    city = draw.randint(1, 30)
    return (
        str(draw.randint(1, 220)),
        _skewed(draw, streets),
        f"town {city}",
        f"{10_000 + city * 100 + draw.randint(1, 6)}",
    )


def _copy(draw, source, facts, moved):
    """What one source holds of a person: slips, gaps, an address of before the move."""
    first, last, born, *address, ssn = facts
    house, street, city, postcode = moved if moved and source >= 3 else address
    first = first[0] if draw.random() < 0.02 else _slip(draw, first, 0.05)
    if draw.random() < 0.04:
        born = _slip_digit(draw, born)
    if draw.random() < 0.015:
        born = (_DAY + dt.timedelta(days=draw.randint(0, 30_000))).isoformat()
    born = None if draw.random() < 0.06 else born
    house, street = (None, None) if draw.random() < 0.08 else (house, _slip(draw, street, 0.05))
    city, postcode = (None, None) if draw.random() < 0.05 else (city, postcode)
    ssn = ssn if source in (0, 4) and draw.random() < 0.8 else None
    return first, _slip(draw, last, 0.04), born, house, street, city, postcode, ssn


def _words(draw, many):
    made = dict.fromkeys(
        "".join(draw.choices(_SYLLABLES, k=draw.randint(2, 4))) for _ in range(many * 2)
    )
    return list(made)[:many]


def _skewed(draw, words):
    return (
        words[min(int(draw.paretovariate(0.75)) - 1, 10**6) % len(words)]
        if draw.random() < 0.5
        else draw.choice(words)
    )


def _slip(draw, word, share):
    if draw.random() >= share:
        return word
    at = draw.randrange(len(word))
    return word[:at] + word[at + 1 :]


def _slip_digit(draw, born):
    at = draw.choice([3, 6, 9])
    return born[:at] + str((int(born[at]) + 1) % 9 + (at == 9)) + born[at + 1 :]
