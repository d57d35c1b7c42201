"""Site codes that differ over the site, or are none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.finding import Level, Pass
from qa.site.columns import judged
from qa.site.model import Site, SiteConfig, SiteExample, SiteHit, site_rule
from rules._standards import INSPECTION
from rules.site._pages import SITE, article, footer, page

_CODE = re.compile(r"\d{10}|bm\d{8}", re.IGNORECASE | re.ASCII)
_SOURCES = {"site_code": "标签 SiteIDCode", "footer_code": "页面底部的网站标识码"}
_HOME = page('<p><a href="/a.html">一</a></p>')
_A = "/a.html"
_FOOT = footer().replace("3505820001", "3505820002")
_ODD = {
    "/": page(
        "<p>首页</p>",
        metas=SITE.replace("3505820001", "350582"),
        foot=footer().replace("3505820001", "350582"),
    )
}


@site_rule(
    steady=True,
    title="网站标识码不统一或不合规",
    level=Level.ERROR,
    passes=Pass.REVIEW3,
    basis=INSPECTION["页面标签"],
    score_item="META-06",
    supersedes=("tags/site_id_format", "tags/site_id_mismatch"),
    bad=(
        SiteExample({"/": _HOME, _A: article("防汛会议", "2026-06-01", foot=_FOOT)}, (("3505820002", 1),)),
        SiteExample({"/": _HOME}, (("3505820001", 1), ("3505820001", 1)), config=SiteConfig("", code="3505820009")),
        SiteExample(_ODD, (("350582", 1),)),
    ),
    good=(
        SiteExample({"/": _HOME, _A: article("防汛会议", "2026-06-01")}),
        SiteExample({"/": _HOME}, config=SiteConfig("", code="3505820001")),
        SiteExample({"/": page("<p>首页</p>", foot=footer("site_code"))}),
        SiteExample({"/": page("<p>首页</p>", metas=SITE.replace("3505820001", "BM35058201"), foot=footer().replace("3505820001", "bm35058201"))}),
        SiteExample({"/": page("<p>首页</p>", metas="", foot=footer("site_code"))}),
    ),
)  # fmt: skip
def site_code(site: Site) -> Iterator[SiteHit]:
    """一个网站只有一个标识码，标签与页面底部应处处一致；一般为10位数字，部委为 bm 加8位数字。

    以配置为准；没有配置的，以全站用得最多的为准。只比较与首页同一域名的页面，标签或页脚没有写的另见缺少标签、缺少标识。
    """
    found: dict[tuple[str, str], list[int]] = {}
    counts: dict[str, int] = {}
    for url_id, url, *codes in site.rows(
        "SELECT url_id, url, site_code, footer_code FROM live WHERE host = ? AND error_page = 0"
        " AND (site_code <> '' OR footer_code <> '') ORDER BY depth IS NULL, depth, url",
        (site.host,),
    ):
        if not judged(site, url):
            continue
        for source, code in zip(_SOURCES, codes, strict=True):
            if code:
                counts[code.lower()] = counts.get(code.lower(), 0) + 1
                found.setdefault((source, code.lower()), []).append(url_id)
    told = site.config.code.lower()
    right = told or max(counts, key=lambda code: (counts[code], code), default="")
    for (source, code), pages in found.items():
        if code != right:
            meant = "配置的" if told else "全站多数页面的"
            yield SiteHit(
                pages,
                f"{source} {code}",
                quote=code,
                message=f"{len(pages)}个页面{_SOURCES[source]}是“{code}”，与{meant}“{right}”不一致",
                suggestion=right,
            )
    if right and not told and not _CODE.fullmatch(right):
        everywhere = [page for (_, code), pages in found.items() if code == right for page in pages]
        yield SiteHit(
            list(dict.fromkeys(everywhere)),
            f"format {right}",
            quote=right,
            message=f"网站标识码“{right}”不是10位数字，也不是 bm 加8位数字，请核对",
            level=Level.WARNING,
        )
