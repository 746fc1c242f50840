"""Marketing's lists: subscribers, what they consented to, what they prefer, and who asked to be forgotten."""

from __future__ import annotations

import datetime as dt

from making import words
from making.dice import Dice
from making.sample import Row, Sample, last_written, stamp
from making.world import AS_OF, Person

END = dt.datetime(2025, 6, 30, 21, 0)
ERASED, REIMPORTED = 9, 3
PERMISSIONS = [("email_marketing", 1.0, 0.74), ("product_research", 0.35, 0.6), ("ai_processing", 0.6, 0.55)]
AI_SINCE = dt.date(2024, 1, 8)


def view(sample: Sample) -> None:
    """Adds marketing.subscribers, marketing.consents, marketing.preferences and marketing.erasures."""
    dice = sample.dice("marketing")
    members = [p for p in sample.world.people if p.erased_on or not p.jobs or dice.chance(0.6)]
    pairs = [(who, _subscriber(dice, who)) for who in members]
    for number, (_, row) in enumerate(dice.shuffled(pairs), start=1):
        row["subscriber_id"] = f"s{number:05}"
    since = {row["subscriber_id"]: dt.datetime.fromisoformat(row.pop("since")).date() for _, row in pairs}
    back = _erasures(sample, dice, pairs)
    gone = {row["subscriber_id"] for who, row in pairs if who.erased_on} - {row["subscriber_id"] for row in back}
    _consents(sample, dice, pairs, since, back)
    kept = [(who, row) for who, row in pairs if row["subscriber_id"] not in gone]
    _preferences(sample, dice, kept, since)
    plant = sample.plant
    for who, row in kept:
        sample.whose("marketing.subscribers", row["subscriber_id"], "user", who.key)
    for _, row in plant.choose(dice, "recased_emails", kept, 0.04):
        row["email"] = dice.pick([row["email"].upper(), row["email"].title(), row["email"] + " "])
    rows = [row for _, row in kept]
    for row in plant.choose(dice, "duplicate_subscriber_rows", rows, 0.015):
        rows.append(
            row
            | {
                "updated_at": stamp(
                    dt.datetime.fromisoformat(row["updated_at"]) - dt.timedelta(hours=dice.between(1, 90))
                )
            }
        )
    sample.tables["marketing.subscribers"] = sorted(rows, key=lambda r: (r["subscriber_id"], r["updated_at"]))


def choose_erased(sample: Sample) -> None:
    """Nine people ask to be forgotten; it is decided before any system writes its view, because CRM forgets them too."""
    dice = sample.dice("erasure")
    for who in dice.sample(
        [
            p
            for p in sample.world.people
            if len(p.jobs) == 1
            and not p.has_relative
            and p.jobs[0].org.kind == "customer"
            and p.jobs[0].start < dt.date(2024, 6, 1)
        ],
        ERASED,
    ):
        who.erased_on = dice.day(dt.date(2024, 9, 1), dt.date(2025, 3, 31))


def _subscriber(dice: Dice, who: Person) -> Row:
    job = who.jobs[0] if who.jobs else None
    start = job.start if job else dice.day(dt.date(2022, 8, 1), dt.date(2025, 5, 31))
    since = dice.day(start, max(start, min(AS_OF, start + dt.timedelta(days=200))))
    email = job.email if job and dice.chance(0.92) else who.free_mail
    return {
        "subscriber_id": "",
        "email": email,
        "campaign": dice.weighted(words.CAMPAIGNS),
        "since": stamp(dice.moment(since, 6, 8)),
        "updated_at": stamp(last_written(dice, since)),
    }


