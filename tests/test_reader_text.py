"""Plain text: lines, titles, headings, tables, comments, links."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.document import Document, Role
from qa.readers.text import find_comments, find_urls, heading_level, read_text
from qa.source import Source, Span


def of(text: str) -> Document:
    return read_text(Source("a.txt", text, "text"))


def roles(text: str) -> list[tuple[str, int, str]]:
    document = of(text)
    return [(block.role.value, block.level, document.slice(block)) for block in document.blocks]


def test_lines_are_blocks_without_their_edges() -> None:
    text = "\ufeff题\r\n\r\n\u3000\u3000甲\u00a0乙 \t\r\n\f丙\r丁\u2028戊\v己\u0085庚\n"
    document = of(text)
    assert document.text == "题\n甲\u00a0乙\n丙\n丁\n戊\n己\n庚"
    assert document.source.position(document.to_source(Span(8, 9)).start).line == 4
    for block in document.blocks:
        assert text[slice(*document.to_source(block.span))] == document.slice(block)


def test_titles_stand_at_the_top() -> None:
    text = "晋江市人民政府\n\n晋江市2023年政府信息公开工作年度报告\n\n本报告根据条例编制。\n"
    assert [r for r, _, _ in roles(text)] == ["title", "title", "paragraph"]
    assert of(text).title == "晋江市2023年政府信息公开工作年度报告"
    assert of("甲乙\n——副题\n正文。").title == "甲乙"
    assert of("关于印发《办法》的通知（试行）\n正文。").title == "关于印发《办法》的通知（试行）"


@pytest.mark.parametrize(
    "first",
    [
        "正文。",
        "各位代表：",
        "题，",
        "来源：办公室",
        "http://a.cn",
        "1. 甲",
        "一、总体情况",
        "长" * 61,
        "甲\t乙\n丙\t丁",
    ],
)
def test_what_is_no_title(first: str) -> None:
    assert all(role != "title" for role, _, _ in roles(first + "\n第二段。"))


def test_a_lone_line_is_no_title_and_lines_of_titles_are_one() -> None:
    assert roles("只有一行") == [("paragraph", 0, "只有一行")]
    assert [r for r, _, _ in roles("甲\n乙")] == ["title", "paragraph"]
    assert [r for r, _, _ in roles("甲\n乙\n丙\n丁")] == ["title", "title", "title", "paragraph"]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("一、总体情况", 2),
        ("十二、其他", 2),
        ("第一章 总则", 2),
        ("第三编　附则", 2),
        ("第二节 程序", 3),
        ("（一）主动公开情况", 3),
        ("(二) 依申请公开", 3),
        ("1. 规范开展政务公开日常工作。重新编制手册", 0),
        ("（一）需进一步提升。“晋江政策在线”", 0),
        ("一、" + "长" * 50, 0),
        ("一、包括：", 0),
        ("第一条 为了规范", 0),
        ("一致同意", 0),
        ("第一章", 0),
    ],
)
def test_headings(text: str, level: int) -> None:
    assert heading_level(text) == level
    assert roles(f"题\n前文。\n{text}\n正文。")[2][:2] == ("heading" if level else "paragraph", level)


def test_items_are_lists_unless_they_are_sentences() -> None:
    text = "题\n正文如下：\n1. 甲\n（2）乙\n③丙\n• 丁\n1. 规范工作。重新编制"
    assert [r for r, _, _ in roles(text)][2:] == ["list"] * 4 + ["paragraph"]


def cells(text: str) -> list[list[list[str]]]:
    return [[[cell.text for cell in row] for row in table.rows] for table in of(text).tables]


def test_tables_of_tabs() -> None:
    text = "题\n\n甲\t乙\t\n\t1\t2\n小计\n3\t\t 4 \n\n正文。"
    document = of(text)
    (table,) = document.tables
    assert table.ragged
    assert cells(text) == [[["甲", "乙", ""], ["", "1", "2"], ["小计"], ["3", "", "4"]]]
    assert document.text == "题\n甲\n乙\n1\n2\n小计\n3\n4\n正文。"
    blank = table.rows[1][0]
    assert (blank.row, blank.column, blank.span.start, blank.text) == (1, 0, blank.span.end, "")
    assert [b.role for b in document.blocks] == [Role.TITLE, *[Role.CELL] * 7, Role.PARAGRAPH]
    assert document.slice(table.span) == "甲\n乙\n1\n2\n小计\n3\n4"


@pytest.mark.parametrize(
    "text",
    [
        "甲\t乙",
        "\t首行缩进。\n\t又一段。",
        "甲。\t\n乙。\t",
        "1.\t规范开展\n2.\t推动\n\t\n（三）\t其他",
        "甲\t乙\n\n丙\t丁",
    ],
)
def test_what_is_no_table(text: str) -> None:
    assert cells(text) == []


def test_tables_end_at_prose() -> None:
    assert cells("甲\t乙\n1\t2\n注：不含。\n3\t4\n5\t6") == [
        [["甲", "乙"], ["1", "2"]],
        [["3", "4"], ["5", "6"]],
    ]
    assert len(cells("甲\t乙\n1\t2\n短\n短\n3\t4\n5\t6")) == 2
    assert len(cells("甲\t乙\n1\t2\n" + "长" * 41 + "\n3\t4\n5\t6")) == 2
    assert len(cells("\t\n甲\t乙\n1\t2")) == 1


def test_comments_are_no_text() -> None:
    text = "题\n<!-- 忽略 a/b: 原文如此 -->\n甲<!-- x -->乙\n丙<!--\n-->丁<!-- 不完"
    document = of(text)
    assert document.text == "题\n甲乙\n丙丁<!-- 不完"
    assert [c.text for c in document.comments] == [" 忽略 a/b: 原文如此 ", " x ", "\n"]
    assert text[slice(*document.comments[0].source)] == "<!-- 忽略 a/b: 原文如此 -->"
    assert text[slice(*document.to_source(Span(2, 4)))] == "甲<!-- x -->乙"
    assert document.to_source(Span(2, 3)) == Span(text.index("甲"), text.index("甲") + 1)
    assert find_comments("<!--") == []


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("见http://a.cn/b?c=1&d=2#e。", ["http://a.cn/b?c=1&d=2#e"]),
        ("<http://a.cn/>，HTTPS://B.cn、", ["http://a.cn/", "HTTPS://B.cn"]),
        ("（http://a.cn/x_(y)）(https://b.cn/z)", ["http://a.cn/x_(y)", "https://b.cn/z"]),
        ("http://a.cn/甲 http://a.cn. 'http://b.cn/c',", ["http://a.cn/", "http://a.cn", "http://b.cn/c"]),
        ("http:// https://) ftp://a.cn", []),
        ("http://a.cn/" + ")" * 5000, ["http://a.cn/"]),
    ],
)
def test_bare_addresses_are_links(text: str, links: list[str]) -> None:
    document = of(text)
    assert [link.href for link in document.links] == links
    for link in document.links:
        assert text[slice(*link.source)] == document.slice(link.span) == link.href


def test_addresses_in_a_range() -> None:
    assert list(find_urls("http://a.cn http://b.cn", 1, 30)) == [(12, 23)]


def test_nothing_comes_of_nothing() -> None:
    for text in ("", " \r\n\t\u3000\n", "<!-- -->"):
        document = of(text)
        assert (document.text, document.blocks, document.title) == ("", [], "")


def test_jinjiang(shared: Path) -> None:
    text = (shared / "real" / "jinjiang-2023.txt").read_text(encoding="utf-8")
    document = of(text)
    assert document.title == "晋江市人民政府 2023 年政府信息公开工作年度报告"
    assert [document.slice(b) for b in document.blocks if b.level == 2] == [
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
        "五、存在的主要问题及改进情况",
        "六、其他需要报告的事项",
    ]
    one, two, three = document.tables
    assert [len(row) for row in one.rows] == [4] * 14
    assert [len(row) for row in two.rows] == [10] * 28
    assert [len(row) for row in three.rows] == [15] * 4
    assert two.rows[20][0].text == "3.要求提供公开出版物"
    assert [cell.text for cell in three.rows[-1]] == [
        "1",
        "6",
        "2",
        "1",
        "10",
        "4",
        "0",
        "1",
        "0",
        "5",
        "0",
        "1",
        "1",
        "0",
        "2",
    ]
    for table in document.tables:
        for row in table.rows:
            for cell in row:
                assert text[slice(*document.to_source(cell.span))] == cell.text
