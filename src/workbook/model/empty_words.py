"""Words that mean nothing: what people and systems write into a field that they cannot fill.

In fields that name or reach somebody (a name, a mailbox, a telephone) a word such as `unknown`
or `test` is never meant. In a text or a category it may be (a plan named test, a size unknown),
so there only what no one means counts: `N/A`, `null`, `-`. A team adds words per type, and
keeps those that it does mean (03_sources, `empty_words`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# Without blanks and marks, as the keys of values are compared.
WORDS = (
    "anonymous",
    "donotreply",
    "missing",
    "n/a",
    "nil",
    "nobody",
    "noemail",
    "nomail",
    "none",
    "noreply",
    "notapplicable",
    "notavailable",
    "notprovided",
    "null",
    "test",
    "tbd",
    "undefined",
    "unknown",
    "xxx",
)
_PHRASES = (
    "do not reply",
    "no email",
    "no mail",
    "no reply",
    "not applicable",
    "not available",
    "not provided",
    "no-email",
    "no-mail",
    "no-reply",
    "do-not-reply",
    "not-applicable",
    "not-available",
    "not-provided",
    "no_email",
    "no_mail",
    "no_reply",
    "do_not_reply",
    "no.reply",
    "e-mail unknown",
    "n.a",
    "n/a.",
)
UNMISTAKABLE = (
    "#n/a",
    "#name?",
    "#null!",
    "#ref!",
    "#value!",
    "(not set)",
    "(null)",
    "-",
    "--",
    "---",
    ".",
    "<null>",
    "?",
    "[null]",
    "\\n",
    "n. a.",
    "n.a.",
    "n/a",
    "n/a.",
    "nan",
    "not applicable",
    "null",
    "undefined",
    "–",
    "—",
)
CONTACT = (
    "company_name",
    "device_id",
    "domain",
    "email",
    "full_name",
    "person_name",
    "phone",
    "postal_address",
    "postal_code",
    "tax_id",
    "url",
)
_NUMBERED = ("phone", "tax_id")
_MARKS = " \t.,:;-_+*#()[]<>{}\"'!?–—…"  # at the ends of a value they say nothing
_BETWEEN = (" ", "-", ".", "(", ")", "/", "+")  # between the digits of a number
_COUNTED = ("1234567", "12345678", "123456789", "1234567890")  # typed from left to right
_LAZY = tuple(digit * 7 for digit in "0123456789")
_ENDS = tuple(sorted({*(number[-2:] for number in (*_COUNTED, *_LAZY))}))


@dataclass(frozen=True)
class Placeholders:
    """Which values of a type mean nothing: the built-in words of the type, those that a team
    adds, those that it means.
    """

    type: str
    add: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The words that mean nothing as whole values, folded, without blanks around them,
        sorted.
        """
        known = {*WORDS, *_PHRASES} if self.type in CONTACT else set(UNMISTAKABLE)
        return tuple(sorted({*known, *map(folded, self.add)} - set(map(folded, self.keep))))


def folded(word: str) -> str:
    """A word as it is compared: without blanks around it, in lower case."""
    return word.strip().lower()


def nothing_sql(value: str, words: Placeholders) -> str:
    """Portable SQL that is true of a text that means nothing; `value` is SQL that gives it, and
    is not NULL.

    What costs much is asked only of the few values for which something cheap already speaks.

    >>> sql = nothing_sql("plan", Placeholders("text", keep=("-",)))
    >>> sql.startswith("lower(trim(plan)) in ('#n/a'")
    True
    """
    whole = f"lower(trim({value}))"
    if words.type not in CONTACT:
        return f"{whole} in ({_listed(words.words)})" if words.words else "false"
    core = f"split_part({whole}, '@', 1)" if words.type == "email" else whole
    listed, marks = _listed(["", *words.words]), _listed(_MARKS)
    digits = core
    for mark in _BETWEEN:
        digits = f"replace({digits}, {_text(mark)}, '')"
    raw = f"split_part({value}, '@', 1)" if words.type == "email" else value
    before = _listed(mark for mark in _MARKS if words.type not in _NUMBERED or mark not in "+(")
    suspect = [
        f"left({raw}, 1) in ({before})",
        f"right({raw}, 1) in ({marks})",
        # DuckDB 2.0 cannot compare split_part itself where every value is NULL
        f"left({raw}, 1) = '0'",
    ]
    proven = [f"trim({core}, {_text(_MARKS)}) in ({listed})", f"replace({digits}, '0', '') = ''"]
    if words.type in _NUMBERED:
        suspect += [f"right({raw}, 2) in ({_listed(_ENDS)})"]
        proven += [
            f"right({digits}, 7) in ({_listed(_LAZY)})",
            f"{digits} in ({_listed(_counted())})",
        ]
    texts = [f"{core} in ({listed})"]
    if words.add and words.type == "email":
        texts.append(f"{whole} in ({_listed(sorted(map(folded, words.add)))})")
    asked = (
        f"case when {' or '.join(texts)} then true when {' or '.join(suspect)} "
        f"then {' or '.join(proven)} else false end"
    )
    kept = [folded(word) for word in words.keep]
    unless = f" and {whole} not in ({_listed(kept)})" if kept else ""
    return f"{asked}{unless}"


def means_nothing(value: str, words: Placeholders) -> bool:
    """What `nothing_sql` says of one value.

    >>> means_nothing(" Unknown ", Placeholders("phone"))
    True
    >>> means_nothing("Unknown", Placeholders("text"))
    False
    """
    whole = value.strip(" ").lower()
    if words.type not in CONTACT:
        return whole in words.words
    if whole in map(folded, words.keep):
        return False
    core = whole.split("@", maxsplit=1)[0] if words.type == "email" else whole
    digits = core
    for mark in _BETWEEN:
        digits = digits.replace(mark, "")
    numbered = words.type in _NUMBERED
    if core in ("", *words.words) or (words.type == "email" and whole in map(folded, words.add)):
        return True
    raw = value.split("@", maxsplit=1)[0] if words.type == "email" else value
    before = [mark for mark in _MARKS if not numbered or mark not in "+("]
    edges = raw[:1] in before or raw[-1:] in _MARKS or raw[:1] == "0"
    if not raw or (not edges and not (numbered and raw[-2:] in _ENDS)):
        return False
    lazy = numbered and (digits[-7:] in _LAZY or digits in _counted())
    return core.strip(_MARKS) in ("", *words.words) or not digits.replace("0", "") or lazy


def _counted() -> tuple[str, ...]:
    """Digits typed from left to right, also behind the code of a country."""
    return tuple(before + number for number in _COUNTED for before in ("", "1", "01"))


def _listed(words: Iterable[str]) -> str:
    return ", ".join(map(_text, words))


def _text(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"
