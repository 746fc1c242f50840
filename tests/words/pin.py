"""Writes what each page of the sample's dossier says, after a wanted change of words:
`python tests/words/pin.py runs/latest/dossier.html`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from rendered import pieces, words_of_page

SNAPSHOTS = Path(__file__).parent / "snapshots"


def pin(dossier: Path) -> None:
    """One file a page."""
    found = pieces(dossier.read_text("utf-8"))
    SNAPSHOTS.mkdir(exist_ok=True)
    for page in dict.fromkeys(each.page for each in found):
        (SNAPSHOTS / f"{page}.txt").write_text(words_of_page(found, page), "utf-8")


if __name__ == "__main__":
    pin(Path(sys.argv[1]))
