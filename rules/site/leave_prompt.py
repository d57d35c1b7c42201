"""Links to sites outside government without the prompt that one is leaving."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import tomli

from qa.finding import Confidence, Level, Pass
from qa.site.model import Site, SiteExample, SiteHit, site_rule
from rules._standards import GUIDELINES
from rules.site._pages import page

_OUT = '<p><a href="https://www.example.com/">某报</a></p>'


@cache
def _official() -> tuple[str, ...]:
    return tuple(tomli.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["official"])


@site_rule(
    steady=True,
    title="链接政府网站以外的网站没有离站提示",
    level=Level.NOTE,
    passes=Pass.REVIEW3,
    basis=GUIDELINES["离站提示"],
    confidence=Confidence.LOW,
    bad=(
        SiteExample(
            {
                "/": page(_OUT + '<a href="/a.html">一</a>'),
                "/a.html": page(_OUT),
                "https://www.example.com/": "某报",
            },
            (("www.example.com", 2),),
        ),
    ),
    good=(
        SiteExample(
            {
                "/": page(
                    _OUT + "<script>confirm('您访问的链接即将离开“某市人民政府”门户网站 是否继续？')</script>"
                )
            }
        ),
        SiteExample(
            {"/": page('<p><a href="https://www.gov.cn/">中国政府网</a><a href="/a.html">一</a></p>')}
        ),
        SiteExample({"/": page('<p><a href="http://bszs.conac.cn/">标识</a></p>')}),
    ),
)
def leave_prompt(site: Site) -> Iterator[SiteHit]:
    """政府网站链接其他网站，通行做法是提示“您访问的链接即将离开……是否继续”。

    全站网页里都找不到提示的写法才报，一站一处；提示写在外部脚本里的看不到，所以只作提示。
    """
    if site.one("SELECT 1 FROM live WHERE prompt = 1 LIMIT 1"):
        return
    outside = [
        host
        for (host,) in site.rows(
            "SELECT DISTINCT u.host FROM visit v JOIN url u ON u.id = v.url_id ORDER BY u.host"
        )
        if not site.internal(host) and not f".{host.partition(':')[0]}".endswith(_official())
    ]
    site.db.execute(
        "CREATE TEMP TABLE IF NOT EXISTS outside (host TEXT PRIMARY KEY, pages INTEGER) WITHOUT ROWID"
    )
    site.db.execute("DELETE FROM temp.outside")
    site.db.executemany("INSERT INTO temp.outside (host) VALUES (?)", ((host,) for host in outside))
    pages = [
        page
        for (page,) in site.rows(
            "SELECT DISTINCT c.page_id FROM carried c JOIN url u ON u.id = c.target_id"
            " JOIN temp.outside o ON o.host = u.host WHERE c.kind IN ('a', 'area') AND c.hidden = 0"
            " ORDER BY c.page_id <> ?, c.page_id",
            (site.home,),
        )
    ]
    if not pages:
        return
    first = site.one(
        "SELECT u.host FROM carried c JOIN url u ON u.id = c.target_id JOIN temp.outside o ON o.host = u.host"
        " WHERE c.page_id = ? AND c.kind IN ('a', 'area') AND c.hidden = 0 ORDER BY c.n LIMIT 1",
        (pages[0],),
    )
    yield SiteHit(
        pages,
        "site",
        quote=first,
        message=f"{len(pages)}个页面链接了政府网站以外的网站（如 {first}），网页里没有找到离站提示",
        suggestion="点击站外链接时提示“您访问的链接即将离开‘××’门户网站，是否继续？”",
    )
