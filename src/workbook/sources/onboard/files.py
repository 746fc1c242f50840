"""Which files are meant, which of them are one source, and what their sources are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workbook.engine.landing import SUFFIXES
from workbook.engine.landing.formats.excel import EXCEL, hidden_in, sheets_of
from workbook.errors import DataError, all_of
from workbook.sources.onboard.headers import word_set
from workbook.words import error_of

# the system of a file that lies in no folder and shares its first word with no other
_ALONE = "files"
# Systems by the first word of their files, as they write their own names.
_SYSTEMS = {
    "hubspot": "HubSpot",
    "salesforce": "Salesforce",
    "stripe": "Stripe",
    "zendesk": "Zendesk",
    "intercom": "Intercom",
    "shopify": "Shopify",
    "pipedrive": "Pipedrive",
    "freshdesk": "Freshdesk",
    "mailchimp": "Mailchimp",
    "klaviyo": "Klaviyo",
    "marketo": "Marketo",
    "netsuite": "NetSuite",
    "chargebee": "Chargebee",
    "recurly": "Recurly",
    "zuora": "Zuora",
    "paypal": "PayPal",
    "adyen": "Adyen",
    "braintree": "Braintree",
    "woocommerce": "WooCommerce",
    "magento": "Magento",
    "bigquery": "BigQuery",
    "snowplow": "Snowplow",
    "segment": "Segment",
    "amplitude": "Amplitude",
    "mixpanel": "Mixpanel",
    "xero": "Xero",
    "quickbooks": "QuickBooks",
    "jira": "Jira",
    "gainsight": "Gainsight",
    "ga4": "Google Analytics",
    "ecb": "ECB",
    "crm": "CRM",
    "erp": "ERP",
}
# What tells one delivery of a table from the next: a date, a month, a quarter, a number at the end
# of the name.
_DELIVERY = re.compile(
    r"[-_."
    r" ]+(?:v?\d+|\d{4}(?:[-_.]?\d{2}){0,2}(?:T?\d{4,6})?|q[1-4][-_.]?\d{4}|\d{4}[-_.]?q[1-4])$",
    re.IGNORECASE,
)
_EXPORTED = re.compile(r"[-_. ]+exports?(?:[-_. ]\d+)?$", re.IGNORECASE)


# Endings of files that hold data, and that a folder's other files are not taken for.
_PASSED_OVER = word_set(
    "txt tab psv dat gz zip bz2 xz zst 7z avro orc arrow feather xml db sqlite sqlite3 mdb accdb"
    " sav dta"
)


@dataclass(frozen=True)
class Found:
    """What becomes one source: a file, a sheet of one, or several files that are one table; and
    its name.
    """

    path: Path
    system: str
    table: str
    asked: bool = True  # named by the caller, not found in a folder
    sheet: str = ""
    starts_at: str = ""  # what its header begins with, where another table stands above it
    files: tuple[Path, ...] = ()  # all files, where several are one source
    pattern: str = ""  # what finds them, in the folder of the first
    connection: str = ""  # the database that the rows were read from, and its table
    db_table: str = ""

    @property
    def source(self) -> str:
        """`system.table`."""
        return f"{self.system}.{self.table}"

    @property
    def paths(self) -> tuple[Path, ...]:
        """Every file of the source."""
        return self.files or (self.path,)


def label_of(system: str) -> str:
    """What people call a system.

    >>> label_of("hubspot"), label_of("shop_eu")
    ('HubSpot', 'shop eu')
    """
    return _SYSTEMS.get(system, system.replace("_", " "))


def is_product(word: str) -> bool:
    """Whether a word is the name of a known product."""
    return word in _SYSTEMS


def found_files(
    paths: Iterable[Path], root: Path, system: str = "", known: Collection[str] = ()
) -> list[Found]:
    """The files named, and those below the folders named, each with its source's name.

    `<system>/<table>.csv` and `<system>_<table>.csv` say both, where other files share the
    system, or its name is that of a known product; a file that says neither goes under `files`.

    Raises:
        DataError: a path is not there, is of a kind that cannot be read, or holds nothing.
    """
    asked = list(dict.fromkeys(Path(path).resolve() for path in paths))
    wrong = [
        error_of(DataError, "sources.not_there", path=str(path))
        for path in asked
        if not path.exists()
    ]
    wrong += [
        _unknown(path) for path in asked if path.is_file() and path.suffix.lower() not in SUFFIXES
    ]
    if wrong:
        raise all_of(wrong)
    files = {path: True for path in asked if path.is_file()}
    for folder in (path for path in asked if path.is_dir()):
        inside = [path for path in sorted(folder.rglob("*")) if _readable(path, folder)]
        if not inside:
            raise error_of(
                DataError, "sources.nothing_readable", folder=str(folder), suffixes=sorted(SUFFIXES)
            )
        files |= {path: False for path in inside if path not in files}
    firsts = Counter(
        path.stem.partition("_")[0]
        for path in files
        if path.parent == root or not path.is_relative_to(root)
    )
    return [
        _named(path, root.resolve(), system, known, firsts, was_asked)
        for path, was_asked in files.items()
    ]


def passed_over(folders: Iterable[Path]) -> list[Path]:
    """The files below these folders that may hold data and are not read unless they are named, or
    not at all.
    """
    return [
        path
        for folder in folders
        if folder.is_dir()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.suffix.lower()[1:] in _PASSED_OVER
        and not _is_hidden(path, folder)
        and path.stem.lower() not in ("readme", "license")
    ]


def delivered_together(found: Sequence[Found]) -> list[list[Found]]:
    """Files of one folder and ending whose names differ by a date or a number: they may be
    deliveries of one table.
    """
    groups: dict[tuple[Path, str, str, str], list[Found]] = {}
    for each in found:
        stem = _DELIVERY.sub("", each.path.stem)
        groups.setdefault(
            (each.path.parent, stem, each.path.suffix.lower(), each.system), []
        ).append(each)
    return [
        group
        for (_, stem, *_), group in groups.items()
        if len(group) > 1 and all(each.path.stem != stem for each in group)
    ]


def as_one(group: Sequence[Found]) -> Found:
    """Several deliveries as one source, with the pattern that finds them and those to come."""
    first = group[0]
    stem = _DELIVERY.sub("", first.path.stem)
    mark = first.path.stem[len(stem)]
    table = _DELIVERY.sub("", first.table.replace("_", "-")).replace("-", "_") or first.table
    files = tuple(sorted(each.path for each in group))
    return replace(
        first,
        path=files[-1],
        table=_word(table),
        files=files,
        pattern=f"{stem}{mark}*{first.path.suffix}",
    )


def apart(found: Iterable[Found]) -> list[Found]:
    """The same files; two of one name get a number: `orders`, `orders_2`."""
    seen: Counter[str] = Counter()
    made = []
    for each in found:
        seen[each.source] += 1
        made.append(
            each
            if seen[each.source] == 1
            else replace(each, table=f"{each.table}_{seen[each.source]}")
        )
    return made


def by_sheet(found: Found) -> tuple[list[Found], list[Found]]:
    """Each sheet of a workbook as a source, and those that are hidden; one alone is called like
    its file.

    Any other file is itself.

    Raises:
        DataError: the workbook is torn, or has a password.
    """
    if SUFFIXES.get(found.path.suffix.lower()) != EXCEL.name:
        return [found], []
    sheets, hidden = sheets_of(found.path), hidden_in(found.path)
    shown = [sheet for sheet in sheets if sheet not in hidden] or sheets
    aside = [_of_sheet(found, sheet) for sheet in sheets if sheet not in shown]
    if len(sheets) == 1:
        return [found], []
    alone = [replace(found, sheet=shown[0])]
    return alone if len(shown) == 1 else [_of_sheet(found, sheet) for sheet in shown], aside


def _of_sheet(found: Found, sheet: str) -> Found:
    """A sheet, with the file's name as its system where no folder names one."""
    system = found.system if found.system != _ALONE else _word(found.path.stem)
    return replace(found, system=system, table=_word(sheet), sheet=sheet)


