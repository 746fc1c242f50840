"""04 Entities: which things exist, how they relate, and whether the data agrees with what was
declared.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import polars as pl

from workbook import entities as room
from workbook.engine import Table
from workbook.finding import Finding
from workbook.model import Model
from workbook.model.literals import readable
from workbook.show import Box, Column, Edge, Figure, Headline, er, table
from workbook.show.frame import frame_for
from workbook.steps.base import Step
from workbook.steps.empty_reasons import why_empty
from workbook.steps.reasons import reasons
from workbook.words import number
from workbook.words.wording import humanize, join_words, truncate_list

PERSONAL = ("personal", "sensitive")
NO_ENTITY = "no entity is declared yet (04_entities.yml)"


@why_empty(
    inventory=NO_ENTITY,
    diagram=NO_ENTITY,
    belongings=NO_ENTITY,
    cardinalities=(
        "no relationship between entities is declared yet (relationships: in 04_entities.yml)"
    ),
    hierarchies="no relationship rolls up into a parent (rolls_up: in 04_entities.yml)",
)
class Entities(Step):
    """The entities step."""

    word = "entities"
    page = "04"
    title = "Entities"
    asks = "Which things exist, and how do they relate?"

    @staticmethod
    def tables(model: Model) -> list[Table]:
        """Records, canonical tables of single-source entities, relationships."""
        return room.tables(model)

    def headline(self) -> Headline:
        """How many things were declared, and how many relationships hold in the data."""
        names, links = self.model.entity_names, self.links
        if not names:
            sentence = "Which things exist has not been decided yet."
            return Headline(self.page, self.title, sentence, self._suggestion(), state="open")
        troubled = [link for link in links if link["trouble"]]
        held = len(links) - len(troubled)
        sentence = (
            f"{number.plural(len(names), 'thing exists', 'things exist')} in this model, and"
            f" {_hold(held, len(links))}."
        )
        return Headline(
            self.page,
            self.title,
            sentence,
            self._lede(troubled),
            owner=self.model.owner_of("entities"),
        )

    def _suggestion(self) -> str:
        sources = self.model.source_names
        if not sources:
            return "Declare sources first; each row sentence then suggests an entity."
        return (
            f"{number.plural(len(sources), 'source')} and their row sentences are a first list: one"
            " entity for each kind of thing they name."
        )

    def _lede(self, troubled: list[dict[str, Any]]) -> str:
        resolved = [name for name in self.model.entity_names if self.model.has_identity(name)]
        parts = []
        if resolved:
            parts.append(
                f"{join_words(resolved)} {'is' if len(resolved) == 1 else 'are'} known to several"
                " records or systems and must be resolved first."
            )
        if troubled:
            worst = troubled[0]
            parts.append(f"Of {humanize(worst['relationship'])}, {worst['trouble']}.")
        else:
            parts.append("No relationship multiplies rows beyond what was declared.")
        text = " ".join(parts)
        return text[:1].upper() + text[1:]

    @cached_property
    def links(self) -> list[dict[str, Any]]:
        """Every relationship as declared and as measured, trouble first."""
        sql = room.relationship_sql(self.context.plan, self.model)
        if not sql:
            return []
        measured = []
        for row in self.context.query(sql).sort("relationship").to_dicts():
            link = self.model.entities.relationships[row["relationship"]]  # type: ignore[union-attr]
            found = room.verdict(link, row)
            linked, rows = row["linked"] or 0, row["from_rows"] or 0
            measured.append(
                {
                    **row,
                    "label": humanize(row["relationship"]),
                    "ends": (
                        f"{link.from_} → {link.to}"
                        + (f", with {join_words(link.attributes)}" if link.attributes else "")
                    ),
                    "declared": link.cardinality + ("" if link.required else ", optional"),
                    "measured": found.measured,
                    "share": linked / rows if rows else None,
                    "orphans": rows - linked,
                    "broken": bool(found.trouble) and not found.agrees,
                    "state": "look" if found.trouble else "pass",
                    "trouble": "; ".join(found.trouble),
                    "owner": self.model.owner_of("entities", "relationships", row["relationship"]),
                }
            )
        return sorted(
            measured,
            key=lambda row: (row["state"] == "pass", not row["broken"], row["relationship"]),
        )

    @cached_property
    def counts(self) -> pl.DataFrame:
        """One row per entity: records, things, rows set aside."""
        sql = room.entity_sql(self.context.plan, self.model)
        schema = {
            "entity": pl.String,
            "records": pl.Int64,
            "things": pl.Int64,
            "set_aside": pl.Int64,
        }
        return self.context.query(sql) if sql else pl.DataFrame(schema=schema)

    @cached_property
    def left_out(self) -> list[dict[str, Any]]:
        """One row per entity and source that leaves rows out: how many were asked, how many are
        no record, of how many nobody knows.
        """
        sql = room.left_out_sql(self.context.plan, self.model)
        return self.context.query(sql).sort("entity", "source").to_dicts() if sql else []

    def building_blocks(self) -> Figure:
        """Figure 4.1: the seven building blocks, counted in this model."""
        rows = [
            {
                "block": b.name,
                "asks": b.asks,
                "count": len(b.found),
                "names": truncate_list(b.found),
            }
            for b in room.blocks(self.model)
        ]
        columns = [
            Column("block", "Building block", detail="asks"),
            Column("count", "In this model", "int"),
            Column("names", "Among them"),
        ]
        missing = [row["block"].lower() for row in rows if not row["count"]]
        caption = (
            f"Nothing is declared yet under {join_words(missing)}."
            if missing
            else "Each of the seven is declared."
        )
        return Figure(
            "4.1",
            "What is this model built from?",
            "Names declared, by kind",
            table(pl.DataFrame(rows), columns),
            caption,
            width=12,
        )

    def inventory(self) -> Figure:
        """Figure 4.2: every entity, its row sentence, where it comes from and how many there
        are.
        """
        counted = {row["entity"]: row for row in self.counts.to_dicts()}
        rows = []
        for name, entity in (self.model.entities.entities if self.model.entities else {}).items():
            row = counted.get(name, {})
            rows.append(
                {
                    "entity": name,
                    "row_is": entity.row_is or "no row sentence yet",
                    "from": ", ".join(entity.from_) or "no source yet",
                    "records": row.get("records"),
                    "things": row.get("things"),
                    "attributes": len(self.model.attributes(name)),
                    "owner": self.model.owner_of("entities", "entities", name) or "nobody yet",
                }
            )
        columns = [
            Column("entity", "Entity", detail="row_is"),
            Column("from", "Comes from"),
            Column("records", "Records", "int"),
            Column("things", "Things", "int"),
            Column("attributes", "Attributes", "int"),
            Column("owner", "Owner"),
        ]
        caption = (
            "Records are rows of the systems; things are what remains once records of the same one"
            " are joined."
        )
        excluded = [
            f"{row['left_out']:,} of {number.plural(row['records'], 'row')} of {row['source']} for"
            f" {humanize(row['entity'])}"
            for row in self.left_out
            if row["left_out"]
        ]
        aside = [
            f"{row['set_aside']:,} of {humanize(row['entity'])}"
            for row in self.counts.filter(pl.col("set_aside") > 0).to_dicts()
        ]
        caption += (
            f" Of rows that repeat a key the newest is used; set aside: {join_words(aside)}."
            if aside
            else ""
        )
        caption += f" Excluded by a condition: {join_words(excluded)}." if excluded else ""
        frame = frame_for(rows, columns)
        return Figure(
            "4.2",
            "Which things exist?",
            "Entities, in the order of the model",
            table(frame, columns),
            caption,
        )

    def diagram(self) -> Figure:
        """Figure 4.3: entities and the relationships between them."""
        links = self.model.entities.relationships if self.model.entities else {}
        edges = [
            Edge(
                links[row["relationship"]].from_,
                links[row["relationship"]].to,
                row["measured"],
                humanize(row["relationship"]),
                row["orphans"],
                trouble=row["state"] != "pass",
            )
            for row in sorted(self.links, key=lambda row: row["relationship"])
        ]
        caption = (
            "Each line bears the cardinality that was measured, at either end its own side; in"
            " brackets the rows that reach nothing. A marked line does not keep to what was"
            " declared."
        )
        return Figure(
            "4.3",
            "How do they reach each other?",
            "Measured, not as declared",
            er(self._boxes(), edges),
            caption,
        )

    def _boxes(self) -> list[Box]:
        counted = {row["entity"]: row["things"] for row in self.counts.to_dicts()}
        return [
            Box(name, counted.get(name), "resolved" if self.model.has_identity(name) else "")
            for name in self.model.entity_names
        ]

    def cardinalities(self) -> Figure:
        """Figure 4.4: what was declared of each relationship beside what the data holds."""
        columns = [
            Column("state", " ", "check"),
            Column("label", "Relationship", detail="ends"),
            Column("declared", "Declared"),
            Column("measured", "Measured"),
            Column("from_rows", "Rows", "int"),
            Column("share", "Linked", "percent"),
            Column("orphans", "Reach none", "int"),
            Column("most_to", "Most reached", "int"),
            Column("most_from", "Most reaching one", "int"),
            Column("trouble", "What to look at"),
        ]
        caption = (
            "A relationship that reaches more than one row where one was declared would multiply"
            " every sum that crosses it; such sums are refused."
        )
        caption += reasons(self.model, "entities", "relationships")
        frame = frame_for(self.links, columns)
        return Figure(
            "4.4",
            "Does the data keep to what was declared?",
            "One row per relationship, trouble first",
            table(frame, columns),
            caption,
        )

    def hierarchies(self) -> Figure:
        """Figure 4.5: relationships that roll up, such as a parent company."""
        rows = []
        for name, link in (
            self.model.entities.relationships if self.model.entities else {}
        ).items():
            if link.rolls_up and self.context.has(name):
                pairs = self.context.query(room.hierarchy_sql(name)).rows()
                measured = room.hierarchy([(str(a), str(b)) for a, b in pairs])
                rows.append({"hierarchy": humanize(name), "of": link.from_, **vars(measured)})
        columns = [
            Column("hierarchy", "Hierarchy", detail="of"),
            Column("children", "Below a parent", "int"),
            Column("tops", "At the top", "int"),
            Column("levels", "Levels", "int"),
            Column("largest", "Most below one top", "int"),
            Column("in_circles", "In a circle", "int"),
        ]
        caption = (
            "Figures roll up along a hierarchy on request; the grain stays the one decided, so that"
            " nothing is counted at two levels."
        )
        frame = frame_for(rows, columns)
        title = "Which things roll up into others?"
        return Figure(
            "4.5",
            title,
            "Hierarchies, walked from every member to its top",
            table(frame, columns),
            caption,
        )

    def belongings(self) -> Figure:
        """Figure 4.6: which entity each field and measure belongs to, persons, accounts and
        companies apart.
        """
        measures: dict[str, list[str]] = {}
        for part in self.model.metrics.semantic_models.values() if self.model.metrics else ():
            measures.setdefault(part.of, []).extend(part.measures)
        shared = self._shared_names()
        rows = []
        for name in self.model.entity_names:
            attributes = list(self.model.attributes(name))
            personal = [
                a
                for a in attributes
                if self.model.attributes(name)[a] and self.model.class_of(f"{name}.{a}") in PERSONAL
            ]
            identifiers = set(self.model.identifiers_of(name))
            own = [a for a in attributes if a not in identifiers and a not in personal]
            rows.append(
                {
                    "entity": name,
                    "identifiers": truncate_list(tuple(sorted(identifiers)), 6),
                    "own": truncate_list(tuple(own), 8),
                    "personal": truncate_list(tuple(personal), 6),
                    "measures": truncate_list(tuple(measures.get(name, ())), 6),
                    "also": truncate_list(tuple(a for a in own if a in shared), 6),
                }
            )
        columns = [
            Column("entity", "Entity"),
            Column("identifiers", "Identifiers"),
            Column("own", "Its own fields"),
            Column("personal", "Of a person"),
            Column("measures", "Measures"),
            Column("also", "Also on another entity"),
        ]
        caption = (
            "A field or a measure belongs to exactly one entity. A name that stands on several"
            " needs one owner, or a second name."
        )
        frame = frame_for(rows, columns)
        return Figure(
            "4.6",
            "Which entity does each field and measure belong to?",
            "Names only; no values",
            table(frame, columns),
            caption,
        )

    def _shared_names(self) -> set[str]:
        seen: dict[str, int] = {}
        for name in self.model.entity_names:
            for attribute in set(self.model.attributes(name)) - set(
                self.model.identifiers_of(name)
            ):
                seen[attribute] = seen.get(attribute, 0) + 1
        return {attribute for attribute, count in seen.items() if count > 1}

    def conclude(self) -> list[Finding]:
        """Relationships that break their word, rows without a partner, keys that repeat."""
        if not self.model.entity_names:
            return [
                Finding(
                    "entities.open",
                    "note",
                    "Which things exist and how they relate is not decided yet.",
                    self.page,
                )
            ]
        found = []
        for row in self.links:
            if row["state"] == "pass":
                continue
            code = (
                "entities.cardinality_broken" if row["broken"] else "entities.relationship_limits"
            )
            sentence = f"{humanize(row['relationship'])} ({row['ends']}): {row['trouble']}."
            found.append(
                Finding(
                    code,
                    "look",
                    sentence,
                    self.page,
                    row["orphans"] or None,
                    row["owner"],
                    (row["relationship"],),
                )
            )
        found += [self._excluded(row) for row in self.left_out if row["left_out"]]
        return found

    def _excluded(self, row: dict[str, Any]) -> Finding:
        """Rows of one source that are no record of an entity; a warning where none is left."""
        entity, source, unknown = row["entity"], row["source"], row["unknown"]
        said = (
            f"{row['left_out']:,} of {number.plural(row['records'], 'row')} of {source}"
            f" {'is' if row['left_out'] == 1 else 'are'} excluded"
        )
        because = (
            f" because they do not meet `{readable(self.model, self.model.where(entity, source))}`"
            if unknown < row["left_out"]
            else ""
        )
        blank = (
            f"; for {unknown:,} of them the condition has no value"
            if unknown and because
            else " because the condition has no value for them"
            if unknown
            else ""
        )
        severity = "look" if row["left_out"] == row["records"] else "note"
        owner = self.model.owner_of("entities", "entities", entity)
        return Finding(
            "entities.rows_left_out",
            severity,
            f"{humanize(entity).capitalize()}: {said}{because}{blank}.",
            self.page,
            row["left_out"],
            owner,
            (entity, source),
        )


def _hold(held: int, links: int) -> str:
    if not links:
        return "no relationship is declared between them"
    if held == links:
        return (
            "every relationship between them holds in the data"
            if links > 1
            else "the one relationship holds in the data"
        )
    return (
        f"{held} of {number.plural(links, 'relationship')} {'holds' if held == 1 else 'hold'} in"
        " the data"
    )
