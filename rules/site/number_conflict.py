"""One document number with several titles or dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from qa.finding import Confidence, Level, Pass
from qa.site.model import Site, SiteExample, SiteHit, site_rule
from rules._standards import EDITING
from rules.site._pages import article


def _document(title: str, number: str, day: str) -> str:
    """A page of a document with its number and the date it was signed."""
    return article(
        title, day, text=f"发文字号：{number}</p><p>成文日期：{day}</p><p>{title}的正文，请认真贯彻执行。"
    )


@site_rule(
    steady=True,
    title="同一文号对应不同的标题或成文日期",
    level=Level.WARNING,
    passes=Pass.PROOF3,
    basis=EDITING["前后一致"],
    confidence=Confidence.MEDIUM,
    bad=(
        SiteExample(
            {
                "/": '<a href="/zc/1.html">甲</a><a href="/zc/2.html">乙</a><a href="/zc/3.html">丙</a>',
                "/zc/1.html": _document("关于加强某项管理的通知", "某政办〔2026〕1号", "2026-03-01"),
                "/zc/2.html": _document("关于做好防汛工作的意见", "某政办〔2026〕1号", "2026-03-01"),
                "/zc/3.html": _document("关于印发某项规划的通知", "某政办〔2026〕2号", "2026-03-05"),
            },
            hits=(("某政办〔2026〕1号", 2),),
        ),
        SiteExample(
            {
                "/": '<a href="/zc/1.html">甲</a><a href="/zc/2.html">乙</a>',
                "/zc/1.html": _document("关于加强某项管理的通知", "某政办〔2026〕1号", "2026-03-01"),
                "/zc/2.html": _document(
                    "某市人民政府办公室关于加强某项管理的通知", "某政办〔2026〕1号", "2026-03-02"
                ),
            },
            hits=(("某政办〔2026〕1号", 2),),
        ),
    ),
    good=(
        SiteExample(
            {
                "/": '<a href="/zc/1.html">甲</a><a href="/zc/2.html">乙</a><a href="/zc/3.html">丙</a>',
                "/zc/1.html": _document("关于加强某项管理的通知", "某政办〔2026〕1号", "2026-03-01"),
                "/zc/2.html": _document(
                    "某市人民政府办公室关于加强某项管理的通知", "某政办〔2026〕1号", "2026-03-01"
                ),
                "/zc/3.html": _document(
                    "《关于加强某项管理的通知》政策解读", "某政办〔2026〕1号", "2026-04-01"
                ),
            },
        ),
    ),
)
def number_conflict(site: Site) -> Iterator[SiteHit]:
    """一个文号只对应一份文件。标题或成文日期对不上，不是文号写错，就是标题、日期写错。

    标题加了发文机关、书名号等写法差别不算，解读、图解和问答不比。
    """
    rows = site.rows(_NUMBERED)
    for number, group in groupby(rows, itemgetter(0)):
        members = [row[1:] for row in group if not _ABOUT.search(row[3])]
        titles: list[tuple[str, str]] = []
        for _, _, title, _ in members:
            plain = _plain(title)
            if plain and all(plain not in known and known not in plain for known, _ in titles):
                titles.append((plain, title))
        dates = sorted({day[:10] for _, _, _, day in members if day})
        differing = []
        if len(titles) > 1:
            differing.append("标题分别为" + "".join(f"《{title}》" for _, title in titles[:4]))
        if len(dates) > 1:
            differing.append(f"成文日期分别为 {'、'.join(dates[:4])}")
        if differing:
            yield SiteHit(
                [url_id for url_id, _, _, _ in members],
                key=number,
                quote=number,
                message=f"文号“{number}”在不同网页上{'，'.join(differing)}；请核对",
            )


_NUMBERED = """
SELECT translated, url_id, url, title, doc_date FROM (
  SELECT replace(replace(replace(replace(doc_number, '[', '〔'), ']', '〕'), '［', '〔'), '］', '〕') AS translated,
         url_id, url, title, doc_date, depth FROM live WHERE doc_number IS NOT NULL)
ORDER BY translated, length(url), url
"""
_ABOUT = re.compile(r"解读|图解|一图|问答|答记者|新闻发布|吹风会|征求意见|废止|修改|修订")
_MARKS = re.compile(r"[\s《》〈〉“”‘’\"'（）()〔〕\[\]【】,，。、:：;；·—-]+")


def _plain(title: str) -> str:
    return _MARKS.sub("", title)
