"""The formats of files that a source may name; what each means stands in `engine.landing.formats`."""

from __future__ import annotations

FILE_FORMATS = ("csv", "tsv", "parquet", "json", "ndjson", "excel")
