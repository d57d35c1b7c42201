"""Addresses that run code or hide where they lead."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import INSPECTION
from rules.links._classify import Kind, facts, hit, noun


@rule(
    title="链接里藏有代码或伪装的网址",
    level=Level.ERROR,
    passes=Pass.REVIEW2,
    basis=INSPECTION["单项否决·安全、泄密事故等严重问题"],
    score_item="VETO-SEC-4",
    bad=(
        Bad("<p><a href=\"⟦javascript:eval(unescape('%61'))⟧\">通知</a></p>"),
        Bad('<p><a href="⟦data:text/html,<b>x</b>⟧">通知</a></p>'),
        Bad('<p><a href="⟦vbscript:msgbox(1)⟧">通知</a></p>'),
        Bad('<p><a href="⟦http://www.example.gov.cn@203.0.113.9/login⟧">登录</a></p>'),
    ),
    good=(
        '<a href="javascript:window.print()">打印</a>',
        '<img src="data:image/png;base64,AAAA" alt="图">',
        '<img src="data:image/svg+xml;utf8,&lt;svg/&gt;" alt="图">',
        '<a href="https://www.example.com/@user/1">账号</a>',
        '<a href="ftp://user@example.com/a">文件</a>',
    ),
)
def dangerous(document: Document) -> Iterator[Hit]:
    """正常稿件的链接不会夹带编码过的脚本、整页代码，也不会在网址里用“@”伪装成另一个网站。

    出现这类链接，多为页面被植入了代码，应立即核实来源。
    """
    for reference, address in facts(document).of(Kind.DANGEROUS):
        yield hit(reference, f"{noun(reference)}地址可疑：{address.cause}。请核实是否被植入")
