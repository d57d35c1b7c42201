"""Links out of the site that are made invisible."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document, Resource
from qa.finding import Confidence, Level, Pass
from qa.rule import Bad, Hit, Settings, rule
from rules._standards import INSPECTION
from rules.links._classify import hit
from rules.links._dark import hidden_references
from rules.links._illicit import illicit, illicit_host

MOST = 50
"""Hits of one page; a hacked page may hold thousands."""


@rule(
    title="暗链",
    level=Level.VETO,
    passes=Pass.REVIEW2,
    basis=INSPECTION["单项否决·安全、泄密事故等严重问题"],
    score_item="VETO-SEC-4",
    media=("html",),
    bad=(
        Bad('<p>正文</p><div style="display:none"><a href="⟦http://a.example.com/⟧">真人百家乐</a></div>'),
        Bad(
            '<div style="position:absolute;left:-9999px"><a href="⟦http://a.example.com/⟧">某网</a>'
            '<a href="/a.html">本站</a><a href="⟦//b.example.com/x⟧"><b>时时彩</b></a></div>'
        ),
        Bad('<a href="⟦http://a.example.com/⟧" style="font-size:0px">某网</a><p>正文</p>'),
        Bad('<span style="color:#FFF;background:#fff"><a href="⟦http://a.example.com/⟧">某网</a></span>'),
        Bad('<marquee height="1" width="1"><a href="⟦http://a.example.com/⟧">某网</a></marquee>'),
        Bad('<div style="width:0;height:0;overflow:hidden"><a href="⟦http://a.example.com/⟧">某网</a></div>'),
        Bad('<iframe src="⟦http://a.example.com/⟧" width="0" height="0" title="x"></iframe>'),
        Bad('<iframe src="⟦http://a.example.com/⟧" style="display:none" title="x"></iframe>'),
        Bad('<div hidden><a href="⟦http://a.example.com/⟧">棋牌</a></div>'),
        Bad('<div style="visibility:hidden"><a href="⟦http://www.bet365.example.com/⟧">首页</a></div>'),
        Bad('<div style="display:none"><p><a href="⟦http://a.example.com/⟧">某网</a></p></div>'),
        Bad('<div style="text-indent:-999em"><a href="⟦http://a.example.com/⟧">某网'),
    ),
    good=(
        '<a href="http://a.example.com/">某网</a><div style="display:none"><a href="/a.html">菜单</a></div>',
        '<div class="tab-pane" style="display:none"><a href="http://a.example.com/">友情链接</a></div>',
        '<div style="display:none"><a href="https://www.example.gov.cn/">上级</a><a href="https://weibo.com/x">微博</a></div>',
        '<div style="font-size:0"><a style="font-size:14px" href="http://a.example.com/">某网</a></div>',
        '<a href="#main" style="position:absolute;left:-9999px">跳到正文</a><a href="http://a.example.com/">某网</a>',
        '<img style="display:none" src="x.gif" alt="x"><br style="display:none"/><a href="http://a.example.com/">某网</a>',
        '<iframe src="http://map.example.com/" width="600" height="400" title="地图"></iframe>',
        '<div hidden><a href="http://a.example.com/">某网</a></div>',
        'style="display:none" <a href="http://a.example.com/">某网</a>',
    ),
)
def dark_link(document: Document, settings: Settings) -> Iterator[Hit]:
    """读者看不见、搜索引擎却能读到的外站链接，多是网站被入侵后植入的，应立即核查服务器并清除。

    用样式藏起、移出屏幕、缩到看不见、与背景同色的都算，藏起的外站框架也算。文字或域名涉及赌博、色情等的
    一票否决；只是藏得刻意的作警告；用 display:none 藏着的普通外站链接作提示，选项卡、菜单、分享框里的不报。
    指向本站、政府和学校网站以及常用媒体的不报。
    """
    for count, (reference, host, text, how, widget) in enumerate(hidden_references(document, settings)):
        if count >= MOST:
            return
        plain = illicit(text)
        found = plain or illicit(text, suspect=True)
        shown = f"“{text[:30]}”" if text else ""
        what = f"外站{'框架' if isinstance(reference, Resource) else '链接'}{shown}{how or '被样式隐藏'}"
        if found is not None or (part := illicit_host(host)):
            reason = f"涉及{found.topic}（{found.word}）" if found is not None else f"域名含“{part}”"
            level = None if plain is not None or found is None else Level.ERROR
            yield hit(reference, f"{what}，{reason}，疑为暗链，请立即核查清除", level=level)
        elif how or isinstance(reference, Resource):
            yield hit(
                reference, f"{what}，疑为暗链，请核查", level=Level.WARNING, confidence=Confidence.MEDIUM
            )
        elif not widget:
            yield hit(reference, f"{what}，请核对用途", level=Level.NOTE, confidence=Confidence.LOW)
