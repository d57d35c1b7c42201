"""Which column (栏目) a page belongs to, as reports name it."""

from __future__ import annotations

import json

from qa.site.model import SiteConfig

_NOT_COLUMNS = frozenset(
    ["首页", "网站首页", "主页", "当前位置", "您的位置", "正文", "详情", "内容", "文章内容", "返回首页"]
)


def section_of(
    config: SiteConfig, url: str, column_name: str | None, crumbs: str | None, kind: str | None
) -> str:
    """The column of a page: told by the configuration, by ColumnName, or by the breadcrumbs.

    Args:
        crumbs: JSON list of texts, outermost first, as in table ``page``.
        kind: of the page; the last crumb of an article may be its title.

    Returns:
        Its name; empty where nothing tells.
    """
    told = max(
        (one for one in config.columns if url.startswith(one.url)), key=lambda one: len(one.url), default=None
    )
    if told is not None and told.name:
        return told.name
    if column_name:
        return column_name
    trail = [name for name in json.loads(crumbs or "[]") if name.strip() and name.strip() not in _NOT_COLUMNS]
    if kind == "article" and len(trail) > 1 and len(trail[-1]) > 12:
        trail.pop()
    return trail[-1].strip()[:30] if trail else ""
