"""Every example of every rule, and the house rules for rule files."""

from __future__ import annotations

import pytest

import rules
from qa.examples import problems
from qa.finding import Level
from qa.rule import Rule
from qa.standard import Trust

ALL = rules.load()


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_examples_hold_exactly(one: Rule) -> None:
    assert problems(one) == []


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_house_rules(one: Rule) -> None:
    assert one.title
    assert not one.title.endswith(("。", "！"))
    assert any("\u4e00" <= char <= "\u9fff" for char in one.why), "why is read by editors: Chinese"
    assert one.basis.cite
    if one.basis.trust is Trust.UNVERIFIED:
        assert one.level <= Level.WARNING


def test_every_rule_says_what_was_measured() -> None:
    """Zero hits are told too, with the sample they were looked for in."""
    known = rules.precision()
    assert {one.id for one in (*ALL, *rules.load_site())} == set(known)
    assert all(item.sample and item.right <= item.checked <= item.hits for item in known.values())
