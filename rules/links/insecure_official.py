"""``http://`` to official sites, told once for every host."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import GUIDELINES
from rules.links._classify import Found, Kind, facts, hit


@rule(
    title="政府网站的链接没有用 https",
    level=Level.NOTE,
    passes=Pass.PROOF3,
    basis=GUIDELINES["链接"],
    bad=(
        Bad('<a href="⟦http://www.gov.cn/⟧">中国政府网</a>'),
        Bad(
            '<a href="⟦http://www.a.gov.cn/1⟧">甲</a><a href="http://www.a.gov.cn/2">乙</a><a href="⟦http://b.gov.cn/⟧">丙</a>'
        ),
    ),
    good=(
        '<a href="https://www.gov.cn/">中国政府网</a>',
        '<a href="http://www.example.com/">某报</a>',
        "<p>http 协议</p>",
    ),
)
def insecure_official(document: Document) -> Iterator[Hit]:
    """用 http 时，网页内容在途中可能被改写。多数政府网站已支持 https，引用时宜先试 https 网址。

    对方网站可能尚未支持，因此只作提示；同一网站在一页里只报第一处并写明总数。
    """
    hosts: dict[str, list[Found]] = {}
    for found in facts(document).of(Kind.OFFICIAL_HTTP):
        hosts.setdefault(found.address.host, []).append(found)
    for host, group in hosts.items():
        more = f"，本页共 {len(group)} 处" if len(group) > 1 else ""
        yield hit(group[0].reference, f"{host} 的链接用的是 http{more}；请试一下能否改用 https")
