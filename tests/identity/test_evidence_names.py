"""What pages say of rules, guards and conflicts names attributes, also where two names differ
by case alone.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from workbook import Workbook

FILES = {
    "workbook.yml": "name: T\nas_of: 2025-06-30\ndata: data\n",
    "model/02_grain.yml": "primary: person\nsentence: A person is a human.\n",
    "model/03_sources.yml": (
        "systems: {shop: {}}\nsources:\n  shop.rows: {primary_key: no, fields: {no: id, old_mail:"
        " text, mail: email, old_tax: text, vat: tax_id, old_name: text, called: full_name}}\n"
    ),
    "model/04_entities.yml": (
        "entities:\n  person:\n    row_is: one person\n    from: shop.rows\n    attributes: {email:"
        " shop.rows.old_mail, Email: shop.rows.mail, tax: shop.rows.old_tax, Tax: shop.rows.vat,"
        " name: shop.rows.old_name, Name: shop.rows.called}\n"
    ),
    "model/04b_identity.yml": (
        "identity: {person: {rules: [{name: mail, match: Email}], never_merge: [Tax], guard:"
        " {distinct_per_value: {Name: 1}}}}\n"
    ),
    "data/shop_rows.csv": (
        "no,old_mail,mail,old_tax,vat,old_name,called\n1,,a@f.test,,DE115235681,,Ann"
        " Lee\n2,,a@f.test,,DE987654321,,Ann Lee\n3,,b@f.test,,,,Bo Coy\n4,,b@f.test,,,,Kunigunde"
        " Ott\n"
    ),
}


def test_evidence_names_the_attribute_and_not_its_column(tmp_path: Path) -> None:
    """Two people share b@f.test; a@f.test stands beside two tax ids."""
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    with closing(Workbook.open(tmp_path)) as book:
        model = book.model
        assert model.column_of("person", "Email") != "Email"  # else this test says nothing
        guarded = book.engine.frame(book.plan, "person__guarded")
        assert guarded.select("attribute", "reason").rows() == [
            ("Email", "more than 1 different Name")
        ]
        refused = book.engine.frame(book.plan, "person__refused")["reason"].to_list()
        assert refused and all(reason.endswith("two values of Tax") for reason in refused)
        page = str(
            [figure.as_dict() for figure in (book.identity.sizes(), book.identity.refusals())]
        )
        said = " ".join(each.sentence for each in book.identity.conclude())
        assert "_2" not in page + said and "mail 2" not in page + said
