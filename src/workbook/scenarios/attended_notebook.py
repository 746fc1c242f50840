"""Whether a person runs the cells of a notebook."""

from __future__ import annotations

import sys
from typing import Any


def shell() -> Any:
    """The IPython shell of this process; None outside of one."""
    module = sys.modules.get("IPython")
    return module.get_ipython() if module else None


def is_attended() -> bool:
    """Whether a person runs the cells: a kernel that may ask for input. `workbook run` and
    papermill may not.
    """
    kernel = _kernel()
    return kernel is not None and bool(getattr(kernel, "_allow_stdin", False))


def is_unattended() -> bool:
    """Whether a kernel runs cells without a person; a program of one's own is no kernel."""
    return _kernel() is not None and not is_attended()


def _kernel() -> Any:
    return getattr(shell(), "kernel", None)
