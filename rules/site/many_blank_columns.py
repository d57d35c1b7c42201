"""So many blank columns that the site fails (VETO-COL-3)."""

from __future__ import annotations

from collections.abc import Iterator

from qa.finding import Confidence, Level, Pass
from qa.site.columns import columns
from qa.site.model import Site, SiteConfig, SiteExample, SiteHit, site_rule
from rules._standards import INSPECTION
from rules.site._pages import listing, page

_PAGES = {
    "/": page("".join(f'<a href="/{n}/">栏目</a>' for n in range(5))),
    **{f"/{n}/": listing(f"信息公开{n}") for n in range(5)},
}


@site_rule(
    title="空白栏目达到单项否决的数量",
    level=Level.VETO,
    passes=Pass.REVIEW3,
    basis=INSPECTION["空白栏目"],
    score_item="VETO-COL-3",
    confidence=Confidence.MEDIUM,
    bad=(SiteExample(_PAGES, (("5个栏目", 5),)),),
    good=(
        SiteExample({key: value for key, value in _PAGES.items() if key != "/4/"}),
        SiteExample(_PAGES, config=SiteConfig("", thresholds={"veto": {"blank_columns": 6}})),
    ),
)
def many_blank_columns(site: Site) -> Iterator[SiteHit]:
    """空白栏目达到5个，属单项否决。逐个的情况见“栏目空白”。"""
    limit = int(site.threshold("veto", "blank_columns"))
    found = [state for state in columns(site) if state.blank]
    if len(found) >= limit:
        names = "、".join(f"“{state.name}”" for state in found[:10])
        yield SiteHit(
            [state.page for state in found],
            "blank",
            quote=f"{len(found)}个栏目",
            message=f"{names}{'等' if len(found) > 10 else ''}共{len(found)}个栏目没有任何内容，达到{limit}个即属单项否决",
        )
