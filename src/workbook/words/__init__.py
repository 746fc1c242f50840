"""What people read: how numbers, lists and names are written, and the catalogue of all texts."""

from workbook.words import number
from workbook.words.catalogue import CatalogueText, PageWords, catalogue_language, words_of
from workbook.words.findings import finding
from workbook.words.locale import known_locales, locale_of, use_locale

__all__ = [
    "CatalogueText",
    "PageWords",
    "catalogue_language",
    "finding",
    "known_locales",
    "locale_of",
    "number",
    "use_locale",
    "words_of",
]
