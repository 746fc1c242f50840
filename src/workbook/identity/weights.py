"""Trained weights as a file that people keep with their decisions: what each level of likeness
is worth, and for what it was trained.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.errors import DataError
from workbook.identity import comparison_levels
from workbook.identity.shared_attributes import SharedAttributes
from workbook.words import error_of

FORMAT = 1
FOLDER = "weights"


@dataclass(frozen=True)
class LevelWeight:
    """One level of one attribute: how often true pairs (m) and pairs of strangers (u) are at it."""

    says: str
    m: float
    u: float

    @property
    def bits(self) -> float:
        """The weight of evidence, log2(m / u) (Fellegi & Sunter 1969)."""
        return math.log2(self.m / self.u)


@dataclass(frozen=True)
class Weights:
    """What was trained: the prior of a pair, the levels of each attribute in order, from how
    many records.
    """

    settings: str
    records: int
    prior: float
    levels: Mapping[str, tuple[LevelWeight, ...]]
    shared: tuple[
        SharedAttributes, ...
    ] = ()  # what pairs of two different things have in common together

    @property
    def digest(self) -> str:
        """Names these weights: twelve hex digits of all that they hold."""
        return hashlib.sha256(self.text().encode()).hexdigest()[:12]

    @property
    def prior_bits(self) -> float:
        """The weight of the prior alone."""
        return math.log2(self.prior / (1 - self.prior))

    def text(self) -> str:
        """The file: sorted, rounded, one level a line."""
        levels = {
            name: [{"says": item.says, "m": item.m, "u": item.u} for item in found]
            for name, found in self.levels.items()
        }
        whole: dict[str, Any] = {
            "format": FORMAT,
            "settings": self.settings,
            "records": self.records,
            "prior": self.prior,
            "levels": levels,
        }
        if self.shared:
            whole["shared"] = [
                {"attributes": list(item.attributes), "rate": item.rate} for item in self.shared
            ]
        return json.dumps(whole, indent=1, sort_keys=True) + "\n"


def settings_of(kinds: Mapping[str, str], methods: Mapping[str, str]) -> str:
    """What weights are trained for: the compared attributes, how each is normalised and
    compared.
    """
    said = [
        comparison_levels.VERSION,
        [[name, kinds[name], methods.get(name, "")] for name in kinds],
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:12]


def weights_path(decisions: Path, entity: str) -> Path:
    """Where the weights of an entity lie."""
    return decisions / FOLDER / f"{entity}.json"


def read_weights(
    path: Path, settings: str, kinds: Mapping[str, str] | None = None
) -> tuple[Weights | None, str]:
    """The weights of a file, or why there are none: '' where it is not there, else that it was
    trained for other settings.

    `kinds` are the kinds of the compared attributes; where given, the file must hold every
    level of each.

    Raises:
        DataError: the file is there and cannot be read as weights.
    """
    if not path.exists():
        return None, ""
    try:
        found = parse_weights(path.read_text("utf-8"))
        if found.settings == settings:
            _complete(found, kinds or {})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        place = f"{path}:{error.lineno}" if isinstance(error, json.JSONDecodeError) else str(path)
        raise error_of(
            DataError, "identity.weights_unreadable", place=place, entity=path.stem
        ) from error
    return (
        (found, "")
        if found.settings == settings
        else (None, "they were trained when other attributes were compared, or compared otherwise")
    )


def _complete(weights: Weights, kinds: Mapping[str, str]) -> None:
    """Raise ValueError where levels of an attribute are missing or are others than those that
    are compared.
    """
    for name, kind in kinds.items():
        if [level.says for level in weights.levels[name]] != [
            level.says for level in comparison_levels.levels_of(name, kind)
        ]:
            raise ValueError("levels are missing")


def write_weights(path: Path, weights: Weights) -> None:
    """Put the weights in their place, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text(weights.text(), "utf-8")
    fresh.replace(path)


def parse_weights(text: str) -> Weights:
    """Weights from the text of their file.

    Raises:
        ValueError, KeyError, TypeError: it is none.
    """
    value: Any = json.loads(text)
    if value["format"] != FORMAT:
        raise ValueError("another format")
    levels = {
        name: tuple(LevelWeight(item["says"], float(item["m"]), float(item["u"])) for item in found)
        for name, found in value["levels"].items()
    }
    prior = float(value["prior"])
    if not 0 < prior < 1 or any(
        not 0 < p <= 1 for found in levels.values() for item in found for p in (item.m, item.u)
    ):
        raise ValueError("a probability outside of 0 to 1")
    shared = tuple(
        SharedAttributes(tuple(map(str, item["attributes"])), float(item["rate"]))
        for item in value.get("shared", ())
    )
    if any(not 0 < item.rate < 1 or not set(item.attributes) <= set(levels) for item in shared):
        raise ValueError("a rate outside of 0 to 1, or of attributes without levels")
    return Weights(str(value["settings"]), int(value["records"]), prior, levels, shared)