def source_word(text: str) -> str:
    """A name that a system or a table may bear."""
    return _word(text)


def _unknown(path: Path) -> DataError:
    known = sorted(SUFFIXES)
    return error_of(
        DataError, "sources.unknown_kind", file=path.name, suffix=path.suffix, suffixes=known
    )


def _readable(path: Path, folder: Path) -> bool:
    return (
        path.is_file()
        and path.suffix.lower() in SUFFIXES
        and path.suffix.lower() != ".txt"
        and not _is_hidden(path, folder)
    )


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith((".", "_", "~$")) for part in path.relative_to(folder).parts)


def _named(
    path: Path, root: Path, system: str, known: Collection[str], firsts: Counter[str], asked: bool
) -> Found:
    first, _, rest = path.stem.partition("_")
    if system:
        stem = path.stem.removeprefix(f"{system}_")
        return Found(path, _word(system), _table(stem), asked)
    if path.parent != root and path.is_relative_to(root):
        return Found(path, _word(path.parent.name), _table(path.stem, path.parent.name), asked)
    if rest and (firsts[first] > 1 or first in known or first.lower() in _SYSTEMS):
        return Found(path, _word(first), _table(rest), asked)
    folder = path.parent.name if path.parent != root else _ALONE
    return Found(path, _word(folder), _table(path.stem), asked)


def _table(stem: str, system: str = "") -> str:
    """What a table is called by its file's name, without its system and without `export`.

    >>> _table("orders_export_1"), _table("bigquery_orders", "bigquery"), _table("export")
    ('orders', 'orders', 'export')
    """
    plain = stem.removeprefix(f"{system}_") if system else stem
    return _word(_EXPORTED.sub("", plain) or plain)


def _word(text: str) -> str:
    """A name that a source may bear.

    >>> _word("2024 Orders-EU")
    't_2024_orders_eu'
    """
    word = re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_").lower() or "t"
    return word if word[0].isalpha() else f"t_{word}"
