"""Links of a site: soft 404s, what dead means, hidden links; beyond the examples of the rules themselves."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping

import pytest

import rules
from crawler import links as part_one
from qa.engine import Engine
from qa.readers import read
from qa.rule import Settings
from qa.site.model import Reply, Site, SiteConfig, SiteExample
from qa.site.sample import build, hits
from qa.site.soft import mark_soft_404, says_gone
from qa.source import Source
from rules.links._dark import Hidden, hides, outside_host, regions
from rules.links._illicit import illicit, illicit_host, known_host, official_host
from rules.site import _links

HOME = "https://www.example.gov.cn"
SHELL = '<title>某市</title><script src="/app.js"></script><div id="app"></div>'
ODD = "<title>某市政府</title><p>您要看的内容走丢了，请返回首页或联系管理员。</p>"


def marked(
    pages: Mapping[str, str | Reply], probes: Mapping[str, str | Reply], **options: object
) -> list[str]:
    site = build(SiteExample(pages, probes=probes, **options))  # type: ignore[arg-type]
    return [
        url.removeprefix(HOME)
        for (url,) in site.rows("SELECT url FROM mark m JOIN url u ON u.id = m.url_id ORDER BY url")
    ]


def notices(pages: Mapping[str, str | Reply], probes: Mapping[str, str | Reply]) -> list[str]:
    site = build(SiteExample(pages, probes=probes))
    found: list[str] = json.loads(site.one("SELECT notices FROM run WHERE id = ?", (site.run,)))
    return found


def menu(*paths: str) -> str:
    return "<title>首页</title>" + "".join(f'<a href="{path}">{path}</a>' for path in paths)


# -- soft 404 -----------------------------------------------------------------


def test_honest_folders_are_believed() -> None:
    pages = {"/": menu("/a/1.html"), "/a/1.html": ODD}
    assert marked(pages, {}) == []
    assert marked(pages, {"/a/": Reply(status=404)}) == []
    assert marked(pages, {"/a/": ODD}) == ["/a/1.html"]


def test_the_nearest_folder_above_counts() -> None:
    pages = {"/": menu("/a/b/c/1.html", "/x/2.html"), "/a/b/c/1.html": ODD, "/x/2.html": ODD}
    assert marked(pages, {"/a/": ODD, "/x/": Reply(status=404), "/": ODD}) == ["/a/b/c/1.html"]


def test_the_address_asked_for_may_be_repeated() -> None:
    def echo(path: str) -> str:
        return f"<title>{path} - 某市政府</title><p>{path}</p><p>编号 8d7f60e1，请联系管理员。</p>"

    pages = {
        "/": menu("/a/12.html", "/a/1234567.html", "/a/3.html"),
        "/a/12.html": echo("/a/12.html"),
        "/a/1234567.html": echo("/a/1234567.html"),
        "/a/3.html": "<title>/a/3.html - 某市政府</title><p>正文</p>",
    }
    probes = {"/a/": echo("/a/shenjiao-probe.html")}
    assert marked(pages, probes) == ["/a/12.html", "/a/1234567.html"]


def test_long_answers_are_compared_by_sketch() -> None:
    words = "".join(
        f"{a}{b}栏目调整后，原有内容并入{b}{a}栏，" for a in "甲乙丙丁戊己庚辛" for b in "子丑寅卯辰巳午未"
    )
    page = "<title>提示</title><div class='TRS_Editor'><p>{}</p><p>" + words + "</p></div>"
    pages = {
        "/": menu("/a/1.html", "/a/2.html", "/a/3.html"),
        "/a/1.html": page.format("现在是 8 时 15 分 32 秒"),
        "/a/2.html": page.format("现在是 8 时 15 分 33 秒").replace("<title>提示", "<title>工作动态"),
        "/a/3.html": f"<title>提示</title><div class='TRS_Editor'><p>{'某市召开会议，部署下半年工作，要求各单位抓好落实。' * 9}</p></div>",
    }
    assert marked(pages, {"/a/": page.format("现在是 9 时 20 分 10 秒")}) == ["/a/1.html"]


def test_equal_texts_in_other_bodies() -> None:
    page = "<title>提示</title><!-- {} --><p>尊敬的读者，您好。由于栏目调整，部分内容已经合并到新的栏目，请从首页进入各栏目查找，谢谢。</p>"
    pages = {"/": menu("/a/1.html"), "/a/1.html": page.format("甲")}
    assert marked(pages, {"/a/": page.format("乙丙")}) == ["/a/1.html"]


def test_checked_links_are_compared_by_their_first_words() -> None:
    pages = {
        "/": '<img src="/a/1.html"><img src="/a/2.html">',
        "/a/1.html": ODD + "1",
        "/a/2.html": "<p>二</p>",
    }
    assert marked(pages, {"/a/": ODD + "2"}) == ["/a/1.html"]


def test_a_single_page_application_is_left_alone_and_told_of() -> None:
    pages = {
        "/": SHELL + menu("/a", "/b/c"),
        "/a": SHELL + menu("/a", "/b/c"),
        "/b/c": SHELL + menu("/a", "/b/c"),
    }
    probes = {"/": SHELL + menu("/a", "/b/c"), "/b/": SHELL + menu("/a", "/b/c")}
    assert marked(pages, probes) == []
    assert notices(pages, probes) == [
        f"{HOME}/、{HOME}/b/ 下无论什么网址都返回同一个页面（多为单页应用），无法识别其中“状态正常、实为出错”的网页"
    ]


def test_many_such_folders_are_told_of_in_one_remark() -> None:
    pages = {"/": "<p>首页</p>" + menu(*(f"/{n}/" for n in range(5)))} | {f"/{n}/": SHELL for n in range(5)}
    (remark,) = notices(pages, {f"/{n}/": SHELL for n in range(5)})
    assert remark.startswith(f"{HOME}/0/、{HOME}/1/、{HOME}/2/ 等 5 个文件夹下无论什么网址")


def test_a_part_of_the_site_may_be_such_an_application() -> None:
    pages = {
        "/": menu("/app/", "/app/x", "/news/1.html"),
        "/app/": SHELL,
        "/app/x": SHELL,
        "/news/1.html": "<title>动态</title><p>正文</p>",
    }
    assert marked(pages, {"/app/": SHELL}) == []
    assert notices(pages, {"/app/": SHELL}) != []
    gone = {**pages, "/app/": ODD, "/app/x": ODD}
    assert marked(gone, {"/app/": ODD, "/": ODD}) == ["/app/", "/app/x"]


def test_columns_shown_for_missing_articles_stay_unmarked_themselves() -> None:
    listing = "<title>动态</title><ul><li>列表</li></ul>"
    articles = {f"/a/{n}.html": f"<title>文章{n}甲</title><p>正文{n}</p>" for n in "一二三四五六七八九"}
    pages = {"/": menu("/a/", "/a/gone.html", *articles), "/a/": listing, "/a/gone.html": listing, **articles}
    assert marked(pages, {"/a/": listing}) == ["/a/gone.html"]


def test_home_page_is_exempt() -> None:
    assert marked({"/": "<title>404 Not Found</title>"}, {"/": "<title>404 Not Found</title>"}) == []
    assert marked({"/": Reply(status=302, to="/cn/"), "/cn/": ODD}, {"/cn/": ODD, "/": ODD}) == []


def test_redirects_of_missing_pages_teach_where_missing_pages_lead() -> None:
    pages = {
        "/": menu("/a/1.html", "/a/2.html", "/index.html", "/b/1.html", "/c/1.html"),
        "/a/1.html": Reply(status=302, to="/error.html"),
        "/a/2.html": Reply(status=302, to="/a/3.html"),
        "/a/3.html": "<p>正文</p>",
        "/index.html": Reply(status=301, to="/"),
        "/b/1.html": Reply(status=302, to="/login"),
        "/c/1.html": Reply(status=301, to="/c/9.html"),
        "/c/9.html": Reply(status=404),
        "/login": "<p>请登录</p>",
        "/error.html": "<p>出错</p>",
    }
    probes = {
        "/": Reply(status=302, to="/"),
        "/a/": Reply(status=302, to="/error.html"),
        "/b/": Reply(status=302, to="/login"),
        "/c/": Reply(status=302, to="/c/9.html"),
    }
    assert marked(pages, probes) == ["/a/1.html"]


def test_a_probe_led_to_its_own_address_elsewhere_is_compared_there() -> None:
    pages = {
        "/": menu("https://www.example.gov.cn/a/1.html", "/b/2.html"),
        "/a/1.html": ODD,
        "/b/2.html": ODD,
        "/b/shenjiao-probe.html": ODD,
    }
    assert "/b/2.html" in marked(pages, {"/a/": Reply(status=301, to="/b/shenjiao-probe.html")})
    assert "/a/1.html" in marked(pages, {"/a/": Reply(status=301, to="/b/shenjiao-probe.html")})


def test_redirect_loops_of_probes_teach_nothing() -> None:
    pages = {"/": menu("/a/1.html", "/x"), "/a/1.html": ODD, "/x": Reply(status=302, to="/x")}
    assert marked(pages, {"/a/": Reply(status=302, to="/x")}) == []


def test_attachments_answered_with_pages() -> None:
    pages = {
        "/": '<a href="/a.PDF">甲</a><a href="/b.jpg">乙</a><a href="https://www.example.com/c.pdf">丙</a><a href="/d.pdf">丁</a>',
        "/a.PDF": "<p>预览</p>",
        "/b.jpg": "<p>x</p>",
        "https://www.example.com/c.pdf": "<title>人机验证</title>",
        "/d.pdf": Reply("x", media="application/pdf"),
    }
    assert marked(pages, {}) == ["/a.PDF", "/b.jpg"]


@pytest.mark.parametrize(
    "title",
    [
        "404 Not Found",
        "404",
        "HTTP 404",
        "页面不存在",
        "您访问的页面不存在",
        "Page not found",
        "找不到网页",
        "某市政府-404页面",
    ],
)
def test_titles_of_error_pages(title: str) -> None:
    assert says_gone(title)


@pytest.mark.parametrize(
    "title",
    [
        "",
        "关于第404次列车的通知",
        "某市404个项目集中开工",
        "网页设计招标公告",
        "对“查无此人”页面不存在问题的整改情况报告及下一步工作打算",
    ],
)
def test_titles_of_articles(title: str) -> None:
    assert not says_gone(title)


def test_marking_again_changes_nothing() -> None:
    site = build(SiteExample({"/": SHELL, "/a": SHELL}, probes={"/": SHELL}))
    before = site.one("SELECT notices FROM run")
    assert mark_soft_404(site.db, site.run) == 0
    assert site.one("SELECT notices FROM run") == before != "[]"


def test_a_run_that_never_saw_its_home_page_is_no_trouble() -> None:
    site = build(SiteExample({"/": menu("/a", "/b"), "/a": ODD, "/b": ODD}, probes={"/": ODD}))
    site.db.execute("UPDATE run SET home = 'https://other.example.gov.cn/'")
    assert mark_soft_404(site.db, site.run) == 2


# -- links over a site --------------------------------------------------------


def test_dead_means_what_it_means_in_the_check_of_one_page() -> None:
    assert {str(kind) for kind in part_one._DEAD} == _links.DEAD
    assert part_one._DEAD_STATUS == _links.DEAD_STATUS
    assert {str(kind) for kind in part_one._OFFLINE} == _links.OFFLINE


def test_pages_are_told_home_first_then_by_depth_and_chrome_is_known() -> None:
    nav = '<nav><a href="/gone">走失</a></nav>'
    pages = {
        "/": menu("/z.html") + nav,
        "/z.html": menu("/a.html") + nav,
        "/a.html": '<div class="TRS_Editor"><a href="/gone">正文里</a></div>',
    }
    site = build(SiteExample(pages))
    (hit,) = rules.load_one_site("site/dead_link").check(site)
    assert [site.url(page).removeprefix(HOME) for page in hit.pages] == ["/", "/z.html", "/a.html"]
    assert hit.chrome
    assert hit.target is not None
    assert site.url(hit.target) == hit.key == f"{HOME}/gone"


def test_links_of_last_run_and_of_soft_404s_are_not_this_runs() -> None:
    before = {"/": menu("/old.html", "/a.html"), "/a.html": "<p>甲</p>"}
    now = {"/": menu("/a.html"), "/a.html": "<title>404 Not Found</title>" + menu("/b.html")}
    from datetime import date

    example = SiteExample(now, before=(date(2026, 6, 29), before))
    assert hits(rules.load_one_site("site/dead_link"), example) == []


def test_resolved_agrees_with_resolve() -> None:
    site = build(
        SiteExample(
            {
                "/": menu("/a", "/l1", "/t0"),
                "/a": Reply(status=301, to="/b"),
                "/b": Reply(status=302, to="/c"),
                "/c": "<p>丙</p>",
                "/l1": Reply(status=302, to="/l2"),
                "/l2": Reply(status=302, to="/l1"),
                **{f"/t{n}": Reply(status=308, to=f"/t{n + 1}") for n in range(12)},
            }
        )
    )
    rows = list(site.rows(f"SELECT * FROM {site.resolved}"))
    assert len(rows) == 19
    for url_id, *facts in rows:
        end = site.resolve(url_id)
        assert facts == [
            end.url_id, end.status, end.failure, end.message, end.hops, end.permanent, end.content_id
        ]  # fmt: skip
    again = Site(site.db, site.run, SiteConfig(f"{HOME}/"))
    assert again.one(f"SELECT count(*) FROM {again.resolved}") == 19


def test_several_hosts_lost_at_once_are_this_machines_own_trouble() -> None:
    outside = {f"https://{name}.example.com/": Reply(status=0, failure="dns") for name in "abc"}
    page = {"/": menu(*outside)}
    dead, unsure = (rules.load_one_site(f"site/{name}") for name in ("dead_link", "unsure_link"))
    assert hits(dead, SiteExample({**page, **outside})) == []
    assert len(hits(unsure, SiteExample({**page, **outside}))) == 3
    outside["https://c.example.com/"] = Reply("<p>丙</p>")
    assert len(hits(dead, SiteExample({**page, **outside}))) == 2


def test_private_addresses() -> None:
    unsure = rules.load_one_site("site/unsure_link")
    refused = Reply(status=0, failure="private")
    pages = {
        "/": menu("http://10.0.0.8:8080/", "http://oa/", "http://inside.example.com/"),
        "http://10.0.0.8:8080/": refused,
        "http://oa/": refused,
        "http://inside.example.com/": refused,
    }
    assert [hit.quote for hit in hits(unsure, SiteExample(pages))] == ["http://inside.example.com/"]


def test_long_link_texts_are_cut() -> None:
    pages = {"/": f'<a href="/gone">{"很长的标题" * 12}</a>'}
    (hit,) = hits(rules.load_one_site("site/dead_link"), SiteExample(pages))
    assert hit.message == f"链接“{('很长的标题' * 12)[:29]}…”打不开：找不到该网页（404）"


def test_small_moves_are_notes() -> None:
    from qa.finding import Level

    pages = {
        "/": menu("http://www.example.com/a", "/b", "/c"),
        "http://www.example.com/a": Reply(status=301, to="https://www.example.com/a/"),
        "https://www.example.com/a/": "<p>甲</p>",
        "/b": Reply(status=301, to="/b/index.html"),
        "/b/index.html": "<p>乙</p>",
        "/c": Reply(status=308, to="/d"),
        "/d": "<p>丁</p>",
    }
    found = hits(rules.load_one_site("site/moved"), SiteExample(pages))
    assert {hit.quote.rpartition("/")[2]: hit.level for hit in found} == {
        "a": Level.NOTE,
        "b": Level.NOTE,
        "c": None,
    }
    assert {hit.suggestion for hit in found} >= {f"{HOME}/d"}


# -- dark links ---------------------------------------------------------------


def findings(
    html: str, *, url: str | None = f"{HOME}/a.html", domains: tuple[str, ...] = ()
) -> list[tuple[str, str]]:
    dark = [one for one in rules.load() if one.id.partition("/")[2] in _DARK]
    outcome = Engine(dark, Settings(domains=domains)).check(read(Source("a", html, "html", url=url)))
    assert not outcome.unchecked
    return [(finding.rule.removeprefix("links/"), finding.level.key) for finding in outcome.findings]


_DARK = {"dark_link", "illicit_link", "tampered_title", "commented_links", "injected_script"}


def test_own_sites_are_not_outside() -> None:
    hidden = '<div style="left:-9999px"><a href="http://m.example.com/">手机版</a></div>'
    assert findings(hidden, url=None) == [("dark_link", "warning")]
    assert findings(hidden, url="http://www.example.com/") == []
    assert findings(hidden, url=None, domains=("example.com",)) == []


def test_weak_words_count_in_hidden_places_alone() -> None:
    assert findings('<a href="http://a.example.com/">激情</a>') == []
    assert findings('<div style="display:none"><a href="http://a.example.com/">激情</a></div>') == [
        ("dark_link", "error")
    ]


def test_what_only_looks_hidden() -> None:
    link = '<a href="http://a.example.com/">某网</a>'
    assert findings(f'<marquee height="120">{link}</marquee>') == []
    assert findings('<p style="left:-999px"><a href="http://a.example.com/"') == []
    assert findings('<p style="left:-999px"><a href="http://a.example.com/">') == [("dark_link", "warning")]
    assert findings("<script") == []


def test_a_hacked_page_does_not_flood_the_report() -> None:
    many = '<a href="http://a.example.com/">百家乐</a>' * 300
    assert len(findings(f'<div style="display:none">{many}</div>')) == 50
    assert len(findings(f"<p>{many}</p>")) == 50
    assert len(findings(f"<!-- {many} -->")) == 20
    assert len(findings(f"<script>document.write('{many}')</script>")) == 20


def test_hidden_links_of_every_sort_are_told_once() -> None:
    assert findings('<p hidden><a href="http://a.example.com/">百家乐</a></p>') == [("dark_link", "veto")]
    assert findings(
        '<p><span style="DISPLAY:NONE"><a href=\'HTTP://a.example.com/\' title="x">百家乐</a></span></p>'
    ) == [("dark_link", "veto")]
    assert findings('<p STYLE = "opacity:0"><a href="http://a.example.com/"></a></p>') == [
        ("dark_link", "note")
    ]


@pytest.mark.parametrize(
    ("style", "how"),
    [
        ("color:red", None),
        ("color:#fff;background:#000", None),
        ("height:1px", None),
        ("height:0;overflow:hidden", ""),
        ("margin-left:-20px", None),
        ("text-indent:-9999px", "移到了屏幕之外"),
        ("font-size:12px", None),
        ("font-size:10%", None),
        ("background-color:#FFF;color:#fff", "文字与背景同色"),
        ("width:1px;height:1px;overflow:hidden", "放在看不见的小框里"),
    ],
)
def test_styles(style: str, how: str | None) -> None:
    assert hides(style) == how


def test_regions_close_where_their_elements_do() -> None:
    text = '<div style="display:none">a<div>b</div>c</div>d<p style="display:none">e<i style="display:none">f</i>'
    first, second = regions(text)
    assert text[first.start : first.end] == '<div style="display:none">a<div>b</div>c</div'
    assert second.end == len(text)
    assert regions('style="display:none"') == []
    assert regions('< style="display:none"') == []
    assert regions('<x-y style="display:none">' + "." * 5000)[0].end < 2100


def test_hidden_reference_is_named() -> None:
    assert Hidden._fields == ("reference", "host", "text", "how", "widget")
    assert outside_host("//User@A.example.com:80/x") == "a.example.com"
    assert outside_host("/x") == ""


def test_words_and_hosts() -> None:
    found = illicit("ＢＥＴ３６５ 官网")
    assert found is not None
    assert (found.word, found.topic) == ("bet365", "赌博")
    assert illicit("百 家 乐") is not None
    assert illicit("警方破获百家乐赌博案") is None
    assert illicit("彩票") is None
    assert illicit("彩票", suspect=True) is not None
    assert illicit_host("www.bet365.example.com") == "bet365"
    assert illicit_host("bet365.example.gov.cn") == ""
    assert official_host("example.gov.cn:8080")
    assert official_host("gov.cn")
    assert known_host("v.qq.com")
    assert not known_host("notqq.com")


def test_clean_scripts_are_clean() -> None:
    assert (
        findings(
            '<script>var _hmt = [];(function(){var hm=document.createElement("script");hm.src="https://hm.baidu.com/hm.js?1";})();</script>'
        )
        == []
    )
    assert findings("<script>if(document.referrer.indexOf('baidu')>0){count()}</script>") == []
    assert (
        findings(f"<script>{'x=1;' * 6000}if(document.referrer.indexOf('baidu')>0)location.href='/'</script>")
        == []
    )
    assert findings("<script>document.write('x')</SCRIPT><SCRIPT>y=eval('z1234567')</SCRIPT>") == []
    assert (
        findings(
            '<script>document.write(\'<iframe src="http://a.example.com/" width="600"></iframe><iframe></iframe>\')'
        )
        == []
    )


@pytest.mark.parametrize(
    "html",
    [
        '<div style="display:none">' * 8000 + '<a href="http://a.example.com/">某网</a>',
        "".join(f'<x{n} style="left:-999px">' for n in range(7000))
        + '<a href="http://a.example.com/">某网</a>' * 99,
        '<a href="http://a.example.com/">某网</a>' + 'style="' * 30_000,
        "<!--" + '<a href="' * 25_000 + "-->",
        "<script>" + "unescape('aaaaaaaa\"" * 12_000,
        "<script>" + 'document.write("<a href=http://a.example.com/' * 5000,
        "<script>document.write(1)</script>" * 6000,
        "<script>fromCharCode(" + "1," * 100_000 + "</script>",
        "<script>fromCharCode(" + ",".join(["1114112"] * 5000) + ")</script>",
    ],
)
def test_hostile_pages_take_linear_time(html: str) -> None:
    started = time.process_time()
    findings(html)
    assert time.process_time() - started < 3


def test_what_looks_like_a_hiding_tag_and_is_none() -> None:
    html = "<1 style='display:none'>甲<p style='display:none'>乙</p>"
    assert [region.start for region in regions(html)] == [html.index("<p")]
