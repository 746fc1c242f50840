"""Onboarding: from files nobody has described yet to a first draft of 03_sources.yml, with
every guess marked.
"""

from __future__ import annotations

from workbook.sources.onboard.add import AddReport, add_source, add_sources

__all__ = ["AddReport", "add_source", "add_sources"]
