"""Every report format over one shared run, and what hostile input must not do to them."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, unquote
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from rich.cells import cell_len

import reports
from qa.document import Block, Cell, Document, Role, Segments, Table
from qa.engine import Engine, Outcome
from qa.finding import Confidence, Finding, Fix, Level, Pass, Related
from qa.passes import Gates, Unchecked, Verdict
from qa.readers.html import read_html
from qa.rule import Hit, Rule, rule
from qa.run import Gone, Run
from qa.source import Position, Source, Span
from qa.standard import Standard
from reports import _article, _common, github, html, sarif, text
from reports import json as json_report
from reports._article import Article

DATA = Path(__file__).parent / "data"
TIME = "2026-11-23T11:00:00+08:00"

# --- One run that holds everything a report may meet.

PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>关于做好汛期安全工作的通知_示例市人民政府</title>
<meta name="description" content="关于布署汛期工作的通知"></head>
<body>
<nav><a href="/">首页</a> <a href="/zwgk/">政务公开布署</a></nav>
<main>
<h1>关于做好汛期安全工作的通知</h1>
<p>各县（市、区）人民政府：</p>
<p>为认真贯彻落实上级工作布署，切实作好汛期安全防范，现将《防汛条例》、《安全生产法》有关要求通知如下。</p>
<h2>一、提高思想认识</h2>
<p>截止2023年底，全市共投入资金约3000多万元，受益群众达到12万人次，比上年提高了2倍。</p>
<ul><li>压实责任，层层传导压力。</li><li>加强值班值守,确保信息畅通。</li></ul>
<table><caption>投入情况表</caption>
<tr><th rowspan="2">单位</th><th colspan="2">投入（万元）</th></tr>
<tr><th>上年</th><th>本年</th></tr>
<tr><td>城关镇</td><td>1200</td><td>1800</td></tr>
<tr><td>合计</td><td>1200</td><td>1900</td></tr></table>
<p>联系人：张三，身份证号：110101199003070011。<img src="a.png" alt="汛期布署图"></p>
<p>详见<a href="">附件</a>。</p>
</main>
<footer><p>主办：示例市人民政府办公室 布署科</p></footer>
</body></html>
"""

GB = Standard("gbt15834", "标点符号用法", "GB/T 15834-2011", "https://example.org/std")
WORDS = Standard("dict", "现代汉语词典（第7版）")


def make(
    identifier: str,
    title: str,
    level: Level,
    pass_: Pass,
    pattern: str,
    words: str = "",
    fix: str | None = None,
    standard: Standard = WORDS,
    number: str = "",
    alternatives: tuple[str, ...] = (),
    confidence: Confidence = Confidence.HIGH,
    aliases: tuple[str, ...] = (),
    score_item: str = "",
) -> Rule:
    """A rule that finds a pattern."""

    @rule(
        title=title,
        level=level,
        passes=pass_,
        basis=standard[number],
        bad=["x"],
        good=["y"],
        confidence=confidence,
        aliases=aliases,
        score_item=score_item,
    )
    def check(document: Document) -> Iterator[Hit]:
        """说明：为什么这样要求。"""
        for found in re.finditer(pattern, document.text):
            yield Hit(Span(*found.span()), words, fix, alternatives, safe=fix is not None)

    check.id = identifier
    return check


@rule(title="链接地址为空", level=Level.ERROR, passes=Pass.PROOF3, basis=GB["链接"], bad=["x"], good=["y"])
def empty_href(document: Document) -> Iterator[Hit]:
    """空链接打不开。"""
    for link in document.links:
        if not link.href:
            yield Hit(Span(link.span.start, link.span.start), "链接没有地址", source=link.source, quote="")


empty_href.id = "links/empty_href"


@rule(title="合计不符", level=Level.ERROR, passes=Pass.PROOF3, basis=GB["表"], bad=["x"], good=["y"])
def sums(document: Document) -> Iterator[Hit]:
    """合计应等于各项之和。"""
    at, other = document.text.find("1900"), document.text.find("1800")
    if at >= 0:
        yield Hit(Span(at, at + 4), "合计应为1800", fix="1800", related=((Span(other, other + 4), "分项"),))


sums.id = "facts/sums"

RULES = [
    make(
        "typo/homophone",
        "同音错字",
        Level.ERROR,
        Pass.PROOF1,
        "布署",
        "应写作“部署”",
        "部署",
        aliases=("typo/old",),
    ),
    make("typo/zuo", "“作”“做”混用", Level.WARNING, Pass.PROOF1, "作好", "", "做好", alternatives=("办好",)),
    make(
        "punctuation/dunhao",
        "书名号之间不用顿号",
        Level.NOTE,
        Pass.PROOF2,
        "(?<=》)、(?=《)",
        "不必再用顿号",
        "",
        GB,
        "4.5.3.5",
    ),
    make(
        "punctuation/half",
        "半角标点",
        Level.ERROR,
        Pass.PROOF2,
        r"(?<=[\u4e00-\u9fff]),",
        "半角逗号",
        "，",
        GB,
        "5.1",
    ),
    make(
        "wording/about",
        "概数重复",
        Level.WARNING,
        Pass.PROOF1,
        "约3000多",
        "“约”与“多”重复",
        confidence=Confidence.MEDIUM,
    ),
    make(
        "wording/money",
        "资金表述",
        Level.NOTE,
        Pass.REVIEW1,
        "资金约3000多万元",
        "请写明资金来源",
        confidence=Confidence.LOW,
    ),
    make(
        "privacy/id",
        "完整身份证号",
        Level.VETO,
        Pass.REVIEW2,
        r"\d{17}[\dX]",
        "个人信息应当隐去",
        score_item="单项否决/2",
    ),
    empty_href,
    sums,
]

HOSTILE = (
    "坏\x1b[31m\x07文\u202e件\x00\ud800</script><img src=x onerror=alert(1)>]]>"
    "&lt;{{ 7*7 }}%0A::error::x,=\u2028|\x85\u200b"
)


