"""``SiteDomain`` that is no domain, or not that of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import INSPECTION
from rules.links._classify import inside
from rules.tags._tags import host_of, meta_hit, tags

_DOMAIN = lazy(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?\Z")


@rule(
    title="网站域名标签写法不对",
    level=Level.WARNING,
    passes=Pass.REVIEW3,
    basis=INSPECTION["页面标签"],
    media=("html",),
    score_item="META",
    bad=(
        Bad(
            '<meta name="SiteDomain" content="⟦http://www.example.com/⟧"><p>正文</p>',
            '<meta name="SiteDomain" content="www.example.com"><p>正文</p>',
        ),
        Bad('<meta name="SiteDomain" content="⟦某市人民政府⟧"><p>正文</p>'),
    ),
    good=(
        '<meta name="SiteDomain" content="www.example.com"><p>正文</p>',
        '<meta name="SiteDomain" content="www.某市.政务"><p>正文</p>',
        '<meta name="SiteDomain" content=""><p>正文</p>',
    ),
)
def site_domain(document: Document) -> Iterator[Hit]:
    """网站域名标签只写域名，不写 http:// 和斜杠；知道页面地址（内网预览除外）时，还应与实际域名相符。"""
    for meta in tags(document).get("SiteDomain", ())[:1]:
        words = meta.content.strip()
        if not words:
            continue
        if not _DOMAIN.match(words):
            bare = re.sub(r"(?i)\A\s*https?:/*|/.*\Z", "", words)
            fix = bare if bare != words and _DOMAIN.match(bare) else None
            yield meta_hit(meta, "网站域名标签应只写域名，如 www.example.gov.cn", fix=fix)
            continue
        host = "" if inside(document) else host_of(document.source.url)
        own = words.partition(":")[0].lower().removeprefix("www.")
        if host and not f".{host}".endswith(f".{own}"):
            yield meta_hit(meta, f"网站域名标签是 {words}，页面实际在 {host}；请核对")
