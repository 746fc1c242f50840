"""`workbook match`: what waits for a decision and what it is worth; accept, reject, sample,
sign off, undo, preview.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from workbook.book import Workbook, find_project
from workbook.cli.console import say
from workbook.errors import WorkbookError, did_you_mean
from workbook.identity.ledger import read_ledger
from workbook.identity.pair import Pair, pattern_name
from workbook.identity.review_session import SIZE, PairReview
from workbook.model import Model
from workbook.privacy import redact, strictest
from workbook.scenarios import pair_review
from workbook.scenarios.context import Context
from workbook.scenarios.training import train_entity, trainable
from workbook.show.text import clean
from workbook.words import number
from workbook.words.wording import truncate_list

LISTED = 20  # patterns and pairs printed where nobody says how many
AMISS = 5  # lines of the review that decide nothing, printed with their place
ATTRIBUTES = 6  # whose golden values would change, printed by name
VERDICTS = {"accept": "same", "reject": "different", "unsure": "unsure"}
_KEYS = {"s": "same", "d": "different", "u": "unsure"}


def match(
    entity: Annotated[
        str,
        typer.Argument(
            metavar="[ENTITY]",
            help="The entity whose pairs are meant; by default every one that suggests pairs.",
        ),
    ] = "",
    project: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="The project's folder; by default the nearest with a workbook.yml upward.",
        ),
    ] = None,
    pattern: Annotated[
        str,
        typer.Option(metavar="P", help="Only pairs of this pattern: its words, or its short name."),
    ] = "",
    band: Annotated[str, typer.Option(metavar="B", help="Only pairs of this band.")] = "",
    accept: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PAIR|PATTERN|BAND",
            help=(
                "Say that a pair is the same customer, or sign off a pattern or a band after its"
                " sample was judged; repeat it for several."
            ),
        ),
    ] = None,
    reject: Annotated[
        list[str] | None,
        typer.Option(metavar="PAIR|PATTERN|BAND", help="Say that they are different customers."),
    ] = None,
    unsure: Annotated[
        list[str] | None, typer.Option(metavar="PAIR", help="Say that nobody can tell.")
    ] = None,
    undo: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Take back the line of the review with this id."),
    ] = None,
    by: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Who decides: a department of workbook.yml, or the name written there.",
        ),
    ] = "",
    because: Annotated[str, typer.Option(metavar="TEXT", help="Why.")] = "",
    preview: Annotated[
        bool, typer.Option("--preview", help="Say what it would change, and write nothing.")
    ] = False,
    sample: Annotated[
        bool,
        typer.Option(
            "--sample",
            help=(
                "Judge a sample of the pattern or the band that is named, before all of it is"
                " signed off."
            ),
        ),
    ] = False,
    size: Annotated[
        int,
        typer.Option(
            min=1,
            help="Pairs of a sample: the same number when it is judged and when it is signed off.",
        ),
    ] = SIZE,
    reveal: Annotated[
        bool, typer.Option("--reveal", help="Show the values of each pair, on a terminal only.")
    ] = False,
    limit: Annotated[int, typer.Option(min=0, help="Patterns and pairs to list.")] = LISTED,
    train: Annotated[
        bool,
        typer.Option(
            "--train",
            help=(
                "Learn the weights of the comparison from the data, and keep them with the"
                " decisions."
            ),
        ),
    ] = False,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="The day that it is about.")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Read the sources from here instead of where workbook.yml says."
        ),
    ] = None,
) -> None:
    """List the pairs that wait for a decision, what moves the headline numbers most first; or
    decide.

    Pairs and patterns have short names (p… and t…). Values are shown as tokens unless --reveal
    asks for them.
    """
    acts = {
        "accept": accept,
        "reject": reject,
        "unsure": unsure,
        "undo": undo,
        "train": ["yes"] if train else None,
        "sample": ["yes"] if sample else None,
    }
    chosen = [name for name, target in acts.items() if target]
    if len(chosen) > 1:
        raise WorkbookError(
            f"--{chosen[0]} and --{chosen[1]} are two things; ask for one at a time."
        )
    if preview and (not chosen or chosen[0] in ("train", "sample")):
        raise WorkbookError("Say what to preview: --accept, --reject, --unsure or --undo.")
    if reveal and not sys.stdout.isatty():
        raise WorkbookError(
            "--reveal shows values to a person at a terminal; this goes to a file or a pipe."
        )
    with _opened(project, as_of, data) as book:
        review = _Review(book, entity, pattern, band, reveal, size)
        if train:
            review.train()
        elif sample:
            review.sample(by, because)
        elif chosen:
            review.act(
                chosen[0], list(dict.fromkeys(acts[chosen[0]] or ())), by, because, preview=preview
            )
        else:
            review.list(limit)


@contextmanager
def _opened(project: Path | None, as_of: str | None, data: Path | None) -> Iterator[Workbook]:
    book = Workbook.open(
        find_project(project), as_of=as_of, data=str(data.resolve()) if data else None
    )
    try:
        yield book
    finally:
        book.close()


@dataclass(frozen=True)
class _Review:
    """One call of the command: the entity, pattern and band that were named, and whether values
    may be shown.
    """

    book: Workbook
    entity: str
    pattern: str
    band: str
    reveal: bool
    size: int

    @property
    def context(self) -> Context:
        return self.book.context

    def desks(self) -> list[PairReview]:
        """The desk of the entity that was named, or of every one that suggests pairs."""
        every = pair_review.suggesting(self.context) or trainable(self.context) or ("",)
        return [
            pair_review.desk_of(self.context, name)
            for name in ([self.entity] if self.entity else every)
        ]

    # ---- what waits

    def list(self, limit: int) -> None:
        """Print what waits: patterns by what they are worth, then pairs."""
        for desk in self.desks():
            pairs = desk.pairs(self.band, self._pattern_in(desk) if self.pattern else "")
            say(_heading(desk, pairs))
            found = pair_review.groups(self.context, desk, pairs)
            for group in found[:limit]:
                self._group(group)
            if len(found) > limit:
                say(
                    f"  and {number.plural(len(found) - limit, 'more pattern')}; --limit shows"
                    " more."
                )
            if len(found) > pair_review.PREVIEWS:
                say(
                    f"  What accepting it would change was computed for {pair_review.PREVIEWS} of"
                    f" {number.plural(len(found), 'pattern')}: those that probably hold the most"
                    " true pairs."
                )
            ordered = [pair for group in found for pair in group.pairs]
            self._pairs(desk, ordered[:limit])
            if len(ordered) > limit:
                say(
                    f"  and {number.integer(len(ordered) - limit)} more; --limit shows more,"
                    " --pattern or --band fewer kinds."
                )
        self._amiss()

    def _amiss(self) -> None:
        """Say which lines of the review decide nothing: who decided by hand must not think that
        it counts.
        """
        path = pair_review.ledger_path(self.book.model)
        broken = read_ledger(path).broken
        for each in broken[:AMISS]:
            say(
                f"{path.parent.name}/{path.name}:{each.line}: {each.why}. It decides nothing until"
                " it is mended."
            )
        if len(broken) > AMISS:
            say(
                f"and {number.integer(len(broken) - AMISS)} more lines of it decide nothing; page"
                " 04b names each."
            )

    def _group(self, group: pair_review.Group) -> None:
        span = (
            f"{group.lowest:.4f}"
            if group.lowest == group.highest
            else f"{group.lowest:.4f} to {group.highest:.4f}"
        )
        say(
            f"  {group.name}  {number.plural(len(group.pairs), 'pair')}, {', '.join(group.bands)},"
            f" score {span}: {clean(group.pattern)}"
        )
        if group.preview:
            say(f"            all of it accepted: {_change(group.preview)}")

    def _pairs(self, desk: PairReview, pairs: Sequence[Pair]) -> None:
        shown = _records(
            self.context, [record for pair in pairs for record in (pair.left, pair.right)]
        )
        for pair in pairs:
            say(
                f"  {pair.name}  {pair.score:.4f}  {pair.band}  {pattern_name(pair.pattern)} "
                f" {shown[pair.left]}  {shown[pair.right]}"
            )
            if self.reveal:
                _side_by_side(desk, pair)

    # ---- words

    def act(
        self, act: str, targets: Sequence[str], by: str, because: str, *, preview: bool
    ) -> None:
        """Write a word on each target, or say what they would change together; where one cannot
        be said, none is written.
        """
        if preview:
            meant = [
                self._undone(each) if act == "undo" else self._meant(VERDICTS[act], each)
                for each in targets
            ]
            for entity in dict.fromkeys(desk.entity for desk, _ in meant):
                rows = [row for desk, said in meant if desk.entity == entity for row in said]
                say(
                    "Nothing is written. It would change:"
                    f" {_change(pair_review.preview(self.context, entity, rows))}"
                )
            return
        name = pair_review.reviewer(self.book.model, by)
        for write in [self._word(act, each, name, because) for each in targets]:
            write()

    def _word(self, act: str, target: str, by: str, because: str) -> Callable[[], None]:
        """What writes one word, once it is sure that it can be said."""
        if act == "undo":
            desk, _ = self._undone(target)
            return lambda: say(
                f"Written as {desk.undo(target, by=by, because=because)}: {target} is taken back."
                " The next run is as if it had never been said."
            )
        desk, pair, pattern, band = self._target(target)
        verdict = VERDICTS[act]
        if not pair:
            return self._signing(desk, verdict, pattern, band, by, because)

        def write() -> None:
            made = desk.decide(pair, verdict, by=by, because=because)
            say(
                f"Written as {made}: {verdict}. To take it back: workbook match {desk.entity}"
                f" --undo {made} --by …"
            )

        return write

    def _signing(
        self, desk: PairReview, verdict: str, pattern: str, band: str, by: str, because: str
    ) -> Callable[[], None]:
        drawn = desk.sample(band, pattern, self.size)
        judged = desk.judged(drawn)
        if len(judged) < len(drawn):
            asks = f"--pattern {pattern_name(pattern)}" if pattern else f"--band {band}"
            raise WorkbookError(
                f"{len(drawn) - len(judged)} of the sample of {len(drawn)} are not judged yet."
                f" Judge them first: workbook match {desk.entity} --sample {asks} --by …"
            )

        def write() -> None:
            stated, _ = desk.stated(band, pattern, verdict, judged)
            made = desk.sign_off(
                band=band, pattern=pattern, verdict=verdict, by=by, because=because, judged=judged
            )
            say(
                f"Written as {made}: {verdict} for all {number.plural(stated.of, 'pair')} of it."
                f" {_found(stated.errors, stated.sample, stated.bound)}"
            )

        return write

    def _undone(self, target: str) -> tuple[PairReview, list[dict[str, str]]]:
        known = {
            each.id: each.entity
            for each in read_ledger(pair_review.ledger_path(self.book.model)).decisions
        }
        if target not in known:
            raise WorkbookError(
                f"No line of the review has the id '{target}'. {did_you_mean(target, known)}".strip()
            )
        desk = pair_review.desk_of(self.context, known[target])
        return desk, [desk.row("undo", pair_review.NOBODY, "", {"undoes": target})]

    def _meant(self, verdict: str, target: str) -> tuple[PairReview, list[dict[str, str]]]:
        desk, pair, pattern, band = self._target(target)
        if verdict == "unsure" and not pair:
            raise WorkbookError("A band or a pattern is signed as same or as different.")
        return desk, [
            (
                pair_review.preview_decision(desk, verdict, pair)
                if pair
                else pair_review.preview_signoff(desk, verdict, pattern=pattern, band=band)
            )
        ]

    def _target(self, target: str) -> tuple[PairReview, Pair | None, str, str]:
        """The desk on which something of this name lies: a pair, a pattern or a band.

        Raises:
            WorkbookError: nothing that was suggested has this name.
        """
        known: list[str] = []
        for desk in self.desks():
            pair = desk.find(target)
            if pair:
                return desk, pair, "", ""
            patterns, bands = desk.patterns(), desk.bands()
            if target in patterns:
                return desk, None, patterns[target], self.band
            if target in bands:
                return desk, None, "", target
            known += [*patterns, *bands]
        raise WorkbookError(
            f"No pair, pattern or band that is suggested is named '{target}'."
            f" {did_you_mean(target, known)}".strip()
        )

    def _pattern_in(self, desk: PairReview) -> str:
        known = desk.patterns()
        if self.pattern not in known:
            raise WorkbookError(
                f"No pattern of {desk.entity} is named '{self.pattern}'."
                f" {did_you_mean(self.pattern, known)}".strip()
            )
        return known[self.pattern]

    # ---- a sample

    def sample(self, by: str, because: str) -> None:
        """Print a sample of a pattern or a band; at a terminal, ask for a word on each pair
        that has none yet.
        """
        if not (self.pattern or self.band):
            raise WorkbookError(
                "Name the pattern or the band that is sampled: --pattern or --band."
            )
        (desk,) = self.desks()[:1]
        pattern = self._pattern_in(desk) if self.pattern else ""
        pairs = desk.sample(self.band, pattern, self.size)
        if not pairs:
            raise WorkbookError(
                f"Nothing is suggested under '{self.pattern or self.band}'."
                f" {did_you_mean(self.band, desk.bands())}".strip()
            )
        left = [pair for pair in pairs if pair not in desk.judged(pairs)]
        say(
            f"{number.plural(len(pairs), 'pair')} of {clean(pattern or self.band)}, {len(left)} not"
            " judged yet."
        )
        if by and left and sys.stdin.isatty() and sys.stdout.isatty():
            self._ask(desk, left, pair_review.reviewer(self.book.model, by), because)
        else:
            self._pairs(desk, left)

    def _ask(self, desk: PairReview, pairs: Sequence[Pair], by: str, because: str) -> None:
        for place, pair in enumerate(pairs, start=1):
            self._pairs(desk, [pair])
            answer = typer.prompt(
                f"{place} of {len(pairs)}: [s]ame, [d]ifferent, [u]nsure, [q]uit",
                type=_answer,
                show_choices=False,
            )
            if answer == "q":
                return
            desk.decide(pair, _KEYS[answer], by=by, because=because)

    def train(self) -> None:
        """Learn the weights of the entity that is named, or of every one that has something to
        compare.
        """
        for name in [self.entity] if self.entity else trainable(self.context) or ("",):
            weights, path = train_entity(self.context, name)
            where = path.relative_to(self.book.root)
            say(
                f"{name}: weights learned from {number.plural(weights.records, 'record')} stand in"
                f" {where} as {weights.digest}. Sign-offs under other weights wait for a new look."
            )


def _answer(text: str) -> str:
    letter = text.strip().lower()[:1]
    if letter not in (*_KEYS, "q"):
        raise typer.BadParameter("Answer s, d, u or q.")
    return letter


def _heading(desk: PairReview, pairs: Sequence[Pair]) -> str:
    if not pairs:
        return f"{desk.entity}: nothing waits."
    return (
        f"{desk.entity}: {number.plural(len(pairs), 'pair')}"
        f" {'waits' if len(pairs) == 1 else 'wait'} for a decision, in"
        f" {number.plural(len({p.pattern for p in pairs}), 'pattern')}."
    )


def _change(made: pair_review.Preview) -> str:
    """Customers and headline numbers before and after, and for how many customers each
    attribute would hold another value.
    """
    largest = sorted(made.golden, key=lambda item: (-item[1], item[0]))
    golden = truncate_list(
        (f"{name.replace('_', ' ')} of {number.integer(count)}" for name, count in largest),
        ATTRIBUTES,
    )
    headlines = "; ".join(
        f"{each.label} {each.before} → {each.after}"
        for each in made.headlines
        if each.before != each.after
    )
    return (
        f"customers {number.integer(made.before)} → {number.integer(made.after)}; "
        f"headline numbers: {headlines or 'none'}; golden values: {golden or 'none'}."
    )


def _found(errors: int, judged: int, bound: str) -> str:
    return (
        f"Of {judged} judged, {errors} {'says' if errors == 1 else 'say'} otherwise: at most"
        f" {number.percent(float(bound))} of the whole is wrong (95 % sure)."
    )


def _records(context: Context, records: Sequence[str]) -> dict[str, str]:
    """The keys of records as they may be shown: those made of personal fields as tokens."""
    model, shown = context.model, {}
    for source in dict.fromkeys(record.partition(":")[0] for record in records):
        here = [record for record in dict.fromkeys(records) if record.partition(":")[0] == source]
        cls = _class_of_key(model, source)
        values = redact([record.partition(":")[2] for record in here], cls, "key")
        shown |= {
            record: clean(f"{source}:{value}") for record, value in zip(here, values, strict=True)
        }
    return shown


def _class_of_key(model: Model, source: str) -> str:
    """The strictest class of what a source's records are named by; a row number says nothing
    about anybody.
    """
    if model.sources is None or source not in model.sources.sources:
        return "personal"
    fields = model.fields(source)
    return strictest(
        [
            "internal",
            *(
                fields[name].cls
                for name in model.sources.sources[source].primary_key
                if name in fields
            ),
        ]
    )


def _side_by_side(desk: PairReview, pair: Pair) -> None:
    for name, left, right, same in desk.side_by_side(pair):
        say(
            f"      {'=' if same else '≠'} {name.replace('_', ' ')}: {clean(left) or '–'}  | "
            f" {clean(right) or '–'}"
        )


def publish(root: Path, as_of: str | None, data: str | None, *, failed: bool) -> None:
    """Publish the ids of a run that came through, and say so."""
    if failed:
        say("No ids are published, because a check fails.")
        return
    with _opened(root, as_of, Path(data) if data else None) as book:
        for entity, records, changed in pair_review.publish_ids(book.context):
            say(
                f"registry/{entity}.parquet: the ids of {number.plural(records, 'record')}"
                f" {'are published' if changed else 'stand as they were published'}."
            )
