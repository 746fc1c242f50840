"""A small project of firms and their people, with a view, an audience and two dashboards, in which
each thing that makes a workflow doubtful is there once, twice or not at all.
"""

from __future__ import annotations

from pathlib import Path

# Ann is in two accounts; Bob's only account has ended, and Cat's is a test; Dan and Eve share a
# mailbox. Fay is none of these: one of her accounts has ended, the other has not.
ROWS = {
    "app_people": (
        "person_no,mail\n1,ann@x.example\n2,bob@x.example\n3,cat@x.example\n4,info@x.example\n"
        "5,INFO@x.example\n6,fay@x.example\n"
    ),
    "app_firms": (
        "firm_no,name,owner,began_on,ended_on\nA,Alba,zoe,2024-01-01,\nB,Boro,zoe,2024-01-01,\n"
        "C,Cato,zoe,2024-01-01,2025-01-31\nT,Test,zoe,2024-01-01,\n"
    ),
    "crm_firms": "firm_no,owner\nA,zoe\nB,max\nC,zoe\nT,zoe\n",
    "app_seats": (
        "seat,person_no,firm_no\ns1,1,A\ns2,1,B\ns3,2,C\ns4,3,T\ns5,4,A\ns6,5,A\ns7,6,C\ns8,6,B\n"
    ),
}
PARTS = {
    "02_grain": "primary: firm\nsentence: One row is one firm.\n",
    "03_sources": """systems: {app: {}, crm: {}}
sources:
  app.people: {primary_key: person_no, fields: {person_no: id, mail: email}}
  app.firms:
    primary_key: firm_no
    fields:
      firm_no: id
      name: {type: text, class: internal}
      owner: {type: text, class: internal}
      began_on: date
      ended_on: date
  crm.firms: {primary_key: firm_no, fields: {firm_no: id, owner: {type: text, class: internal}}}
  app.seats: {primary_key: seat, fields: {seat: id, person_no: id, firm_no: id}}
identifiers:
  person_no: {in: [app.people, app.seats]}
  firm_no: {in: [app.firms, crm.firms, app.seats]}
""",
    "04_entities": """entities:
  firm: {from: [app.firms, crm.firms], attributes: {name: app.firms, owner: [app.firms, crm.firms]}}
  person: {from: app.people, attributes: {mail: app.people}}
relationships:
  seats: {from: person, to: firm, cardinality: many to many, through: app.seats}
""",
    "04b_identity": "identity: {firm: {rules: [{name: same_no, match: firm_no}]}}\n",
    "06_history": """events:
  start: {from: app.firms, of: firm, at: began_on}
  end: {from: app.firms, of: firm, at: ended_on}
lifecycle:
  firm: {running: {starts: start, next: [ended]}, ended: {starts: end}}
""",
    "07_metrics": """rules:
  test_firm: {of: firm, all: [name = 'Test']}
  real_firm: {of: firm, none: [test_firm]}
semantic_models: {firms: {of: firm, measures: {firms: {agg: count}}}}
metrics: {firms: {type: simple, measure: firms, filter: real_firm, owner: finance}}
dashboards:
  board: {competes_with: firms, sql: select count(*) as value from app__firms}
  tidy: {competes_with: firms, sql: select count(*) as value from firm}
""",
    "11_customer_360": """views:
  calls: {of: firm, purpose: calling, fields: [firm.name, firm.owner]}
audiences:
  news: {of: person, purpose: mailing, channel: email, fields: [person.mail]}
""",
    "12_ai_context": """roles: {clerk: {people: sales, may: calling}, guest: {people: everybody}}
purposes:
  calling: {does: Calls., classes: [public, internal], basis: contract}
  mailing:
    does: Writes.
    classes: [public]
    fields: [person.mail]
    basis: contract
    freshness: 9999 days
""",
}


def write_project(folder: Path) -> Path:
    """The project in a folder; the folder."""
    for name in ("model", "data"):
        (folder / name).mkdir(parents=True)
    (folder / "workbook.yml").write_text("workbook: 2\nname: w\nas_of: 2025-06-30\n")
    for name, text in ROWS.items():
        (folder / "data" / f"{name}.csv").write_text(text)
    for name, text in PARTS.items():
        (folder / "model" / f"{name}.yml").write_text(text)
    return folder
