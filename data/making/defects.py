"""What is planted: each defect by name, where it stands and how often; counts are written while planting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from making.dice import Dice

T = TypeVar("T")

# name: (where, what is wrong). Rates and counts are said where a defect is planted and end up in defects.json.
DEFECTS = {
    "typos_in_crm_company_names": ("crm.accounts", "one slip of the finger in the name"),
    "typos_in_support_company_names": ("support.organizations", "one slip of the finger in the name"),
    "typos_in_crm_last_names": ("crm.contacts", "one slip of the finger in the last name"),
    "typos_in_support_last_names": ("support.requesters", "one slip of the finger in the last name"),
    "typos_in_emails": ("crm.contacts", "one slip of the finger before the @"),
    "nicknames_in_product": ("product.users", "Bob for Robert, Kathi for Katharina; of first names that have one"),
    "nicknames_in_support": ("support.requesters", "the same"),
    "last_name_first": ("support.requesters", "written `Last, First`"),
    "role_mailboxes_of_people": ("crm.contacts", "a person with info@, it@, … that two to five colleagues share"),
    "role_mailboxes_that_write": ("support.requesters", "a mailbox, and no person, asks for help"),
    "role_mailboxes_that_pay": ("billing.customers", "invoices go to billing@ or accounts@"),
    "free_mail_users": ("product.users", "a login with a free mail address"),
    "free_mail_workspaces": ("product.workspaces", "the domain is that of a free mail provider"),
    "recased_emails": ("marketing.subscribers", "upper case where other systems have lower case, or a blank at the end"),
    "shared_switchboards": ("crm.contacts", "the phone is the company's switchboard"),
    "families_on_one_phone": ("crm.contacts", "two relatives in one company share a last name and a phone"),
    "crm_phones_without_country_code": ("crm.contacts", "written as dialled at home"),
    "support_phones_without_country_code": ("support.requesters", "written as dialled at home"),
    "accounts_on_a_shared_domain": ("accounts", "a subsidiary on its parent's domain, or a customer on its reseller's"),
    "namesakes": ("accounts", "pairs of companies with one name, in two countries"),
    "parent_companies": ("accounts", "a company that owns one or more others"),
    "subsidiaries": ("accounts", "a company with a parent; CRM knows the parent of four in five"),
    "merged_companies": ("accounts", "a company absorbed by another; its records go on under their old keys"),
    "renamed_companies": ("accounts", "CRM has the new name; billing and product keep the old one"),
    "people_who_change_employer": ("crm.contacts", "one person, two contacts, two addresses, one phone"),
    "reused_crm_ids": ("billing.customers", "the account was deleted in CRM and its id given to another company"),
    "recased_ids_in_tickets": ("support.tickets", "ORG-881 where the organization is org-881"),
    "recased_ids_in_events": ("product.events", "WS-9F2K where the workspace is ws-9f2k"),
    "leading_zeros_lost_in_billing": ("billing.customers", "123 where the CRM id is 00123"),
    "leading_zeros_lost_in_product": ("product.workspaces", "123 where the CRM id is 00123"),
    "duplicate_crm_accounts": ("crm.accounts", "one company entered twice"),
    "duplicate_crm_contacts": ("crm.contacts", "one person entered twice"),
    "duplicate_requesters": ("support.requesters", "one person with two requester records"),
    "duplicate_logins": ("product.users", "one person with two logins"),
    "duplicate_subscriber_rows": ("marketing.subscribers", "the same subscriber_id twice: one row per device"),
    "test_accounts": ("crm, billing, product", "made by our own testers; some \"pay\" invoices of 0.00"),
    "anonymous_devices": ("product.events", "a device that never became a user"),
    "anonymous_events": ("product.events", "an action without user and workspace"),
    "shared_devices": ("product.events", "one device, two users"),
    "partner_accounts": ("crm.accounts", "a company that came through a partner"),
    "partner_payers": ("billing.customers", "a reseller's partner id stands on the paying party"),
    "trials_without_revenue": ("accounts", "a workspace and never a subscription"),
    "workspaces_without_crm_id": ("product.workspaces", "self-service; CRM was never told"),
    "stale_plans_in_product": ("product.workspaces", "the plan of before the last change"),
    "stale_stages_in_crm": ("crm.accounts", "still `customer` although the last subscription has ended"),
    "stale_statuses_in_crm": ("crm.accounts", "still `active` although the last subscription has ended"),
    "accounts_without_a_campaign": ("crm.accounts", "nobody asked what brought them"),
    "legacy_status_words": ("billing.customers", "delinquent and cancelled from before a migration"),
    "refunds": ("billing.invoices", "an invoice paid and given back"),
    "credit_notes": ("billing.invoices", "a negative row that corrects an invoice in part"),
    "void_invoices": ("billing.invoices", "issued by mistake and issued again"),
    "overdue_invoices": ("billing.invoices", "open for more than 30 days"),
    "dollar_customers": ("billing.customers", "billed in USD; the others in EUR"),
    "annual_subscriptions": ("billing.subscriptions", "billed once a year; the others monthly"),
    "overlapping_subscriptions": ("billing.subscriptions", "starts while another of the same paying party runs; both are real"),
    "accounts_with_several_billing_customers": ("billing.customers", "a company that pays through two or three parties"),
    "cancelled_but_not_ended": ("billing.subscriptions", "the end lies after the as-of date"),
    "late_events": ("product.events", "received two to nine days after it happened"),
    "duplicate_events": ("product.events", "the same event_id sent twice"),
    "out_of_order_events": ("product.events", "received after the same user's next action"),
    "old_schema_events": ("product.events", "before 2024-01-01: camelCase names, no device"),
    "ambiguous_day_first_dates": ("support.tickets", "a day of 12 or less: read month first, it is another valid date"),
    "characters_lost_in_export": ("support.requesters", "windows-1252 has no ł, ş, č: a ? stands there"),
    "solved_before_opened": ("support.tickets", "the solved time is earlier than the created time"),
    "ragged_rows": ("support.tickets", "an unquoted semicolon in the subject: one field too many"),
    "numbers_as_text": ("crm.accounts", "employees written `200+` or `50-100`"),
    "late_changes": ("crm.account_changes", "logged two to six weeks after the owner changed"),
    "consents_withdrawn": ("marketing.consents", "granted, and withdrawn later"),
    "consents_denied": ("marketing.consents", "asked and refused"),
    "late_consents": ("marketing.consents", "received two to twenty days after the answer"),
    "erasures": ("marketing.erasures", "a person asked to be forgotten"),
    "erasures_undone_by_reimport": ("marketing.subscribers", "an old list brought the erased address back, with a granted consent"),
}  # fmt: skip


class Plant:
    """Chooses what is spoilt and keeps count."""

    def __init__(self) -> None:
        self.planted: dict[str, dict[str, float]] = {}

    def choose(self, dice: Dice, name: str, items: Sequence[T], rate: float) -> list[T]:
        """A share of the items, exactly rounded, in their order."""
        chosen = dice.sample(items, round(rate * len(items)))
        self.note(name, len(chosen), len(items), rate)
        return chosen

    def note(self, name: str, count: int, of: int, rate: float | None = None) -> None:
        """Keeps the count of a defect, its population, and the rate: as planted, or as it came out."""
        if name not in DEFECTS:
            raise KeyError(name)
        if name in self.planted:
            raise ValueError(f"{name} was planted before")
        self.planted[name] = {"count": count, "of": of, "rate": count / of if rate is None else rate}

    def report(self) -> dict[str, dict[str, object]]:
        """Every defect with where, what, rate, count and out of how many."""
        missing = sorted(set(DEFECTS) - set(self.planted))
        if missing:
            raise ValueError(f"not planted: {', '.join(missing)}")
        out = {}
        for name, (where, what) in DEFECTS.items():
            got = self.planted[name]
            out[name] = {
                "where": where,
                "what": what,
                "rate": round(got["rate"], 4),
                "count": int(got["count"]),
                "of": int(got["of"]),
            }
        return out
