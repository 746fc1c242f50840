"""The customer modeling workbook: a compiler from decisions to evidence."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["Workbook"]


def __getattr__(name: str) -> Any:
    """`from workbook import Workbook` opens the whole house; importing one room of it does not."""
    if name in __all__:
        return getattr(import_module("workbook.book"), name)
    raise AttributeError(f"module 'workbook' has no attribute '{name}'")
