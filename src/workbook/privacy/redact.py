"""Tokens instead of values: equal values get equal tokens, and a token says its kind but never
its value.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping

from workbook.privacy.classes import shown

_DIGITS = 4
# of the process: a kernel runs each cell in a context of its own, so a ContextVar would forget it
_project = {"key": b""}


def use_key(key: str | bytes | None) -> None:
    """Set the key of this process's tokens (the project's, read from the environment); empty:
    ordinal labels.
    """
    _project["key"] = key.encode() if isinstance(key, str) else key or b""


def current_key() -> bytes:
    """The key set by `use_key`; empty when there is none."""
    return _project["key"]


def token(value: object, label: str, key: bytes | None = None) -> str:
    """`email·a91c`: the kind of value and four digits of its keyed digest; without a key
    `email·hidden`.

    Labels that tell values apart without a key need the whole frame: `tokens`.
    """
    used = current_key() if key is None else key
    return f"{_word(label)}·{_digest(str(value), label, used)[:_DIGITS] if used else 'hidden'}"


def tokens(values: Iterable[object], word: str, key: bytes | None = None) -> dict[str, str]:
    """A token for each distinct value of a frame, by the value's text; None has none.

    With a key the digits are those of `token`, longer only where two values of this frame would
    share them; without one they are ordinals in order of first appearance.
    """
    used = current_key() if key is None else key
    distinct = list(dict.fromkeys(str(value) for value in values if value is not None))
    if not used:
        return {value: f"{_word(word)}·{n}" for n, value in enumerate(distinct, start=1)}
    digests = {value: _digest(value, word, used) for value in distinct}
    return {value: f"{_word(word)}·{digits}" for value, digits in _apart(digests).items()}


def redact(values: Iterable[object], cls: str, word: str, key: bytes | None = None) -> list[object]:
    """The values as they are where the class may be shown, else their tokens; None stays None."""
    kept = list(values)
    if shown(cls):
        return kept
    named = tokens(kept, word, key)
    return [None if value is None else named[str(value)] for value in kept]


def _apart(digests: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    waiting, length = dict(digests), _DIGITS
    while waiting:
        shared: dict[str, int] = {}
        for digest in waiting.values():
            shared[digest[:length]] = shared.get(digest[:length], 0) + 1
        found.update(
            {
                value: digest[:length]
                for value, digest in waiting.items()
                if shared[digest[:length]] == 1 or length >= len(digest)
            }
        )
        waiting = {value: digest for value, digest in waiting.items() if value not in found}
        length += 2
    return {value: found[value] for value in digests}


def _digest(value: str, word: str, key: bytes) -> str:
    text = f"{_word(word)}\0{value}".encode("utf-8", "surrogatepass")
    return hmac.new(key, text, hashlib.sha256).hexdigest()


def _word(word: str) -> str:
    """The kind of value, fit to stand in a token: lower-case letters, digits, underscores."""
    return re.sub(r"[^a-z0-9]+", "_", word.lower()).strip("_")[:24] or "value"
