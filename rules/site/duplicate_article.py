"""The same article under several addresses."""

from __future__ import annotations

from collections.abc import Iterator

from qa.finding import Level, Pass
from qa.site.model import Site, SiteExample, SiteHit, site_rule
from rules._standards import EDITING
from rules.site._pages import article
from rules.site._same import ids, plain_address, twins

_TEXT = "各单位要高度重视，加强领导，落实责任，确保甲项工作按时完成；工作中的问题和建议，请及时报告办公室，由办公室汇总后统一研究答复，并抄送有关部门备查。"


@site_rule(
    steady=True,
    title="同一篇文章发布了几次",
    level=Level.NOTE,
    passes=Pass.REVIEW3,
    basis=EDITING["重复"],
    bad=(
        SiteExample(
            {
                "/": '<a href="/xw/1.html">甲</a><a href="/tz/2.html">乙</a>',
                "/xw/1.html": article("关于做好某项工作的通知", "2026-06-01", text=_TEXT),
                "/tz/2.html": article("关于做好某项工作的通知", "2026-06-02", text=_TEXT),
            },
            hits=(("关于做好某项工作的通知", 2),),
        ),
    ),
    good=(
        SiteExample(
            {
                "/": '<a href="/xw/1.html">甲</a><a href="/m/xw/1.html">手机版</a><a href="/xw/1.html?print=1">打印</a>'
                '<a href="/xw/3.html">丙</a>',
                "/xw/1.html": article("关于做好某项工作的通知", "2026-06-01", text=_TEXT),
                "/m/xw/1.html": article("关于做好某项工作的通知", "2026-06-01", text=_TEXT),
                "/xw/1.html?print=1": article("关于做好某项工作的通知", "2026-06-01", text=_TEXT),
                "/xw/3.html": article("另一项工作的通知", "2026-06-01", text=_TEXT.replace("甲", "丁")),
            },
        ),
    ),
)
def duplicate_article(site: Site) -> Iterator[SiteHit]:
    """正文一字不差的文章出现在几个网址上：可能是重复发布，也可能是有意放进几个栏目。改稿时容易只改其中一处。

    大小写、斜杠不同的网址和手机版、打印版不算；不足 60 字的不比。
    """
    for members in twins(site, "l.text_hash", "l.kind = 'article' AND l.text_hash <> '' AND l.chars >= 60"):
        addresses = {plain_address(twin.url): twin for twin in reversed(members)}
        if len(addresses) < 2:
            continue
        kept = sorted(addresses.values(), key=lambda twin: (len(twin.url), twin.url))
        first = kept[0]
        message = f"{len(kept)} 个网址的正文完全相同，请核对是否重复发布"
        yield SiteHit(
            ids(kept),
            key=first.text_hash,
            quote=first.title,
            message=message,
            suggestion="只留一处，其他改为链接",
        )
