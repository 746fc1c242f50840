"""What page 06 shows and finds of the values and events that are kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbook import history
from workbook.finding import Finding
from workbook.model import Model
from workbook.show import Column, Figure
from workbook.steps.decision_reasons import reasons
from workbook.steps.history_rows import event_scope, grouped_table
from workbook.steps.step import Step
from workbook.words import finding, number, words_of
from workbook.words.wording import capital, humanize

OFTEN = 20  # late-arriving entries are a warning from one in so many

_AT = "figures.kept_values"


def kept_values_figure(step: Step, evidence: history.HistoryEvidence) -> Figure:
    """Figure 6.1: per kept value and kind of event how much is known, since when, how late it
    arrived.
    """
    columns = step.heads(
        "kept_values",
        Column("name", detail="from"),
        Column("ids", kind="int"),
        Column("share", kind="percent"),
        Column("rows", kind="int"),
        Column("changed", kind="int"),
        Column("since", kind="date"),
        Column("late", kind="int"),
        Column("out_of_order", kind="int"),
        Column("holes", kind="int"),
        Column("lost", kind="int"),
    )
    rows = [*_value_rows(step, evidence), *_event_rows(step, evidence)]
    return step.figure("kept_values", grouped_table(rows, columns), _caption(step, evidence))


def _value_rows(step: Step, evidence: history.HistoryEvidence) -> Iterator[dict[str, Any]]:
    for row in evidence.kept:
        yield {
            **row,
            "group": step.text(f"{_AT}.values"),
            "name": capital(humanize(row["name"])),
            "from": step.text(f"{_AT}.from", form=row["form"], source=row["from"]),
            "share": row["ids"] / row["total"] if row["total"] else None,
            "rows": row["intervals"],
        }


def _event_rows(step: Step, evidence: history.HistoryEvidence) -> Iterator[dict[str, Any]]:
    for row in evidence.happened:
        yield {
            "group": step.text(f"{_AT}.events"),
            "name": capital(humanize(f"{row['entity']}.{row['event']}")),
            "from": step.text(
                f"{_AT}.from_events", source=row["from"], scope=event_scope(step, row["event"])
            ),
            "ids": row["ids"],
            "rows": row["occurrences"],
            "since": row["first_at"],
            "lost": row["nobody"] + row["untimed"],
        }


def _caption(step: Step, evidence: history.HistoryEvidence) -> str:
    gaps = [
        step.text(f"{_AT}.gap", gaps=gaps_text(row), field=row["name"])
        for row in evidence.kept
        if row["holes"]
    ]
    forgotten = [number.plural_of(humanize(entity)) for entity in history.erasures(step.model)]
    texts = [step.text(f"{_AT}.caption")]
    if any(row["form"] == "periods" for row in evidence.kept):
        texts.append(step.text(f"{_AT}.overlap"))
    texts.append(step.text(f"{_AT}.gaps", gaps=gaps) if gaps else step.text(f"{_AT}.no_gaps"))
    if forgotten:
        texts.append(step.text(f"{_AT}.erased", entities=forgotten))
    return " ".join(texts) + reasons(step.model, "history")


def kept_value_findings(model: Model, evidence: history.HistoryEvidence) -> list[Finding]:
    """Per kept value: unusable, late and placeholder entries, gaps, doubtful snapshots, and a
    current value that differs from the history.
    """
    found: list[Finding] = []
    for row in evidence.kept:
        found += _entry_findings(model, evidence, row)
        found += _snapshot_findings(model, evidence, row)
        found += _current_findings(model, evidence, row)
    return found


def _entry_findings(
    model: Model, evidence: history.HistoryEvidence, row: dict[str, Any]
) -> Iterator[Finding]:
    about, owner, field = (row["name"],), row["owner"], row["name"]
    words = words_of("history")
    if row["lost"]:
        why = [
            words.text(f"unusable.{history.TROUBLES[trouble]}", count=count, entity=row["entity"])
            for trouble, count in evidence.troubles(row)
        ]
        yield finding(
            model,
            "history.unusable_facts",
            row["lost"],
            about,
            owner=owner,
            source=row["from"],
            field=field,
            reasons=why,
        )
    if row["late"]:
        yield finding(
            model,
            "history.late_facts",
            row["late"],
            about,
            severity="look" if row["late"] * OFTEN > row["dated"] else "note",
            owner=owner,
            of=row["dated"],
            field=field,
        )
    if placeholders := evidence.placeholders(row):
        yield finding(model, "history.placeholders", placeholders, about, owner=owner, field=field)
    if row["holes"]:
        yield finding(
            model,
            "history.gap",
            row["holes"],
            about,
            owner=owner,
            field=field,
            gaps=gaps_text(row),
        )


def gaps_text(row: dict[str, Any]) -> str:
    """How many gaps a history has; what a gap is depends on the form of its source."""
    return words_of("history").text(f"gaps.{row['form']}", count=row["holes"])


def _snapshot_findings(
    model: Model, evidence: history.HistoryEvidence, row: dict[str, Any]
) -> Iterator[Finding]:
    kept, about, owner = evidence.part.history[row["name"]], (row["name"],), row["owner"]
    if shrunk := evidence.shrunk(row):
        worst = min(shrunk, key=lambda batch: batch["kept"] / batch["ids"])
        yield finding(
            model,
            "history.batch_shrunk",
            len(shrunk),
            about,
            owner=owner,
            source=row["from"],
            entity=row["entity"],
            day=worst["day"],
            kept=worst["kept"],
            ids=worst["ids"],
            absent=bool(kept.absent),
        )
    if split := evidence.split_loads(row):
        yield finding(
            model,
            "history.batch_split",
            len(split),
            about,
            owner=owner,
            source=row["from"],
            entity=row["entity"],
            unit=history.batch_unit(model, kept),
            day=split[-1]["day"],
        )


def _current_findings(
    model: Model, evidence: history.HistoryEvidence, row: dict[str, Any]
) -> Iterator[Finding]:
    compared = evidence.compared.get(row["name"])
    if compared and compared["differ"]:
        yield finding(
            model,
            "history.current_differs",
            compared["differ"],
            (row["name"],),
            owner=row["owner"],
            of=compared["agree"] + compared["differ"],
            entity=row["entity"],
            attribute=row["attribute"],
            day=row["newest"] if row["form"] == "snapshots" else None,
        )
