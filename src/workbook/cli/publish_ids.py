"""`workbook run --publish-ids`: the ids of a run in registry/."""

from __future__ import annotations

from pathlib import Path

from workbook.cli.console import say
from workbook.cli.open_project import open_project
from workbook.cli.options import WORDS
from workbook.scenarios import pair_review


def publish(root: Path, as_of: str | None, data: str | None, *, failed: bool) -> None:
    """Publish the ids of a run that came through, and say so."""
    if failed:
        say(WORDS.text("run.not_published"))
        return
    with open_project(root, as_of, Path(data) if data else None) as book:
        for entity, records, changed in pair_review.publish_ids(book.context):
            text = "run.published" if changed else "run.unchanged"
            say(WORDS.text(text, entity=entity, records=records))
