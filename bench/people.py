"""Synthetic records of customers with planted defects and known truth, at any size, from one seed.

1 to 5 records a customer (55, 25, 12, 5, 3 %). Skewed names. E-mail missing 25 %, one of five shared mailboxes .4 %, changed
12 %, a slip 3 %; telephone missing 35 %, zeros .3 %, one of 200 switchboards .3 %, changed 15 %, a slip 3 %; names with a slip
6 to 8 %, an initial 4 %, another surname 2 %; postcode missing 10 %, moved 8 %; birth date missing 45 %, wrong 4 %; an id of
the CRM on 40 %, always right.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

PER_CUSTOMER = 1.7546  # records; 570,000 customers make about a million


def people(customers: int, seed: int = 7) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Records as a table of an entity's records has them, already normalised; and the truth (record, truth)."""
    rng = np.random.default_rng(seed)
    count = rng.choice([1, 2, 3, 4, 5], size=customers, p=[0.55, 0.25, 0.12, 0.05, 0.03])
    who = np.repeat(np.arange(customers), count)
    size = len(who)
    first, last = _names(rng, customers, 3000, 1.05, "f"), _names(rng, customers, 60_000, 0.95, "l")
    born = rng.integers(0, 25_000, customers)
    postcode = rng.integers(10_000, 99_999, customers)
    mail = np.char.add(np.char.add(first, "."), np.char.add(last, np.char.add(np.arange(customers).astype(str), "@mail.test")))
    phone = np.char.add("+49", (10_000_000 + np.arange(customers) * 7).astype(str))

    def share(part: float) -> Any:
        return rng.random(size) < part

    def slipped(values: Any, part: float) -> Any:
        text, hit = values.astype(object), share(part)
        places = rng.random(size)
        for at in np.flatnonzero(hit):
            word = text[at]
            cut = int(places[at] * (len(word) - 1))
            text[at] = word[:cut] + word[cut + 1 :]
        return text

    e = slipped(mail[who], 0.03)
    changed = share(0.12)
    e[changed] = np.char.add(np.char.add("new", np.flatnonzero(changed).astype(str)), "@other.test")
    shared = share(0.004)
    e[shared] = rng.choice([f"info{n}@office.test" for n in range(5)], shared.sum())
    t = slipped(phone[who], 0.03)
    moved = share(0.15)
    t[moved] = np.char.add("+44", (20_000_000 + np.flatnonzero(moved)).astype(str))
    board, zeros = share(0.003), share(0.003)
    t[board] = np.char.add("+4930555", rng.integers(100, 300, board.sum()).astype(str))
    t[zeros] = "0000000000"
    f, n = slipped(first[who], 0.07), slipped(last[who], 0.06)
    initial, other = share(0.04), share(0.02)
    f[initial] = [word[:1] for word in f[initial]]
    n[other] = _names(rng, int(other.sum()), 60_000, 0.95, "l")
    p = postcode[who].copy()
    away = share(0.08)
    p[away] = rng.integers(10_000, 99_999, away.sum())
    d = born[who].copy()
    wrong = share(0.04)
    d[wrong] = rng.integers(0, 25_000, wrong.sum())
    order = rng.permutation(size)
    record = np.char.add(np.where(order % 2 == 0, "app:", "crm:"), np.char.zfill(order.astype(str), 8))
    crm = np.char.add("c", who.astype(str))

    def but(values: Any, missing: Any) -> list[str | None]:
        return [None if gone else str(value) for value, gone in zip(values, missing, strict=True)]

    frame = pl.DataFrame(
        {
            "record": record.astype(str), "email": but(e, share(0.25)), "phone": but(t, share(0.35)), "first_name": but(f, np.zeros(size, bool)),
            "last_name": but(n, np.zeros(size, bool)), "birth_date": but(d, share(0.45)), "postcode": but(p, share(0.10)), "crm_id": but(crm, ~share(0.40)),
        },
        schema=dict.fromkeys(("record", "email", "phone", "first_name", "last_name", "birth_date", "postcode", "crm_id"), pl.String),
    )  # fmt: skip
    return frame.sort("record"), pl.DataFrame({"record": record.astype(str), "truth": who}).sort("record")


def _names(rng: Any, count: int, kinds: int, skew: float, letter: str) -> Any:
    """Words of a pool, the first far more often than the last (Zipf)."""
    weights = 1 / np.arange(1, kinds + 1) ** skew
    consonants, vowels = list("bcdfghklmnprstvz"), list("aeiou")
    words = np.array(["".join(consonants[(n // 5**i + i * 7 + n) % 16] + vowels[(n // 16**i + i) % 5] for i in range(4)) + letter + str(n % 97) for n in range(kinds)])
    return words[rng.choice(kinds, size=count, p=weights / weights.sum())]
