"""Pages written to slow, break or mislead judging and reporting: judged in linear time, told harmlessly."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from io import StringIO

import pytest

import rules
from qa.document import Document
from qa.engine import Engine
from qa.readers import read
from qa.rule import Settings
from qa.site.columns import columns
from qa.site.dates import parse
from qa.site.model import SiteExample
from qa.site.sample import build
from qa.source import Source
from reports.csv import _cell
from reports.health._json import write_list
from rules.site._same import Twin, ids, same_page
from rules.site.near_duplicate import _root

URL = "https://www.example.gov.cn/xw/202606/t20260601_1.html"
OUTSIDE = '<a href="http://a.example.com/">某网</a>'


def document(body: str) -> Document:
    html = f"<html><head><title>某网页</title></head><body>{body}</body></html>"
    return read(Source.from_bytes(html.encode(), URL, media="html", url=URL))


def _distinct_styles(size: int) -> str:
    return "".join(f'<p style="left:-999px;a:{n}">甲</p>' for n in range(size // 34))


def _unclosed_styles(size: int) -> str:
    return "".join(f'<p style="left:-999px;a:{n}" ' for n in range(size // 30))


def _host_of_dots(size: int) -> str:
    return f'<a href="http://{"a." * (size // 2)}">某</a>'


@pytest.mark.parametrize("make", [_distinct_styles, _unclosed_styles, _host_of_dots])
@pytest.mark.parametrize("rule", ["links/dark_link", "links/illicit_link"])
def test_links_of_a_huge_page_take_linear_time(rule: str, make: Callable[[int], str]) -> None:
    one = rules.load_one(rule)
    page = document(OUTSIDE + "<i>百家乐</i>" + make(500_000))
    began = time.process_time()
    list(one.check(page, Settings()))
    assert time.process_time() - began < 4


@pytest.mark.parametrize("text", ["0000-01-01", "0001-01-01 00:00", "0999-12-01"])
def test_a_year_no_system_knows_is_no_date(text: str) -> None:
    assert parse(text) is None


ARTICLE = """<div class="TRS_Editor"><p>，各单位要认真布署，抓好落实。</p><p><img src="/a.png"></p>
<p>布署</p><!-- <a href="http://www.bet365.example.com/">首页</a> --><p><img src="/a.png"></p>
<script>if(document.referrer.indexOf("baidu")>0){location.href="http://a.example.com/"}</script></div>"""
TEMPLATE = """<html lang="zh-CN"><head><title>关于某项工作的通知_通知公告_某市人民政府</title>
<meta name="ArticleTitle" content="关于某项工作的通知"></head><body><div class="nav"><p>布署</p></div>
<h1>关于某项工作的通知</h1>{}<div class="footer"><p>布署</p></div></body></html>"""


@pytest.mark.parametrize(
    "draft",
    [
        "<h1>关于某项工作的通知</h1>{}",
        "<html><head><title>关于某项工作的通知</title></head><body><h1>关于某项工作的通知</h1>{}</body></html>",
    ],
)
def test_findings_of_an_article_keep_their_fingerprints_in_a_template(draft: str) -> None:
    engine = Engine(rules.load())

    def found(html: str) -> dict[str, str]:
        page = read(Source.from_bytes(html.format(ARTICLE).encode(), URL, media="html", url=URL))
        return {
            one.fingerprint: one.rule
            for one in engine.check(page).findings
            if not one.chrome and not one.rule.startswith("tags/")
        }

    before, after = found(draft), found(TEMPLATE)
    assert before == after
    assert {"links/missing_alt", "links/commented_links", "links/injected_script"} <= set(before.values())
    assert sum(rule == "links/missing_alt" for rule in before.values()) == 2


@pytest.mark.parametrize("text", ["=1+1", "＝1+1", "＋1", "－1", "＠SUM(1)", "\t=1", "\r\n@x", " +1"])
def test_no_cell_of_a_csv_is_a_formula(text: str) -> None:
    assert str(_cell(text)).startswith("'")


def test_an_issue_of_all_pages_is_written_by_itself() -> None:
    class Log(StringIO):
        largest = 0

        def write(self, text: str) -> int:
            self.largest = max(self.largest, len(text))
            return super().write(text)

    log = Log()
    write_list(log, ({"pages": ["某" * 1000] * 2000} for _ in range(6)))
    assert len(json.loads(log.getvalue())) == 6
    assert log.largest < 3_000_000


def test_thousands_of_addresses_that_differ_in_case_alone_are_compared_in_linear_time() -> None:
    def twin(n: int, text: str, digest: str) -> Twin:
        return Twin(n, f"https://www.example.gov.cn/{n}", "标题", text, digest)

    members = [twin(n, f"text {n}", f"digest {n}") for n in range(20_000)]
    members += [twin(20_000, "text 7", "x"), twin(20_001, "", "digest 7"), twin(20_002, "", "y")]
    began = time.process_time()
    found = [ids(group) for group in same_page(members)]
    assert time.process_time() - began < 2
    assert found == [[7, 20_000, 20_001]]


def test_thousands_of_columns_in_one_folder_are_read_at_once() -> None:
    pages = {"/": "<p>首页</p>"} | {
        f"/z/c{n}.html": f'<meta name="ColumnName" content="栏目{n}"><p>内容</p>' for n in range(30)
    }
    asked: list[str] = []
    site = build(SiteExample(pages))
    site.db.set_trace_callback(asked.append)
    assert len(columns(site)) == 30
    assert sum("u.url >=" in sql for sql in asked) == 1


@pytest.mark.parametrize(
    "links", [[(4, 5), (3, 4), (2, 3), (1, 2)], [(1, 2), (3, 4), (5, 6), (4, 6), (2, 6)]]
)
def test_long_chains_of_near_duplicates_are_one_group(links: list[tuple[int, int]]) -> None:
    groups: dict[int, int] = {}
    for a, b in links:
        low, high = sorted((_root(groups, a), _root(groups, b)))
        groups[high] = low
    contents = {one for pair in links for one in pair}
    for content in sorted(contents, reverse=True):
        assert _root(groups, content) == 1
    assert {_root(groups, content) for content in contents} == {1}
