"""So many columns that should be kept up but are not that the site fails (VETO-COL-2)."""

from __future__ import annotations

from collections.abc import Iterator

from qa.finding import Level, Pass
from qa.site.columns import columns
from qa.site.model import Column, Site, SiteConfig, SiteExample, SiteHit, site_rule
from rules._standards import INSPECTION
from rules.site._pages import listing, page

_HOST = "https://www.example.gov.cn/"
_PAGES = {
    "/": page("".join(f'<a href="/{n}/">栏目</a>' for n in range(10))),
    **{f"/{n}/": listing(f"便民信息{n}", ("a.html", "某镇便民服务信息", "2024-11-02")) for n in range(10)},
}
_CONFIG = SiteConfig("", columns=tuple(Column(f"{_HOST}{n}/", f"便民信息{n}", days=365) for n in range(10)))


@site_rule(
    title="应更新而长期未更新的栏目达到单项否决的数量",
    level=Level.VETO,
    passes=Pass.REVIEW3,
    basis=INSPECTION["栏目更新"],
    score_item="VETO-COL-2",
    bad=(SiteExample(_PAGES, (("10个栏目", 10),), config=_CONFIG),),
    good=(
        SiteExample(_PAGES),
        SiteExample(_PAGES, config=SiteConfig("", columns=_CONFIG.columns[1:])),
    ),
)
def many_long_stale_columns(site: Site) -> Iterator[SiteHit]:
    """应更新但长期未更新的栏目达到10个，属单项否决。

    哪些栏目应当更新、多久算长期，机器无从推断，因此只计配置里写明期限或类别的栏目。
    """
    limit = int(site.threshold("veto", "long_stale_columns"))
    found = [state for state in columns(site) if state.configured and state.stale(site.today)]
    if len(found) >= limit:
        names = "、".join(f"“{state.name}”" for state in found[:10])
        yield SiteHit(
            [state.page for state in found],
            "stale",
            quote=f"{len(found)}个栏目",
            message=f"{names}{'等' if len(found) > 10 else ''}共{len(found)}个栏目应更新而长期未更新，达到{limit}个即属单项否决",
        )
