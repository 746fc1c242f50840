"""The walk of each page: the decision as written, another one to try, an exercise, who confirms,
and when the page is done.
"""

from workbook.walk.open_step import CALLS, OpenStep
from workbook.walk.page_walk import Walk
from workbook.walk.start import Start
from workbook.walk.walk_of_page import walk_of

__all__ = ["CALLS", "OpenStep", "Start", "Walk", "walk_of"]
