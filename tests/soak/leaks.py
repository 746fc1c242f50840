"""Whether a text holds a part of what was planted, however it is written."""

from __future__ import annotations

import base64
import random
import re

MARK = "qzxjv"  # no word of any language: whatever holds it holds a part of what was planted
DIGITS = "157777731"
PARTICLES = ("", "", "Ö", "O'", "Š")
LETTERS = "abcdefghiklmnoprstuwy"


class Drawn:
    """Values that nobody else has, each with the mark in it."""

    def __init__(self, seed: int) -> None:
        self.rng, self.count = random.Random(seed), 0

    def word(self) -> str:
        """A word that begins with the mark, ends with it, or has it within."""
        self.count += 1
        before, after = self.rng.choice([(0, 7), (4, 3), (7, 0)])
        return self._letters(before) + MARK + self._letters(after)

    def _letters(self, many: int) -> str:
        return "".join(self.rng.choice(LETTERS) for _ in range(many))

    def mail(self) -> str:
        """An address, now and then in capitals."""
        found = f"{self.word()}@shop.example"
        return found.upper() if self.rng.random() < 0.2 else found

    def name(self) -> str:
        """A first and a last name; now and then with letters that are not ASCII."""
        return f"{self.word().title()} {self.rng.choice(PARTICLES)}{self.word().title()}"

    def phone(self) -> str:
        """A telephone that can be called."""
        self.count += 1
        return f"+49 {DIGITS[:4]} {DIGITS[4:]}{self.rng.randrange(100):02d}"

    def street(self) -> str:
        """A street and a number."""
        return f"{self.word().title()} Road {self.rng.randrange(99)}"


def _encoded() -> tuple[str, ...]:
    """The mark in base64, wherever it begins and however it is written."""
    found = set()
    for word in (MARK, MARK.title(), MARK.upper()):
        for before in range(3):
            whole = base64.b64encode(b"\0" * before + word.encode()).decode()
            found.add(whole[(before * 8 + 5) // 6 : (before + len(word)) * 8 // 6])
    return (*sorted(found), MARK.encode().hex(), MARK.upper().encode().hex())


ENCODED = _encoded()


def leaks(text: str) -> list[str]:
    """Where a text holds a part of what was planted: as written, in another case, with marks
    between its digits, in base64.
    """
    lower = text.lower()
    found = [
        lower[max(0, at.start() - 60) : at.end() + 30].replace("\n", "⏎")
        for at in re.finditer(MARK, lower)
    ]
    found += [f"telephone: {DIGITS}"] if DIGITS in re.sub(r"[ ().\-/]|&#?\w+;", "", text) else []
    return found + [f"encoded: {word}" for word in ENCODED if word in text]
