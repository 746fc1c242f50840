"""A purpose based on consent: its condition holds for nobody who did not give one, on this
channel.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from workbook.errors import ModelError
from workbook.model import Model
from workbook.model.consent import consent_of
from workbook.model.possible_outcomes import is_understood, outcomes

SOURCES = """
systems: {shop: {}}
sources:
  shop.people: {primary_key: person_no, fields: {person_no: id, mail: email, segment: {type: text, class: internal}, agreed: boolean, word: {type: text, class: internal}, phone_ok: {type: text, class: internal, values: [granted, denied]}}}
  shop.answers: {primary_key: answer_no, valid: at, fields: {answer_no: id, person_no: id, topic: {type: text, class: internal, values: [news, research]}, channel: {type: text, class: internal, values: [email, phone]}, answer: {type: text, class: internal, values: [granted, denied, withdrawn]}, at: timestamp}}
identifiers:
  person_no: {in: [shop.people, shop.answers]}
"""
ENTITIES = (
    "entities:\n  person: {row_is: one human, from: shop.people, attributes: {mail: shop.people,"
    " segment: shop.people, agreed: shop.people, word: shop.people, phone_ok: shop.people}}\n"
)
HISTORY = """
history:
  person.by_mail: {from: shop.answers, as: events, where: channel = 'email', value: answer}
  person.by_phone: {from: shop.answers, as: events, where: "channel in ('phone') and topic = 'news'", value: answer}
  person.some: {from: shop.answers, as: events, where: topic = 'news', value: answer}
"""
METRICS = """
rules:
  small: {of: person, all: [segment = 'small']}
  may_have: {of: person, all: [by_mail = 'granted']}
"""


@pytest.fixture
def verdict(a_model: Callable[..., Model]) -> Callable[..., str]:
    """What is said of an audience with this condition: '', the kind, or the kind and its detail."""

    def tell(consent: str, channel: str = "", only_if: str = "") -> str:
        words = f', consent: "{consent}"' if consent else ""
        words += f", channel: {channel}" if channel else ""
        asks = f', only_if: "{only_if}"' if only_if else ""
        steps = {
            "sources": SOURCES,
            "entities": ENTITIES,
            "history": HISTORY,
            "metrics": METRICS,
            "customer_360": (
                f"audiences:\n  post: {{of: person, purpose: mail, fields: [person.mail]{words}}}\n"
            ),
            "ai_context": (
                f"purposes:\n  mail: {{classes: [internal, personal], basis: consent{asks}}}\n"
            ),
        }
        try:
            model = a_model(**steps)
        except ModelError as error:
            (problem,) = error.problems
            assert (problem.file, problem.line) == ("model/11_customer_360.yml", 2)
            assert problem.code in (
                "model.protection.without_consent",
                "model.protection.consent_for_another_channel",
                "model.protection.no_consent_asked",
            )
            assert "audience 'post'" in problem.what
            return "refused"
        assert model.customer_360
        found = consent_of(model, model.customer_360.audiences["post"])
        assert found is None or not found.proven
        return found.kind if found else ""

    return tell


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("by_mail = 'granted'", ""),
        ("by_mail in ('granted')", ""),
        ("by_mail = 'granted' and small", ""),
        ("small and not (by_mail <> 'granted') and by_mail is not null", ""),
        ("coalesce(by_mail, 'denied') = 'granted'", ""),
        ("by_mail = 'denied'", "refused"),
        ("by_mail <> 'granted'", "refused"),
        ("not by_mail = 'granted'", "refused"),
        ("by_mail <> 'denied'", "refused"),  # 'withdrawn' is let in
        ("by_mail is null", "refused"),
        ("by_mail = 'granted' or by_mail is null", "refused"),
        ("coalesce(by_mail, 'granted') = 'granted'", "refused"),
        ("by_mail = 'granted' or 1 = 1", "refused"),
        ("by_mail = 'granted' or small", "refused"),
        ("by_mail = by_mail", "refused"),
        ("agreed", ""),
        ("agreed = true", ""),
        ("agreed is true", ""),
        ("agreed is not null", "refused"),
        ("not agreed", "no_consent"),  # nobody knows which way a flag is meant
        ("word = 'yes'", ""),
        ("word <> 'no'", "refused"),
        ("segment = 'small'", "no_consent"),
        ("small", "no_consent"),
        ("may_have", "no_consent"),
        ("may_have or by_mail = 'denied'", "no_consent"),
        ("substring(by_mail, 1, 1) = 'g'", "no_consent"),
    ],
)
def test_a_condition_holds_for_nobody_who_gave_no_consent(
    verdict: Callable[..., str], condition: str, expected: str
) -> None:
    assert verdict(condition) == expected
    assert verdict("", only_if=condition) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("by_mail", ""),
        ("by_phone", "refused"),
        ("some", "refused"),
        ("phone_ok", "refused"),
        ("word", "no_channel"),
    ],
)
def test_a_consent_is_for_the_channel_of_the_audience(
    verdict: Callable[..., str], name: str, expected: str
) -> None:
    assert verdict(f"{name} in ('granted')", "email") == expected


def test_two_conditions_are_asked_together(verdict: Callable[..., str]) -> None:
    assert verdict("by_mail = 'granted'", "email", "segment = 'small'") == ""
    assert verdict("small", "email", "by_mail = 'granted'") == ""
    assert verdict("by_phone = 'granted'", "email", "by_mail = 'granted'") == ""


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("a = 'x'", "x", {True}),
        ("a = 'x'", None, {None}),
        ("not (a = 'x')", None, {None}),
        ("a = 'x' or b = 'y'", "x", {True}),
        ("a = 'x' and b = 'y'", "z", {False}),
        ("a = 'x' and b = 'y'", "x", {True, False, None}),
        ("a in ('y', null)", "x", {None}),
        ("a is null", None, {True}),
        ("lower(coalesce(a, 'Q')) = 'q'", None, {True}),
        ("a > 'x'", "x", {True, False, None}),
    ],
)
def test_what_a_condition_may_come_to(text: str, value: str | None, expected: set[object]) -> None:
    assert outcomes(text, {"a": value}) == expected


def test_a_column_is_understood_where_its_value_decides() -> None:
    assert is_understood("(a = 'x' or b > 3) and a is not null", ["a"])
    assert not is_understood("a = 'x' or a > b", ["a"])
