"""The lines that `workbook match` prints of patterns, pairs and effects; keys of records that are
made of personal fields are tokens.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workbook.cli.console import say
from workbook.identity.review_session import PairReview
from workbook.identity.suggested_pair import Pair, pattern_name
from workbook.model import Model
from workbook.privacy import redact, strictest
from workbook.scenarios.context import Context
from workbook.scenarios.pair_review import Group, Preview
from workbook.show.text import clean
from workbook.words import words_of

WORDS = words_of("match")


def heading(entity: str, pairs: Sequence[Pair]) -> str:
    """How many pairs of an entity await review, in how many patterns."""
    if not pairs:
        return WORDS.text("list.nothing", entity=entity)
    patterns = len({pair.pattern for pair in pairs})
    return WORDS.text("list.heading", entity=entity, pairs=len(pairs), patterns=patterns)


def show_pattern(group: Group) -> None:
    """Print a pattern with its pairs, bands and scores, and the effect of accepting it where it
    was computed.
    """
    summary = WORDS.text(
        "list.pattern",
        pairs=len(group.pairs),
        bands=group.bands,
        lowest=f"{group.lowest:.4f}",
        highest=f"{group.highest:.4f}",
        pattern=clean(group.pattern),
    )
    say(f"  {group.name}  {summary}")
    if group.preview:
        say(f"            {WORDS.text('list.effect', change=change(group.preview))}")


def show_pairs(context: Context, queue: PairReview, pairs: Sequence[Pair], *, reveal: bool) -> None:
    """Print pairs with score, band, pattern and keys, and their values where they are revealed."""
    keys = _shown_keys(context, [record for pair in pairs for record in (pair.left, pair.right)])
    for pair in pairs:
        say(
            f"  {pair.name}  {pair.score:.4f}  {pair.band}  {pattern_name(pair.pattern)} "
            f" {keys[pair.left]}  {keys[pair.right]}"
        )
        if reveal:
            _show_values(queue, pair)


def change(effect: Preview) -> str:
    """Customers and headline numbers before and after, and for how many customers each
    attribute would have another value.
    """
    headlines = [
        WORDS.text("change.headline", label=number.label, before=number.before, after=number.after)
        for number in effect.headlines
        if number.before != number.after
    ]
    golden = [
        WORDS.text("change.golden", attribute=attribute, count=count)
        for attribute, count in sorted(effect.golden, key=lambda item: (-item[1], item[0]))
    ]
    return WORDS.text(
        "change.all",
        before=effect.before,
        after=effect.after,
        headlines="; ".join(headlines),
        golden=golden,
    )


def _show_values(queue: PairReview, pair: Pair) -> None:
    for name, left, right, same in queue.side_by_side(pair):
        say(
            f"      {'=' if same else '≠'} {name.replace('_', ' ')}: {clean(left) or '–'}  | "
            f" {clean(right) or '–'}"
        )


def _shown_keys(context: Context, records: Iterable[str]) -> dict[str, str]:
    """The keys of records as they may be shown: those made of personal fields as tokens."""
    by_source: dict[str, dict[str, str]] = {}
    for record in records:
        source, _, key = record.partition(":")
        by_source.setdefault(source, {})[record] = key
    shown = {}
    for source, keys in by_source.items():
        values = redact(list(keys.values()), _class_of_key(context.model, source), "key")
        for record, value in zip(keys, values, strict=True):
            shown[record] = clean(f"{source}:{value}")
    return shown


def _class_of_key(model: Model, source: str) -> str:
    """The strictest class of the fields of a source's key; a row number alone is internal."""
    if source not in model.sources.sources:
        return "personal"
    fields = model.fields(source)
    key = model.sources.sources[source].primary_key
    return strictest(["internal", *(fields[name].cls for name in key if name in fields)])
