"""``SiteIDCode`` beside the code shown in the footer."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import INSPECTION
from rules.tags._tags import meta_hit, shown_code, tags


@rule(
    title="标签与页面底部的网站标识码不一致",
    level=Level.ERROR,
    passes=Pass.REVIEW3,
    basis=INSPECTION["页面标签"],
    media=("html",),
    needs=("网站标识码",),
    score_item="META-06",
    bad=(
        Bad('<meta name="SiteIDCode" content="⟦3505820001⟧"><footer>网站标识码：3505820002</footer>'),
        Bad('<meta name="SiteIDCode" content="⟦bm12000001⟧"><p>网站标识码 <span>bm12000002</span></p>'),
    ),
    good=(
        '<meta name="SiteIDCode" content="3505820001"><footer>网站标识码：3505820001</footer>',
        '<meta name="SiteIDCode" content="BM12000001"><footer>网站标识码：bm12000001</footer>',
        '<meta name="SiteIDCode" content="3505820001"><footer>网站标识码见首页</footer>',
        "<footer>网站标识码：3505820001</footer>",
        '<meta name="SiteIDCode" content="3505820001"><footer>底部</footer>',
    ),
)
def site_id_mismatch(document: Document) -> Iterator[Hit]:
    """同一网站只有一个标识码，标签与底部不一致，必有一处是错的，多为套用别的网站模板所致。"""
    shown = shown_code(document)
    for meta in tags(document).get("SiteIDCode", ())[:1]:
        code = meta.content.strip()
        if shown and code and code.lower() != shown.lower():
            yield meta_hit(meta, f"标签里的网站标识码是 {code}，页面底部是 {shown}，两者应当一致")
