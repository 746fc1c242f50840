"""The typed parts of a model, one module a YAML file: what a team decided, frozen once loaded."""

from __future__ import annotations

from workbook.model.schema.ai_context import (
    AiContext,
    Purpose,
    Role,
)
from workbook.model.schema.check_families import FAMILIES
from workbook.model.schema.checks import (
    Accepted,
    Check,
    Checks,
    Family,
    Override,
)
from workbook.model.schema.customer_360 import (
    Audience,
    CustomerViews,
    View,
)
from workbook.model.schema.diagnosis import (
    Answer,
    Diagnosis,
)
from workbook.model.schema.documentation import (
    Caveat,
    Documentation,
    Term,
)
from workbook.model.schema.empty_word_list import EmptyWords
from workbook.model.schema.entities import (
    Entities,
    Entity,
    Relationship,
)
from workbook.model.schema.grain import (
    Grain,
    GrainCandidate,
)
from workbook.model.schema.history import (
    Erasure,
    Event,
    History,
    Kept,
    State,
)
from workbook.model.schema.identity import (
    EntityIdentity,
    Guard,
    Identity,
    MatchRule,
    Suggest,
)
from workbook.model.schema.metric_rules import (
    Clause,
    Rule,
)
from workbook.model.schema.metrics import (
    ControlTotal,
    Currency,
    Dashboard,
    Metric,
    Metrics,
    Movement,
)
from workbook.model.schema.project import (
    Project,
)
from workbook.model.schema.questions import (
    Intended,
    Question,
    Questions,
)
from workbook.model.schema.review import (
    Review,
    Statement,
)
from workbook.model.schema.semantic_models import (
    Measure,
    SemanticModel,
)
from workbook.model.schema.source_field import SourceField
from workbook.model.schema.sources import Identifier, Source, Sources
from workbook.model.schema.survivorship import (
    Alternative,
    Dating,
    FieldRule,
    OrderItem,
    Survivorship,
)
from workbook.model.schema.systems import (
    Dialect,
    FieldType,
    Freshness,
    System,
)
from workbook.model.schema.yaml_part import (
    Decided,
    Decision,
    DecisionFile,
    Names,
    Overruled,
    Part,
)

__all__ = [
    "FAMILIES",
    "Accepted",
    "AiContext",
    "Alternative",
    "Answer",
    "Audience",
    "Caveat",
    "Check",
    "Checks",
    "Clause",
    "ControlTotal",
    "Currency",
    "CustomerViews",
    "Dashboard",
    "Dating",
    "Decided",
    "Decision",
    "DecisionFile",
    "Diagnosis",
    "Dialect",
    "Documentation",
    "EmptyWords",
    "Entities",
    "Entity",
    "EntityIdentity",
    "Erasure",
    "Event",
    "Family",
    "FieldRule",
    "FieldType",
    "Freshness",
    "Grain",
    "GrainCandidate",
    "Guard",
    "History",
    "Identifier",
    "Identity",
    "Intended",
    "Kept",
    "MatchRule",
    "Measure",
    "Metric",
    "Metrics",
    "Movement",
    "Names",
    "OrderItem",
    "Override",
    "Overruled",
    "Part",
    "Project",
    "Purpose",
    "Question",
    "Questions",
    "Relationship",
    "Review",
    "Role",
    "Rule",
    "SemanticModel",
    "Source",
    "SourceField",
    "Sources",
    "State",
    "Statement",
    "Suggest",
    "Survivorship",
    "System",
    "Term",
    "View",
]
