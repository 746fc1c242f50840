"""How an audience may be contacted, and what must be known of somebody for it."""

from __future__ import annotations

from workbook.model.model import Model
from workbook.model.schema import Audience

# A channel, and the types of an attribute that lead somebody's contact there.
CHANNELS: dict[str, tuple[str, ...]] = {
    "email": ("email",),
    "phone": ("phone",),
    "sms": ("phone",),
    "letter": ("postal_address",),
    "in_app": ("id",),
    "push": ("device_id",),
}


def contacts_of(model: Model, audience: Audience) -> tuple[str, ...]:
    """The attributes among its fields by which people of an audience are contacted."""
    types = CHANNELS.get(audience.channel, ())
    named = (
        field.rpartition(".")[2]
        for field in audience.fields
        if field.rpartition(".")[0] in ("", audience.of)
    )
    own = model.attributes(audience.of)
    return tuple(
        f"{audience.of}.{name}"
        for name in named
        if own.get(name) and model.type_of(audience.of, name) in types
    )
