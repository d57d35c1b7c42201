"""The columns (栏目) of a site: what type each is, when it was last updated, whether it is blank.

List pages are put together by folder and name, so that the pages of one long list are one column.
A column's newest date is the newest of: the dates its lists show, the articles its lists link to
and the articles below its folder, sub-columns included.  What cannot be told is left open
(``None``): rules are silent about it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import tomli

from qa.site.model import Column, Site
from qa.site.urls import folder

_TITLE_TAIL = re.compile(r"\s*[_|\-–—].*$", re.DOTALL)
_TEXT = 30
"""Characters of main text under which a column page says nothing."""
_SHARED = 2
"""What so many other pages carry too is furniture."""


@cache
def _data() -> tuple[Mapping[str, re.Pattern[str]], re.Pattern[str], re.Pattern[str]]:
    data: dict[str, Any] = tomli.loads((Path(__file__).parent / "columns.toml").read_text(encoding="utf-8"))
    types = {kind: re.compile("|".join(names)) for kind, names in data["types"].items()}
    return types, re.compile(data["names"]["closed"]), re.compile(data["names"]["later"], re.IGNORECASE)


def type_of(name: str) -> str:
    """Type of a column of that name or ColumnType: a key of ``[columns]`` in the thresholds, or empty."""
    types, closed, _ = _data()
    name = re.sub(r"\s+", "", name)
    if not name or closed.search(name):
        return ""
    return next((kind for kind, names in types.items() if names.fullmatch(name)), "")


def later_page(url: str) -> bool:
    """Whether an address is that of the second or a later page of a list."""
    return bool(_data()[2].search(url))


@dataclass(slots=True)
class ColumnState:
    """One column as the run found it.

    Attributes:
        page: id of its first page.
        url: address of that page (or the configured prefix).
        name: as people call it; empty where nothing tells.
        type: key of ``[columns]`` in the thresholds, or empty.
        days: longest time without an update; 0 where none is known.
        told: its type stands in the configuration or in ColumnType, so it is not guessed.
        configured: the configuration names it.
        top: a column of the first level, as far as can be told.
        newest: newest date in it, YYYY-MM-DD; ``None`` where nothing tells.
        blank: no entry, no text, nothing of its own.
    """

    page: int
    url: str
    name: str = ""
    type: str = ""
    days: int = 0
    told: bool = False
    configured: bool = False
    top: bool = False
    newest: str | None = None
    blank: bool = False
    _contents: list[int] = field(default_factory=list)
    _unclear: bool = False
    _items: int = 0
    _chars: int = 0
    _depth: int = 99

    def idle(self, today: date) -> int | None:
        """Days since its last update; ``None`` where nothing tells."""
        return (today - date.fromisoformat(self.newest)).days if self.newest else None

    def stale(self, today: date) -> bool:
        """Whether it has gone without an update for longer than it may."""
        idle = self.idle(today)
        return bool(self.days) and idle is not None and idle > self.days


_known: WeakKeyDictionary[Site, list[ColumnState]] = WeakKeyDictionary()


def columns(site: Site) -> list[ColumnState]:
    """The columns of a site in order of address; worked out at the first call."""
    if site not in _known:
        _known[site] = _read(site)
    return _known[site]


def _read(site: Site) -> list[ColumnState]:
    groups = _groups(site)
    found = [state for state in groups if state.page]
    site.db.execute("CREATE TEMP TABLE IF NOT EXISTS column_page (content_id INTEGER, n INTEGER)")
    site.db.execute("DELETE FROM temp.column_page")
    site.db.executemany(
        "INSERT INTO temp.column_page VALUES (?, ?)",
        ((content, n) for n, state in enumerate(found) for content in state._contents),
    )
    linked = dict(_linked(site))
    below: dict[str, str | None] = {}
    for n, state in enumerate(found):
        _classify(site, state)
        days = [day for day in (state.newest, linked.get(n), _below(site, state, below)) if day]
        state.newest = None if state._unclear or not days else max(days)
        state.blank = not state.configured and _is_blank(site, state)
    return sorted(found, key=lambda state: state.url)


def _groups(site: Site) -> list[ColumnState]:
    """Columns with what their list pages say; ``page`` is 0 where only later pages are known."""
    told = [
        (column, ColumnState(0, column.url, column.name, configured=True)) for column in site.config.columns
    ]
    groups: dict[tuple[str, str], ColumnState] = {}
    for url_id, url, depth, name, kind, crumbs, title, items, latest, chars, content in site.rows(
        "SELECT url_id, url, depth, column_name, column_type, crumbs, html_title, items, latest, chars, content_id"
        " FROM live WHERE kind = 'column' ORDER BY url"
    ):
        if url_id == site.home or not judged(site, url):
            continue
        trail = json.loads(crumbs)
        name = name or (trail[-1] if trail else _TITLE_TAIL.sub("", title).strip())
        own = next((state for column, state in told if url.startswith(column.url)), None)
        if own is None and not name and "?" in url:
            continue
        state = own or groups.setdefault((folder(url), name), ColumnState(0, url, name))
        state._contents.append(content)
        depth = 99 if depth is None else depth
        if not later_page(url) and (not state.page or (depth, len(url)) < (state._depth, len(state.url))):
            state.page, state._depth = url_id, depth
            if own is None:
                state.url = url
                state.type = type_of(kind or "") or type_of(name)
                state.told = bool(type_of(kind or ""))
                state.top = depth <= 1 or 1 <= len(trail) <= 2
        state._items = -1 if items < 0 or state._items < 0 else max(items, state._items)
        state._chars = max(chars, state._chars)
        if latest is not None:
            state._unclear = state._unclear or latest > site.today.isoformat()
            state.newest = max(latest, state.newest or "")
    for column, state in told:
        _settle_told(site, column, state)
    return [*(state for _, state in told), *groups.values()]


def _settle_told(site: Site, column: Column, state: ColumnState) -> None:
    """A configured column: its type and limit as told, its first page found by its address."""
    state.url, state.top, state.told = column.url, True, bool(column.type or column.days)
    state.type = column.type or type_of(column.name)
    state.days = column.days
    state.name = column.name or state.name
    if not state.page:
        state.page = (
            site.one(
                "SELECT url_id FROM live WHERE url >= ? AND url < ? ORDER BY depth, url", _range(column.url)
            )
            or 0
        )


def judged(site: Site, url: str) -> bool:
    """Whether site rules look at an address at all (see ``SiteConfig.unimportant``)."""
    return not url.startswith(site.config.unimportant)


def _classify(site: Site, state: ColumnState) -> None:
    if state.type and not state.days:
        state.days = int(site.threshold("columns", state.type, 0))


def _range(prefix: str) -> tuple[str, str]:
    return prefix, f"{prefix}\U0010ffff"


def _below(site: Site, state: ColumnState, known: dict[str, str | None]) -> str | None:
    """Newest article below the column's folder; nothing for columns that have no folder of their own.

    What is known of a folder is kept in ``known``: thousands of columns may share one.
    """
    prefix = state.url if state.configured else folder(state.url)
    if prefix == folder(site.home_url) or ("?" in state.url and not state.configured):
        return None
    if prefix in known:
        return known[prefix]
    found: str | None = site.one(
        "SELECT max(substr(p.published, 1, 10)) FROM url u CROSS JOIN fetch f ON f.run_id = ? AND f.url_id = u.id"
        " CROSS JOIN page p ON p.content_id = f.content_id"
        " WHERE u.url >= ? AND u.url < ? AND p.kind = 'article' AND substr(p.published, 1, 10) <= ?",
        (site.run, *_range(prefix), site.today.isoformat()),
    )
    known[prefix] = found
    return found


def _linked(site: Site) -> Iterator[tuple[Any, ...]]:
    """Newest article each column's pages link to in their main part."""
    yield from site.rows(
        "SELECT c.n, max(substr(p.published, 1, 10)) FROM temp.column_page c"
        " CROSS JOIN link l ON l.content_id = c.content_id AND l.kind = 'a' AND l.place = 'main'"
        " CROSS JOIN fetch f ON f.run_id = ? AND f.url_id = l.target_id"
        " CROSS JOIN page p ON p.content_id = f.content_id AND p.kind = 'article'"
        " WHERE substr(p.published, 1, 10) <= ? GROUP BY c.n",
        (site.run, site.today.isoformat()),
    )


def _is_blank(site: Site, state: ColumnState) -> bool:
    """No entry, no text, and no link, picture, frame or form that is not on other pages as well."""
    if state._items or state._chars >= _TEXT or len(state._contents) != 1 or state.newest is not None:
        return False
    content = state._contents[0]
    own = site.one(
        "SELECT 1 FROM link l WHERE l.content_id = ?1 AND l.kind NOT IN ('style', 'script') AND l.target_id <> ?2"
        " AND (SELECT count(*) FROM (SELECT DISTINCT o.content_id FROM link o"
        "   WHERE o.target_id = l.target_id AND o.content_id <> ?1 LIMIT ?3)) < ?3 LIMIT 1",
        (content, state.page, _SHARED),
    )
    return own is None
