"""The small company for the tests of this room."""

from __future__ import annotations

from small_company import company

__all__ = ["company"]
