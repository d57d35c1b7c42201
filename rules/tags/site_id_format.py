"""``SiteIDCode`` that is no site code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import INSPECTION
from rules.tags._tags import meta_hit, tags

_CODE = lazy(r"(?:\d{10}|bm\d{8})\Z", re.IGNORECASE | re.ASCII)


@rule(
    title="网站标识码格式不对",
    level=Level.WARNING,
    passes=Pass.REVIEW3,
    basis=INSPECTION["页面标签"],
    media=("html",),
    score_item="META-06",
    bad=(
        Bad('<meta name="SiteIDCode" content="⟦350582001⟧"><p>正文</p>'),
        Bad('<meta name="siteidcode" content="⟦310000000044⟧"><p>正文</p>'),
        Bad('<meta name="SiteIDCode" content="⟦闽ICP备05000001号⟧"><p>正文</p>'),
    ),
    good=(
        '<meta name="SiteIDCode" content="3505820001"><p>正文</p>',
        '<meta name="SiteIDCode" content="bm12000001"><p>正文</p>',
        '<meta name="SiteIDCode" content=""><p>正文</p>',
    ),
)
def site_id_format(document: Document) -> Iterator[Hit]:
    """网站标识码一般为 10 位数字，部委网站为 bm 加 8 位数字；位数不对，检查系统就对不上网站。"""
    for meta in tags(document).get("SiteIDCode", ())[:1]:
        code = meta.content.strip()
        if code and not _CODE.match(code):
            length = f"（现为 {len(code)} 位）" if code.isdecimal() else ""
            yield meta_hit(meta, f"网站标识码应为 10 位数字，部委为 bm 加 8 位数字{length}；请核对")
