"""04 Entities: which things exist, how they relate, and whether the data agrees with what was
declared.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import polars as pl

from workbook import entities
from workbook.engine import Table
from workbook.finding import Finding
from workbook.model import Model
from workbook.model.personal_literals import readable
from workbook.show import Box, Column, Edge, Figure, Headline, er, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps.decision_reasons import reasons
from workbook.steps.step import Step
from workbook.words import words_of
from workbook.words.wording import humanize, truncate_list, within

PERSONAL = ("personal", "sensitive")
_NOBODY = words_of("shared").text("owner.nobody")


class Entities(Step):
    """The entities step."""

    word = "entities"

    @staticmethod
    def tables(model: Model) -> list[Table]:
        """Records, canonical tables of single-source entities, relationships."""
        return entities.tables(model)

    def headline(self) -> Headline:
        """How many entities were declared, and how many relationships hold in the data."""
        names, links = self.model.entity_names, self.links
        if not names:
            return self.answer("open", self._suggestion(), state="open")
        held = sum(not link["breaches"] for link in links)
        return self.answer(
            "decided", self._lede(), entities=len(names), links=len(links), held=held
        )

    def _suggestion(self) -> str:
        sources = len(self.model.source_names)
        if not sources:
            return self.text("suggestion.no_sources")
        return self.text("suggestion.sources", sources=sources)

    def _lede(self) -> str:
        """What must be resolved, and the relationship that departs most from its declaration."""
        resolved = [name for name in self.model.entity_names if self.model.has_identity(name)]
        first = self.text("lede.resolved", entities=resolved) if resolved else ""
        worst = next((link for link in self.links if link["breaches"]), None)
        second = (
            self.text("lede.broken", relationship=worst["relationship"], breaches=worst["breaches"])
            if worst
            else self.text("lede.sound")
        )
        return f"{first} {second}".strip()

    @cached_property
    def links(self) -> list[dict[str, Any]]:
        """Every relationship as declared and as measured, trouble first."""
        sql = entities.relationship_sql(self.context.plan, self.model)
        if not sql:
            return []
        measured = []
        for row in self.context.query(sql).sort("relationship").to_dicts():
            link = self.model.entities.relationships[row["relationship"]]
            found = entities.verdict(link, row)
            breaches = [
                self.text(f"breach.{breach.name}", **breach.values) for breach in found.breaches
            ]
            linked, rows = row["linked"] or 0, row["from_rows"] or 0
            measured.append(
                {
                    **row,
                    "label": humanize(row["relationship"]),
                    "ends": self.text(
                        "figures.cardinalities.ends",
                        one=link.from_,
                        other=link.to,
                        attributes=link.attributes,
                    ),
                    "declared": link.cardinality
                    if link.required
                    else self.text("figures.cardinalities.optional", cardinality=link.cardinality),
                    "measured": found.measured,
                    "share": linked / rows if rows else None,
                    "orphans": rows - linked,
                    "broken": not found.agrees,
                    "state": "look" if breaches else "pass",
                    "breaches": "; ".join(breaches),
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
        sql = entities.entity_sql(self.context.plan, self.model)
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
        sql = entities.left_out_sql(self.context.plan, self.model)
        return self.context.query(sql).sort("entity", "source").to_dicts() if sql else []

    def building_blocks(self) -> Figure:
        """Figure 4.1: the seven building blocks, counted in this model."""
        rows = [
            {
                "block": self.text(f"blocks.{block.name}.name"),
                "asks": self.text(f"blocks.{block.name}.asks"),
                "count": len(block.found),
                "names": truncate_list(block.found),
            }
            for block in entities.blocks(self.model)
        ]
        columns = self.heads(
            "building_blocks",
            Column("block", detail="asks"),
            Column("count", kind="int"),
            Column("names"),
        )
        missing = [within(str(row["block"])) for row in rows if not row["count"]]
        return self.figure("building_blocks", table(pl.DataFrame(rows), columns), missing=missing)

    def inventory(self) -> Figure:
        """Figure 4.2: every entity, its row sentence, where it comes from and how many there
        are.
        """
        counted = {row["entity"]: row for row in self.counts.to_dicts()}
        rows = []
        for name, entity in (self.model.entities.entities).items():
            row = counted.get(name, {})
            rows.append(
                {
                    "entity": humanize(name),
                    "row_is": entity.row_is or self.text("figures.inventory.gaps.row_is"),
                    "from": ", ".join(entity.from_) or self.text("figures.inventory.gaps.source"),
                    "records": row.get("records"),
                    "things": row.get("things"),
                    "attributes": len(self.model.attributes(name)),
                    "owner": self.model.owner_of("entities", "entities", name) or _NOBODY,
                }
            )
        columns = self.heads(
            "inventory",
            Column("entity", detail="row_is"),
            Column("from"),
            Column("records", kind="int"),
            Column("things", kind="int"),
            Column("attributes", kind="int"),
            Column("owner"),
        )
        body = table(frame_for(rows, columns), columns)
        return self.figure("inventory", body, self._inventory_caption())

    def _inventory_caption(self) -> str:
        """How to read it, and which rows of the sources are in no entity."""
        at = "figures.inventory"
        aside = [
            self.text(f"{at}.aside_of", rows=row["set_aside"], entity=row["entity"])
            for row in self.counts.filter(pl.col("set_aside") > 0).to_dicts()
        ]
        excluded = [
            self.text(
                f"{at}.excluded_of",
                rows=row["left_out"],
                of=row["records"],
                source=row["source"],
                entity=row["entity"],
            )
            for row in self.left_out
            if row["left_out"]
        ]
        parts = [self.text(f"{at}.caption")]
        parts += [self.text(f"{at}.aside", counts=aside)] if aside else []
        parts += [self.text(f"{at}.excluded", counts=excluded)] if excluded else []
        return " ".join(parts)

    def diagram(self) -> Figure:
        """Figure 4.3: entities and the relationships between them."""
        links = self.model.entities.relationships
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
        return self.figure("diagram", er(self._boxes(), edges))

    def _boxes(self) -> list[Box]:
        counted = {row["entity"]: row["things"] for row in self.counts.to_dicts()}
        return [
            Box(name, counted.get(name), self._resolved(name)) for name in self.model.entity_names
        ]

    def _resolved(self, entity: str) -> str:
        return self.text("figures.diagram.resolved") if self.model.has_identity(entity) else ""

    def cardinalities(self) -> Figure:
        """Figure 4.4: what was declared of each relationship beside what the data holds."""
        columns = self.heads(
            "cardinalities",
            Column("state", " ", "check"),
            Column("label", detail="ends"),
            Column("declared"),
            Column("measured"),
            Column("from_rows", kind="int"),
            Column("share", kind="percent"),
            Column("orphans", kind="int"),
            Column("most_to", kind="int"),
            Column("most_from", kind="int"),
            Column("breaches"),
        )
        return self.figure(
            "cardinalities",
            table(frame_for(self.links, columns), columns),
            self.text("figures.cardinalities.caption")
            + reasons(self.model, "entities", "relationships"),
        )

    def hierarchies(self) -> Figure:
        """Figure 4.5: relationships that roll up, such as a parent company."""
        rows = []
        for name, link in (self.model.entities.relationships).items():
            if link.rolls_up and self.context.has(name):
                pairs = self.context.query(entities.hierarchy_sql(name)).rows()
                measured = entities.hierarchy([(str(a), str(b)) for a, b in pairs])
                rows.append({"hierarchy": humanize(name), "of": link.from_, **vars(measured)})
        columns = self.heads(
            "hierarchies",
            Column("hierarchy", detail="of"),
            Column("children", kind="int"),
            Column("tops", kind="int"),
            Column("levels", kind="int"),
            Column("largest", kind="int"),
            Column("in_circles", kind="int"),
        )
        return self.figure("hierarchies", table(frame_for(rows, columns), columns))

    def belongings(self) -> Figure:
        """Figure 4.6: which entity each field and measure belongs to, persons, accounts and
        companies apart.
        """
        measures: dict[str, list[str]] = {}
        for semantic_model in self.model.metrics.semantic_models.values():
            measures.setdefault(semantic_model.of, []).extend(semantic_model.measures)
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
                    "entity": humanize(name),
                    "identifiers": truncate_list(tuple(sorted(identifiers)), 6),
                    "own": truncate_list(tuple(own), 8),
                    "personal": truncate_list(tuple(personal), 6),
                    "measures": truncate_list(tuple(measures.get(name, ())), 6),
                    "also": truncate_list(tuple(a for a in own if a in shared), 6),
                }
            )
        columns = self.heads(
            "belongings",
            Column("entity"),
            Column("identifiers"),
            Column("own"),
            Column("personal"),
            Column("measures"),
            Column("also"),
        )
        return self.figure("belongings", table(frame_for(rows, columns), columns))

    def _shared_names(self) -> set[str]:
        seen: dict[str, int] = {}
        for name in self.model.entity_names:
            for attribute in set(self.model.attributes(name)) - set(
                self.model.identifiers_of(name)
            ):
                seen[attribute] = seen.get(attribute, 0) + 1
        return {attribute for attribute, count in seen.items() if count > 1}

    def conclude(self) -> list[Finding]:
        """Relationships that depart from their declaration, and rows that a condition excludes."""
        if not self.model.entity_names:
            return [self.finding("open", owner="")]
        found = [
            self.finding(
                "cardinality_broken" if row["broken"] else "relationship_limits",
                row["orphans"] or None,
                (row["relationship"],),
                owner=row["owner"],
                relationship=row["relationship"],
                ends=row["ends"],
                breaches=row["breaches"],
            )
            for row in self.links
            if row["breaches"]
        ]
        return found + [self._excluded(row) for row in self.left_out if row["left_out"]]

    def _excluded(self, row: dict[str, Any]) -> Finding:
        """Rows of one source that are no record of an entity; a warning where none is left."""
        entity, source = row["entity"], row["source"]
        return self.finding(
            "rows_left_out",
            row["left_out"],
            (entity, source),
            severity="look" if row["left_out"] == row["records"] else "note",
            owner=self.model.owner_of("entities", "entities", entity),
            entity=entity,
            source=source,
            of=row["records"],
            unknown=row["unknown"],
            condition=readable(self.model, self.model.where(entity, source)),
        )
