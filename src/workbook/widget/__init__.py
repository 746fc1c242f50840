"""What moves in JupyterLab: the review of suggested pairs, rows with their values, rows that are
sorted and searched.
"""

from workbook.widget.revealed_rows import revealed
from workbook.widget.review_widget import review_widget
from workbook.widget.sortable_rows import interactive

__all__ = ["interactive", "revealed", "review_widget"]
