"""The walk of each page: the decision as written, another one to try, an exercise, who confirms,
and when the page is done.
"""

from workbook.walk.base import Walk
from workbook.walk.open_step import CALLS, OpenStep
from workbook.walk.pages import walk_of
from workbook.walk.start import Start

__all__ = ["CALLS", "OpenStep", "Start", "Walk", "walk_of"]
