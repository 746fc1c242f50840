"""00_diagnosis.yml: the team's own answers to the ten questions, and the symptoms that it
suffers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from workbook.model.schema.yaml_part import DecisionFile, Short


class Answer(Short):
    """The team's answer to one diagnostic question; `yes`, `partly` or `no` alone is enough."""

    bare = "answer"

    answer: Literal["yes", "partly", "no"] = Field(
        description="What the team believes before it looks at the data.", examples=["partly"]
    )
    because: str = Field(
        "",
        description="The reason, in one sentence.",
        examples=["sales and product report different counts for one month"],
    )


class Diagnosis(DecisionFile):
    """Where the team thinks that it stands; page 00 shows what the data says beside it."""

    answers: Mapping[str, Answer] = Field(
        default_factory=dict,
        description=(
            "The ten questions: `what_one_row_is`, `trace_crm_to_support`, `which_system_wins`,"
            " `history_kept`, `same_active_count`, `duplicates_explained`, `levels_separated`,"
            " `workflows_governed`, `definitions_findable`, `sensitive_known`. A question that is"
            " not listed is not answered."
        ),
        examples=[{"what_one_row_is": "partly", "history_kept": "no"}],
    )
    symptoms: Mapping[str, str] = Field(
        default_factory=dict,
        description=(
            "Which of the six symptoms the team suffers, each with where it was seen: "
            "`customer_counts_differ`, `active_means_two_things`, `revenue_double_counted`, "
            "`crm_and_product_disagree`, `history_overwritten`, `ai_wrong_account`, "
            "`automation_targets_wrong_people`, `teams_distrust_360`."
        ),
        examples=[{"customer_counts_differ": "board deck of April, page 4"}],
    )
