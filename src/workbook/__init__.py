"""The customer modeling workbook: a compiler from decisions to evidence."""

from __future__ import annotations

from workbook.book import Workbook

__all__ = ["Workbook"]
