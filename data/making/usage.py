"""The truth about use: workspaces, who is a member of them, and what they did there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from making.dice import Dice
from making.money import Money
from making.world import AS_OF, CONSULTANTS, OPEN, Job, Org, Person, World

SILENT = 24  # accounts that pay and have not been seen for six weeks
ACTIONS = [
    ("login", 38),
    ("report_viewed", 24),
    ("dashboard_opened", 14),
    ("report_created", 10),
    ("report_shared", 9),
    ("export_run", 5),
]
DEVICES_SINCE = dt.date(2024, 1, 1)


@dataclass
class Workspace:
    key: str
    org: Org
    since: dt.date


@dataclass
class Membership:
    person: Person
    workspace: Workspace
    role: str
    joined: dt.date
    left: dt.date = OPEN


@dataclass
class Action:
    """Something that somebody did; person and workspace are missing where nobody was signed in."""

    person: Person | None
    workspace: Workspace | None
    name: str
    at: dt.datetime
    device: str


@dataclass
class Usage:
    workspaces: list[Workspace]
    memberships: list[Membership]
    actions: list[Action]
    unresolved_devices: list[str]
    shared_devices: list[str]

    def signed_up(self) -> dict[str, dt.date]:
        """Each person with a login, and the day of their first membership."""
        first: dict[str, dt.date] = {}
        for m in self.memberships:
            first[m.person.key] = min(m.joined, first.get(m.person.key, OPEN))
        return first


def make_usage(seed: int, world: World, money: Money) -> Usage:
    """Workspaces of customers, trials and testers; use that fades before an end; some accounts that fell silent."""
    dice = Dice(seed, "usage")
    spaces = _workspaces(dice, world, money)
    memberships = _memberships(dice, world, spaces)
    devices = {m.person.key: [f"dev-{dice.code(6)}" for _ in range(dice.between(1, 2))] for m in memberships}
    shared = _share_devices(dice, devices)
    ends = {space.key: _end_of_use(space.org, money) for space in spaces}
    paying = [o for o in world.accounts() if o.kind == "customer" and (money.last_end(o.key) or AS_OF) > AS_OF]
    silent = {org.key for org in dice.sample(paying, SILENT)}
    actions = []
    for m in memberships:
        last = min(m.left, ends[m.workspace.key], AS_OF + dt.timedelta(days=1))
        if m.workspace.org.true_id in silent:
            last = min(last, AS_OF - dt.timedelta(days=45))
        actions += _actions(dice, m, last, ends[m.workspace.key], devices[m.person.key])
    anonymous, unresolved = _anonymous(dice, memberships, devices)
    return Usage(spaces, memberships, sorted(actions + anonymous, key=lambda a: a.at), unresolved, shared)


def _workspaces(dice: Dice, world: World, money: Money) -> list[Workspace]:
    first_bill = {}
    for payer in money.payers:
        first_bill.setdefault(payer.org.key, payer.since)
    spaces = []
    for org in world.orgs:
        if org.kind == "prospect":
            continue
        if org.kind == "trial":
            org.trial_on = min(org.created + dt.timedelta(days=dice.between(0, 20)), AS_OF - dt.timedelta(days=3))
        since = org.trial_on or first_bill[org.key]
        for extra in range(dice.weighted([(1, 88), (2, 9), (3, 3)]) if org.kind == "customer" else 1):
            start = since if not extra else dice.day(since, AS_OF)
            spaces.append(Workspace(f"ws-{dice.code(3)}{len(spaces):03}", org, start))
    return spaces


def _memberships(dice: Dice, world: World, spaces: list[Workspace]) -> list[Membership]:
    out = []
    for space in spaces:
        share = {"customer": 0.78, "trial": 0.95, "test": 1.0}[space.org.kind]
        jobs = [job for job in space.org.jobs if job.end > space.since and dice.chance(share)] or space.org.jobs[:1]
        out += [_join(dice, job, space, admin=place == 0) for place, job in enumerate(jobs) if job.end > space.since]
    hosts = [space for space in spaces if space.org.kind == "customer"]
    users = [m.person for m in out if m.workspace.org.kind == "customer" and m.left == OPEN]
    for person in dice.sample(sorted({p.key: p for p in users}.values(), key=lambda p: p.key), CONSULTANTS):
        mine = {m.workspace.key for m in out if m.person is person}
        for space in dice.sample([s for s in hosts if s.key not in mine], dice.between(1, 3)):
            joined = min(max(space.since, person.jobs[-1].start) + dt.timedelta(days=dice.between(5, 90)), AS_OF)
            out.append(Membership(person, space, "guest", joined))
    return out


def _join(dice: Dice, job: Job, space: Workspace, admin: bool) -> Membership:
    earliest = max(job.start, space.since)
    joined = (
        earliest
        if admin
        else min(earliest + dt.timedelta(days=dice.between(0, 40)), AS_OF, job.end - dt.timedelta(days=1))
    )
    role = "admin" if admin else "member" if dice.chance(0.9) else "guest"
    return Membership(job.person, space, role, max(joined, earliest), job.end)


def _end_of_use(org: Org, money: Money) -> dt.date:
    if org.kind == "test":
        return OPEN
    if org.kind == "trial":
        return org.trial_on + dt.timedelta(days=25)
    return money.last_end(org.true_id) or OPEN


def _actions(dice: Dice, m: Membership, last: dt.date, end: dt.date, devices: list[str]) -> list[Action]:
    """What one member did, day by day; in the last 60 days before an end, half as much."""
    weight = 0.15 if m.person.kind == "test" else dice.weighted([(0.155, 17), (0.040, 48), (0.010, 35)])
    out, day = [], m.joined
    while day < last:
        fading = end - day < dt.timedelta(days=60)
        if day.weekday() < 5 and dice.chance(weight / 2 if fading else weight):
            for _ in range(dice.between(1, 2)):
                device = dice.pick(devices) if day >= DEVICES_SINCE else ""
                out.append(Action(m.person, m.workspace, dice.weighted(ACTIONS), dice.moment(day), device))
        day += dt.timedelta(days=1)
    return out


def _share_devices(dice: Dice, devices: dict[str, list[str]]) -> list[str]:
    people = dice.shuffled(sorted(devices))[:24]
    for left, right in zip(people[:12], people[12:], strict=True):
        devices[right][0] = devices[left][0]
    return sorted(devices[left][0] for left in people[:12])


def _anonymous(
    dice: Dice, memberships: list[Membership], devices: dict[str, list[str]]
) -> tuple[list[Action], list[str]]:
    """Visits before anybody signed in: some devices become a user's, 300 never do."""
    out = []
    for m in memberships:
        if m.joined > DEVICES_SINCE and dice.chance(0.3):
            day = m.joined - dt.timedelta(days=dice.between(1, 9))
            out.append(
                Action(None, None, "page_viewed", dice.moment(max(day, DEVICES_SINCE)), devices[m.person.key][0])
            )
    unresolved = [f"dev-{dice.code(6)}" for _ in range(300)]
    for device in unresolved:
        day = dice.day(DEVICES_SINCE, AS_OF)
        out += [Action(None, None, "page_viewed", dice.moment(day), device) for _ in range(dice.between(1, 3))]
    return out, unresolved
