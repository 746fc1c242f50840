"""What the systems hold of each true customer, resolved by hand: the first source of an order
that has a value, then its newest record.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable

from true_world import AS_OF, World, day

KEYS = {
    "crm.accounts": "account_id",
    "billing.customers": "customer_id",
    "product.workspaces": "workspace_id",
    "support.organizations": "organization_id",
    "crm.contacts": "contact_id",
    "product.users": "user_id",
    "support.requesters": "requester_id",
    "marketing.subscribers": "subscriber_id",
}
Candidate = tuple[str, str, str, str]  # source, when it was written, record, value


def written(source: str, text: str) -> str:
    """When a row was written, as text that sorts."""
    return (
        f"{text[6:10]}-{text[3:5]}-{text[:2]} {text[11:]}:00"
        if source.startswith("support.")
        else text
    )


def candidates(
    world: World, places: dict[str, str], clean: Callable[[str], str] = str.strip
) -> dict[str, list[Candidate]]:
    """Per true customer every value that a record has; of rows that repeat a key, the newest
    stands.
    """
    found = defaultdict(list)
    for source, field in places.items():
        rows = {
            row[KEYS[source]]: row
            for row in sorted(world.raw(source), key=lambda row: written(source, row["updated_at"]))
        }
        for key, row in rows.items():
            if value := clean(row[field]):
                record = f"{source}:{key}"
                found[world.whose[record]].append(
                    (source, written(source, row["updated_at"]), record, value)
                )
    return dict(found)


PERSONAL = frozenset(
    {
        "user.email",
        "user.display_name",
        "user.first_name",
        "user.last_name",
        "user.phone",
        "user.language",
        "user.signed_up_at",
        "user.campaign",
    }
)


def forgotten(world: World) -> set[str]:
    """The true people who asked to be forgotten by the as-of day and are still in some system:
    an old list brought them back.
    """
    asked = {
        row["subscriber_id"]
        for row in world.raw("marketing.erasures")
        if day(row["requested_at"]) <= AS_OF
    }
    return {
        world.whose[f"marketing.subscribers:{row['subscriber_id']}"]
        for row in world.raw("marketing.subscribers")
        if row["subscriber_id"] in asked
    }


def by_order(
    world: World, places: dict[str, str], clean: Callable[[str], str] = str.strip
) -> dict[str, str]:
    """`places` in the order of preference."""
    order = list(places)
    return {who: _first(order, them)[3] for who, them in candidates(world, places, clean).items()}


def most_frequent(world: World, places: dict[str, str]) -> dict[str, str]:
    """The value of most records; among equals that of the first source."""
    order, out = list(places), {}
    for who, them in candidates(world, places).items():
        times = Counter(value for *_, value in them)
        out[who] = _first(order, [one for one in them if times[one[3]] == max(times.values())])[3]
    return out


def earliest(world: World, places: dict[str, str]) -> dict[str, str]:
    """The least value of all records."""
    return {
        who: min(value for *_, value in them) for who, them in candidates(world, places).items()
    }


def latest(world: World, places: dict[str, str]) -> dict[str, str]:
    """The greatest value of all records."""
    return {
        who: max(value for *_, value in them) for who, them in candidates(world, places).items()
    }


def _first(order: list[str], them: list[Candidate]) -> Candidate:
    newest = sorted(sorted(them, key=lambda one: one[2]), key=lambda one: one[1], reverse=True)
    return min(newest, key=lambda one: order.index(one[0]))


def whole(text: str) -> str:
    """A whole number, or nothing where it is written with words."""
    return text.strip() if text.strip().isdigit() else ""


def most_recent(world: World, places: dict[str, str]) -> dict[str, str]:
    """The value of the newest record, whichever source it is from."""
    return {
        who: max(sorted(them, key=lambda one: one[2]), key=lambda one: one[1])[3]
        for who, them in candidates(world, places).items()
    }
