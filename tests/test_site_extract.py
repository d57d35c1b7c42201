"""Links, anchors and title of a page."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.site.extract import EXCERPT, FOLLOWED, MAX_LINKS, MAX_TEXT, Extract, excerpt, extract

URL = "https://www.example.gov.cn/a/b.html"


def read(html: str) -> Extract:
    return extract(html, URL)


def told(html: str) -> list[tuple[str, str]]:
    """Kind and address of each link, the page's folder left out."""
    return [(link.kind, link.url.removeprefix("https://www.example.gov.cn/a/")) for link in read(html).links]


KINDS = [
    ("<a href=x>文</a>", "a"),
    ("<map><area href=x></map>", "area"),
    ("<img src=x>", "image"),
    ("<input type=image src=x>", "image"),
    ("<video src=x></video>", "media"),
    ("<video poster=x></video>", "image"),
    ("<audio src=x></audio>", "media"),
    ("<video><track src=x></video>", "media"),
    ("<video><source src=x></video>", "media"),
    ("<picture><source srcset='x 2x'></picture>", "image"),
    ("<embed src=x>", "object"),
    ("<object data=x></object>", "object"),
    ("<script src=x></script>", "script"),
    ("<iframe src=x></iframe>", "frame"),
    ("<form action=x></form>", "form"),
    ("<body background=x>", "image"),
    ("<table background=x></table>", "image"),
    ("<table><td background=x></table>", "image"),
    ("<meta http-equiv=Refresh content='5; URL=x'>", "refresh"),
    ("<link rel=stylesheet href=x>", "style"),
    ("<link rel='alternate STYLESHEET' href=x>", "style"),
    ("<link rel='shortcut icon' href=x>", "image"),
    ("<link rel=apple-touch-icon href=x>", "image"),
    ("<style>p{background:url(x)}</style>", "style"),
    ("<style>@import 'x';</style>", "style"),
    ("<p style='background:url(x)'>", "image"),
    ("<svg><a xlink:href=x>字</a></svg>", "a"),
]


@pytest.mark.parametrize(("html", "kind"), KINDS)
def test_kinds(html: str, kind: str) -> None:
    assert told(html) == [(kind, "x")]


@pytest.mark.parametrize(
    "html",
    [
        "<link rel=canonical href=x>",
        "<link rel=preload href=x>",
        "<link href=x>",
        "<meta name=description content='0; url=x'>",
        "<blockquote cite=x></blockquote>",
        "<a>无地址</a>",
        "<a href='javascript:void(0)'>x</a>",
        "<a href='mailto:a@example.com'>x</a>",
        "<!-- <a href=x>x</a> -->",
        "<textarea><a href=x>x</a></textarea>",
        "<template><p><a href='{{ url }}'>x</a></p></template>",
        "<template><a href=x>x</a></template>",
        "<svg><use href='#x'/></svg>",
    ],
)
def test_what_is_no_link(html: str) -> None:
    assert told(html) == []


def test_around_a_template() -> None:
    html = "<div id=footer><template><div id=zoom><a href=t>t</a><a href=u>u</a></div></template><a href=x>x</a></div>"
    (link,) = read(html).links
    assert (link.url[-1], link.place, link.hidden) == ("x", "chrome", False)


def test_what_is_followed() -> None:
    assert {kind for _, kind in KINDS} >= FOLLOWED
    assert "form" not in FOLLOWED


def test_frames() -> None:
    html = "<html><head><title>框架</title></head><frameset rows='*,*'><frame src=top.html><frame src=main.html></frameset>"
    assert told(html) == [("frame", "top.html"), ("frame", "main.html")]
    assert read(html).title == "框架"


def test_several_sources() -> None:
    html = "<img src=a.png srcset='b.png 1x, c.png 2x' alt=图>"
    assert told(html) == [("image", "a.png"), ("image", "b.png"), ("image", "c.png")]
    assert {link.text for link in read(html).links} == {"图"}


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("<base href='/x/'>", "https://www.example.gov.cn/x/y"),
        ("<base href='../z/'>", "https://www.example.gov.cn/z/y"),
        ("<base href='http://www.example.com/q/w.html'>", "http://www.example.com/q/y"),
        ("<base target=_blank><base href='/x/'>", "https://www.example.gov.cn/x/y"),
        ("<base href='/x/'><base href='/z/'>", "https://www.example.gov.cn/x/y"),
        ("<base target=_blank>", "https://www.example.gov.cn/a/y"),
        ("<base href='javascript:1'>", "https://www.example.gov.cn/a/y"),
        ("<base href=''>", "https://www.example.gov.cn/a/y"),
    ],
)
def test_base(base: str, url: str) -> None:
    assert [link.url for link in read(f"{base}<a href=y>x</a>").links] == [url]


