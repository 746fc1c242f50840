"""Figure 12.5: who or what may work for which purpose, and sees which records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbook import governance
from workbook.engine import quote
from workbook.governance import PERSONAL
from workbook.model.schema import Role
from workbook.model.view_reads import limited_by, uses_of
from workbook.show import Column, Figure, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps.condition_wording import condition_text
from workbook.steps.step import Step
from workbook.words.wording import humanize, join_words, truncate_list


class RoleAccess:
    """The roles of a project with what each may read."""

    def __init__(
        self, step: Step, roles: Mapping[str, Role], rulings: Sequence[governance.Ruling]
    ) -> None:
        self.step, self.roles, self.rulings = step, roles, rulings
        self.context, self.model = step.context, step.model

    def figure(self) -> Figure:
        """Figure 12.5: who or what may work for which purpose, and sees which records."""
        rows = []
        for name, role in self.roles.items():
            permitted = [
                ruling for ruling in self.rulings if ruling.allowed and ruling.purpose in role.may
            ]
            personal = {ruling.field for ruling in permitted if ruling.cls in PERSONAL}
            purposes = join_words([humanize(purpose) for purpose in role.may])
            rows.append(
                {
                    "role": humanize(name),
                    "who": self._holder(role),
                    "may": purposes or self.step.text("figures.access.nothing"),
                    "fields": len({ruling.field for ruling in permitted}),
                    "personal": truncate_list([humanize(item) for item in sorted(personal)], 6),
                    "rows": self._rows_text(name, role),
                }
            )
        columns = self.step.heads(
            "access",
            Column("role", detail="who"),
            Column("may"),
            Column("fields", kind="int"),
            Column("personal"),
            Column("rows"),
        )
        return self.step.figure("access", table(frame_for(rows, columns), columns))

    def _holder(self, role: Role) -> str:
        """Which people or which system have a role."""
        if role.people:
            return self.step.text("figures.access.people", people=role.people)
        if role.system:
            return self.step.text("figures.access.system", system=role.system)
        return self.step.text("figures.access.nobody")

    def _rows_text(self, name: str, role: Role) -> str:
        """Which records a role sees: its condition, and of each view how many of how many."""
        if not role.rows:
            return self.step.text("figures.access.all_rows")
        counts = []
        for kind, view, use in uses_of(self.model):
            whole = governance.table_of_use(kind, view)
            seen = governance.table_of_role(whole, name)
            limited = any(other == name for other, _, _ in limited_by(self.model, use))
            if limited and self.context.has(seen):
                counts.append(
                    self.step.text(
                        "figures.access.some_rows_of",
                        seen=self._height(seen),
                        all=self._height(whole),
                        view=view,
                    )
                )
        condition = condition_text(self.model, role.rows)
        return self.step.text("figures.access.some_rows", condition=condition, counts=counts)

    def _height(self, name: str) -> int:
        return int(self.context.query(f"select count(*) as n from {quote(name)}")["n"][0])
