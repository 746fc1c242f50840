"""What moves in JupyterLab: the review of suggested pairs, rows with their values, rows that are
sorted and searched.
"""

from workbook.widget.interactive import interactive
from workbook.widget.revealed import revealed
from workbook.widget.review import review_widget

__all__ = ["interactive", "revealed", "review_widget"]
