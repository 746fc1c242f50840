"""What is carried from one system's view to the next: the truth, the tables so far, and which record is whose."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from making.defects import Plant
from making.dice import Dice
from making.money import Money
from making.usage import Usage
from making.world import AS_OF, Org, Person, World

Row = dict[str, Any]


@dataclass
class Sample:
    """The truth, and what the systems hold of it so far."""

    seed: int
    world: World
    money: Money
    usage: Usage
    plant: Plant = field(default_factory=Plant)
    tables: dict[str, list[Row]] = field(default_factory=dict)
    records: list[tuple[str, str, str]] = field(default_factory=list)
    crm_ids: dict[str, str] = field(default_factory=dict)  # organisation -> its id in CRM, even where it was deleted
    campaigns: dict[str, str] = field(default_factory=dict)  # true account that CRM knows -> the campaign that brought it, or ''

    def dice(self, part: str) -> Dice:
        return Dice(self.seed, part)

    def whose(self, source: str, key: str, entity: str, true_id: str) -> None:
        """Remembers which true account or person a record stands for."""
        self.records.append((f"{source}:{key}", entity, true_id))


def stamp(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def day_first(moment: dt.datetime) -> str:
    return moment.strftime("%d/%m/%Y %H:%M")


def amount(cents: int) -> str:
    sign, cents = ("-", -cents) if cents < 0 else ("", cents)
    return f"{sign}{cents // 100}.{cents % 100:02}"


def last_written(dice: Dice, since: dt.date, fresh: float = 0.35) -> dt.datetime:
    """When a system last wrote a row: often this month, otherwise any day since the row exists."""
    first = max(since, dt.date(2025, 6, 1)) if dice.chance(fresh) else since
    return dice.moment(dice.day(min(first, AS_OF), AS_OF))


def recent_order(orgs: list[Org]) -> list[Org]:
    return sorted(orgs, key=lambda org: (org.created, org.key))


def people_of(orgs: list[Org]) -> list[Person]:
    """Everybody who ever had a job in one of the organisations, once."""
    return sorted({job.person.key: job.person for org in orgs for job in org.jobs}.values(), key=lambda p: p.key)