def test_fragments_lines_and_rel() -> None:
    html = (
        "<p>\n<a href='#%E7%94%B2'>x</a>\n\n<a href=y#z rel='NoFollow external'>y</a></p>\n<img src=i rel=x>"
    )
    found = [(link.url, link.fragment, link.line, link.rel) for link in read(html).links]
    assert found == [
        (URL, "甲", 2, ""),
        ("https://www.example.gov.cn/a/y", "z", 4, "nofollow external"),
        ("https://www.example.gov.cn/a/i", "", 5, ""),
    ]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<a href=x>　关于\n <b>某事</b>的通知 </a>", "关于 某事的通知"),
        ("<a href=x>字<img alt=图></a>", "字"),
        ("<a href=x><span><img alt=图></span></a>", "图"),
        ("<a href=x title=题><img></a>", "题"),
        ("<a href=x title=题></a>", "题"),
        ("<a href=x></a>", ""),
        (f"<a href=x>{'长' * 300}</a>", "长" * MAX_TEXT),
        ("<img src=x alt=图>", "图"),
        ("<area href=x alt=区>", "区"),
        ("<img src=x title=题>", ""),
        ("<script src=x>var a</script>", ""),
    ],
)
def test_texts(html: str, text: str) -> None:
    assert [link.text for link in read(html).links] == [text]


@pytest.mark.parametrize(
    ("html", "place"),
    [
        ("<div><p>{}</p></div>", "main"),
        ("<nav><ul><li>{}</ul></nav>", "chrome"),
        ("<footer>{}</footer>", "chrome"),
        ("<div class='box footer'>{}</div>", "chrome"),
        ("<div id=footer><div>{}</div></div>", "chrome"),
        ("<div class='footer'><div class='TRS_Editor'>{}</div></div>", "main"),
        ("<div role=navigation>{}</div>", "chrome"),
        ("<footer><div id=zoom>{}</div></footer>", "main"),
        ("<div id=zoom><footer>{}</footer></div>", "main"),
        ("<main><nav>{}</nav></main>", "main"),
        ("<footer></footer>{}", "main"),
    ],
)
def test_places(html: str, place: str) -> None:
    assert [link.place for link in read(html.format("<a href=x>x</a><a href=y>y</a>")).links] == [place] * 2


@pytest.mark.parametrize(
    "hidden",
    [
        "<div hidden><p>{}</p></div>",
        "<DIV\nHIDDEN>{}</DIV>",
        "<div style='color:red;display : none'>{}</div>",
        "<div sTyLe = 'VISIBILITY:hidden'>{}</div>",
        "<div style='opacity:0'>{}</div>",
        "<div style='position:absolute;left:-9999px'>{}</div>",
        "<div style='text-indent: -999em'>{}</div>",
        "<div style='font-size:0'>{}</div>",
        "<div style='height:1px;overflow:hidden'>{}</div>",
        "<div style='display:none'><div style='display:block'>{}</div></div>",
    ],
)
def test_hidden(hidden: str) -> None:
    found = read(
        hidden.format("<a href=x>x</a>") + "<p style='color:red'><a href=y>y</a></p><a href=z>z</a>"
    ).links
    assert [link.hidden for link in found] == [True, False, False]


def test_hidden_styles_of_the_page_itself() -> None:
    html = "<style>p{background:url(x)}</style><div style='display:none'><style>p{background:url(y)}</style></div>"
    assert [link.hidden for link in read(html).links] == [False, True]


def test_hidden_by_itself() -> None:
    html = (
        "<a href=x hidden>x</a><a href=x style='display:none'>x</a><a href=x style='opacity:0.5'>x</a>"
        "<a href=x style='line-height:1;height:10px;left:-10px'>x</a>"
    )
    assert [link.hidden for link in read(html).links] == [True, True, False, False]


