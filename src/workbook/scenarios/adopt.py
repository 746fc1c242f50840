"""A decision that was tried is written down: value, who took it, when, why, what it overruled."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbook.errors import ModelError, WorkbookError
from workbook.model import Model
from workbook.model.decision_records import RECORD, DecisionBlock, Record, block_of, record_of
from workbook.model.times import local_time
from workbook.model.yaml_paths import at_place
from workbook.model.yaml_rewrite import put_back, rewrite
from workbook.scenarios.considered_before import considered_then
from workbook.scenarios.pair_review import reviewer
from workbook.scenarios.yaml_values import MOST, as_written, said
from workbook.show.text import clip
from workbook.words import error_of, problem_of, words_of

Place = tuple[str, ...]
Edit = tuple[Place, Any]
_COMMENT = re.compile(r"\s#\s")
_SENTENCES = ("sentence", "means")  # words that say in prose what other words of their block decide
# words of which such a sentence says nothing
_BESIDE = (*RECORD, "label", "control_total", "by", "grains")


@dataclass(frozen=True)
class Adopted:
    """What was written into the project at `root`: its place (`file:line`), and in words; `undo()`
    takes it back.
    """

    place: str
    words: str
    back: Callable[[], None] = field(repr=False, compare=False, default=lambda: None)
    root: Path | None = field(repr=False, compare=False, default=None)

    def undo(self) -> None:
        """Put the file back as it was, byte for byte.

        Raises:
            WorkbookError: it was changed since; nothing is written then.
        """
        self.back()
        JOURNAL[:] = [item for item in JOURNAL if item is not self]

    def __repr__(self) -> str:
        return f"{self.place}: {self.words}"


JOURNAL: list[Adopted] = []  # what this process wrote and did not take back, the newest last


@dataclass(frozen=True)
class NotAdopted:
    """Nothing was written, and why; there is nothing to undo."""

    words: str
    place: str = ""

    def undo(self) -> None:
        """Nothing was written."""

    def __repr__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Signature:
    """Who takes a decision, why, which owner agreed, and the sentence that holds then."""

    because: str
    by: str
    agreed_by: str = ""
    sentence: str = ""


def adopt_value(model: Model, step: str, path: Place, value: Any, signature: Signature) -> Adopted:
    """Write one value into a step's file, and its record at the one decision that it belongs to.

    Raises:
        WorkbookError: no reason, nobody of this project, another department owns it and did not
            agree, a sentence would be false, a file was changed meanwhile or cannot be written so;
            nothing is written then.
    """
    because, by = reason(signature.because), function_of(model, signature.by)
    block = block_of(step, path, value)
    if step == "grain" and path == block.place and isinstance(value, str):
        value = {"because": value or because}  # a considered grain is written as its reason alone
    old = record_of(model, step, block)
    owner = owner_for(model, ".".join(path), old.owner, by, signature.agreed_by)
    edits: list[Edit] = [(path, value), *_sentence(model, step, block, path, value, signature)]
    now = local_time(model, dt.datetime.now(dt.UTC).replace(tzinfo=None))
    day = now.date() if now else dt.datetime.now(dt.UTC).date()
    signed = {
        "because": because,
        "owner": owner,
        "decided": day.isoformat(),
        "decided_by": by if by != owner else None,
    }
    edits += _signed(block, path, value, old, signed)
    considered = considered_then(model, step, block, path, value, old, day)
    if considered is not None:
        edits.append(((*block.place, "considered"), considered))
    return _write(model, step, edits, by, owner if owner != by else "")


def _write(model: Model, step: str, edits: list[Edit], by: str, agreed_by: str) -> Adopted:
    wanted = model.with_values(step, [(path, as_written(value)) for path, value in edits])
    by_hand = ", ".join(f"{_dotted(at)}: {said(model, as_written(what), at)}" for at, what in edits)
    written = rewrite(model, step, edits, wanted.texts[step].values, f"Write by hand: {by_hand}.")
    path, value = edits[0]
    line = written.text.line(path)
    changed_line = written.after.decode("utf-8-sig").splitlines()[line - 1]
    words = words_of("scenarios").text(
        "adopted.value",
        place=_dotted(path),
        value=clip(said(model, as_written(value), path), MOST),
        by=by,
        agreed_by=agreed_by,
        comment=bool(_COMMENT.search(changed_line)),
    )
    return Adopted(f"{written.text.file}:{line}", words, lambda: put_back(written), model.root)


def reason(because: str) -> str:
    """The reason on one line.

    Raises:
        WorkbookError: there is none.
    """
    if not because.strip():
        raise error_of(WorkbookError, "scenarios.no_reason")
    return " ".join(because.split())


def require_author(by: str) -> str:
    """Who decides.

    Raises:
        WorkbookError: nobody is named.
    """
    if not by.strip():
        raise error_of(WorkbookError, "scenarios.nobody")
    return by


def function_of(model: Model, by: str) -> str:
    """The department, given its name or that of who holds it: an owner is a department.

    Raises:
        WorkbookError: it is none of this project.
    """
    name, departments = reviewer(model, require_author(by)), model.project.departments
    if by in departments:
        return by
    return next((department for department, who in departments.items() if who == name), name)


def owner_for(model: Model, what: str, owner: str, by: str, agreed_by: str) -> str:
    """The owner of a decision that `by` takes: themselves where it is theirs or nobody's.

    Raises:
        WorkbookError: somebody else owns it and is not said to have agreed, or another is.
    """
    agreed = function_of(model, agreed_by) if agreed_by.strip() else ""
    if not owner or owner == by:
        return by
    if not agreed:
        raise error_of(WorkbookError, "scenarios.other_owner", what=what, owner=owner, by=by)
    if agreed != owner:
        raise error_of(
            WorkbookError, "scenarios.wrong_agreement", what=what, owner=owner, agreed=agreed
        )
    return owner


def _signed(
    block: DecisionBlock, path: Place, value: Any, old: Record, words: Mapping[str, str | None]
) -> Iterator[Edit]:
    """The record's words in their block; what was changed itself is not written over."""
    for name, text in words.items():
        at = (*block.place, name)
        if not block.place and block.inside[0] in RECORD and name == "because":
            continue  # of who answers for a page no reason is kept: the page has one of its own
        given = isinstance(value, dict) and at[:-1] == path and name in value
        if at != path and not given and (text is not None or old.decided_by):
            yield at, text


