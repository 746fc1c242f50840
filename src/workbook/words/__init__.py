"""What people read: how numbers, lists and names are written, and the catalogue of all texts."""

from workbook.words import number
from workbook.words.catalogue import CatalogueText, PageWords, words_of
from workbook.words.findings import finding

__all__ = ["CatalogueText", "PageWords", "finding", "number", "words_of"]
