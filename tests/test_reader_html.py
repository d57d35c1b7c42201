"""HTML: what the writer makes of it. The map itself is tested in ``test_document.py``."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.document import Document, Role
from qa.readers import _tokens
from qa.readers.html import attribute_spans, read_html
from qa.source import Source, Span


def of(text: str) -> Document:
    return read_html(Source("a.html", text))


def shown(text: str) -> str:
    return of(text).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p> 甲 \n 乙 </p>", "甲乙"),
        ("<p>甲 乙</p>", "甲 乙"),
        ("<p>甲  b\n c</p>", "甲 b c"),
        ("<p>甲\r\n乙\rc</p>", "甲乙 c"),
        ("<p>甲<b> 乙</b> <i> 丙</i></p>", "甲 乙 丙"),
        ("<p>\u3000\u3000甲</p><p>\u00a0</p>&nbsp;<p>乙", "甲\n乙"),
        ("甲<br>乙<br/>丙", "甲\n乙\n丙"),
        ("<h1>甲<br>乙</h1>", "甲\n乙"),
        ("<h1><br>甲</h1>", "甲"),
        ("<pre>甲\r\n  乙\n\n丙</pre>丁", "甲 \n  乙\n丙\n丁"),
        ("甲<script>a</script>乙<style>b</style><template>c</template>", "甲乙"),
        (
            "<div hidden>甲</div><p style='display: none'>乙&amp;</p><p style='visibility:hidden'>丙</p>丁",
            "丁",
        ),
        ("甲&amp;&lt;&#x4e59;&bogus;", "甲&<乙&bogus;"),
        ("甲&#32; &Tab;&#10;乙&#32;", "甲 乙"),
        ("&#32;甲&nbsp2年&ampp", "甲\u00a02年&p"),
        ("<pre>a&#32;&#32;b</pre>", "a  b"),
        ("甲</>乙<title>a</>b<?></title>", "甲乙\na</>b<?>"),
        ("<select><option>甲</select>乙<option>丙", "乙\n丙"),
        ("<!DOCTYPE html><?x?>甲&notit;<img alt=' \u3000'>", "甲¬it;"),
        ("", ""),
    ],
)
def test_text(text: str, expected: str) -> None:
    assert shown(text) == expected


def test_roles_and_levels() -> None:
    document = of(
        "<title>题</title><h2>二</h2><h3><div>三</div></h3><ul><li>项<p>段</p></ul><dl><dt>名<dd>释</dl>"
        "<table><caption>表</caption><tr><th>头<td><div>格</div></table><figure><figcaption>图</figcaption></figure>"
    )
    assert [(b.role.value, b.level, document.slice(b)) for b in document.blocks] == [
        ("title", 0, "题"),
        ("heading", 2, "二"),
        ("heading", 3, "三"),
        ("list", 0, "项"),
        ("list", 0, "段"),
        ("list", 0, "名"),
        ("list", 0, "释"),
        ("caption", 0, "表"),
        ("cell", 0, "头"),
        ("cell", 0, "格"),
        ("caption", 0, "图"),
    ]
    assert document.title == "题"


def mains(text: str) -> dict[str, bool]:
    document = of(text)
    return {document.slice(block): block.main for block in document.blocks}


def test_chrome_and_article() -> None:
    assert mains("<header>甲</header><nav>乙</nav><p>丙</p><aside>丁</aside><footer>戊</footer>") == {
        "甲": False, "乙": False, "丙": True, "丁": False, "戊": False,
    }  # fmt: skip
    assert mains("<div class='a Footer'>甲</div><div id=x role=Navigation>乙</div><p class=b id=c>丙")["丙"]
    assert mains("<main><header>甲</header><p>乙<p><a href=x>丙</a></main>") == {
        "甲": True,
        "乙": True,
        "丙": True,
    }
    outside = mains(
        "<p><a href=x>首页</a></p><h2><a href=y>题</a></h2><p>前<a href=z>后</a>文<article><a href=q>甲</a></article>"
        "<p><a>乙</a>丙丁<a>戊</a>"
    )
    assert outside == {"首页": False, "题": True, "前后文": True, "甲": True, "乙丙丁戊": True}


def test_containers_by_name() -> None:
    assert mains(
        "<div class='TRS_Editor'><p>甲</div><div class=crumbs>x</div><div class='nav'>乙<div class='TRS_Editor'>丙"
    )["甲"]


def test_attributes_are_blocks_at_the_end() -> None:
    text = "<p title=' 题&lt;1&bogus;'>甲<img src=a alt=\"图'\"><img alt=''><a aria-label=标 href=b>乙</a><meta name=description content=说明>"
    document = of(text)
    found = [(b.name, document.slice(b)) for b in document.blocks if b.role is Role.ATTRIBUTE]
    assert found == [("title", "题<1&bogus;"), ("alt", "图'"), ("aria-label", "标"), ("description", "说明")]
    assert document.article_end == document.text.index("题") - 1
    assert (
        text[slice(*document.to_source(Span(document.text.index("<"), document.text.index("<") + 1)))]
        == "&lt;"
    )
    assert shown("<p hidden><img alt=图></p>") == ""
    assert shown("<p title='&lt;'>") == "<"


def test_attribute_spans() -> None:
    tag = """<a href="x y" title='甲' b=c  d = "e" f href=z/>"""
    spans = {name: tag[span.start : span.end] for name, span in attribute_spans(tag, 0).items()}
    assert spans == {"href": "x y", "title": "甲", "b": "c", "d": "e", "f": ""}
    assert attribute_spans("<a b=c>", 100) == {"b": Span(105, 106)}


def test_links() -> None:
    text = (
        "<p>甲 <a href=' x ' title=题 rel=NoFollow target=_blank aria-label=标>乙</a><a name=n id=i>丙<a href=y><p>丁</p></a>"
        "<nav><a href=z><img src=s alt=图></a></nav><p hidden><a href=h>戊</a></p><area href=q><a style='display:none' href=w>己"
    )
    document = of(text)
    links = document.links
    assert [(link.href, document.slice(link.span)) for link in links] == [
        (" x ", "乙"), (None, "丙"), ("y", "丁"), ("z", ""), ("h", ""), ("q", ""), ("w", "己"),
    ]  # fmt: skip
    first = links[0]
    assert (first.title, first.rel, first.target, first.label) == ("题", "nofollow", "_blank", "标")
    assert text[slice(*first.source)] == " x "
    assert text[slice(*links[1].source)].startswith("<a name")
    assert [link.main for link in links] == [True, True, True, False, True, True, True]
    assert [link.hidden for link in links] == [False] * 4 + [True, False, True]
    assert links[3].images == document.images
    assert {"n", "i"} <= document.anchors
    assert of("<a>甲").links[0].source == Span(0, 3)


def test_a_long_link_of_many_pieces() -> None:
    document = of("<a href=x><p>" + "甲&amp;" * 12 + "</p></a>")
    assert document.slice(document.links[0].span) == "甲&" * 12


def test_images_resources_and_metas() -> None:
    text = (
        "<html lang=zh><base href=/b/><base href=/c/><img><img src=a.png role=presentation><img aria-hidden=true alt=''>"
        "<script src=' s.js '></script><link rel='Stylesheet' href=c.css><link rel=icon href=i.ico><link href=x>"
        "<iframe src=f></iframe><object data=o></object><embed src=e><video src=v></video><script>x</script>"
        "<meta charset=utf-8><meta property=og:title content=题><meta name=Description><template><img src=n></template>"
    )
    document = of(text)
    assert (document.lang, document.base) == ("zh", "/b/")
    assert [(i.src, i.alt, i.decorative, i.hidden) for i in document.images] == [
        (None, None, False, False), ("a.png", None, True, False), (None, "", True, False), ("n", None, False, True),
    ]  # fmt: skip
    assert [(r.kind, r.url) for r in document.resources] == [
        ("script", "s.js"), ("style", "c.css"), ("frame", "f"), ("object", "o"), ("object", "e"), ("media", "v"),
    ]  # fmt: skip
    assert [(m.name, m.content) for m in document.metas] == [("og:title", "题"), ("Description", "")]


def test_comments() -> None:
    text = "<!-- 甲 --><p>乙<!--丙-->"
    assert [(c.text, text[slice(*c.source)]) for c in of(text).comments] == [
        (" 甲 ", "<!-- 甲 -->"),
        ("丙", "<!--丙-->"),
    ]


def grids(text: str) -> list[list[list[str | None]]]:
    return [
        [[cell.text if cell else None for cell in row] for row in table.grid] for table in of(text).tables
    ]


def test_tables() -> None:
    assert grids(
        "<table><caption>表 题</caption><tr><th rowspan=2>甲<th colspan=2>乙<tr><td>丙<td></table>"
    ) == [[["甲", "乙", "乙"], ["甲", "丙", ""]]]
    assert of("<table><caption>表 题</caption><tr><td>甲</table>").tables[0].caption == "表 题"
    assert of("<table><tr><td>甲<figcaption>图</figcaption></table>").tables[0].caption == ""
    assert of("<table><tr><th>甲<td>乙").tables[0].rows[0][0].header
    assert grids("<table><td>甲<td>乙</table>") == [[["甲", "乙"]]]
    assert grids("<table><caption>空</caption></table><td>丙<tr></table>") == []
    assert grids("<table><tr><td>外<table><tr><td>内</table>后<td>二</table>") == [
        [["内"]],
        [["外\n内\n后", "二"]],
    ]
    assert grids("<table><tr><td colspan=x rowspan=0>甲<td colspan=999999>乙</table>") == [[["甲", "乙"]]]


def test_misnested_tags_do_no_harm() -> None:
    assert shown("</p></td></table></ul><p>甲</div>乙</b></p>丙") == "甲\n乙\n丙"
    assert shown("<ul><li>甲<li><ul><li>乙</ul>丙</ul>") == "甲\n乙\n丙"
    assert shown("<div><p class=a>甲</div>乙</p><p class=b>丙<div>丁</p>戊</div>") == "甲\n乙\n丙\n丁\n戊"
    assert shown("<li>" + "<div>" * 100 + "甲<li>乙") == "甲\n乙"


def test_tables_nested_without_end_stay_small() -> None:
    document = of("<table><tr><td>甲" * 3000)
    assert document.text.count("甲") == 3000
    assert len(document.tables) <= 16
    assert sum(len(cell.text) for table in document.tables for row in table.rows for cell in row) < 16 * 6000


TRAPS = [
    "<b>", "<div>", "<ul><li>", "<table><tr><td>甲", "<table><caption>甲", "<a href=x>甲", "<p a='", "<!--", "<", "&", "&amp;",
    "&nbsp", "甲 ", "\n甲", "<br>", "<h1><br>甲", "<pre>\n甲", "<img alt=x>", "<main><p><a href=x>甲</a></p>", "</>", "</div>",
    "<td><div>", "<li><div>甲",
]  # fmt: skip


@pytest.mark.parametrize("piece", TRAPS)
def test_floods_cost_linear_time(piece: str) -> None:
    """A coarse ratio: four times the input, less than ten times the time (quadratic: sixteen)."""

    def cost(count: int) -> float:
        best = 9e9
        for _ in range(3):
            start = time.process_time()
            of(piece * count)
            best = min(best, time.process_time() - start)
        return best

    small = max(cost(2000), 0.004)
    assert cost(8000) < 10 * small


@given(st.text(alphabet="<>/=\"' ab甲\n&;!-", max_size=60))
@settings(max_examples=300, deadline=None)
def test_attribute_values_stand_where_the_spans_say(text: str) -> None:
    tag = f"<a b='1' {text}>"
    for span in attribute_spans(tag, 0).values():
        assert 0 <= span.start <= span.end <= len(tag)


def test_the_tokenizer_is_found_one_way_or_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert hasattr(_tokens._load(), "tokenize")
    monkeypatch.setattr(importlib.util, "spec_from_file_location", lambda *_args, **_options: None)
    assert _tokens._extension() is None
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert _tokens._extension() is None
    elsewhere = importlib.machinery.ModuleSpec("turbohtml", None, is_package=True)
    elsewhere.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: elsewhere)
    assert _tokens._extension() is None
    monkeypatch.undo()
    monkeypatch.setattr(_tokens, "_extension", lambda: None)
    assert _tokens._load().__name__ == "turbohtml"

    def fail() -> None:
        raise ImportError

    monkeypatch.setattr(_tokens, "_extension", fail)
    assert _tokens._load().__name__ == "turbohtml"


def test_core_is_what_a_known_container_holds() -> None:
    found = of("<div>导航</div><div class='TRS_Editor'><p>甲</p><p>乙</p></div><p>丙</p>")
    assert found.core is not None
    assert found.text[found.core.start : found.core.end] == "甲\n乙"
    assert of("<p>甲</p>").core is None
    assert of("<p>甲</p><div id='zoom'></div>").core is None
