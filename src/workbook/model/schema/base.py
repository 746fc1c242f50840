"""What all parts share: frozen, strict, and shorthand for one name or several."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema


class Part(BaseModel):
    """Base of all parts: immutable, and unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)  # a part is compiled when the first is read


def as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)


# One name or a list of names: `in: shop.people` and `in: [shop.people, desk.callers]`.
Names = Annotated[
    tuple[str, ...],
    BeforeValidator(as_tuple),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


Severity = Literal["error", "warn"]


class Decided(Part):
    """What any decision may carry: who answers for it, since when, and why."""

    owner: str = Field(
        "",
        description="The department that answers for this decision: one of `functions` in "
        "workbook.yml. Where none is written, the nearest owner around it answers, up to the "
        "owner at the top of the file.",
        examples=["finance"],
    )
    decided: dt.date | None = Field(
        None,
        description="The day on which this was decided, as YYYY-MM-DD. It is shown and changes "
        "no number.",
        examples=["2025-05-19"],
    )
    because: str = Field(
        "",
        description="The reason, in one sentence. It is shown beside the decision and changes no "
        "number.",
        examples=["the books close on month-end rates"],
    )


class Short(Part):
    """A part that may be written as a bare text, which then fills the word named by `bare`: `email: email`."""

    bare: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _from_bare(cls, value: Any) -> Any:
        return {cls.bare: value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler.resolve_ref_schema(handler(core))
        return {"anyOf": [{"type": "string"}, schema]}
