"""Findings about the age of sources, and ages and limits as texts."""

from __future__ import annotations

from collections.abc import Sequence

from workbook.finding import Finding, Severity
from workbook.model import Model
from workbook.sources.profile.arrivals import owner_of
from workbook.sources.profile.freshness import Age
from workbook.words import finding, words_of
from workbook.words.wording import humanize

_SEVERITIES: tuple[Severity, ...] = ("fail", "look")


def of_age(model: Model, ages: Sequence[Age]) -> list[Finding]:
    """Systems past their limits, old sources of current systems, sources without a dated fact;
    one finding per owner.
    """
    found = [each for severity in _SEVERITIES for each in _of_late(model, ages, severity)]
    words = words_of("sources")
    quiet = [age for age in ages if age.quiet and age.state == "look"]
    for owner, theirs in _by_owner(model, quiet).items():
        texts = [words.text("aged.source", source=age.source, age=age_text(age)) for age in theirs]
        about = tuple(age.source for age in theirs)
        found.append(
            finding(model, "sources.quiet", len(theirs), about, owner=owner, sources=texts)
        )
    undated = [
        age.source for age in ages if age.field and age.state != "untested" and age.newest is None
    ]
    if undated:
        found.append(
            finding(
                model,
                "sources.undated",
                len(undated),
                tuple(undated),
                owner=owner_of(model, undated[0]),
                sources=list(map(humanize, undated)),
            )
        )
    return found


def _of_late(model: Model, ages: Sequence[Age], severity: Severity) -> list[Finding]:
    """Systems whose newest source is past the limit of that severity."""
    newest: dict[str, Age] = {}
    for age in sorted(ages, key=lambda age: age.gap or 0):
        if age.newest and not age.quiet and age.state == severity:
            newest.setdefault(model.system_of(age.source), age)
    found = []
    for owner, late in _by_owner(model, list(newest.values())).items():
        systems = tuple(model.system_of(age.source) for age in late)
        texts = [
            words_of("sources").text(
                "aged.system",
                system=system,
                age=age_text(age),
                limit=limit_length((age.error if severity == "fail" else age.warn) or 0),
            )
            for system, age in zip(systems, late, strict=True)
        ]
        found.append(
            finding(
                model,
                "sources.stale",
                len(late),
                systems,
                severity=severity,
                owner=owner,
                systems=texts,
            )
        )
    return found


def _by_owner(model: Model, ages: Sequence[Age]) -> dict[str, list[Age]]:
    """The ages of sources by the owner of the source: a finding has one owner."""
    found: dict[str, list[Age]] = {}
    for age in ages:
        found.setdefault(owner_of(model, age.source), []).append(age)
    return found


def age_text(age: Age) -> str:
    """How old the newest fact is: in hours below two days, else in days."""
    return _length(age.gap or 0, hours=(age.gap or 0) < 2)


def limit_length(days: float) -> str:
    """A limit: in hours below two days, but for one day; else in days."""
    return _length(days, hours=days < 2 and days != 1)


def _length(days: float, *, hours: bool) -> str:
    name, count = ("hours", round(days * 24)) if hours else ("days", round(days))
    return words_of("sources").text(f"length.{name}", count=count)
