"""What 04b concludes of the match rules: excluded values, blocked matches, large groups, systems
and rules that match nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from workbook import identity
from workbook.finding import Finding
from workbook.steps.identity_blocked import BlockedMatches
from workbook.steps.identity_results import MatchResults
from workbook.words import finding

_FEW = 0.1  # a system is unlinked where fewer of its records than this are known elsewhere


def conclude_rules(
    results: MatchResults, blocked: BlockedMatches, entity: str
) -> Iterator[Finding]:
    """The findings about the rules of one entity; of one without rules, that it is open."""
    if entity not in results.ruled:
        yield _open(results, entity)
        return
    yield from _excluded(results, entity)
    yield from _blocked(results, blocked, entity)
    yield from _large(results, entity)
    yield from _unlinked(results, entity)
    yield from _empty(results, entity)


def _open(results: MatchResults, entity: str) -> Finding:
    systems = {
        results.model.system_of(entity_source)
        for entity_source in results.model.entity_sources(entity)
    }
    return finding(
        results.model,
        "identity.open",
        results.counts[entity]["records"],
        (entity,),
        owner=results.owner(entity),
        variant="entity",
        entity=entity,
        systems=len(systems),
    )


def _excluded(results: MatchResults, entity: str) -> Iterator[Finding]:
    guarded = results.guarded[entity]
    if guarded:
        yield finding(
            results.model,
            "identity.guarded_values",
            len(guarded),
            (entity,),
            owner=results.owner(entity),
            entity=entity,
            links=sum(row["links_not_made"] for row in guarded),
        )


def _blocked(results: MatchResults, blocked: BlockedMatches, entity: str) -> Iterator[Finding]:
    count = sum(row["links"] for row in results.refused[entity])
    if count:
        reasons = blocked.commonest_reasons(entity)
        yield finding(
            results.model,
            "identity.refused_links",
            count,
            (entity,),
            owner=results.owner(entity),
            entity=entity,
            reasons=len(reasons),
            reason=reasons[0],
        )


def _large(results: MatchResults, entity: str) -> Iterator[Finding]:
    limit = results.cluster_size(entity)
    large = sum(row["customers"] for row in results.sizes[entity] if limit and row["size"] > limit)
    if large:
        yield finding(
            results.model,
            "identity.large_cluster",
            large,
            (entity,),
            owner=results.owner(entity),
            entity=entity,
            limit=limit,
            largest=results.counts[entity]["largest"],
        )


def _unlinked(results: MatchResults, entity: str) -> Iterator[Finding]:
    reach = results.rows(identity.cluster_stats.reach_sql(entity))
    for row in reach:
        if row["elsewhere"] < _FEW * row["records"] and len(reach) > 1:
            yield finding(
                results.model,
                "identity.unlinked_system",
                row["records"] - row["elsewhere"],
                (entity, row["system"]),
                owner=results.owner(entity),
                entity=entity,
                system=results.system_label(row["system"]),
                of=row["records"],
            )


def _empty(results: MatchResults, entity: str) -> Iterator[Finding]:
    """Rules that match nothing: no record has what they compare, or all of it is excluded."""
    rules, guarded = identity.spec_of(results.model, entity).rules, results.guarded[entity]
    filled = _filled(results, entity)
    matches = {row["rule"]: row["links"] for row in results.by_rule[entity]}
    matches |= {
        row["rule"]: row["links"] for row in results.refused[entity] if not matches.get(row["rule"])
    }
    for rule in rules:
        missing = [name for name in rule.match if name not in filled]
        values = sum(row["rule"] == rule.name for row in guarded)
        if missing:
            yield finding(
                results.model,
                "identity.empty_rule",
                0,
                (entity, f"{entity}.{missing[0]}"),
                owner=results.owner(entity),
                variant="missing",
                entity=entity,
                rule=rule.name,
                attributes=missing,
            )
        elif values and not matches.get(rule.name):
            yield finding(
                results.model,
                "identity.empty_rule",
                0,
                (entity, *(f"{entity}.{name}" for name in rule.match)),
                owner=results.owner(entity),
                variant="excluded",
                entity=entity,
                rule=rule.name,
                values=values,
            )


def _filled(results: MatchResults, entity: str) -> set[str]:
    """The matched attributes of which at least one record has a value."""
    rules = identity.spec_of(results.model, entity).rules
    matched = list(dict.fromkeys(name for rule in rules for name in rule.match))
    if not matched:
        return set()
    columns = {name: results.model.column_of(entity, name) for name in matched}
    (row,) = results.rows(identity.cluster_stats.filled_sql(entity, columns))
    return {name for name, records in zip(matched, row.values(), strict=True) if records}
