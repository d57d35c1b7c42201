"""Pages written to slow, break or mislead judging and reporting: judged in linear time, told harmlessly."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

import rules
from qa.document import Document
from qa.readers import read
from qa.rule import Settings
from qa.site.dates import parse
from qa.source import Source

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
