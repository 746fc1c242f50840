"""`workbook run --publish-ids`: the ids of a run in registry/."""

from __future__ import annotations

from pathlib import Path

from workbook.cli.console import say
from workbook.cli.open_project import open_project
from workbook.scenarios import pair_review
from workbook.words import number


def publish(root: Path, as_of: str | None, data: str | None, *, failed: bool) -> None:
    """Publish the ids of a run that came through, and say so."""
    if failed:
        say("No ids are published, because a check fails.")
        return
    with open_project(root, as_of, Path(data) if data else None) as book:
        for entity, records, changed in pair_review.publish_ids(book.context):
            say(
                f"registry/{entity}.parquet: the ids of {number.plural(records, 'record')}"
                f" {'are published' if changed else 'stand as they were published'}."
            )
