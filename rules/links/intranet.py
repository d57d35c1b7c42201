"""Addresses that only an intranet can open."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, Settings, rule
from rules._standards import INSPECTION
from rules.links._classify import Kind, facts, hit, inside, noun


@rule(
    title="链接指向内网或本机地址",
    level=Level.ERROR,
    passes=Pass.PROOF3,
    basis=INSPECTION["可用性"],
    score_item="LINK-H",
    bad=(
        Bad('<p><a href="⟦http://10.1.2.3/a.doc⟧">附件</a></p>'),
        Bad('<p><a href="⟦http://localhost:8080/a.html⟧">附件</a><a href="⟦http://[::1]/⟧">附件</a></p>'),
        Bad('<p><img src="⟦http://192.168.1.9:8080/upload/1.jpg⟧" alt="现场"></p>'),
        Bad('<p><a href="⟦http://oa/doc/1.html⟧">通知</a><a href="⟦//cms.local/1⟧">通知</a></p>'),
        Bad('<p><a href="⟦http://172.31.0.1/⟧">甲</a><a href="⟦http://127.0.0.1/⟧">乙</a></p>'),
    ),
    good=(
        '<a href="http://172.32.0.1/">甲</a><a href="http://203.0.113.5/">乙</a>',
        '<a href="https://www.example.com/10.1.2.3/">版本说明</a>',
        '<a href="oa/doc/1.html">通知</a>',
        '<a href="http://[2001:db8::1]/">丙</a>',
    ),
)
def intranet(document: Document, settings: Settings) -> Iterator[Hit]:
    """内网地址和本机地址离开单位就打不开，还会露出内部网络的结构。

    页面本身就在内网，或者主机已登记为本站域名的，不报。没有后缀的主机名可能是少写了域名，作警告。
    """
    found = facts(document).of(Kind.INTRANET, Kind.BARE)
    if not found or inside(document):
        return
    for reference, address in found:
        if address.host in settings.domains:
            continue
        level = Level.WARNING if address.kind is Kind.BARE else None
        yield hit(
            reference, f"{noun(reference)}指向{address.cause}，公众打不开；请换成公开的网址", level=level
        )
