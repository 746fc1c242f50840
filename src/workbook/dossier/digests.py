"""Two digests of a run: `numbers`, which no change of wording moves, and `pages`, the rest."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Results = Mapping[str, Any]
PARAMETERS = ("code", "severity", "count", "about")
_IN_NUMBERS = ("tables", "metric_values", "headline_values")


def digest(parts: Sequence[bytes]) -> str:
    """sha256 over parts of any length, told apart."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()


def numbers_of(results: Results) -> dict[str, Any]:
    """What a run computed, without a word about it.

    The content of every table, every metric's unrounded value, and of every finding its code,
    severity, count and what it is about, in no order.
    """
    return {
        "tables": {name: table["content"] for name, table in sorted(results["tables"].items())},
        "metrics": metrics_of(results),
        "findings": sorted(_parameters(row) for row in results["findings"]),
    }


def metrics_of(results: Results) -> dict[str, str]:
    """Every metric's unrounded value; the headline numbers' of a run that did not keep the
    others.
    """
    return dict(sorted(results.get("metric_values", results["headline_values"]).items()))


def digests(results: Results, looks: Sequence[bytes] = ()) -> dict[str, str]:
    """`numbers` over what a run computed, `pages` over all else: sentences, figures, titles,
    `looks`.

    `results` are those of one run without its id, its comparison and its cost.
    """
    words = {name: value for name, value in results.items() if name not in _IN_NUMBERS}
    return {
        "numbers": digest([_bytes(numbers_of(results))]),
        "pages": digest([_bytes(words), *looks]),
    }


def differences(then: Results, now: Results) -> dict[str, list[str]]:
    """What differs between two runs' numbers, by `tables`, `metrics` and `findings`; and `figures`.

    Figures are part of the pages: those whose numbers differ are named beside, for a figure may
    count what no table holds. Metrics are those that both runs keep where one kept headlines only.
    """
    before, after = numbers_of(then), numbers_of(now)
    if ("metric_values" in then) != ("metric_values" in now):
        before["metrics"], after["metrics"] = then["headline_values"], now["headline_values"]
    return {
        "tables": list(_moved(before["tables"], after["tables"], "content")),
        "metrics": list(_moved(before["metrics"], after["metrics"], "value")),
        "findings": list(_findings(before["findings"], after["findings"])),
        "figures": list(_moved(_figures(then), _figures(now), "numbers")),
    }


def _moved(then: Mapping[str, Any], now: Mapping[str, Any], what: str) -> Iterator[str]:
    for name in sorted({*then, *now}):
        if name not in now or name not in then:
            yield f"{name}: only in the {'first' if name in then else 'second'} run"
        elif then[name] != now[name]:
            short = all(isinstance(side[name], str) for side in (then, now))
            yield (
                f"{name}: {what} {then[name]} → {now[name]}" if short else f"{name}: {what} differ"
            )


def _findings(then: Sequence[str], now: Sequence[str]) -> Iterator[str]:
    before, after = Counter(then), Counter(now)
    for row in sorted((before - after).elements()):
        yield f"{row}: only in the first run"
    for row in sorted((after - before).elements()):
        yield f"{row}: only in the second run"


def _parameters(finding: Mapping[str, Any]) -> str:
    return json.dumps([finding[name] for name in PARAMETERS], ensure_ascii=False)


def _figures(results: Results) -> dict[str, list[list[Any]]]:
    """The numbers of each figure by its page and number; what is written in words is left out."""
    return {
        f"{page['page']} figure {figure['number']}": [
            [cell for cell in row if isinstance(cell, (int, float)) and not isinstance(cell, bool)]
            for row in figure["rows"]
        ]
        for page in results["pages"]
        for figure in page["figures"]
    }


def _bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False).encode()
