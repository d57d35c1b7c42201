"""Links to pages of gambling, pornography and the like."""

from __future__ import annotations

from collections.abc import Iterator

from qa.finding import Confidence, Level, Pass
from qa.site.model import Site, SiteExample, SiteHit, site_rule
from rules._standards import INSPECTION
from rules.links._illicit import illicit, illicit_host
from rules.site._links import chosen
from rules.site._outside import outside


@site_rule(
    title="链接指向赌博、色情等网站",
    level=Level.VETO,
    passes=Pass.REVIEW2,
    basis=INSPECTION["单项否决·安全、泄密事故等严重问题"],
    confidence=Confidence.MEDIUM,
    score_item="VETO-SEC-3",
    bad=(
        SiteExample(
            {
                "/": '<a href="/a.html">甲</a>',
                "/a.html": '<a href="http://old.example.com/">某协会</a>',
                "http://old.example.com/": "<title>真人荷官 百家乐 注册送彩金</title><p>在线赌场</p>",
            },
            hits=(("http://old.example.com/", 1),),
        ),
        SiteExample(
            {
                "/": '<a href="http://www.bet365.example.com/">合作单位</a><a href="http://b.example.com/">某企业</a>',
                "http://b.example.com/": "<title>网站首页</title><p>时时彩 快三平台</p>",
            },
            hits=(("http://www.bet365.example.com/", 1), ("http://b.example.com/", 1)),
        ),
    ),
    good=(
        SiteExample(
            {
                "/": '<a href="http://b.example.com/">百家乐</a><a href="https://tiyu.example.gov.cn/">彩票</a>',
                "http://b.example.com/": "<title>真人荷官 百家乐</title>",
                "https://tiyu.example.gov.cn/": "<title>时时彩 快三平台</title>",
            },
        ),
        SiteExample(
            {
                "/": '<a href="https://www.example.com/1">某报</a><a href="https://www.example.com/2">某报</a>',
                "https://www.example.com/1": "<title>警方打击网络赌博</title><p>民警揭秘百家乐、老虎机骗局</p>",
                "https://www.example.com/2": "<title>某报</title><p>六合彩</p>",
            },
        ),
    ),
)
def bad_outlink(site: Site) -> Iterator[SiteHit]:
    """政府网站链接到赌博、色情、私服等网站，属于检查指标的单项否决情形，多因对方域名易主或被篡改。

    看的是对方网页的标题、开头文字和域名；标题或正文中有“打击”“警方”“防范”等字样的不算。请人工核实后立即删除。
    """
    found: dict[int, tuple[str, Level | None]] = {}
    for page in outside(site):
        part = illicit_host(page.host) or illicit_host(page.end_host)
        title = illicit(page.title)
        whole = illicit(f"{page.title} {page.excerpt}")
        if title is not None and whole is not None:
            found[page.url_id] = f"标题含“{title.word}”，疑似{title.topic}网站", None
        elif whole is not None and whole.words >= 2:
            found[page.url_id] = f"正文含“{whole.word}”等字样，疑似{whole.topic}网站", Level.ERROR
        elif part:
            found[page.url_id] = f"域名含“{part}”，疑似赌博、色情等网站", Level.ERROR
    for target in chosen(site, found):
        what, level = found[target.url_id]
        if illicit(target.text) is None:
            yield target.hit(f"{target.noun}指向的网页{what}，请核实并立即删除", level=level)
