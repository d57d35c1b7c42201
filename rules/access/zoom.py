"""Viewport that forbids enlarging."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import WCAG
from rules.tags._tags import meta_hit

_FIXED = lazy(r"user-scalable\s*=\s*(?:no|0)\b", re.IGNORECASE)
_LARGEST = lazy(r"maximum-scale\s*=\s*(\d+(?:\.\d+)?|\.\d+)", re.IGNORECASE)


@rule(
    title="网页禁止放大",
    level=Level.WARNING,
    passes=Pass.PROOF2,
    basis=WCAG["文本可放大"],
    media=("html",),
    bad=(
        Bad('<meta name="viewport" content="⟦width=device-width, user-scalable=no⟧"><p>正文</p>'),
        Bad('<meta name="viewport" content="⟦width=device-width,maximum-scale=1.0⟧"><p>正文</p>'),
    ),
    good=(
        '<meta name="viewport" content="width=device-width, initial-scale=1"><p>正文</p>',
        '<meta name="viewport" content="width=device-width, maximum-scale=5"><p>正文</p>',
        '<meta name="description" content="user-scalable=no"><p>正文</p>',
    ),
)
def zoom(document: Document) -> Iterator[Hit]:
    """老年人和视力不好的人要放大网页才看得清。禁止放大、或最多只能放大不到两倍，都不符合适老化要求。"""
    for meta in document.metas:
        if meta.name.lower() == "viewport":
            largest = _LARGEST.search(meta.content)
            if _FIXED.search(meta.content) or (largest and float(largest.group(1)) < 2):
                yield meta_hit(
                    meta, "网页设置了禁止放大；请去掉 user-scalable=no 和过小的 maximum-scale", template=True
                )
