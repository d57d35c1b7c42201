"""The document model, and what every reader owes it, whatever the input."""

from __future__ import annotations

import html
import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa.document import Block, Cell, Document, Meta, Role, Segments, Table
from qa.readers import media_of, read
from qa.source import Source, Span

BLANKS = " \t\n\f\r"
FRAGMENTS = [
    "甲", "乙丙", "丁。", "，", "“", "”", "—", "a", "b c", "1", " ", "  ", "\t", "\n", "\n\n", "\r\n", "\r", "\f", "\v",
    "\0", "\ud800", "\udc00", "\ufeff", "\U0001f600", "\U00020000", "e\u0301", "\u200b", "\u200d", "\u2028", "\u2029",
    "\u00a0", "\u3000", "\u0085", "\ue000",
    "<b>", "</b>", "<i", "<p>", "</p>", "<div>", "</div>", "<br>", "<br/>", "<hr>", "<span class=x>", "</span>",
    "<h1>", "</h1>", "<h2>", "</h2>", "<ul>", "<li>", "</li>", "</ul>", "<pre>", "</pre>", "<title>", "</title>",
    "<table>", "<caption>", "</caption>", "<tr>", "<td>", "<td rowspan=2 colspan='3'>", "<td colspan=99999999>", "<th>",
    "</td>", "</th>", "</tr>", "</table>", "<main>", "</main>", "<nav>", "</nav>", "<div class='footer'>", "<div hidden>",
    '<div style="display : none">', "<a href='x'>", '<a href="http://a.cn/?a=1&amp;b=2" title="题&lt;">', "<a>", "</a>",
    '<a name=q id="r">', "<img>", '<img src=a.png alt="图&amp;甲 ">', "<img alt=' \u3000'>", "<area href=x alt=乙>",
    "<p title='题\n目'>", "<p title=\"it's\">", "<p a=\"b' c='d\" e=f/>", "<p a = b>", "<p '>", '<p ">', "<p a=>", "<p/ a>",
    "<meta name=description content='说明 &copy;'>", "<meta name=Keywords content=a>", "<meta property='og:title'>",
    "<meta charset=utf-8>", "<link rel=stylesheet href=a.css>", "<link rel=icon href=a.ico>", "<base href=/b/>",
    "<script src=a.js>", "<script>", "</script>", "<style>", "</style>", "<iframe src=f>", "</iframe>", "<object data=o>",
    "</object>", "<video src=v>", "<select>", "<option>", "</select>", "<svg>", "</svg>", "<template>", "</template>",
    "<html lang=zh>", "<head>", "</head>", "<body>", "<dl><dt>", "<dd>", "</dl>", "<textarea>", "</textarea>",
    "<!-- 注 -->", "<!--", "-->", "<!-->", "<!--->", "<![CDATA[", "]]>", "<?xml ?>", "<!DOCTYPE html>", "</", "<", ">", "</>",
    "&amp;", "&lt;", "&amp", "&ampx", "&nbsp;", "&nbsp2", "&notit;", "&bogus;", "&#65;", "&#65", "&#x41;", "&#xD800;", "&#0;",
    "&#x110000;", "&#99999999;", "&#128;", "&#32;", "&#10;", "&Tab;", "&NewLine;", "&NotEqualTilde;", "&#", "&", "&;",
    "*", "**", "_", "__", "~~", "`", "``", "[", "]", "(", ")", "![", "](u)", "](<a b> '题')", "[r]", "[^1]", "[^1]: ",
    "\n[r]: /u '题'\n", "\\", "\\*", "\\\n", "> ", "\n> ", "- ", "\n- ", "  - ", "1. ", "# ", "\n## ", "    ", "|", "\\|",
    "\n|甲|乙|\n|-|-|\n|a|b\\|c|\n", "\n---\n", "---\n", "\n===\n", "\n```\n", "~~~\n", "title: 题\n", "date:\n", "<http://a.cn>",
    "<a@b.cn>", "http://a.cn/(x)。", "https://b.cn", "甲\t乙\n", "\t\n", "一、", "（一）", "第一章 ", "1. ", "1.\t",
]  # fmt: skip
nasty = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=3)), max_size=30).map("".join)
deep = st.builds(
    lambda tag, count, close: tag * count + "甲" + close,
    st.sampled_from(
        [
            "<b>",
            "<div>",
            "<p>",
            "<ul><li>",
            "<table><tr><td>",
            "<a href=x>",
            "> ",
            "- ",
            "[",
            "*",
            "&amp;",
            "&",
            "<",
            "\t",
        ]
    ),
    st.sampled_from([10, 1000]),
    st.sampled_from(["", "</b>", "</div></div>", "</table>", "]", "*"]),
)
MEDIA = ["html", "markdown", "text"]


def folded(text: str) -> str:
    """Blanks of any kind as one of them; NUL as what Markdown makes of it."""
    return re.sub(f"[{BLANKS}]", " ", text).replace("\0", "\ufffd")


