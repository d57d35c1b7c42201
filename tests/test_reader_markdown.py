"""Markdown: what its reader shows. The map itself is tested in ``test_document.py``."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from qa.document import Document, Role
from qa.readers import read
from qa.readers.html import read_html
from qa.readers.markdown import read_markdown
from qa.source import Source, Span

RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def of(text: str) -> Document:
    return read_markdown(Source("a.md", text, "markdown"))


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip(" \t\u00a0\u3000")]


def rendered(text: str) -> list[str]:
    return lines(read_html(Source("a.html", RENDERER.render(text))).text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲**乙**丙*丁*_戊_ ~~己~~", "甲乙丙丁戊 己"),
        ("**“甲”**乙 2*3*4 a_b_c 5~6~~~7~~", "**“甲”**乙 234 a_b_c 5~6~7"),
        ("***甲** 乙* **丙*", "甲 乙 *丙"),
        ("甲\n乙", "甲乙"),
        ("甲\nb", "甲 b"),
        ("甲\r\n乙\rc", "甲乙 c"),
        ("甲 \r\n乙", "甲乙"),
        ("甲  \n乙\\\n丙", "甲\n乙\n丙"),
        ("甲  \r\n乙", "甲\n乙"),
        (r"\*甲\* \甲 \&amp;", "*甲* \\甲 &amp;"),
        ("&amp;&copy;&#x4e59;&#0;&#xD800;&#1;&#x110000;&bogus;&amp &#32;丙&NotEqualTilde;", "&©乙\ufffd\ufffd\ufffd\ufffd&bogus;&amp 丙≂̸"),
        ("`甲*` `` ` `` `` `乙` ` `", "甲* ` `` 乙"),
        ("# 甲 #\n## 乙\\#\n丙\n===\n丁\n戊\n---\n#己", "甲\n乙#\n丙\n丁戊\n#己"),
        ("- 甲\n- 乙\n  1. 丙\n\n     丁\n* * *\n> 戊\n己", "甲\n乙\n丙\n丁\n戊己"),
        ("甲[^1]乙。\n\n[^1]: 注\n[^2]: 又注\n    续", "甲乙。\n注\n又注续"),
        ("```py\n甲\n  乙\n\n```\n\n    丙\n~~~\n丁", "甲\n乙\n丙\n丁"),
        ("甲<b>乙</b><br>丙<!-- 注 --><?x?><!A><![CDATA[y]]>丁", "甲乙\n丙丁"),
        ("<details>\n<summary>目录</summary>\n\n- 甲\n\n</details>\n\n<pre>\n 乙\n\n丙</pre>", "目录\n甲\n 乙\n丙"),
        ("> <div\n> class=x>甲\n> 乙&lt;</div>\n\n- <p>丙\n  丁</p>", "甲乙<\n丙丁"),
        ("甲 <a b 1<2 <!-- x", "甲 <a b 1<2 <!-- x"),
        ("甲<!-->乙<!--->丙", "甲乙丙"),
        ("\ufeff# 甲", "甲"),
        ("\ufeff---\ntitle: 甲\n---\n乙", "甲\n乙"),
        ("a\0b", "a\ufffdb"),
        ("\u3000\u3000甲\n\u3000\n", "甲"),
        ("\u3000\n甲\\\n\u3000\n", "甲\\"),
        ("", ""),
    ],
)  # fmt: skip
def test_text(text: str, expected: str) -> None:
    assert of(text).text == expected


def test_code_spans_keep_a_blank_where_the_line_ends() -> None:
    assert of("`甲\n乙`").text == "甲 乙"
    assert of("> `甲 \n> 乙`丙").text == "甲 乙丙"


def roles(text: str) -> list[tuple[str, int, str]]:
    document = of(text)
    return [(block.role.value, block.level, document.slice(block)) for block in document.blocks]


def test_roles() -> None:
    assert roles("# 一\n\n###### 六\n\n段\n\n- 项\n\n> 引\n\n```\n码\n```\n\n|头|\n|-|\n|格|\n") == [
        ("heading", 1, "一"),
        ("heading", 6, "六"),
        ("paragraph", 0, "段"),
        ("list", 0, "项"),
        ("paragraph", 0, "引"),
        ("code", 0, "码"),
        ("cell", 0, "头"),
        ("cell", 0, "格"),
    ]


def links(text: str) -> list[tuple[str | None, str, str]]:
    document = of(text)
    return [(x.href, document.slice(x.span), text[slice(*x.source)]) for x in document.links]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲 [乙*丙*](u) [](v)", [("u", "乙丙", "u"), ("v", "", "v")]),
        ("[甲](<a b>) [乙](a\\)&amp;(c) '题')", [("a b", "甲", "a b"), ("a)&(c)", "乙", "a\\)&amp;(c)")]),
        ('[甲]( u\n"题\n目" ) [乙]()', [("u", "甲", "u"), ("", "乙", "")]),
        (
            "<http://a.cn/?b> <x@a.cn>",
            [("http://a.cn/?b", "http://a.cn/?b", "http://a.cn/?b"), ("mailto:x@a.cn", "x@a.cn", "x@a.cn")],
        ),
        (
            "[甲][R] [r][] [r] [乙][x]\n\n[r]: <u v> '题'\n[r]: w\n",
            [("u v", "甲", "u v"), ("u v", "r", "u v"), ("u v", "r", "u v")],
        ),
        ("> [r]\n\n> [r]:\n> u", [("u", "r", "")]),
        ("[甲 [乙](u) 丙](v)", [("u", "乙", "u")]),
        ("[a](javascript:x) [b](u 'x) <javascript:x> ] [c][d [[r]] [\\]]", []),
        ("[a[x]c]\n\n[r]: u\n", []),
        ("[甲]\n\n[甲]: u\n", [("u", "甲", "u")]),
        ("<a href='x'>甲</a>", [("x", "甲", "x")]),
    ],
)
def test_links(text: str, expected: list[tuple[str | None, str, str]]) -> None:
    assert links(text) == expected


def test_titles_and_pictures_are_attributes() -> None:
    text = "![图*甲* &lt;`码`\n![内](y) \\*<b> [链](z)&amp;](a.png ' 题 &copy;\\* ') [乙](u \"&lt;又\") ![](b) ![ ](c)"
    document = of(text)
    assert [(i.src, i.alt) for i in document.images] == [
        ("a.png", "图甲 <码 内 *<b> 链&"),
        ("b", ""),
        ("c", " "),
    ]
    assert [(b.name, document.slice(b)) for b in document.blocks if b.role is Role.ATTRIBUTE] == [
        ("alt", "图甲 <码 内 *<b> 链&"),
        ("title", "题 ©*"),
        ("title", "<又"),
    ]
    assert text[slice(*document.images[0].source)] == "a.png"
    assert text[slice(*document.images[0].tag)].endswith("\\* ')")
    assert document.links[0].title == "<又"
    assert document.links[0].images == []
    assert of("![甲\n[^1]: 乙](u '题\\*')").text == "甲 乙\n题*"
    linked = of("[![图](a)](b)")
    assert linked.links[0].images == linked.images
    assert of("![甲  \n乙\\\n丙[^1]](u)").images[0].alt == "甲   乙 丙"


def test_attributes_of_html_blocks_are_read() -> None:
    document = of('甲\n\n<p title="提&amp;示">乙</p>\n\n丙\n')
    (block,) = [one for one in document.blocks if one.role is Role.ATTRIBUTE]
    assert document.slice(block) == "提&示"
    assert document.to_source(block.span) == Span(13, 20)


def test_blocks_of_html_are_parted_by_their_line_end() -> None:
    assert of("<!-- c -->abc\n<!-- c -->甲").text == "abc 甲"
    assert of("<!-- c -->乙\n<!-- c -->甲").text == "乙甲"


def test_hidden_pictures_are_not_read() -> None:
    document = of("<div hidden>\n\n![图](a '题')\n[b](c '题')\n\n</div>")
    assert document.text == ""
    assert document.images[0].hidden


def tables(text: str) -> list[list[list[str]]]:
    return [[[cell.text for cell in row] for row in table.rows] for table in of(text).tables]


def test_tables() -> None:
    text = "|甲|**乙**|\n|:-|-:|\n| a\\|b | `c\\|d` | 多 |\n|1\n| |  |\n"
    assert tables(text) == [[["甲", "乙"], ["a|b", "c|d"], ["1", ""], ["", ""]]]
    document = of(text)
    assert document.tables[0].rows[0][0].header
    assert document.tables[0].caption == ""
    assert text[slice(*document.to_source(document.tables[0].rows[1][0].span))] == "a\\|b"
    assert tables("> 甲 | 乙\n> -|-\n> 1 | 2") == [[["甲", "乙"], ["1", "2"]]]
    assert tables("甲|乙\n-|-\n\\|1|[^1]") == [[["甲", "乙"], ["|1", ""]]]


def test_front_matter() -> None:
    text = "---\ntitle: \"题 目\"\ndate: 2024-01-01\nsource: 'http://a.cn/'\ntags:\n  - 甲\n- 乙\n# 注\n\n空: ''\n---\n正文"
    document = of(text)
    assert document.title == "题 目"
    assert roles(text) == [("title", 0, "题 目"), ("paragraph", 0, "正文")]
    assert {m.name: m.content for m in document.metas} == {
        "title": "题 目", "date": "2024-01-01", "source": "http://a.cn/", "tags": "", "空": "",
    }  # fmt: skip
    assert all(text[slice(*m.source)] == m.content for m in document.metas)
    assert text[slice(*document.to_source(Span(0, 3)))] == "题 目"
    assert of("---\ntitle:\n...\n甲").text == "甲"


@pytest.mark.parametrize(
    "text",
    [
        "---\n甲乙\n---\n",
        "---\nhttp://a.cn\n---\n",
        "---\n\n---\n甲",
        "---\na: b\n",
        "---\n" + "a: b\n" * 300 + "---\n",
        f"---\n{'长' * 70}: b\n---\n",
        "---",
    ],
)
def test_what_is_no_front_matter(text: str) -> None:
    assert of(text).metas == []


def test_comments() -> None:
    text = "甲<!-- 忽略 a: 乙 -->\n\n<!-- 丙\n\n丁 -->\n\n> <!-- 戊\n> 己 -->"
    document = of(text)
    assert document.text == "甲"
    assert [text[slice(*c.source)] for c in document.comments] == [
        "<!-- 忽略 a: 乙 -->",
        "<!-- 丙\n\n丁 -->",
        "<!-- 戊\n> 己 -->",
    ]


@pytest.mark.parametrize(
    "text", ["> " * 200 + "甲。", "\n".join("  " * n + "- 甲" for n in range(200)), "- " * 5000 + "甲"]
)
def test_nesting_without_measure_is_read_as_text(text: str) -> None:
    document = of(text)
    assert document.notices == ["Markdown 嵌套过深，已按纯文本检查"]
    assert "甲" in document.text


def test_deep_but_honest_nesting_is_markdown() -> None:
    assert of("> " * 40 + "甲").text == "甲"
    assert of("\n".join("  " * n + "- 甲" for n in range(40))).text == "\n".join("甲" * 40)


PIECES = [
    "甲", "乙", "，", "“", "”", " ", "  ", "\n", "\n\n", "*", "**", "***", "_", "__", "~~", "~", "`", "``", "[", "]", "(", ")", "![",
    "](u)", "[r]", '](<a b> "t")', "<b>", "</b>", "<br>", "<!-- c -->", "&amp;", "&#32;", "&lt;", "\\", "\\\n", "> ", "- ", "1. ",
    "# ", "    ", "\t", "|", "|---|---|\n", "\n---\n", "===\n", "```\n", "<div>\n", "</div>\n", "<http://a.cn>", "\\*", "\\|", "a",
    "1", "\u3000", "\u00a0", "&nbsp;", "\\[", "- a\n  - b\n", "<a href='x'>", "</a>", "<p>",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@settings(max_examples=500, deadline=None)
def test_text_is_what_a_browser_shows(text: str) -> None:
    """Against markdown-it's own HTML, read by the HTML reader."""
    text = "甲\n\n" + text + "\n\n[r]: /u 't'\n"
    # Known: markdown-it misses "[r](" at the very end; a line break in an image's text; code in <pre>.
    if "[r](\n\n" in text or ("![" in text and re.search(r"!\[[^\n]*\n.*\]", text, re.DOTALL)):
        return
    assert lines(of(text).text) == rendered(text)


