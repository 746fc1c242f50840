"""Classes, tokens, small cells and guesses."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook import privacy
from workbook.privacy import PrivacyError, guess, redact, shown, strictest, token, tokens, withheld


@pytest.fixture(autouse=True)
def no_key() -> Iterator[None]:
    privacy.use_key(None)
    yield
    privacy.use_key(None)


def test_only_public_and_internal_are_shown() -> None:
    assert {"public": True, "internal": True, "personal": False, "sensitive": False} == {
        cls: shown(cls) for cls in privacy.CLASSES
    }


def test_the_strictest_class_wins() -> None:
    assert "sensitive" == strictest(["internal", "sensitive", "personal"])
    assert "public" == strictest([])


@pytest.mark.parametrize("cls", ["", "Personal", "persnal"])
def test_an_unknown_class_is_refused(cls: str) -> None:
    with pytest.raises(PrivacyError):
        shown(cls)


def test_a_typo_gets_a_hint() -> None:
    with pytest.raises(PrivacyError, match="Did you mean 'personal'"):
        shown("persnal")


def test_without_a_key_tokens_are_ordinals_in_order_of_appearance() -> None:
    assert {"b": "email·1", "a": "email·2"} == tokens(["b", "a", None, "b"], "email")


def test_a_key_gives_equal_values_equal_tokens_everywhere() -> None:
    first, second = tokens(["x@a", "y@b"], "email", b"k"), tokens(["z", "x@a"], "email", b"k")
    assert first["x@a"] == second["x@a"] == token("x@a", "email", b"k")
    assert first["x@a"] != tokens(["x@a"], "email", b"other")["x@a"]


def test_the_word_keeps_kinds_apart() -> None:
    assert (
        token("1", "phone", b"k").partition("·")[2] != token("1", "account", b"k").partition("·")[2]
    )


def test_the_projects_key_is_used_unless_one_is_given() -> None:
    privacy.use_key("secret")
    assert token("v", "email", b"secret") == token("v", "email")
    assert {"v": "email·1"} == tokens(["v"], "email", b"")


def test_without_a_key_a_lone_token_tells_nothing() -> None:
    assert "email·hidden" == token("a@b", "email")


@given(st.integers(min_value=0), st.integers(min_value=400, max_value=900))
def test_different_values_never_share_a_token(seed: int, count: int) -> None:
    """The values come from a seed: drawing hundreds one by one is slow."""
    drawn = random.Random(seed)
    values = {drawn.getrandbits(64) for _ in range(count)}
    named = tokens(sorted(values), "id", b"k")
    assert len(values) == len(set(named.values()))


@given(st.text(), st.text())
def test_a_token_is_plain_and_never_the_value(value: str, word: str) -> None:
    made = token(value, word, b"k")
    kind, _, digits = made.partition("·")
    assert kind.isascii() and kind.replace("_", "a").isalnum()
    assert 4 == len(digits)


def test_a_lone_surrogate_gets_a_token_too() -> None:
    assert token("\ud800", "text", b"k")


def test_redact_keeps_what_may_be_shown_and_absence() -> None:
    assert ["a", None] == redact(["a", None], "internal", "x")
    assert ["x·1", None, "x·1"] == redact(["a", None, "a"], "personal", "x")


def test_counts_below_ten_are_hidden_and_zero_is_not() -> None:
    assert {1: "<10", 2: "<10"} == withheld([0, 1, 9, 10, None])


def test_a_single_small_cell_takes_the_next_smallest_with_it_under_a_total() -> None:
    assert {0: "<10", 2: "not shown"} == withheld([3, 40, 20, 63], total=True)
    assert {0: "<10", 1: "<10"} == withheld([3, 4, 20, 27], total=True)
    assert {0: "<10", 1: "not shown"} == withheld([3, 17, 20], total=True)
    assert {0: "<10", 2: "not shown"} == withheld([3, 0, 23], total=True)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=6))
def test_no_small_cell_can_be_found_by_subtraction(parts: list[int]) -> None:
    counts = [*parts, sum(parts)]
    hidden = withheld(counts, total=True)
    small = [row for row, count in enumerate(parts) if 0 < count < 10]
    assert set(small) <= set(hidden)
    if small:
        assert 2 <= len(hidden)


@pytest.mark.parametrize(
    ("name", "cls", "word"),
    [
        ("email", "personal", "email"),
        ("contactEmail", "personal", "email"),
        ("e_mail", "personal", "email"),
        ("PHONE_NUMBER", "personal", "phone"),
        ("mobile", "personal", "phone"),
        ("first_name", "personal", "name"),
        ("LastName", "personal", "name"),
        ("date_of_birth", "personal", "birth"),
        ("billing_address", "personal", "address"),
        ("ip", "personal", "ip"),
        ("last_ip_address", "personal", "ip"),
        ("device_id", "personal", "device"),
        ("iban", "sensitive", "account"),
        ("ssn", "sensitive", "national_id"),
        ("tax_id", "sensitive", "tax_id"),
        ("gender", "sensitive", "gender"),
        ("health_status", "sensitive", "health"),
        ("passport_no", "sensitive", "national_id"),
        ("zip", "personal", "postcode"),
    ],
)
def test_a_personal_looking_name_is_guessed(name: str, cls: str, word: str) -> None:
    found = guess(name)
    assert found is not None
    assert (cls, word) == (found.cls, found.word)


@pytest.mark.parametrize(
    "name",
    [
        "seats",
        "plan",
        "email_domain",
        "shipping",
        "zipped",
        "product_name",
        "company_name",
        "mrr",
        "stage",
        "addressable",
        "",
    ],
)
def test_other_names_are_not(name: str) -> None:
    assert guess(name) is None


@pytest.mark.parametrize(
    ("names", "word"),
    [
        (
            (
                "user_id userId UserID contact_id requester_id hubspot_owner_id OwnerId"
                " employee_number visitor_uuid"
            ),
            "person_id",
        ),
        ("owner_name account_owner Lead_Owner account_manager sales_rep assignee_name", "employee"),
        ("job_title JobTitle jobFunction occupation", "job"),
        ("user_ipaddress client_ip ipAddress", "ip"),
        ("useragent user_agent cookie_id device_id domain_userid network_userid", "device"),
    ],
)
def test_what_leads_to_a_person_is_personal(names: str, word: str) -> None:
    assert {
        name: (found.cls, found.word) for name in names.split() if (found := guess(name))
    } == dict.fromkeys(names.split(), ("personal", word))


@pytest.mark.parametrize(
    "name",
    [
        "account_id",
        "order_id",
        "user_id_count",
        "num_user_ids",
        "users",
        "agentName",
        "title",
        "membership_role",
        "lead_status",
        "owner_type",
    ],
)
def test_what_leads_to_nobody_is_not(name: str) -> None:
    assert guess(name) is None
