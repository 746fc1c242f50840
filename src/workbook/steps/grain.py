"""02 Grain: what one row is, and what each other thing that a row could be would do to the
numbers.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from workbook import identity
from workbook.finding import Finding
from workbook.metrics.report.period_wording import period_of
from workbook.scenarios.grain_impact import GrainImpact
from workbook.show import Column, Figure, Headline, table
from workbook.show.frame import frame_for
from workbook.sources import profile
from workbook.steps.base import Step
from workbook.steps.empty_reasons import why_empty
from workbook.words import number
from workbook.words.wording import format_value, humanize, join_words, truncate_list

_CLOSE = 0.1  # counts nearer than this are taken for one another
_GATE = (
    "Until a row sentence and a key stand in 02_grain.yml, no canonical customer table is built."
)


@why_empty(
    movement="no headline number adds up rows that lead to another candidate",
    departments=(
        "workbook.yml names no departments, and none has said what it calls a customer"
        " (customer_means: in 02_grain.yml)"
    ),
)
class Grain(Step):
    """The grain step."""

    word = "grain"
    page = "02"
    title = "Grain"
    asks = "What is one row?"

    @cached_property
    def impact(self) -> GrainImpact:
        """What each thing that a row could be does to the numbers."""
        return GrainImpact(self.context)

    @property
    def primary(self) -> str:
        """The entity that was decided to be one row, or ''."""
        return self.impact.primary

    @property
    def count(self) -> int | None:
        """How many rows of the decided grain there are."""
        return self.impact.count

    def _money(self) -> profile.Money | None:
        """The number by which fan-out is measured: the first that sums money, else the first
        that sums.
        """
        sums = [each for each in self.impact.numbers if each.agg == "sum"]
        return next((each for each in sums if each.is_money), sums[0] if sums else None)

    # ---- the page

    def headline(self) -> Headline:
        """The row sentence that was decided, and how many such rows there are."""
        part = self.model.grain
        owner = self.model.owner_of("grain")
        if part is None or not part.primary or not part.sentence:
            return Headline(
                self.page,
                self.title,
                "What one row is has not been decided yet.",
                self._suggestion(),
                owner,
                state="open",
            )
        count = f"; there are {number.integer(self.count)}" if self.count is not None else ""
        return Headline(
            self.page, self.title, f"{part.sentence.rstrip('. ')}{count}.", self._lede(), owner
        )

    def _suggestion(self) -> str:
        keyed = [
            (each.name, self.impact.keys[each.name])
            for each in self.impact.candidates
            if each.name in self.impact.keys and self.impact.keys[each.name].unique
        ]
        said = [f"{humanize(name)} ({key.things:,})" for name, key in keyed[:4]]
        have = (
            f"Your data has a unique key for {join_words(said)}."
            if said
            else "No entity or identifier has a unique key yet; start with the sources."
        )
        return f"{have} {_GATE}"

    def _lede(self) -> str:
        said = []
        others = [
            each
            for each in self.impact.candidates
            if each.group == profile.CONSIDERED
            and self.impact.keys.get(each.name)
            and self._things(each) is not None
        ]
        if others and self.count:
            said.append(
                f"{join_words([f'{number.integer(self._things(each) or 0)} {_many(each.name)}' for each in others[:3]])}"
                " could be counted instead."
            )
        money = self._money()
        swollen = [
            (each, row)
            for each in others
            if money
            and (row := self.impact.moved.get((each.name, money.metric)))
            and (row["joined"] or 0) > (row["total"] or 0)
        ]
        if swollen and money:
            each, row = max(swollen, key=lambda pair: pair[1]["joined"])
            said.append(
                f"Were one row one {humanize(each.name)}, {self._label(money.metric)} would repeat"
                f" and read {format_value(row['joined'], money.unit)} instead of"
                f" {format_value(row['total'], money.unit)}."
            )
        if self.primary and not self.context.has(self.primary):
            said.append(_GATE)
        if none := self._without_keys():
            said.insert(
                0,
                f"{none:,} of {number.plural(self.count or 0, humanize(self.primary))}"
                f" {'has' if none == 1 else 'have'} no key by which records could be matched"
                " (section 04b).",
            )
        return " ".join(said) or (self.model.grain.because if self.model.grain else "")

    def _without_keys(self) -> int:
        """How many of the decided grain are made only of records by which no rule of identity
        could match.
        """
        spec = identity.spec_of(self.model, self.primary)
        if not spec.rules or not self.context.has(f"{self.primary}__clusters"):
            return 0
        rules = identity.in_columns(self.model, self.primary, spec).rules
        return int(
            self.context.query(identity.stats.unkeyed_sql(self.primary, rules))["customers"][0]
        )

    def _things(self, each: profile.Candidate) -> int | None:
        """How many of a candidate there are: as its key counts them, else as many as the
        customers reach.
        """
        things = self.impact.keys[each.name].things
        return (
            things if things is not None else self.impact.sharing.get(each.name, {}).get("things")
        )

    def _label(self, metric: str) -> str:
        spec = self.model.metrics.metrics[metric] if self.model.metrics else None
        return spec.label if spec and spec.label else humanize(metric)

    def compare(self) -> Figure:
        """Figure 2.1: each thing that a row could be: its key, and how often a row of revenue
        would repeat.
        """
        money = self._money()
        rows = [self._compared(each, money) for each in self.impact.candidates]
        columns = [
            Column("state", " ", "check"),
            Column("name", "One row could be", detail="because"),
            Column("usual", "Which is a"),
            Column("key", "Key", detail="trouble"),
            Column("rows", "Rows", "int"),
            Column("things", "Distinct", "int"),
            Column("fan", "Rows of revenue per key, at most", "int"),
            Column("repeats", "Times a row repeats, at most", "int"),
            Column("repeated", "Rows repeated", "int"),
        ]
        frame = frame_for(rows, [*columns, Column("group")])
        chosen = [
            number
            for number, each in enumerate(self.impact.candidates)
            if each.group == profile.DECIDED
        ]
        subtitle = (
            f"Revenue is the rows that {self._label(money.metric)} adds up"
            f" ({humanize(money.entity)})"
            if money
            else "No headline number adds up rows yet, so fan-out is empty"
        )
        caption = (
            "A key is sound when no row lacks it and no two rows share it. Rows are counted as they"
            " arrived; of rows that repeat a key one is used, as figure 4.2 counts them. Where a"
            " row of revenue reaches several things, adding revenue up by them counts it several"
            " times."
        )
        return Figure(
            "2.1",
            "What could one row be, and has it a key?",
            subtitle,
            table(frame, columns, group="group", highlight=chosen),
            caption,
        )

    def _compared(self, each: profile.Candidate, money: profile.Money | None) -> dict[str, Any]:
        key = self.impact.keys.get(each.name)
        moved = self.impact.moved.get((each.name, money.metric)) if money else None
        return {
            "group": each.group,
            "name": humanize(each.name),
            "because": each.because,
            "usual": join_words(each.usual),
            "key": key.said if key else "",
            "trouble": _trouble(key),
            "state": _state(each, key),
            "rows": key.rows if key else None,
            "things": self._things(each) if key else None,
            "fan": moved["most_rows"] if moved else None,
            "repeats": moved["most_things"] if moved else None,
            "repeated": moved["pairs"] - moved["linked"] if moved else None,
        }

    def movement(self) -> Figure:
        """Figure 2.2: each headline number as it stands, and under each other candidate."""
        others = [
            each
            for each in self.impact.candidates
            if each.group != profile.DECIDED and each.target != self.primary
        ]
        rows = [
            self._moves(each)
            for each in others
            if any((each.name, money.metric) in self.impact.moved for money in self.impact.numbers)
        ]
        if rows:
            rows.insert(
                0,
                {
                    "name": humanize(self.primary) or "as it stands",
                    "group": "as decided" if self.primary else "",
                    **self._now(),
                },
            )
        columns = [Column("name", "If one row were", detail="group")]
        for turn, _ in enumerate(self.impact.numbers):
            columns += [
                Column(f"then_{turn}", "It would read", detail=f"said_{turn}"),
                Column(f"bar_{turn}", " ", "diverging", scale=1.0),
            ]
        spanners = {
            self._label(money.metric): [f"then_{turn}", f"bar_{turn}"]
            for turn, money in enumerate(self.impact.numbers)
        }
        left_out = [
            self._label(name)
            for name in (self.model.grain.headline if self.model.grain else ())
            if name not in {m.metric for m in self.impact.numbers}
        ]
        caption = (
            "Counts: the things reached from what is counted now. Sums: the same rows, added up"
            " after a join to the candidate; a row that reaches none is kept once. Bars end at"
            " double."
        )
        if left_out:
            verb = "is" if len(left_out) == 1 else "are"
            caption += (
                f" {join_words(left_out)} {verb} no count or sum of one measure, and {verb} left"
                " out."
            )
        body = table(
            frame_for(rows, columns),
            columns,
            highlight=[0] if rows and self.primary else [],
            spanners=spanners,
        )
        return Figure(
            "2.2",
            "How far would the headline numbers move?",
            "One row per candidate that the rows of a number reach",
            body,
            caption,
        )

    def _now(self) -> dict[str, Any]:
        """The numbers as they stand."""
        made: dict[str, Any] = {}
        for turn, money in enumerate(self.impact.numbers):
            row = next(
                (row for (_, metric), row in self.impact.moved.items() if metric == money.metric),
                None,
            )
            if row:
                made |= {
                    f"then_{turn}": _short(
                        row["rows_counted"] if money.agg == "count" else row["total"], money
                    ),
                    f"said_{turn}": "now",
                }
        return made

    def _moves(self, each: profile.Candidate) -> dict[str, Any]:
        way = (
            profile.way_to(self.model, self.primary, each, self.context.has)
            if self.primary
            else None
        )
        hops = way.hops if way else ()
        made: dict[str, Any] = {
            "name": humanize(each.name),
            "group": ", by ".join(
                filter(None, (each.group.lower(), " → ".join(map(humanize, hops))))
            ),
        }
        for turn, money in enumerate(self.impact.numbers):
            row = self.impact.moved.get((each.name, money.metric))
            if row is None:
                continue
            now, then = (
                (row["rows_counted"], row["things"])
                if money.agg == "count"
                else (row["total"], row["joined"])
            )
            share = float((then - now) / now) if now else None
            unlinked = row["rows_counted"] - row["linked"]
            said = [
                (
                    ""
                    if share is None
                    else number.signed(share * 100, 1, "%")
                    if share
                    else "unchanged"
                ),
                f"{number.integer(unlinked)} reach none" if unlinked else "",
            ]
            made |= {
                f"then_{turn}": _short(then, money),
                f"said_{turn}": ", ".join(filter(None, said)),
                f"bar_{turn}": None if share is None else max(-1.0, min(1.0, share)),
            }
        return made

    def departments(self) -> Figure:
        """Figure 2.3: what each department calls a customer, and the number that bears its name."""
        said = self.model.grain.customer_means if self.model.grain else {}
        rows = []
        for department in dict.fromkeys((*self.model.project.departments, *said)):
            numbers = self._numbers_of(department)
            rows.append(
                {
                    "department": department,
                    "who": self.model.project.departments.get(department, ""),
                    "means": said.get(department, "has not said"),
                    "number": (
                        ", ".join(format_value(value) for _, value in numbers)
                        or "no number of its own"
                    ),
                    "metric": join_words([self._dated(name) for name, _ in numbers]),
                }
            )
        columns = [
            Column("department", "Department", detail="who"),
            Column("means", "Calls a customer"),
            Column("number", "Counts today", detail="metric"),
        ]
        caption = (
            f"The decided grain has {number.integer(self.count)} rows. "
            if self.count is not None
            else ""
        )
        caption += (
            "A number is a department's where its rule or metric bears the department's name, else"
            " where the department owns it; it need not count what the sentence says."
        )
        return Figure(
            "2.3",
            "Who means what by “customer”?",
            "In each department's own words",
            table(frame_for(rows, columns), columns),
            caption,
        )

    def _numbers_of(self, department: str) -> list[tuple[str, Any]]:
        """At most two counts of customers that bear the department's name; where none does, the
        first that it owns.
        """
        bearing, owned = [], []
        for name in self.model.metrics.metrics if self.model.metrics else ():
            money = profile.additive(self.model, name)
            if (
                money
                and money.agg == "count"
                and money.entity == self.primary
                and self.context.has(f"m__{name}__total")
            ):
                value = self.context.frame(f"m__{name}__total")["value"]
                counted = [(name, value[0])] if len(value) and value[0] is not None else []
                bearing += counted if self._bears(name, department) else []
                owned += counted if self._owns(name, department) else []
        return bearing[:2] or owned[:1]

    def _dated(self, metric: str) -> str:
        """The label of a number and the period that its value is about."""
        period = period_of(self.model, self.context, metric)
        return f"{self._label(metric)}{f', {period}' if period else ''}"

    def _bears(self, metric: str, department: str) -> bool:
        part = self.model.metrics
        return part is not None and department in (
            *metric.split("_"),
            *part.metrics[metric].filter.split("_"),
        )

    def _owns(self, metric: str, department: str) -> bool:
        part = self.model.metrics
        rule = part.rules.get(part.metrics[metric].filter) if part else None
        return part is not None and department in (
            part.metrics[metric].owner,
            rule.owner if rule else "",
        )

    def warnings(self) -> Figure:
        """Figure 2.4: customers that share a thing or have several of it; a device above all."""
        order = sorted(self.impact.sharing, key=lambda name: (not self._is_device(name), name))
        rows = []
        for name in order:
            row = self.impact.sharing[name]
            along = join_words(
                [
                    " → ".join(humanize(hop) for hop in way.hops)
                    for way in self.impact.ways[name]
                    if way.hops
                ]
            )
            rows.append(
                {
                    **row,
                    "name": humanize(name),
                    "along": f"by {along}" if along else "",
                    "none": row["customers"] - row["linked"],
                    "state": "look" if row["shared"] or row["with_several"] else "pass",
                    "says": self._warning(name, row),
                }
            )
        if not any(self._is_device(name) for name in self.impact.sharing):
            rows.insert(
                0,
                {
                    "name": "device",
                    "state": "note",
                    "says": (
                        "No path leads from a customer to a device here. A device or a cookie is"
                        " never a customer: people share one, and have several."
                    ),
                },
            )
        columns = [
            Column("state", " ", "check"),
            Column("name", "Thing", detail="along"),
            Column("things", "Linked to a customer", "int"),
            Column("shared", "Shared by several customers", "int"),
            Column("with_several", "Customers with several", "int"),
            Column("most_things", "At most", "int"),
            Column("none", "Customers with none", "int"),
            Column("says", "So"),
        ]
        caption = (
            f"Customers are rows of {humanize(self.primary)}, the grain that was decided. Counted"
            " are things that lead to a customer; figure 2.1 counts all."
            if self.primary
            else _GATE
        )
        return Figure(
            "2.4",
            "Why is none of these the customer?",
            "Things that are taken for a customer, devices first",
            table(frame_for(rows, columns), columns),
            caption,
        )

    def _is_device(self, name: str) -> bool:
        return any(
            each.name == name and profile.DEVICE in each.usual for each in self.impact.candidates
        )

    def _warning(self, name: str, row: dict[str, Any]) -> str:
        device = "a device is not a customer: " if self._is_device(name) else ""
        if not row["linked"]:
            return "no customer reaches one"
        if row["shared"] and row["with_several"]:
            return f"{device}neither contains the other"
        if row["with_several"]:
            return (
                f"{device}it would count some customers up to {number.integer(row['most_things'])}"
                " times"
            )
        if row["shared"]:
            return (
                f"{device}it would take up to {number.integer(row['most_customers'])} customers"
                " for one"
            )
        return (
            f"{device}one to one, where there is one;"
            f" {number.integer(row['customers'] - row['linked'])} customers have none"
        )

    # ---- what it comes to

    def conclude(self) -> list[Finding]:
        """An undecided grain, a key that does not hold, candidates and departments that could
        be confused.
        """
        part, owner = self.model.grain, self.model.owner_of("grain")
        if part is None or not part.primary or not part.sentence:
            return [
                Finding(
                    "grain.open",
                    "note",
                    f"What one row is has not been decided yet. {_GATE}",
                    self.page,
                    owner=owner,
                )
            ]
        return [*self._of_key(owner), *self._of_closeness(owner), *self._of_functions(owner)]

    def _of_key(self, owner: str) -> list[Finding]:
        key, name = (
            self.impact.keys.get(self.primary),
            (self.model.grain.primary if self.model.grain else ""),
        )
        if key is None or not key.declared:
            return [
                Finding(
                    "grain.no_key",
                    "look",
                    f"{humanize(name)} has no key:"
                    f" {'a source of it declares none' if key else 'it has no source'}, so that its"
                    " rows cannot be told apart.",
                    self.page,
                    None,
                    owner,
                    (name,),
                )
            ]
        if key.unique is False:
            broken = (
                [
                    f"{number.plural(key.repeated, 'row')}"
                    f" {'repeats' if key.repeated == 1 else 'repeat'} another's key"
                ]
                if key.repeated
                else []
            )
            broken += (
                [f"{number.plural(key.empty, 'row')} {'has' if key.empty == 1 else 'have'} none"]
                if key.empty
                else []
            )
            sentence = (
                f"The key of {humanize(name)} does not tell its rows apart: {join_words(broken)}."
            )
            return [
                Finding(
                    "grain.key_not_unique",
                    "fail",
                    sentence,
                    self.page,
                    key.repeated + key.empty,
                    owner,
                    (name,),
                )
            ]
        return []

    def _of_closeness(self, owner: str) -> list[Finding]:
        close = []
        for each in self.impact.candidates:
            things = self._things(each) if each.name in self.impact.keys else None
            if (
                each.group == profile.CONSIDERED
                and self.count
                and things
                and abs(things - self.count) <= _CLOSE * self.count
            ):
                close.append((each.name, things))
        if not close or not self.count:
            return []
        said = join_words([f"{humanize(name)} ({things:,})" for name, things in close])
        sentence = (
            f"{said} {'is' if len(close) == 1 else 'are'} within a tenth of the {self.count:,} rows"
            f" of {humanize(self.primary)}: a report that counts the wrong one will not look wrong."
        )
        return [
            Finding(
                "grain.candidate_close",
                "note",
                sentence,
                self.page,
                len(close),
                owner,
                tuple(name for name, _ in close),
            )
        ]

    def _of_functions(self, owner: str) -> list[Finding]:
        said = self.model.grain.customer_means if self.model.grain else {}
        different = {text.strip().lower() for text in said.values() if text}
        if len(different) < 2:
            return []
        sentence = (
            f"{number.plural(len(said), 'department')} use the word customer for"
            f" {number.integer(len(different))} different things: {truncate_list(said, 6)}."
        )
        return [
            Finding("grain.functions_differ", "look", sentence, self.page, len(different), owner)
        ]


def _trouble(key: profile.Key | None) -> str:
    if key is None or key.things is None:
        return ""
    said = [
        f"{key.repeated:,} repeat" if key.repeated else "",
        f"{key.empty:,} empty" if key.empty else "",
        "" if key.declared else "the key of no source",
    ]
    return ", ".join(word for word in said if word) or "unique"


def _state(each: profile.Candidate, key: profile.Key | None) -> str:
    if key is None or not each.kind or key.unique is None:
        return "note"
    return "pass" if key.unique else "fail" if each.group == profile.DECIDED else "look"


def _short(value: Any, money: profile.Money) -> str:
    """A value as a column of many shows it: amounts to three figures."""
    return (
        number.compact(value, money.unit)
        if money.is_money and value is not None
        else format_value(value, "" if money.agg == "count" else money.unit)
    )


def _many(name: str) -> str:
    return number.plural(2, humanize(name)).split(" ", 1)[1]
