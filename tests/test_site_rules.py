"""Every example of every rule over sites, and the house rules for their files."""

from __future__ import annotations

from dataclasses import replace

import pytest

import rules
from qa.finding import Confidence, Level
from qa.site.model import Reply, SiteConfig, SiteExample, SiteRule
from qa.site.sample import build, hits
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


def _bad(name: str, n: int = 0) -> tuple[SiteRule, SiteExample]:
    one = next(rule for rule in ALL if rule.id == f"site/{name}")
    return one, one.bad[n]


@pytest.mark.parametrize(
    "name",
    [
        "blank_column",
        "date_changed",
        "footer_mark",
        "future_date",
        "missing_tag",
        "no_error_entry",
        "no_publication_time",
        "published_before_seen",
        "site_code",
        "site_name",
        "stale_column",
        "url_date_mismatch",
    ],
)
def test_what_the_configuration_leaves_out_is_not_judged(name: str) -> None:
    one, example = _bad(name)
    left_out = replace(example.config or SiteConfig(""), unimportant=(example.home,))
    assert hits(one, replace(example, config=left_out)) == []


def test_an_incomplete_run_before_proves_nothing() -> None:
    one, example = _bad("published_before_seen")
    site = build(example)
    site.db.execute("UPDATE run SET gaps = '[\"页数到了上限\"]' WHERE id = 1")
    assert list(one.check(site)) == []


def test_no_word_on_a_home_page_that_was_not_read() -> None:
    one, example = _bad("home_not_updated")
    assert hits(one, replace(example, pages={"/": Reply(status=500)})) == []


def test_many_doubts_are_one_note() -> None:
    one, _ = _bad("future_date")
    found = hits(one, one.bad[2])
    assert [(hit.key, hit.level, len(hit.pages)) for hit in found] == [("all", Level.NOTE, 21)]


def test_many_doubts_keep_the_first_few_only() -> None:
    one, example = _bad("future_date", 2)
    few = SiteConfig("", thresholds={"dates": {"many": 3}})
    assert len(hits(one, replace(example, config=few))[0].pages) == 21
    more = SiteConfig("", thresholds={"dates": {"many": 21}})
    assert len(hits(one, replace(example, config=more))) == 21


def test_a_new_home_elsewhere_softens_the_veto() -> None:
    one, _ = _bad("home_not_updated")
    assert [hits(one, example)[0].level for example in one.bad] == [None, None, None, Level.WARNING]


def test_a_veto_on_the_home_page_is_sure_where_its_lists_were_seen() -> None:
    one, example = _bad("home_not_updated")
    assert hits(one, example)[0].confidence is Confidence.MEDIUM
    old = example.pages["/xw/a.html"]
    links = "".join(f'<a href="/xw/{n}.html">会议{n}</a>' for n in range(5))
    many = {"/": f"<html><body>{links}</body></html>", **{f"/xw/{n}.html": old for n in range(5)}}
    assert hits(one, replace(example, pages=many))[0].confidence is Confidence.HIGH


def test_a_mark_that_is_nowhere_is_a_fault_of_the_template() -> None:
    one, example = _bad("footer_mark", 1)
    everywhere, here = hits(one, example)
    assert everywhere.chrome
    assert everywhere.message == "全部2个页面的底部没有公安机关备案标识"
    assert not here.chrome
    assert here.message == "2个页面中有1个的底部没有联系方式，包括首页"


def test_figures_are_told() -> None:
    one, example = _bad("stale_column")
    (hit,) = hits(one, example)
    assert hit.message == "“通知公告”最近一次更新是2025年11月2日，已有240天没有更新，超过183天"


def test_rules_share_what_was_found_out_of_a_site() -> None:
    one, example = _bad("footer_mark", 1)
    other, _ = _bad("no_error_entry")
    site = build(example)
    assert len(list(one.check(site))) == 2
    assert list(other.check(site)) == []
