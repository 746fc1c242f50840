"""Words of a source that its format does not read, so that nobody believes what is not done."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.errors import Problem
from workbook.model.file_formats import (
    DATABASE,
    DIALECT_WORDS,
    SAID,
    SOURCE_WORDS,
    format_by_name,
    usual_files,
)
from workbook.model.model import Model
from workbook.model.schema import Source, Sources
from workbook.model.validate.step_validator import Validator

_OF_CONNECTIONS = ("connection", "table", "query")  # beside a file they are told by what they lack


def format_of_source(model: Model, name: str, source: Source) -> str:
    """The format that a source is read in: as it says, as its file ends, as the file that is
    there ends; '' where nobody knows.
    """
    if source.connection:
        return DATABASE
    if source.format:
        return source.format
    if source.file:
        return format_by_name(source.file)
    return next((format_by_name(file.name) for file in usual_files(model.data_root, name)), "")


def unread_words(
    validator: Validator, sources: Sources, name: str, source: Source
) -> Iterator[Problem]:
    """Each word that is written and that the format of the source does not have."""
    form = format_of_source(validator.model, name, source)
    if not form:
        return
    path = ("sources", name)
    for word, formats in SOURCE_WORDS.items():
        if getattr(source, word) and form not in formats and word not in _OF_CONNECTIONS:
            yield validator.problem(
                (*path, word),
                "model.sources.word_of_another_format",
                word=word,
                formats=[SAID[item] for item in formats],
                source=name,
                format=SAID[form],
            )
    dialect = sources.dialects.get(source.dialect)
    for word, formats in DIALECT_WORDS.items() if dialect and form != DATABASE else ():
        own = form == "tsv" and word == "delimiter" and dialect.delimiter == "tab"
        if word in dialect.model_fields_set and form not in formats and not own:
            yield validator.problem(
                (*path, "dialect"),
                "model.sources.dialect_of_another_format",
                dialect=source.dialect,
                word=word,
                format=SAID[form],
            )
