"""Suppression comments."""

from __future__ import annotations

import pytest

from qa.config import Names
from qa.document import Document
from qa.engine import Engine
from qa.finding import Finding, Level, Pass
from qa.lexicon import Entry, TermRule
from qa.passes import Unchecked
from qa.readers import read
from qa.rule import Bad, Good, Rule
from qa.source import Source
from qa.suppress import RULES, Suppressor, parse
from rules._standards import EDITING


def table(identifier: str, title: str, *terms: str) -> TermRule:
    one = TermRule(
        lambda match: match.hit(),
        title,
        Level.ERROR,
        Pass.PROOF1,
        EDITING[""],
        (Bad("⟦甲⟧"),),
        (Good("乙"),),
        "为什么",
        entries=[Entry(term, ("好",)) for term in terms],
    )
    one.id = identifier
    return one


TYPO = table("typo/one", "错字、别字", "错字")
OTHER = table("typo/two", "漏字", "漏字")
FACT = table("facts/one", "错数", "错数")
NAMES = Names((TYPO, OTHER, FACT, *RULES))
ALL = NAMES.ids


def document(text: str, media: str = "html") -> Document:
    return read(Source("a.html", text, media))


def check(
    text: str, media: str = "html", ran: frozenset[str] = ALL, unchecked: list[Unchecked] | None = None
) -> list[Finding]:
    made = document(text, media)
    findings = Engine([TYPO, OTHER, FACT]).check(made).findings
    return Suppressor(NAMES)(made, findings, ran, unchecked or [])


def states(text: str, media: str = "html") -> list[tuple[str, str | None]]:
    return [
        (one.rule if one.rule.startswith("suppress") else one.quote, one.suppressed)
        for one in check(text, media)
    ]


def test_line_and_following_block() -> None:
    text = "<p>错字</p>\n<!-- 审校忽略 typo/one：引文，原文如此 -->\n<p>一\n错字</p>\n<p>错字</p>"
    assert states(text) == [("错字", None), ("错字", "引文，原文如此"), ("错字", None)]


def test_comment_at_the_end_of_its_line() -> None:
    text = "<p>错字</p><!-- 审校忽略 typo/one：原文如此 -->\n<p>二</p>\n<p>错字</p>"
    assert states(text) == [("错字", "原文如此"), ("错字", None)]


def test_comment_inside_a_block_covers_the_rest_of_it() -> None:
    text = "<p>错字\n一<!-- 审校忽略 typo/one：原文如此 -->\n错字</p>\n<p>错字</p>"
    assert states(text) == [("错字", None), ("错字", "原文如此"), ("错字", None)]


def test_a_table_follows_as_a_whole() -> None:
    text = "<!-- 审校忽略 typo/one：原表如此 -->\n<table>\n<tr><td>一</td></tr>\n<tr><td>错字</td></tr>\n</table>\n<p>错字</p>"
    assert states(text) == [("错字", "原表如此"), ("错字", None)]


def test_a_comment_in_a_table_covers_the_next_cell() -> None:
    text = (
        "<table>\n<tr><td>错字</td></tr>\n<!-- 审校忽略 typo/one：原表如此 -->\n"
        "<tr><td>错字</td></tr>\n<tr><td>错字</td></tr></table>"
    )
    assert states(text) == [("错字", None), ("错字", "原表如此"), ("错字", None)]


def test_a_page_in_one_line_is_not_one_line() -> None:
    filler = "<p>" + "一" * 600 + "</p>"
    comment = "<!-- 审校忽略 typo/one：原文如此 -->"
    text = f"<p>错字</p>{filler}<p>错字</p>{comment}<p>错字</p>{filler}<p>错字</p>"
    assert [state for _, state in states(text)] == [None, "原文如此", "原文如此", None]
    assert states(f"{comment}<p>错字</p>{filler}{filler}<p>错字</p>") == [
        ("错字", "原文如此"),
        ("错字", None),
    ]


def test_nothing_follows() -> None:
    assert states("<p>错字</p>\n<!-- 审校忽略 typo：原文如此 -->") == [
        ("错字", None),
        ("suppress/unused", None),
    ]


def test_ranges_and_whole_documents() -> None:
    text = "<p>错字</p><!-- 审校忽略开始 typo/one：引文 全段 --><p>错字</p>\n\n<p>错字</p><!-- 审校忽略结束 --><p>错字</p>"
    assert states(text) == [("错字", None), ("错字", "引文 全段"), ("错字", "引文 全段"), ("错字", None)]
    assert states("<p>错字</p><p>漏字</p><!-- 审校忽略全文 typo/one, typo/two：历史文稿 -->") == [
        ("错字", "历史文稿"),
        ("漏字", "历史文稿"),
    ]


def test_named_ends_close_their_own() -> None:
    text = (
        "<!-- 审校忽略开始 typo/one：甲理由 --><!-- 审校忽略开始 typo/two：乙理由 -->\n<p>错字漏字</p>\n"
        "<!-- 审校忽略结束 typo/one -->\n<p>错字漏字</p>\n<!-- 审校忽略结束 -->"
    )
    assert states(text) == [("错字", "甲理由"), ("漏字", "乙理由"), ("错字", None), ("漏字", "乙理由")]


def test_unpaired() -> None:
    assert states("<p>错字</p><!-- 审校忽略结束 --><!-- 审校忽略开始 typo：引文原样 --><p>错字</p>") == [
        ("错字", None),
        ("suppress/unpaired", None),
        ("suppress/unpaired", None),
        ("错字", "引文原样"),
    ]


