"""The decisions of the small company: all fourteen files, each of their texts given by whoever
asks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Say = Callable[[str], str]
TEXT = {"type": "text", "class": "internal"}
PUBLIC = {"type": "text", "class": "public"}
STREET = {"type": "text", "class": "personal"}
BIRTH = {"type": "date", "class": "personal"}
DEPARTMENTS = ("sales", "finance", "support")


def first_parts(say: Say) -> dict[str, dict[str, Any]]:
    person = {
        "person_no": "id",
        "mail": "email",
        "name": "full_name",
        "phone": "phone",
        "street": STREET,
        "birth": BIRTH,
    }
    person |= {"notes": "free_text", "city": PUBLIC, "seen_at": "timestamp"}
    order = {
        "order_no": "id",
        "person_no": "id",
        "total": {"type": "money", "currency": "EUR"},
        "product": PUBLIC,
        "bought_on": "date",
    }
    order["state"] = {
        "type": "text",
        "values": ["paid", "open"],
        "recode": {say("recode"): "paid"},
        "because": say("field.because"),
    }
    caller = {
        "caller_no": "id",
        "mail": "email",
        "name": "full_name",
        "phone": "phone",
        "town": PUBLIC,
        "called_at": "timestamp",
    }
    sources = {
        "crm.people": {"primary_key": "person_no", "recorded": "seen_at", "fields": person},
        "shop.orders": {"primary_key": "order_no", "valid": "bought_on", "fields": order},
        "desk.callers": {"primary_key": "caller_no", "recorded": "called_at", "fields": caller},
        "desk.letters": {
            "primary_key": "mail",
            "valid": "sent_at",
            "fields": {"mail": "email", "words": "free_text", "kind": TEXT, "sent_at": "timestamp"},
        },
        "crm.changes": {
            "primary_key": "change_no",
            "valid": "changed_at",
            "fields": {
                "change_no": "id",
                "person_no": "id",
                "city": PUBLIC,
                "changed_at": "timestamp",
            },
        },
        "desk.forget": {
            "primary_key": "ask",
            "valid": "asked",
            "fields": {"ask": "id", "mail": "email", "asked": "timestamp"},
        },
    }
    for name, source in sources.items():
        source["row_is"] = say(f"{name}.row_is")
    systems = {
        name: {"label": say(f"{name}.label"), "owner": "sales"} for name in ("crm", "shop", "desk")
    }
    mail = {
        "in": ["crm.people", "desk.callers", "desk.letters", "desk.forget"],
        "because": say("identifier.because"),
    }
    keys = {
        "person_no": {"in": ["crm.people", "shop.orders", "crm.changes"]},
        "mail": mail,
        "caller_no": {"in": "desk.callers"},
    }
    return {
        "00_diagnosis": {
            "owner": "sales",
            "answers": {
                "what_one_row_is": "partly",
                "history_kept": {"answer": "no", "because": say("answer.because")},
            },
            "symptoms": {
                "customer_counts_differ": say("symptom"),
                "history_overwritten": say("symptom.second"),
            },
        },
        "01_questions": {
            "owner": "sales",
            "questions": {
                "how_many": {
                    "ask": say("question.ask"),
                    "asked_by": "finance",
                    "decides": say("question.decides"),
                    "answered_by": "people",
                }
            },
        },
        "02_grain": {
            "primary": "person",
            "sentence": say("grain.sentence"),
            "because": say("grain.because"),
            "owner": "sales",
            "headline": ["people", "sold"],
            "considered": {"order": say("grain.considered"), "household": say("grain.unmeasured")},
            "customer_means": {name: say(f"customer_means.{name}") for name in DEPARTMENTS},
        },
        "03_sources": {
            "owner": "sales",
            "systems": systems,
            "freshness": {
                "warn_after": "5 days",
                "error_after": "9000 days",
                "because": say("freshness.because"),
            },
            "sources": sources,
            "identifiers": keys,
            "trace": ["person_no", "mail"],
        },
    }


def middle_parts(say: Say) -> dict[str, dict[str, Any]]:
    both = ["crm.people", "desk.callers"]
    attributes = {
        "name": both,
        "phone": both,
        "street": "crm.people",
        "birth": "crm.people",
        "notes": "crm.people",
        "city": ["crm.people", "desk.callers.town"],
    }
    rules = [
        {
            "name": "same_mail",
            "match": "mail",
            "confidence": "certain",
            "because": say("rule.because"),
        },
        {"name": "same_phone", "match": ["phone", "name"], "confidence": "high"},
    ]
    suggest = {
        "compare": ["name", "phone"],
        "block_on": ["phone", "name"],
        "bands": {"likely": 0.9, "possible": 0.5, "weak": 0.1},
    }
    return {
        "04_entities": {
            "owner": "sales",
            "entities": {
                "person": {"row_is": say("person.row_is"), "from": both, "attributes": attributes},
                "order": {"row_is": say("order.row_is"), "from": "shop.orders"},
                "letter": {"row_is": say("letter.row_is"), "from": "desk.letters"},
            },
            "relationships": {
                "buys": {
                    "from": "order",
                    "to": "person",
                    "by": "person_no",
                    "cardinality": "many to one",
                    "because": say("relationship.because"),
                },
                "writes": {
                    "from": "letter",
                    "to": "person",
                    "by": "mail",
                    "cardinality": "many to one",
                    "required": False,
                },
            },
        },
        "04b_identity": {
            "owner": "sales",
            "because": say("identity.because"),
            "identity": {
                "person": {
                    "rules": rules,
                    "guard": {"records_per_value": 3, "because": say("guard.because")},
                    "suggest": suggest,
                    "considered": {"by name": say("identity.considered")},
                }
            },
        },
        "05_survivorship": {
            "owner": "sales",
            "fields": {
                "person.city": {
                    "order": ["desk", "crm"],
                    "because": say("field_rule.because"),
                    "considered": {
                        "crm_first": {
                            "order": ["crm", "desk"],
                            "because": say("field_rule.considered"),
                        }
                    },
                },
                "person.name": {"rule": "most_recent", "because": say("field_rule.name")},
                "person.phone": {"order": ["crm", "desk"]},
            },
        },
        "06_history": {
            "owner": "sales",
            "history": {
                "person.city": {
                    "from": "crm.changes",
                    "as": "events",
                    "value": "city",
                    "because": say("history.because"),
                }
            },
            "events": {
                "bought": {"from": "shop.orders", "of": "person", "because": say("event.because")},
                "called": {"from": "desk.callers", "of": "person", "at": "called_at"},
            },
            "lifecycle": {
                "person": {
                    "caller": {"starts": "called", "next": "buyer"},
                    "buyer": {"starts": "bought"},
                }
            },
            "erasures": {"person": {"from": "desk.forget", "because": say("erasure.because")}},
        },
    }


def last_parts(say: Say) -> dict[str, dict[str, Any]]:
    dashboard = {
        "competes_with": "sold",
        "where_from": say("dashboard.where_from"),
        "because": say("dashboard.because"),
        "owner": "sales",
        "sql": "select sum(total) as value from shop__orders",
    }
    allowed = ["person.name", "person.mail", "person.phone", "person.street", "person.birth"]
    return {
        "07_metrics": {
            "owner": "finance",
            "semantic_models": {
                "people": {"of": "person", "measures": {"people": {"agg": "count"}}},
                "orders": {"of": "order", "measures": {"sold": {"agg": "sum", "expr": "total"}}},
            },
            "rules": {
                "buyer": {
                    "of": "person",
                    "means": say("rule.means"),
                    "all": [{"some": "order"}],
                    "because": say("rule.reason"),
                    "considered": {"callers": say("rule.considered")},
                }
            },
            "metrics": {
                "people": {
                    "measure": "people",
                    "label": say("metric.label"),
                    "means": say("metric.means"),
                    "by": ["person.city", "person.buyer"],
                },
                "sold": {
                    "measure": "sold",
                    "filter": "state = 'paid'",
                    "label": say("metric.sold"),
                    "by": ["person.city", "order.product"],
                    "control_total": {
                        "value": 47.50,
                        "where_from": say("control.where_from"),
                        "owner": "finance",
                    },
                },
                "bought": {
                    "measure": "sold",
                    "competes_with": "sold",
                    "means": say("metric.competes"),
                    "considered": {"net": say("metric.considered")},
                },
            },
            "dashboards": {"board": dashboard},
        },
        "08_checks": {
            "owner": "support",
            "families": {"duplicate_keys": {"severity": "warn"}},
            "overrides": [
                {
                    "family": "missing_identifiers",
                    "on": "crm.people.mail",
                    "allow": "90%",
                    "because": say("override.because"),
                }
            ],
            "checks": {
                "has_mail": {
                    "on": "person",
                    "must": "mail is not null",
                    "severity": "warn",
                    "because": say("check.because"),
                }
            },
        },
        "09_documentation": {
            "owner": "support",
            "glossary": {
                "client": {
                    "means": say("glossary.means"),
                    "is": "person",
                    "not": [say("glossary.not")],
                }
            },
            "describe": {"person.city": say("describe")},
            "caveats": {"till": {"about": "sold", "says": say("caveat.says"), "owner": "finance"}},
        },
        "10_review": {
            "gate": "warn",
            "statements": {
                "finance": {
                    "sales": {"says": say("statement") + " {sold}", "about": "sold"},
                    "who": {"says": say("statement.second"), "about": "person"},
                }
            },
        },
        "11_customer_360": {
            "views": {
                "desk": {
                    "of": "person",
                    "answers": "how_many",
                    "purpose": "calls",
                    "owner": "support",
                    "budget": 15,
                    "fields": [*allowed, "person.city", "sold"],
                }
            },
            "audiences": {
                "news": {
                    "of": "person",
                    "purpose": "letters",
                    "owner": "sales",
                    "channel": "email",
                    "only": "buyer",
                    "fields": ["person.mail", "person.name"],
                }
            },
        },
        "12_ai_context": {
            "owner": "support",
            "roles": {
                "agent": {"people": "support", "may": "calls"},
                "bot": {"system": say("role.system"), "may": "calls", "rows": "buyer"},
            },
            "purposes": {
                "calls": {
                    "does": say("purpose.does"),
                    "classes": ["public", "internal"],
                    "fields": allowed,
                    "human_review": say("purpose.review"),
                    "basis": "legitimate interests",
                },
                "letters": {
                    "does": say("purpose.letters"),
                    "classes": ["public"],
                    "fields": ["person.mail", "person.name", "buyer"],
                    "human_review": "none",
                    "basis": "contract",
                },
            },
        },
    }
