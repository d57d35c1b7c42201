"""Marks every page owes in its footer."""

from __future__ import annotations

from collections.abc import Iterator

from qa.finding import Confidence, Level, Pass
from qa.site.footer import MARKS, UNKNOWN
from qa.site.model import Site, SiteConfig, SiteExample, SiteHit, site_rule
from rules._standards import INSPECTION
from rules.site._pages import article, footer, page, pages

NAMES = {
    "party_mark": "党政机关网站标识",
    "site_code": "网站标识码",
    "icp": "ICP备案编号",
    "police": "公安机关备案标识",
    "sponsor": "主办单位",
    "contact": "联系方式",
}
_HOME = page('<p><a href="/a.html">一</a></p>')
_A = "/a.html"


@site_rule(
    steady=True,
    title="页面底部缺少规定的标识",
    level=Level.ERROR,
    passes=Pass.REVIEW3,
    basis=INSPECTION["网站标识"],
    score_item="FOOT",
    bad=(
        SiteExample({"/": _HOME, _A: article("防汛会议", "2026-06-01", foot=footer("icp"))}, (("ICP备案编号", 1),)),
        SiteExample(
            {"/": page('<a href="/a.html">一</a>', foot=footer("police", "contact")),
             _A: article("防汛会议", "2026-06-01", foot=footer("police"))},
            (("公安机关备案标识", 2), ("联系方式", 1)),
        ),
        SiteExample(
            {"/": _HOME, _A: article("防汛会议", "2026-06-01", foot="<p>版权所有</p>")},
            tuple((name, 1) for name in NAMES.values()),
        ),
        SiteExample(
            {"/": _HOME, _A: article("防汛会议", "2026-06-01", foot=f"<!-- {footer()} -->")},
            tuple((name, 1) for name in NAMES.values()),
        ),
    ),
    good=(
        SiteExample({"/": _HOME, _A: article("防汛会议", "2026-06-01")}),
        SiteExample({"/": _HOME, _A: article("防汛会议", "2026-06-01", foot='<script src="/js/footer.js"></script>')}),
        SiteExample({"/": _HOME, _A: article("防汛会议", "2026-06-01", foot="<script>$('#f').load('/inc/bottom.html')</script>")}),
        SiteExample({"/": page('<iframe src="/a.html"></iframe>'), _A: page("<p>天气</p>", foot="<p></p>")}),
        SiteExample({"/": _HOME, _A: "<p>片段</p>"}),
        SiteExample(
            {"/": _HOME, _A: article("防汛会议", "2026-06-01", foot=footer("police"))},
            config=SiteConfig("", thresholds={"footer": {"marks": [name for name in NAMES if name != "police"]}}),
        ),
    ),
)  # fmt: skip
def footer_mark(site: Site) -> Iterator[SiteHit]:
    """全站页面底部应列明党政机关网站标识、网站标识码、ICP备案编号、公安机关备案标识、主办单位、联系方式，每缺一项扣分。

    一项标识一处问题，列出缺少它的全部页面；页脚由脚本或框架载入的看不到，不报。
    标识只做成图片、又没有文字说明的，可能认不出，因此图标类的两项把握降为中。
    """
    wanted = [name for name in MARKS if name in site.threshold("footer", "marks")]
    missing: dict[str, list[int]] = {name: [] for name in wanted}
    total = 0
    for url_id, _, (marks,) in pages(site, "marks", f"NOT marks & {UNKNOWN}"):
        total += 1
        for name in wanted:
            if not marks >> MARKS.index(name) & 1:
                missing[name].append(url_id)
    for name, found in missing.items():
        if not found:
            continue
        everywhere = len(found) == total
        share = f"全部{total}个页面" if everywhere else f"{total}个页面中有{len(found)}个"
        home = "，包括首页" if site.home in found and not everywhere else ""
        yield SiteHit(
            found,
            name,
            quote=NAMES[name],
            message=f"{share}的底部没有{NAMES[name]}{home}",
            suggestion=f"在页面底部的公用模板中加上{NAMES[name]}",
            chrome=everywhere,
            confidence=Confidence.MEDIUM if name in ("party_mark", "police") else None,
        )
