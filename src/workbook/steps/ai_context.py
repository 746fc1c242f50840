"""12 AI context: what each purpose may read, who is left out, what was refused, who must
approve.
"""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any

import polars as pl

from workbook import governance
from workbook.engine import quote
from workbook.finding import Finding
from workbook.governance import PERSONAL
from workbook.governance.freshness import hours_before, newest_sql, stalest, undated
from workbook.model.as_of import as_of_day
from workbook.model.consent import consent_of
from workbook.model.derivation import derivation_of
from workbook.model.literals import readable
from workbook.model.permission import permission_of
from workbook.model.persons import is_person, leads_to_person
from workbook.model.readings import limited_by, requests_read, sources_read, uses_of
from workbook.privacy import redact
from workbook.show import Column, Figure, Headline, table
from workbook.show.frame import frame_for
from workbook.steps import governance_words as words
from workbook.steps.base import Step
from workbook.steps.empty_reasons import why_empty
from workbook.steps.reasons import reasons
from workbook.words import number
from workbook.words.wording import humanize, join_words, truncate_list

NO_PURPOSE = "no purpose is declared yet (purposes: in 12_ai_context.yml)"
NO_USE = "no view and no audience is declared yet (11_customer_360.yml)"
NO_ROWS = "no view and no audience has a row to decide about"


