"""The review of suggested pairs in JupyterLab: side by side, by keyboard, each word written at
once.
"""

from workbook.widget.review import review_widget

__all__ = ["review_widget"]
