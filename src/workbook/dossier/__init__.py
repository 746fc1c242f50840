"""The dossier: executed pages bound into one file that people read offline and sign."""

from __future__ import annotations

from workbook.dossier.decision_snapshots import clean_decisions
from workbook.dossier.execute import Progress, notebooks_in
from workbook.dossier.previous_run import contents_used, decisions_used, pages_used, results_of
from workbook.dossier.publish import clean_runs
from workbook.dossier.run import RunnableBook, RunResult, run_project
from workbook.dossier.run_comparison import comparison_text, is_one_project
from workbook.dossier.sign import sign_notebooks, trust_notebooks

__all__ = [
    "Progress",
    "RunResult",
    "RunnableBook",
    "clean_decisions",
    "clean_runs",
    "comparison_text",
    "contents_used",
    "decisions_used",
    "is_one_project",
    "notebooks_in",
    "pages_used",
    "results_of",
    "run_project",
    "sign_notebooks",
    "trust_notebooks",
]
