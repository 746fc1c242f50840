"""One suggested pair as a person meets it, and the short names of pairs and patterns."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True)
class Pair:
    """Two records that may be one customer, the lower key first: how alike they are, and what
    each attribute says.

    `score` is a probability, `weight` its evidence in bits (a log2 Bayes factor with the prior
    in it), which the weights of `says` (attribute, what it says, bits) add up to; `evidence` is
    a digest of the values that were compared.
    """

    entity: str
    left: str
    right: str
    score: float
    weight: float
    band: str
    pattern: str
    evidence: str
    says: tuple[tuple[str, str, float], ...] = ()

    @property
    def name(self) -> str:
        """A short name by which a person can point at it, and which quotes no key.

        >>> Pair("firm", "a", "b", 0.9, 3.1, "likely", "name: close", "").name
        'p59b271a'
        """
        return short_name(self.left, self.right)


def short_name(left: str, right: str) -> str:
    """The short name of the pair of two records."""
    return "p" + _short(left, right)


def pattern_name(pattern: str) -> str:
    """A short name by which a person can point at a pattern."""
    return "t" + _short(pattern)


def _short(*words: str) -> str:
    return sha256("\0".join(words).encode("utf-8", "surrogatepass")).hexdigest()[:7]
