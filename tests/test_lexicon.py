"""Tables of terms, and the one scan for all of them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.finding import Level, Pass
from qa.lexicon import Entry, Match, Scanner, TermRule, in_marks, read_toml, read_tsv, terms
from qa.readers import read
from qa.rule import Hit, Pack, RuleError, Settings
from qa.source import Source, Span
from qa.standard import Standard

BASIS = Standard("t", "测试标准")["1"]


def table(*entries: Entry, identifier: str = "x/table", **options: Any) -> TermRule:
    @terms(
        title="表",
        entries=entries,
        level=Level.WARNING,
        passes=Pass.PROOF1,
        basis=BASIS,
        bad=("⟦错⟧",),
        good=("对",),
        **options,
    )
    def made(match: Match) -> Hit | None:
        """为什么"""
        return None if match.entry.data.get("reject") else match.hit()

    made.id = identifier
    return made


def found(
    text: str, *entries: Entry, pack: Pack | None = None, media: str = "text", **options: Any
) -> list[str]:
    one = table(*entries, **options)
    document = read(Source("a", text, media))
    return [
        document.slice(hit.span) for hit in Scanner([one], Settings(pack=pack or Pack())).hits(document)[one]
    ]


def test_a_longer_word_wins() -> None:
    assert found("三黄片治上火，黄片不治。", Entry("黄片", contexts=("三黄片",))) == ["黄片"]
    assert found("中国共产党，共产不是。", Entry("共产", contexts=("共产党", "共产主义"))) == ["共产"]
    assert found("甲乙丙甲乙", Entry("甲乙", contexts=("丙甲", "甲乙丙甲乙丁", "丁甲乙"))) == ["甲乙", "甲乙"]
    assert found("甲甲乙乙", Entry("甲乙", contexts=("甲甲乙", "甲乙乙乙"))) == []
    assert found("中国人民大学的人民大会", Entry("人民大", contexts=("人民大学",))) == ["人民大"]


@pytest.mark.parametrize(
    ("context", "text", "hits"),
    [
        ("<不|没", "不错字没错字有错字", 1),
        (">率", "错字率，错字", 1),
        ("^举例|如下", "如下：错字。错字。", 1),
        ("+<很|极", "很错字错字", 1),
        ("+>率", "错字率错字", 1),
        ("+^统计", "统计错字。错字。", 1),
        ("<" + "长" * 41, "长" * 41 + "错字", 1),
    ],
)
def test_contexts(context: str, text: str, hits: int) -> None:
    assert len(found(text, Entry("错字", contexts=(context,)))) == hits


def test_contexts_together() -> None:
    entry = Entry("错字", contexts=("+<甲", "+>乙", "^丙"))
    assert len(found("甲错字。错字乙。错字。甲错字丙。", entry)) == 2


def test_quoted_terms() -> None:
    entry = Entry("错字", quoted=True)
    assert found("“错字”《论错字》「『甲』错字」（错字）错字”", entry) == ["错字", "错字"]
    assert found("“甲\n错字”", entry) == ["错字"]
    assert in_marks("“甲”错字”", Span(3, 5), 0, 6) is False
    assert in_marks("“甲错字", Span(2, 4), 0, 4) is False


def test_boundaries() -> None:
    entry = Entry("台独", boundary=True)
    assert found("平台独立运行", entry) == []
    assert found("反对台独势力", entry) == ["台独"]


def test_packs_silence_override_and_allow() -> None:
    entries = (Entry("错字", right=("甲",)), Entry("别字"))
    text = "错字、别字、真错字"
    assert found(text, *entries, pack=Pack(silence=frozenset({"别字"}))) == ["错字", "错字"]
    assert found(text, *entries, pack=Pack(allow=("真错字", ""))) == ["错字", "别字"]
    own = {"term": "错字", "replace": "乙", "_own": True}
    assert found(text, *entries, pack=Pack(words=(own,))) == ["别字"]
    assert found(text, *entries, *Entry.of(own), pack=Pack(words=(own,))) == ["错字", "别字", "错字"]


def test_overlapping_matches() -> None:
    entries = (Entry("甲乙"), Entry("甲乙丙"), Entry("丙丁"), Entry("丁戊己"))
    assert found("甲乙丙丁戊己", *entries) == ["甲乙丙", "丁戊己"]
    assert sorted(found("甲乙丙丁戊己", *entries, overlapping=True)) == sorted(
        ["甲乙", "甲乙丙", "丙丁", "丁戊己"]
    )
    assert found("丙丁戊己", *entries) == ["丁戊己"]
    assert found("甲乙", Entry("甲乙"), Entry("甲乙")) == ["甲乙"]


def test_offsets_are_code_points() -> None:
    one = table(Entry("错字"))
    document = read(Source("a", "\U0001f600𠀀错字", "text"))
    (hit,) = one.check(document, Settings())
    assert hit.span == Span(2, 4)


def test_where_a_table_applies() -> None:
    assert found("错字", Entry("错字"), media="markdown") == ["错字"]
    one = table(Entry("错字"), media=("html",), page=True)
    scanner = Scanner([one, table(Entry("别字"), page=True)], Settings())
    for text, media, count in (
        ("<html>错字错字", "html", 2),
        ("<p>错字别字", "html", 0),
        ("错字", "text", 0),
        ("", "html", 0),
        ("对", "html", 0),
    ):
        assert len(scanner.hits(read(Source("a", text, media)))[one]) == count
    assert Scanner([], Settings()).hits(read(Source("a", "甲"))) == {}
    assert found("错字", Entry("错字", data={"reject": True})) == []


def test_guards_are_asked_first() -> None:
    assert found("错字。错字", Entry("错字", guard=lambda _text, start, end: (start, end) == (0, 2))) == [
        "错字"
    ]


def test_entries_may_depend_on_settings() -> None:
    def entries(given_settings: Settings) -> Sequence[Entry]:
        return [Entry(word) for word in given_settings.pack.allow[:0] or ("错字",)]

    @terms(
        title="表",
        entries=entries,
        level=Level.NOTE,
        passes=Pass.PROOF1,
        basis=BASIS,
        bad=("a",),
        good=("b",),
    )
    def made(match: Match) -> Hit | None:
        """为什么"""
        assert (match.text, match.sentence) == ("错字。", Span(0, 3))
        return match.hit("话", fix=None)

    (hit,) = made.check(read(Source("a", "错字。", "text")), Settings())
    assert (hit.message, hit.fix) == ("话", None)


def test_words_for_the_editor() -> None:
    document = read(Source("a", "错字", "text"))
    match = Match(
        document,
        Span(0, 2),
        Entry("错字", right=("对字", "正字"), note="因", safe=True, level=Level.VETO),
        Settings(),
    )
    hit = match.hit()
    assert (hit.message, hit.fix, hit.alternatives) == ("“错字”应为“对字”或“正字”：因", "对字", ("正字",))
    assert (hit.safe, hit.level) == (True, Level.VETO)
    assert match._replace(entry=Entry("错字")).hit().message == "“错字”使用不当"


def test_entries_from_mappings() -> None:
    one, two = Entry.of(
        {"terms": ["甲乙", "丙丁"], "replace": ["戊"], "except": ["<己"], "level": "veto", "advice": "因"}
    )
    assert (one.term, two.term, one.right, one.conditions, one.allowed, one.level, one.note) == (
        "甲乙", "丙丁", ("戊",), ("<己",), (), Level.VETO, "因",
    )  # fmt: skip
    assert Entry.of({"term": "甲乙", "except": ["<("]}, trusted=True)[0].contexts == ("<(",)


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({}, "缺少 term"),
        ({"term": "甲"}, "太短"),
        ({"term": 12}, "太短"),
        ({"term": "甲乙", "level": "bad"}, "level 应为"),
        ({"term": "甲乙", "level": 3}, "level 应为"),
        ({"term": "甲乙", "except": ["<("]}, "正则表达式"),
        ({"term": "甲乙", "except": ["丙"]}, "没有这个词"),
        ({"term": "甲乙", "except": [""]}, "没有这个词"),
        ({"term": "甲乙", "except": ["+"]}, "开头"),
        ({"term": "甲乙", "except": ["+丙"]}, "开头"),
    ],
)
def test_entries_that_do_not_fit(item: dict[str, Any], words: str) -> None:
    with pytest.raises(RuleError, match=words):
        Entry.of(item)


def test_tables_in_files(tmp_path: Path) -> None:
    tsv = tmp_path / "a.tsv"
    tsv.write_text("# 注\nwrong\tright\n\n错字\t对字|正字\t真错字|<甲\tbqsv\t因\n别字\n", encoding="utf-8")
    one, two = read_tsv(tsv)
    assert (one.right, one.contexts, one.boundary, one.quoted, one.safe, one.level, one.note) == (
        ("对字", "正字"), ("真错字", "<甲"), True, True, True, Level.VETO, "因",
    )  # fmt: skip
    assert (two.term, two.right, two.level) == ("别字", (), None)
    toml = tmp_path / "a.toml"
    toml.write_text('[[entry]]\nterm = "错字"\n', encoding="utf-8")
    assert [entry.term for entry in read_toml(toml)] == ["错字"]
    assert read_toml(toml, "other") == []
    for line in ("错\t对", "错字\t对字\t\tx", "错字\t对字\t丙"):
        tsv.write_text(line, encoding="utf-8")
        with pytest.raises(RuleError, match=r"a\.tsv 第 1 行"):
            read_tsv(tsv)


@given(
    st.lists(st.text(alphabet="甲乙丙", min_size=2, max_size=4), max_size=6),
    st.text(alphabet="甲乙丙丁", max_size=30),
)
@settings(max_examples=200, deadline=None)
def test_every_occurrence_is_seen(words: list[str], text: str) -> None:
    """Against a naive search."""
    one = table(*(Entry(word) for word in dict.fromkeys(words)), overlapping=True)
    document = read(Source("a", text, "text"))
    hits = {(hit.span.start, hit.span.end) for hit in Scanner([one], Settings()).hits(document)[one]}
    shown = document.text
    assert hits == {(i, i + len(w)) for w in words for i in range(len(shown)) if shown.startswith(w, i)}


def cost(scanner: Scanner, text: str) -> float:
    document = read(Source("a", text, "text"))
    best = 9e9
    for _ in range(3):
        start = time.process_time()
        scanner.hits(document)
        best = min(best, time.process_time() - start)
    return best


def test_twenty_thousand_terms_cost_linear_time() -> None:
    """A coarse ratio: four times the text, less than ten times the time."""
    letters = [chr(0x4E00 + n) for n in range(150)]
    one = table(*(Entry(a + b + "词", contexts=(a + b + "词典",)) for a in letters for b in letters[:134]))
    scanner = Scanner([one], Settings())
    piece = "一丁词典，一七词。" + "工作报告" * 10
    assert cost(scanner, piece * 4000) < 10 * max(cost(scanner, piece * 1000), 0.004)


def test_a_flood_of_hits_costs_linear_time() -> None:
    scanner = Scanner(
        [table(Entry("错字", contexts=("真错字", "<不"), quoted=True))],
        Settings(pack=Pack(allow=("错字错字错字错字",))),
    )
    for piece in ("错字，", "“错字", "真错字", "错字", "不错字。"):
        assert cost(scanner, piece * 8000) < 10 * max(cost(scanner, piece * 2000), 0.004)
