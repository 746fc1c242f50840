"""04b Identity: which records are the same customer, by which rule, and what was kept apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from workbook import identity as room
from workbook.engine import Table
from workbook.finding import Finding
from workbook.model import CLASSES, Model
from workbook.privacy import redact
from workbook.show import Column, Figure, Headline, nothing, table
from workbook.show.frame import frame_for
from workbook.steps.base import Step
from workbook.steps.counted import Counted
from workbook.steps.empty_reasons import why_empty
from workbook.steps.identity_accuracy import LabelAccuracy
from workbook.steps.identity_decisions import Reviewed
from workbook.steps.identity_suggestions import Suggested
from workbook.steps.reasons import because, of_identity
from workbook.words import number
from workbook.words.wording import capital, humanize, join_words

_SINGLE = 8  # groups up to this size have a row of their own
_TOP = 10  # sets of systems of an entity before the rest is summed up
_TEMPTING = 6  # and guarded values: they are tokens mostly, and the first say what kind they are
_ACCEPTED = {
    "pattern": "accepted by pattern",
    "band": "accepted by band",
    "decision": "accepted in the review",
}
_FEW = 0.1  # a system is unlinked where fewer of its records than this are known elsewhere
_NONE_RESOLVED = "no entity is known to several records, or none is declared yet (04_entities.yml)"


@why_empty(joining=_NONE_RESOLVED, sizes=_NONE_RESOLVED, seen_in=_NONE_RESOLVED)
class Identity(Step):
    """The identity step."""

    word = "identity"
    page = "04b"
    title = "Identity"
    asks = "Which records are the same customer, and how sure are we?"

    @staticmethod
    def tables(model: Model) -> list[Table]:
        """Keys, links, guarded values, refused links, clusters and id lineage of every entity
        that must be resolved.
        """
        return room.tables(model)

    # ---- what is resolved

    @cached_property
    def resolved(self) -> tuple[str, ...]:
        """Entities whose records must be resolved."""
        return tuple(
            name
            for name in self.model.entity_names
            if self.model.has_identity(name) and self.context.has(f"{name}__clusters")
        )

    @cached_property
    def ruled(self) -> tuple[str, ...]:
        """Those of them that have rules."""
        return tuple(name for name in self.resolved if room.spec_of(self.model, name).rules)

    def _rows(self, sql: str) -> list[dict[str, Any]]:
        return self.context.query(sql).to_dicts()

    @cached_property
    def counts(self) -> dict[str, dict[str, int]]:
        """Of each resolved entity: records, customers, the largest group."""
        return {name: self._rows(room.stats.counts_sql(name))[0] for name in self.resolved}

    @cached_property
    def by_rule(self) -> dict[str, list[dict[str, Any]]]:
        """Of each resolved entity: its rules in order, with links, joins, groups left, joins
        that no other rule makes.
        """
        return {
            name: self._rows(f'select * from "{name}__by_rule" order by rank')
            for name in self.resolved
        }

    @cached_property
    def guarded(self) -> dict[str, list[dict[str, Any]]]:
        """Of each resolved entity: the values that link nobody."""
        return {name: self._rows(room.stats.guarded_sql(name)) for name in self.resolved}

    @cached_property
    def refused(self) -> dict[str, list[dict[str, Any]]]:
        """Of each resolved entity: the reasons for which links were refused."""
        return {name: self._rows(room.stats.refused_sql(name)) for name in self.resolved}

    @cached_property
    def _counted(self) -> dict[str, Counted]:
        """Of each resolved entity, what decides beside them how many customers there are."""
        return {
            name: Counted(self.context, name, self.counts[name]["customers"])
            for name in self.resolved
        }

    def _things(self) -> str:
        """What records become, by the entities' own names: `accounts and users`."""
        return (
            join_words([number.plural_of(humanize(name)) for name in self.resolved]) or "customers"
        )

    def _each(self) -> str:
        """`account or user`."""
        return " or ".join(humanize(name) for name in self.resolved) or "customer"

    def _group(self) -> str:
        return "entity" if len(self.resolved) > 1 else ""

    def _owner(self, entity: str) -> str:
        return self.model.owner_of("identity", "identity", entity)

    # ---- the answer

    def headline(self) -> Headline:
        """How many customers the records are, and what was kept apart."""
        if not self.resolved:
            sentence = (
                "Nothing has to be resolved: each thing of this model comes from one source."
                if self.model.entity_names
                else "Which records are the same customer has not been decided yet."
            )
            return Headline(
                self.page,
                self.title,
                sentence,
                state="decided" if self.model.entity_names else "open",
            )
        if not self.ruled:
            return Headline(
                self.page,
                self.title,
                "Which records are the same customer has not been decided yet.",
                self._suggestion(),
                state="open",
            )
        said = [self._said(name) for name in self.ruled]
        kept = sum(len(self.guarded[name]) for name in self.ruled)
        end = (
            f"; {number.plural(kept, 'shared value')} {'links' if kept == 1 else 'link'} nobody"
            if kept
            else ""
        )
        return Headline(
            self.page,
            self.title,
            f"{', and '.join(said)}{end}.",
            self._lede(),
            owner=self.model.owner_of("identity"),
        )

    def _said(self, entity: str) -> str:
        records, customers = self.counts[entity]["records"], self.counts[entity]["customers"]
        return (
            f"{number.plural(records, f'{humanize(entity)} record')}"
            f" {'is' if records == 1 else 'are'} {number.plural(customers, humanize(entity))}"
        )

    def _lede(self) -> str:
        joins = [
            (row["joined"], row["rule"], name) for name in self.ruled for row in self.by_rule[name]
        ]
        every = sum(count for count, _, _ in joins)
        certain = {
            (rule.name, name)
            for name in self.ruled
            for rule in room.spec_of(self.model, name).rules
            if rule.confidence == "certain"
        }
        certain |= {(room.MERGED, name) for name in self.ruled}
        parts = []
        if every:
            share = sum(count for count, rule, name in joins if (rule, name) in certain) / every
            rest = (
                f"{number.percent(share)} of the joins rest on rules that the team calls certain"
                if share
                else "No join rests on a rule that the team calls certain"
            )
            parts.append(f"{rest}; nothing merges because it merely looks alike.")
        tempting = sum(row["links_not_made"] for name in self.ruled for row in self.guarded[name])
        refused = sum(row["links"] for name in self.ruled for row in self.refused[name])
        if tempting:
            parts.append(
                f"{number.plural(tempting, 'tempting link')} {'was' if tempting == 1 else 'were'}"
                " not made, because a value that many or different records share proves nothing."
            )
        if refused:
            torn = join_words(
                [number.plural_of(humanize(name)) for name in self.ruled if self.refused[name]]
            )
            parts.append(
                f"{number.plural(refused, 'link')} {'was' if refused == 1 else 'were'} refused,"
                f" because two different {torn} would have become one."
            )
        parts += [sentence for each in self._truths if (sentence := each.sentence())]
        parts.append(self._suggested.worth.sentence())
        if not any(self.counts[name]["records"] for name in self.ruled):
            parts.append("There is no record to resolve yet.")
        return " ".join(part for part in parts if part)

    def _suggestion(self) -> str:
        parts = []
        for name in self.resolved:
            systems = {self.model.system_of(source) for source in self.model.entity_sources(name)}
            reach = {
                each: len({self.model.system_of(ref.source) for ref in refs})
                for each, refs in self.model.identifiers_of(name).items()
            }
            wide = [
                f"{humanize(each)} stands in {count}"
                for each, count in sorted(reach.items(), key=lambda item: (-item[1], item[0]))
                if count > 1
            ]
            known = f"{name} is known to {number.plural(len(systems), 'system')}"
            parts.append(
                f"{known}: {join_words(wide[:3])} of them, a first candidate for a rule."
                if wide
                else f"{known}, and no identifier stands in two of them."
            )
        return " ".join(parts)

    # ---- the evidence

    def joining(self) -> Figure:
        """Figure 4b.1: from records to customers, rule by rule."""
        rows = [row for name in self.resolved for row in self._ladder(name)]
        columns = [
            Column("label", "Rule, in order", detail="how"),
            Column("span", " ", "span", tone="tone", scale=1, decimals=2),
            Column("joined", "Joined", "int"),
            Column("left", "Remain", "int"),
            Column("links", "Links", "int"),
            Column("only", "Only by this rule", "int"),
        ]
        frame = frame_for(rows, columns + ([Column("entity")] if self._group() else []))
        caption = (
            "Joined: groups that became one, by the first rule that joined them; further links"
            " confirm a group that stood already. Only by this rule: how many more there would be"
            " without it; 0 where other rules make the same joins. Certain and high are the team's"
            " own words for how far a rule is trusted. Bars are shares of the records of each"
            " group."
        )
        caption += "".join(self._counted[name].said() for name in self.resolved)
        caption += "".join(
            of_identity(humanize(name), room.spec_of(self.model, name)) for name in self.ruled
        )
        title = f"How do records become {self._things()}?"
        return Figure(
            "4b.1",
            title,
            "Records that remain apart after each rule; rules run in this order, and what people"
            " decided comes last",
            table(frame, columns, group=self._group()),
            caption,
        )

    def _ladder(self, entity: str) -> Iterator[dict[str, Any]]:
        spec, counts = room.spec_of(self.model, entity), self.counts[entity]
        confidence = {
            rule.name: (rule.confidence, join_words([humanize(name) for name in rule.match]))
            for rule in spec.rules
        }
        reasons = {rule.name: because(rule.because) for rule in spec.rules}
        before, whole = counts["records"], max(counts["records"], 1)
        yield {
            "entity": entity,
            "label": "Records",
            "how": "one row of one system each",
            "tone": "d1",
            "span": [0.0, 1.0],
            "left": before,
        }
        for row in self.by_rule[entity]:
            person, source = row["rank"] > len(spec.rules), row["rule"] == room.MERGED
            if not person or row["links"]:
                how = (
                    "decided by people"
                    if person
                    else (
                        "the source says so"
                        if source
                        else (
                            f"{confidence[row['rule']][0]}: {confidence[row['rule']][1]}"
                            f" equal{self._left_out(entity, row['rule'])}{reasons[row['rule']]}"
                        )
                    )
                )
                yield {
                    "entity": entity,
                    "label": _ACCEPTED[row["rule"]] if person else humanize(row["rule"]),
                    "how": how,
                    "tone": "blue" if person else "d3",
                    "span": [before / whole, row["remaining"] / whole],
                    "joined": -row["joined"],
                    "left": row["remaining"],
                    "links": row["links"],
                    "only": row["only"],
                }
            before = row["remaining"]
        yield {
            "entity": entity,
            "label": capital(number.plural_of(humanize(entity))),
            "how": number.plural(counts["customers"], humanize(entity)),
            "tone": "d1",
            "span": [0.0, counts["customers"] / whole],
            "left": counts["customers"],
        }

    def _left_out(self, entity: str, rule: str) -> str:
        count = sum(row["rule"] == rule for row in self.guarded[entity])
        return f"; {number.plural(count, 'shared value')} left out" if count else ""

    def sizes(self) -> Figure:
        """Figure 4b.2: how many records a customer has."""
        rows = [row for name in self.resolved for row in self._sizes(name)]
        columns = [
            Column("label", "Records"),
            Column("bar", " ", "bar", tone="tone"),
            Column("customers", capital(self._things()), "int"),
            Column("records", "Their records", "int"),
        ]
        frame = frame_for(rows, columns + ([Column("entity")] if self._group() else []))
        limits = [
            f"{limit:,} for"
            f" {humanize(name)}{'' if room.spec_of(self.model, name).guard.cluster_size else ', the default'}"
            for name in self.ruled
            if (limit := self._cluster_size(name))
        ]
        over = sum(row["customers"] for row in rows if row["tone"] == "amber")
        verb = (
            "None is"
            if not over
            else "1, marked amber, is"
            if over == 1
            else f"{over:,}, marked amber, are"
        )
        caption = (
            f"{verb} over the limit of records ({join_words(limits)})."
            if limits
            else "No limit is set yet."
        )
        return Figure(
            "4b.2",
            f"How many records has one {self._each()}?",
            f"{capital(self._things())} by number of records",
            table(frame, columns, group=self._group()),
            caption,
            width=5,
        )

    def _sizes(self, entity: str) -> Iterator[dict[str, Any]]:
        limit = self._cluster_size(entity) if entity in self.ruled else None
        shelves: dict[tuple[int, str, str], Counter[str]] = {}
        for row in self._rows(room.stats.sizes_sql(entity)):
            size = row["size"]
            over = limit is not None and size > limit
            most = (
                f"{_SINGLE + 1:,} and more"
                if limit is None or limit <= _SINGLE
                else f"{_SINGLE + 1:,} to {limit:,}"
            )
            shelf = (
                (_SINGLE + 2, f"over {limit:,}", "amber")
                if over
                else (size, f"{size:,}", "d2")
                if size <= _SINGLE
                else (_SINGLE + 1, most, "d2")
            )
            shelves.setdefault(shelf, Counter()).update(
                customers=row["customers"], records=row["records"]
            )
        for (_, label, tone), count in sorted(shelves.items()):
            yield {
                "entity": entity,
                "label": label,
                "tone": tone,
                "bar": count["customers"],
                **count,
            }

    def _cluster_size(self, entity: str) -> int | None:
        """The number of records over which a customer is told: the team's, or the default where
        it says something.
        """
        return room.cluster_size(
            room.spec_of(self.model, entity),
            {name: self.model.type_of(entity, name) for name in self.model.attributes(entity)},
        )

    def kept_apart(self) -> Figure:
        """Figure 4b.3: values that are too shared to link on."""
        rows = [row for name in self.resolved for row in self._guarded_rows(name)]
        title = "Which values are too shared to link on?"
        if not rows:
            return Figure(
                "4b.3",
                title,
                body=nothing(
                    why=(
                        "no value stands on more records, or on more different ones, than the team"
                        " allows"
                        if self.ruled
                        else "no rule links anything yet"
                    )
                ),
                width=7,
            )
        columns = [
            Column("shown", "Value", "value", cls="internal", detail="how", detail_cls="internal"),
            Column("reason", "Why it links nobody"),
            Column("records", "Records", "int"),
            Column("bar", " ", "bar"),
            Column("links_not_made", "Links not made", "int"),
        ]
        frame = frame_for(rows, columns + ([Column("entity")] if self._group() else []))
        caption = (
            "Links not made: a value on n records would have made n − 1. Spellings of one name"
            " count once, so that a slip makes nobody a stranger. Personal values are shown as"
            " tokens, which are numbered in this table."
        )
        return Figure(
            "4b.3",
            title,
            "Values that link nobody, the most tempting first",
            table(frame, columns, group=self._group()),
            caption,
            width=7,
        )

    def _guarded_rows(self, entity: str) -> Iterator[dict[str, Any]]:
        found = self.guarded[entity]
        shown: dict[str, list[Any]] = {}
        for attribute in dict.fromkeys(row["attribute"] for row in found):
            values = [row["value"] for row in found if row["attribute"] == attribute]
            shown[attribute] = redact(values, self._class_of(entity, attribute), attribute)
        for row in found[:_TEMPTING]:
            rank = [r["value"] for r in found if r["attribute"] == row["attribute"]].index(
                row["value"]
            )
            yield {
                **row,
                "entity": entity,
                "shown": shown[row["attribute"]][rank],
                "how": humanize(row["rule"]),
                "bar": row["links_not_made"],
            }
        rest = found[_TEMPTING:]
        if rest:
            records, links = (
                sum(row[word] for row in rest) for word in ("records", "links_not_made")
            )
            yield {
                "entity": entity,
                "shown": f"{len(rest):,} more",
                "how": "",
                "reason": "",
                "records": records,
                "bar": None,
                "links_not_made": links,
            }

    def _class_of(self, entity: str, attribute: str) -> str:
        return max(
            (self.model.class_of(f"{entity}.{name}") for name in attribute.split(" + ")),
            key=CLASSES.index,
        )

    def refusals(self) -> Figure:
        """Figure 4b.4: links that a rule proposed and that do not hold."""
        rows = [
            {
                "entity": name,
                **row,
                "rule": (
                    "accepted in the review"
                    if row["rule"] == room.DECISION
                    else humanize(row["rule"])
                ),
                "bar": row["links"],
            }
            for name in self.resolved
            for row in self.refused[name]
        ]
        title = "Which merges were refused?"
        if not rows:
            return Figure("4b.4", title, body=nothing(why=self._none_refused()))
        columns = [
            Column("reason", "Reason", detail="rule"),
            Column("stopped_by", "Stopped by"),
            Column("bar", " ", "bar"),
            Column("links", "Links", "int"),
        ]
        frame = frame_for(rows, columns + ([Column("entity")] if self._group() else []))
        caption = (
            f"Never does one {self._each()} hold two values of a never-merge key, or two records"
            " that a person told apart, not even through a third record. Where the records that"
            " share a value hold two values of such a key, as after an id was given out twice, the"
            " value links nobody."
        )
        return Figure(
            "4b.4",
            title,
            "Links that a rule or a person proposed, and what forbade them",
            table(frame, columns, group=self._group()),
            caption,
        )

    def _none_refused(self) -> str:
        keys = sorted(
            {
                name
                for entity in self.resolved
                for name in room.spec_of(self.model, entity).never_merge
            }
        )
        held = (
            "no proposed link would have joined two values of"
            f" {join_words([humanize(name) for name in keys])}"
            if keys
            else (
                "no key is decided of which a customer may have only one value (never_merge: in"
                " 04b_identity)"
            )
        )
        return f"{held}, and none joins records that a person told apart"

    def seen_in(self) -> Figure:
        """Figure 4b.5: the systems in which each customer is seen."""
        systems = tuple(
            dict.fromkeys(
                self.model.system_of(source)
                for name in self.resolved
                for source in self.model.entity_sources(name)
            )
        )
        rows = [row for name in self.resolved for row in self._seen_rows(name, systems)]
        columns = [
            Column("label", "Systems"),
            *(Column(f"at{n}", self._label(system), "dot") for n, system in enumerate(systems)),
            Column("customers", capital(self._things()), "int"),
            Column("bar", " ", "bar"),
            Column("share", "Share", "percent"),
        ]
        frame = frame_for(rows, columns + ([Column("entity")] if self._group() else []))
        reach = [
            f"{number.percent(sum(r['customers'] for r in rows if r['entity'] == name and r['several']) / self.counts[name]['customers'])}"
            f" of the {number.plural(self.counts[name]['customers'], humanize(name))}"
            for name in self.resolved
            if self.counts[name]["customers"]
        ]
        caption = (
            f"Known to more than one system: {join_words(reach)}."
            if reach
            else "There is no record to resolve."
        )
        return Figure(
            "4b.5",
            f"In which systems is each {self._each()} seen?",
            f"{capital(self._things())} by the systems that hold a record of them",
            table(frame, columns, group=self._group()),
            caption,
        )

    def _seen_rows(self, entity: str, systems: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        own = tuple(
            dict.fromkeys(
                self.model.system_of(source) for source in self.model.entity_sources(entity)
            )
        )
        found = self._rows(room.stats.seen_sql(entity, own))
        every = sum(row["customers"] for row in found)
        for row in found[:_TOP]:
            dots = {name: row[f"s{n}"] == 1 for n, name in enumerate(own, start=1)}
            yield {
                "entity": entity,
                "label": self._seen_by(dots),
                "several": sum(dots.values()) > 1,
                **{f"at{n}": dots.get(name) for n, name in enumerate(systems)},
                "customers": row["customers"],
                "bar": row["customers"],
                "share": row["customers"] / every,
            }
        for several in (True, False):
            rest = sum(
                row["customers"]
                for row in found[_TOP:]
                if (sum(row[f"s{n}"] for n in range(1, len(own) + 1)) > 1) == several
            )
            if rest:
                yield {
                    "entity": entity,
                    "label": "other sets" if several else "other single systems",
                    "several": several,
                    "customers": rest,
                    "bar": rest,
                    "share": rest / every,
                }

    def _seen_by(self, dots: dict[str, bool]) -> str:
        """The systems that hold a record, by their names; where most of them do, by those that
        hold none.
        """
        seen, unseen = (
            [self._label(name) for name, there in dots.items() if there is which]
            for which in (True, False)
        )
        if not unseen and len(seen) > 1:
            return "all of them"
        return (
            f"{seen[0]} only"
            if len(seen) == 1
            else (
                f"all but {join_words(unseen)}" if len(unseen) < len(seen) - 1 else join_words(seen)
            )
        )

    def _label(self, system: str) -> str:
        part = self.model.sources.systems.get(system) if self.model.sources else None
        return (part.label if part else "") or humanize(system)

    @cached_property
    def _truths(self) -> list[LabelAccuracy]:
        return [LabelAccuracy(self.context, name) for name in self.resolved]

    @cached_property
    def _reviewed(self) -> Reviewed:
        return Reviewed(self.context, self.resolved, self._truths)

    def review(self) -> Figure:
        """Figure 4b.6: what people decided about pairs of records, whether it stands, and how
        right the customers are.
        """
        return self._reviewed.figure()

    @cached_property
    def _suggested(self) -> Suggested:
        return Suggested(self.context)

    def suggestions(self) -> Figure:
        """Figure 4b.7: how sure the suggestions are, and what became of them."""
        return self._suggested.by_band()

    def waiting(self) -> Figure | None:
        """Figure 4b.8: what waits for a person, and what accepting it would change; None where
        nothing is suggested.
        """
        return self._suggested.waiting()

    def why(self) -> Figure | None:
        """Figure 4b.9: why one pair is suggested, attribute by attribute; None where none waits."""
        return self._suggested.why()

    # ---- what it comes to

    def conclude(self) -> list[Finding]:
        """Entities without rules, values and links kept apart, large groups, systems that
        nothing links, lines that decide nothing.
        """
        if not self.model.entity_names:
            return [
                Finding(
                    "identity.open",
                    "note",
                    "Which records are the same customer is not decided yet.",
                    self.page,
                )
            ]
        found = [
            finding
            for name in self.resolved
            for finding in (self._of_rules(name) if name in self.ruled else [self._open(name)])
        ]
        found += [
            finding
            for name in self.resolved
            for finding in self._counted[name].conclude(self._owner(name))
        ]
        found += self._reviewed.conclude(self._owner)
        found += self._suggested.conclude(self._owner)
        found += [
            finding for each in self._truths for finding in each.conclude(self._owner(each.entity))
        ]
        found += self._reviewed.unread()
        return found

    def _open(self, entity: str) -> Finding:
        systems = {self.model.system_of(source) for source in self.model.entity_sources(entity)}
        sentence = (
            f"{entity}: no rule says which of its"
            f" {number.plural(self.counts[entity]['records'], 'record')} from"
            f" {number.plural(len(systems), 'system')} are the same; each counts as one."
        )
        return Finding(
            "identity.open",
            "note",
            sentence,
            self.page,
            self.counts[entity]["records"],
            self._owner(entity),
            (entity,),
        )

    def _of_rules(self, entity: str) -> Iterator[Finding]:
        spec, owner = room.spec_of(self.model, entity), self._owner(entity)

        def finding(code: str, severity: Any, sentence: str, count: int, *about: str) -> Finding:
            return Finding(
                f"identity.{code}",
                severity,
                f"{entity}: {sentence}",
                self.page,
                count,
                owner,
                (entity, *about),
            )

        guarded, refused = self.guarded[entity], sum(row["links"] for row in self.refused[entity])
        if guarded:
            links = sum(row["links_not_made"] for row in guarded)
            yield finding(
                "guarded_values",
                "note",
                f"{number.plural(len(guarded), 'shared value')}"
                f" {'links' if len(guarded) == 1 else 'link'} nobody, which left"
                f" {number.plural(links, 'link')} unmade.",
                len(guarded),
            )
        if refused:
            every = [row["reason"] for row in self.refused[entity]]
            why = (
                f"{'most' if len(set(every)) > 1 else 'all'} because {every[0]}"
                if refused > 1
                else f"because {every[0]}"
            )
            yield finding(
                "refused_links",
                "look",
                f"{number.plural(refused, 'link')} {'was' if refused == 1 else 'were'} refused,"
                f" {why}; a person should look at both sides.",
                refused,
            )
        limit = self._cluster_size(entity)
        large = (
            sum(
                row["customers"]
                for row in self._rows(room.stats.sizes_sql(entity))
                if row["size"] > limit
            )
            if limit
            else 0
        )
        if large:
            yield finding(
                "large_cluster",
                "look",
                f"{number.plural(large, 'group')} {'holds' if large == 1 else 'hold'} more than"
                f" {limit:,} records, the largest {self.counts[entity]['largest']:,}.",
                large,
            )
        reach = self._rows(room.stats.reach_sql(entity))
        for row in reach:
            if row["elsewhere"] < _FEW * row["records"] and len(reach) > 1:
                yield finding(
                    "unlinked_system",
                    "look",
                    f"of {number.plural(row['records'], 'record')} in {row['system']},"
                    f" {row['elsewhere']:,} belong to a customer that another system knows.",
                    row["records"] - row["elsewhere"],
                    row["system"],
                )
        matched = list(dict.fromkeys(name for rule in spec.rules for name in rule.match))
        columns = {name: self.model.column_of(entity, name) for name in matched}
        filled = {
            name
            for row in (self._rows(room.stats.filled_sql(entity, columns)) if matched else ())
            for name, records in zip(matched, row.values(), strict=True)
            if records
        }
        made = {row["rule"]: row["links"] for row in self.by_rule[entity]}
        made |= {
            row["rule"]: row["links"] for row in self.refused[entity] if not made.get(row["rule"])
        }
        for rule in spec.rules:
            missing = [name for name in rule.match if name not in filled]
            if missing:
                yield finding(
                    "empty_rule",
                    "look",
                    f"the rule {rule.name} can link nothing, because no record holds"
                    f" {join_words(missing)}.",
                    0,
                    f"{entity}.{missing[0]}",
                )
            values = sum(row["rule"] == rule.name for row in guarded)
            if values and not missing and not made.get(rule.name):
                every = (
                    "the one value that records share under it is"
                    if values == 1
                    else f"all {values:,} values that records share under it are"
                )
                yield finding(
                    "empty_rule",
                    "look",
                    f"the rule {rule.name} links nothing, because {every} guarded.",
                    0,
                    *(f"{entity}.{name}" for name in rule.match),
                )
