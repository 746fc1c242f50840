"""How many of a whole are wrong at most, from a sample that was judged: one-sided, 95 % sure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush

SURE = 0.95


@dataclass(frozen=True)
class Stratum:
    """One part of a whole: how many pairs it holds, how many of them were judged, and how many
    of those were wrong.
    """

    whole: int
    judged: int
    errors: int


def upper_bound(errors: int, judged: int, sure: float = SURE) -> float:
    """The share of errors in a whole of which `judged` were drawn and `errors` of them were
    wrong, at most.

    The one-sided upper limit of Clopper and Pearson (1934, Biometrika 26): the quantile `sure`
    of the beta distribution with parameters errors + 1 and judged - errors.

    >>> first, second = round(upper_bound(0, 60), 4), round(upper_bound(1, 60), 4)
    >>> first, second, upper_bound(3, 3), upper_bound(0, 0)
    (0.0487, 0.0766, 1.0, 1.0)
    """
    from scipy.stats import beta

    return 1.0 if errors >= judged else float(beta.ppf(sure, errors + 1, judged - errors))


def pooled_bound(strata: Sequence[Stratum], sure: float = SURE) -> float:
    """The share of errors in a whole that was sampled stratum by stratum, at most.

    A stratum that was judged to the last pair counts with the errors that it has. The others
    are pooled: the number of errors in a stratified sample spreads no wider than the binomial
    with the same mean (Hoeffding 1956, Annals of Mathematical Statistics 27), so the limit of
    Clopper and Pearson holds for the share among what was drawn. Where a stratum was drawn more
    thinly than its size asks, that limit is raised by the largest such ratio.

    >>> pooled_bound([Stratum(12, 12, 0)]), round(pooled_bound([Stratum(400, 60, 0)]), 4)
    (0.0, 0.0487)
    """
    whole = sum(item.whole for item in strata)
    rest = [item for item in strata if item.judged < item.whole]
    known = sum(item.errors for item in strata if item.judged >= item.whole)
    if not whole:
        return 0.0
    left, judged = sum(item.whole for item in rest), sum(item.judged for item in rest)
    if not rest:
        return known / whole
    if any(item.judged == 0 for item in rest):
        return 1.0
    thinnest = max(Fraction(item.whole * judged, left * item.judged) for item in rest)
    share = min(1.0, float(thinnest) * upper_bound(sum(item.errors for item in rest), judged, sure))
    return min(1.0, (known + left * share) / whole)


def allotted(sizes: Mapping[str, int], size: int) -> dict[str, int]:
    """How many to draw of each stratum: one of each, and each further one where the sample is
    thinnest.

    Where there are more strata than `size`, one of each is drawn all the same.

    >>> allotted({"a": 90, "b": 9, "c": 1}, 20)
    {'a': 17, 'b': 2, 'c': 1}
    """
    drawn = dict.fromkeys(sorted(sizes), 1)
    thin = [(-Fraction(sizes[name]), name) for name in drawn if sizes[name] > 1]
    heapify(thin)
    for _ in range(size - len(drawn)):
        if not thin:
            break
        _, name = heappop(thin)
        drawn[name] += 1
        if drawn[name] < sizes[name]:
            heappush(thin, (-Fraction(sizes[name], drawn[name]), name))
    return drawn
