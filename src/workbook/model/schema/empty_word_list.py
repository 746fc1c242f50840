"""03_sources.yml, `empty_words`: words of a type that mean nothing, or that are meant after all."""

from __future__ import annotations

from typing import Any

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from workbook.model.schema.yaml_part import Names, Part


class EmptyWords(Part):
    """Words of one type that mean nothing, and those that are meant; a list alone adds words."""

    add: Names = Field(
        (),
        description="Words that mean nothing, in addition to those that the type brings.",
        examples=[["test@test.com", "asdf"]],
    )
    keep: Names = Field(
        (),
        description="Words that the type brings and that are real values here.",
        examples=[["null"]],
    )

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, value: Any) -> Any:
        return {"add": value} if isinstance(value, (str, list, tuple)) else value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler.resolve_ref_schema(handler(core))
        words = [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]
        return {"anyOf": [*words, schema]}
