"""What a diagnosis reads: the model, the findings of every page, and a few measured counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbook.diagnose.source_symptoms import Landed
from workbook.finding import Finding
from workbook.model import Model


@dataclass(frozen=True)
class Duplicates:
    """Of one resolved entity: its records, what they are, blocked merges, pairs awaiting review."""

    entity: str
    records: int
    things: int
    blocked: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class Workflows:
    """What is measured of all views and audiences: how many there are and are built, for how many
    a role may use their purpose, how many are based on consent and ask for it; their fields, of
    these those that are personal and that are permitted; a sentence on whom missing permission
    excludes, by entity and reason.
    """

    uses: int
    built: int
    held: int
    on_consent: int
    asked: int
    fields: int
    personal: int
    permitted: int
    excluded: str
    raw: tuple[str, ...] = ()  # dashboards whose SQL reads tables of the sources
    idle_roles: tuple[str, ...] = ()  # roles that may work for no purpose

    @property
    def sound(self) -> bool:
        """Whether each of them is built, permitted, held by a role and asks for its consent."""
        return (self.built, self.held, self.permitted, self.asked) == (
            self.uses,
            self.uses,
            self.fields,
            self.on_consent,
        )


@dataclass(frozen=True)
class Disagreement:
    """Two systems about one field: of how many both have a value, and for how many these are in
    conflict.
    """

    field: str
    of: str
    systems: str
    both: int
    differ: int
    name: str = ""  # the field as the model writes it

    @property
    def share(self) -> float:
        """The conflict rate."""
        return self.differ / self.both if self.both else 0.0


@dataclass(frozen=True)
class Reached:
    """Of one audience its members, and of these: in several customers; whose customers have all
    ended; own tests; whose consent nobody asks; whose contact is somebody else's, too.

    None is a count that could not be measured. `asked` is for how many members each could be,
    where that is not all of them; `everywhere` of how many rows of the entity it is so. `mixed`
    are the other entities whose facts decide who is in.
    """

    audience: str
    entity: str
    customer: str
    members: int
    several: int | None = None
    ended: int | None = None
    tests: int | None = None
    unasked: int | None = None
    shared: int | None = None
    mixed: tuple[str, ...] = ()
    asked: Mapping[str, int] = field(default_factory=dict)
    everywhere: Mapping[str, int | None] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int | None]:
        """What was looked for, with the members of which it is so."""
        names = ("several", "ended", "tests", "unasked", "shared")
        return {name: getattr(self, name) for name in names}

    @property
    def measured(self) -> bool:
        """Whether anything that was looked for could be measured."""
        return bool(self.mixed) or any(count is not None for count in self.counts.values())

    @property
    def mistaken(self) -> bool:
        """Whether it reaches somebody by mistake, or blends facts of several entities."""
        return bool(self.mixed) or any(self.counts.values())


@dataclass(frozen=True)
class ShownFields:
    """How many fields views show, and those without an owner, with several sources and no
    survivorship rule, or in conflict; the views without a limit of age, and with data too old.
    """

    views: int
    fields: int
    unowned: tuple[str, ...] = ()
    unordered: tuple[str, ...] = ()
    disputed: tuple[str, ...] = ()
    unlimited: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()

    @property
    def doubtful(self) -> bool:
        """Whether there is a reason to distrust one of them."""
        return bool(self.unowned or self.unordered or self.disputed or self.unlimited or self.stale)


@dataclass(frozen=True)
class DiagnosisInputs:
    """The findings of all other pages, and counts that no finding carries.

    `values` are metrics by name, where they could be computed, and `periods` what those that
    compete for a name are about. `shared_names` is how many
    customers share their name with another. `contested` are the pairs of systems that hold a
    value of the same customer, field by field.
    """

    model: Model
    findings: tuple[Finding, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)
    shared_names: int | None = None
    contested: tuple[Disagreement, ...] = ()
    settled: frozenset[str] = frozenset()  # metrics of one name of which somebody chose one
    landed: Landed | None = None  # what sources show; None once entities are declared
    double_counted: tuple[str, ...] = ()  # amounts that dashboards count more than once
    periods: Mapping[str, str] = field(default_factory=dict)
    duplicates: tuple[Duplicates, ...] = ()  # of each entity that is resolved by rules
    workflows: Workflows | None = None  # None where nothing of them is measured
    reached: tuple[Reached, ...] = ()  # of each audience that is built
    shown: ShownFields | None = None  # None where no view is declared
    counted_once: tuple[str, ...] = ()  # dashboards of money that count no amount twice

    def having(self, *codes: str) -> tuple[Finding, ...]:
        """The findings with one of these codes."""
        return tuple(finding for finding in self.findings if finding.code in codes)

    def first(self, *codes: str) -> str:
        """The sentence of the first such finding, or ''."""
        found = self.having(*codes)
        return found[0].sentence if found else ""

    def competing(self) -> tuple[tuple[str, object, str, object], ...]:
        """Metrics that compete for one word, of which nobody chose one, and whose values
        differ: name, value, other name, other value.
        """
        metrics = self.model.metrics
        pairs = [
            (name, metric.competes_with)
            for name, metric in metrics.metrics.items()
            if metric.competes_with and name not in self.settled
        ]
        known = [(a, b) for a, b in pairs if a in self.values and b in self.values]
        return tuple(
            (a, self.values[a], b, self.values[b])
            for a, b in known
            if self.values[a] != self.values[b]
        )
