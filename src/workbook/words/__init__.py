"""What people read: how numbers, lists and names are written, and the catalogue of all texts."""

from workbook.words import number
from workbook.words.catalogue import CatalogueText, PageWords, catalogue_language, words_of
from workbook.words.error_texts import advice_of, error_of, error_texts, problem_of
from workbook.words.findings import finding
from workbook.words.locale import known_locales, locale_of, use_locale

__all__ = [
    "CatalogueText",
    "PageWords",
    "advice_of",
    "catalogue_language",
    "error_of",
    "error_texts",
    "finding",
    "known_locales",
    "locale_of",
    "number",
    "problem_of",
    "use_locale",
    "words_of",
]
