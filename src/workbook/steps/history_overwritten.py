"""Figure 6.8: fields whose earlier values are lost."""

from __future__ import annotations

from workbook import history
from workbook.finding import Finding
from workbook.model import Model
from workbook.show import Column, Figure
from workbook.steps.history_rows import grouped_table, names_of
from workbook.steps.step import Step
from workbook.words import finding
from workbook.words.wording import capital, humanize, truncate_list

_AT = "figures.losses"


def overwritten_figure(step: Step, evidence: history.HistoryEvidence) -> Figure:
    """Kept fields whose current value differs from their history, then fields without one."""
    rows: history.Rows = [
        {
            "group": step.text(f"{_AT}.compared"),
            "name": capital(humanize(name)),
            "from": step.text(f"{_AT}.agree", count=row["agree"]),
            "differ": row["differ"],
            "only": row["only_profile"],
        }
        for name, row in evidence.compared.items()
        if row["differ"] or row["only_profile"]
    ]
    rows += [
        {
            **row,
            "group": step.text(f"{_AT}.overwritten"),
            "name": capital(humanize(row["name"])),
            "from": humanize(row["from"]),
            "used": truncate_list(names_of(row["used_by"]), 3),
            "also_in": truncate_list(names_of(row["also_in"]), 2),
        }
        for row in evidence.losses
    ]
    columns = step.heads(
        "losses",
        Column("name", detail="from"),
        Column("differ", kind="int"),
        Column("only", kind="int"),
        Column("records", kind="int"),
        Column("again", kind="int"),
        Column("used"),
        Column("also_in"),
    )
    return step.figure("losses", grouped_table(rows, columns))


def overwritten_findings(model: Model, evidence: history.HistoryEvidence) -> list[Finding]:
    """The fields that something uses and that have no history; none where there are none."""
    lost = [row["name"] for row in evidence.losses if row["used_by"]]
    if not lost:
        return []
    return [finding(model, "history.overwritten", len(lost), lost, fields=names_of(lost))]
