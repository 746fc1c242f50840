"""Campaigns: what each cost, which one brought an account, and the e-mails that followed; chance of its own, so nothing else moves."""

from __future__ import annotations

import datetime as dt

from making import words
from making.dice import Dice
from making.sample import Row, Sample, amount, stamp
from making.world import AS_OF

CHANNELS = {
    "webinar_spring": ("Spring webinar", "event", 18_400_00),
    "search_ads": ("Search ads", "paid search", 61_250_00),
    "newsletter": ("Newsletter", "e-mail", 4_800_00),
    "trade_fair": ("Trade fair", "event", 42_900_00),
    "partner_mailing": ("Mailing with partners", "partner", 9_300_00),
    "referral": ("Customers refer customers", "referral", 6_100_00),
    "import_2025": ("Old list, imported", "e-mail", 0),
}
MAILINGS = ["newsletter", "webinar_spring", "partner_mailing"]
FIRST_MAILING, SHARE_OF_LIST = dt.date(2025, 1, 1), 0.3


def view(sample: Sample) -> None:
    """Adds marketing.campaigns and marketing.messages, and the campaign that brought it to every account in CRM."""
    dice = sample.dice("campaigns")
    sample.tables["marketing.campaigns"] = [
        {"campaign_id": key, "name": name, "channel": channel, "spend": amount(cents)}
        for key, (name, channel, cents) in CHANNELS.items()
    ]
    _acquired(sample, dice)
    _messages(sample, dice)


def _acquired(sample: Sample, dice: Dice) -> None:
    """One account was brought by one campaign, whatever the double of its record says; one in ten nobody asked."""
    brought: dict[str, str] = {}
    whose = {record.partition(":")[2]: true for record, _, true in sample.records if record.startswith("crm.accounts:")}
    for row in sample.tables["crm.accounts"]:
        true = whose[row["account_id"]]
        if true not in brought:
            brought[true] = dice.weighted(words.CAMPAIGNS) if dice.chance(0.9) and not true.startswith("X") else ""
        row["first_campaign"] = brought[true]
    sample.plant.note("accounts_without_a_campaign", sum(not each for each in brought.values()), len(brought))
    sample.campaigns = brought


def _messages(sample: Sample, dice: Dice) -> None:
    """One message a month to a part of those who said yes; a third is opened, a fifth of these clicked."""
    said: dict[str, list[tuple[str, str]]] = {}
    for row in sample.tables["marketing.consents"]:
        if row["permission"] == "email_marketing":
            said.setdefault(row["subscriber_id"], []).append((row["received_at"], row["answer"]))
    rows: list[Row] = []
    month = FIRST_MAILING
    while month <= AS_OF:
        day = dice.moment(month + dt.timedelta(days=dice.between(8, 12)), 8, 9)
        campaign = dice.pick(MAILINGS)
        for subscriber in sorted(said):
            before = [answer for at, answer in sorted(said[subscriber]) if at < stamp(day)]
            if before and before[-1] == "granted" and dice.chance(SHARE_OF_LIST):
                rows.append(_message(dice, subscriber, campaign, day))
        month = (month + dt.timedelta(days=31)).replace(day=1)
    for number, row in enumerate(rows, start=1):
        row["message_id"] = f"m{number:05}"
    sample.tables["marketing.messages"] = rows


def _message(dice: Dice, subscriber: str, campaign: str, sent: dt.datetime) -> Row:
    opened = sent + dt.timedelta(minutes=dice.between(5, 4000)) if dice.chance(0.34) else None
    clicked = opened + dt.timedelta(seconds=dice.between(4, 900)) if opened and dice.chance(0.22) else None
    return {
        "message_id": "",
        "subscriber_id": subscriber,
        "campaign_id": campaign,
        "sent_at": stamp(sent),
        "opened_at": stamp(opened) if opened else "",
        "clicked_at": stamp(clicked) if clicked else "",
    }
