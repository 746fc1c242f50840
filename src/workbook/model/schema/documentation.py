"""09_documentation.yml: glossary, descriptions, caveats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from pydantic import Field

from workbook.model.schema.base import Decided, Names, Part


class Term(Part):
    """A word of the glossary: what it means, which thing of the model it is, which it is not."""

    means: str
    is_: str = Field("", alias="is")
    not_: Names = Field((), alias="not")


class Caveat(Part):
    """What a reader must know beside every number that it touches."""

    about: Names
    says: str
    owner: str = ""
    until: dt.date | None = None


class Documentation(Decided):
    glossary: Mapping[str, Term] = Field(default_factory=dict)
    describe: Mapping[str, str] = Field(default_factory=dict)
    caveats: Mapping[str, Caveat] = Field(default_factory=dict)
