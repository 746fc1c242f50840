"""Profiles: what each source holds, which identifiers connect them, and what each possible
grain would do to the numbers.
"""

from __future__ import annotations

from workbook.sources.profile import unjoined_sources
from workbook.sources.profile.absent_paths import of_paths
from workbook.sources.profile.arrivals import Arrival, RejectionReason, arrivals, owner_of
from workbook.sources.profile.field_classes import Classified, FieldGuess, classified
from workbook.sources.profile.field_findings import (
    of_categories,
    of_classes,
    of_phones,
    of_spellings,
    of_unknown,
)
from workbook.sources.profile.freshness import Age, ages, newest_sql
from workbook.sources.profile.freshness_findings import limit_length, of_age
from workbook.sources.profile.grain_candidates import (
    ABSENT,
    CONSIDERED,
    DECIDED,
    DEVICE,
    GRAINS,
    OTHER,
    Candidate,
    candidates,
)
from workbook.sources.profile.grain_paths import Way, way_to, ways_to
from workbook.sources.profile.identifier_coverage import IdentifierCoverage, held, loose
from workbook.sources.profile.identifier_findings import of_shared, of_trace, without_key
from workbook.sources.profile.identifiers import (
    MOST_SHARED,
    OVERLAP,
    SPREAD,
    VALUES,
    coverage_sql,
    home,
    places,
)
from workbook.sources.profile.key_quality import Key, entity_sql, key_of
from workbook.sources.profile.landing_counts import (
    bad_sql,
    counts_sql,
    landed,
    odd_hours_sql,
    reject_sql,
    specs,
    waiting_files,
)
from workbook.sources.profile.list_cells import list_cells_sql, of_list_cells
from workbook.sources.profile.load_findings import of_landing, reason_texts
from workbook.sources.profile.newest_fact import Newest, newest, newest_tables
from workbook.sources.profile.newest_fact import newest_sql as newest_facts_sql
from workbook.sources.profile.other_grain_sql import (
    Money,
    additive,
    movement_sql,
    sharers_sql,
    sharing_sql,
)
from workbook.sources.profile.plan import tables
from workbook.sources.profile.retention import Retention, of_retention, retention
from workbook.sources.profile.source_files import of_files
from workbook.sources.profile.spellings import (
    CODES,
    categories,
    categories_sql,
    phones,
    phones_sql,
    texts,
    texts_sql,
    unknown_sql,
)
from workbook.sources.profile.time_findings import of_conventions, of_newest, of_odd_hours
from workbook.sources.profile.trace import Stop, measure_sql, start_of, stops
from workbook.sources.profile.trace_stops import Leg, legs
from workbook.sources.profile.unread_marks import marks_sql, of_marks, unread_marks
from workbook.sources.profile.written_ends import ends_of, ends_sql

__all__ = [
    "ABSENT",
    "CODES",
    "CONSIDERED",
    "DECIDED",
    "DEVICE",
    "GRAINS",
    "MOST_SHARED",
    "OTHER",
    "OVERLAP",
    "SPREAD",
    "VALUES",
    "Age",
    "Arrival",
    "Candidate",
    "Classified",
    "FieldGuess",
    "IdentifierCoverage",
    "Key",
    "Leg",
    "Money",
    "Newest",
    "RejectionReason",
    "Retention",
    "Stop",
    "Way",
    "additive",
    "ages",
    "arrivals",
    "bad_sql",
    "candidates",
    "categories",
    "categories_sql",
    "classified",
    "counts_sql",
    "coverage_sql",
    "ends_of",
    "ends_sql",
    "entity_sql",
    "held",
    "home",
    "key_of",
    "landed",
    "legs",
    "limit_length",
    "list_cells_sql",
    "loose",
    "marks_sql",
    "measure_sql",
    "movement_sql",
    "newest",
    "newest_facts_sql",
    "newest_sql",
    "newest_tables",
    "odd_hours_sql",
    "of_age",
    "of_categories",
    "of_classes",
    "of_conventions",
    "of_files",
    "of_landing",
    "of_list_cells",
    "of_marks",
    "of_newest",
    "of_odd_hours",
    "of_paths",
    "of_phones",
    "of_retention",
    "of_shared",
    "of_spellings",
    "of_trace",
    "of_unknown",
    "owner_of",
    "phones",
    "phones_sql",
    "places",
    "reason_texts",
    "reject_sql",
    "retention",
    "sharers_sql",
    "sharing_sql",
    "specs",
    "start_of",
    "stops",
    "tables",
    "texts",
    "texts_sql",
    "unjoined_sources",
    "unknown_sql",
    "unread_marks",
    "waiting_files",
    "way_to",
    "ways_to",
    "without_key",
]
