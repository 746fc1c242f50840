"""The truth about organisations and people: who exists, who owns whom, who works where and since when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from making import words
from making.dice import Dice
from making.text import ascii_only, slug

FIRST_DAY = dt.date(2022, 7, 1)
AS_OF = dt.date(2025, 6, 30)
OPEN = dt.date(9999, 12, 31)

CUSTOMERS, TRIALS, PROSPECTS, ABSORBED, TESTS = 380, 130, 90, 8, 12
PEOPLE = 2500
PARENTS, SUBSIDIARIES, ON_PARENT_DOMAIN, ON_RESELLER_DOMAIN = 30, 78, 40, 24
NAMESAKE_PAIRS, RENAMED, JOB_CHANGERS, CONSULTANTS, LEADS, FAMILIES = 6, 15, 60, 20, 120, 4


@dataclass
class Org:
    """One organisation; an absorbed one lives on in the account named by `absorbed_by`."""

    key: str
    kind: str  # customer, trial, prospect, test
    name: str
    country: str
    industry: str
    domain: str
    mail_domain: str
    employees: int
    created: dt.date
    currency: str = "EUR"
    vat: str = ""
    legal: str = ""
    parent: Org | None = None
    partner: str = ""
    old_name: str = ""
    renamed_on: dt.date | None = None
    absorbed_by: Org | None = None
    trial_on: dt.date | None = None
    owners: list[tuple[dt.date, str]] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)

    @property
    def true_id(self) -> str:
        return self.absorbed_by.key if self.absorbed_by else self.key


@dataclass
class Job:
    """One person in one organisation, from start to end (half-open), with the address that they have there."""

    person: Person
    org: Org
    start: dt.date
    end: dt.date
    email: str
    title: str


@dataclass
class Person:
    key: str
    first: str
    last: str
    language: str
    phone: str
    free_mail: str
    jobs: list[Job] = field(default_factory=list)
    kind: str = "person"  # person, or test
    has_relative: bool = False
    erased_on: dt.date | None = None

    @property
    def job(self) -> Job | None:
        return self.jobs[-1] if self.jobs else None


@dataclass
class World:
    orgs: list[Org]
    people: list[Person]
    testers: list[Person]

    def accounts(self) -> list[Org]:
        """The true accounts: neither absorbed nor made by testers."""
        return [org for org in self.orgs if not org.absorbed_by and org.kind != "test"]


def make_world(seed: int) -> World:
    """The organisations with their families, partners and mergers, and the people in them."""
    dice = Dice(seed, "organisations")
    orgs = _organisations(dice)
    _families(dice, orgs)
    _partners(dice, orgs)
    _mergers(dice, orgs)
    for org in dice.sample([o for o in orgs if o.kind == "customer" and not o.absorbed_by], RENAMED):
        org.old_name, org.renamed_on = org.name, dice.day(dt.date(2024, 3, 1), dt.date(2025, 5, 1))
        org.name = f"{dice.pick(words.ROOTS)}{dice.pick(['ia', 'on', 'ex', 'um'])} {org.name.split()[-1]}"
    people, testers = _people(Dice(seed, "people"), orgs)
    return World(orgs, people, testers)


def _organisations(dice: Dice) -> list[Org]:
    kinds = dice.shuffled(["customer"] * CUSTOMERS + ["trial"] * TRIALS + ["prospect"] * PROSPECTS)
    names: set[str] = set()
    orgs: list[Org] = []
    for number, kind in enumerate([*kinds, *["customer"] * ABSORBED], start=1):
        country, industry = dice.weighted(words.COUNTRIES), dice.pick(sorted(words.TRADES))
        name = ""
        while not name or slug(name) in names:
            name = f"{dice.pick(words.ROOTS)} {dice.pick(words.TRADES[industry])}"
        names.add(slug(name))
        created = dice.day(FIRST_DAY, dt.date(2025, 5, 20))
        domain = f"{slug(name)}.example"
        org = Org(f"A{number:04}", kind, name, country, industry, domain, domain, _size(dice), created)
        org.vat = _vat(dice, country)
        org.currency = "USD" if country in words.DOLLARS or dice.chance(0.12) else "EUR"
        org.legal = dice.pick(words.LEGAL[country])
        _owners(dice, org)
        orgs.append(org)
    _namesakes(dice, orgs[:-ABSORBED])
    for number in range(1, TESTS + 1):
        name = f"{dice.pick(['TEST', 'QA', 'Demo'])} {dice.pick(['account', 'workspace', 'tenant'])} {number}"
        created = dice.day(dt.date(2023, 1, 1), dt.date(2025, 3, 1))
        org = Org(f"X{number:04}", "test", name, "DE", "software", "acmecloud.example", "acmecloud.example", 5, created)
        org.trial_on = created
        _owners(dice, org)
        orgs.append(org)
    return orgs


def _size(dice: Dice) -> int:
    low, high = dice.weighted([((3, 20), 40), ((21, 120), 35), ((121, 900), 18), ((901, 8000), 7)])
    return dice.between(low, high)


def _vat(dice: Dice, country: str) -> str:
    return country + dice.digits(words.VAT_DIGITS[country]) if country in words.VAT_DIGITS else ""


def _owners(dice: Dice, org: Org) -> None:
    since, org.owners = org.created, [(org.created, dice.pick(words.OWNERS))]
    while dice.chance(0.45):
        since += dt.timedelta(days=dice.between(90, 500))
        others = [owner for owner in words.OWNERS if owner != org.owners[-1][1]]
        if since < AS_OF:
            org.owners.append((since, dice.pick(others)))


def _namesakes(dice: Dice, orgs: list[Org]) -> None:
    german = [org for org in orgs if org.country == "DE"]
    american = [org for org in orgs if org.country == "US"]
    for left, right in zip(dice.sample(german, NAMESAKE_PAIRS), dice.sample(american, NAMESAKE_PAIRS), strict=True):
        right.name, right.industry = left.name, left.industry
        right.domain = right.mail_domain = f"{slug(left.name)}-usa.example"


def _families(dice: Dice, orgs: list[Org]) -> None:
    own = [org for org in orgs if org.kind in ("customer", "prospect") and not _is_namesake(org, orgs)][:-ABSORBED]
    parents = dice.sample(own, PARENTS)
    rest = [org for org in own if org not in parents]
    children = dice.sample(rest, SUBSIDIARIES)
    taken = {org.name for org in orgs}
    for place, child in enumerate(dice.shuffled(children)):
        parent = parents[place % PARENTS]
        child.parent, child.industry = parent, parent.industry
        region = dice.pick(words.REGIONS)
        while f"{parent.name} {region}" in taken:
            region = dice.pick(words.REGIONS)
        child.name = f"{parent.name} {region}"
        taken.add(child.name)
        child.domain = child.mail_domain = f"{slug(child.name)}.example"
        if place < ON_PARENT_DOMAIN:
            child.domain = child.mail_domain = parent.domain


def _is_namesake(org: Org, orgs: list[Org]) -> bool:
    return sum(other.name == org.name for other in orgs) > 1


def _partners(dice: Dice, orgs: list[Org]) -> None:
    customers = [o for o in orgs if o.kind == "customer" and not o.parent and not any(c.parent is o for c in orgs)][
        :-ABSORBED
    ]
    partnered = dice.sample(customers, 70)
    for org in partnered:
        org.partner = dice.pick(words.PARTNERS)
    for org in dice.sample(partnered, ON_RESELLER_DOMAIN):
        org.domain = f"{slug(org.partner)}-hosting.example"


def _mergers(dice: Dice, orgs: list[Org]) -> None:
    absorbed = [org for org in orgs if org.kind != "test"][-ABSORBED:]
    firms = [o for o in orgs if o.kind == "customer" and o.vat and not o.parent and not o.partner and o not in absorbed]
    for left, right in zip(absorbed, dice.sample(firms, ABSORBED), strict=True):
        left.absorbed_by, left.vat, left.currency, left.country = right, right.vat, right.currency, right.country
        left.legal = dice.pick(words.LEGAL[left.country])


def _people(dice: Dice, orgs: list[Org]) -> tuple[list[Person], list[Person]]:
    people: list[Person] = []
    taken: set[str] = set()
    phones: set[str] = set()

    def person(org: Org | None, kind: str = "person") -> Person:
        country = org.country if org else dice.weighted(words.COUNTRIES)
        home = words.LANGUAGE.get(country, "en")
        origin = home if dice.chance(0.85) else dice.pick(sorted(words.FIRST))
        first, last = dice.pick(words.FIRST[origin]), dice.pick(words.LAST[origin])
        key = f"P{len(people) + 1:04}" if kind == "person" else f"T{dice.code(3)}"
        mail = _address(f"{slug(first)}.{slug(last)}{dice.between(10, 99)}", dice.pick(words.FREE_MAIL), taken)
        found = Person(key, first, last, home, _phone(dice, country, phones), mail, kind=kind)
        if kind == "person":
            people.append(found)
        return found

    def hire(who: Person, org: Org, start: dt.date, end: dt.date = OPEN) -> Job:
        email = _address(f"{slug(who.first)}.{slug(who.last)}", org.mail_domain, taken)
        job = Job(who, org, start, end, email, dice.pick(words.TITLES))
        who.jobs.append(job)
        org.jobs.append(job)
        return job

    real = [org for org in orgs if org.kind != "test"]
    for org in real:
        low, high = {"customer": (2, 7), "trial": (1, 3), "prospect": (1, 2)}[org.kind]
        for _ in range(dice.between(low, high) + (2 if org.employees > 120 and org.kind == "customer" else 0)):
            hire(person(org), org, org.created)
    customers = [org for org in real if org.kind == "customer"]
    while len(people) < PEOPLE - LEADS:
        org = dice.pick(customers)
        hire(person(org), org, dice.day(org.created, AS_OF))
    while len(people) < PEOPLE:
        person(None)
    del people[PEOPLE:]
    for org in real:
        org.jobs = [job for job in org.jobs if job.person.key <= f"P{PEOPLE:04}"]
    _change_employers(dice, people, customers, hire)
    staffed = [org for org in customers if sum(len(job.person.jobs) == 1 for job in org.jobs) > 1]
    for org in dice.sample(staffed, FAMILIES):
        elder, younger = dice.sample([job for job in org.jobs if len(job.person.jobs) == 1], 2)
        younger.person.last, younger.person.phone = elder.person.last, elder.person.phone
        younger.email = _address(f"{younger.person.first}.{younger.person.last}", org.mail_domain, taken)
        elder.person.has_relative = younger.person.has_relative = True
    testers = []
    for org in orgs:
        if org.kind == "test":
            tester = person(None, "test")
            hire(tester, org, org.created)
            testers.append(tester)
    for number, tester in enumerate(testers, start=1):
        tester.key = f"T{number:04}"
    return people, testers


def _change_employers(dice: Dice, people: list[Person], customers: list[Org], hire) -> None:
    movers = dice.sample(
        [p for p in people if p.jobs and p.jobs[0].org.kind == "customer" and p.jobs[0].start < dt.date(2024, 6, 1)],
        JOB_CHANGERS,
    )
    for who in movers:
        left = who.jobs[0]
        left.end = dice.day(left.start + dt.timedelta(days=150), dt.date(2025, 3, 31))
        to = dice.pick([org for org in customers if org is not left.org and org.created < left.end])
        hire(who, to, left.end + dt.timedelta(days=dice.between(1, 40)))


def _phone(dice: Dice, country: str, taken: set[str]) -> str:
    """`+49 30 23125 123`, one person's alone, from the ranges kept free for fiction; 0 at its end is a switchboard."""
    code, areas, digits = words.PHONES[words.PHONE_OF.get(country, country)]
    number = ""
    while not number or number in taken:
        area, rest = dice.pick(areas), dice.digits(digits - 1) + str(dice.between(1, 9))
        number = f"{code} {area}{'' if area.endswith((' 0', ' 01')) else ' '}{rest}"
    taken.add(number)
    return number


def _address(local: str, domain: str, taken: set[str]) -> str:
    local, number = ascii_only(local).lower(), 1
    address = f"{local}@{domain}"
    while address in taken:
        number += 1
        address = f"{local}{number}@{domain}"
    taken.add(address)
    return address
