"""What all parts share: frozen, strict, and shorthand for one name or several."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
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

    # a part is compiled when the first is read
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


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
    """What any decision may carry: who answers for it, since when, who took it, and why."""

    owner: str = Field(
        "",
        description=(
            "The department that answers for this decision: one of `departments` in "
            "workbook.yml. Where none is written, the nearest owner around it answers, up to the "
            "owner at the top of the file."
        ),
        examples=["finance"],
    )
    decided: dt.date | None = Field(
        None,
        description=(
            "The day on which this was decided, as YYYY-MM-DD. It is shown and changes no number."
        ),
        examples=["2025-05-19"],
    )
    because: str = Field(
        "",
        description=(
            "The reason, in one sentence. It is shown beside the decision and changes no number."
        ),
        examples=["the books close on month-end rates"],
    )
    decided_by: str = Field(
        "",
        description=(
            "The department that took this decision, where that is not the owner; the "
            "owner agreed. Default: the owner took it."
        ),
        examples=["sales"],
    )


class Short(Part):
    """A part that may be written as a bare text, which then fills the word named by `bare`:
    `email: email`.
    """

    bare: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _from_bare(cls, value: Any) -> Any:
        return {cls.bare: value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler.resolve_ref_schema(handler(core))
        return {"anyOf": [{"type": "string"}, schema]}


class Overruled(Short, Decided):
    """What was considered and is not the decision; the reason alone is enough."""

    bare = "because"

    was: Mapping[str, Any] | None = Field(
        None,
        description=(
            "What was written before another decision took its place: word to value. "
            "`{}` where nothing was written. `adopt` writes it."
        ),
        examples=[{"expected": "60 days"}],
    )


class Decision(Decided):
    """A decision that also keeps what it overruled: the earlier value, who took it, when, why."""

    considered: Mapping[str, Overruled] = Field(
        default_factory=dict,
        description=(
            "What was decided before, or considered and not taken, by name, each with its "
            "reason. `adopt` keeps the value that it overrules here."
        ),
        examples=[{"until_2025_06_30": {"was": {"expected": "60 days"}, "because": "a guess"}}],
    )


class DecisionFile(Decided):
    """A file of decisions."""

    decisions: Mapping[str, Decision] = Field(
        default_factory=dict,
        description=(
            "Owner, day and reason of one decision that has no block of its own, by its "
            "place in this file with dots between the words. `adopt` writes it there."
        ),
        examples=[{"default.account": {"owner": "sales", "decided": "2025-05-19"}}],
    )
