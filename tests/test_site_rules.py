"""Every example of every rule over sites, and the house rules for their files."""

from __future__ import annotations

import pytest

import rules
from qa.finding import Level
from qa.site.model import SiteExample, SiteRule
from qa.site.sample import hits
from qa.standard import Trust

ALL = rules.load_site()
EXAMPLES = [
    pytest.param(one, example, id=f"{one.id}-{kind}{n}")
    for one in ALL
    for kind, examples in (("bad", one.bad), ("good", one.good))
    for n, example in enumerate(examples)
]


@pytest.mark.parametrize(("one", "example"), EXAMPLES)
def test_examples_hold_exactly(one: SiteRule, example: SiteExample) -> None:
    found = hits(one, example)
    assert tuple((hit.quote, len(hit.pages)) for hit in found) == tuple(example.hits)
    assert len({hit.key for hit in found}) == len(found), "two hits of one rule share a key"
    for hit in found:
        assert hit.pages
        assert len(set(hit.pages)) == len(hit.pages)
        assert any("\u4e00" <= char <= "\u9fff" for char in hit.message or one.title)
        if (hit.clause or one.basis).trust is Trust.UNVERIFIED:
            assert (hit.level or one.level) <= Level.WARNING


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_house_rules(one: SiteRule) -> None:
    one.validate()
    assert one.family == "site"
    assert one.title
    assert not one.title.endswith(("。", "！"))
    assert any("\u4e00" <= char <= "\u9fff" for char in one.why), "why is read by supervisors: Chinese"
    assert one.basis.cite
    assert set(one.supersedes) <= {page_rule.id for page_rule in rules.load()}


def test_every_rule_says_what_was_measured() -> None:
    known = rules.precision()
    assert {one.id for one in ALL} <= set(known)
    assert all(known[one.id].sample for one in ALL)