def finding(**changes: object) -> Finding:
    """A plain finding to vary."""
    base = Finding(
        rule="typo/homophone",
        title="同音错字",
        level=Level.ERROR,
        pass_=Pass.PROOF1,
        confidence=Confidence.HIGH,
        message="应写作“部署”",
        path="a.html",
        start=Position(3, 4, 30),
        end=Position(3, 6, 32),
        quote="布署",
        before="贯彻",
        after="工作",
        basis="《现代汉语词典（第7版）》",
        fingerprint="0123456789abcdef0123456789abcdef",
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def page(name: str = "网站/通知 1.html", markup: str = PAGE) -> Outcome:
    """The sample page, checked."""
    return Engine(RULES).check(read_html(Source(name, markup))).settle(Gates())


def sample() -> Run:
    """All states at once: live, suppressed, known, gone, unchecked, clean, hostile."""
    main = page()
    marked = [replace(one, baseline="new") for one in main.findings]
    chosen = {
        "typo/zuo": {"suppressed": "原文如此，引自领导讲话"},
        "punctuation/dunhao": {"baseline": "unchanged"},
    }
    main.findings = [replace(one, **chosen.get(one.rule, {})) for one in marked]  # type: ignore[arg-type]
    main.notices.append("声明的编码是 gb2312，实际是 UTF-8")
    gates = Gates()
    broken = Outcome(
        "损坏.html",
        unchecked=[
            Unchecked("不是文本文件（看起来是PDF 文档）"),
            Unchecked("规则 typo/homophone 运行出错：ValueError：坏", "typo/homophone", Pass.PROOF1),
        ],
    )
    clean = Outcome("好.html", title="没有问题的文章")
    hostile = Outcome(
        HOSTILE, title=HOSTILE, notices=[HOSTILE], unchecked=[Unchecked(HOSTILE, HOSTILE, Pass.PROOF2)]
    )
    hostile.findings = [
        finding(
            rule=HOSTILE,
            title=HOSTILE,
            path=HOSTILE,
            message=HOSTILE,
            quote=HOSTILE,
            before=HOSTILE,
            after=HOSTILE,
            basis=HOSTILE,
            suggestion=HOSTILE,
            baseline="new",
            fixes=(Fix(Span(5, 9), HOSTILE),),
            related=(Related(HOSTILE, Position(1, 1, 0), Position(2, 1, 9), HOSTILE),),
        ),
        finding(path=HOSTILE, suppressed=HOSTILE, baseline="new", fingerprint="f" * 32),
        finding(path=HOSTILE, suppressed="", baseline="new", fingerprint="e" * 32),
    ]
    return Run(
        [one.settle(gates) for one in (main, broken, clean, hostile)],
        RULES,
        gates,
        time=TIME,
        version="1.2.3",
        gone=[Gone("a" * 32, "typo/homophone", "旧.html", "布署")],
        baseline="基线.json",
        notices=["有一条忽略注释没有用上"],
    )


@pytest.fixture(scope="module")
def run() -> Run:
    return sample()


EMPTY = Run([])
UNCHECKED = Run([Outcome("a.pdf", unchecked=[Unchecked("不是文本文件")])])
CLEAN = Run([Outcome("a.html", title="甲").settle(Gates())])


# --- All formats.


def test_formats_are_found_by_walking() -> None:
    folder = Path(reports.__file__).parent
    found = {path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")}
    assert set(reports.FORMATS) == found
    assert found >= {"text", "json", "sarif", "junit", "github", "html", "csv"}


@pytest.mark.parametrize("name", reports.FORMATS)
def test_every_format_has_its_shape(name: str) -> None:
    module = reports.reporter(name)
    assert module.LABEL
    assert module.SUFFIX.startswith(".")


def test_unknown_format() -> None:
    with pytest.raises(KeyError):
        reports.render("docx2000", EMPTY)
    with pytest.raises(KeyError):
        reports.reporter("_common")


def test_naming_the_formats_imports_none() -> None:
    code = (
        "import sys, reports; reports.FORMATS; "
        "print([n for n in sys.modules if n.startswith('reports.') or n in ('jinja2', 'rich')])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_terminal_report_stays_light() -> None:
    code = (
        "import sys, reports; reports.reporter('text'); "
        "print([n for n in ('rich.console', 'rich.table', 'jinja2') if n in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.parametrize("name", reports.FORMATS)
@pytest.mark.parametrize("what", ["sample", "empty", "unchecked", "clean"])
def test_every_format_renders_every_run(name: str, what: str) -> None:
    made = {"sample": sample, "empty": lambda: EMPTY, "unchecked": lambda: UNCHECKED, "clean": lambda: CLEAN}[
        what
    ]
    first = reports.render(name, made())
    assert first == reports.render(name, made()), "the same run gives the same bytes"
    decoded = first.decode("utf-8")
    assert decoded.endswith(("\n", "\r\n"))
    raw = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069]")
    assert not raw.search(decoded), "nothing invisible reaches a report"


@pytest.mark.parametrize("name", reports.FORMATS)
def test_unchecked_never_looks_clean(name: str) -> None:
    told = reports.render(name, UNCHECKED).decode("utf-8")
    assert "不是文本文件" in told
    assert ("未查完" in told) or ("unchecked" in told)


@pytest.mark.parametrize("name", [one for one in reports.FORMATS if one != "json"])
def test_bidi_overrides_are_spelt_out(name: str, run: Run) -> None:
    told = reports.render(name, run).decode("utf-8")
    assert "⟨U+202E⟩" in told or "\\u202e" in told or "%E2%80%AE" in told


# --- Shared helpers.


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("正常 text", "正常 text"),
        ("甲\n\t乙", "甲 乙"),
        ("\x1b[2J", "⟨U+001B⟩[2J"),
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("\ud800", "⟨U+D800⟩"),
        ("\u200b", "⟨U+200B⟩"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("\u3000\u00a0", "\u3000\u00a0"),
    ],
)
def test_visible(raw: str, shown: str) -> None:
    assert _common.visible(raw) == shown


def test_escape_unseen_keeps_values() -> None:
    value = "a\u202e\x85\U000e0041\u2028b"
    told = _common.escape_unseen(json.dumps(value, ensure_ascii=False))
    assert told.isascii()
    assert json.loads(told) == value


@pytest.mark.parametrize(
    ("path", "address", "relative"),
    [
        ("网站/通知 1.html", quote("网站/通知 1.html"), True),
        ("./a.html", "a.html", True),
        ("a:b.html", "a%3Ab.html", True),
        ("/srv/a#b.html", "file:///srv/a%23b.html", False),
        ("C:\\站\\a.html", "file:///C:/%E7%AB%99/a.html", False),
        ("https://x.gov.cn/首页?a=1#b", "https://x.gov.cn/%E9%A6%96%E9%A1%B5?a=1#b", False),
        ("\udcff.html", "%FF.html", True),
        ("\ud800.html", "%EF%BF%BD.html", True),
        ("-", "-", True),
    ],
)
def test_uri(path: str, address: str, relative: bool) -> None:
    assert _common.uri(path) == (address, relative)


def test_conclusion() -> None:
    assert _common.conclusion(EMPTY) == "没有检查任何文档。"
    assert "不完整" in _common.conclusion(UNCHECKED)
    assert _common.conclusion(CLEAN) == "未发现问题。"
    note = Run([Outcome("a", findings=[finding(level=Level.NOTE)])])
    assert "1 处请编辑斟酌" in _common.conclusion(note)
    both = Run([Outcome("a", findings=[finding()], unchecked=[Unchecked("坏")])])
    assert "1 处问题必须改正" in _common.conclusion(both)
    assert "未查完" in _common.conclusion(both)


def test_unsettled_outcomes_do_not_pass() -> None:
    assert _common.verdict(Run([Outcome("a", findings=[finding()])])) is Verdict.BLOCKED
    assert _common.verdict(UNCHECKED, Pass.PROOF1) is Verdict.UNCHECKED


def test_heading_and_reasons() -> None:
    assert _common.heading(Outcome("a", title="甲")) == "甲"
    assert _common.heading(Outcome("a")) == "a"
    found = [finding(suppressed=""), finding(suppressed="乙"), finding(suppressed="乙"), finding()]
    assert _common.reasons(found) == [("乙", 2), ("（未写理由）", 1)]


def test_passes_all_have_their_questions() -> None:
    assert set(_common.ASKS) == set(Pass)


@pytest.mark.parametrize(
    ("words", "message", "shown"),
    [
        ("部署", "应写作“部署”", ""),
        ("部署", "错字", "部署"),
        ("，", "半角，", "“，”"),
        ("——", "破折号", "“——”"),
        ("（删去）", "多余", "（删去）"),
        ("", "错", ""),
        ("\u200b", "错", "“⟨U+200B⟩”"),
    ],
)
def test_suggestion(words: str, message: str, shown: str) -> None:
    assert _common.suggestion(finding(suggestion=words, message=message)) == shown


def test_context_of_a_quote_from_the_source() -> None:
    source = document("详见附件下载。", [Block(0, 7)])
    beside = finding(quote="http://x/", before="", after="附件下载。", text_span=Span(2, 6))
    assert _common.clip_context(beside, source) == ("", "（页面文字：附件下载。）")
    same = finding(quote="附件", before="", after="附件下载。", text_span=Span(2, 6))
    assert _common.clip_context(same, source) == ("", "下载。")
    assert _common.clip_context(beside) == ("", "附件下载。")
    plain = finding(quote="详", before="", after="见附件下载。", text_span=Span(0, 1))
    assert _common.clip_context(plain, source) == ("", "见附件下载。")
    long = finding(before="长" * 24, after="长" * 24)
    assert _common.clip_context(long) == ("…" + "长" * 24, "长" * 24 + "…")


# --- Terminal.


def test_text_tells_what_an_editor_needs(run: Run) -> None:
    told = text.render_text(run, width=100)
    assert "工作【布署】，切实" in told
    assert "合计应为1800" in told
    assert "依据：GB/T 15834-2011 5.1" in told
    assert "已忽略 1 处：原文如此，引自领导讲话（1 处）" in told
    assert "与基线相比：新增" in told
    assert "已消除 1 处" in told
    assert "未查完：不是文本文件（看起来是PDF 文档）（全部审次）" in told
    assert "结论：不通过" in told
    assert re.search(r"参见：\d+:\d+ 分项“1800”", told)
    assert "▲" in told
    order = [told.index(f"  {one.label}") for one in (Pass.PROOF1, Pass.PROOF2, Pass.PROOF3, Pass.REVIEW1)]
    assert order == sorted(order)
    assert "\x1b" not in told


def test_text_is_quiet_about_empty_passes() -> None:
    told = text.render_text(Run([Outcome("a.html", findings=[finding()])]))
    assert "  通过：二校 格式、三校 事实、初审 表述、复审 风险、终审 要素\n" in told
    assert "基线" not in told
    assert "已忽略" not in told


@pytest.mark.parametrize("width", [20, 40, 64, 80, 100, 160])
@pytest.mark.parametrize("color", [False, True])
def test_text_keeps_its_width(run: Run, width: int, color: bool) -> None:
    told = text.render_text(run, width=width, color=color)
    for line in told.splitlines():
        assert cell_len(re.sub(r"\x1b\[[0-9;]*m", "", line)) <= max(width, 48), line


def test_text_colour_is_the_same_text(run: Run) -> None:
    told = text.render_text(run, color=True)
    assert "\x1b[1;31m" in told
    assert set(re.findall(r"\x1b[^m]*m", told)) <= {f"\x1b[{code}m" for code in (*text._SGR.values(), "0")}


def test_text_lists_few_clean_documents_and_counts_many() -> None:
    few = text.render_text(Run([Outcome(f"{n}.html") for n in range(3)]))
    assert "2.html" in few
    many = text.render_text(Run([Outcome(f"{n}.html") for n in range(9)]))
    assert "9 篇没有需要处理的问题" in many
    assert "2.html" not in many


def test_text_unchecked_passes_take_one_line() -> None:
    told = text.render_text(UNCHECKED)
    assert "六个审次均未查完" in told
    assert "未发现问题" not in told
    some = text.render_text(Run([Outcome("a", unchecked=[Unchecked("坏", "x", Pass.PROOF2)])]))
    assert "\n  未查完：二校 格式\n" in some
    noticed = text.render_text(Run([Outcome("a", notices=["编码不符"])]))
    assert "六个审次均通过" in noticed


def test_text_empty_run_passes_nothing() -> None:
    told = text.render_text(EMPTY)
    assert "通过" not in told
    assert "结论：未检查" in told


def test_text_rule_on_its_own_line_where_both_do_not_fit() -> None:
    told = text.render_text(Run([Outcome("a", findings=[finding()])]), width=50)
    assert "依据：《现代汉语词典（第7版）》\n" in told
    assert "规则：typo/homophone  编号：01234567\n" in told


def test_text_tells_few_related_places_in_full() -> None:
    related = tuple(Related(f"处{n}", Position(n, 1, n), Position(n, 2, n), "甲") for n in range(1, 6))
    told = text.render_text(Run([Outcome("a", findings=[finding(related=related)])]))
    assert "参见：1:1 处1“甲”；2:1 处2“甲”；3:1 处3“甲”；等 5 处" in told


def test_text_clean_document_still_tells_what_was_ignored() -> None:
    told = text.render_text(Run([Outcome("a.html", findings=[finding(suppressed="引文")])]))
    assert "已忽略 1 处：引文（1 处）" in told


def test_text_lines_begin_and_end_with_marks_that_may() -> None:
    rows = text._wrap([("一二三四，五六七八（九十一二）。", "")], 8)
    lines = ["".join(word for word, _ in row) for row in rows]
    assert "".join(lines) == "一二三四，五六七八（九十一二）。"
    assert not any(line[0] in text._NO_START for line in lines)
    assert not any(line[-1] in text._NO_END for line in lines)


def test_text_breaks_long_words_and_drops_blanks_at_line_starts() -> None:
    rows = text._wrap([("a" * 30, ""), (" 甲", "dim"), (" ", "")], 10)
    lines = ["".join(word for word, _ in row) for row in rows]
    assert lines == ["a" * 10, "a" * 10, "a" * 10, "甲 "]
    carried = text._wrap([("一二三四 ，", "")], 9)
    assert ["".join(word for word, _ in row) for row in carried] == ["一二三", "四 ，"]
    blank = text._wrap([("aaaaaaaaa ，", "")], 10)
    assert ["".join(word for word, _ in row) for row in blank] == ["aaaaaaaaa", "，"]


def test_text_long_path_goes_on_below() -> None:
    told = text.render_text(Run([Outcome("长" * 60 + ".html", findings=[finding()])]), width=60)
    assert told.count("长") == 60


# --- JSON.


def test_json_obeys_its_schema(run: Run) -> None:
    schema = json_report.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for one in (run, EMPTY, UNCHECKED, CLEAN):
        validator.validate(json.loads(json_report.render(one)))


def test_json_schema_is_strict() -> None:
    def walk(node: object) -> Iterator[dict[str, object]]:
        if isinstance(node, dict):
            yield node
            for value in node.values():
                yield from walk(value)
        elif isinstance(node, list):
            for value in node:
                yield from walk(value)

    objects = [one for one in walk(json_report.schema()) if one.get("type") == "object"]
    assert objects
    assert all(one["additionalProperties"] is False for one in objects)


def test_json_fields(run: Run) -> None:
    told = json.loads(json_report.render(run))
    assert list(told) == ["version", "summary", "documents", "findings"]
    assert told["version"] == 1
    assert told["summary"]["tool"] == {"name": "shenjiao", "version": "1.2.3"}
    assert told["summary"]["exit_code"] == 3
    assert told["summary"]["baseline"]["gone"][0]["path"] == "旧.html"
    assert told["documents"][0]["verdict"]["overall"] == "blocked"
    assert told["documents"][1]["verdict"]["proof3"] == "unchecked"
    assert told["documents"][1]["unchecked"][0] == {
        "reason": "不是文本文件（看起来是PDF 文档）",
        "rule": None,
        "pass": None,
    }
    one = next(item for item in told["findings"] if item["rule"] == "typo/zuo")
    assert one["suppressed"] == "原文如此，引自领导讲话"
    assert one["fixes"][0]["replacement"] == "做好"
    assert PAGE[one["start"]["offset"] : one["end"]["offset"]] == one["quote"]
    line = PAGE.split("\n")[one["start"]["line"] - 1]
    assert line[one["start"]["column"] - 1 :].startswith(one["quote"])


def test_json_keeps_hostile_values_exact(run: Run) -> None:
    told = json.loads(json_report.render(run))
    assert told["documents"][3]["path"] == HOSTILE.replace("\ud800", "\ufffd")


def test_json_without_baseline() -> None:
    assert json.loads(json_report.render(CLEAN))["summary"]["baseline"] is None


# --- SARIF.


@pytest.fixture(scope="module")
def sarif_schema() -> dict[str, object]:
    loaded: dict[str, object] = json.loads((DATA / "sarif-2.1.0.schema.json").read_text(encoding="utf-8"))
    return loaded


def logs() -> list[Run]:
    loose = Run([Outcome("a.html", findings=[finding(rule="x/y", fixes=(Fix(Span(1, 2), ""),))])])
    remote = Run([Outcome("https://x.gov.cn/首页", findings=[finding(path="https://x.gov.cn/首页")])])
    return [sample(), EMPTY, UNCHECKED, CLEAN, loose, remote]


@pytest.mark.parametrize("number", range(6))
def test_sarif_obeys_the_official_schema(number: int, sarif_schema: dict[str, object]) -> None:
    checker = jsonschema.Draft4Validator(sarif_schema)
    checker.validate(json.loads(sarif.render(logs()[number])))


@pytest.mark.parametrize("number", range(6))
def test_sarif_obeys_the_prose(number: int) -> None:
    (one,) = json.loads(sarif.render(logs()[number]))["runs"]
    rules = one["tool"]["driver"]["rules"]
    assert len({item["id"] for item in rules}) == len(rules)
    artifacts = one["artifacts"]
    results = one["results"]
    for key in ("suppressions", "baselineState"):
        assert len({key in result for result in results}) <= 1, f"{key} stands on all results or on none"
    for item in rules:
        assert not item["name"].endswith(".")
        if "helpUri" in item:
            assert item["helpUri"].startswith("https://")
    locations = [
        place["physicalLocation"]
        for result in results
        for place in (*result["locations"], *result.get("relatedLocations", ()))
    ]
    changes = [
        change for result in results for fix in result.get("fixes", ()) for change in fix["artifactChanges"]
    ]
    for result in results:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["kind"] == "fail"
        assert result["level"] != "none"
    for place in [item["artifactLocation"] for item in (*locations, *changes)]:
        assert artifacts[place["index"]]["location"]["uri"] == place["uri"]
        assert re.fullmatch(r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?#\[\]]|%[0-9A-F]{2})*", place["uri"])
        if "uriBaseId" in place:
            assert place["uriBaseId"] in one["originalUriBaseIds"]
            assert ":" not in place["uri"].split("/")[0]
            assert not place["uri"].startswith("/")
    regions = [item["region"] for item in locations]
    regions += [replacement["deletedRegion"] for item in changes for replacement in item["replacements"]]
    for region in regions:
        assert region["charOffset"] >= 0
        assert region["charLength"] >= 0
        if "startLine" in region:
            assert (region["startLine"], region["startColumn"]) >= (1, 1)
            assert (region["endLine"], region["endColumn"]) >= (region["startLine"], region["startColumn"])


def test_sarif_fields(run: Run) -> None:
    (one,) = json.loads(sarif.render(run))["runs"]
    assert one["columnKind"] == "unicodeCodePoints"
    first = one["artifacts"][0]
    assert unquote(first["location"]["uri"]) == "网站/通知 1.html"
    assert first["encoding"] == "UTF-8"
    assert first["mimeType"] == "text/html"
    results = {item["ruleId"]: item for item in one["results"]}
    zuo = results["typo/zuo"]
    assert zuo["suppressions"] == [
        {"kind": "inSource", "status": "accepted", "justification": "原文如此，引自领导讲话"}
    ]
    assert results["privacy/id"]["level"] == "error"
    assert results["privacy/id"]["properties"]["scoreItem"] == "单项否决/2"
    assert results["punctuation/dunhao"]["baselineState"] == "unchanged"
    assert (
        results["facts/sums"]["relatedLocations"][0]["physicalLocation"]["region"]["snippet"]["text"]
        == "1800"
    )
    region = zuo["locations"][0]["physicalLocation"]["region"]
    start = region["charOffset"]
    assert PAGE[start : start + region["charLength"]] == "作好" == region["snippet"]["text"]
    invocation = one["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert invocation["exitCode"] == 3
    assert invocation["endTimeUtc"] == "2026-11-23T03:00:00Z"
    errors = [item for item in invocation["toolExecutionNotifications"] if item["level"] == "error"]
    assert len(errors) == 3
    assert errors[1]["associatedRule"]["id"] == "typo/homophone"
    homophone = next(item for item in one["tool"]["driver"]["rules"] if item["id"] == "typo/homophone")
    assert homophone["name"] == "TypoHomophone"
    assert homophone["deprecatedIds"] == ["typo/old"]
    assert "helpUri" not in homophone
    assert "**同音错字**" in homophone["help"]["markdown"]
    assert homophone["properties"]["precision"] == "high"


@pytest.mark.parametrize("moment", ["", "昨天", "2026-11-23T11:00:00"])
def test_sarif_leaves_out_a_time_it_cannot_tell(moment: str) -> None:
    (one,) = json.loads(sarif.render(Run([], time=moment)))["runs"]
    assert "endTimeUtc" not in one["invocations"][0]


def test_sarif_fix_elsewhere_uses_the_document(run: Run) -> None:
    outcome = page()
    first = outcome.findings[0]
    outcome.findings = [replace(first, fixes=(Fix(Span(3, 5), "甲"),))]
    (one,) = json.loads(sarif.render(Run([outcome])))["runs"]
    replacement = one["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert replacement["deletedRegion"]["startColumn"] == 4
    assert replacement["insertedContent"]["text"] == "甲"


def test_sarif_names_encodings_as_iana_does() -> None:
    outcome = Engine([]).check(read_html(Source("a.html", "<p>甲</p>", media="pdf", encoding="gb18030")))
    (one,) = json.loads(sarif.render(Run([outcome])))["runs"]
    assert one["artifacts"][0]["encoding"] == "GB18030"
    assert "mimeType" not in one["artifacts"][0]


def test_sarif_same_path_twice_is_one_artifact() -> None:
    (one,) = json.loads(sarif.render(Run([Outcome("a"), Outcome("a")])))["runs"]
    assert len(one["artifacts"]) == 1


# --- JUnit.


def test_junit_counts_and_states(run: Run) -> None:
    root = ET.fromstring(reports.render("junit", run))
    suites = root.findall("testsuite")
    assert len(suites) == len(run.outcomes)
    for element in (root, *suites):
        assert int(element.attrib["tests"]) == len(list(element.iter("testcase")))
        assert int(element.attrib["failures"]) == len(list(element.iter("failure")))
        assert int(element.attrib["errors"]) == len(list(element.iter("error")))
        assert int(element.attrib["skipped"]) == len(list(element.iter("skipped")))
    assert int(root.attrib["failures"]) == sum(1 for one in run.findings if run.gates.blocks(one))
    assert int(root.attrib["errors"]) == 3
    skipped = [one.attrib["message"] for one in root.iter("skipped")]
    assert "已忽略：原文如此，引自领导讲话" in skipped
    assert "基线已有" in skipped
    clean = suites[2]
    assert [case.attrib["name"] for case in clean.iter("testcase")] == [one.label for one in Pass]
    assert suites[0].attrib["timestamp"] == TIME


def test_junit_nothing_blocks_without_a_gate() -> None:
    run = Run([Outcome("a", findings=[finding()])], gates=Gates(default=None))
    root = ET.fromstring(reports.render("junit", run))
    assert root.attrib["failures"] == "0"
    assert "【布署】" in "".join(root.itertext())


def test_junit_details_without_basis() -> None:
    told = reports.render(
        "junit", Run([Outcome("a", findings=[finding(basis="", suggestion="部署")])])
    ).decode()
    assert "依据" not in told
    assert "建议：部署" in told


# --- GitHub.


def test_github_commands(run: Run) -> None:
    lines = reports.render("github", run).decode().splitlines()
    assert all(re.match(r"::(?:error|warning|notice) [^:]*::", line) for line in lines)
    assert sum(line.startswith("::error") for line in lines) == 3 + sum(
        1 for one in run.live if one.level >= Level.ERROR
    )
    assert not any("typo/zuo" in line for line in lines), "suppressed"
    assert not any("punctuation/dunhao" in line for line in lines), "known"
    first = next(line for line in lines if "privacy/id" in line)
    assert first.startswith("::error file=网站/通知 1.html,line=18,endLine=18,col=16,endColumn=34,title=")
    assert "%0A" in first
    assert lines[-1].startswith("::notice title=审校结论 不通过::")


def test_github_many_lines_have_no_columns() -> None:
    told = github._annotation(finding(end=Position(4, 1, 40), quote="", suggestion="", basis="", message=""))
    assert ",col=" not in told
    assert told.endswith("::同音错字%0A规则：typo/homophone")


def test_github_escapes() -> None:
    assert (
        github._command("error", {"file": "a,b:c%\n"}, "x%\r\ny") == "::error file=a%2Cb%3Ac%25 ::x%25 %0Ay"
    )


def test_github_empty_run() -> None:
    assert reports.render("github", EMPTY).decode() == "::notice title=审校结论 未检查::没有检查任何文档。\n"


# --- CSV.


def test_csv_rows(run: Run) -> None:
    raw = reports.render("csv", run)
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert len(rows) == len(run.findings) + 3
    states = Counter(row["状态"] for row in rows)
    assert states["未查完"] == 3
    assert states["已忽略"] == 3
    assert states["基线已有"] == 1


def test_csv_no_formulas() -> None:
    run = Run([Outcome("a", findings=[finding(quote="=HYPERLINK(1)", message="+1", path="@a")])])
    row = list(csv.reader(io.StringIO(reports.render("csv", run).decode("utf-8-sig"))))[1]
    assert "'=HYPERLINK(1)" in row
    assert "'+1" in row
    assert "'@a" in row


# --- HTML.


class Tree(HTMLParser):
    """Enough of a parser to see what a browser would see."""

    VOID = frozenset({"meta", "img", "link", "input", "br", "rect", "hr"})

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.stack: list[str] = []
        self.words: list[str] = []
        self.ids: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag not in self.VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.stack, tag
        assert self.stack.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def find(self, tag: str, name: str = "") -> list[dict[str, str | None]]:
        return [
            attrs
            for one, attrs in self.tags
            if one == tag and (not name or name in (attrs.get("class") or "").split())
        ]


@pytest.fixture(scope="module")
def tree(run: Run) -> Tree:
    return Tree(html.render(run).decode())


def test_html_is_well_nested_and_ids_are_unique(tree: Tree) -> None:
    assert tree.stack == []
    assert len(tree.ids) == len(set(tree.ids))
    targets = {href[1:] for tag in ("a",) for one in tree.find(tag) if (href := one.get("href"))}
    assert targets <= set(tree.ids)
    assert all((one.get("href") or "").startswith("#") for one in tree.find("a"))


def test_html_asks_for_nothing_outside(run: Run, tree: Tree) -> None:
    names = {tag for tag, _ in tree.tags}
    assert names.isdisjoint({"img", "link", "iframe", "object", "embed", "video", "audio", "base", "source"})
    for _, attrs in tree.tags:
        assert "src" not in attrs
        assert "style" not in attrs
        assert not any(key.startswith("on") for key in attrs)
    markup = html.render(run).decode()
    assert "@import" not in markup
    assert "url(" not in markup
    assert len(tree.find("script")) == 1
    policy = next(one for one in tree.find("meta") if one.get("http-equiv"))["content"] or ""
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_html_policy_names_the_blocks_by_hash(run: Run) -> None:
    markup = html.render(run).decode()
    for tag in ("style", "script"):
        body = re.search(f"<{tag}>(.*?)</{tag}>", markup, re.DOTALL)
        assert body
        assert html._digest(body.group(1)) in markup


def test_html_tells_everything(run: Run, tree: Tree) -> None:
    words = "".join(tree.words)
    assert "三审三校审校单" in words
    assert "审核人签字" in words
    assert "未查完的内容" in words
    assert "原文如此，引自领导讲话" in words
    assert "基线已有 1 处" in words
    assert "基线中有 1 处已不再出现" in words
    assert "有一条忽略注释没有用上" in words
    assert len(tree.find("li", "f")) == len(run.live)
    assert "49" not in re.findall(r"\{\{ 7\*7 \}\}|(?<=&lt;)49", words)
    assert "{{ 7*7 }}" in words, "content is no template"


def test_html_marks_stand_on_the_right_words(run: Run) -> None:
    markup = html.render(run).decode()
    marks = re.findall(r'<mark class="(\w+)" data-f="([^"]+)" title="[^"]*">([^<]*)</mark>', markup)
    joined: dict[str, str] = {}
    for _, ids, words in marks:
        for one in ids.split():
            joined[one] = joined.get(one, "") + words
    live = [one for one in run.outcomes[0].findings if one.suppressed is None and one.baseline != "unchanged"]
    for number, one in enumerate(live, 1):
        if one.quote:
            assert joined[f"f-1-{number}"] == one.quote
        assert f'id="m-1-{number}"' in markup
    assert "⚑" in markup, "a fault without text has a flag"
    overlapped = [ids for _, ids, _ in marks if " " in ids]
    assert overlapped, "overlapping findings share pieces"


def test_html_article_has_its_structure(tree: Tree) -> None:
    assert any(one.get("aria-level") == "4" for one in tree.find("p", "h1"))
    assert tree.find("p", "li")
    assert tree.find("p", "caption")
    assert tree.find("p", "named")
    assert tree.find("details", "page-frame")
    assert any(one.get("rowspan") == "2" for one in tree.find("th"))
    assert any(one.get("colspan") == "2" for one in tree.find("th"))


def test_html_single_document_has_no_overview() -> None:
    told = html.render(Run([page()])).decode()
    assert "文档一览" not in told
    assert "<title>内容审校报告：关于做好汛期安全工作的通知</title>" in told


def test_html_empty_run_is_not_passed() -> None:
    told = html.render(EMPTY).decode()
    assert "结论：未检查" in told
    assert 'id="filters"' not in told
    assert "结论：通过" in html.render(CLEAN).decode()


def test_html_many_clean_documents_are_folded() -> None:
    told = html.render(Run([Outcome(f"{n}.html") for n in range(30)])).decode()
    assert "另有 30 篇没有需要处理的问题" in told
    some = html.render(Run([page(), *(Outcome(f"{n}.html") for n in range(3))])).decode()
    assert "另有 3 篇没有需要处理的问题：" in some


def test_html_large_run_stays_small_and_abridged(monkeypatch: pytest.MonkeyPatch) -> None:
    body = "".join(f"<p>第{n}段文字，没有什么问题，只是很长很长。</p>" for n in range(60))
    markup = PAGE.replace("</main>", body + "</main>")
    run = Run([page(f"{n}.html", markup) for n in range(100)], RULES)
    size = len(html.render(run))
    assert size < 3_000_000 * len(run.findings) / 1000
    monkeypatch.setattr(html, "ARTICLE_BUDGET", 1000)
    told = html.render(run).decode()
    assert len(told.encode()) < size
    assert "（此处略去" in told
    assert "只列出有问题的段落" in told
    Tree(told)


# --- The article.


def document(body: str, blocks: list[Block], tables: list[Table] | None = None) -> Document:
    segments = Segments()
    segments.add(0, 0, len(body))
    return Document(Source("a.html", body), body, segments, blocks, tables=tables or [])


def at(start: int, end: int, level: Level = Level.ERROR) -> Finding:
    return finding(level=level, text_span=Span(start, end))


def test_article_pieces_take_the_gravest_level() -> None:
    made = Article(document("一二三四五", [Block(0, 5)]), [at(0, 4, Level.NOTE), at(2, 3, Level.VETO)], 1)
    told = str(made.render())
    pieces = re.findall(r'<mark class="(\w+)" data-f="([^"]+)"[^>]*>([^<]+)</mark>', told)
    assert pieces == [("note", "f-1-1", "一二"), ("veto", "f-1-1 f-1-2", "三"), ("note", "f-1-1", "四")]
    assert told.index('id="m-1-2"') < told.index('id="m-1-1"')
    assert made.placed == {1, 2}


def test_article_finding_over_many_blocks_is_numbered_once() -> None:
    made = Article(document("一二\n三四", [Block(0, 2), Block(3, 5)]), [at(1, 5)], 1)
    told = str(made.render())
    assert told.count('id="m-1-1"') == 1
    assert re.findall(r"<mark[^>]*>([^<]+)</mark>", told) == ["二", "三四"]


@pytest.mark.parametrize("spot", [0, 1, 2, 3, 99])
def test_article_flags_places_without_text(spot: int) -> None:
    made = Article(document("一二", [Block(0, 2)]), [at(spot, spot)], 1)
    assert str(made.render()).count("⚑1") == 1
    assert made.placed == {1}


def test_article_roles_and_names() -> None:
    blocks = [
        Block(0, 1, Role.TITLE),
        Block(2, 3, Role.CODE),
        Block(4, 5, Role.HEADING),
        Block(6, 7, Role.ATTRIBUTE, name="alt"),
        Block(8, 9, Role.ATTRIBUTE, name="data-x"),
        Block(10, 11, Role.ATTRIBUTE),
    ]
    told = str(Article(document("一\n二\n三\n四\n五\n六", blocks), [], 1).render())
    for words in (
        "页面标题</span>一",
        "<pre>二</pre>",
        "图片说明</span>四",
        "data-x</span>五",
        "属性文字</span>六",
    ):
        assert words in told


def test_article_title_of_a_plain_text_is_a_heading() -> None:
    source = document("题", [Block(0, 1, Role.TITLE)])
    source.source.media = "text"
    assert str(Article(source, [], 1).render()) == '<p class="h h1" role="heading" aria-level="4">题</p>'


def test_article_frame_says_how_many_findings_it_folds() -> None:
    blocks = [Block(0, 1, main=False), Block(2, 3), Block(4, 5, main=False)]
    told = str(Article(document("一\n二\n三", blocks), [at(0, 1)], 1).render())
    assert "（1 段，标出 1 处问题）" in told
    assert "（1 段）" in told


def test_article_cells_that_overlap_show_a_block_once() -> None:
    cells = [Cell(0, 0, Span(0, 3), "甲乙"), Cell(0, 1, Span(0, 1), "甲"), Cell(0, 2, Span(3, 3), "")]
    blocks = [Block(0, 1, Role.CELL), Block(2, 3, Role.CELL)]
    told = str(Article(document("甲\n乙", blocks, [Table([cells], Span(0, 3))]), [], 1).render())
    assert told.count("甲") == 1


def test_article_tables_nested_captioned_and_abridged() -> None:
    body = "题\n甲\n乙\n丙\n后"
    blocks = [Block(0, 1, Role.CAPTION), *(Block(n, n + 1, Role.CELL) for n in (2, 4, 6)), Block(8, 9)]
    outer = Table([[Cell(0, 0, Span(2, 5), "甲乙", header=True), Cell(0, 1, Span(6, 7), "丙")]], Span(0, 7))
    inner = Table([[Cell(0, 0, Span(2, 3), "甲")]], Span(2, 5))
    empty = Table([], Span(8, 8))
    source = document(body, blocks, [inner, outer, empty])
    told = str(Article(source, [], 1).render())
    assert told == (
        '<p class="caption">题</p><div class="grid" tabindex="0"><table>'
        "<tr><th><p>甲</p><p>乙</p></th><td>丙</td></tr></table></div><p>后</p>"
    )
    short = Article(source, [at(8, 9)], 1, abridged=True)
    assert str(short.render()).startswith('<p class="gap">（此处略去 4 段）</p><p><mark')
    assert short.omitted == 4
    whole = Article(source, [at(2, 3)], 1, abridged=True)
    assert "<table>" in str(whole.render())


def test_article_skips_a_table_that_no_block_begins() -> None:
    source = document("甲\n乙", [Block(2, 3)], [Table([[Cell(0, 0, Span(0, 1), "甲")]], Span(0, 1))])
    assert str(Article(source, [], 1).render()) == "<p>乙</p>"


def test_article_limits_hostile_spans() -> None:
    cell = Cell(0, 0, Span(0, 1), "甲", rowspan=1, colspan=10**9)
    told = str(
        Article(document("甲", [Block(0, 1, Role.CELL)], [Table([[cell]], Span(0, 1))]), [], 1).render()
    )
    assert f'colspan="{_article._SPAN_LIMIT}"' in told


def test_html_does_not_link_what_is_not_marked() -> None:
    outcome = page()
    outcome.document = None
    told = html.render(Run([outcome])).decode()
    assert 'class="no" href' not in told
    assert 'aria-label="原文"' not in told


# --- In a browser.

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def dump_dom(address: str, *options: str) -> str:
    """A page's DOM after its script ran; skips where there is no browser."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    quiet = ("gpu", "quic", "background-networking", "component-update", "sync")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [CHROMIUM, "--headless", "--no-sandbox", "--no-first-run", f"--user-data-dir={profile}"]
        command += [*(f"--disable-{name}" for name in quiet), *options, "--dump-dom", address]
        out = subprocess.run(command, capture_output=True, timeout=120, check=False)
    if not out.stdout:
        pytest.skip("chromium does not run here")
    return out.stdout.decode("utf-8")


@pytest.fixture(scope="module")
def browse(tmp_path_factory: pytest.TempPathFactory, run: Run) -> Callable[[str], str]:
    """The report's DOM for a hash."""
    file = tmp_path_factory.mktemp("html") / "report.html"
    file.write_bytes(html.render(run))
    return lambda fragment: dump_dom(file.as_uri() + fragment)


def test_browser_runs_our_script_and_no_other(browse: Callable[[str], str], run: Run) -> None:
    dom = browse("")
    assert '<html lang="zh-CN" class="js"' in dom
    assert f'data-shown="{len(run.live)}"' in dom
    assert "<img" not in dom


FILTERS: dict[str, Callable[[Finding], bool]] = {
    "#level=veto": lambda one: one.level is Level.VETO,
    "#level=error,veto": lambda one: one.level >= Level.ERROR,
    "#pass=proof1": lambda one: one.pass_ is Pass.PROOF1,
    "#level=error&pass=proof3": lambda one: one.level is Level.ERROR and one.pass_ is Pass.PROOF3,
    "#rule=facts/sums": lambda one: one.rule == "facts/sums",
    "#doc=4": lambda one: one.path == HOSTILE,
    "#level=nonsense": lambda _: False,
    "#": lambda _: True,
}

PROBE = """<script>
(async () => {
  const told = {};
  const look = () => ({
    shown: document.querySelectorAll("li.f:not([hidden])").length,
    sections: document.querySelectorAll(".doc:not([hidden])").length,
    refs: document.querySelectorAll(".ref:not([hidden])").length,
    words: document.getElementById("shown").textContent,
    checked: document.querySelectorAll("input:checked").length,
    hash: decodeURIComponent(location.hash),
  });
  const until = () => new Promise((done) => setTimeout(done, 20));
  for (const hash of HASHES) {
    location.hash = hash;
    await until();
    told[hash] = look();
  }
  document.querySelector("input[name=level][value=veto]").click();
  await until();
  told.click = look();
  document.querySelector("#filters button[type=reset]").click();
  await until();
  told.reset = look();
  document.querySelector("a.no").click();
  told.jump = { id: document.activeElement.id, ...look() };
  document.querySelector("mark[data-f]").click();
  told.back = { id: document.activeElement.id, ...look() };
  window.dispatchEvent(new Event("beforeprint"));
  told.print = document.querySelectorAll("details.keep:not([open])").length;
  window.dispatchEvent(new Event("afterprint"));
  told.after = document.querySelectorAll("details.keep:not([open])").length;
  document.title = "told" + JSON.stringify(told);
})();
</script></body>"""


def test_browser_filters_jumps_and_prints(tmp_path: Path, run: Run) -> None:
    probe = PROBE.replace("HASHES", json.dumps(list(FILTERS)))
    # Our own policy would stop the probe.
    markup = re.sub(r"<meta http-equiv[^>]*>", "", html.render(run).decode()).replace("</body>", probe)
    file = tmp_path / "report.html"
    file.write_text(markup, encoding="utf-8")
    found = re.search(r"<title>told(.*?)</title>", dump_dom(file.as_uri(), "--virtual-time-budget=10000"))
    assert found
    told = json.loads(unescape(found.group(1)))
    total = len(run.live)
    for fragment, fits in FILTERS.items():
        expected = sum(1 for one in run.live if fits(one))
        assert told[fragment]["shown"] == expected, fragment
        assert told[fragment]["words"] == f"显示 {expected} / {total} 处"
    assert told["#doc=4"]["sections"] == 1
    assert told["#level=nonsense"]["sections"] == 0
    assert told["#level=error,veto"]["checked"] == 2
    assert told["#rule=facts/sums"]["refs"] == 1
    assert told["click"]["hash"] == "#level=veto"
    assert told["click"]["shown"] == 1
    assert told["reset"]["shown"] == total
    assert told["reset"]["checked"] == 0
    assert told["jump"]["id"] == "m-1-1"
    assert told["jump"]["hash"] == "#at=m-1-1"
    assert re.fullmatch(r"f-1-\d+", told["back"]["id"])
    assert told["print"] == 0
    assert told["after"] > 0


def test_browser_jumps_and_opens(browse: Callable[[str], str]) -> None:
    dom = browse("#f-1-1")
    assert re.search(r'<li class="f \w+ cur" id="f-1-1"', dom)
    assert re.search(r'<a class="ref \w+ cur" id="m-1-1"', dom)
    assert '<details class="page-frame" open' in browse("#at=m-1-2")


def test_browser_is_not_moved_by_a_hostile_hash(browse: Callable[[str], str]) -> None:
    dom = browse("#at=%3Cimg%20src=x%20onerror=alert(1)%3E&level=%22%3E%3Cscript%3E")
    assert "<img" not in dom
    assert dom.count("<script") == 1


@pytest.mark.parametrize("width", [360, 390, 800, 1280])
def test_browser_never_scrolls_sideways(tmp_path: Path, run: Run, width: int) -> None:
    # A window of chromium is never narrower than 500; a frame may be.
    probe = (
        "<script>parent.document.title = document.documentElement.scrollWidth + ' of ' + innerWidth</script>"
    )
    markup = re.sub(r"<meta http-equiv[^>]*>", "", html.render(run).decode()).replace(
        "</body>", probe + "</body>"
    )
    file = tmp_path / "frame.html"
    frame = f'<iframe width="{width}" height="800" frameborder="0" srcdoc="{escape(markup)}"></iframe>'
    file.write_text(f"<!DOCTYPE html><title></title>{frame}", encoding="utf-8")
    found = re.search(r"<title>(\d+) of (\d+)</title>", dump_dom(file.as_uri()))
    assert found
    assert int(found.group(2)) == width
    assert int(found.group(1)) <= width
