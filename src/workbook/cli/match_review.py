"""What one call of `workbook match` does over an open project: list, sample, decide, undo or
train.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import typer

from workbook.book import Workbook
from workbook.cli.console import say
from workbook.cli.match_lines import WORDS, change, heading, show_pairs, show_pattern
from workbook.errors import WorkbookError
from workbook.identity.match_ledger import read_ledger
from workbook.identity.review_session import SIZE, PairReview
from workbook.identity.suggested_pair import Pair, pattern_name
from workbook.nearest_name import did_you_mean
from workbook.scenarios import pair_review
from workbook.scenarios.context import Context
from workbook.scenarios.train_weights import train_entity, trainable
from workbook.show.text import clean
from workbook.words import error_of

BROKEN = 5  # lines of the decisions without effect that are printed
_KEYS = {"s": "same", "d": "different", "u": "unsure"}
_QUIT = "q"


@dataclass(frozen=True)
class _Target:
    """What a name means: a pair, or all pairs of a pattern or a band."""

    queue: PairReview
    pair: Pair | None = None
    pattern: str = ""
    band: str = ""


@dataclass(frozen=True)
class MatchReview:
    """One call over an open project: the entity and band that were named, the size of samples,
    and whether values may be shown.
    """

    book: Workbook
    entity: str = ""
    band: str = ""
    size: int = SIZE
    reveal: bool = False

    @property
    def context(self) -> Context:
        """The project's tables."""
        return self.book.context

    def queues(self) -> list[PairReview]:
        """The pairs of the entity that was named, or of every one that suggests pairs."""
        every = pair_review.suggesting(self.context) or trainable(self.context) or ("",)
        return [
            pair_review.desk_of(self.context, name)
            for name in ([self.entity] if self.entity else every)
        ]

    # ---- list

    def list_pairs(self, pattern: str, limit: int) -> None:
        """Print what awaits review: patterns by their effect, then pairs."""
        for queue in self.queues():
            pairs = queue.pairs(self.band, _pattern_of(queue, pattern) if pattern else "")
            say(heading(queue.entity, pairs))
            groups = pair_review.groups(self.context, queue, pairs)
            for group in groups[:limit]:
                show_pattern(group)
            if len(groups) > limit:
                say("  " + WORDS.text("list.more_patterns", count=len(groups) - limit))
            if len(groups) > pair_review.PREVIEWS:
                computed = {"count": pair_review.PREVIEWS, "all": len(groups)}
                say("  " + WORDS.text("list.computed", **computed))
            ordered = [pair for group in groups for pair in group.pairs]
            self._show(queue, ordered[:limit])
            if len(ordered) > limit:
                say("  " + WORDS.text("list.more_pairs", count=len(ordered) - limit))
        self._show_broken_lines()

    def _show_broken_lines(self) -> None:
        """Print the lines of the decisions that have no effect, so that nobody counts on them."""
        path = pair_review.ledger_path(self.book.model)
        broken = read_ledger(path).broken
        file = f"{path.parent.name}/{path.name}"
        for problem in broken[:BROKEN]:
            # a line's number is written as an editor shows it
            say(WORDS.text("list.broken", file=file, line=str(problem.line), why=problem.why))
        if len(broken) > BROKEN:
            say(WORDS.text("list.more_broken", count=len(broken) - BROKEN))

    def _show(self, queue: PairReview, pairs: Sequence[Pair]) -> None:
        show_pairs(self.context, queue, pairs, reveal=self.reveal)

    # ---- decide

    def decide(
        self, verdict: str, targets: Iterable[str], by: str, because: str, *, preview: bool
    ) -> None:
        """Record a verdict on every target, or on none where one of them is refused; a preview
        prints the effect alone.
        """
        names = list(dict.fromkeys(targets))
        if preview:
            self._show_effect([self._decision_row(verdict, self._target(name)) for name in names])
            return
        person = pair_review.reviewer(self.book.model, by)
        for write in [self._recorder(verdict, name, person, because) for name in names]:
            write()

    def _recorder(self, verdict: str, name: str, by: str, because: str) -> Callable[[], None]:
        """What records a verdict on a target, once nothing is left that refuses it."""
        target = self._target(name)
        pair = target.pair
        if not pair:
            return self._whole_recorder(target, verdict, by, because)

        def write() -> None:
            written = target.queue.decide(pair, verdict, by=by, because=because)
            say(WORDS.text("recorded.pair", id=written, verdict=verdict))

        return write

    def _whole_recorder(
        self, target: _Target, verdict: str, by: str, because: str
    ) -> Callable[[], None]:
        queue, whole = target.queue, {"band": target.band, "pattern": target.pattern}
        drawn = queue.sample(**whole, size=self.size)
        if not drawn:
            name = f"{pattern_name(target.pattern)}, {target.band}"
            raise error_of(WorkbookError, "cli.match.nothing_suggested", name=name, hint="")
        judged = queue.judged(drawn)
        if len(judged) < len(drawn):
            raise error_of(
                WorkbookError,
                "cli.match.unjudged",
                open=len(drawn) - len(judged),
                all=len(drawn),
                entity=queue.entity,
                options=self._sample_options(target),
            )

        def write() -> None:
            stated, _ = queue.stated(**whole, verdict=verdict, judged=judged)
            written = queue.sign_off(
                **whole, verdict=verdict, by=by, because=because, judged=judged
            )
            say(
                WORDS.text(
                    "recorded.whole",
                    id=written,
                    verdict=verdict,
                    pairs=stated.of,
                    errors=stated.errors,
                    judged=stated.sample,
                    bound=float(stated.bound),
                )
            )

        return write

    def _sample_options(self, target: _Target) -> str:
        """The options by which `workbook match sample` draws the sample of a target."""
        pattern = ["--pattern", pattern_name(target.pattern)] if target.pattern else []
        band = ["--band", target.band] if target.band else []
        size = ["--size", str(self.size)] if self.size != SIZE else []
        return shlex.join([*pattern, *band, *size])

    def _decision_row(self, verdict: str, target: _Target) -> tuple[PairReview, dict[str, str]]:
        """The line that a decision would write, for a preview."""
        if target.pair:
            return target.queue, pair_review.preview_decision(target.queue, verdict, target.pair)
        if verdict == "unsure":
            raise error_of(WorkbookError, "cli.match.unsure_of_many")
        row = pair_review.preview_signoff(
            target.queue, verdict, pattern=target.pattern, band=target.band
        )
        return target.queue, row

    def _show_effect(self, rows: Sequence[tuple[PairReview, dict[str, str]]]) -> None:
        """Print what lines would change together, entity by entity; nothing is written."""
        for entity in dict.fromkeys(queue.entity for queue, _ in rows):
            lines = [row for queue, row in rows if queue.entity == entity]
            effect = pair_review.preview(self.context, entity, lines)
            say(WORDS.text("recorded.preview", change=change(effect)))

    def _target(self, name: str) -> _Target:
        """The pair, pattern or band of that name.

        Raises:
            WorkbookError: nothing that was suggested has this name.
        """
        known: list[str] = []
        for queue in self.queues():
            pair = queue.find(name)
            if pair:
                return _Target(queue, pair)
            patterns, bands = queue.patterns(), queue.bands()
            if name in patterns:
                return _Target(queue, pattern=patterns[name], band=self.band)
            if name in bands:
                return _Target(queue, band=name)
            known += [*patterns, *bands]
        raise error_of(WorkbookError, "cli.match.unknown_target", name=name, known=known)

    # ---- undo

    def undo(self, ids: Iterable[str], by: str, because: str, *, preview: bool) -> None:
        """Undo every decision, or none where one id is unknown; a preview prints the effect."""
        person = "" if preview else pair_review.reviewer(self.book.model, by)
        queues = {name: self._queue_of_decision(name) for name in dict.fromkeys(ids)}
        if preview:
            rows = [
                (queue, queue.row("undo", pair_review.NOBODY, "", {"undoes": name}))
                for name, queue in queues.items()
            ]
            self._show_effect(rows)
            return
        for name, queue in queues.items():
            written = queue.undo(name, by=person, because=because)
            say(WORDS.text("recorded.undo", id=written, undone=name))

    def _queue_of_decision(self, name: str) -> PairReview:
        decisions = read_ledger(pair_review.ledger_path(self.book.model)).decisions
        entities = {decision.id: decision.entity for decision in decisions}
        if name not in entities:
            raise error_of(WorkbookError, "cli.match.unknown_decision", name=name, known=entities)
        return pair_review.desk_of(self.context, entities[name])

    # ---- sample

    def judge_sample(self, pattern: str, by: str, because: str) -> None:
        """Print a sample of a pattern or a band; at a terminal, ask for a verdict on each pair
        that has none yet.
        """
        if not (pattern or self.band):
            raise error_of(WorkbookError, "cli.match.sample_of_nothing")
        queue = self.queues()[0]
        text = _pattern_of(queue, pattern) if pattern else ""
        drawn = queue.sample(self.band, text, self.size)
        if not drawn:
            hint = did_you_mean(self.band, queue.bands())
            name = pattern or self.band
            raise error_of(WorkbookError, "cli.match.nothing_suggested", name=name, hint=hint)
        judged = queue.judged(drawn)
        left = [pair for pair in drawn if pair not in judged]
        of = clean(text or self.band)
        say(WORDS.text("sample.heading", pairs=len(drawn), of=of, open=len(left)))
        if by and left and sys.stdin.isatty() and sys.stdout.isatty():
            self._ask(queue, left, pair_review.reviewer(self.book.model, by), because)
        else:
            self._show(queue, left)

    def _ask(self, queue: PairReview, pairs: Sequence[Pair], by: str, because: str) -> None:
        for number, pair in enumerate(pairs, start=1):
            self._show(queue, [pair])
            question = WORDS.text("sample.question", number=number, all=len(pairs))
            answer = typer.prompt(question, type=_answer, show_choices=False)
            if answer == _QUIT:
                return
            queue.decide(pair, _KEYS[answer], by=by, because=because)

    # ---- train

    def train_weights(self) -> None:
        """Learn the weights of the entity that is named, or of every one that has something to
        compare.
        """
        for name in [self.entity] if self.entity else trainable(self.context) or ("",):
            weights, path = train_entity(self.context, name)
            say(
                WORDS.text(
                    "recorded.weights",
                    entity=name,
                    records=weights.records,
                    file=str(path.relative_to(self.book.root)),
                    digest=weights.digest,
                )
            )


def _pattern_of(queue: PairReview, name: str) -> str:
    """The full text of a pattern by either of its names."""
    known = queue.patterns()
    if name not in known:
        raise error_of(
            WorkbookError, "cli.match.unknown_pattern", name=name, known=known, entity=queue.entity
        )
    return known[name]


def _answer(text: str) -> str:
    letter = text.strip().lower()[:1]
    if letter not in (*_KEYS, _QUIT):
        raise typer.BadParameter(WORDS.text("sample.answer"))
    return letter