# ---- a sentence that would be false


def _sentence(
    model: Model, step: str, block: DecisionBlock, path: Place, value: Any, signature: Signature
) -> Iterator[Edit]:
    """The new text of a sentence that says what is changed; only its author can know it."""
    values = at_place(model.texts[step].values, block.place) if block.own else None
    name = next(
        (sentence for sentence in _SENTENCES if isinstance(values, dict) and values.get(sentence)),
        "",
    )
    if step == "grain" and block.inside == ("primary",):
        name = "sentence"
    about = block.own and block.inside and block.inside[0] not in (name, *_BESIDE)
    if step == "grain" and block.inside[:1] != ("primary",):
        about = False
    if name and about:
        if not signature.sentence.strip():
            at = (*block.place, name)
            text = model.texts[step]
            now = values.get(name) if isinstance(values, dict) else None
            raise ModelError(
                [
                    problem_of(
                        "scenarios.sentence_may_be_false",
                        text.file,
                        text.line(at),
                        place=_dotted(at),
                        now=now or "",
                    )
                ]
            )
        yield (*block.place, name), " ".join(signature.sentence.split())
    elif signature.sentence.strip():
        raise error_of(WorkbookError, "scenarios.no_sentence_beside", place=_dotted(path))


def _dotted(path: Place) -> str:
    return ".".join(map(str, path))
