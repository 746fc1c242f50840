"""What was decided of each row of a view: that it is in, or the first reason why it is not."""

from __future__ import annotations

from dataclasses import dataclass, field

IN = "in"
NOT_IN_VIEW = "outside of what the view asks for"
NOT_IN_AUDIENCE = "outside of what the audience asks for"
NO_CONSENT = "no consent"
OPTED_OUT = "opted out"
NO_PERMISSION = "no permission for this purpose"
NO_CONTACT = "cannot be reached by "  # and the channel
NOT_OF_ROLE = "outside of the rows of the role"
TOO_FEW = "fewer than the smallest group"
TOO_OLD = "the data is older than the purpose permits"
# reasons that somebody has not permitted it, whatever the answer was
WITHOUT_PERMISSION = (NO_CONSENT, OPTED_OUT, NO_PERMISSION)

_NAMES = {
    NOT_IN_VIEW: "not_in_target",
    NOT_IN_AUDIENCE: "not_in_target",
    NO_CONSENT: "no_consent",
    OPTED_OUT: "opted_out",
    NO_PERMISSION: "no_permission",
    NOT_OF_ROLE: "not_of_role",
    TOO_FEW: "too_few",
    TOO_OLD: "too_old",
}


@dataclass(frozen=True)
class ExclusionReason:
    """Why a row is not in a view: the reason's name in the catalogue (`reason.opted_out` of
    governance.toml) and its values; `withheld` where the whole view is.
    """

    name: str
    values: dict[str, str] = field(default_factory=dict)
    withheld: bool = False


def reason_of(decision: str) -> ExclusionReason | None:
    """The reason that a decision of a `__decided` table gives; None of a row that is in.

    >>> reason_of("in"), reason_of("opted out").name, reason_of("cannot be reached by sms").values
    (None, 'opted_out', {'channel': 'sms'})
    """
    if decision == IN:
        return None
    if decision.startswith(NO_CONTACT):
        return ExclusionReason("no_contact", {"channel": decision.removeprefix(NO_CONTACT)})
    return ExclusionReason(_NAMES[decision], withheld=decision in (TOO_FEW, TOO_OLD))
