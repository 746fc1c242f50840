"""What of 03_sources.yml was guessed and waits for somebody to confirm it."""

from __future__ import annotations

from workbook.model.model import Model


def guesses(model: Model) -> tuple[str, ...]:
    """Every guess by its place: a word of a source, a field, an identifier.

    Pages and add-source count the same.
    """
    section = model.sources
    if model.is_open("sources"):
        return ()
    found = []
    for source, spec in section.sources.items():
        found += [f"sources.{source}.{word}" for word in spec.guess]
        found += [
            f"sources.{source}.fields.{name}"
            for name, field in model.fields(source).items()
            if field.guessed
        ]
    return (
        *found,
        *(f"identifiers.{name}" for name, item in section.identifiers.items() if item.guess),
    )
