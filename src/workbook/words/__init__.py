"""What people read: numbers, lists and names as they are written, and the catalogue of words."""

from workbook.words import number

__all__ = ["number"]
