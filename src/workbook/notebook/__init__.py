"""What an open project answers in a notebook: its tables by name, rows behind a number, what it is,
how far it is.
"""

from workbook.notebook.completion import decision_paths, offer_completions
from workbook.notebook.data_access import DataAccess
from workbook.notebook.notices import notice
from workbook.notebook.overview import asked_of, book_figure, book_line, step_figure
from workbook.notebook.progress_line import ProgressLine

__all__ = [
    "DataAccess",
    "ProgressLine",
    "asked_of",
    "book_figure",
    "book_line",
    "decision_paths",
    "notice",
    "offer_completions",
    "step_figure",
]
