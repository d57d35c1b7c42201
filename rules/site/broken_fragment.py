"""Links to places that a page does not have."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from qa.finding import Confidence, Level, Pass
from qa.site.model import Reply, Site, SiteExample, SiteHit, site_rule
from rules._standards import WEB_STANDARD
from rules.site._links import ANSWERED, MARKED, targets


@site_rule(
    steady=True,
    title="链接指向的网页内没有该位置",
    level=Level.WARNING,
    passes=Pass.PROOF3,
    basis=WEB_STANDARD["片段标识符"],
    confidence=Confidence.MEDIUM,
    score_item="LINK-H",
    bad=(
        SiteExample(
            {
                "/": '<a href="/a.html#fj2">附件2</a><a href="/a.html#fj1">附件1</a><a href="/a.html#FJ1">附件1</a>',
                "/a.html": '<h2 id="fj1">附件1</h2><a href="/#x">首页</a>',
            },
            hits=(
                ("https://www.example.gov.cn/#x", 1),
                ("https://www.example.gov.cn/a.html#FJ1", 1),
                ("https://www.example.gov.cn/a.html#fj2", 1),
            ),
        ),
    ),
    good=(
        SiteExample(
            {
                "/": '<a href="/a.html#附件">附件</a><a href="/a.html#/tab/1">一</a><a href="/a.html#!x">二</a>'
                '<a href="/a.html#top">顶部</a><a href="/a.html#:~:text=x">三</a><a href="/a.html#page=2">四</a>'
                '<a href="#none">五</a><a href="/b.pdf#p2">六</a><a href="/c.html#x">七</a>',
                "/a.html": '<h2 id="%E9%99%84%E4%BB%B6">附件</h2>',
                "/b.pdf": Reply("x", media="application/pdf"),
            }
        ),
    ),
)
def broken_fragment(site: Site) -> Iterator[SiteHit]:
    """链接带“#名称”，目标网页里却没有这个名称的位置，点击后只会停在页首，读者找不到要看的内容。

    本页内的跳转由“页内链接找不到落点”报告；由脚本接手的写法（#/、#!、#a=b）不报。
    """
    anchors: frozenset[str] = frozenset()
    known = None
    for target in targets(site, _ON_PAGES, fragments=True):
        name = target.fragment
        if name.lower() == "top" or not _SCRIPTED.isdisjoint(name) or ":~:" in name:
            continue
        if target.content_id != known:
            known = target.content_id
            anchors = _anchors(site, known)
        if name not in anchors:
            yield target.hit(f"{target.noun}指向网页内的“{name}”，该网页没有这个位置")


_SCRIPTED = frozenset("/!=&?")
_ON_PAGES = " AND ".join(
    (
        ANSWERED,
        f"NOT {MARKED}",
        "c.url_id <> r.url_id",
        "EXISTS (SELECT 1 FROM content e WHERE e.id = r.content_id AND e.page = 1)",
    )
)


def _anchors(site: Site, content: int | None) -> frozenset[str]:
    names = str(site.one("SELECT anchors FROM content WHERE id = ?", (content,)) or "").split("\n")
    return frozenset((*names, *(unquote(name) for name in names if "%" in name)))