def _erasures(sample: Sample, dice: Dice, pairs: list[tuple[Person, Row]]) -> list[Row]:
    """The log of erasures; three addresses come back with an old list in May 2025."""
    erased = [(who, row) for who, row in pairs if who.erased_on]
    rows = []
    for number, (who, row) in enumerate(sorted(erased, key=lambda e: e[0].erased_on), start=1):
        asked = dice.moment(who.erased_on)
        rows.append(
            {
                "erasure_id": f"er{number:03}",
                "subscriber_id": row["subscriber_id"],
                "requested_at": stamp(asked),
                "done_at": stamp(asked + dt.timedelta(days=dice.between(3, 20))),
            }
        )
    back = [row for _, row in dice.sample(erased, REIMPORTED)]
    for row in back:
        row |= {"campaign": "import_2025", "updated_at": stamp(dice.moment(dt.date(2025, 5, 12)))}
    sample.plant.note("erasures", len(rows), len(pairs))
    sample.plant.note("erasures_undone_by_reimport", len(back), len(rows))
    sample.tables["marketing.erasures"] = rows
    return back


def _consents(
    sample: Sample, dice: Dice, pairs: list[tuple[Person, Row]], since: dict[str, dt.date], back: list[Row]
) -> None:
    plant, rows = sample.plant, []

    def answer(subscriber: str, permission: str, said: str, at: dt.datetime, how: str) -> Row:
        row = {
            "consent_id": "",
            "subscriber_id": subscriber,
            "permission": permission,
            "channel": "email",
            "answer": said,
            "collected_by": how,
            "answered": at,
        }
        rows.append(row | {"received": at + dt.timedelta(minutes=dice.between(0, 30))})
        return rows[-1]

    for who, row in pairs:
        for permission, asked, yes in PERMISSIONS:
            if who.erased_on or not dice.chance(asked):
                continue
            day = since[row["subscriber_id"]]
            day = max(day, AI_SINCE) if permission == "ai_processing" else day
            answer(
                row["subscriber_id"],
                permission,
                "granted" if dice.chance(yes) else "denied",
                min(dice.moment(day), END - dt.timedelta(days=1)),
                "signup form",
            )
    plant.note("consents_denied", sum(r["answer"] == "denied" for r in rows), len(rows))
    granted = [r for r in rows if r["answer"] == "granted" and r["answered"] < dt.datetime(2025, 5, 1)]
    for row in plant.choose(dice, "consents_withdrawn", granted, 0.1):
        at = dice.moment(dice.day(row["answered"].date() + dt.timedelta(days=5), dt.date(2025, 6, 28)))
        answer(row["subscriber_id"], row["permission"], "withdrawn", at, "unsubscribe link")
    early = [r for r in rows if r["answered"] < dt.datetime(2025, 6, 1)]
    for row in plant.choose(dice, "late_consents", early, 0.02):
        row["received"] = row["answered"] + dt.timedelta(days=dice.between(2, 20))
    for row in back:
        answer(
            row["subscriber_id"],
            "email_marketing",
            "granted",
            dt.datetime.fromisoformat(row["updated_at"]),
            "list import",
        )
    rows.sort(key=lambda r: (r["received"], r["subscriber_id"], r["permission"]))
    for number, row in enumerate(rows, start=1):
        row["consent_id"] = f"co{number:05}"
        row["answered_at"], row["received_at"] = stamp(row.pop("answered")), stamp(row.pop("received"))
    sample.tables["marketing.consents"] = rows


def _preferences(sample: Sample, dice: Dice, pairs: list[tuple[Person, Row]], since: dict[str, dt.date]) -> None:
    rows = []
    for _, row in pairs:
        if dice.chance(0.4):
            for topic in dice.sample(["product_news", "events", "research"], dice.between(1, 3)):
                at = dice.moment(dice.day(since[row["subscriber_id"]], AS_OF))
                rows.append(
                    {
                        "preference_id": "",
                        "subscriber_id": row["subscriber_id"],
                        "topic": topic,
                        "channel": dice.weighted([("email", 80), ("phone", 8), ("in_app", 12)]),
                        "choice": "in" if dice.chance(0.65) else "out",
                        "chosen_at": stamp(at),
                    }
                )
    rows.sort(key=lambda r: (r["chosen_at"], r["subscriber_id"], r["topic"]))
    for number, row in enumerate(rows, start=1):
        row["preference_id"] = f"pr{number:05}"
    sample.tables["marketing.preferences"] = rows
