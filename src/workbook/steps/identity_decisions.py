"""What 04b shows of the review: what people decided, by whom, whether it stands, and the lines
that decide nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from workbook import identity as room
from workbook.finding import Finding
from workbook.model.csv_ledger import Broken
from workbook.model.ledger_errors import hinted
from workbook.scenarios.context import Context
from workbook.show import Column, Figure, nothing, table
from workbook.show.frame import frame_for
from workbook.steps.identity_accuracy import LabelAccuracy, unmeasured
from workbook.words import number
from workbook.words.wording import join_words, truncate_list

PAGE = "04b"
_SAID = {
    "same": "the same",
    "different": "not the same",
    "unsure": "nobody can tell",
    "undo": "an earlier line is taken back",
}
_STATES = {
    "stands": "it stands",
    "unsure": "it waits",
    "an undo": "in force",
    room.GONE: "a record is gone, so it decides nothing",
    room.CHANGED: "the records changed since, so it waits again",
    room.OTHER_WEIGHTS: "signed off under other weights, so it waits again",
}
# beside what stands: a disputed pair stays apart, an undo takes another line back
_IN_FORCE = (room.DISPUTED, "an undo")
_AGREED = ("stands", "agrees with another")
_MOVED = {
    "merged": "it lives on under another id",
    "split": "some of its records left it for another id",
    "gone": "its records are no longer in the data",
}


class Reviewed:
    """The lines of the review about every entity that is resolved, and how right the result is."""

    def __init__(
        self, context: Context, resolved: Sequence[str], truths: list[LabelAccuracy]
    ) -> None:
        self.context, self.model = context, context.model
        self.resolved, self.truths = resolved, truths
        self.file = f"{self.model.project.decisions}/{room.LEDGER}"

    @cached_property
    def decided(self) -> dict[str, list[dict[str, Any]]]:
        """Of each entity: the lines of the review."""
        return {
            name: self.context.query(room.stats.decided_sql(name)).to_dicts()
            for name in self.resolved
        }

    @cached_property
    def broken(self) -> list[Broken]:
        """Lines of the review that decide nothing, and why."""
        said = room.ledger(self.model)
        strange = [
            Broken(
                each.line,
                hinted("it names no entity whose records are resolved", each.entity, self.resolved),
            )
            for each in said.decisions
            if each.entity not in self.resolved
        ]
        return sorted([*said.broken, *strange], key=lambda each: each.line)

    @cached_property
    def _known(self) -> dict[str, str]:
        """Who decides in this project, as workbook.yml writes it, by the same word in small
        letters.
        """
        departments = self.model.project.departments
        return {name.casefold(): name for name in (*departments, *departments.values())}

    def _who(self, by: str) -> str:
        """A reviewer as the page names one: only names that workbook.yml holds."""
        return self._known.get(by.casefold(), "somebody whom workbook.yml does not name")

    # ---- 4b.6

    def figure(self) -> Figure:
        """Figure 4b.6: what people decided about pairs of records, whether it stands, and how
        right the customers are.
        """
        rows = [row for each in self.truths for row in self._rows(each)]
        if self.broken:
            rows.append(
                {
                    "part": "in no entity",
                    "what": "unreadable",
                    "how": "set aside; the list below says which line and why",
                    "count": len(self.broken),
                }
            )
        title, missing = (
            "What did people decide, and how right is the result?",
            unmeasured(self.truths),
        )
        if not rows:
            return Figure(
                "4b.6",
                title,
                body=nothing(
                    why=". ".join(
                        [f"{self.file} holds no decision yet", *filter(None, [missing.rstrip(".")])]
                    )
                ),
            )
        columns = [
            Column("what", "What", detail="how"),
            Column("count", "Count", "int"),
            Column("share", "Share", "percent", decimals=2),
        ]
        shown = columns if any(row.get("share") is not None for row in rows) else columns[:2]
        caption = (
            "A decision names two records, so it survives a new run; another line takes it back."
            " Where two people contradict each other, the pair stays apart. "
            f"{missing or 'Labels measure and never link. B-cubed hardly shows a large wrong group: read it beside the pairs and the largest cluster.'}"
        )
        subtitle = f"Lines of {self.file}, and how right what came out is"
        return Figure(
            "4b.6",
            title,
            subtitle,
            table(frame_for(rows, [*columns, Column("part")]), shown, group="part"),
            caption,
        )

    def _rows(self, truth: LabelAccuracy) -> Iterator[dict[str, Any]]:
        part = f"{truth.entity}: " if len(self.resolved) > 1 else ""
        lines = Counter(
            (row["kind"], row["verdict"], row["state"], row["by"])
            for row in self.decided[truth.entity]
        )
        for (kind, verdict, state, by), count in sorted(lines.items()):
            about = "" if kind in ("pair", "undo") else f", for a whole {kind}"
            yield {
                "part": f"{part}decisions of the review",
                "what": f"{_SAID[verdict]}{about}",
                "how": f"{_STATES.get(state, state)}; said by {self._who(by)}",
                "count": count,
            }
        for row in self.context.query(room.stats.moved_ids_sql(truth.entity)).to_dicts():
            yield {
                "part": f"{part}ids since they were published",
                "what": row["change"],
                "how": _MOVED[row["change"]],
                "count": row["ids"],
            }
        yield from ({"part": f"{part}how right it is", **row} for row in truth.rows())

    # ---- what it comes to

    def conclude(self, owner_of: Any) -> Iterator[Finding]:
        """Decisions that are outdated, disputed, by strangers, or about nothing."""
        for name in self.resolved:
            yield from self._outdated(name, owner_of(name))
            yield from self._disputed(name, owner_of(name))
            yield from self._strange(name, owner_of(name))
            for row in self.decided[name]:
                if row["state"] in (room.GONE, room.CIRCLE):
                    why = (
                        "one of its records is no longer in the data"
                        if row["state"] == room.GONE
                        else "it undoes itself in a circle"
                    )
                    yield Finding(
                        "identity.bad_decision",
                        "look",
                        f"{self.file}, line {row['line']}: {why}. It decides nothing.",
                        PAGE,
                        1,
                        owner_of(name),
                        (name,),
                    )

    def unread(self) -> Iterator[Finding]:
        """Lines that decide nothing until somebody mends them; one that keeps all others from
        being read is a failure.
        """
        for each in self.broken:
            ends = (
                "No decision of the file counts until it is mended."
                if each.whole
                else "It decides nothing until it is mended."
            )
            yield Finding(
                "identity.bad_decision",
                "fail" if each.whole else "look",
                f"{self.file}, line {each.line}: {each.why}. {ends}",
                PAGE,
                1,
                self.model.owner_of("identity"),
            )

    def _outdated(self, entity: str, owner: str) -> Iterator[Finding]:
        """Decisions that decide nothing any more, because what was looked at is not what is
        there now.
        """
        for state, why in (
            (room.CHANGED, "the records changed since somebody looked at them"),
            (room.OTHER_WEIGHTS, "it was signed off under other weights"),
        ):
            lines = [str(row["line"]) for row in self.decided[entity] if row["state"] == state]
            if lines:
                where = f"{self.file}, line{'s' if len(lines) > 1 else ''} {truncate_list(lines)}"
                ends = (
                    f"{number.plural(len(lines), 'decision')}"
                    f" {'decides' if len(lines) == 1 else 'decide'} nothing, and what"
                    f" {'it was' if len(lines) == 1 else 'they were'} about waits again."
                )
                yield Finding(
                    "identity.outdated_decision",
                    "look",
                    f"{where}: {why}. {ends}",
                    PAGE,
                    len(lines),
                    owner,
                    (entity,),
                )

    def _disputed(self, entity: str, owner: str) -> Iterator[Finding]:
        """One finding for each pair, pattern or band of which people say opposite things, with
        all their lines.
        """
        found: dict[str, list[Mapping[str, Any]]] = {}
        for row in self.decided[entity]:
            if row["state"] == room.DISPUTED:
                found.setdefault(row["about"], []).append(row)
        for rows in found.values():
            what = "the two records stay apart" if rows[0]["kind"] == "pair" else "it joins nothing"
            sentence = (
                f"{self.file}, lines {join_words([str(row['line']) for row in rows])}: people say"
                f" the opposite about the same {rows[0]['kind']}; {what} until they agree."
            )
            yield Finding("identity.disputed_decision", "look", sentence, PAGE, 1, owner, (entity,))

    def _strange(self, entity: str, owner: str) -> Iterator[Finding]:
        """Decisions in force by somebody whom workbook.yml does not name, with whom nobody
        agrees whom it names; where it names nobody, anybody may decide.
        """
        rows = self.decided[entity]
        confirmed = {
            row["about"]
            for row in rows
            if row["state"] in _AGREED and row["by"].casefold() in self._known
        }
        force = [
            row
            for row in rows
            if (row["stands"] or row["state"] in _IN_FORCE) and row["about"] not in confirmed
        ]
        strange = [row for row in force if row["by"].casefold() not in self._known]
        if strange and self._known:
            one, it = len(strange) == 1, "it" if len(strange) == 1 else "them"
            lines = truncate_list(
                [hinted(str(row["line"]), row["by"], self._known.values()) for row in strange]
            )
            said = (
                f"{number.plural(len(strange), 'decision')} by somebody whom workbook.yml does not"
                f" name {'counts' if one else 'count'}"
            )
            todo = (
                f"Name the reviewer there under departments, have somebody who is named decide {it}"
                f" too, or take {it} back: workbook match undo ID --by NAME."
            )
            yield Finding(
                "identity.unknown_reviewer",
                "look",
                f"{self.file}, line{'' if one else 's'} {lines}: {said}. {todo}",
                PAGE,
                len(strange),
                owner,
                (entity,),
            )
