"""What a step concluded: a stable code, a severity, one sentence, a count."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

Severity = Literal["fail", "look", "note"]
LAW = ("history.consent_unlinked", "history.erasure_unlinked", "history.erasure_unclear")  # what a law asks, before all else of its severity
ORDER: dict[str, int] = {"fail": 0, "look": 1, "note": 2}


@dataclass(frozen=True)
class Finding:
    """One conclusion of one page.

    `code` never changes between releases (`sources.rejected_rows`); `severity` is `fail` (the run exits 1),
    `look` (a person should look) or `note` (worth knowing, for instance a step that is still open).
    `count` is how many things it concerns (None: not countable); `about` names the model's things that it touches.
    """

    code: str
    severity: Severity
    sentence: str
    page: str
    count: int | None = None
    owner: str = ""
    about: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """The finding as plain JSON-ready values."""
        return {**asdict(self), "about": list(self.about)}


def sort_findings(findings: list[Finding]) -> list[Finding]:
    """Trouble first, of it what a law asks, then by page and code, so that two runs list alike."""
    return sorted(findings, key=lambda f: (ORDER[f.severity], f.code not in LAW, f.page, f.code, f.sentence))
