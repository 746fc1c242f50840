"""The sample's sign-offs are real: they bear the digests of its decisions.

After a change of those, sign anew.
"""

from __future__ import annotations

from pathlib import Path

from workbook.model.dependencies import dependencies_of
from workbook.model import load_model
from workbook.review import decision_digest, read_ledger

ROOT = Path(__file__).parents[2]


def test_digests():
    model = load_model(ROOT)
    ledger = read_ledger(ROOT / model.project.decisions / "signoffs.csv")
    statements = {
        each.id: model.review.statements[each.department][each.statement]
        for each in ledger.signoffs
    }
    digests = {
        name: decision_digest(model, said, {*said.about, *dependencies_of(model, said.about).names})
        for name, said in statements.items()
    }
    assert {each.id: each.decision for each in ledger.signoffs} == digests
    assert [(each.id, each.verdict) for each in ledger.signoffs] == [
        ("s1", "agree"),
        ("s2", "disagree"),
    ] and not ledger.broken
