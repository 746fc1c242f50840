"""09 Documentation: what every attribute and number means, where it comes from, and what a
reader must know beside it.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from workbook import catalog
from workbook.finding import Finding
from workbook.metrics.report.metric_wording import label_of
from workbook.model.caveats import CaveatScope, caveats
from workbook.show import Column, Figure, Headline, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps.documentation_lineage import lineage_figure
from workbook.steps.documentation_tables import inventory_figure, sql_figure
from workbook.steps.step import Step
from workbook.words import words_of
from workbook.words.wording import humanize, truncate_list

_NOBODY = words_of("shared").text("owner.nobody")


class Documentation(Step):
    """The documentation step."""

    word = "documentation"

    @cached_property
    def entries(self) -> list[catalog.DictionaryEntry]:
        """Every attribute of every entity."""
        return catalog.entries(self.model)

    @cached_property
    def caveat_scopes(self) -> tuple[CaveatScope, ...]:
        """Every caveat, and the numbers it touches."""
        return caveats(self.model)

    # ---- the answer

    def headline(self) -> Headline:
        """The share of attributes that somebody described and somebody answers for."""
        if not self.entries:
            return self.answer("empty", state="open")
        owned = sum(bool(entry.owner) for entry in self.entries) / len(self.entries)
        return self.answer(
            "described",
            self.text("lede.open") if self.is_open else self._lede(),
            state="open" if self.is_open else "decided",
            parts=self._described(),
            owned=owned,
        )

    def _described(self) -> list[str]:
        """How many attributes of the sources are described, and how many that rules add."""
        kinds = {
            "sources": [entry for entry in self.entries if entry.sources],
            "rules": [entry for entry in self.entries if not entry.sources],
        }
        return [
            self.text(
                f"described.{kind}",
                count=sum(bool(entry.means) for entry in found),
                of=len(found),
            )
            for kind, found in kinds.items()
            if found
        ]

    def _lede(self) -> str:
        """How many terms are explained, and how many metrics have a caveat."""
        documentation, scopes = self.model.documentation, self.caveat_scopes
        terms = len(documentation.glossary) if not self.model.is_open("documentation") else 0
        glossary = self.text("lede.glossary", terms=terms)
        if not scopes:
            return f"{glossary} {self.text('lede.no_caveats')}"
        counted = self.text(
            "lede.caveats",
            touching=sum(bool(scope.metrics) for scope in scopes),
            of=len(scopes),
            metrics=len({metric for scope in scopes for metric in scope.metrics}),
        )
        return f"{glossary} {counted}"

    # ---- figures

    def dictionary(self, entity: str = "") -> Figure:
        """Figure 9.1: every attribute with its meaning, type, class, sources, rule and owner."""
        shown = [
            entry
            for entry in self.entries
            if entity == entry.entity or (not entity and self._explained(entry))
        ]
        rows = [self._entry_row(entry) for entry in shown]
        rows += [] if entity else self._undescribed_rows()
        order = list(dict.fromkeys(humanize(entry.entity) for entry in self.entries))
        rows.sort(key=lambda row: order.index(row["entity"]))
        columns = self.heads(
            "dictionary",
            Column("attribute"),
            Column("means", tone="tone"),
            Column("type", detail="cls"),
            Column("sources", detail="rule"),
            Column("owner"),
        )
        frame = frame_for(rows, [*columns, Column("entity")])
        return self.figure("dictionary", table(frame, columns, group="entity"))

    def _explained(self, entry: catalog.DictionaryEntry) -> bool:
        return bool(entry.means or self._caveats_of(entry.name))

    def _caveats_of(self, attribute: str) -> list[str]:
        """The caveats in force about an attribute."""
        return [
            scope.caveat.says
            for scope in self.caveat_scopes
            if attribute in scope.caveat.about and not scope.expired
        ]

    def _entry_row(self, entry: catalog.DictionaryEntry) -> dict[str, Any]:
        at = "figures.dictionary"
        means = entry.means or self.text(f"{at}.undescribed")
        sources = truncate_list(map(humanize, entry.sources), 4)
        return {
            "entity": humanize(entry.entity),
            "attribute": humanize(entry.attribute),
            "means": " ".join([means, *self._caveats_of(entry.name)]),
            "type": humanize(entry.type),
            "cls": self.text(f"{at}.suggested", cls=entry.cls) if entry.guessed else entry.cls,
            "sources": sources or self.text(f"{at}.calculated"),
            "rule": entry.rule,
            "owner": entry.owner or _NOBODY,
            "tone": "strong" if entry.means else "quiet",
        }

    def _undescribed_rows(self) -> list[dict[str, Any]]:
        """Per entity one row for the attributes that nobody has described."""
        names: dict[str, list[str]] = {}
        for entry in self.entries:
            if not self._explained(entry):
                names.setdefault(humanize(entry.entity), []).append(humanize(entry.attribute))
        return [
            {
                "entity": entity,
                "attribute": self.text("figures.dictionary.more", count=len(left)),
                "means": self.text("figures.dictionary.more_means", attributes=left),
                **dict.fromkeys(("type", "cls", "sources", "rule", "owner"), ""),
                "tone": "quiet",
            }
            for entity, left in names.items()
        ]

    def glossary(self) -> Figure:
        """Figure 9.2: the words of the business, and the number or rule that each is."""
        documentation = self.model.documentation
        rows: list[dict[str, Any]] = [
            {
                "word": term,
                "means": meaning.means,
                "is": (
                    humanize(meaning.is_)
                    or truncate_list(catalog.named_by(self.model, term), 4)
                    or self.text("figures.glossary.unnamed")
                ),
                "not": truncate_list(map(humanize, meaning.not_), 4),
            }
            for term, meaning in documentation.glossary.items()
        ]
        columns = self.heads(
            "glossary", Column("word"), Column("means"), Column("is"), Column("not")
        )
        rows += self._defined({row["word"].lower() for row in rows})
        return self.figure("glossary", table(frame_for(rows, columns), columns))

    def _defined(self, explained: set[str]) -> list[dict[str, Any]]:
        """Metrics and rules that say what they mean and are no term of the glossary."""
        metrics = self.model.metrics
        rows = []
        for kind, things in (
            ("metric", metrics.metrics),
            ("rule", metrics.rules),
        ):
            for name, thing in things.items():
                label = getattr(thing, "label", "") or humanize(name)
                if thing.means and label.lower() not in explained:
                    named = self.text(f"named.{kind}", name=name)
                    rows.append({"word": label, "means": thing.means, "is": named, "not": ""})
        return rows

    def lineage(self) -> Figure:
        """Figure 9.3: the fields that each headline number and golden attribute comes from, and
        those that chose it.
        """
        return lineage_figure(self)

    def caveats(self) -> Figure:
        """Figure 9.4: what a reader must know, beside the numbers that it touches."""
        at = "figures.caveats"
        rows = [
            {
                "says": scope.caveat.says,
                "about": truncate_list(map(humanize, scope.caveat.about)),
                "count": len(scope.metrics),
                "numbers": (
                    truncate_list([label_of(self.model, name) for name in scope.metrics], 6)
                    or self.text(f"{at}.none")
                ),
                "until": scope.caveat.until,
                "owner": scope.caveat.owner or _NOBODY,
                "force": self.text(f"{at}.ended" if scope.expired else f"{at}.current"),
                "tone": "amber" if scope.expired else "",
            }
            for scope in self.caveat_scopes
        ]
        columns = self.heads(
            "caveats",
            Column("says", detail="about"),
            Column("force", tone="tone"),
            Column("count", kind="int"),
            Column("numbers"),
            Column("until", kind="date"),
            Column("owner"),
        )
        return self.figure("caveats", table(frame_for(rows, columns), columns))

    def inventory(self) -> Figure:
        """Figure 9.5: every table that is kept, with its row sentence; evidence is counted per
        step.
        """
        return inventory_figure(self)

    def sql(self, name: str = "") -> Figure:
        """Figure 9.6: how one table is made, by default that of the primary entity."""
        return sql_figure(self, name)

    # ---- findings

    def conclude(self) -> list[Finding]:
        """Attributes that nobody described or owns, caveats past their day, tables without a
        grain.
        """
        found = [self.finding("open")] if self.is_open else []
        undescribed = [entry.name for entry in self.entries if not entry.means]
        if undescribed:
            found.append(
                self.finding(
                    "undescribed",
                    len(undescribed),
                    undescribed,
                    severity="look" if not self.is_open else "note",
                    attributes=list(map(humanize, undescribed)),
                )
            )
        unowned = [entry.name for entry in self.entries if not entry.owner]
        if unowned:
            found.append(
                self.finding(
                    "no_owner", len(unowned), unowned, attributes=list(map(humanize, unowned))
                )
            )
        found += [
            self.finding(
                "expired_caveat",
                None,
                scope.caveat.about,
                owner=scope.caveat.owner or None,
                day=scope.caveat.until,
                caveat=scope.caveat.says,
            )
            for scope in self.caveat_scopes
            if scope.expired and scope.caveat.until
        ]
        silent = [
            item.name for item in catalog.inventory(self.context.plan) if not item.row_is.strip()
        ]
        if silent:
            found.append(self.finding("no_row_sentence", len(silent), silent, tables=silent))
        return found
