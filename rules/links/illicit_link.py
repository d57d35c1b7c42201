"""Links, for all to see, whose words are of gambling and the like."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Confidence, Level, Pass
from qa.rule import Bad, Hit, Settings, rule
from rules._standards import INSPECTION
from rules.links._classify import hit
from rules.links._dark import hidden_references, outside_host, own_hosts
from rules.links._illicit import illicit, illicit_host, literals, official_host

_MOST = 50


@rule(
    title="链接涉及赌博、色情等内容",
    level=Level.VETO,
    passes=Pass.REVIEW2,
    basis=INSPECTION["单项否决·安全、泄密事故等严重问题"],
    score_item="VETO-SEC-3",
    media=("html",),
    needs=literals(),
    bad=(
        Bad('<p>友情链接：<a href="⟦http://a.example.com/⟧">真人百家乐</a></p>'),
        Bad('<p><a href="⟦http://a.example.com/⟧">BET365 官网</a><a href="/b.html">正常</a></p>'),
        Bad('<p><a href="⟦/a/12345.html⟧">北京赛车PK10</a></p>'),
        Bad('<p><a href="⟦http://a.example.com/⟧">棋牌投注</a></p>'),
    ),
    good=(
        '<p><a href="/a.html">警方打击百家乐网络赌博</a><a href="/b.html">全市老虎机专项整治</a></p>',
        '<p><a href="https://a.example.com/">中国体育彩票</a><a href="/c.html">棋牌协会</a></p>',
        '<p>六合彩是赌博。</p><a href="http://a.example.com/">某网</a>',
        '<p><a href="/d.html">激情广场</a><a href="/e.html">成人教育</a><a href="/f.html">办证大厅</a></p>',
    ),
)
def illicit_link(document: Document, settings: Settings) -> Iterator[Hit]:
    """政府网站上出现通往赌博、色情、私服、假证等内容的链接，属于单项否决情形，多因网页被篡改。

    链接文字里有“打击”“警方”“防范”等字样的是正常报道，不报。看不见的由“暗链”报告。
    """
    hidden = {one.reference.source for one in hidden_references(document, settings)}
    own = own_hosts(document, settings)
    count = 0
    for link in document.links:
        if link.hidden or link.source in hidden or not link.href:
            continue
        found = illicit(document.slice(link.span))
        if found is None:
            continue
        count += 1
        if count > _MOST:
            return
        host = outside_host(link.href)
        inside = (
            not host or official_host(host) or any(host == one or host.endswith(f".{one}") for one in own)
        )
        message = f"链接文字含“{found.word}”，疑似{found.topic}内容"
        if inside and not illicit_host(host):
            yield hit(
                link, f"{message}，请核查网页是否被篡改", level=Level.ERROR, confidence=Confidence.MEDIUM
            )
        else:
            yield hit(link, f"{message}，请核实并立即删除")
