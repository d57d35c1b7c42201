"""The engine, verdicts, runs, and what rules, standards and examples are made of."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rules
from qa import engine as engine_module
from qa.document import Document
from qa.engine import MAX_FINDINGS_PER_RULE, Engine, Outcome, article_title, document_identity
from qa.examples import apply, problems, unmark
from qa.examples import run as run_example
from qa.finding import Confidence, Finding, Fix, Level, Pass, fingerprint, squeeze
from qa.lexicon import Entry, Match, terms
from qa.passes import Gates, Unchecked, Verdict, judge, worst
from qa.readers import read
from qa.rule import Bad, Good, Hit, Rule, RuleError, Settings, rule
from qa.run import Gone, Run
from qa.source import Source, Span
from qa.standard import Standard, Trust

BASIS = Standard(
    "t", "测试标准", code="GB/T 1", url="http://a.cn", unverified=frozenset({"9"}), reported=frozenset({"8"})
)


def finder(word: str, identifier: str = "x/finder", *, level: Level = Level.ERROR, **changes: object) -> Rule:
    """A rule that finds a word wherever it stands."""

    @rule(
        title=f"找{identifier}",
        level=level,
        passes=Pass.PROOF1,
        basis=BASIS["1"],
        bad=("<p>⟦错⟧</p>",),
        good=("对",),
    )
    def made(document: Document) -> Iterator[Hit]:
        """为什么"""
        at = document.text.find(word)
        while at >= 0:
            yield Hit(Span(at, at + len(word)), **changes)  # type: ignore[arg-type]
            at = document.text.find(word, at + 1)

    made.id = identifier
    return made


def check(text: str, *which: Rule, name: str = "a.html", media: str = "html", **options: object) -> Outcome:
    document = read(Source(name, text, media))
    return Engine(which, **options).check(document)  # type: ignore[arg-type]


def prints(text: str, word: str = "错字", **options: str) -> list[str]:
    return [f.fingerprint for f in check(text, finder(word), **options).findings]  # type: ignore[arg-type]


def test_a_finding_says_it_all() -> None:
    text = "<h1>题</h1>\n<p>前文有<b>错字</b>在此。</p>"
    outcome = check(
        text,
        finder(
            "错字",
            message="话",
            fix="对字",
            alternatives=("别字",),
            safe=True,
            related=((Span(0, 1), "参见"),),
        ),
    )
    (found,) = outcome.findings
    assert (found.quote, found.before, found.after) == ("错字", "前文有", "在此。")
    assert (found.start.line, found.start.column, found.end.column) == (2, 10, 12)
    assert text[found.start.offset : found.end.offset] == "错字"
    assert (found.rule, found.title, found.message, found.suggestion) == (
        "x/finder",
        "找x/finder",
        "话",
        "对字／别字",
    )
    assert (found.basis, found.basis_url) == ("GB/T 1 1", "http://a.cn")
    assert found.fixes == (Fix(Span(found.start.offset, found.end.offset), "对字", True),)
    assert (found.related[0].message, found.related[0].quote) == ("参见", "题")
    assert (outcome.title, outcome.identity, outcome.document is not None) == ("题", "题", True)
    assert check("<p>错字</p>", finder("错字")).findings[0].message == "找x/finder"
    assert check("<p>错字</p>", finder("错字", fix="")).findings[0].suggestion == "（删去）"
    assert check("<p>错<b>字</b></p>", finder("错字", fix="", safe=True)).findings[0].fixes[0].safe is False


def test_a_hit_in_the_source_quotes_the_source() -> None:
    found = check(
        "<p><a href='xx'>错字</a></p>", finder("错字", source=Span(12, 14), fix="yy", safe=True)
    ).findings[0]
    assert (found.quote, found.before, found.after, found.fixes[0].safe) == ("xx", "", "", True)
    assert check("<p>错字</p>", finder("错字", source=Span(0, 3), quote="词")).findings[0].quote == "词"
    assert check("<p>错字</p>", finder("错字", quote="词" * 300)).findings[0].quote == "词" * 199 + "…"


def test_fingerprints_survive_edits_elsewhere() -> None:
    (one,) = prints("<h1>题</h1><p>甲。</p><p>这里有错字一处。</p>")
    assert prints(
        "<h1>题</h1><p>甲改了很多很多。</p>\n\n<div>加了一段</div><p>这里有错字一处。</p><p>尾</p>"
    ) == [one]
    assert prints("<h1> 题\n</h1><p>\n  这里有 错字 \u3000一处。\n</p>") == [one]
    assert prints("<h1>题</h1><p>这里有<b>错</b>字一处。</p>") == [one]
    assert prints("<h1>题</h1><p>那里有错字一处。</p>") != [one]
    assert prints("<h1>别题</h1><p>这里有错字一处。</p>") != [one]


ARTICLE = ["为做好工作，这里有错字一处。", "第二段又有错字，\n并且换行。"]


def test_draft_and_live_page_have_the_same_fingerprints() -> None:
    title = "晋江市2020-2025年规划——在大会上"
    drafts = {
        "front.md": f"---\ntitle: {title}\n---\n\n" + "\n\n".join(ARTICLE),
        "heading.md": f"# {title}\n\n" + "\n\n".join(f"**{a[:3]}**{a[3:]}" for a in ARTICLE),
    }
    body = "".join(f"<p>\u3000\u3000{a}</p>" for a in ARTICLE)
    page = (
        f"<html><head><title>{title}_晋江市人民政府</title><meta name='ArticleTitle' content='{title}'></head>"
        f"<body><nav><a href=/>首页</a></nav><div class='TRS_Editor'>{body}</div></body></html>"
    )
    live = prints(page, name="http://a.cn/1.html")
    assert len(set(live)) == 2
    for name, text in drafts.items():
        assert prints(text, name=name, media="markdown") == live
    assert prints(page.replace("<meta name='ArticleTitle'", "<meta name='x'"), name="b.html") == live
    text = f"{title}\n\n" + "\n".join(a.replace("\n", "") for a in ARTICLE)
    assert prints(text, name="a.txt", media="text") == live


@given(
    st.lists(st.sampled_from(["甲", "错字", " ", "乙。", "\n"]), max_size=12).map("".join),
    st.sampled_from(["", "<p>前</p>", "<!-- x -->\n\n"]),
)
@settings(max_examples=60, deadline=None)
def test_fingerprints_know_no_places(text: str, before: str) -> None:
    here = prints(f"<h1>题</h1><p>{text}</p>")
    assert prints(f"<h1>题</h1>{before}<p>{text}</p>") == here
    assert len(set(here)) == len(here)


def test_equal_findings_are_told_apart() -> None:
    assert len(set(prints("<p>甲错字</p><p>甲错字</p><p>甲错字</p>"))) == 3
    assert fingerprint("r", "i", "a", "b", "c", 0) != fingerprint("r", "i", "a", "b", "c", 1)
    assert squeeze(" 甲\u3000\n乙\u200b") == "甲乙"


def test_chrome_is_the_same_on_every_page() -> None:
    nav = "<nav><p>甲错字</p></nav>"
    assert prints(f"<h1>一</h1>{nav}") == prints(f"<h1>二</h1>{nav}")
    assert check(nav, finder("错字")).findings[0].chrome


@pytest.mark.parametrize(
    ("text", "media", "title"),
    [
        ("<meta name=ArticleTitle content=' 题 '><h1>别</h1>", "html", "题"),
        ("<meta name=ArticleTitle content=' '><h1>别</h1>", "html", "别"),
        ("<nav><h1>站</h1></nav><title>题_晋江市人民政府</title>", "html", "题"),
        ("<title>题 - 晋江市人民政府门户网站</title>", "html", "题"),
        ("<title>2020-2025年规划 | 站</title>", "html", "2020-2025年规划"),
        ("<title>_站</title>", "html", "_站"),
        ("<p>首段", "html", "首段"),
        ("<img alt=图>", "html", ""),
        ("---\ntitle: 题_甲\n---\n", "markdown", "题_甲"),
    ],
)
def test_title_of_an_article(text: str, media: str, title: str) -> None:
    assert article_title(read(Source("a", text, media))) == title


def test_identity() -> None:
    assert document_identity(read(Source("a", "<h1>关于《甲》的 通知</h1>", identity="4711"))) == "4711"
    assert (
        document_identity(read(Source("a", "<h1>关于《甲》的 通知</h1>", url="http://a.cn")))
        == "关于甲的通知"
    )
    assert document_identity(read(Source("a", ""))) == ""


def test_the_same_change_asked_for_twice_is_one_finding() -> None:
    text = "<p>错字</p>"
    one, two = finder("错字", "a/one", level=Level.NOTE, fix="对"), finder("错字", "b/two", fix="对")
    assert [f.rule for f in check(text, one, two).findings] == ["b/two"]
    assert [f.rule for f in check(text, finder("错字", "a/one", fix="对"), two).findings] == ["a/one"]
    assert len(check(text, finder("错字", "a/one", fix="正"), two).findings) == 2
    assert len(check(text, finder("错字", "a/one"), finder("错字", "b/two")).findings) == 2


def broken(error: Exception) -> Rule:
    @rule(title="坏", level=Level.ERROR, passes=Pass.PROOF3, basis=BASIS["1"], bad=("⟦a⟧",), good=("b",))
    def made(document: Document) -> Iterator[Hit]:
        """为什么"""
        yield Hit(Span(0, 1))
        raise error

    made.id = "x/broken"
    return made


def test_a_rule_that_raises_is_reported_and_the_others_go_on() -> None:
    outcome = check("<p>错字</p>", broken(ValueError("话")), broken(KeyError()), finder("错字"))
    assert [u.reason for u in outcome.unchecked] == [
        "规则 x/broken 运行出错：ValueError：话",
        "规则 x/broken 运行出错：KeyError",
    ]
    assert outcome.unchecked[0].pass_ is Pass.PROOF3
    assert [f.rule for f in outcome.findings] == ["x/broken", "x/broken", "x/finder"]
    outcome.settle(Gates())
    assert outcome.verdicts[Pass.PROOF3] is Verdict.BLOCKED
    assert outcome.overall is Verdict.BLOCKED


def table(*entries: Entry, judge_with: Callable[[Match], Hit | None] | None = None) -> Rule:
    @terms(
        title="表",
        entries=entries,
        level=Level.WARNING,
        passes=Pass.PROOF1,
        basis=BASIS["1"],
        bad=("⟦错字⟧",),
        good=("对",),
    )
    def made(match: Match) -> Hit | None:
        """为什么"""
        return judge_with(match) if judge_with else match.hit()

    made.id = "x/table"
    return made


def test_tables_and_engines_that_fail_are_reported() -> None:
    def fail(match: Match) -> Hit | None:
        raise OSError(match.entry.term)

    outcome = check("<p>错字</p>", table(Entry("错字"), judge_with=fail), finder("错字"))
    assert outcome.unchecked == [Unchecked("规则 x/table 运行出错：OSError：错字", "x/table", Pass.PROOF1)]
    assert len(outcome.findings) == 1

    def spell(document: Document) -> Iterator[tuple[Rule, Hit]]:
        yield finder("", "typo/model"), Hit(Span(0, 1))
        if "错" in document.text:
            raise MemoryError

    outcome = check("<p>错字</p>", spelling=[spell])
    assert outcome.unchecked == [Unchecked("拼写引擎运行出错：MemoryError", "typo/*", Pass.PROOF1)]
    assert [f.rule for f in check("<p>好</p>", spelling=[spell]).findings] == ["typo/model"]


def test_rules_may_be_narrowed_and_levels_set() -> None:
    text = "<p>错字</p>"
    document = read(Source("a.html", text))
    engine = Engine([finder("错字"), table(Entry("错字"))], levels={"x/finder": Level.NOTE})
    assert [(f.rule, f.level) for f in engine.check(document).findings] == [
        ("x/finder", Level.NOTE),
        ("x/table", Level.WARNING),
    ]
    assert [f.rule for f in engine.check(document, frozenset({"x/table"})).findings] == ["x/table"]
    assert engine.check(document, frozenset()).findings == []
    hit = check(text, finder("错字", level=Level.ERROR)).findings[0]
    assert (hit.level, hit.confidence) == (Level.ERROR, Confidence.HIGH)


def test_too_many_findings_are_counted_not_listed() -> None:
    count = MAX_FINDINGS_PER_RULE + 7
    for one in (finder("错字"), table(Entry("错字"))):
        outcome = check("<p>" + "错字，" * count, one)
        assert len(outcome.findings) == MAX_FINDINGS_PER_RULE
        assert f"共 {count} 处，只列出前 {MAX_FINDINGS_PER_RULE} 处" in outcome.notices[0]


def test_context_stops_at_block_edges() -> None:
    found = check("<p>前</p><p>" + "甲" * 50 + "错字" + "乙" * 50 + "</p>", finder("错字")).findings[0]
    assert (found.before, found.after) == ("甲" * engine_module.CONTEXT, "乙" * engine_module.CONTEXT)
    document = Document(Source("a", "错字"), "错字", read(Source("a", "错字")).segments, [])
    assert len(Engine([finder("错字")]).check(document).findings) == 1


def finding(level: Level = Level.ERROR, pass_: Pass = Pass.PROOF1, **changes: object) -> Finding:
    place = Source("a", "").position(0)
    return Finding(
        "r", "t", level, pass_, Confidence.HIGH, "m", "a", place, place, "q", "", "", "b", "f", **changes
    )  # type: ignore[arg-type]


def test_verdicts() -> None:
    gates = Gates({Pass.PROOF2: None, Pass.PROOF3: Level.WARNING})
    verdicts = judge(
        [
            finding(),
            finding(Level.WARNING, Pass.REVIEW1),
            finding(Level.VETO, Pass.PROOF2),
            finding(Level.WARNING, Pass.PROOF3),
            finding(pass_=Pass.REVIEW3, suppressed="因"),
            finding(pass_=Pass.REVIEW3, baseline="unchanged"),
        ],
        [Unchecked("因", pass_=Pass.REVIEW2)],
        gates,
    )
    assert [v.label for v in verdicts.values()] == ["不通过", "需留意", "不通过", "需留意", "未查完", "通过"]
    assert set(judge([], [Unchecked("因")], gates).values()) == {Verdict.UNCHECKED}
    assert worst([]) is Verdict.PASSED
    assert not gates.blocks(finding(suppressed="因"))


def test_runs() -> None:
    bad, good = Outcome("a", findings=[finding(), finding(suppressed="因")]), Outcome("b")
    for outcome in (bad, good):
        outcome.settle(Gates())
    run = Run([bad, good], gone=[Gone("f", "r", "p", "q")])
    assert (
        len(run.findings),
        len(run.live),
        run.count(),
        run.count(Level.NOTE),
        run.count(pass_=Pass.PROOF1),
    ) == (2, 1, 1, 0, 1)
    assert (run.verdict(Pass.PROOF1), run.overall, run.blocked, run.incomplete, run.exit_code) == (
        Verdict.BLOCKED, Verdict.BLOCKED, True, False, 1,
    )  # fmt: skip
    assert Run([good]).exit_code == 0
    assert Run([Outcome("c", unchecked=[Unchecked("因")])]).exit_code == 3


def test_names_of_things() -> None:
    assert [Level.parse(level.key) for level in Level] == list(Level)
    assert [level.label for level in Level] == ["提示", "警告", "错误", "一票否决"]
    assert [c.label for c in Confidence] == ["高", "中", "低"]
    assert [Pass.parse(p.key.upper()) for p in Pass] == list(Pass)
    assert (Pass.PROOF1.label, Pass.PROOF1.short) == ("一校 文字", "一校")
    with pytest.raises(KeyError):
        Pass.parse("x")
    assert (BASIS["9"].trust, BASIS["8"].trust, BASIS["1"].trust) == (
        Trust.UNVERIFIED,
        Trust.REPORTED,
        Trust.VERIFIED,
    )
    assert Standard("k", "某法")["第一条"].cite == "《某法》 第一条"
    assert len({BASIS, BASIS}) == 1


def test_when_a_rule_applies() -> None:
    page, fragment = read(Source("a", "<html><p>甲乙")), read(Source("a.md", "甲乙", "markdown"))

    def made(**options: object) -> Rule:
        return Rule(lambda _document: [], "t", Level.NOTE, Pass.PROOF1, BASIS["1"], (), (), "因", **options)  # type: ignore[arg-type]

    assert made().applies(page)
    assert not made(media=("html",)).applies(fragment)
    assert not made(page=True).applies(fragment)
    assert made(page=True).applies(page)
    assert made(needs=("丙", "甲")).applies(page)
    assert made(needs=("丙", "甲乙")).applies(page)
    assert not made(needs=("丙", "丙丁")).applies(page)
    assert (
        Rule(max, "t", Level.NOTE, Pass.PROOF1, BASIS["1"], (), (), "因").check(fragment, Settings())
        is not None
    )
    one = made()
    one.id = "a/b"
    assert one.family == "a"
    for wrong in (made(), Rule(made, "t", Level.NOTE, Pass.PROOF1, BASIS["1"], (), (), " ")):
        with pytest.raises(RuleError):
            wrong.validate()
    with pytest.raises(RuleError, match="待核"):
        Rule(made, "t", Level.ERROR, Pass.PROOF1, BASIS["9"], (Bad("a"),), (Good("b"),), "因").validate()


def test_rules_may_ask_for_settings() -> None:
    @rule(title="t", level=Level.NOTE, passes=Pass.PROOF1, basis=BASIS["1"], bad=("⟦a⟧",), good=(Good("b"),))
    def made(document: Document, given_settings: Settings) -> Iterator[Hit]:
        """为什么"""
        if given_settings.option("x", "on", False):
            yield Hit(Span(0, len(document.text)))

    assert check("a", made).findings == []
    assert len(check("a", made, settings=Settings(options={"x": {"on": True}})).findings) == 1


def test_examples() -> None:
    assert unmark("a⟦b⟧c⟦⟧").spans == (Span(1, 2), Span(3, 3))
    for wrong in ("⟦⟦", "⟧", "⟦a"):
        with pytest.raises(ValueError, match=r"⟦|⟧"):
            unmark(wrong)
    with pytest.raises(RuntimeError, match="ValueError"):
        run_example(broken(ValueError()), "甲", Good("甲"))
    one = finder("错", fix="对")
    one.bad = (Bad("<p>⟦错⟧，⟦错⟧</p>", "<p>对，对</p>"), Bad("<p>⟦错⟧</p>"))
    assert problems(one) == []
    one.bad = (Bad("<p>⟦错⟧错</p>", "<p>正</p>"), Bad("<p>对</p>"), Bad("<p>⟦错⟧</p>", "<p>对</p>"))
    one.good = (Good("错"),)
    assert [p.rpartition("：")[0][-20:] or p for p in problems(one)]
    assert len(problems(one)) == 4
    still = finder("错", fix="错错")
    still.bad = (Bad("<p>⟦错⟧</p>", "<p>错错</p>"),)
    assert "not clean" in problems(still)[0]
    overlapping = [finding(fixes=(Fix(Span(0, 2), "x"),)), finding(fixes=(Fix(Span(1, 3), "y"),)), finding()]
    assert apply("abcd", overlapping) == "xcd"


def test_loading_rules_fails_loudly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rules.load() is rules.load()
    assert [one.id for one in (*rules.load(), *rules.load_site())] == sorted(
        rules.identifiers(), key=lambda name: (name.startswith(rules.SITE), name)
    )
    with pytest.raises(RuleError, match="无法载入"):
        rules.load_one("punctuation/no_such_rule")
    folder = tmp_path / "rules_x"
    folder.mkdir()
    (folder / "empty.py").write_text("", encoding="utf-8")
    monkeypatch.setattr(rules, "__path__", [*rules.__path__, str(tmp_path)])
    with pytest.raises(RuleError, match="实际有 0 条"):
        rules.load_one("rules_x/empty")
    monkeypatch.setattr(rules, "identifiers", lambda: ["punctuation/dunhao_between_marks"] * 2)
    with pytest.raises(RuleError, match="规则编号重复"):
        rules.load.__wrapped__()
    sys.modules.pop("rules.rules_x.empty", None)


def test_measured_precision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "precision").mkdir()
    (tmp_path / "precision" / "a.toml").write_text(
        '["a/b"]\nhits = 4\nchecked = 2\nright = 1\nsample = "样"\n["c/d"]\n', encoding="utf-8"
    )
    monkeypatch.setattr(rules, "_ROOT", tmp_path)
    found = rules.precision.__wrapped__()
    assert (found["a/b"].share, found["c/d"].share, found["a/b"].sample) == (0.5, None, "样")
