"""What the sources come to: findings about records, age, classes, the trace, and shared values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from workbook.finding import Finding
from workbook.model import Model
from workbook.model.as_of import as_of_day, is_undated, says_latest
from workbook.model.times import declared_zone, zone_of
from workbook.sources.profile.arrivals import Arrival, owner_of
from workbook.sources.profile.ends import Ends
from workbook.sources.profile.fields import Classified
from workbook.sources.profile.freshness import Age
from workbook.sources.profile.identifier_coverage import IdentifierCoverage
from workbook.sources.profile.newest import FAR, Newest
from workbook.sources.profile.spellings import Spelled
from workbook.sources.profile.trace_stops import Leg
from workbook.words import number
from workbook.words.wording import capital, humanize, join_words

PAGE = "03"
BEYOND = 31  # days from the newest fact to the as-of day, beyond which somebody should look


def of_landing(arrivals: Iterable[Arrival]) -> list[Finding]:
    """Records lost or rejected, cells that did not fit, keys that are missing or do not hold."""
    found = []
    for each in arrivals:
        about = (each.source,)
        if each.lost:
            sentence = (
                f"{_named(each.source)}: the file holds {each.read:,} records, and"
                f" {each.accepted:,} accepted and {each.rejected:,} rejected do not make that up."
            )
            found.append(
                Finding("sources.rows_lost", "fail", sentence, PAGE, each.lost, each.owner, about)
            )
        if not each.read:
            found.append(
                Finding(
                    "sources.empty",
                    "look",
                    f"{_named(each.source)}: the file holds no record, only its header.",
                    PAGE,
                    0,
                    each.owner,
                    about,
                )
            )
        if each.rejected:
            verb = "was" if each.rejected == 1 else "were"
            sentence = (
                f"{_named(each.source)}: {number.plural(each.rejected, 'record')} of {each.read:,}"
                f" could not be read and {verb} set aside: {each.why}."
            )
            found.append(
                Finding(
                    "sources.rejected_rows",
                    "look",
                    sentence,
                    PAGE,
                    each.rejected,
                    each.owner,
                    about,
                )
            )
        if each.bad:
            sentence = (
                f"{_named(each.source)}: {number.plural(each.bad, 'cell')} did not fit and"
                f" {'is' if each.bad == 1 else 'are'} empty: {each.why}."
            )
            found.append(
                Finding("sources.bad_cells", "look", sentence, PAGE, each.bad, each.owner, about)
            )
        if each.repeated or each.empty:
            sentence = (
                f"{_named(each.source)}: the key ({', '.join(map(humanize, each.key))}) does not"
                f" tell its rows apart: {each.holds}."
            )
            found.append(
                Finding(
                    "sources.duplicate_keys",
                    "look",
                    sentence,
                    PAGE,
                    each.repeated + each.empty,
                    each.owner,
                    about,
                )
            )
        if not each.key:
            sentence = (
                f"{_named(each.source)}: no key is declared, so that its rows go by their number,"
                " which changes with the file."
            )
            found.append(Finding("sources.no_key", "look", sentence, PAGE, None, each.owner, about))
        if each.clocks:
            found.append(_of_clocks(each))
    return found


def _of_clocks(each: Arrival) -> Finding:
    """Times that are written in several ways; a person must look where some bear a zone and
    others do not.
    """
    bare, days = (
        sum(getattr(clock, way) for clock in each.clocks if clock.unclear or way == "days")
        for way in ("bare", "days")
    )
    rules = [
        rule
        for count, rule in (
            (bare, f"a time without a zone counts as {each.zone or 'UTC'}"),
            (days, "a day alone counts as its first moment"),
        )
        if count
    ]
    sentence = (
        f"{_named(each.source)}: times are written in several ways"
        f" ({'; '.join(clock.said for clock in each.clocks)}): {' and '.join(rules)}."
    )
    return Finding(
        "sources.mixed_times",
        "look" if bare and not each.zone else "note",
        sentence,
        PAGE,
        bare + days,
        each.owner,
        (each.source,),
    )


def of_newest(model: Model, found: Sequence[Newest]) -> list[Finding]:
    """Which source sets the as-of day, dates too far beyond all others to set it, and an as-of
    day beyond the data.
    """
    findings = []
    for each in found:
        if each.beyond:
            sentence = (
                f"{_named(each.source)}: {number.plural(each.beyond, 'row')} of"
                f" {number.integer(each.rows)} {'is' if each.beyond == 1 else 'are'} dated"
                f" {number.date(each.furthest)} or earlier, and more than {FAR} days after every"
                f" other fact. Such {humanize(each.field)} sets no as-of day; correct it at the"
                " source."
            )
            findings.append(
                Finding(
                    "sources.dates_beyond",
                    "look",
                    sentence,
                    PAGE,
                    each.beyond,
                    owner_of(model, each.source),
                    (each.source,),
                )
            )
    dated = [each for each in found if each.day]
    if not dated or is_undated(model):
        return findings
    last = max(dated, key=lambda each: each.day)  # type: ignore[arg-type, return-value]
    day, at = as_of_day(model), f"{number.date(last.day, long=True)}, in {_named(last.source)}"
    if (day - last.day).days > BEYOND:  # type: ignore[operator]
        sentence = (
            f"The as-of day, {number.date(day, long=True)}, lies {number.plural((day - last.day).days, 'day')} after the newest fact "  # type: ignore[operator]
            f"in the data ({at}). What is counted over the last days or weeks finds nothing there."
        )
        findings.append(
            Finding("sources.as_of_beyond_data", "look", sentence, PAGE, None, "", (last.source,))
        )
    elif says_latest(model) and day == last.day:
        sentence = (
            f"The as-of day is that of the newest fact: {at}. Exchange rates and calendars set no"
            " day."
        )
        findings.append(
            Finding("sources.as_of_latest", "note", sentence, PAGE, None, "", (last.source,))
        )
    return findings


def of_conventions(
    model: Model, arrivals: Iterable[Arrival], ends: Iterable[Ends]
) -> list[Finding]:
    """Ends that seem to count and do not, or the reverse; times without a zone that nobody
    declared one for.
    """
    found = []
    for each in ends:
        owner, about = owner_of(model, each.source), (each.source,)
        of = (
            f"of {number.plural(each.followed, 'period')} with a later one of the same"
            f" {humanize(each.owner)}"
        )
        if each.looks_inclusive:
            single = (
                f"{each.same_day:,} of {number.plural(each.ended, 'period')} start and end on"
                " one day"
            )
            met = (
                f"{each.adjacent:,} {of} end one day or second before it"
                if each.adjacent
                else single
            )
            sentence = (
                f"{_named(each.source)}: {met}, so the end seems to count. It is read as not"
                " counting, which moves month-end balances and churn. Confirm which is meant."
            )
            found.append(
                Finding(
                    "sources.ends_look_inclusive",
                    "look",
                    sentence,
                    PAGE,
                    each.adjacent or each.same_day,
                    owner,
                    about,
                )
            )
        if each.looks_exclusive:
            met = f"{each.touching:,} {of} end exactly when it starts"
            sentence = (
                f"{_named(each.source)}: {met}, so the end seems not to count. It is read as"
                " counting, so both hold for a day. Confirm which is meant."
            )
            found.append(
                Finding(
                    "sources.ends_look_exclusive",
                    "look",
                    sentence,
                    PAGE,
                    each.touching,
                    owner,
                    about,
                )
            )
    zone = zone_of(model)
    for arrival in arrivals if zone else ():
        if arrival.naive and not arrival.zone:
            verb = "is" if arrival.naive == 1 else "are"
            sentence = (
                f"{_named(arrival.source)}: {number.plural(arrival.naive, 'time')} without a time"
                f" zone {verb} read as UTC, while days are those of {zone}. Declare the zone of the"
                " source."
            )
            found.append(
                Finding(
                    "sources.zone_unknown",
                    "note",
                    sentence,
                    PAGE,
                    arrival.naive,
                    arrival.owner,
                    (arrival.source,),
                )
            )
    return found


def of_odd_hours(model: Model, counted: Iterable[Mapping[str, Any]]) -> list[Finding]:
    """Times of a source that its clocks show twice, so that nobody knows which is meant, or
    never; from the answers to `odd_hours_sql`.
    """
    found = []
    for row in counted:
        said = [
            f"{number.plural(row[kind], 'time')} of {humanize(row['field'])}"
            f" {how if row[kind] == 1 else many}"
            for kind, how, many in (
                (
                    "twice",
                    "happens twice, as the clocks go back, and is taken as the first",
                    "happen twice, as the clocks go back, and are taken as the first",
                ),
                (
                    "skipped",
                    "never happens, as the clocks go forward, and is taken as so much later",
                    "never happen, as the clocks go forward, and are taken as so much later",
                ),
            )
            if row[kind]
        ]
        if said:
            source = row["source"]
            sentence = (
                f"{_named(source)} ({declared_zone(model, source)} time): {'; '.join(said)}. Only"
                " an export with the offset or in UTC can say more."
            )
            found.append(
                Finding(
                    "sources.odd_hours",
                    "note",
                    sentence,
                    PAGE,
                    row["twice"] + row["skipped"],
                    owner_of(model, source),
                    (source, row["field"]),
                )
            )
    return found


def of_age(model: Model, ages: Sequence[Age]) -> list[Finding]:
    """Systems past their limits, quiet sources of fresh systems, sources without a dated fact."""
    found = []
    for severity in ("fail", "look"):
        newest: dict[str, Age] = {}
        for age in sorted(ages, key=lambda each: each.gap or 0):
            if age.newest and not age.quiet and age.state == severity:
                newest.setdefault(model.system_of(age.source), age)
        for owner, late in _by_owner(model, list(newest.values())).items():
            said = _first(
                [
                    f"{humanize(model.system_of(age.source))} ({behind(age)}; {limit(age)})"
                    for age in late
                ]
            )
            sentence = f"The newest fact is older than its system's limit on the as-of day: {said}."
            found.append(
                Finding(
                    "sources.stale",
                    severity,
                    sentence,
                    PAGE,
                    len(late),
                    owner,
                    tuple(model.system_of(age.source) for age in late),
                )
            )
    for owner, quiet in _by_owner(
        model, [age for age in ages if age.quiet and age.state == "look"]
    ).items():
        said = _first([f"{source_in_words(age.source)} ({behind(age)})" for age in quiet])
        sentence = (
            f"{capital(said)}: nothing new for longer than the limit at which a system fails, while"
            " the rest of the system is fresh."
        )
        found.append(
            Finding(
                "sources.quiet",
                "look",
                sentence,
                PAGE,
                len(quiet),
                owner,
                tuple(age.source for age in quiet),
            )
        )
    undated = [age.source for age in ages if age.field and age.newest is None]
    if undated:
        sentence = (
            f"{capital(_first(list(map(source_in_words, undated))))}: no fact is dated on or before"
            " the as-of day."
        )
        found.append(
            Finding(
                "sources.undated",
                "look",
                sentence,
                PAGE,
                len(undated),
                owner_of(model, undated[0]),
                tuple(undated),
            )
        )
    return found


def _by_owner(model: Model, ages: Sequence[Age]) -> dict[str, list[Age]]:
    """The ages of sources by whose the source is: a finding is of one owner."""
    found: dict[str, list[Age]] = {}
    for age in ages:
        found.setdefault(owner_of(model, age.source), []).append(age)
    return found


def of_classes(model: Model, classes: Sequence[Classified]) -> list[Finding]:
    """Guesses that wait, columns that nobody declared, fields that sound personal and have no
    class.
    """
    owner, found = model.owner_of("sources"), []
    identifiers = [
        name
        for name, each in (model.sources.identifiers if model.sources else {}).items()
        if each.guess
    ]
    guessed = sum(len(each.guessed) for each in classes) + len(identifiers)
    if guessed:
        where = _first(
            [source_in_words(each.source) for each in classes if each.guessed]
            or list(map(humanize, identifiers))
        )
        verb = "waits" if guessed == 1 else "wait"
        sentence = (
            f"{number.plural(guessed, 'guess', 'guesses')} about types, classes and keys {verb} for"
            f" somebody to confirm: {where}."
        )
        found.append(Finding("sources.guessed", "look", sentence, PAGE, guessed, owner))
    unclassified = [(each.source, name) for each in classes for name in each.unclassified]
    if unclassified:
        verb = "has no class and counts" if len(unclassified) == 1 else "have no class and count"
        sentence = (
            f"{number.plural(len(unclassified), 'text field')} {verb} as personal until somebody"
            " confirms:"
            f" {_first([f'{humanize(name)} in {source_in_words(source)}' for source, name in unclassified])}."
        )
        found.append(
            Finding(
                "sources.unclassified_text",
                "look",
                sentence,
                PAGE,
                len(unclassified),
                owner,
                _about(unclassified),
            )
        )
    undeclared = [(each.source, name) for each in classes for name in each.undeclared]
    if undeclared:
        verb = "stands in a file and is" if len(undeclared) == 1 else "stand in the files and are"
        sentence = (
            f"{number.plural(len(undeclared), 'column')} {verb} declared nowhere, so that no page"
            " can use them:"
            f" {_first([f'{name} in {source_in_words(source)}' for source, name in undeclared])}."
        )
        found.append(
            Finding(
                "sources.undeclared_columns",
                "look",
                sentence,
                PAGE,
                len(undeclared),
                owner,
                _about(undeclared),
            )
        )
    open_ = [(each.source, name) for each in classes for name in each.open_of_person]
    if open_:
        verb = "is shown by pages and stays" if len(open_) == 1 else "are shown by pages and stay"
        sentence = (
            f"{number.plural(len(open_), 'field')} of people who may ask to be forgotten {verb}"
            " when they ask, and nobody wrote why:"
            f" {_first([f'{humanize(name)} in {source_in_words(source)}' for source, name in open_])}."
            " Class them `personal`, or write `because` at the field."
        )
        found.append(
            Finding(
                "sources.open_of_person", "look", sentence, PAGE, len(open_), owner, _about(open_)
            )
        )
    suspicious = [(each.source, name) for each in classes for name in each.suspicious]
    if suspicious:
        verb = "sounds personal and was" if len(suspicious) == 1 else "sound personal and were"
        sentence = (
            f"{number.plural(len(suspicious), 'field')} {verb} given no class, so that values may"
            " be shown:"
            f" {_first([f'{humanize(name)} in {source_in_words(source)}' for source, name in suspicious])}."
        )
        found.append(
            Finding(
                "sources.suspicious_fields",
                "look",
                sentence,
                PAGE,
                len(suspicious),
                owner,
                _about(suspicious),
            )
        )
    return found


def of_trace(model: Model, legs: Sequence[Leg], started: str) -> list[Finding]:
    """Where a customer that is followed on keys alone is lost."""
    part = model.sources
    if len(legs) < 2 or part is None:
        return []
    start, end = legs[0].start, legs[-1].unbroken
    if start == end:
        return []
    worst = max(legs[1:], key=lambda leg: leg.ended)
    sentence = (
        f"Of {number.integer(start)} {started}, {number.integer(end)} can be followed to"
        f" {humanize(legs[-1].stop.name)}; most end at {humanize(worst.stop.name)}"
        f" ({number.integer(worst.ended)})."
    )
    for leg in legs:
        if not leg.stop.key_shared:
            sentence += f" No key leads to {humanize(leg.stop.name)}" + (
                f": {join_words([humanize(name) for name in leg.stop.by])} stands in."
                if leg.stop.by
                else "."
            )
    return [
        Finding(
            "sources.trace_breaks",
            "look",
            sentence,
            PAGE,
            start - end,
            model.owner_of("sources"),
            tuple(part.trace),
        )
    ]


def of_shared(model: Model, loose: Sequence[IdentifierCoverage]) -> list[Finding]:
    """Identifiers that count as strong, though their values stand on several records of one
    source.
    """
    found = []
    for name, spec in (model.sources.identifiers if model.sources else {}).items():
        here = [each for each in loose if each.identifier == name and each.shared]
        if here and spec.strength == "strong":
            worst, shared = max(here, key=lambda each: each.most), sum(each.shared for each in here)
            verb = "stands" if shared == 1 else "stand"
            sentence = (
                f"{capital(humanize(name))} counts as strong, and {number.plural(shared, 'value')}"
                f" {verb} on several records of one source, up to {worst.most:,} of them in"
                f" {source_in_words(worst.ref.source)}."
            )
            found.append(
                Finding(
                    "sources.shared_values",
                    "look",
                    sentence,
                    PAGE,
                    shared,
                    model.owner_of("sources", "identifiers", name),
                    (name,),
                )
            )
    return found


def of_spellings(
    model: Model, every: Sequence[Spelled], counted: Sequence[Mapping[str, Any]]
) -> list[Finding]:
    """Texts by which numbers are split, filtered or linked, and of which one value is written
    in several ways.
    """
    found, by_name = [], {each.name: each for each in every}
    for row in counted:
        if row["several"]:
            each = by_name[row["name"]]
            values = number.plural(row["several"], "value is", "values are")
            sentence = (
                f"{capital(humanize(each.name.replace('.', ' ')))}: {values} written in several"
                " ways that differ only in letter case or blanks;"
                f" {number.plural(row['rarer'], 'row')} {'holds' if row['rarer'] == 1 else 'hold'}"
                " a rarer spelling. Each spelling is a value of its own in"
                f" {_first(list(map(humanize, each.used_by)))}. If they are one value, declare the"
                " field `type: category`."
            )
            owner = model.owner_of("sources", "systems", model.system_of(each.places[0].source))
            found.append(
                Finding(
                    "sources.spellings",
                    "look",
                    sentence,
                    PAGE,
                    row["rarer"],
                    owner,
                    tuple(ref.name for ref in each.places),
                )
            )
    return found


def of_categories(
    model: Model, every: Sequence[Spelled], counted: Sequence[Mapping[str, Any]]
) -> list[Finding]:
    """Categories of which some rows hold another spelling than pages show."""
    found, by_name = [], {each.name: each for each in every}
    for row in counted:
        if row["rarer"]:
            each = by_name[row["name"]]
            sentence = (
                f"{capital(humanize(each.name.replace('.', ' ')))}:"
                f" {number.plural(row['rarer'], 'row')} {'holds' if row['rarer'] == 1 else 'hold'}"
                f" another spelling of {number.plural(row['several'], 'value')}; numbers and pages"
                " use one spelling of each. Correct them at the source."
            )
            owner = model.owner_of("sources", "systems", model.system_of(each.places[0].source))
            found.append(
                Finding(
                    "sources.spellings",
                    "note",
                    sentence,
                    PAGE,
                    row["rarer"],
                    owner,
                    tuple(ref.name for ref in each.places),
                )
            )
    return found


def of_unknown(
    model: Model, each: Spelled, shown: Sequence[Mapping[str, Any]], code: Callable[[str], str]
) -> list[Finding]:
    """Countries or languages that name none."""
    unknown = [row for row in shown if code(row["shown"]) != row["shown"]]
    if not unknown:
        return []
    rows, kind = sum(row["rows"] for row in unknown), model.type_of(each.entity, each.attribute)
    sentence = (
        f"{capital(humanize(each.name.replace('.', ' ')))}: {number.plural(len(unknown), 'value')}"
        f" on {number.plural(rows, 'row')} {'names' if len(unknown) == 1 else 'name'} no known"
        f" {kind}; each stays a value of its own. Correct them at the source, or `recode:` them in"
        " 03_sources.yml."
    )
    owner = model.owner_of("sources", "systems", model.system_of(each.places[0].source))
    return [
        Finding(
            "sources.unknown_codes",
            "look",
            sentence,
            PAGE,
            rows,
            owner,
            tuple(ref.name for ref in each.places),
        )
    ]


def of_phones(model: Model, counted: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """Phone numbers without a country code that no region says how to read."""
    unread = [row for row in counted if row["unread"]]
    if not unread:
        return []
    missing, numbers = sum(row["unread"] for row in unread), sum(row["numbers"] for row in unread)
    sentence = (
        f"{number.integer(missing)} of {number.plural(numbers, 'phone number')}"
        f" {'has' if missing == 1 else 'have'} no country code and no region to read them by, so"
        " they match and link nothing:"
        f" {_first([humanize(row['name'].replace('.', ' ')) for row in unread])}. Write `region:"
        " GB`, or `region:` and the field that holds the country, at the field; or `region:` in"
        " workbook.yml."
    )
    return [
        Finding(
            "sources.phones_without_region",
            "look",
            sentence,
            PAGE,
            missing,
            model.owner_of("sources"),
            tuple(row["name"] for row in unread),
        )
    ]


def source_in_words(source: str) -> str:
    """A source as a sentence names it: its system and its table.

    >>> source_in_words("crm.sign_ups")
    'CRM sign ups'
    """
    return humanize(source.replace(".", "_"))


def _named(source: str) -> str:
    return capital(source_in_words(source))


def _about(fields: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(f"{source}.{name}" for source, name in fields[:20])


def behind(age: Age) -> str:
    """How old the newest fact is, in hours or days."""
    gap = age.gap or 0
    return number.plural(round(gap * 24), "hour") if gap < 2 else number.plural(round(gap), "day")


def limit(age: Age) -> str:
    """The limits of a source, in words."""
    said = [
        f"{word} after {_length(days)}"
        for word, days in (("look", age.warn), ("fail", age.error))
        if days is not None
    ]
    return ", ".join(said) or "no limit"


def _length(days: float) -> str:
    return (
        number.plural(round(days * 24), "hour")
        if days < 2 and days != 1
        else number.plural(round(days), "day")
    )


def _first(names: Sequence[str], most: int = 6) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
