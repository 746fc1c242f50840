"""A small project of two systems that know the same clients: orders to swap, an exception, a
rule that competes, rows that came late.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from builders import SETTINGS, a_project

PERSONAL = {"type": "person_name", "class": "personal"}
PLAN = {"type": "text", "class": "internal"}
FILES = {
    "crm_clients": (
        "no,mail,name,plan,seen\n1,ann@x.example,SECRETANN,gold,2025-01-01\n"
        "2,bob@x.example,SECRETBOB,gold,2025-01-01\n"
        "3,cat@x.example,SECRETCAT,,2025-01-01\n"
    ),
    "shop_clients": (
        "no,mail,name,plan,seen\n7,ann@x.example,secretann,small,2025-02-01\n"
        "8,bob@x.example,SECRETBOBBY,small,2025-02-01\n"
        "9,dan@x.example,SECRETDAN,small,2025-02-01\n"
    ),
}
SOURCES = {
    "systems": {"crm": {}, "shop": {}},
    "sources": {
        f"{system}.clients": {
            "primary_key": "no",
            "recorded": "seen",
            "fields": {
                "no": "id",
                "mail": "email",
                "name": PERSONAL,
                "plan": PLAN,
                "seen": "timestamp",
            },
        }
        for system in ("crm", "shop")
    },
    "identifiers": {"mail": {"in": ["crm.clients", "shop.clients"]}},
}
BOTH = ["crm.clients", "shop.clients"]
PARTS: dict[str, Any] = {
    "02_grain": {
        "primary": "client",
        "sentence": "One row is one client.",
        "headline": ["golden_clients"],
    },
    "03_sources": SOURCES,
    "04_entities": {
        "entities": {"client": {"from": BOTH, "attributes": {"name": BOTH, "plan": BOTH}}}
    },
    "04b_identity": {"identity": {"client": {"rules": [{"name": "same_mail", "match": "mail"}]}}},
    "05_survivorship": {
        "fields": {
            "client.name": {"order": ["crm", "shop"]},
            "client.plan": {
                "order": ["crm", "shop"],
                "considered": {"newest": {"rule": "most_recent"}},
            },
        }
    },
    "07_metrics": {
        "rules": {
            "golden": {"of": "client", "all": ["plan = 'gold'"]},
            "small": {"of": "client", "all": ["plan = 'small'"], "competes_with": "golden"},
        },
        "semantic_models": {"clients": {"of": "client", "measures": {"clients": {"agg": "count"}}}},
        "metrics": {
            "golden_clients": {
                "type": "simple",
                "measure": "clients",
                "filter": "golden",
                "label": "Golden clients",
            }
        },
    },
}
EXCEPTION = (
    "id,at,by,field,record,use_source,use_value,until,because\n"
    "e1,2025-06-01,sales,client.plan,crm.clients:2,shop,,2025-12-31,moved"
    " early\n"
)


def write_project(
    folder: Path, files: dict[str, str] = FILES, exceptions: str = EXCEPTION, **parts: Any
) -> Path:
    """The project in a folder; parts named here replace or leave out (None) its own."""
    settings = {**SETTINGS, "departments": {"sales": "head of sales"}}
    a_project(folder, files, settings, **{**PARTS, **parts})
    (folder / "decisions").mkdir()
    (folder / "decisions" / "exceptions.csv").write_text(exceptions)
    return folder
