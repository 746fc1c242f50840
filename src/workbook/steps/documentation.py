"""09 Documentation: what every attribute and number means, where it comes from, and what a
reader must know beside it.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from workbook import catalog as room
from workbook.engine import column_lineage
from workbook.finding import Finding
from workbook.metrics import value_table
from workbook.metrics.report.wording import label_of
from workbook.model import Model
from workbook.model.caveats import CaveatScope, caveats
from workbook.model.csv_ledger import cells_of
from workbook.model.literals import personal_literals
from workbook.show import Body, Column, Figure, Headline, table
from workbook.show.frame import frame_for
from workbook.show.text import escape
from workbook.steps.base import Step
from workbook.steps.empty_reasons import why_empty
from workbook.words import number
from workbook.words.wording import humanize, join_words, truncate_list

NOBODY = "nobody yet"
_TABLES = 8  # tables of one pattern that are listed; the rest are counted


@why_empty(
    dictionary="no attribute of an entity is declared yet (04_entities.yml)",
    inventory="no table is planned yet",
    glossary=(
        "no word is explained yet, neither in the glossary (09_documentation.yml) nor by a number"
        " or a rule that says what it means"
    ),
    lineage="neither a headline number nor a primary entity is made yet",
    caveats="no caveat is written down (caveats: in 09_documentation.yml)",
)
class Documentation(Step):
    """The documentation step."""

    word = "documentation"
    page = "09"
    title = "Documentation"
    asks = "Can everyone read it?"

    @cached_property
    def entries(self) -> list[room.Entry]:
        """Every attribute of every entity."""
        return room.entries(self.model)

    @cached_property
    def told(self) -> tuple[CaveatScope, ...]:
        """Every caveat, and the numbers it touches."""
        return caveats(self.model)

    def headline(self) -> Headline:
        """The share of attributes that somebody described and somebody answers for."""
        every = len(self.entries)
        if not every:
            return Headline(
                self.page,
                self.title,
                "There is nothing to describe before an entity is declared.",
                state="open",
            )
        sentence = (
            f"{self._described()};"
            f" {number.percent(sum(bool(entry.owner) for entry in self.entries) / every, 0)} have"
            " an owner."
        )
        if self.part is None:
            lede = (
                "No glossary, description or caveat is written yet; what stands below follows from"
                " the other steps."
            )
            return Headline(self.page, self.title, sentence, lede, state="open")
        return Headline(
            self.page, self.title, sentence, self._lede(), self.model.owner_of("documentation")
        )

    def _described(self) -> str:
        """How many attributes of the sources are described, and how many that rules add."""
        kinds = {
            "attribute": [each for each in self.entries if each.sources],
            "attribute that a rule adds": [each for each in self.entries if not each.sources],
        }
        parts = [
            f"{number.integer(sum(bool(each.means) for each in found))} of"
            f" {number.plural(len(found), kind, kind.replace('attribute', 'attributes'))}"
            for kind, found in kinds.items()
            if found
        ]
        return f"{join_words(parts)} are described"

    def _lede(self) -> str:
        part = self.model.documentation
        words, caveats = len(part.glossary) if part else 0, len(self.told)
        touched = sorted({metric for told in self.told for metric in told.metrics})
        said = (
            f"{number.plural(words, 'word')} of the business {'is' if words == 1 else 'are'} in the"
            " glossary. "
        )
        if not caveats:
            return said + "No number carries a caveat."
        touching = sum(bool(told.metrics) for told in self.told)
        whole = (
            f"{number.integer(touching)} of {number.plural(caveats, 'caveat')}"
            if touching < caveats
            else number.plural(caveats, "caveat")
        )
        return (
            said + f"{whole} {'affects' if touching == 1 else 'affect'}"
            f" {number.plural(len(touched), 'number')}."
        )

    def dictionary(self, entity: str = "") -> Figure:
        """Figure 9.1: every attribute with its meaning, type, class, sources, rule and owner."""
        rows = [
            {
                "entity": humanize(entry.entity),
                "attribute": entry.attribute,
                "means": " ".join(
                    [
                        entry.means or "not described yet",
                        *self._beside(f"{entry.entity}.{entry.attribute}"),
                    ]
                ),
                "type": humanize(entry.type),
                "cls": entry.cls + (", guessed" if entry.guessed else ""),
                "sources": truncate_list(entry.sources, 4) or "computed",
                "rule": entry.rule,
                "owner": entry.owner or NOBODY,
                "tone": "strong" if entry.means else "quiet",
            }
            for entry in self.entries
            if entity == entry.entity
            or (not entity and (entry.means or self._beside(f"{entry.entity}.{entry.attribute}")))
        ]
        rows += [] if entity else self._undescribed()
        rows.sort(key=lambda row: self._turn[row["entity"]])
        columns = [
            Column("attribute", "Attribute", "mono"),
            Column("means", "Means", tone="tone"),
            Column("type", "Type", detail="cls"),
            Column("sources", "Comes from", detail="rule"),
            Column("owner", "Owner"),
        ]
        frame = frame_for(rows, [*columns, Column("entity")])
        caption = (
            "Attributes of the sources, as section 04 counts them, then those that rules add. Under"
            " the sources: which of them wins. Under the type: its class; section 12 says who may"
            " read it. Attributes that nobody has described yet are named in one row."
        )
        return Figure(
            "9.1",
            "What does each attribute mean?",
            "Attributes of every entity, in the order of the model",
            table(frame, columns, group="entity"),
            caption,
        )

    @cached_property
    def _turn(self) -> dict[str, int]:
        """Entities in the order of the model."""
        return {
            name: turn
            for turn, name in enumerate(
                dict.fromkeys(humanize(entry.entity) for entry in self.entries)
            )
        }

    def _undescribed(self) -> list[dict[str, Any]]:
        """Per entity one row for the attributes that nobody has described."""
        names: dict[str, list[str]] = {}
        for entry in self.entries:
            if not entry.means and not self._beside(f"{entry.entity}.{entry.attribute}"):
                names.setdefault(humanize(entry.entity), []).append(humanize(entry.attribute))
        return [
            {
                "entity": entity,
                "attribute": number.plural(len(left), "more", "more"),
                "means": f"Not described yet: {join_words(left)}.",
                "type": "",
                "cls": "",
                "sources": "",
                "rule": "",
                "owner": "",
                "tone": "quiet",
            }
            for entity, left in names.items()
        ]

    def _beside(self, attribute: str) -> list[str]:
        """The caveats in force about an attribute."""
        return [
            told.caveat.says
            for told in self.told
            if attribute in told.caveat.about and not told.expired
        ]

    def glossary(self) -> Figure:
        """Figure 9.2: the words of the business, and the number or rule that each is."""
        part = self.model.documentation
        rows: list[dict[str, Any]] = [
            {
                "word": word,
                "means": term.means,
                "is": (
                    humanize(term.is_)
                    or truncate_list(room.named_by(self.model, word), 4)
                    or "no name of the model"
                ),
                "not": truncate_list(map(humanize, term.not_), 4) or "",
            }
            for word, term in (part.glossary if part else {}).items()
        ]
        said = {row["word"].lower() for row in rows}
        for kind, things in (
            ("metric", self.model.metrics.metrics if self.model.metrics else {}),
            ("rule", self.model.metrics.rules if self.model.metrics else {}),
        ):
            for name, thing in things.items():
                label = getattr(thing, "label", "") or humanize(name)
                if thing.means and label.lower() not in said:
                    rows.append(
                        {"word": label, "means": thing.means, "is": f"{kind} {name}", "not": ""}
                    )
        columns = [
            Column("word", "Word"),
            Column("means", "Means"),
            Column("is", "In the model"),
            Column("not", "Is not"),
        ]
        caption = (
            "The team's own words first, then those of metrics and rules that say what they mean."
        )
        return Figure(
            "9.2",
            "Which words do we use, and for what?",
            "Glossary",
            table(frame_for(rows, columns), columns),
            caption,
        )

    @cached_property
    def _traced(self) -> list[dict[str, Any]]:
        return [
            _traced_row(self.model, what, name, each)
            for what, name, column in self._starts()
            for each in self._traces(name)
            if column in ("", each.column)
        ]

    def _traces(self, name: str) -> list[room.Trace]:
        found = room.traces(self.model, column_lineage(self.context.plan, name))
        return [each for each in found.values() if each.column != "id"]

    def _starts(self) -> list[tuple[str, str, str]]:
        """Headline numbers, then the attributes of the primary entity: what it is called, its
        table, its column.
        """
        grain, metrics = self.model.grain, self.model.metrics
        names = [
            name
            for name in (grain.headline if grain else ()) or (metrics.metrics if metrics else ())
            if metrics and name in metrics.metrics
        ]
        found = [
            (metrics.metrics[name].label or humanize(name), value_table(name), "value")
            for name in names
            if metrics and self.context.has(value_table(name))
        ]
        return (
            [*found, ("", grain.primary, "")]
            if grain and self.context.has(grain.primary)
            else found
        )

    def lineage(self) -> Figure:
        """Figure 9.3: the fields that each headline number and golden attribute comes from, and
        those that chose it.
        """
        columns = [
            Column("what", "Column", detail="kind"),
            Column("fields", "Fields in all", "int"),
            Column("direct", "Its value comes from"),
            Column("indirect", "Chosen or filtered by"),
            Column("lost", "Not traced beyond"),
        ]
        caption = (
            "Read from the SQL of the plan, not written by hand. What chose a value, a ranking or a"
            " filter, counts as well as what the value is. Fields in all: those of the sources in"
            " both columns; rows are none."
        )
        body = table(frame_for(self._traced, columns), columns)
        return Figure(
            "9.3",
            "Which fields does each number rest on?",
            "Headline numbers and attributes of the primary entity",
            body,
            caption,
        )

    def caveats(self) -> Figure:
        """Figure 9.4: what a reader must know, beside the numbers that it touches."""
        rows = [
            {
                "says": told.caveat.says,
                "about": truncate_list(map(humanize, told.caveat.about)),
                "count": len(told.metrics),
                "numbers": (
                    truncate_list([label_of(self.model, name) for name in told.metrics], 6)
                    or "no number; it stands beside the attribute"
                ),
                "until": told.caveat.until,
                "owner": told.caveat.owner or NOBODY,
                "force": "ended" if told.expired else "yes",
                "tone": "amber" if told.expired else "",
            }
            for told in self.told
        ]
        columns = [
            Column("says", "Caveat", detail="about"),
            Column("force", "In force", tone="tone"),
            Column("count", "Numbers", "int"),
            Column("numbers", "Stands beside"),
            Column("until", "Until", "date"),
            Column("owner", "Owner"),
        ]
        caption = (
            "A caveat follows every number that rests on what it is about, however many rules lie"
            " between."
        )
        return Figure(
            "9.4",
            "What must a reader know beside a number?",
            "Caveats",
            table(frame_for(rows, columns), columns),
            caption,
        )

    def inventory(self) -> Figure:
        """Figure 9.5: every table that is kept, with its row sentence; evidence is counted per
        step.
        """
        items = room.inventory(self.context.plan)
        evidence: dict[str, int] = {}
        more: dict[str, int] = {}
        rows = []
        for item in items:
            if item.pattern == "evidence":
                evidence[item.step] = evidence.get(item.step, 0) + 1
            elif sum(row["pattern"] == item.pattern.replace("-", " ") for row in rows) >= _TABLES:
                more[item.pattern] = more.get(item.pattern, 0) + 1
            else:
                rows.append(
                    {
                        "pattern": item.pattern.replace("-", " "),
                        "name": item.name,
                        "row_is": item.row_is or "no row sentence yet",
                        "keys": ", ".join(item.keys),
                        "made_by": item.made_by,
                        "count": 1,
                    }
                )
        rows += [
            {
                "pattern": pattern.replace("-", " "),
                "name": "more",
                "row_is": "named under “How this section was made” of the section that makes them",
                "keys": "",
                "made_by": "",
                "count": count,
            }
            for pattern, count in more.items()
        ]
        turn = {
            item.pattern.replace("-", " "): place
            for place, item in reversed(list(enumerate(items)))
        }
        rows.sort(key=lambda row: turn.get(row["pattern"], 0))
        rows += [
            {
                "pattern": "evidence",
                "name": humanize(step),
                "row_is": "what a section shows: counts and failing rows",
                "keys": "",
                "made_by": "SQL",
                "count": count,
            }
            for step, count in sorted(evidence.items())
        ]
        columns = [
            Column("name", "Table", "mono"),
            Column("row_is", "One row is"),
            Column("keys", "Key"),
            Column("count", "Tables", "int"),
            Column("made_by", "Made by"),
        ]
        frame = frame_for(rows, [*columns, Column("pattern")])
        subtitle = f"{number.plural(len(items), 'table')}, each with its pattern"
        caption = (
            "Every table says what one row is. Source-aligned tables keep what a system says;"
            " canonical ones are what the team decided."
        )
        return Figure(
            "9.5",
            "Which tables are there?",
            subtitle,
            table(frame, columns, group="pattern"),
            caption,
        )

    def sql(self, name: str = "") -> Figure:
        """Figure 9.6: how one table is made, by default that of the primary entity."""
        grain = self.model.grain
        name = name or (grain.primary if grain and self.context.has(grain.primary) else "")
        if not name:
            return Figure(
                "9.6",
                "How is a table made?",
                body=Body(
                    '<p class="wb-nothing">Nothing to show: no primary entity is decided yet.</p>',
                    what="no table",
                    empty=True,
                ),
            )
        made = self.context.plan[name]
        secrets = cells_of(self.model.root / self.model.project.decisions) | personal_literals(
            self.model
        )
        lines = "\n".join(escape(line) for line in room.code_of(made, secrets).splitlines())
        body = Body(f"<pre><code>{lines}</code></pre>", what=f"{len(lines.splitlines())} lines")
        return Figure(
            "9.6",
            f"How is {name} made?",
            f"One row is {made.row_is}",
            body,
            f"It reads {truncate_list(made.reads, 8) or 'files'}.",
        )

    def conclude(self) -> list[Finding]:
        """Attributes that nobody described or owns, caveats past their day."""
        owner = self.model.owner_of("documentation")
        found = []
        if self.part is None:
            found.append(
                Finding(
                    "documentation.open",
                    "note",
                    "Glossary, descriptions and caveats are not written yet.",
                    self.page,
                )
            )
        undescribed = [entry.name for entry in self.entries if not entry.means]
        if undescribed:
            severity = "look" if self.part is not None else "note"
            sentence = (
                f"{number.plural(len(undescribed), 'attribute')}"
                f" {'has' if len(undescribed) == 1 else 'have'} no description, among them"
                f" {truncate_list(undescribed, 3)}."
            )
            found.append(
                Finding(
                    "documentation.undescribed",
                    severity,
                    sentence,
                    self.page,
                    len(undescribed),
                    owner,
                    tuple(undescribed),
                )
            )
        unowned = [entry.name for entry in self.entries if not entry.owner]
        if unowned:
            sentence = (
                f"{number.plural(len(unowned), 'attribute')}"
                f" {'has' if len(unowned) == 1 else 'have'} no owner, among them"
                f" {truncate_list(unowned, 3)}."
            )
            found.append(
                Finding(
                    "documentation.no_owner",
                    "look",
                    sentence,
                    self.page,
                    len(unowned),
                    owner,
                    tuple(unowned),
                )
            )
        for told in self.told:
            if told.expired and told.caveat.until:
                sentence = (
                    f"A caveat ended on {number.date(told.caveat.until)} and still stands:"
                    f" {told.caveat.says}"
                )
                found.append(
                    Finding(
                        "documentation.expired_caveat",
                        "look",
                        sentence,
                        self.page,
                        None,
                        told.caveat.owner or owner,
                        told.caveat.about,
                    )
                )
        silent = [
            item.name for item in room.inventory(self.context.plan) if not item.row_is.strip()
        ]
        if silent:
            sentence = (
                f"{number.plural(len(silent), 'table')} {'does' if len(silent) == 1 else 'do'} not"
                f" say what one row is, among them {truncate_list(silent, 3)}."
            )
            found.append(
                Finding(
                    "documentation.no_row_sentence",
                    "look",
                    sentence,
                    self.page,
                    len(silent),
                    owner,
                    tuple(silent),
                )
            )
        return found


def _traced_row(model: Model, what: str, table_name: str, each: room.Trace) -> dict[str, Any]:
    """A number by what it is called, or an attribute by its table and column."""
    return {
        "what": what or f"{table_name}.{each.column}",
        "kind": "number" if what else "attribute",
        "fields": len(
            {
                place
                for place in (*each.comes_from, *each.chosen_by)
                if place.rpartition(".")[0] in model.source_names
            }
        ),
        "direct": truncate_list(each.comes_from, 6),
        "indirect": truncate_list(each.chosen_by, 5),
        "lost": truncate_list(each.untraced, 3),
    }
