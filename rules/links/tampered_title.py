"""Titles and descriptions of pages that speak of gambling and the like."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document, Role
from qa.finding import Confidence, Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import INSPECTION
from rules.links._illicit import illicit, literals


@rule(
    title="网页标题疑被篡改",
    level=Level.VETO,
    passes=Pass.REVIEW2,
    basis=INSPECTION["单项否决·安全、泄密事故等严重问题"],
    score_item="VETO-SEC-4",
    confidence=Confidence.MEDIUM,
    media=("html",),
    needs=literals(),
    bad=(
        Bad("<html><head><title>⟦北京赛车pk10开奖-真人荷官⟧</title></head><body><p>正文</p></body></html>"),
        Bad("<title>⟦&#30334;&#23478;&#20048;⟧</title><p>正文</p>"),
        Bad('<title>某市人民政府</title><meta name="description" content="⟦时时彩平台，注册送彩金⟧">'),
    ),
    good=(
        "<title>公安机关打击百家乐等网络赌博</title><p>正文</p>",
        "<title>某市人民政府</title><p>警惕百家乐</p>",
        '<title>体育彩票公益金使用情况</title><meta name="description" content="彩票公益金投注站办法">',
    ),
)
def tampered_title(document: Document) -> Iterator[Hit]:
    """网页被入侵后，标题和摘要常被改成赌博、色情词语，让搜索引擎收录，读者打开网页却看不出来。

    有时写成 &#30334; 一类的字符编码，本规则还原后再查。标题中有“打击”“防范”等字样的是正常报道，不报。
    """
    for block in document.blocks:
        if block.role is Role.TITLE or (block.role is Role.ATTRIBUTE and block.name == "description"):
            found = illicit(document.slice(block))
            if found is not None:
                what = "标题" if block.role is Role.TITLE else "摘要"
                yield Hit(block.span, f"网页{what}含“{found.word}”，疑被篡改，请立即核查")
