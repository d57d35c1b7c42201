"""Site names in tags that differ over the site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from qa.finding import Level, Pass
from qa.site.columns import judged
from qa.site.model import Site, SiteConfig, SiteExample, SiteHit, site_rule
from rules._standards import INSPECTION
from rules.site._pages import SITE, article, page

_HOME = page('<p><a href="/a.html">一</a><a href="/b.html">二</a></p>')
_RIGHT = article("防汛会议", "2026-06-01")
_OTHER = article("防火会议", "2026-06-01").replace('content="某市人民政府"', 'content="某市政府"')


@site_rule(
    steady=True,
    title="网站名称标签不统一",
    level=Level.WARNING,
    passes=Pass.REVIEW3,
    basis=INSPECTION["页面标签"],
    score_item="META",
    bad=(
        SiteExample({"/": _HOME, "/a.html": _RIGHT, "/b.html": _OTHER}, (("某市政府", 1),)),
        SiteExample({"/": _HOME, "/a.html": _RIGHT}, (("某市人民政府", 2),), config=SiteConfig("", name="某市人民政府门户网站")),
        SiteExample(
            {
                "/": page('<a href="/jyj/">教育局</a><a href="/a.html">一</a><a href="/b.html">二</a><a href="/c.html">三</a>'),
                **{f"/{n}.html": _RIGHT for n in "abc"},
                "/jyj/": page('<a href="1.html">一</a><a href="2.html">二</a>', metas=SITE.replace("某市人民政府", "某市教育局")),
                **{f"/jyj/{n}.html": _OTHER.replace("某市政府", "某市教育局") for n in (1, 2)},
            },
            (("某市教育局", 3),),
        ),
    ),
    good=(
        SiteExample({"/": _HOME, "/a.html": _RIGHT}),
        SiteExample({"/": _HOME, "/a.html": _RIGHT, "/b.html": _OTHER.replace("3505820001", "3505820002")}),
        SiteExample({"/": page("<p>首页</p>", metas=SITE.replace("某市人民政府", ""))}),
    ),
)  # fmt: skip
def site_name(site: Site) -> Iterator[SiteHit]:
    """标签 SiteName 是检查系统认网站的依据，全站应当一致，并与备案名称相同。

    以配置为准；没有配置的，以全站用得最多的为准。标识码也不同的页面属于另一网站，不比较。
    一个文件夹里的网页都用同一个别的名称，多是部门子站，只作提示。
    """
    own = (site.config.code or _usual(site, "site_code")).lower()
    right = site.config.name or _usual(site, "site_name")
    found: dict[str, list[int]] = {}
    parts: dict[str, Counter[str]] = {}
    for url_id, url, name, code in site.rows(
        "SELECT url_id, url, site_name, site_code FROM live WHERE host = ? AND error_page = 0 AND site_name <> ''"
        " ORDER BY depth IS NULL, depth, url",
        (site.host,),
    ):
        parts.setdefault(_part(url), Counter())[name] += 1
        if name != right and judged(site, url) and (not code or not own or code.lower() == own):
            found.setdefault(name, []).append(url_id)
    for name, pages in found.items():
        meant = "配置的" if site.config.name else "全站多数页面的"
        message = f"{len(pages)}个页面的标签 SiteName 是“{name}”，与{meant}“{right}”不一致"
        place = next((part for part, names in parts.items() if part and names == {name: len(pages)}), "")
        subsite = len(pages) >= _SUBSITE and place
        if subsite:
            message += f"；都在 {place} 下，如是部门子站，请核对应当用哪个名称"
        yield SiteHit(
            pages,
            name,
            quote=name,
            message=message,
            suggestion="" if subsite else right,
            level=Level.NOTE if subsite else None,
        )


_SUBSITE = 3
"""Pages of a folder at least, all of one name, for a site of a department of its own."""


def _part(url: str) -> str:
    """First folder of an address, ``/jyj/``; empty for pages at the top."""
    head, slash, _ = urlsplit(url).path.lstrip("/").partition("/")
    return f"/{head}/" if slash else ""


def _usual(site: Site, column: str) -> str:
    """The most frequent value of a column of pages at the home page's host."""
    return (
        site.one(
            f"SELECT {column} FROM live WHERE host = ? AND {column} <> '' GROUP BY {column}"
            f" ORDER BY count(*) DESC, {column} LIMIT 1",
            (site.host,),
        )
        or ""
    )
