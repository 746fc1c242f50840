"""A full run from an empty store to a published dossier, against plain papermill on the same
notebooks; the same again without a change; and an open project.

Theirs executes the notebooks one after another in one process, as a user of papermill would; it
binds no dossier.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
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
    papermill.execute_notebook(path, Path('plain') / path.name, parameters={'PROJECT': '.'},
        kernel_name='python3', progress_bar=False)
"""

AGAIN = """
from workbook.book import Workbook
from workbook.dossier import run_project
done = run_project('.', open_book=Workbook.open)
if done.executed or done.built:
    raise SystemExit(f'{done.executed} pages were executed and {done.built} tables built.')
"""

THEIRS_AGAIN = """
import logging
from pathlib import Path
import papermill
logging.disable(logging.WARNING)
Path('plain').mkdir(exist_ok=True)
for path in sorted(Path('notebooks').glob('*.ipynb')):
    papermill.execute_notebook(path, Path('plain') / path.name, parameters={'PROJECT': '.'},
        kernel_name='python3', progress_bar=False)
"""

OPEN = """
from workbook import Workbook
Workbook.open('.')
"""

THEIRS_OPEN = """
from pathlib import Path
import duckdb, jinja2, polars, pydantic, sqlglot
from ruamel.yaml import YAML
for path in [Path('workbook.yml'), *sorted(Path('model').glob('*.yml'))]:
    YAML().load(path)
"""


def prepare_run(folder: Path) -> None:
    """The sample after a run: every table is stored, and every page kept."""
    prepare(folder)
    subprocess.run([sys.executable, "-c", OURS], cwd=folder, stdout=subprocess.DEVNULL, check=False)


CASE_RERUN = Case(
    "rerun",
    "plain papermill on the same notebooks, tables built before",
    0.1,
    prepare_run,
    AGAIN,
    THEIRS_AGAIN,
)
CASE_OPEN = Case(
    "open",
    "importing the same libraries, and reading the same YAML with ruamel.yaml",
    4.0,
    prepare,
    OPEN,
    THEIRS_OPEN,
    rounds=3,
    cpu=True,
)
CASE = Case("run", "plain papermill on the same notebooks", 1.0, prepare, OURS, THEIRS)
