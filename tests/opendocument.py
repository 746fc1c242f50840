"""Writes small .ods files: sheets by name, each a list of rows of values."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from workbooks import Failed

_NAME = "urn:oasis:names:tc:opendocument:xmlns"
_KIND = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = (
    f'xmlns:office="{_NAME}:office:1.0" xmlns:table="{_NAME}:table:1.0"'
    f' xmlns:text="{_NAME}:text:1.0"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)
_MANIFEST = (
    f'<manifest:manifest xmlns:manifest="{_NAME}:manifest:1.0"'
    ' manifest:version="1.3"><manifest:file-entry manifest:full-path="/"'
    f' manifest:media-type="{_KIND}"/><manifest:file-entry manifest:full-path="content.xml"'
    ' manifest:media-type="text/xml"/></manifest:manifest>'
)


def write_opendocument(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    """A workbook as LibreOffice writes it; None is an empty cell."""
    tables = "".join(
        f'<table:table table:name="{escape(name)}">{"".join(map(_row, rows))}</table:table>'
        for name, rows in sheets.items()
    )
    content = (
        f"<office:document-content {_SPACES}><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", _KIND)
        for name, text in (("META-INF/manifest.xml", _MANIFEST), ("content.xml", content)):
            book.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)
    return path


def _row(row: list[object]) -> str:
    cells = "".join(map(_cell, row)) or '<table:table-cell table:number-columns-repeated="4"/>'
    return f"<table:table-row>{cells}</table:table-row>"


def _cell(value: object) -> str:
    if value is None:
        return "<table:table-cell/>"
    kind, stored = _stored(value)
    shown = f"<text:p>{escape(str(value))}</text:p>"
    return f'<table:table-cell office:value-type="{kind}" {stored}>{shown}</table:table-cell>'


def _stored(value: object) -> tuple[str, str]:
    if isinstance(value, Failed):
        return "string", 'office:string-value="" calcext:value-type="error"'
    if isinstance(value, bool):
        return "boolean", f'office:boolean-value="{str(value).lower()}"'
    if isinstance(value, dt.datetime):
        return "date", f'office:date-value="{value.isoformat()}"'
    if isinstance(value, (int, float)):
        return "float", f'office:value="{value:.15G}"'
    return "string", ""
