"""A small project in which every name is given: two systems that know one person, orders, a
change log, and a number of everything.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

# What each name is called for; a model gives every role one.
ROLES = (
    "key",
    "mail",
    "text",
    "money",
    "day",
    "written",
    "link",
    "flag",  # fields
    "no",
    "person_no",
    "total",
    "bought",
    "currency",  # fields of orders
    "change",
    "who",
    "value",
    "at",  # fields of the change log
    "mail_id",
    "person_id",  # identifiers
    "note",
    "worth",
    "since",  # attributes of the person
    "person",
    "order",
    "buys",  # entities and their relationship
    "kept",
    "rule",
    "busy",
    "happened",
    "state",
    "other_state",  # past, rules, event, states
    # measures and metrics
    "people",
    "sales",
    "counted",
    "sum",
    "by_ratio",
    "by_expr",
    "window",
    "moving",
    "level",
    "view",
    "audience",
    "check",
    "purpose",
)
PLAIN = {role: f"{role}_x" for role in ROLES}
SYSTEMS = ("crm", "app", "shop")


def project(folder: Path, given: Mapping[str, str]) -> Path:
    """Writes the project: `given` names what it names, all else has a plain name."""
    n = {**PLAIN, **given}
    q = {role: f'"{name}"' for role, name in n.items()}
    people = {
        n["key"]: "id",
        n["mail"]: "email",
        n["text"]: "text",
        n["money"]: {"type": "money", "currency": "EUR"},
        n["day"]: "date",
        n["written"]: "timestamp",
        n["flag"]: "boolean",
    }
    orders = {
        n["no"]: "id",
        n["person_no"]: "id",
        n["total"]: {"type": "money", "currency": n["currency"]},
        n["bought"]: "date",
        n["currency"]: "currency",
    }
    log = {n["change"]: "id", n["who"]: "id", n["value"]: "text", n["at"]: "timestamp"}
    sources = {
        "systems": {name: {"label": name} for name in SYSTEMS},
        "sources": {
            "crm.people": {"primary_key": n["key"], "recorded": n["written"], "fields": people},
            "app.people": {"primary_key": n["key"], "recorded": n["written"], "fields": people},
            "shop.orders": {"primary_key": n["no"], "valid": n["bought"], "fields": orders},
            "shop.log": {"primary_key": n["change"], "valid": n["at"], "fields": log},
        },
        "identifiers": {
            n["mail_id"]: {"in": [f"crm.people.{n['mail']}", f"app.people.{n['mail']}"]},
            n["person_id"]: {
                "in": [
                    f"crm.people.{n['key']}",
                    f"shop.orders.{n['person_no']}",
                    f"shop.log.{n['who']}",
                ]
            },
        },
    }
    both = ["crm.people", "app.people"]
    attributes = {
        n["note"]: [f"{each}.{n['text']}" for each in both],
        n["worth"]: [f"{each}.{n['money']}" for each in both],
        n["since"]: [f"{each}.{n['day']}" for each in both],
    }
    entities = {
        "entities": {
            n["person"]: {"row_is": "one human", "from": both, "attributes": attributes},
            n["order"]: {"row_is": "one order", "from": "shop.orders"},
        },
        "relationships": {n["buys"]: {"from": n["order"], "to": n["person"], "by": n["person_id"]}},
    }
    person, order = n["person"], n["order"]
    metrics = {
        "rules": {
            n["rule"]: {
                "of": person,
                "means": "noted",
                "all": [f"{q['note']} = 'u'", f"{q['worth']} >= 0"],
            },
            n["busy"]: {
                "of": person,
                "means": "buys",
                "any": [
                    {"some": order, "within": "90 days", "where": f"{q['total']} > 0"},
                    f"{q['kept']} = 'gold'",
                ],
            },
        },
        "semantic_models": {
            "p": {"of": person, "measures": {n["people"]: {"agg": "count"}}},
            "o": {
                "of": order,
                "measures": {n["sales"]: {"agg": "sum", "expr": q["total"]}},
                "dimensions": [n["bought"]],
            },
        },
        "metrics": {
            n["counted"]: {
                "measure": n["people"],
                "by": [
                    f"{person}.{n['note']}",
                    f"{person}.{n['rule']}",
                    f"{person}.{n['kept']} then",
                    f"{person}.lifecycle",
                ],
                "filter": q["busy"],
            },
            n["sum"]: {
                "measure": n["sales"],
                "by": [
                    f"{order}.{n['no']}",
                    f"{person}.{n['note']}",
                    f"{person}.{n['kept']} at {n['happened']}",
                ],
            },
            n["level"]: {"measure": n["people"], "filter": f"not {q['rule']}"},
            n["by_ratio"]: {
                "type": "ratio",
                "numerator": n["counted"],
                "denominator": n["level"],
                "by": [f"{person}.{n['note']}"],
            },
            n["by_expr"]: {"type": "derived", "expr": f"{q['counted']} + 2 * {q['level']}"},
            n["window"]: {"type": "cumulative", "measure": n["sales"], "window": "30 days"},
        },
    }
    files = {
        "02_grain": {"primary": person, "sentence": "One row is one person."},
        "03_sources": sources,
        "04_entities": entities,
        "04b_identity": {
            "identity": {
                person: {
                    "rules": [{"name": n["rule"], "match": n["mail_id"]}],
                    "never_merge": [n["note"]],
                }
            }
        },
        "05_survivorship": {
            "default": {person: ["crm", "app"]},
            "fields": {
                f"{person}.{n['worth']}": {"rule": "most_recent"},
                f"{person}.{n['note']}": {"rule": "union"},
            },
        },
        "06_history": {
            "history": {
                f"{person}.{n['kept']}": {
                    "from": "shop.log",
                    "as": "events",
                    "value": n["value"],
                    "where": f"{q['change']} is not null",
                }
            },
            "events": {
                n["happened"]: {"from": "shop.orders", "of": person},
                f"{n['happened']}_too": {"from": "shop.log", "of": person},
            },
            "lifecycle": {
                person: {
                    n["state"]: {"starts": n["happened"], "next": [n["other_state"]]},
                    n["other_state"]: {"starts": f"{n['happened']}_too"},
                }
            },
        },
        "07_metrics": metrics,
        "08_checks": {
            "checks": {
                n["check"]: {"on": person, "must": f"{q['worth']} >= 0"},
                f"{n['check']}_2": {"on": "shop.orders", "must": f"{q['total']} > 0"},
            }
        },
        "11_customer_360": {
            "views": {
                n["view"]: {
                    "of": person,
                    "purpose": n["purpose"],
                    "fields": [
                        f"{person}.{n['note']}",
                        n["rule"],
                        n["sum"],
                        f"{person}.{n['worth']}",
                    ],
                    "only": q["busy"],
                }
            },
            "audiences": {
                n["audience"]: {
                    "of": person,
                    "purpose": n["purpose"],
                    "fields": [f"{person}.{n['note']}"],
                    "consent": f"{q['kept']} = 'gold'",
                }
            },
        },
        "12_ai_context": {
            "purposes": {
                n["purpose"]: {"does": "asks", "classes": ["public", "internal", "personal"]}
            }
        },
    }
    (folder / "model").mkdir(parents=True, exist_ok=True)
    (folder / "decisions").mkdir(exist_ok=True)
    (folder / "workbook.yml").write_text(
        "workbook: 2\nname: names\nas_of: 2025-06-30\ndata: data\ndepartments: {sales: a}\n",
        "utf-8",
    )
    for stem, values in files.items():
        (folder / "model" / f"{stem}.yml").write_text(
            "".join(
                f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items()
            ),
            "utf-8",
        )
    rows = {
        "crm/people.csv": [
            list(people),
            ["1", "a@x.test", "u", "10", "2025-01-01", "2025-06-01 00:00:00", "true"],
            ["2", "b@x.test", "v", "20", "2025-01-02", "2025-06-02 00:00:00", "false"],
        ],
        "app/people.csv": [
            list(people),
            ["q1", "a@x.test", "u", "1", "2025-02-01", "2025-06-03 00:00:00", ""],
        ],
        "shop/orders.csv": [
            list(orders),
            ["o1", "1", "5", "2025-06-10", "EUR"],
            ["o2", "2", "7", "2025-06-11", "EUR"],
        ],
        "shop/log.csv": [
            list(log),
            ["c1", "1", "gold", "2025-03-01 00:00:00"],
            ["c2", "1", "tin", "2025-06-01 00:00:00"],
        ],
    }
    for file, lines in rows.items():
        (folder / "data" / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / "data" / file).write_text(
            "".join(",".join(line) + "\n" for line in lines), "utf-8"
        )
    return folder
