"""Page tags that are missing or empty, all in one finding."""

from __future__ import annotations

from collections.abc import Iterator

from qa.document import Document
from qa.finding import Level, Pass
from qa.rule import Bad, Hit, rule
from rules._standards import INSPECTION
from rules.tags._tags import SITE, expected, head_hit, published, tags

_SITE = '<meta name="SiteName" content="某市人民政府"><meta name="SiteDomain" content="www.example.com"><meta name="SiteIDCode" content="3505820001">'
_ARTICLE = '<meta name="ArticleTitle" content="通知"><meta name="PubDate" content="2025-03-01 09:30"><meta name="ContentSource" content="某局">'
_COLUMN = '<meta name="ColumnName" content="通知公告"><meta name="ColumnType" content="通知公告"><meta name="ColumnDescription" content="本栏目发布通知"><meta name="ColumnKeywords" content="通知">'


@rule(
    title="缺少页面标签",
    level=Level.WARNING,
    passes=Pass.REVIEW3,
    basis=INSPECTION["页面标签"],
    page=True,
    media=("html",),
    score_item="META",
    bad=(
        Bad(f'<html>⟦<head>⟧{_SITE}<meta name="ArticleTitle" content="通知"></head><body>正文</body></html>'),
        Bad(
            "<html>⟦<head>⟧<title>某</title></head><body><p>正文</p><p>主办单位：某局　网站标识码：3505820001</p></body></html>"
        ),
        Bad(
            f'<html>⟦<head>⟧{_SITE}<meta name="ColumnName" content="公告"><meta name="ColumnType" content=""></head></html>'
        ),
        Bad(f"⟦<html>⟧{_SITE}<body><p>发布时间：2025-03-01 来源：某局</p></body></html>"),
    ),
    good=(
        f"<html><head>{_SITE}{_ARTICLE}</head><body>正文</body></html>",
        f"<html><head>{_SITE}{_COLUMN}</head><body>列表</body></html>",
        f'<html><head>{_SITE}{_COLUMN}<meta name="ArticleTitle" content=""></head><body>列表</body></html>',
        f"<html><head>{_SITE}</head><body>首页</body></html>",
        "<html><head><title>草稿</title></head><body><p>正文</p></body></html>",
        "<p>正文</p><p>网站标识码：3505820001</p>",
    ),
)
def missing(document: Document) -> Iterator[Hit]:
    """网站各页面应有站点标签，内容页另有标题、发布时间、来源，栏目页另有栏目名称、类别、描述、关键词。

    页面属于哪一类，先看已有的标签，再看页面上是否写明发布时间；判断不了的只查站点标签。
    片段、草稿等看不出是网站页面的，不报。
    """
    if not published(document):
        return
    held = tags(document)
    absent, empty = [], []
    for name, words in {**SITE, **expected(document)}.items():
        metas = held.get(name)
        if not metas:
            absent.append(f"{name}（{words}）")
        elif not any(meta.content.strip() for meta in metas):
            empty.append(f"{name}（{words}）")
    said = [f"缺少页面标签 {'、'.join(absent)}"] if absent else []
    if empty:
        said.append(f"页面标签 {'、'.join(empty)} 内容为空")
    if said:
        yield head_hit(document, "；".join(said))