def means(source: str, text: str, media: str) -> object:
    """Whether a replacement tile says what its range of the source says."""
    if text == "\n":
        return source == "" or re.fullmatch(r"(?s)<br.*>|\\?\s+[>\s]*|&.*;?", source) is not None
    if text == " ":
        # Blanks, among them references to blanks; comments, tags and marks of quotes between them.
        return any(char in BLANKS for char in html.unescape(source))
    number = re.fullmatch(r"&#([0-9]+);?", source)
    return (
        html.unescape(source) == text
        or (number and ord(text) == int(number[1]))
        or (media == "markdown" and text == "\ufffd")
    )


def hold(document: Document) -> None:
    """The invariants of a document; see ``qa.document``."""
    source, text, segments = document.source, document.text, document.segments
    raw, length = source.text, len(text)
    # Tiles cover the text without gap or overlap, none is empty.
    assert (
        len(segments.text_starts) == len(segments.source_starts) == len(segments.source_ends) == len(segments)
    )
    assert segments.text_starts[:1] == ([0] if text else [])
    assert all(a < b for a, b in zip(segments.text_starts, [*segments.text_starts[1:], length], strict=False))
    for place, origin in segments.tiles(length):
        assert 0 <= origin.start <= origin.end <= len(raw)
        here, there = text[place.start : place.end], raw[origin.start : origin.end]
        if len(here) == len(there):
            assert folded(here) == folded(there)
            if source.media == "text":
                assert here == there
        else:
            assert means(there, here, source.media), (here, there)
    # Blocks follow each other with one line break between.
    at = 0
    for block in document.blocks:
        assert block.start == at
        assert block.start < block.end <= length
        assert text[block.end : block.end + 1] in ("", "\n")
        at = block.end + 1
    assert at == (length + 1 if text else 0)
    # Places go forward through the body, character by character.
    for block in document.blocks:
        assert document.block_at(block.start) is block
        last = -1
        for index in range(block.start, block.end):
            low, high = segments.character(index, length)
            assert low <= high
            if block.role is not Role.ATTRIBUTE:
                assert low >= last or (low, high) == segments.character(index - 1, length)
                last = high
        place = document.to_source(block.span)
        assert 0 <= place.start <= place.end <= len(raw)
    for table in document.tables:
        assert 0 <= table.span.start <= table.span.end <= length
        for row in table.rows:
            for cell in row:
                assert table.span.start <= cell.span.start <= cell.span.end <= table.span.end
                assert cell.text == text[cell.span.start : cell.span.end]
        assert sum(len(row) for row in table.grid) >= 1
    for link in document.links:
        assert 0 <= link.span.start <= link.span.end <= length
        assert 0 <= link.source.start <= link.source.end <= len(raw)
        assert text[link.span.start : link.span.end] == text[link.span.start : link.span.end].lstrip(" \n")
    for image in document.images:
        assert 0 <= image.tag.start <= image.source.start <= image.source.end <= len(raw)
    for item in (*document.resources, *document.metas, *document.comments):
        assert 0 <= item.source.start <= item.source.end <= len(raw)
    for offset in {0, len(raw) // 2, len(raw)}:
        before = raw[:offset]
        assert source.position(offset) == (before.count("\n") + 1, offset - before.rfind("\n"), offset)


@pytest.mark.parametrize("media", MEDIA)
@given(text=st.one_of(nasty, deep))
@example(text="<a href='x'><p> 甲</p>")
@example(text="> ![a\n> b](u)")
@example(text="<pre>甲\r\n乙</pre>")
@example(text="<b>甲</b>&#32;<i> 乙</i>")
@example(text="&nbsp2<td>3</td>")
@settings(max_examples=120, deadline=None)
def test_readers_keep_the_map(media: str, text: str) -> None:
    hold(read(Source(f"样.{media}", text, media)))


@pytest.mark.parametrize("media", MEDIA)
@given(text=st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_readers_keep_the_map_of_any_text(media: str, text: str) -> None:
    hold(read(Source("样", text, media)))


words = st.text(alphabet="甲乙丙，。ab1 \n&<", min_size=1, max_size=8).map(html.escape)


def element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    inline = st.builds(
        lambda tag, body: f"<{tag}>{body}</{tag}>", st.sampled_from(["b", "i", "span", "a"]), inner
    )
    return st.lists(st.one_of(words, inline), min_size=1, max_size=3).map("".join)


paragraphs = st.lists(
    st.builds(
        lambda tag, body: f"<{tag}>{body}</{tag}>",
        st.sampled_from(["p", "div", "h2", "blockquote"]),
        st.recursive(words, element, max_leaves=6),
    ),
    max_size=4,
)


@given(parts=paragraphs)
@settings(max_examples=200, deadline=None)
def test_text_is_what_a_browser_shows(parts: list[str]) -> None:
    """Against BeautifulSoup: folded blanks, none between wide characters at a line break."""
    document = read(Source("a.html", "\n".join(parts)))
    wide = "[\u2e80-\u9fff\uff00-\uffef]"
    expected = []
    for part in parts:
        shown = BeautifulSoup(part, "html.parser").get_text().strip(BLANKS)
        shown = re.sub(f"(?<={wide})[ ]*\n[ \n]*(?={wide})", "", shown)
        if shown := re.sub(f"[{BLANKS}]+", " ", shown):
            expected.append(shown)
    assert document.text == "\n".join(expected)


def test_map_never_grows_over_neighbouring_tags() -> None:
    text = "<p>甲<b>乙丙</b>&amp;丁</p>"
    document = read(Source("a.html", text))
    assert document.text == "甲乙丙&丁"
    places = [document.to_source(Span(i, i + 1)) for i in range(5)]
    assert [text[a:b] for a, b in places] == ["甲", "乙", "丙", "&amp;", "丁"]
    assert text[slice(*document.to_source(Span(1, 3)))] == "乙丙"
    assert text[slice(*document.to_source(Span(0, 2)))] == "甲<b>乙"
    assert document.is_verbatim(Span(1, 3))
    assert not document.is_verbatim(Span(0, 2))
    assert not document.is_verbatim(Span(3, 4))


def test_empty_spans_map_to_the_end_of_the_character_before() -> None:
    document = read(Source("a.html", "<p>甲</p><p>乙</p>"))
    assert document.to_source(Span(0, 0)) == Span(3, 3)
    assert document.to_source(Span(1, 1)) == Span(4, 4)
    assert document.to_source(Span(9, 9)) == document.to_source(Span(3, 3)) == Span(12, 12)
    assert document.to_source(Span(8, 9)) == Span(11, 12)
    assert read(Source("a.html", "<p></p>")).to_source(Span(0, 1)) == Span(0, 0)
    assert Document(Source("a", "甲"), "甲", Segments(), []).to_source(Span(0, 1)) == Span(0, 0)


def test_lookups() -> None:
    text = (
        "<html><head><title>题</title><meta name=PubDate content=2024></head>"
        "<p>甲。乙丙！丁</p><p>戊</p><pre>码</pre><nav>导航</nav><img alt=图>"
    )
    document = read(Source("a.html", text))
    assert document.has_frame
    assert not read(Source("a.html", "<p>甲")).has_frame
    assert document.meta("pubdate") == document.metas[0]
    assert document.meta("x") is None
    assert document.chars >= set("题甲")
    assert document.soup.title is not None
    at = document.text.index("乙")
    assert document.slice(document.sentence(Span(at, at + 1))) == "乙丙！"
    assert document.slice(document.sentence(Span(at + 3, at + 4))) == "丁"
    block = document.block_at(at)
    assert block is not None
    assert document.slice(block) == "甲。乙丙！丁"
    assert document.blocks[document.block_index(at)] is block
    assert [document.slice(b) for b in document.paragraphs()][:3] == ["题", "甲。乙丙！丁", "戊"]
    assert all(b.main for b in document.paragraphs())
    assert document.text[: document.article_end].endswith("导航")
    assert read(Source("a.html", "<p>甲")).article_end == 1
    empty = Document(Source("a", ""), "甲。", Segments(), [])
    assert empty.block_at(0) is None
    assert empty.block_index(0) == -1
    assert empty.sentence(Span(0, 1)) == Span(0, 2)
    assert read(Source("a.html", "<img alt=图>")).article_end == 0


def test_sentence_looks_only_so_far() -> None:
    document = read(Source("a.html", "甲" * 2000))
    assert document.sentence(Span(1000, 1001)) == Span(600, 1401)


def grid_of(*rows: str) -> list[list[str]]:
    cells = [
        [
            Cell(0, 0, Span(0, 0), name, int(down), int(across))
            for name, down, across in (c.split("*") for c in row.split())
        ]
        for row in rows
    ]
    return [[cell.text if cell else "" for cell in row] for row in Table(cells, Span(0, 0)).grid]


def test_grid_spreads_spans() -> None:
    assert grid_of("a*2*1 b*1*2", "c*1*1 d*1*1") == [["a", "b", "b"], ["a", "c", "d"]]
    assert grid_of("a*9*1 b*1*1", "c*1*1") == [["a", "b"], ["a", "c"]]
    assert grid_of("a*1*1", "b*1*1 c*1*1") == [["a", ""], ["b", "c"]]
    assert grid_of("") == [[]]
    table = Table([[Cell(0, 0, Span(0, 0), "a")]], Span(0, 0))
    assert table.grid is table.grid


def test_grid_is_bounded() -> None:
    rows = [[Cell(0, 0, Span(0, 0), "x", 1000, 1000) for _ in range(300)] for _ in range(300)]
    grid = Table(rows, Span(0, 0)).grid
    assert sum(len(row) for row in grid) <= 1_000_000
    assert rows[0][1].column == 1000


def test_plain_values() -> None:
    assert Block(1, 3).span == Span(1, 3)
    assert Meta("a", "b", Span(0, 1)).content == "b"
    assert [media_of(name) for name in ("a.HTM", "b.md", "c.txt", "d.docx", "e")] == [
        "html",
        "markdown",
        "text",
        None,
        None,
    ]
