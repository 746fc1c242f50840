"""A full run from an empty store to a published dossier, against plain papermill on the same
notebooks.

Theirs executes the notebooks one after another in one process, as a user of papermill would; it
binds no dossier.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from bench.timing import Case

ROOT = Path(__file__).parents[1]


def prepare(folder: Path) -> None:
    """The bundled sample as a project of its own."""
    shape = ROOT / "templates" / "b2b_saas"
    shutil.copytree(shape / "model", folder / "model")
    shutil.copytree(shape / "decisions", folder / "decisions")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".*"))
    shutil.copytree(ROOT / "data" / "b2b_saas", folder / "data")
    shutil.copy(shape / "workbook.yml", folder / "workbook.yml")


OURS = """
import shutil
from workbook.book import Workbook
from workbook.dossier import run_project
for name in ('.workbook', 'runs'):
    shutil.rmtree(name, ignore_errors=True)
raise SystemExit(run_project('.', open_book=Workbook.open).exit_code)
"""

THEIRS = """
import logging, shutil
from pathlib import Path
import papermill
logging.disable(logging.WARNING)
shutil.rmtree('.workbook', ignore_errors=True)
Path('plain').mkdir(exist_ok=True)
for path in sorted(Path('notebooks').glob('*.ipynb')):
    papermill.execute_notebook(path, Path('plain') / path.name, parameters={'PROJECT': '.'}, kernel_name='python3', progress_bar=False)
"""

CASE = Case("run", "plain papermill on the same notebooks", 1.0, prepare, OURS, THEIRS)
