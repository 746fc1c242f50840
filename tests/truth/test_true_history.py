"""Kept values and lifecycle states under true identity, at the end of every month: what the
truth and the logs, read by hand, say held then.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict

import pytest
from sample_of_truth import Sample
from true_golden import forgotten
from true_world import AS_OF, DAY, NEVER, World

Told = list[tuple[str, str]]  # (when, value), in order
LOG_STARTS = dt.date(2024, 2, 1)
ORDER = ("lead", "trial", "onboarding", "established", "churned")


def at(sample: Sample, table: str, value: str, end: dt.date) -> dict[str, str]:
    """Who had which value at the end of a day, as we know it now; nobody has two."""
    moment = f"timestamp '{end + DAY} 00:00:00'"
    rows = sample.known.query(
        f"select id, {value} from {table} where valid_from < {moment} and valid_to >= {moment}"
    )
    assert len(rows) == len({who for who, _ in rows})
    return {who: str(said) for who, said in rows}


def held(told: dict[str, Told], end: dt.date) -> dict[str, str]:
    """The last value that each was told by the end of a day."""
    limit = (end + DAY).isoformat()
    return {
        who: before[-1][1]
        for who, them in told.items()
        if (before := [one for one in sorted(them) if one[0] < limit])
    }


def test_plan_is_that_of_the_newest_subscription_in_force(sample: Sample) -> None:
    for end in sample.world.months:
        true: dict[str, set[tuple[dt.date, str]]] = defaultdict(set)
        for s in sample.world.subscriptions:
            if s.runs_on(end):
                true[s.account].add((s.start, s.plan))
        ours = at(sample, "account__plan__history", "value", end)
        assert set(ours) == set(true), end
        assert all(
            ours[who] in {plan for start, plan in them if start == max(them)[0]}
            for who, them in true.items()
        ), end


def of_one_record(
    world: World, source: str, told: dict[str, Told], keys: dict[str, set[str]]
) -> dict[str, Told]:
    """Those of whom the log tells by one record alone; of absorbed companies it tells two
    stories.
    """
    return {who: them for who, them in told.items() if len(keys[who]) == 1}


@pytest.mark.parametrize("field", ["owner", "stage"])
def test_changes_say_what_they_changed_to(sample: Sample, field: str) -> None:
    told, keys = defaultdict(list), defaultdict(set)
    for row in sample.world.raw("crm.account_changes"):
        if row["field"] == field:
            who = sample.world.whose[f"crm.accounts:{row['account_id']}"]
            told[who].append((row["changed_at"], row["new_value"]))
            keys[who].add(row["account_id"])
    alone = of_one_record(sample.world, "crm.accounts", told, keys)
    assert len(alone) > 0.9 * len(told)
    for end in [end for end in sample.world.months if end >= LOG_STARTS]:
        ours = at(sample, f"account__{field}__history", "value", end)
        assert {who: ours[who] for who in held(alone, end)} == held(alone, end), end


def test_owners_are_those_of_the_truth_where_the_log_tells(sample: Sample) -> None:
    """From the log's first day on, and before an account's first change, too: a change says
    what stood before it.
    """
    world = sample.world
    true = defaultdict(list)
    for row in world.rows("owners"):
        true[row["organisation"]].append((row["since"], row["owner"]))
    single = {who for who, orgs in world.accounts.items() if len(orgs) == 1}
    for end in [end for end in world.months if end >= LOG_STARTS]:
        ours, now = at(sample, "account__owner__history", "value", end), held(true, end)
        assert len(single & ours.keys() & now.keys()) > 80
        assert {who: ours[who] for who in single & ours.keys() & now.keys()} == {
            who: now[who] for who in single & ours.keys() & now.keys()
        }, end


def test_stage_follows_the_first_and_the_last_subscription(sample: Sample) -> None:
    """`customer` from the day of the first start, `former` at most twenty days after the last
    end.
    """
    span: dict[str, list[dt.date]] = {}
    for s in sample.world.subscriptions:
        first, last = span.get(s.account, [NEVER, s.end])
        span[s.account] = [min(first, s.start), max(last, s.end)]
    single = {who for who, orgs in sample.world.accounts.items() if len(orgs) == 1}
    for end in [end for end in sample.world.months if end >= LOG_STARTS]:
        for who, stage in at(sample, "account__stage__history", "value", end).items():
            first, last = span[who]
            if who in single:
                assert stage == ("prospect" if end < first else "customer" if end < last else stage)
                assert stage == "former" or end < last or end - last < 20 * DAY


def test_health_is_that_of_the_last_night(sample: Sample) -> None:
    told, keys = defaultdict(list), defaultdict(set)
    for row in sample.world.raw("crm.account_snapshots"):
        who = sample.world.whose[f"crm.accounts:{row['account_id']}"]
        told[who].append((row["snapshot_date"], row["health_score"]))
        keys[who].add(row["account_id"])
    alone = of_one_record(sample.world, "crm.accounts", told, keys)
    for end in sample.world.months:
        ours = at(sample, "account__health_score__history", "value", end)
        assert {who: ours[who] for who in held(alone, end)} == held(alone, end), end


@pytest.mark.parametrize(
    ("kept", "source", "when", "value", "which"),
    [
        (
            "marketing_consent",
            "marketing.consents",
            "answered_at",
            "answer",
            {"permission": "email_marketing"},
        ),
        (
            "ai_consent",
            "marketing.consents",
            "answered_at",
            "answer",
            {"permission": "ai_processing"},
        ),
        (
            "news_by_email",
            "marketing.preferences",
            "chosen_at",
            "choice",
            {"topic": "product_news", "channel": "email"},
        ),
    ],
)
def test_answers_hold_until_the_next(
    sample: Sample, kept: str, source: str, when: str, value: str, which: dict[str, str]
) -> None:
    told, gone = defaultdict(list), forgotten(sample.world)
    for row in sample.world.raw(source):
        who = sample.world.whose.get(f"marketing.subscribers:{row['subscriber_id']}")
        if who and all(row[name] == wanted for name, wanted in which.items()):
            # that they answered is kept, what is not
            told[who].append((row[when], "None" if who in gone else row[value]))
    assert len(told) > 100
    for end in sample.world.months:
        assert at(sample, f"user__{kept}__history", "value", end) == held(told, end), end


def events(world: World) -> dict[str, Told]:
    """The day and the state that begins, per account; on one day in the order of the model."""
    found: dict[str, set[tuple[str, int]]] = defaultdict(set)
    created, shared, last = defaultdict(set), defaultdict(set), {}
    for row in world.raw("crm.accounts"):
        created[world.whose[f"crm.accounts:{row['account_id']}"]].add(row["created_at"][:10])
    for use in world.use:
        if use.shared:
            shared[use.account].add(use.day.isoformat())
    for s in world.subscriptions:
        found[s.account].add((s.start.isoformat(), 2))
        last[s.account] = max(last.get(s.account, s.end), s.end)
    for place, days in ((0, created), (3, shared)):
        for who, some in days.items():
            found[who].add((min(some), place))
    for who, orgs in world.accounts.items():
        found[who] |= (
            {(min(tries), 1)}
            if (tries := [org["trial_on"] for org in orgs if org["trial_on"]])
            else set()
        )
    for who, end in last.items():
        found[who] |= {(end.isoformat(), 4)} if end <= AS_OF else set()
    return {
        who: [(f"{day} {place}", ORDER[place]) for day, place in them]
        for who, them in found.items()
    }


def test_states_at_every_months_end(sample: Sample) -> None:
    told = events(sample.world)
    for end in sample.world.months:
        assert at(sample, "account__lifecycle", "state", end) == held(told, end), end


def test_a_cohort_is_whoever_first_subscribed_in_its_months(sample: Sample) -> None:
    """Not who came to a later state without a subscription: 54 of the bundled sample did."""
    told = dict(
        sample.query(
            """select strftime(began, '%Y') || case when month(began) < 7 then ' H1' else ' H2' end,
            count(*) from (select id, min("at") as began from account__event
            where event = 'subscription_started' group by id) group by 1"""
        )
    )
    drawn = re.findall(r"(\d{4} H\d) \(n (\d+)\)", sample.book.history.stays().html())
    assert len(drawn) > 4
    assert {name: told[name] for name, _ in drawn} == {name: int(n) for name, n in drawn}


def test_terms_and_clicks_happen_as_often_as_is_true(sample: Sample) -> None:
    """Renewals and cancellations of accounts, clicks of users: each event once, and each of
    somebody who is known.
    """
    told = dict(sample.known.query("select event, count(*) from account__event group by event"))
    assert (told["renewal"], told["cancellation"]) == (
        sample.answers["renewals"],
        sample.answers["cancellations"],
    )
    clicks = sample.known.query("select count(*) from user__event where event = 'email_clicked'")
    assert clicks == [(sample.answers["messages"]["clicked"],)]


def test_campaigns_of_true_accounts(sample: Sample) -> None:
    told = dict(
        sample.known.query(
            "select coalesce(first_campaign, ''), count(*) from account where id like 'A%' group"
            " by 1"
        )
    )
    known = sample.answers["accounts_by_campaign"]
    assert {campaign: count for campaign, count in told.items() if campaign} == {
        campaign: count for campaign, count in known.items() if campaign
    }
