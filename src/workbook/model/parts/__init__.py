"""The typed parts of a model: what a team decided, step by step, frozen once loaded."""

from __future__ import annotations

from workbook.model.parts.base import Decided, Names, Part
from workbook.model.parts.numbers import (
    Clause,
    ControlTotal,
    Currency,
    Dashboard,
    Measure,
    Metric,
    Metrics,
    Movement,
    Rule,
    SemanticModel,
)  # fmt: skip
from workbook.model.parts.things import (
    Entities,
    Entity,
    EntityIdentity,
    Guard,
    Identity,
    MatchRule,
    Relationship,
    Suggest,
)  # fmt: skip
from workbook.model.parts.time import Erasure, Event, History, Kept, State
from workbook.model.parts.trust import (
    FAMILIES,
    Accepted,
    Caveat,
    Check,
    Checks,
    Documentation,
    Family,
    Override,
    Review,
    Statement,
    Term,
)  # fmt: skip
from workbook.model.parts.use import (
    AiContext,
    Audience,
    CustomerViews,
    Purpose,
    Role,
    View,
)
from workbook.model.parts.where import (
    Dialect,
    FieldType,
    Freshness,
    Identifier,
    Source,
    SourceField,
    Sources,
    System,
)
from workbook.model.parts.why import (
    Answer,
    Diagnosis,
    Grain,
    GrainCandidate,
    Project,
    Question,
    Questions,
)
from workbook.model.parts.winner import Alternative, FieldRule, OrderItem, Survivorship

__all__ = [
    "FAMILIES", "Accepted", "AiContext", "Alternative", "Answer", "Audience", "Caveat", "Check", "Checks", "Clause",
    "ControlTotal", "Currency", "CustomerViews", "Dashboard", "Decided", "Diagnosis", "Dialect", "Documentation", "Entities", "Entity",
    "EntityIdentity", "Erasure", "Event", "Family", "FieldRule", "FieldType", "Freshness", "Grain", "GrainCandidate", "Guard", "History",
    "Identifier", "Identity", "Kept", "MatchRule", "Measure", "Metric", "Metrics", "Movement", "Names", "OrderItem",
    "Override", "Part", "Project", "Purpose", "Question", "Questions", "Relationship", "Review", "Role", "Rule",
    "SemanticModel", "Source", "SourceField", "Sources", "State", "Statement", "Suggest", "Survivorship", "System", "Term",
    "View",
]  # fmt: skip
