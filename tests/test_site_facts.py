"""What a page says of itself: kind, dates, breadcrumbs, footer, number; and the columns of a site."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.readers import read
from qa.site import crumbs, dates, footer
from qa.site.columns import ColumnState, columns, later_page, type_of
from qa.site.facts import MARKS, PageFacts, main_text, read_facts
from qa.site.model import Column, Site, SiteConfig, SiteExample
from qa.site.sample import build
from qa.source import Source

PAGES = Path(__file__).parent / "pages"
HOST = "https://www.example.gov.cn"
ARTICLE_TAGS = '<meta name="ArticleTitle" content="通知"><meta name="PubDate" content="2026-03-01 09:30">'
COLUMN_TAGS = '<meta name="ColumnName" content="通知公告"><meta name="ColumnType" content="通知公告">'


def document(html: str):
    return read(Source("a", html, "html"))


def facts(html: str, path: str = "/tzgg/a.html") -> PageFacts:
    return read_facts(document(html), HOST + path)


def page(body: str, tags: str = "", foot: str = "") -> str:
    return f"<html><head><title>某市</title>{tags}</head><body>{body}{foot}</body></html>"


def entries(count: int, day: str = "2026-03-{:02}") -> str:
    return "".join(
        f"<li><a href='{n}.html'>关于第{n}号事项的通知</a><span>{day.format(n + 1)}</span></li>"
        for n in range(count)
    )


@pytest.mark.parametrize(
    ("name", "kind", "items", "latest", "published"),
    [
        ("article_clean.html", "article", 0, None, "2025-04-10T09:30"),
        ("article_pasted.html", "article", 0, None, "2025-04-10T09:30"),
        ("column_clean.html", "column", 15, "2025-04-15", None),
        ("annual_report.html", "article", 0, None, "2025-01-24T09:30"),
        ("home.html", "other", 4, None, None),
        ("fragment.html", "other", 0, None, None),
    ],
)
def test_own_samples(name: str, kind: str, items: int, latest: str | None, published: str | None) -> None:
    found = facts((PAGES / name).read_text(encoding="utf-8"))
    assert (found.kind, found.items, found.latest, found.published) == (kind, items, latest, published)


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        (page("<h1>通知</h1><p>正文</p>", ARTICLE_TAGS), "article"),
        (page("<p>正文</p>", '<meta name="PubDate" content="2026-03-01">'), "article"),
        (page(entries(6), COLUMN_TAGS), "column"),
        (page(entries(6), COLUMN_TAGS + '<meta name="PubDate" content="2026-03-01">'), "column"),
        (page(entries(6), COLUMN_TAGS + '<meta name="ArticleTitle" content="通知公告">'), "column"),
        (page("<p>正文</p>", COLUMN_TAGS + '<meta name="ArticleTitle" content="">'), "column"),
        (page("<h1>通知</h1><p>发布时间：2026-03-01</p>", COLUMN_TAGS), "article"),
        (page("<div>当前位置：<a href='/'>首页</a> &gt; 正文</div><p>某事</p>", COLUMN_TAGS), "article"),
        (page("<div>当前位置：<a href='/'>首页</a> &gt; 正文</div><p>某事</p>"), "article"),
        (page(entries(6)), "column"),
        (page(entries(4)), "other"),
        (page("<h1>通知</h1><p>发布日期：2026年3月1日</p>"), "article"),
        (page("<h1>404</h1><p>您访问的页面不存在</p>", ARTICLE_TAGS), "other"),
        (page("<p>关于我们</p>"), "other"),
    ],
)
def test_kind(html: str, kind: str) -> None:
    assert facts(html).kind == kind


def test_kind_by_address_needs_a_known_container() -> None:
    words = "市住房和城乡建设局按照工作部署，大力支持营商环境提升行动。" * 4
    path = "/tzgg/202603/t20260301_1.html"
    assert facts(page(f"<div class='TRS_Editor'><p>{words}</p></div>"), path).kind == "article"
    assert facts(page(f"<div><p>{words}</p></div>"), path).kind == "other"
    assert facts(page(f"<div class='TRS_Editor'><p>{words}</p></div>"), "/tzgg/202603/1.html").kind == "other"


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/xw/2026/03/01/1.html", "2026-03-01"),
        ("/xw/202603/t20260301_123.html", "2026-03-01"),
        ("/art/2026/3/1/art_1_2.html", "2026-03-01"),
        ("/xw/2026-03/01/content_1.htm", "2026-03-01"),
        ("/xw/20260301/1.html", "2026-03-01"),
        ("/content/2026/0301/1.html", "2026-03-01"),
        ("/xw/202603/1.html", "2026-03"),
        ("/xw/2026/3/1.html", "2026-03"),
        ("/xw/2026/33/1.html", None),
        ("/xw/20261399/1.html", None),
        ("/xw/20260230/1.html", None),
        ("/xw/1.html?d=/2026/03/01/", None),
        ("/2019nb/a.html", None),
        ("/xw/a.html", None),
    ],
)
def test_date_in_the_address(path: str, found: str | None) -> None:
    assert dates.in_address(HOST + path) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-03-01 09:30", "2026-03-01T09:30"),
        ("2026年3月1日", "2026-03-01"),
        ("2026/3/1 9:05:11", "2026-03-01T09:05"),
        ("2026-03-01 29:30", "2026-03-01"),
        ("2026-02-30", None),
        ("昨天", None),
        ("", None),
    ],
)
def test_date_of_a_tag(text: str, found: str | None) -> None:
    assert dates.parse(text) == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<h1>通知</h1><p>发布时间：2026-03-01 09:30　来源：某局</p>", "2026-03-01T09:30"),
        ("<h1>通知</h1><p>时间：2026-03-01 09:30 来源：某局</p>", "2026-03-01T09:30"),
        ("<h1>通知</h1><p>时间：2026-03-01</p>", "2026-03-01"),
        ("<h1>通知</h1><div>日期：2026-03-01</div><div>浏览：3次</div>", "2026-03-01"),
        ("<h1>通知</h1><p>2026年3月1日 09:30</p>", "2026-03-01T09:30"),
        ("<h1>通知</h1><p>2026-03-01 来源：某局</p>", "2026-03-01"),
        ("<h1>通知</h1><table><tr><td>发布日期</td><td>2026-03-01</td></tr></table>", "2026-03-01"),
        ("<h1>通知</h1><p>【发布时间】2026-03-01</p>", "2026-03-01"),
        ("<h1>通知</h1><p>更新时间：2026-03-01</p><p>发布时间：2026-03-02</p>", "2026-03-02"),
        ("<h1>通知</h1><p>更新时间：2026-03-01</p>", "2026-03-01"),
        ("<h1>通知</h1><p>报名时间：2026-03-01</p>", None),
        ("<p>某事</p><p>某事</p><p>某事</p><p>某事</p><p>时间：2026-03-01</p>", None),
        ("<p>定于2026年3月1日召开会议。</p>", None),
        (f"<p>时间：2026-03-01 来源{'某' * 200}</p>", None),
        ("<p>成文日期：2026-03-01</p>", None),
        ("<p>发布时间：2026-02-30</p>", None),
        ("<p>编号12026-03-01</p>", None),
        ("".join(f"<p>发布时间：2026-03-0{n}</p>" for n in range(1, 5)), None),
        ("".join(f"<p>2026-03-01 甲{n}</p>" for n in range(14)) + "<p>2026-03-01 来源：某局</p>", None),
    ],
)
def test_publication_date(body: str, found: str | None) -> None:
    html = document(page(body))
    assert dates.published(html, dates.find(html)) == found


def test_where_the_publication_date_comes_from() -> None:
    tagged = facts(page("<h1>通知</h1><p>发布时间：2026-03-02</p>", ARTICLE_TAGS))
    assert (tagged.published, tagged.published_from) == ("2026-03-01T09:30", "meta")
    text = facts(
        page("<h1>通知</h1><p>发布时间：2026-03-02</p>", ARTICLE_TAGS.replace("2026-03-01 09:30", "昨天"))
    )
    assert (text.published, text.published_from) == ("2026-03-02", "text")
    none = facts(page("<h1>通知</h1>", ARTICLE_TAGS.replace("2026-03-01 09:30", "")))
    assert (none.published, none.published_from) == (None, "")


@pytest.mark.parametrize(
    ("body", "dated", "latest"),
    [
        (entries(3), 3, "2026-03-03"),
        (entries(3, "[2026/3/{}]"), 3, "2026-03-03"),
        (entries(3, "2026年3月{}日"), 3, "2026-03-03"),
        ("<li><a href='a'>关于第一号事项的通知<span>2026-03-01</span></a></li>", 1, "2026-03-01"),
        ("<li><a href='a'>2026-03-01</a></li>", 0, None),
        ("<li><span>2026-03-01</span><a href='a'>关于第一号事项的通知</a></li>", 1, "2026-03-01"),
        ("<table><tr><td><a href='a'>关于第一号事项的通知</a></td><td>2026-03-01</td></tr></table>", 1, "2026-03-01"),
        ("<div><h4><a href='a'>关于第一号事项的通知</a></h4><p>摘要</p><p>2026-03-01</p></div>", 1, "2026-03-01"),
        ("<p>某局根据<a href='a'>关于第一号事项的通知</a>于2026-03-01在市政府会议室召开了会议，传达了有关要求。</p>", 0, None),
        ("<p>2026-03-01</p>", 0, None),
        ("<div class='nav'><a href='a'>关于第一号事项的通知</a>2026-03-01</div>", 0, None),
        ("".join(f"<div><p>0{n}</p><p>2026-03</p><a href='{n}'>关于第一号事项的通知</a></div>" for n in range(1, 4)), 3, "2026-03-03"),
        ("".join(f"<div><p>2026.03</p><p>0{n}</p><a href='{n}'>关于第一号事项的通知</a></div>" for n in range(1, 4)), 3, "2026-03-03"),
        ("<div><p>31</p><p>2026-02</p><a href='n'>关于第一号事项的通知</a></div>", 0, None),
        ("<p>截至2026年3月</p><p>2026年3月</p><p>甲</p><a href='n'>关于第一号事项的通知</a>", 0, None),
        ("<p>31</p><div class='nav'>2026-03</div><a href='n'>关于第一号事项的通知</a>", 0, None),
    ],
)  # fmt: skip
def test_entries(body: str, dated: int, latest: str | None) -> None:
    html = document(page(body))
    assert dates.entries(html, dates.find(html)) == (dated, latest)


def test_entries_without_dates_are_counted_by_links() -> None:
    html = document(page("<li><a href='a'>关于第一号事项的通知</a></li><li><a href='b'>首页栏目</a></li>"
                         "<li><a href='c'>甲乙丙丁</a></li><li><a href='d'>关于第二号事项的通知</a></li>"))  # fmt: skip
    assert dates.entries(html, dates.find(html)) == (0, None)
    assert dates.links(html) == 2


def test_dates_are_bounded() -> None:
    html = document("<p>2026-03-01</p>" * (dates.MAX_DATES + 10))
    assert len(dates.find(html)) == dates.MAX_DATES


@pytest.mark.parametrize(
    ("body", "trail", "text"),
    [
        ("<div>当前位置：<a href='/'>首页</a> &gt; <a href='/gk/'>政务公开</a> &gt; 通知公告</div>", ["首页", "政务公开", "通知公告"], False),
        ("<!-- 当前位置 --><p>您现在的位置：<a href='/'>首页</a>＞<a href='/gk/'>政务公开</a>＞正文</p>", ["首页", "政务公开"], True),
        ("<div><span>您的位置:</span><ul><li><a href='/'>首页</a></li><li>通知公告</li></ul></div>", ["首页", "通知公告"], False),
        ("<ul class='breadcrumb'><li><a href='/'>首页</a></li><li>通知公告</li></ul>", ["首页", "通知公告"], False),
        ("<style>.crumb{color:red}</style><p>crumb</p>", [], False),
        ("<div class='crumb'>首页</div>", [], False),
        ("<p>地理位置优越，目前位置</p>", [], False),
        ("<div>当前位置：" + "<a href='/'>甲</a> &gt; " * 20 + "</div>", [], False),
        ("<div>当前位置：" + "长" * 200 + "</div>", [], False),
        ("<p>当前位置", [], False),
        ("<p>某地位置</p>" * 20, [], False),
        ("<p>crumb</p>" * 20, [], False),
    ],
)  # fmt: skip
def test_breadcrumbs(body: str, trail: list[str], text: bool) -> None:
    assert crumbs.read(document(page(body))) == (trail, text)


FULL = {
    "party_mark": "<a href='https://bszs.conac.cn/sitename?id=1'><img src='/a.png'></a>",
    "site_code": "<p>网站标识码：3505820001</p>",
    "icp": "<p>闽ICP备12345678号-1</p>",
    "police": "<p>闽公网安备 35058202000001号</p>",
    "sponsor": "<p>主办：某市人民政府办公室</p>",
    "contact": "<p>邮箱：a@example.com</p>",
}


@pytest.mark.parametrize("missing", ["", *MARKS])
def test_each_mark_has_its_bit(missing: str) -> None:
    foot = "".join(html for name, html in FULL.items() if name != missing)
    found = facts(page("<p>正文</p>", foot=f"<div class='footer'>{foot}</div>"))
    held = {name for bit, name in enumerate(MARKS) if found.marks >> bit & 1}
    assert held == set(MARKS) - {missing}
    assert found.footer_code == (None if missing == "site_code" else "3505820001")


@pytest.mark.parametrize(
    ("foot", "bit"),
    [
        (
            "<script>document.write(unescape(\"%3Cscript src='//dcs.conac.cn/js/1.js'%3E\"))</script>",
            footer.PARTY_MARK,
        ),
        ("<img src='/images/red.png'>", footer.PARTY_MARK),
        ("<img src='/a.png' alt='党政机关'>", footer.PARTY_MARK),
        ("<a href='https://beian.miit.gov.cn/'><img src='/b.png'></a>", footer.ICP),
        ("<a href='http://www.beian.gov.cn/portal/1'><img src='/b.png'></a>", footer.POLICE),
        ("<a href='https://beian.mps.gov.cn/'><img src='/b.png'></a>", footer.POLICE),
        ("<p>0595-00000000</p>", footer.CONTACT),
        ("<p>网站标识码</p>", footer.SITE_CODE),
        ("<!-- conac.cn --><p>版权所有</p>", 0),
        ("<!-- conac.cn --><p>版权所有 conac.cn</p>", footer.PARTY_MARK),
        ("<script src='/js/footer.js'></script>", footer.UNKNOWN),
        ("<iframe src='/inc/bottom.html'></iframe>", footer.UNKNOWN),
        ("<script>$('#f').load('/inc/foot.html')</script>", footer.UNKNOWN),
    ],
)
def test_marks_in_other_shapes(foot: str, bit: int) -> None:
    assert facts(page("<p>正文</p>", foot=foot)).marks == bit


def test_a_footer_in_another_language_is_not_judged() -> None:
    head = "<html><head><title>City</title></head><body><p>News</p>"
    assert facts(f"{head}<div class='footer'>ICP 05000001</div></body></html>").marks == footer.ICP
    assert facts(f"{head}<div class='footer'>All rights reserved</div></body></html>").marks == footer.UNKNOWN
    assert facts("<html><head></head><body></body></html>").marks == footer.FRAGMENT


def test_footer_is_not_the_article() -> None:
    body = "<div class='TRS_Editor'><p>联系电话：0595-00000000。主办单位：某局。</p></div>"
    foot = "<div class='footer'>版权所有 某市人民政府</div>"
    assert facts(page(body, foot=foot)).marks == 0
    assert facts(page(body, foot=foot + "<p>返回顶部</p>")).marks == 0
    far = "<p>某事。</p>" * 400
    assert facts(page(body + far, foot="<p>版权所有</p>")).marks == 0
    wide = "".join(f"<a href='{n}'>某某网站名称第{n}个</a>" for n in range(400))
    assert (
        facts(page(body, foot=f"<div class='footer'><p>{wide}</p><p>主办单位：某局</p></div>")).marks
        == footer.SPONSOR
    )
    assert facts("<p>片段</p>").marks == footer.FRAGMENT


@pytest.mark.parametrize(
    ("foot", "found"),
    [
        ("<script id='_jiucuo_' src='https://zfwzgl.www.gov.cn/exposure/jiucuo.js'></script>", 1),
        ("<a href='https://pucha.kaipuyun.cn/exposure/jiucuo.html'><img src='/a.png'></a>", 1),
        ("<img src='/images/jiucuo.png'>", 1),
        ("<a href='/jc/'>我要纠错</a>", 1),
        ("<!-- zfwzgl.www.gov.cn --><p>版权所有</p>", 0),
        ("<p>版权所有</p>", 0),
    ],
)
def test_error_entry(foot: str, found: int) -> None:
    assert facts(page("<p>正文</p>", foot=f"<div class='footer'>{foot}</div>")).error_entry == found


@pytest.mark.parametrize(
    ("body", "number", "signed"),
    [
        ("<table><tr><td>发文字号</td><td>某政办〔2026〕5号</td><td>成文日期</td><td>2026-02-28</td></tr></table><h1>通知</h1>", "某政办〔2026〕5号", "2026-02-28"),
        ("<h1>通知</h1><p>某政办〔2026〕5号</p><div class='TRS_Editor'><p>正文</p><p>某市政府</p><p>2026年2月28日</p><p>（此件公开）</p></div>", "某政办〔2026〕5号", "2026-02-28"),
        ("<h1>通知</h1><p>某政办〔2026〕5号</p><div class='TRS_Editor'><p>正文</p></div>", "某政办〔2026〕5号", None),
        ("<h1>通知</h1><p>某政办〔2026〕5号</p>", "某政办〔2026〕5号", None),
        ("<h1>通知</h1><p>根据某政办〔2025〕5号文件要求，现通知如下。</p>", None, None),
        ("<p>字号：大 中 小</p><p>某政办〔2025〕5号</p>", None, None),
        ("<h1>通知</h1><p>正文</p>", None, None),
    ],
)  # fmt: skip
def test_number_of_the_document_itself(body: str, number: str | None, signed: str | None) -> None:
    found = facts(page(body, ARTICLE_TAGS))
    assert (found.doc_number, found.doc_date) == (number, signed)


@pytest.mark.parametrize(
    ("html", "error"),
    [
        ("<title>404 Not Found</title><p>nginx</p>", 1),
        ("<title>某市</title><p>您访问的页面不存在或已被删除！</p>", 1),
        ("<title>某市</title><h1>出错了</h1>", 1),
        ("<title>页面找不到了</title>", 1),
        ("<title>某市404号令</title><p>正文</p>", 0),
        ("<title>找不到网页怎么办</title><p>" + "正文。" * 150 + "</p>", 0),
        ("<title>某市</title><p>正文</p>", 0),
    ],
)
def test_error_pages(html: str, error: int) -> None:
    assert facts(html).error_page == error


@pytest.mark.parametrize(
    ("body", "items", "latest"),
    [
        ("<script type='text/xml'><datastore><record><![CDATA[2026-03-01]]></record><record>2026-02-30 2026-03-09</record></datastore></script>", 2, "2026-03-09"),
        ("<script>$.ajax('/list')</script>", -1, None),
        ("<script src='/js/vue.min.js'></script>", -1, None),
        ("<script>location='/a/'</script>", -1, None),
        ("<script>$.ajax('/list')</script><p>暂无内容</p>", 0, None),
        ("<p>空</p>", 0, None),
    ],
)  # fmt: skip
def test_lists_told_by_scripts(body: str, items: int, latest: str | None) -> None:
    found = facts(page(body, COLUMN_TAGS))
    assert (found.items, found.latest) == (items, latest)


def test_prompt_and_texts() -> None:
    found = facts(page("<p>甲</p><script>confirm('您访问的链接即将离开')</script>"))
    assert found.prompt == 1
    assert facts(page("<p>甲</p>")).prompt == 0
    one, two = (facts(page(f"<div id='zoom'><p>正文{blank}内容</p></div>")) for blank in ("", " "))
    assert one.text_hash == two.text_hash != ""
    assert one.chars == 4
    assert facts(page("")).text_hash == ""
    json.dumps({name: value for name, value in one.row().items() if name != "sketch"})


def test_main_text_without_a_container_is_reckoned() -> None:
    words = "市住房和城乡建设局按照工作部署，大力支持营商环境提升行动，加大宣传力度，取得成效。"
    side = "".join(f"<li><a href='{n}'>关于做好第{n}号有关事项的通知</a></li>" for n in range(12))
    made = document(
        page(
            f"<div class='nr'><p>{words}</p><p>图一</p><p>{words}</p></div><div class='bar'><ul>{side}</ul></div>"
        )
    )
    assert "".join(main_text(made).split()) == f"{words}图一{words}"
    assert facts(page(side, COLUMN_TAGS)).text_hash == ""


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<a href='x'>", "</a>", "当前位置：", "2026-03-01", "发布时间：", "2026年", "3月1日", "<!--", "-->",
             "<div class='footer'>", "</div>", "网站标识码：", "conac.cn", "jiucuo", "<h1>", "文号：某政〔2026〕5号", " &gt; ", "crumb",
             "<td>", "<record>", "<meta name='PubDate' content='2026-13-01'>", "<div id='zoom'>", "\x00", "\ud800", "<title>404"]
        ),
        max_size=40,
    )
)  # fmt: skip
def test_never_raises(parts: list[str]) -> None:
    found = facts("".join(parts), "/202603/t20260301_1.html")
    assert found.kind in ("article", "column", "other")


@pytest.mark.parametrize(
    "unit",
    [
        "<li><a href='a.html'>关于某事项的通知</a><span>2026-03-01</span></li>",
        "<a href=x>关于某事项</a>2026-03-01 ",
        "<!-- jiucuo conac.cn 当前位置 -->",
        "crumb weizhi <div class='crumb'>",
        "<p>load include get ",
        "2026-03\n<br>12<br>",
        "<p>文 号：</p>发布时间：",
        "当前位置<",
    ],
)
def test_grows_in_step_with_the_page(unit: str) -> None:
    def seconds(count: int) -> float:
        made = document(f"<html><body>{unit * count}号</body></html>")
        start = time.process_time()
        read_facts(made, HOST)
        return time.process_time() - start

    count = 60_000 // len(unit)
    assert seconds(count * 8) < 24 * max(seconds(count), 0.004)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("通知公告", "notice"),
        ("公示", "notice"),
        ("某某市动态", "news"),
        ("工作动态", "news"),
        ("政务要闻", "news"),
        ("政策文件", "policy"),
        ("政策解读", "interpretation"),
        ("留言公开", "message"),
        ("2019年通知", ""),
        ("历史通知", ""),
        ("新闻发布会", ""),
        ("人事动态", ""),
        ("机构职能", ""),
        ("", ""),
    ],
)
def test_type_of_a_column(name: str, kind: str) -> None:
    assert type_of(name) == kind


@pytest.mark.parametrize(
    ("url", "later"),
    [
        ("/tzgg/index_2.html", True),
        ("/tzgg/list.jsp?page=2&id=1", True),
        ("/tzgg/list.jsp?page=1", False),
        ("/tzgg/index.html", False),
        ("/tzgg/", False),
    ],
)
def test_later_pages_of_a_list(url: str, later: bool) -> None:
    assert later_page(HOST + url) is later


def site(pages: dict[str, str], config: SiteConfig | None = None) -> Site:
    return build(SiteExample({"/": page("<p>首页</p>"), **pages}, config=config))


def column(name: str, body: str) -> str:
    return page(body, f'<meta name="ColumnName" content="{name}"><meta name="ColumnType" content="{name}">')


def test_columns_are_put_together_from_their_pages() -> None:
    made = site(
        {
            "/tzgg/": column("通知公告", entries(6)),
            "/tzgg/index_2.html": column("通知公告", entries(6, "2025-03-{:02}")),
            "/l.jsp?id=1": column("工作动态", entries(6, "2026-06-{:02}")),
            "/l.jsp?id=2": column("政策文件", entries(6, "2026-05-{:02}")),
            "/l.jsp?id=3": page(entries(6)).replace("<title>某市</title>", ""),
            "/kb/index_3.html": column("通知", entries(6)),
            "/gs/": column("公示", entries(6, "2027-05-{:02}")),
        }
    )
    found = [(state.name, state.type, state.days, state.newest, state.told) for state in columns(made)]
    assert found == [
        ("公示", "notice", 183, None, True),
        ("工作动态", "news", 14, "2026-06-06", True),
        ("政策文件", "policy", 183, "2026-05-06", True),
        ("通知公告", "notice", 183, "2026-03-06", True),
    ]
    assert columns(made) is columns(made)


def test_told_columns_outweigh_guesses() -> None:
    told = (
        Column(f"{HOST}/tzgg/", "便民", "news"),
        Column(f"{HOST}/wu/", "没有页面"),
        Column(f"{HOST}/gk/", days=5),
    )
    article = page(
        "<h1>通知</h1><p>发布时间：2026-06-20</p>", ARTICLE_TAGS.replace("2026-03-01", "2026-06-20")
    )
    made = site(
        {"/tzgg/": column("通知公告", entries(6)), "/gk/a.html": article},
        SiteConfig("", columns=told),
    )
    found = {state.name: state for state in columns(made)}
    assert found["便民"].type == "news"
    assert found["便民"].days == 14
    assert found["便民"].stale(made.today)
    assert "没有页面" not in found
    assert (found[""].newest, found[""].days) == ("2026-06-20", 5)
    assert found[""].idle(made.today) == 10


def test_a_column_nothing_is_known_of_is_not_stale() -> None:
    assert not ColumnState(1, HOST, days=14).stale(date(2026, 6, 30))
    assert not ColumnState(1, HOST, newest="2020-01-01").stale(date(2026, 6, 30))
