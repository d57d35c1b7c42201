"""Punctuation, numbers and format: the reference report, long inputs and corners the examples leave out."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import rules
from qa.document import Document
from qa.engine import Engine
from qa.finding import Finding, Level
from qa.readers import read
from qa.rule import Rule
from qa.source import Source
from rules.format._outline import figures, value
from rules.punctuation._article import block_of, lines, once

FAMILIES = ("punctuation", "numbers", "format")
OWN = [one for one in rules.load() if one.family in FAMILIES]


def findings(text: str, *ids: str, media: str = "html") -> list[Finding]:
    chosen = [one for one in OWN if not ids or one.id in ids]
    outcome = Engine(chosen).check(read(Source("a", text, media)))
    assert not outcome.unchecked
    return outcome.findings


def quotes(text: str, *ids: str, media: str = "html") -> list[str]:
    return [finding.quote for finding in findings(text, *ids, media=media)]


@pytest.fixture(scope="module")
def report() -> list[Finding]:
    path = Path(__file__).resolve().parents[3] / "shared" / "real" / "jinjiang-2023.txt"
    if not path.is_file():
        pytest.skip("没有 ../shared（真实样本不随代码发布）")
    return findings(path.read_text(encoding="utf-8"), media="text")


@pytest.mark.parametrize(
    ("rule", "line", "quote"),
    [
        ("punctuation/phone_dash", 13, "—"),
        ("punctuation/half_width", 84, "(本列数据"),
        ("punctuation/half_width", 89, "(一)"),
        ("punctuation/half_width", 90, "(区分处理的, 只计这一情形, 不计其他情形)"),
        ("punctuation/half_width", 91, "(三)"),
        ("punctuation/half_width", 99, "(四)"),
        ("punctuation/half_width", 102, "(五)"),
        ("punctuation/half_width", 107, "(六)"),
        ("punctuation/half_width", 110, "(七)"),
        ("punctuation/half_width", 122, "(一)"),
        ("punctuation/half_width", 124, "(二)"),
        ("format/sequence_style", 122, "(一)"),
        ("numbers/spacing_style", 5, "2023 年"),
        ("format/broken_paragraph", 33, ""),
        ("format/broken_paragraph", 47, ""),
        ("format/leftover_markup", 7, "<http://www.jinjiang.gov.cn/>"),
        ("format/latin_case", 39, "WORD"),
        ("punctuation/mixed_separators", 51, "，"),
        ("format/region_variants", 55, "村社区"),
        ("format/region_variants", 124, "镇街"),
        ("punctuation/problem_then_next", 122, "，"),
    ],
)
def test_reference_report_is_caught(report: list[Finding], rule: str, line: int, quote: str) -> None:
    assert [
        one for one in report if one.rule == rule and one.start.line == line and one.quote.startswith(quote)
    ]


def test_reference_report_has_no_other_errors(report: list[Finding]) -> None:
    errors = {one.rule for one in report if one.level >= Level.ERROR}
    assert errors == {"punctuation/phone_dash", "punctuation/half_width"}
    assert len(report) < 40


def test_spacing_names_both_counts(report: list[Finding]) -> None:
    (finding,) = [one for one in report if one.rule == "numbers/spacing_style"]
    assert "5处" in finding.message
    assert "3处" in finding.message
    assert len(finding.related) == 5


def test_reports_stay_quiet(shared: Path) -> None:
    """Forty real reports: the rules that must be sure of themselves find next to nothing."""
    engine = Engine([one for one in OWN if one.id in ("format/sequence_order", "punctuation/paired_marks")])
    count = 0
    for path in sorted((shared / "real" / "reports").glob("*.md")):
        document = read(Source(path.name, path.read_text(encoding="utf-8"), "markdown"))
        count += len(engine.check(document).findings)
    assert count <= 12


NASTY = {
    "openers": "（" * 60_000 + "“" * 60_000,
    "closers": "）" * 60_000 + "”" * 60_000,
    "half": "(" * 60_000 + ")" * 60_000,
    "commas": "中,文" * 40_000,
    "dashes": "中-—~" * 40_000,
    "digits": "1，234" * 30_000,
    "spaces": "中 文，" * 40_000,
    "items": "".join(f"<p>{n % 90 + 1}.甲乙</p>" for n in range(12_000)),
    "quotes": "<p>" + "“甲”、" * 40_000 + "</p>",
    "series": "”、甲乙丙“丁”" * 20_000,
    "steps": "一是甲；三是乙；" * 15_000,
    "straight": '"甲' * 40_000,
    "brackets": "《" + "甲（" * 50_000,
    "paragraphs": "<p>“甲乙，</p>" * 12_000,
    "numbers": "发〔2023〕05号1千户约3万左右年底" * 8_000,
    "angles": "<http://" * 30_000,
}


@pytest.mark.parametrize("name", NASTY)
def test_time_is_linear(name: str) -> None:
    document = read(
        Source(
            "a.txt" if "<p>" not in NASTY[name] else "a.html",
            NASTY[name],
            "text" if "<p>" not in NASTY[name] else "html",
        )
    )
    for one in OWN:
        start = time.process_time()
        list(Engine([one]).check(document).findings[:1])
        assert time.process_time() - start < 6, one.id


@pytest.mark.parametrize(
    ("number", "level", "words"),
    [
        (1, 1, "一"),
        (10, 1, "十"),
        (14, 2, "十四"),
        (21, 1, "二十一"),
        (105, 8, "一百零五"),
        (110, 8, "一百一十"),
        (100, 8, "一百"),
        (7, 3, "7"),
    ],
)
def test_figures_and_value(number: int, level: int, words: str) -> None:
    assert value(words) == number
    if number != 110:
        assert figures(level, number) == words


def test_typesetting_in_short_lines_is_no_broken_paragraph() -> None:
    row = "<p>全市上下共同努力。坚持稳中求进的工作总基调不动摇</p><p>推进各项工作取得了新的成效。</p>"
    assert len(quotes(row, "format/broken_paragraph")) == 1
    assert not quotes(row * 6, "format/broken_paragraph")


def test_straight_quotes_that_do_not_pair() -> None:
    assert quotes('<p>推进"双整治和"A 活动"B</p>', "punctuation/straight_quotes") == ['"', '"', '"']


@pytest.mark.parametrize(
    ("rule", "text", "found"),
    [
        ("punctuation/half_width", "<nav><p>导航,甲</p></nav><main><p>正文。</p></main>", []),
        ("numbers/unit_style", "<nav><p>路8km长</p></nav><main><p>新建12公里。</p></main>", []),
        ("punctuation/straight_quotes", '<p>甲"B</p><p>A"B</p>', ['"']),
        ("punctuation/nested_marks", "<p>“甲《乙“丙”丁》戊”</p>", []),
        ("format/sequence_punctuation", "<p>一、甲（三）、（四）项。（五）、（六）项</p>", []),
        (
            "format/sequence_order",
            "<p>一、甲</p><p>（一）乙</p><p>（三）丙（二）丁</p><p>（七）戊</p>",
            ["（三）", "（七）"],
        ),
        ("format/sequence_order", "<p>一、甲</p><p>（一）乙。（二）丁</p><p>（三）丙</p>", []),
        (
            "format/sequence_order",
            "<p>一、甲</p><p>（一）乙</p><p>（二）丙</p><p>二、丁</p><p>（二）戊</p>",
            [],
        ),
        ("format/sequence_order", "<p>一、甲</p><p>（一）乙</p><p>二、丁</p><p>（三）戊</p>", []),
    ],
)
def test_corners(rule: str, text: str, found: list[str]) -> None:
    assert quotes(text, rule) == found


def test_once_is_worked_out_once() -> None:
    calls: list[Document] = []

    @once
    def count(document: Document) -> int:
        calls.append(document)
        return len(document.text)

    document = read(Source("a.txt", "甲乙", "text"))
    assert count(document) == count(document) == 2
    assert len(calls) == 1


def test_article_leaves_out_chrome() -> None:
    document = read(Source("a.html", "<nav><p>导航:甲</p></nav><main><p>正文，甲</p></main>"))
    assert [body for _, body in lines(document)] == ["正文，甲"]
    assert block_of(document, 0) is None


def test_house_style_of_own_rules() -> None:
    assert len(OWN) >= 50
    for one in OWN:
        assert isinstance(one, Rule)
        assert len(one.bad) >= 2, one.id
        assert len(one.good) >= 2, one.id