def test_anchors() -> None:
    html = (
        "<a name=n1></a><p id=i1></p><a id=x name=y></a><map name=no></map><p id=''></p><h2 id='第一条'></h2>"
    )
    assert read(html).anchors == ["i1", "x", "第一条", "n1", "y"]


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title> 通知\n公告 </title>", "通知 公告"),
        ("<svg><title>图标</title></svg><title>通知</title>", "通知"),
        ("<svg><title>图标</title></svg><p>没有标题</p>", ""),
        ("<p>没有标题</p>", ""),
        (f"<title>{'长' * 400}</title>", "长" * 300),
    ],
)
def test_title(html: str, title: str) -> None:
    assert read(html).title == title
    assert excerpt(html)[0] == title


def test_excerpt() -> None:
    assert excerpt("<title>题</title><body><script>var a</script><p>甲\n乙</p><p>丙</p></body>") == (
        "题",
        "甲 乙 丙",
    )
    assert len(excerpt("<p>" + "字" * 1000)[1]) == EXCERPT
    assert excerpt("") == ("", "")
    assert excerpt("<frameset><frame src=x></frameset>")[0] == ""


@pytest.mark.parametrize(
    "html", ["", " ", "\x00", "<", "<!--", "<a href=", "</", "<html></html>", "纯文字", "<![CDATA["]
)
def test_nothing_to_find(html: str) -> None:
    assert read(html) == Extract()


def test_broken_markup() -> None:
    assert told("<p><a href=x>甲<a href=y>乙</p></div><td><a href=z>丙") == [
        ("a", "x"),
        ("a", "y"),
        ("a", "z"),
    ]
    assert told("<a href='x&amp;y'>甲</a><a href='&#x2f;a/z'>乙</a>") == [("a", "x&y"), ("a", "z")]
    assert told("<a href='没有收尾>甲</a><p>文</p>") == []


@given(st.text(max_size=200), st.lists(st.sampled_from("<>/='\" \n"), max_size=30))
def test_nothing_ends_it(text: str, marks: list[str]) -> None:
    html = text
    for n, mark in enumerate(marks):
        html = html[: n * 7] + mark + html[n * 7 :]
    found = read(f"<template>{html}</template><a href=x>x</a>{html}")
    assert all(link.url.startswith("http") for link in found.links)


def test_very_many_links() -> None:
    found = read("".join(f"<a href='/p/{n}'>x</a>" for n in range(MAX_LINKS + 7)))
    assert (len(found.links), found.dropped) == (MAX_LINKS, 7)
    assert found.links[-1].url == f"https://www.example.gov.cn/p/{MAX_LINKS - 1}"
    found = read("<a href=x>x</a>" * 100_000)
    assert (len(found.links), found.dropped) == (MAX_LINKS, 80_000)
    assert read("<a href=x>x</a>" * MAX_LINKS).dropped == 0


def _deep(count: int) -> str:
    return f"{'<div>' * count}<a href=x>x</a>{'</div>' * count}"


def _deep_styled(count: int) -> str:
    return f"{'<div class=footer style=color:red>' * count}<a href=x>x</a>"


def _deep_links(count: int) -> str:
    return "<div><a href=x>x</a>" * (count // 10)


def _long(count: int) -> str:
    return ("<p>" + "某县人民政府。" * 20 + "<b>字</b><a href=x>x</a></p>") * (count // 3)


def _unclosed(count: int) -> str:
    return "<a href='x" * count


@pytest.mark.parametrize("make", [_deep, _deep_styled, _deep_links, _long, _unclosed])
def test_time_is_linear(make: Callable[[int], str]) -> None:
    def seconds(count: int) -> float:
        html = make(count)
        best = 9.0
        for _ in range(3):
            start = time.perf_counter()
            read(html)
            best = min(best, time.perf_counter() - start)
        return best

    # Ten times the page: well under the hundredfold of square time, with room for a busy machine.
    small, large = seconds(10_000), seconds(100_000)
    assert large < 40 * small + 0.1


def test_deep_nesting_is_read() -> None:
    (link,) = read(_deep_styled(100_000)).links
    assert (link.place, link.hidden) == ("chrome", False)
    (link,) = read(f"<div hidden>{_deep(100_000)}").links
    assert link.hidden
