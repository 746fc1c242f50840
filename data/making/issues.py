"""Known issues as support lists them, and the tickets that an agent tied to one; chance of its own, so nothing else moves."""

from __future__ import annotations

import datetime as dt

from making.sample import Row, Sample, day_first
from making.world import AS_OF

# what customers write -> what support calls it, and what helps until it is mended
FAULTS = {
    "Report shows wrong total": ("Totals leave out the last day of a month", "Filter to the 1st of the next month"),
    "Export is slow": ("Exports above 50,000 rows time out", "Export one quarter at a time"),
    "Single sign-on fails": ("Sign-on fails after a certificate is renewed", "Upload the new certificate under Security"),
    "Dashboard is empty": ("Dashboards stay empty in private windows", "Allow storage for this site"),
    "API returns 500": ("The interface fails on page sizes above 500", "Ask for 200 rows a page"),
}
FIRST = dt.date(2022, 9, 1)


def known_issues(sample: Sample, tickets: list[Row]) -> None:
    """Adds support.known_issues, and `issue_id` to every ticket (empty where none was tied)."""
    dice = sample.dice("known issues")
    rows: list[Row] = []
    spans: dict[str, list[tuple[dt.date, dt.date, str]]] = {}
    for subject, (title, workaround) in FAULTS.items():
        opened = dice.day(FIRST, FIRST + dt.timedelta(days=240))
        while opened < AS_OF:
            fixed = opened + dt.timedelta(days=dice.between(60, 420))
            key = f"ki-{len(rows) + 101}"
            spans.setdefault(subject, []).append((opened, fixed, key))
            rows.append(
                {
                    "issue_id": key,
                    "title": title,
                    "state": "fixed" if fixed <= AS_OF else "open",
                    "workaround": workaround,
                    "opened_on": f"{opened:%d/%m/%Y}",
                    "fixed_on": f"{fixed:%d/%m/%Y}" if fixed <= AS_OF else "",
                    "updated_at": day_first(dice.moment(min(fixed, AS_OF))),
                }
            )
            opened = fixed + dt.timedelta(days=dice.between(90, 400))
    for ticket in tickets:
        day = ticket["created"].date()
        fits = [key for opened, fixed, key in spans.get(ticket["subject"], ()) if opened <= day < fixed]
        ticket["issue_id"] = fits[0] if fits and dice.chance(0.7) else ""
    sample.tables["support.known_issues"] = rows
