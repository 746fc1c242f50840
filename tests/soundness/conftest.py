"""The small company of the metrics tests, in which each trap is laid."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "metrics"))

from small_company import company

__all__ = ["company"]
