"""Articles that are nearly the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby, islice
from operator import itemgetter

from qa.finding import Confidence, Level, Pass
from qa.site.model import Site, SiteExample, SiteHit, site_rule
from qa.site.sketch import similarities
from rules._standards import EDITING
from rules.site._pages import article
from rules.site._same import common_start, plain_address

_TEXT = (
    "各单位要高度重视，加强领导，落实责任，确保甲项工作按时完成；工作中的问题和建议，请及时报告办公室，由办公室汇总后统一研究答复，"
    "并抄送有关部门备查。各地要结合实际制定实施方案，明确时间表和路线图，逐项细化任务，逐级压实责任，定期调度进展，确保各项措施落地见效；"
    "对推进不力、进度滞后的单位，将视情予以约谈；对工作成效明显的单位，将总结经验，适时推广。"
)


@site_rule(
    steady=True,
    title="几篇文章内容几乎相同",
    level=Level.NOTE,
    passes=Pass.REVIEW3,
    basis=EDITING["重复"],
    confidence=Confidence.MEDIUM,
    bad=(
        SiteExample(
            {
                "/": '<a href="/xw/1.html">甲</a><a href="/tz/2.html">乙</a><a href="/tz/3.html">丙</a>',
                "/xw/1.html": article("关于做好某项工作的通知", "2026-06-01", text=_TEXT),
                "/tz/2.html": article("关于做好某项工作的通知", "2026-06-02", text=_TEXT + "特此通知。"),
                "/tz/3.html": article(
                    "某项工作部署完毕", "2026-06-02", text=_TEXT.replace("备查。", "备案。")
                ),
            },
            hits=(("关于做好某项工作的通知", 3),),
        ),
    ),
    good=(
        SiteExample(
            {
                "/": '<a href="/xw/1.html">甲</a><a href="/tz/2.html">乙</a><a href="/tz/3.html">丙</a>',
                "/xw/1.html": article("关于做好第一批某项工作的通知", "2026-06-01", text=_TEXT),
                "/tz/2.html": article(
                    "关于做好第二批某项工作的通知", "2026-06-02", text=_TEXT + "特此通知。"
                ),
                "/tz/3.html": article("关于做好第一批某项工作的通知", "2026-06-01", text=_TEXT),
            },
        ),
    ),
)
def near_duplicate(site: Site) -> Iterator[SiteHit]:
    """几篇文章正文九成以上相同：可能是改稿后重新发布而旧稿没有撤下，读者会看到两个说法。

    正文完全相同的由“同一篇文章发布了几次”提示；标题只有期数、批次或名称不同的例行文稿不算。
    """
    groups = _groups(site)
    members: dict[int, set[int]] = {}
    for content in groups:
        root = _root(groups, content)
        members.setdefault(root, {root}).add(content)
    for root in sorted(members):
        contents = json.dumps(sorted(members[root]))
        found = list(
            site.rows(
                "SELECT u.id, u.url, p.title FROM content c JOIN url u ON u.id = c.url_id"
                " JOIN page p ON p.content_id = c.id WHERE c.id IN (SELECT value FROM json_each(?))"
                " ORDER BY length(u.url), u.url",
                (contents,),
            )
        )
        if len({plain_address(url) for _, url, _ in found}) < 2:
            continue
        yield SiteHit(
            [url_id for url_id, _, _ in found],
            key=min(url for _, url, _ in found),
            quote=found[0][2],
            message=f"{len(found)} 篇文章的正文几乎相同，请核对是否重复发布、以哪一篇为准",
        )


_ALIKE = 0.9
_LEADERS = 16
"""Texts of one key that others are compared with; a key shared by more is that of a template."""
_MOST = 200
_NUMBERS = re.compile(r"[\d一二三四五六七八九十百千零〇两上中下年季度月日期批号第（）()\s]+")
_CANDIDATES = """
SELECT b.key, p.content_id, p.text_hash, p.title, p.sketch FROM band b CROSS JOIN page p ON p.content_id = b.content_id
CROSS JOIN content c ON c.id = b.content_id
CROSS JOIN fetch f ON f.run_id = ? AND f.url_id = c.url_id AND f.content_id = c.id
WHERE b.key IN (SELECT key FROM band GROUP BY key HAVING count(*) > 1)
  AND p.kind = 'article' AND p.sketch IS NOT NULL AND f.purpose = 'page' AND f.status IN (200, 304)
  AND NOT EXISTS (SELECT 1 FROM mark m WHERE m.run_id = f.run_id AND m.url_id = f.url_id)
ORDER BY b.key, b.content_id
"""


def _groups(site: Site) -> dict[int, int]:
    """Contents that are nearly the same as another, each with one of its group that leads to :func:`_root`."""
    groups: dict[int, int] = {}
    for _, rows in groupby(site.rows(_CANDIDATES, (site.run,)), itemgetter(0)):
        members = [row[1:] for row in islice(rows, _MOST)]
        leaders = list(
            {text_hash: at for at, (_, text_hash, _, _) in reversed([*enumerate(members)])}.values()
        )
        leaders = sorted(leaders)[:_LEADERS]
        shares = similarities([members[at][3] for at in leaders], [sketched for *_, sketched in members])
        for row, leader in enumerate(leaders):
            first, text_hash, title, _ = members[leader]
            for at, share in enumerate(shares[row]):
                other, other_hash, other_title, _ = members[at]
                if at <= leader or share < _ALIKE or other_hash == text_hash:
                    continue
                # A pair meets under several keys: titles are compared once.
                low, high = _root(groups, first), _root(groups, other)
                if low != high and not _series(title, other_title):
                    low, high = sorted((low, high))
                    groups[high] = low
    return groups


@lru_cache(maxsize=65_536)
def _series(a: str, b: str) -> bool:
    """Whether two titles belong to one series: the same but for a number or a name in the middle."""
    if a == b:
        return False
    if _NUMBERS.sub("", a) == _NUMBERS.sub("", b):
        return True
    if a in b or b in a:
        return False
    edges = common_start(a, b) + common_start(a[::-1], b[::-1])
    return 2 * edges >= max(len(a), len(b))


def _root(groups: dict[int, int], content: int) -> int:
    while (above := groups.get(content, content)) != content:
        groups[content] = groups.get(above, above)
        content = above
    return content
