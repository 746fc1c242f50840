"""docs/from-your-export.md: what `add-source` says and writes for files like real exports.

`make words` (`PYTHONPATH=src python tests/onboard/exports_page.py`) puts both into the page; its
prose is written by hand.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from workbook.errors import WorkbookError
from workbook.sources.onboard.add import add_sources

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "from-your-export.md"
EXPORTS = Path(__file__).parent / "exports"
_BLOCK = re.compile(r"(<!-- add-source: (\w+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def with_blocks(text: str) -> str:
    """The page with what `add-source` says and writes now between its marks."""
    return _BLOCK.sub(lambda found: f"{found[1]}{told(found[2])}{found[4]}", text)


def prose_of(text: str) -> str:
    """What of the page is written by hand."""
    return _BLOCK.sub("", text)


def systems_of(text: str) -> list[str]:
    """The systems that a page tells of, in order."""
    return [found[2] for found in _BLOCK.finditer(text)]


def told(system: str) -> str:
    """What `add-source data` says and writes in a new project with the exports of one system."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "workbook.yml").write_text("name: Our customers\n", "utf-8")
        shutil.copytree(EXPORTS / system, root / "data")
        try:
            report = add_sources(root, [root / "data"])
        except WorkbookError as error:
            return f"It says:\n\n- {str(error).replace(f'{root.resolve()}/', '')}\n"
    said = "".join(
        f"{'  ' if each.startswith('  ') else ''}- {each.strip()}\n" for each in report.sentences
    )
    lines = [line for line in report.text.splitlines() if line and not line.startswith("#")]
    return f"It says:\n\n{said}\nand writes:\n\n```yaml\n" + "\n".join(lines) + "\n```\n"


if __name__ == "__main__":
    PAGE.write_text(with_blocks(PAGE.read_text("utf-8")), "utf-8")
