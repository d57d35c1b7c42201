"""Pages answered with 200 that say "no such page"."""

from __future__ import annotations

from collections.abc import Iterator

from qa.finding import Confidence, Level, Pass
from qa.site.model import Reply, Site, SiteExample, SiteHit, site_rule
from qa.site.soft import SOFT_404
from rules._standards import INSPECTION
from rules.site._links import MARKED, is_home, targets


@site_rule(
    steady=True,
    title="网页返回正常，实为出错页面",
    level=Level.ERROR,
    passes=Pass.PROOF3,
    basis=INSPECTION["可用性"],
    confidence=Confidence.MEDIUM,
    score_item="LINK-H",
    bad=(
        SiteExample(
            {
                "/": '<a href="/a/1.html">甲</a><a href="/a/2.html">乙</a>',
                "/a/1.html": "<title>某市政府</title><p>您要看的页面不见了，请返回首页。</p>",
                "/a/2.html": "<title>工作动态</title><p>正文</p>",
            },
            probes={"/a/": "<title>某市政府</title><p>您要看的页面不见了，请返回首页。</p>"},
            hits=(("https://www.example.gov.cn/a/1.html", 1),),
        ),
        SiteExample(
            {
                "/": '<a href="/a/1.html">甲</a>',
                "/a/1.html": Reply("<title>404 Not Found</title><h1>404</h1>"),
            },
            hits=(("https://www.example.gov.cn/a/1.html", 1),),
        ),
        SiteExample(
            {"/": '<a href="/P01.pdf">附件</a>', "/P01.pdf": Reply("<p>文件预览</p>")},
            hits=(("https://www.example.gov.cn/P01.pdf", 1),),
        ),
        SiteExample(
            {
                "/": '<a href="/a/1.html">甲</a>',
                "/a/1.html": Reply(status=302, to="/error.html"),
                "/error.html": "<p>出错</p>",
            },
            probes={"/a/": Reply(status=302, to="/error.html")},
            hits=(("https://www.example.gov.cn/a/1.html", 1),),
        ),
        SiteExample(
            {"/": "<p>首页</p>", "/a/1.html": "<title>页面不存在</title><p>页面不存在</p>"},
            hits=(("https://www.example.gov.cn/a/1.html", 1),),
        ),
    ),
    good=(
        SiteExample(
            {"/": '<a href="/a/1.html">甲</a>', "/a/1.html": Reply(status=302, to="/")},
            probes={"/a/": Reply(status=302, to="/")},
        ),
        SiteExample(
            {"/": '<a href="/a/1.html">甲</a>', "/a/1.html": "<title>工作动态</title><p>正文</p>"},
            probes={"/a/": "<title>某市政府</title><p>您要看的页面不见了，请返回首页。</p>"},
        ),
        SiteExample(
            {
                "/": '<title>某市</title><a href="/a">甲</a><a href="/b">乙</a><div id="app"></div>',
                "/a": '<title>某市</title><a href="/a">甲</a><a href="/b">乙</a><div id="app"></div>',
                "/b": '<title>某市</title><a href="/a">甲</a><a href="/b">乙</a><div id="app"></div>',
            },
            probes={"/": '<title>某市</title><a href="/a">甲</a><a href="/b">乙</a><div id="app"></div>'},
        ),
        SiteExample(
            {
                "/": '<a href="/a/1.html">甲</a><a href="/none.html">乙</a>',
                "/a/1.html": Reply(status=302, to="/b.html"),
                "/b.html": "<p>正文</p>",
            }
        ),
    ),
)
def soft_404(site: Site) -> Iterator[SiteHit]:
    """服务器对不存在的网址也答“正常”，读者看到的却是出错页面或者首页，等同于打不开。

    做法是在每个目录下访问一个随意编造的网址，看服务器怎样回答，再与该目录的网页比对；写明“页面不存在”
    的网页，以及打开是网页的附件链接，也算。对任何网址都返回同一页面的单页应用无法辨别，只在运行说明中写明；
    被转到首页的由“链接被转到网站首页”报告。
    """
    told = set()
    for target in targets(site, MARKED):
        told |= {target.url_id, target.end_id}
        what = "打开的不是文件，而是网页" if target.sort == "attachment" else "打开的是出错页面"
        if target.hops:
            if is_home(site.url(target.end_id)):
                continue
            what = f"被转到 {site.url(target.end_id)}，原网页已不存在"
        yield target.hit(f"{target.noun}实际已失效：{what}", suggestion="请改正或删除")
    rows = site.rows(
        "SELECT m.url_id, u.url, f.next_id FROM mark m JOIN url u ON u.id = m.url_id JOIN fetch f ON f.run_id = m.run_id"
        " AND f.url_id = m.url_id WHERE m.run_id = ? AND m.name = ? AND f.purpose = 'page' ORDER BY m.url_id",
        (site.run, SOFT_404),
    )
    for url_id, url, led in rows:
        if url_id not in told:
            what = "网页返回正常，内容却是出错页面" if led is None else "网页已不存在，访问时被转到别处"
            message = f"{what}；站内没有链接指向它，可能还在网站地图里"
            yield SiteHit([url_id], key=url, quote=url, message=message, target=url_id)
