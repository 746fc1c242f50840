"""Writes small .xlsx files: sheets by name, each a list of rows of values."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DAY = "yyyy\\-mm\\-dd\\ hh:mm:ss"


class Failed(str):
    """A formula that failed, such as `#N/A`."""


class Formula:
    """A formula with the value that the workbook keeps of it; None where it keeps none."""

    def __init__(self, value: object = None) -> None:
        self.value = value


class Shown:
    """A number that is shown by a format, such as 0.15 by `0%`."""

    def __init__(self, value: float, code: str) -> None:
        self.value, self.code = value, code


Sheets = dict[str, list[list[object]]]


def write_workbook(
    path: Path, sheets: Sheets, *, hidden: str = "", mac: bool = False, waits: bool = False
) -> Path:
    """A workbook; None is an empty cell.

    `mac` counts days from 1904, and `waits` asks to be calculated when opened.
    """
    numbers = range(1, len(sheets) + 1)
    codes = list(
        dict.fromkeys(
            [
                _DAY,
                *(
                    cell.code
                    for rows in sheets.values()
                    for row in rows
                    for cell in row
                    if isinstance(cell, Shown)
                ),
            ]
        )
    )
    shown = {name: ' state="hidden"' if name == hidden else "" for name in sheets}
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default'
            ' Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml"'
            f' ContentType="{_TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml"'
            f' ContentType="{_TYPE}.styles+xml"/>'
            + "".join(
                f'<Override PartName="/xl/worksheets/sheet{n}.xml"'
                f' ContentType="{_TYPE}.worksheet+xml"/>'
                for n in numbers
            )
            + "</Types>"
        ),
        "_rels/.rels": _links({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr'
            f' date1904="{int(mac)}"/><sheets>'
            + "".join(
                f'<sheet name="{escape(name)}" sheetId="{n}"{shown[name]} r:id="rId{n}"/>'
                for n, name in zip(numbers, sheets, strict=True)
            )
            + f'</sheets><calcPr fullCalcOnLoad="{int(waits)}"/></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _links(
            {f"rId{n}": ("worksheet", f"worksheets/sheet{n}.xml") for n in numbers}
            | {"rIdS": ("styles", "styles.xml")}
        ),
        "xl/styles.xml": _styles(codes),
    }
    for number, rows in zip(numbers, sheets.values(), strict=True):
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{_rows(rows, codes)}</sheetData></worksheet>'
        )
    with zipfile.ZipFile(path, "w") as book:
        for name, text in parts.items():
            book.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)
    return path


def _styles(codes: list[str]) -> str:
    """A cell style for each number format, after the plain one."""
    numbers = range(164, 164 + len(codes))
    formats = "".join(
        f'<numFmt numFmtId="{n}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>'
        for n, code in zip(numbers, codes, strict=True)
    )
    styles = "".join(f'<xf numFmtId="{n}"/>' for n in (0, *numbers))
    return (
        f'<styleSheet xmlns="{_MAIN}"><numFmts count="{len(codes)}">{formats}</numFmts><cellXfs'
        f' count="{len(codes) + 1}">{styles}</cellXfs></styleSheet>'
    )


def _links(targets: dict[str, tuple[str, str]]) -> str:
    made = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{made}</Relationships>'


def _rows(rows: list[list[object]], codes: list[str]) -> str:
    made = ""
    for number, row in enumerate(rows, 1):
        cells = "".join(
            _cell(f"{chr(65 + at)}{number}", value, codes)
            for at, value in enumerate(row)
            if value is not None
        )
        made += f'<row r="{number}">{cells}</row>' if cells else ""
    return made


def _cell(place: str, value: object, codes: list[str]) -> str:
    if isinstance(value, Formula):
        kept = "<v/>" if value.value is None else f"<v>{value.value}</v>"
        kind = "str" if isinstance(value.value, str) else "n"
        return f'<c r="{place}" t="{kind}"><f>A1</f>{kept}</c>'
    if isinstance(value, Shown):
        return f'<c r="{place}" s="{codes.index(value.code) + 1}"><v>{value.value!r}</v></c>'
    if isinstance(value, Failed):
        return f'<c r="{place}" t="e"><v>{value}</v></c>'
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, dt.datetime):
        days = (value - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
        return f'<c r="{place}" s="1"><v>{days!r}</v></c>'
    if isinstance(value, (int, float)):
        return f'<c r="{place}"><v>{value!r}</v></c>'
    return (
        f'<c r="{place}" t="inlineStr"><is><t'
        f' xml:space="preserve">{escape(str(value))}</t></is></c>'
    )
