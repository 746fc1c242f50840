"""Identifiers on page 03: in which fields they are, how far they lead, which values are shared."""

from __future__ import annotations

from workbook.privacy import redact, shown
from workbook.show import Column, Figure, table
from workbook.show.rows_to_frame import frame_for
from workbook.sources import profile
from workbook.steps.decision_reasons import reasons
from workbook.steps.source_measures import SourceMeasures
from workbook.words.wording import capital, humanize, truncate_list

_GOVERNMENT = "user.government_id"  # a sole trader's tax number is the person's
_MOST_FIELDS = 12  # columns of the overlap matrix


class IdentifierFigures(SourceMeasures):
    """The figures 3.3 to 3.5."""

    def overlap(self) -> Figure:
        """Figure 3.3: the coverage of each identifier, and how many of its values other fields
        contain, too.
        """
        refs = profile.places(self.model)
        width = min(max((len(found) for found in refs.values()), default=0), _MOST_FIELDS)
        numbers = [f"in_{number}" for number in range(1, width + 1)]
        columns = self.heads(
            "overlap",
            Column("place"),
            Column("share", kind="percent"),
            Column("bar", " ", "bar", scale=1.0),
            Column("distinct", kind="int"),
            *(Column(name, name[3:], "int") for name in numbers),
        )
        spanners = {self.text("figures.overlap.spanner"): numbers} if numbers else None
        body = table(
            frame_for(self._overlap_rows(width), [*columns, Column("group")]),
            columns,
            group="group",
            spanners=spanners,
        )
        given = reasons(self.model, self.word, "identifiers")
        return self.figure("overlap", body, self.text("figures.overlap.caption") + given)

    def _overlap_rows(self, width: int) -> list[dict[str, object]]:
        if not self.held:
            return []
        both = {
            (
                row["identifier"],
                row["source"],
                row["field"],
                row["other_source"],
                row["other_field"],
            ): row["both"]
            for row in self._rows(profile.OVERLAP)
        }
        refs = profile.places(self.model)
        groups = {name: self._spread_text(name) for name in refs}
        return [
            {
                "group": groups[held.identifier],
                "place": self.text(
                    "figures.overlap.place",
                    number=held.turn,
                    source=held.ref.source,
                    field=held.ref.field,
                ),
                "share": held.share,
                "bar": held.share,
                "distinct": held.distinct,
                **{
                    f"in_{number}": both.get(
                        (held.identifier, held.ref.source, held.ref.field, ref.source, ref.field), 0
                    )
                    for number, ref in enumerate(refs[held.identifier][:width], 1)
                    if number != held.turn
                },
            }
            for held in self.held
        ]

    def _spread_text(self, identifier: str) -> str:
        """An identifier with its strength, how many values it has, and in how many sources."""
        by = self.spread[identifier]
        known = self.model.sources.identifiers
        return self.text(
            "figures.overlap.group",
            identifier=identifier,
            strength=known[identifier].strength,
            values=sum(by.values()),
            counts=[
                self.text("figures.overlap.in_sources", values=values, sources=sources)
                for sources, values in by.items()
            ],
        )

    def journey(self) -> Figure:
        """Figure 3.4: of the identifiers of the first system, how many are found in the next
        ones, and where the others are lost.
        """
        columns = self.heads(
            "journey",
            Column("name", detail="sources"),
            Column("by"),
            Column("reached", kind="int"),
            Column("share", kind="percent"),
            Column("parts", " ", "stack", colours=("d1", "d2", "d4")),
            Column("unbroken", kind="int"),
            Column("ended", kind="int"),
            Column("things", kind="int"),
            Column("only", kind="int"),
        )
        rows = [
            {
                **vars(leg),
                "name": capital(humanize(leg.stop.name)),
                "sources": truncate_list(map(humanize, leg.stop.sources), 4),
                "by": self._linked_by(leg.stop),
                "share": leg.reached / leg.start if leg.start else None,
                "parts": [leg.unbroken, leg.reached - leg.unbroken, leg.start - leg.reached],
            }
            for leg in self.legs
        ]
        tones = {"unbroken": "d1", "reached": "d2", "missing": "d4"}
        legend = tuple(
            (self.text(f"figures.journey.legend.{name}"), tone) for name, tone in tones.items()
        )
        return self.figure(
            "journey",
            table(frame_for(rows, columns), columns),
            subtitle=self._traced_along(),
            legend=legend,
        )

    def _traced_along(self) -> str:
        """What is traced, by shared keys and by which other identifiers."""
        if not self.legs:
            return self.text("figures.journey.subtitle_none")
        first = self.legs[0]
        without_key = [leg.stop.by for leg in self.legs[1:] if not leg.stop.key_shared]
        return self.text(
            "figures.journey.traced",
            start=first.start,
            identifier=first.stop.identifier,
            system=first.stop.name,
            weaker=list(dict.fromkeys(name for by in without_key for name in by)),
        )

    def _linked_by(self, stop: profile.Stop) -> str:
        kind = (
            "start"
            if stop.number == 1
            else "none"
            if not stop.by
            else "key"
            if stop.key_shared
            else "other"
        )
        return self.text(f"figures.journey.linked_by.{kind}", identifiers=stop.by)

    def shared_values(self) -> Figure:
        """Figure 3.5: values of identifiers that occur on several records of one source."""
        top = self._most_shared()
        shared = sorted(
            (place for place in profile.loose(self.model, self.held) if place.shared),
            key=lambda place: (-place.most, place.ref.name),
        )
        rows = [
            {
                **vars(place),
                "name": capital(humanize(place.identifier)),
                "at": self.text(
                    "figures.shared_values.field", source=place.ref.source, field=place.ref.field
                ),
                "bar": place.shared_records,
                "top": ", ".join(top[place.identifier, place.ref.source, place.ref.field]),
            }
            for place in shared
        ]
        columns = self.heads(
            "shared_values",
            Column("name", detail="at"),
            Column("distinct", kind="int"),
            Column("shared", kind="int"),
            Column("shared_records", kind="int"),
            Column("bar", " ", "bar"),
            Column("most", kind="int"),
            Column("top", kind="value", cls="internal"),
        )
        return self.figure(
            "shared_values",
            table(frame_for(rows, columns), columns),
            empty="empty" if self.held else "empty_undeclared",
        )

    def _most_shared(self) -> dict[tuple[str, str, str], list[str]]:
        """Per field the values on most records, each with their number; one token per value of
        an identifier, wherever it is.
        """
        found = (
            self.context.query(profile.MOST_SHARED)
            .sort("identifier", "source", "field", "turn")
            .to_dicts()
            if self.held
            else []
        )
        texts: dict[tuple[str, str, str], list[str]] = {}
        for name in dict.fromkeys(row["identifier"] for row in found):
            mine = [row for row in found if row["identifier"] == name]
            tokens = redact([row["value"] for row in mine], "personal", name)
            for row, token in zip(mine, tokens, strict=True):
                field = self.model.field(row["source"], row["field"])
                is_open = shown(field.cls) and field.category != _GOVERNMENT
                texts.setdefault((name, row["source"], row["field"]), []).append(
                    self.text(
                        "figures.shared_values.value",
                        value=str(row["value"]) if is_open else token,
                        records=row["records"],
                    )
                )
        return texts
