"""One telephone number or name told in two ways."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from qa.finding import Confidence, Level, Pass
from qa.site.model import Site, SiteExample, SiteHit, site_rule
from rules._standards import EDITING
from rules.site._pages import article, footer, page
from rules.site._same import common_start


@site_rule(
    steady=True,
    title="同一电话、名称在不同网页上写法不一",
    level=Level.WARNING,
    passes=Pass.PROOF3,
    basis=EDITING["前后一致"],
    confidence=Confidence.MEDIUM,
    bad=(
        SiteExample(
            {
                "/": '<a href="/1.html">甲</a><a href="/2.html">乙</a><a href="/3.html">丙</a>',
                "/1.html": article(
                    "机构职能", "2026-06-01", text="某市教育局办公室电话：0595-00000001，欢迎来电。"
                ),
                "/2.html": article(
                    "办事指南", "2026-06-01", text="咨询请拨打某市教育局办公室电话：0595-00000001。"
                ),
                "/3.html": article("招生公告", "2026-06-01", text="某市教育局办公室电话：0595-00000007。"),
            },
            hits=(("某市教育局办公室电话：0595-00000007", 1),),
        ),
        SiteExample(
            {
                "/": page("<p>首页</p>" + "".join(f'<a href="/{n}.html">{n}</a>' for n in range(4))),
                **{f"/{n}.html": article(f"文章{n}", "2026-06-01") for n in range(3)},
                "/3.html": article(
                    "文章三", "2026-06-01", foot=footer().replace("人民政府办公室", "人民政办公室")
                ),
            },
            hits=(("主办单位：某市人民政办公室", 1),),
        ),
    ),
    good=(
        SiteExample(
            {
                "/": '<a href="/1.html">甲</a><a href="/2.html">乙</a><a href="/3.html">丙</a>',
                "/1.html": article(
                    "机构职能", "2026-06-01", text="某市教育局办公室电话：0595-20000001、0595-20000002。"
                ),
                "/2.html": article(
                    "办事指南", "2026-06-01", text="某市教育局办公室电话：20000001。咨询电话：0595-00000005。"
                ),
                "/3.html": article(
                    "招生公告",
                    "2026-06-01",
                    text="某市财政局办公室电话：0595-00000008。咨询电话：0595-00000006。",
                ),
            },
        ),
        SiteExample(
            {
                "/": page('<p>首页</p><a href="/jyj/">教育局</a>'),
                "/jyj/": page("<p>教育局</p>", foot=footer().replace("人民政府办公室", "教育局")),
            },
        ),
    ),
)
def claim_conflict(site: Site) -> Iterator[SiteHit]:
    """同一个办公室的电话、同一个主办单位的名称，在几个网页上不一样，总有一处是错的或过时的。

    以多数网页的写法为准，只报少数的一方；页脚只比差一两个字的，因为各子站的页脚本来不同。
    """
    for (kind, key, _), group in groupby(site.rows(_CLAIMS), itemgetter(0, 1, 2)):
        values = sorted(((count, value, quote) for _, _, _, value, count, quote in group), key=_by_weight)
        if len(values) < 2 or len(values) > _MOST:
            continue
        (count, usual, shown), *others = values
        for fewer, value, quote in others:
            if _agree(kind, usual, value):
                continue
            pages = [url_id for (url_id,) in site.rows(_PAGES, (kind, key, value))]
            sure = fewer < count
            yield SiteHit(
                pages,
                key=f"{kind} {key} {value}",
                quote=quote,
                message=f"“{quote}”与 {count} 个网页上的“{shown}”不一致，请核对",
                suggestion=shown if sure else "",
                chrome=kind != "phone",
                level=None if sure else Level.NOTE,
            )


_MOST = 3
"""A key with more values is a label, not the name of one office."""
_CLAIMS = """
SELECT j.value ->> 0 AS kind, j.value ->> 1 AS name, CASE WHEN j.value ->> 0 = 'phone' THEN '' ELSE l.host END AS place,
       j.value ->> 2 AS told, count(*), min(j.value ->> 3)
FROM live l, json_each(l.claims) j WHERE l.claims <> '[]' GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3
"""
_PAGES = """
SELECT DISTINCT l.url_id FROM live l, json_each(l.claims) j
WHERE l.claims <> '[]' AND j.value ->> 0 = ? AND j.value ->> 1 = ? AND j.value ->> 2 = ? ORDER BY l.depth, l.url_id
"""


def _by_weight(item: tuple[int, str, str]) -> tuple[int, str]:
    return -item[0], item[1]


def _agree(kind: str, usual: str, value: str) -> bool:
    """Whether two values may both be right."""
    if kind.endswith("phone"):
        ours, theirs = usual.split(","), value.split(",")
        if any(a.endswith(b) or b.endswith(a) for a in ours for b in theirs):
            return True
        return kind != "phone" and not (len(ours) == len(theirs) == 1 and _near(usual, value))
    return not _near(usual, value)


def _near(a: str, b: str) -> bool:
    """Whether two strings differ in one or two characters alone."""
    if abs(len(a) - len(b)) > 2:
        return False
    start = common_start(a, b)
    a, b = a[start:], b[start:]
    end = common_start(a[::-1], b[::-1])
    return max(len(a), len(b)) - end <= 2
