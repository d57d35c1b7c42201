"""Pages of other sites that the run has looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from qa.site.model import Site
from rules.links._illicit import official_host


class Outside(NamedTuple):
    """An address outside the site: its host, that of what it leads to, and what stands there."""

    url_id: int
    host: str
    end_host: str
    title: str
    excerpt: str


def outside(site: Site) -> Iterator[Outside]:
    """Addresses of other sites, official ones left out; title and excerpt empty where there is no page."""
    rows = site.rows(
        "SELECT r.url_id, u.host, e.host, CASE WHEN r.failure IS NULL THEN c.title ELSE '' END,"
        " CASE WHEN r.failure IS NULL THEN c.excerpt ELSE '' END"
        f" FROM {site.resolved} r CROSS JOIN fetch f ON f.run_id = ? AND f.url_id = r.url_id AND f.purpose = 'check'"
        " CROSS JOIN url u ON u.id = r.url_id CROSS JOIN url e ON e.id = r.end_id"
        " LEFT JOIN content c ON c.id = r.content_id",
        (site.run,),
    )
    for url_id, host, end_host, title, excerpt in rows:
        if not site.internal(host) and not official_host(end_host):
            yield Outside(url_id, host, end_host, title or "", excerpt or "")