TRAPS = [
    "[", "![", "*a ", "a**b", "*_", "`", "`a``", "<", "<a ", "<!--", "<a b='", "&", "\\", "]", "[a](", "[a](<b", '[a](b "c', "[[a]](b)",
    "~~a", "[^1]", "<a@", "a\n", "> a\n", "- a\n", "|a|b|\n", "[a]: b\n", "[a\n", "[^a]: b\n", "# a\n", "<div>\n", "    a\n", "a  \n",
    "***a_ ", "<?", "<!A", "<![CDATA[", "[a](b (c", "![a](b)",
]  # fmt: skip


def cost(make: Callable[[], object]) -> float:
    best = 9e9
    for _ in range(3):
        start = time.process_time()
        make()
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize("piece", TRAPS)
def test_floods_cost_linear_time(piece: str) -> None:
    """A coarse ratio: four times the input, less than ten times the time (quadratic: sixteen)."""
    small = max(cost(lambda: of(piece * 1000)), 0.004)
    assert cost(lambda: of(piece * 4000)) < 10 * small


def test_reports_read_like_their_pages(shared: Path) -> None:
    for path in sorted((shared / "real" / "reports").glob("*.md"))[::4]:
        text = path.read_text(encoding="utf-8")
        document = read(Source(path.name, text, "markdown"))
        assert document.title
        body = text.split("\n---\n", 1)[1] if text.startswith("---\n") else text
        assert lines(document.text.removeprefix(document.title)) == rendered(body)
        for block in document.blocks[:50]:
            assert text[document.to_source(block.span).start] == document.text[block.start]