@pytest.mark.parametrize("name", ["typo/one", "typo", "typo/*", "错字、别字"])
def test_ways_to_name(name: str) -> None:
    assert states(f"<!-- 审校忽略 {name}: 原文如此 --><p>错字</p>") == [("错字", "原文如此")]


@pytest.mark.parametrize(
    ("comment", "kind"),
    [("shenjiao-ignore", ""), ("shenjiao-ignore-start", "start"), ("shenjiao-ignore-file", "file")],
)
def test_english(comment: str, kind: str) -> None:
    made = document(f"<!-- {comment} typo/one facts: see http://x/ --><p>错字错数</p>")
    directive = parse(made.comments[0], NAMES)
    assert directive is not None
    assert (directive.kind, directive.names, directive.reason) == (
        kind,
        ("typo/one", "facts"),
        "see http://x/",
    )
    found = [one.suppressed for one in check(made.source.text) if not one.rule.startswith("suppress")]
    assert found == ["see http://x/"] * 2


def test_other_comments_are_let_alone() -> None:
    assert states("<!-- 说明：审校忽略 --><!-- shenjiao-ignored typo: xx --><p>错字</p>") == [("错字", None)]
    assert states("<p>审校忽略 错字</p>") == [("错字", None)]
    assert states("<p>错字</p>") == [("错字", None)]


@pytest.mark.parametrize("reason", ["", "：", "： ", "：。", "：x"])
def test_no_reason_no_effect(reason: str) -> None:
    found = check(f"<!-- 审校忽略 typo/one{reason} --><p>错字</p>")
    assert [(one.rule, one.suppressed) for one in found] == [("suppress/no_reason", None), ("typo/one", None)]
    assert found[0].level is Level.WARNING
    assert found[0].pass_ is Pass.REVIEW3
    assert "没有写理由" in found[0].message
    assert found[0].start.offset == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("typo/onne", "没有名为“typo/onne”的规则，是不是“typo/one”？"),
        ("*", "不能用“*”忽略所有规则"),
        ("proof1", "没有名为“proof1”的规则"),
        ("", "没有写明忽略哪条规则"),
    ],
)
def test_unknown_rules(name: str, words: str) -> None:
    found = check(f"<!-- 审校忽略 {name}：原文如此 --><p>错字</p>")
    assert [one.rule for one in found] == ["suppress/unknown_rule", "typo/one"]
    assert words in found[0].message
    assert found[1].suppressed is None


def test_nothing_at_all_after_the_mark() -> None:
    assert states("<!-- 审校忽略 --><p>错字</p>") == [("suppress/unknown_rule", None), ("错字", None)]


def test_one_good_name_among_bad_ones_works() -> None:
    assert states("<!-- 审校忽略 typo/one，不存在：原文如此 --><p>错字</p>") == [
        ("suppress/unknown_rule", None),
        ("错字", "原文如此"),
    ]


def test_unused() -> None:
    found = check("<!-- 审校忽略 typo/one,typo/two：原文如此 --><p>错字</p>")
    assert [(one.rule, one.suppressed) for one in found] == [
        ("suppress/unused", None),
        ("typo/one", "原文如此"),
    ]
    assert "“typo/two”" in found[0].message
    assert found[0].level is Level.NOTE


def test_unused_only_of_rules_that_ran() -> None:
    text = "<!-- 审校忽略 typo/two：原文如此 --><p>字</p>"
    assert check(text, ran=ALL - {"typo/two"}) == []
    assert check(text, ran=ALL - {"suppress/unused"}) == []
    assert check(text, unchecked=[Unchecked("坏了", "typo/two")]) == []
    assert check(text, unchecked=[Unchecked("坏了", "*")]) == []
    assert len(check(text, unchecked=[Unchecked("坏了", "typo/one")])) == 1


def test_two_comments_for_one_finding_are_both_used() -> None:
    text = "<!-- 审校忽略全文 typo：理由一 --><!-- 审校忽略 typo：理由二 --><p>错字</p>"
    assert states(text) == [("错字", "理由一")]


def test_fingerprints_of_remarks_differ() -> None:
    found = check("<!-- 审校忽略 typo -->\n<!-- 审校忽略 typo -->\n<!-- 审校忽略 " + "typo " * 60 + " -->")
    assert len({one.fingerprint for one in found}) == 3
    assert found[-1].quote.endswith("…")


def test_levels_may_be_changed() -> None:
    made = document("<!-- 审校忽略 typo -->")
    (one,) = Suppressor(NAMES, {"suppress/no_reason": Level.ERROR})(made, [], ALL)
    assert one.level is Level.ERROR


@pytest.mark.parametrize("media", ["text", "markdown"])
def test_text_and_markdown(media: str) -> None:
    text = "# 标题\n\n错字\n\n<!-- 审校忽略 typo：原文如此 -->\n错字\n\n错字\n"
    assert states(text, media) == [("错字", None), ("错字", "原文如此"), ("错字", None)]


def test_attributes_of_the_block() -> None:
    text = '<p>一</p>\n<!-- 审校忽略 typo：原文如此 -->\n<p><img src="a.png" alt="错字">二</p>\n<p title="错字">三</p>'
    assert states(text) == [("错字", "原文如此"), ("错字", None)]


def test_rules_have_examples_and_words() -> None:
    one: Rule
    for one in RULES:
        one.validate()
        assert list(one.check(document("<p>x</p>"), Engine([]).settings)) == []
