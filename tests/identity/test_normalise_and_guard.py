"""How values are compared: keys by type, what says nothing, and which texts are spellings of
one.
"""

from __future__ import annotations

import time

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rows_in import resolve

from workbook.identity.spelling_variants import alike, distinct_by_similarity
from workbook.model.types.normalise import NORMALISERS, normalise, says_nothing


@pytest.mark.parametrize(
    ("method", "typed", "key"),
    [
        ("email", " Ann.Lee+x@GMAIL.com ", "annlee@gmail.com"),
        ("email", "ann+x@firm.test", "ann+x@firm.test"),
        ("email", "<ann@firm.test>", "ann@firm.test"),
        ("email", "no address", None),
        ("email", "a\u200bnn@firm.test", "ann@firm.test"),
        ("phone", "+44 161 496 0392", "+441614960392"),
        ("phone:US", "1-212-858-4194", "+12128584194"),
        ("phone:US", "(212) 858-4194 ext. 7", "+12128584194;ext=7"),
        ("phone", "-", None),
        ("domain", "https://www.Firm.co.uk/about?x=1", "firm.co.uk"),
        ("domain", "shop.bücher.example", "xn--bcher-kva.example"),
        ("domain", "com", None),
        ("company_name", "Bäcker & Söhne GmbH & Co. KG", "backer and sohne"),
        ("company_name", "Inc", "inc"),
        ("person_name", "O’Brien-Łukasz", "obrien lukasz"),
        ("tax_id", "de 123 456 789", "DE123456789"),
        ("letters_and_digits", "DE 123-456", "de123456"),
        ("phone", "(212) 858-4194", None),
        ("phone", "0044 20 7946 0958", "+442079460958"),
        ("phone:GB", "020 7946 0958", "+442079460958"),
        ("phone:DE", "030 1234567", "+49301234567"),
        ("exact", "AbC  d", "AbC  d"),
        ("category", "  A   b ", "a b"),
        ("category", "Ｐｒｏ\u00a0Plan\u200b", "pro plan"),
        ("category", "ΟΔΟΣ", "οδοσ"),
        ("category", "İzmir", "izmir"),
        ("postal_code", "SW1A 1AA", "sw1a1aa"),
        ("postal_address", "12, Main St.", "12 main st"),
        ("country", "Deutschland", "de"),
        ("country", " u.s.a. ", "us"),
        ("country", "826", "gb"),
        ("country", "Atlantis", "atlantis"),
        ("language", "pt_BR", "pt"),
        ("language", "Français", "fr"),
        ("web_address", "https://www.Firm.example/About/", "firm.example/About"),
    ],
)
def test_a_value_becomes_the_key_of_its_kind(method: str, typed: str, key: str | None) -> None:
    assert normalise(pl.Series([typed, None]), method).to_list() == [key, None]


@given(
    st.sampled_from(sorted({*NORMALISERS, "exact"})),
    st.lists(st.one_of(st.none(), st.text(max_size=12))),
)
def test_every_text_has_a_key_or_none_and_a_key_is_its_own_key(
    method: str, typed: list[str | None]
) -> None:
    keys = normalise(pl.Series(typed, dtype=pl.String), method)
    assert len(keys) == len(typed)
    assert "" not in keys.to_list()
    if method in ("exact", "category", "letters_and_digits", "email", "postal_code"):
        assert normalise(keys, method).to_list() == keys.to_list()


@pytest.mark.parametrize(
    ("method", "key", "nothing"),
    [
        ("exact", "unknown", True),
        ("exact", "Unknown", True),
        ("exact", "n/a", True),
        ("exact", "0000", True),
        ("exact", "111", False),
        ("exact", "1234567", False),
        ("email", "none@firm.test", True),
        ("email", "ann@firm.test", False),
        ("phone", "+15555555555", True),
        ("phone", "+12128584194", False),
        ("letters_and_digits", "de123456789", True),
        ("letters_and_digits", "de123456780", False),
        ("exact", "-", True),
    ],
)
def test_what_stands_for_no_value(method: str, key: str, nothing: bool) -> None:
    assert says_nothing(pl.Series([key]), method).to_list() == [nothing]


@pytest.mark.parametrize(
    ("left", "right", "one"),
    [
        ("scott", "scoto", True),
        ("lee", "le", True),
        ("morris", "morirs", True),
        ("hernandez", "herandes", True),
        ("j", "jones", True),
        ("acme", "acme germany", True),
        ("carter", "parker", False),
        ("jones", "james", False),
        ("li", "lu", False),
        ("ann", "johannson", False),
    ],
)
def test_which_texts_are_spellings_of_one(left: str, right: str, one: bool) -> None:
    assert alike(left, right) is alike(right, left) is one


@given(st.lists(st.text(alphabet="abc ", min_size=1, max_size=6), max_size=8))
def test_distinct_values_are_counted_without_regard_to_order(values: list[str]) -> None:
    assert (
        distinct_by_similarity(values) == distinct_by_similarity(values[::-1]) <= len(set(values))
    )


def test_links_grow_with_records_and_not_with_pairs() -> None:
    """200,000 records on 40 values without a guard, one of the values torn: one link a record,
    in seconds.
    """
    count = 200_000
    numbers = pl.int_range(0, count, eager=True)
    torn = pl.when(numbers % 1000 == 7).then(pl.lit("T") + (numbers // 100_000).cast(pl.String))
    records = pl.DataFrame(
        {
            "record": numbers.cast(pl.String).str.zfill(7),
            "email": "u" + (numbers % 40).cast(pl.String) + "@busy.test",
            "tax": pl.select(torn).to_series(),
        }
    )
    spec = {
        "rules": [{"name": "mail", "match": "email"}],
        "guard": {"records_per_value": count},
        "never_merge": ["tax"],
    }
    started = time.process_time()
    made = resolve(records, spec)
    assert (made["links"].height, made["refused"].height) == (count - 40 - 4999, 4999)
    assert made["clusters"]["id"].n_unique() == 39 + 5000
    assert time.process_time() - started < 20
