"""Which walk belongs to which page."""

from __future__ import annotations

from workbook.steps import Step
from workbook.walk.ai_context import AiContextWalk
from workbook.walk.checks import ChecksWalk
from workbook.walk.customer_360 import Customer360Walk
from workbook.walk.diagnosis import DiagnosisWalk
from workbook.walk.documentation import DocumentationWalk
from workbook.walk.entities import EntitiesWalk
from workbook.walk.grain import GrainWalk
from workbook.walk.history import HistoryWalk
from workbook.walk.identity import IdentityWalk
from workbook.walk.metrics import MetricsWalk
from workbook.walk.page_walk import Walk
from workbook.walk.questions import QuestionsWalk
from workbook.walk.review import ReviewWalk
from workbook.walk.sources import SourcesWalk
from workbook.walk.survivorship import SurvivorshipWalk

_PAGES: tuple[type[Walk], ...] = (
    DiagnosisWalk,
    QuestionsWalk,
    GrainWalk,
    SourcesWalk,
    EntitiesWalk,
    IdentityWalk,
    SurvivorshipWalk,
    HistoryWalk,
    MetricsWalk,
    ChecksWalk,
    DocumentationWalk,
    ReviewWalk,
    Customer360Walk,
    AiContextWalk,
)
_WALKS = {each.word: each for each in _PAGES}


def walk_of(step: Step) -> Walk:
    """The walk of a step's page."""
    return _WALKS.get(step.word, Walk)(step)
