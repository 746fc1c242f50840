"""What a step concluded: a stable code, a severity, one sentence, a count."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

Severity = Literal["fail", "look", "note"]
# What a law asks, before all else of its severity.
LAW = (
    "history.erased_still_held",
    "history.erased_since",
    "history.erasure_unlinked",
    "history.erasure_unclear",
    "history.consent_unlinked",
)
# What makes a headline number doubtful or disputed, the worst first; then every other number.
NUMBERS = (
    "grain.key_not_unique",
    "sources.rows_lost",
    "metrics.not_reconciled",
    "checks.failed",
    "metrics.control_total_not_comparable",
    "sources.as_of_beyond_data",
    "metrics.competing",
    "review.disputed",
    "grain.functions_differ",
    "metrics.disagree",
    "metrics.dashboard_differs",
)
# What else a finding touches, by the page's word: numbers, who may see what, customers, data, the
# record.
TOUCHES = (
    ("metrics",),
    ("customer_360", "ai_context"),
    ("grain", "identity"),
    ("entities", "survivorship", "history"),
    ("sources", "checks"),
)
ORDER: dict[str, int] = {"fail": 0, "look": 1, "note": 2}


@dataclass(frozen=True)
class Finding:
    """One conclusion of one page.

    `code` never changes between releases (`sources.rejected_rows`); `severity` is `fail` (the
    run exits 1), `look` (a person should look) or `note` (worth knowing, for instance a step
    that is still open). `sentence` says what and how much, `effect` what it affects, `advice`
    what `owner` can do. `count` is how many things it concerns (None: not countable); `about`
    names the model's things that it touches.
    """

    code: str
    severity: Severity
    sentence: str
    page: str
    count: int | None = None
    owner: str = ""
    about: tuple[str, ...] = ()
    effect: str = ""
    advice: str = ""

    def as_dict(self) -> dict[str, object]:
        """The finding as plain JSON-ready values."""
        return {**asdict(self), "about": list(self.about)}


def weight(finding: Finding) -> tuple[int, int]:
    """What a finding touches: the law, then headline numbers, other numbers, customers, data,
    and last what is on record.
    """
    if finding.code in LAW:
        return 0, LAW.index(finding.code)
    if finding.code in NUMBERS:
        return 1, NUMBERS.index(finding.code)
    word = finding.code.partition(".")[0]
    return 2 + next((turn for turn, words in enumerate(TOUCHES) if word in words), len(TOUCHES)), 0


def sort_findings(findings: list[Finding]) -> list[Finding]:
    """The worst first: by severity, by what they touch, by how many things they concern; two
    runs list alike.
    """
    return sorted(
        findings,
        key=lambda f: (ORDER[f.severity], *weight(f), -(f.count or 0), f.page, f.code, f.sentence),
    )