@why_empty(
    matrix=NO_PURPOSE,
    approvals=NO_PURPOSE,
    access="no role is named yet (roles: in 12_ai_context.yml)",
    refusals=lambda step: (
        NO_USE
        if step.model.customer_360 is None
        else "no view and no audience asks for a field that it may not have"
    ),
    left_out=lambda step: NO_USE if step.model.customer_360 is None else NO_ROWS,
    why=lambda step: NO_USE if step.model.customer_360 is None else NO_ROWS,
)
class AiContext(Step):
    """The AI context step."""

    word = "ai_context"
    page = "12"
    title = "AI context"
    asks = "What may an AI see and do?"

    @property
    def purposes(self) -> dict[str, Any]:
        """Every purpose by its name."""
        return dict(self.model.ai_context.purposes) if self.model.ai_context else {}

    @cached_property
    def rulings(self) -> tuple[governance.Ruling, ...]:
        """Every purpose ruled on every field."""
        return governance.rulings(self.model)

    def headline(self) -> Headline:
        """How many purposes there are, and how much of what is known they may read."""
        if not self.purposes:
            return Headline(
                self.page,
                self.title,
                "Nothing is allowed to an AI yet, because no purpose is written down.",
                self._suggestion(),
                state="open",
            )
        fields = {ruling.field for ruling in self.rulings}
        used = {ruling.field for ruling in self.rulings if ruling.allowed}
        personal = {
            ruling.field for ruling in self.rulings if ruling.allowed and ruling.cls in PERSONAL
        }
        sentence = (
            f"{number.plural(len(self.purposes), 'purpose')} may read {len(used)} of {len(fields)}"
            " fields;"
            f" {number.plural(len(personal), 'personal or sensitive field is', 'personal or sensitive fields are')}"
            " among them."
        )
        lede = words.approved(
            {humanize(name): purpose.human_review for name, purpose in self.purposes.items()}
        ) + words.left_out(self._without_permission())
        return Headline(
            self.page, self.title, sentence, lede, owner=self.model.owner_of("ai_context")
        )

    def _without_permission(self) -> list[tuple[str, str, dict[str, int], dict[str, int]]]:
        """Of each use that leaves out whoever has not permitted it: its name, its entity, the
        rows by reason, and the people whom they lead to.
        """
        found = []
        for kind, name, use in uses_of(self.model):
            table = governance.table_of_use(kind, name)
            rows = {
                row["decision"]: row["n"]
                for row in self.left_out_counts.to_dicts()
                if row["name"] == table and row["decision"] in governance.WITHOUT_PERMISSION
            }
            if not rows:
                continue
            others = [
                entity
                for entity in governance.people_in(self.model, use)
                if entity != use.of and is_person(self.model, entity)
            ]
            people = {
                humanize(entity): int(
                    self.context.query(
                        governance.people_sql(
                            self.model, use, entity, quote(f"{table}__decided"), reason
                        )
                    )["n"][0]
                )
                for entity in others
                for reason in rows
                if len(rows) == 1
            }
            found.append((humanize(name), humanize(use.of), rows, people))
        return found

    def _suggestion(self) -> str:
        count = sum(
            field.cls in PERSONAL
            for source in self.model.source_names
            for field in self.model.fields(source).values()
        )
        if not count:
            return (
                "Write down one purpose: what it does, which classes of fields it may read, and who"
                " approves its output."
            )
        return (
            f"The sources hold {number.plural(count, 'personal or sensitive field')}. Write down"
            " one purpose: what it does, which of them it needs, and who approves its output."
        )

    def matrix(self) -> Figure:
        """Figure 12.1: purpose by field."""
        names = list(self.purposes)
        by_field: dict[str, dict[str, Any]] = {}
        for ruling in self.rulings:
            row = by_field.setdefault(
                ruling.field,
                {
                    "field": ruling.field.partition(".")[2],
                    "entity": ruling.field.partition(".")[0],
                    "cls": ruling.cls,
                },
            )
            row[ruling.purpose] = ruling.allowed
        order = {"sensitive": 0, "personal": 1, "internal": 2, "public": 3}
        rows = sorted(
            by_field.values(), key=lambda row: (row["entity"], order[row["cls"]], row["field"])
        )
        columns = [
            Column("field", "Field"),
            Column("cls", "Class"),
            *(Column(name, humanize(name), "dot") for name in names),
        ]
        caption = (
            "A dot is a field that the purpose may read. Whatever is not allowed is refused; there"
            " is no default that lets a field through."
        )
        return Figure(
            "12.1",
            "Who may read what, and for what?",
            "One row per field, one column per purpose",
            table(frame_for(rows, [*columns, Column("entity")]), columns, group="entity"),
            caption,
        )

    @cached_property
    def left_out_counts(self) -> pl.DataFrame:
        """One row per view or audience and decision."""
        part = self.model.customer_360
        names = (
            [*(f"view__{n}" for n in part.views), *(f"audience__{n}" for n in part.audiences)]
            if part
            else []
        )
        asks = [
            f"select cast('{n}' as varchar) as name, decision, count(*) as n from"
            f" {quote(n + '__decided')} group by decision"
            for n in names
            if self.context.has(f"{n}__decided")
        ]
        if not asks:
            return pl.DataFrame(schema={"name": pl.String, "decision": pl.String, "n": pl.Int64})
        return self.context.query("\nunion all\n".join(asks)).sort(
            "name", "n", "decision", descending=[False, True, False]
        )

    def left_out(self) -> Figure:
        """Figure 12.2: who is left out of each use, and why."""
        part = self.model.customer_360
        purposes = (
            {f"view__{n}": v.purpose for n, v in part.views.items()}
            | {f"audience__{n}": a.purpose for n, a in part.audiences.items()}
            if part
            else {}
        )
        rows = [
            {
                "use": humanize(row["name"].partition("__")[2]),
                "purpose": humanize(purposes.get(row["name"], "")),
                "n": row["n"],
                "decision": "in" if row["decision"] == "in" else f"out: {row['decision']}",
                "state": "pass" if row["decision"] == "in" else "note",
            }
            for row in self.left_out_counts.to_dicts()
        ]
        columns = [
            Column("decision", "Decision"),
            Column("purpose", "Purpose"),
            Column("n", "Rows", "int"),
            Column("n_bar", " ", "bar"),
        ]
        rows = [{**row, "n_bar": row["n"]} for row in rows]
        caption = (
            "Permission that was never given, was refused, was withdrawn, or is unknown keeps a row"
            " out: silence is not consent."
        )
        return Figure(
            "12.2",
            "Who is left out, and why?",
            "Rows of each view and audience",
            table(frame_for(rows, [*columns, Column("use")]), columns, group="use"),
            caption,
        )

    def refusals(self) -> Figure:
        """Figure 12.3: what was asked for and refused."""
        rows = [
            {
                "use": humanize(view),
                "field": ruling.field,
                "cls": ruling.cls,
                "purpose": humanize(ruling.purpose) or "none",
                "because": ruling.because,
            }
            for view, ruling in governance.refusals(self.model)
        ]
        columns = [
            Column("field", "Field"),
            Column("cls", "Class"),
            Column("use", "Asked for by"),
            Column("purpose", "Purpose"),
            Column("because", "Refused because"),
        ]
        caption = (
            "Fields of views without a purpose: none is in the compiled table. What a purpose does"
            " not permit, in a field or a condition, is refused by `workbook check` before any page"
            " is made."
        )
        return Figure(
            "12.3",
            "What was refused?",
            "Fields that a view or audience asks for",
            table(frame_for(rows, columns), columns),
            caption,
        )

    def approvals(self) -> Figure:
        """Figure 12.4: which output a person approves, on which basis, how fresh it must be."""
        rows = []
        for name, purpose in self.purposes.items():
            source, age = stalest(self._newest, self._sources_read(name), as_of_day(self.model))
            limit = hours_before(purpose.freshness, as_of_day(self.model))
            late = age is not None and limit is not None and age > limit
            rows.append(
                {
                    "state": "look" if late or not purpose.human_review else "pass",
                    "purpose": humanize(name),
                    "does": purpose.does,
                    "review": purpose.human_review or "not decided",
                    "basis": purpose.basis or "not decided",
                    "least": (
                        f"row by row, to nobody while fewer than {purpose.smallest_group} are in"
                        if purpose.smallest_group > 1
                        else ""
                    ),
                    "freshness": purpose.freshness or "not decided",
                    "age": words.age(age) if age is not None else "",
                    "source": source,
                }
            )
        columns = [
            Column("state", " ", "check"),
            Column("purpose", "Purpose", detail="does"),
            Column("review", "A person approves"),
            Column("basis", "Basis", detail="least"),
            Column("freshness", "Must be newer than"),
            Column("age", "Oldest source read", detail="source"),
        ]
        caption = (
            "The age is that of the newest record of the oldest source that the purpose reads at"
            " the end of the as-of day: in fields, conditions, consent and metrics. A view past its"
            " limit is empty."
        )
        caption += self._requests()
        caption += reasons(self.model, "ai_context")
        return Figure(
            "12.4",
            "Which output needs a person, and how fresh must it be?",
            "One row per purpose",
            table(frame_for(rows, columns), columns),
            caption,
        )

    def _requests(self) -> str:
        """What the ages leave out: the lists of requests to be forgotten, of which nobody can
        tell a quiet one from a late one.
        """
        read = dict.fromkeys(
            source
            for kind, name, use in uses_of(self.model)
            if use.purpose
            for source in requests_read(self.model, kind, name, use)
        )
        ages = {
            source: stalest(self._newest, (source,), as_of_day(self.model))[1] for source in read
        }
        said = [
            f"{source}"
            f" ({f'newest request {words.age(hours)} old' if hours is not None else 'no request is dated'})"
            for source, hours in ages.items()
        ]
        return words.requests_not_held(said) if said else ""

    def access(self) -> Figure:
        """Figure 12.5: who or what may work for which purpose."""
        rows = []
        for name, role in self.model.ai_context.roles.items() if self.model.ai_context else ():
            may_see = {r.field for r in self.rulings if r.allowed and r.purpose in role.may}
            personal = {
                r.field
                for r in self.rulings
                if r.allowed and r.purpose in role.may and r.cls in PERSONAL
            }
            rows.append(
                {
                    "role": humanize(name),
                    "who": (
                        f"people: {role.people}"
                        if role.people
                        else f"system: {role.system}"
                        if role.system
                        else "nobody named"
                    ),
                    "may": ", ".join(humanize(p) for p in role.may) or "nothing",
                    "fields": len(may_see),
                    "personal": truncate_list(sorted(personal), 6),
                    "rows": words.role_rows(readable(self.model, role.rows), self._rows_seen(name)),
                }
            )
        columns = [
            Column("role", "Role", detail="who"),
            Column("may", "May"),
            Column("fields", "Fields", "int"),
            Column("personal", "Personal or sensitive fields"),
            Column("rows", "Rows"),
        ]
        caption = (
            "A role reads through a purpose, never around it. An assistant is a role like any"
            " other."
        )
        return Figure(
            "12.5", "Who may see what?", "Roles", table(frame_for(rows, columns), columns), caption
        )

    def _rows_seen(self, role: str) -> list[tuple[str, int, int]]:
        """Of each view that a role may see only a part of: its name, the rows that the role
        sees, and all rows in it.
        """
        found = []
        for kind, name, use in uses_of(self.model):
            table = governance.table_of_use(kind, name)
            seen = governance.table_of_role(table, role)
            if any(each == role for each, _, _ in limited_by(self.model, use)) and self.context.has(
                seen
            ):
                found.append((humanize(name), self._height(seen), self._height(table)))
        return found

    def _height(self, table: str) -> int:
        return int(self.context.query(f"select count(*) as n from {quote(table)}")["n"][0])

    def why(self) -> Figure:
        """Figure 12.6: of each view and decision one row, and the sentence that says why it is
        in or out.
        """
        rows = []
        for kind, name, use in uses_of(self.model):
            decided = f"{governance.table_of_use(kind, name)}__decided"
            if not self.context.has(decided):
                continue
            first = self.context.query(
                f"select decision, min(id) as id from {quote(decided)} group by decision order by"
                " decision"
            ).to_dicts()
            ids = redact(
                [row["id"] for row in first],
                (
                    "personal"
                    if leads_to_person(self.model, use.of)
                    else self.model.class_of(f"{use.of}.{self.model.id_of(use.of)}")
                ),
                use.of,
            )
            kept = words.kept_in(self.model, use, self.purposes.get(use.purpose))
            every = (
                f"every condition holds: {join_words(kept)}"
                if kept
                else "the view has no condition"
            )
            for row, shown in zip(first, ids, strict=True):
                inside = row["decision"] == "in"
                because = every if inside else row["decision"]
                rows.append(
                    {
                        "use": humanize(name),
                        "state": "pass" if inside else "note",
                        "id": shown,
                        "decision": "in" if inside else "out",
                        "because": because,
                    }
                )
        columns = [
            Column("state", " ", "check"),
            Column("id", "One of them", "value", cls="internal"),
            Column("decision", "Is"),
            Column("because", "Because"),
        ]
        caption = (
            "The first id of each decision; that of a person, or of what leads to one, is a token."
            " In a notebook, book.customer_360.why(view, id) says the same of any row."
        )
        return Figure(
            "12.6",
            "Why is this one in, and that one out?",
            "One row per view and decision",
            table(frame_for(rows, [*columns, Column("use")]), columns, group="use"),
            caption,
        )

    @cached_property
    def _newest(self) -> dict[str, dt.datetime | None]:
        sql = newest_sql(self.model, self.context.plan, as_of_day(self.model))
        return dict(self.context.query(sql).rows()) if sql else {}

    def _sources_read(self, purpose: str) -> tuple[str, ...]:
        """Every source that a purpose reads through its views and audiences; without one, that
        its named fields come from.
        """
        used = [
            source
            for kind, name, use in uses_of(self.model)
            if use.purpose == purpose
            for source in sources_read(self.model, kind, name, use)
        ]
        permission = permission_of(self.model, purpose)
        named = derivation_of(self.model).sources(permission.named) if permission else ()
        return tuple(dict.fromkeys(used)) or named

    def conclude(self) -> list[Finding]:
        """Purposes without approval or basis, stale context, refusals, uses without a purpose."""
        if not self.purposes:
            return [
                Finding(
                    "ai_context.open",
                    "note",
                    "No purpose is written down for which an AI may read customer data.",
                    self.page,
                )
            ]
        owner = self.model.owner_of("ai_context")
        found = []
        for name, purpose in self.purposes.items():
            missing = [
                word
                for word, value in (
                    ("a person's approval", purpose.human_review),
                    ("a lawful basis", purpose.basis),
                    ("a freshness limit", purpose.freshness),
                )
                if not value
            ]
            if missing:
                found.append(
                    Finding(
                        "ai_context.incomplete",
                        "look",
                        f"{humanize(name)} says nothing about {join_words(missing)}.",
                        self.page,
                        len(missing),
                        owner,
                        (name,),
                    )
                )
            source, age = stalest(self._newest, self._sources_read(name), as_of_day(self.model))
            limit = hours_before(purpose.freshness, as_of_day(self.model))
            if age is not None and limit is not None and age > limit:
                sentence = words.stale(humanize(name), purpose.freshness, source, age)
                found.append(
                    Finding("ai_context.stale", "look", sentence, self.page, None, owner, (name,))
                )
            untold = undated(self.model, self._sources_read(name)) if purpose.freshness else ()
            if untold:
                sentence = words.undated(humanize(name), purpose.freshness, list(untold))
                found.append(
                    Finding(
                        "ai_context.undated",
                        "look",
                        sentence,
                        self.page,
                        len(untold),
                        owner,
                        (name,),
                    )
                )
        found += self._unclear_consent(owner)
        part = self.model.customer_360
        aimless = [name for name, view in (part.views.items() if part else ()) if not view.purpose]
        if aimless:
            found.append(
                Finding(
                    "ai_context.no_purpose",
                    "look",
                    f"{join_words([humanize(n) for n in aimless])} has no purpose, so every field"
                    " of it is refused.",
                    self.page,
                    len(aimless),
                    owner,
                )
            )
        return found

    def _unclear_consent(self, owner: str) -> list[Finding]:
        """Views and audiences of which nobody can tell whether they ask for the consent that
        they need.
        """
        found = []
        for _, name, use in uses_of(self.model):
            verdict = consent_of(self.model, use)
            if verdict and not verdict.proven:
                sentence = words.consent_unclear(
                    humanize(name), verdict, humanize(getattr(use, "channel", ""))
                )
                found.append(
                    Finding(
                        "ai_context.consent_unclear",
                        "look",
                        sentence,
                        self.page,
                        None,
                        owner,
                        (name,),
                    )
                )
        return found
