"""Pages for the examples of site rules, and what those rules share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

from qa.site.columns import judged
from qa.site.footer import FRAGMENT
from qa.site.model import Site

SITE = '<meta name="SiteName" content="某市人民政府"><meta name="SiteDomain" content="www.example.gov.cn"><meta name="SiteIDCode" content="3505820001">'
MARKS = {
    "party_mark": '<a href="https://bszs.conac.cn/sitename?method=show&amp;id=1"><img src="/red.png" alt="党政机关"></a>',
    "site_code": "<p>网站标识码：3505820001</p>",
    "icp": '<p><a href="https://beian.miit.gov.cn/">闽ICP备05000001号-1</a></p>',
    "police": "<p>闽公网安备 35058202000001号</p>",
    "sponsor": "<p>主办单位：某市人民政府办公室</p>",
    "contact": "<p>联系电话：0595-00000000</p>",
}
ERROR_ENTRY = (
    '<script id="_jiucuo_" sitecode="3505820001" src="https://zfwzgl.www.gov.cn/exposure/jiucuo.js"></script>'
)
NAV = '<div class="nav"><a href="/">首页</a><a href="/xw/">新闻动态</a><a href="/tzgg/">通知公告</a></div>'


def footer(*without: str, entry: bool = True) -> str:
    """A footer with all marks but some."""
    held = "".join(html for name, html in MARKS.items() if name not in without)
    return f'<div class="footer">{held}{ERROR_ENTRY if entry else ""}</div>'


def page(body: str, *, title: str = "某市人民政府", metas: str = SITE, foot: str | None = None) -> str:
    """A whole page with navigation and footer."""
    end = footer() if foot is None else foot
    return f"<html><head><title>{title}</title>{metas}</head><body>{NAV}{body}{end}</body></html>"


def article(
    title: str, day: str, *, metas: str = "", shown: bool = True, text: str = "", foot: str | None = None
) -> str:
    """An article; ``day`` is its PubDate (no tag where empty) and shown under its title."""
    date = f'<meta name="PubDate" content="{day} 09:30">' if day else ""
    tags = f'{SITE}<meta name="ArticleTitle" content="{title}"><meta name="ContentSource" content="某局">{date}{metas}'
    line = f"<p>发布时间：{day} 09:30　来源：某局</p>" if day and shown else ""
    words = text or f"某局于近日开展{title}有关工作，要求各单位认真落实。"
    return page(
        f'<h1>{title}</h1>{line}<div class="TRS_Editor"><p>{words}</p></div>',
        title=title,
        metas=tags,
        foot=foot,
    )


def listing(
    name: str, *entries: tuple[str, str, str], metas: str = "", body: str = "", foot: str | None = None
) -> str:
    """A column; entries are (address, title, day)."""
    tags = f'{SITE}<meta name="ColumnName" content="{name}"><meta name="ColumnType" content="{name}">{metas}'
    items = "".join(f'<li><a href="{url}">{title}</a><span>{day}</span></li>' for url, title, day in entries)
    return page(f"<h2>{name}</h2><ul>{items}</ul>{body}", title=name, metas=tags, foot=foot)


def pages(site: Site, columns: str, where: str = "1") -> Iterator[tuple[int, str, tuple[Any, ...]]]:
    """Whole pages that are judged, by address: id, address and further columns of ``live``.

    Error pages, fragments, pages nobody could read and what is shown only in a frame are left out.
    """
    framed = _framed(site)
    for url_id, url, *rest in site.rows(
        f"SELECT url_id, url, {columns} FROM live l WHERE error_page = 0 AND NOT marks & {FRAGMENT} AND ({where})"
        " AND (title <> '' OR chars OR marks) ORDER BY depth IS NULL, depth, url"
    ):
        if url_id not in framed and judged(site, url):
            yield url_id, url, tuple(rest)


_known: WeakKeyDictionary[Site, frozenset[int]] = WeakKeyDictionary()


def _framed(site: Site) -> frozenset[int]:
    """Addresses that stand in frames of other pages."""
    if site not in _known:
        _known[site] = frozenset(
            target for (target,) in site.rows("SELECT DISTINCT target_id FROM link WHERE kind = 'frame'")
        )
    return _known[site]


def chinese(day: str) -> str:
    """``2026-03-01`` as people write it."""
    year, month, *rest = (int(part) for part in day[:10].split("-"))
    return f"{year}年{month}月{rest[0]}日" if rest else f"{year}年{month}月"
