"""What a page says of itself: column, dates, marks in the footer, number, claims.

Read from the same :class:`~qa.document.Document` the rules read, once a content; site rules then
compare pages in SQL.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from qa.document import Document

MARKS = ("party_mark", "site_code", "icp", "police", "sponsor", "contact")
"""The six marks of the footer; the bit of a mark is its place here."""


@dataclass(slots=True)
class PageFacts:
    """One row of table ``page`` (see :mod:`qa.site.store` for what each column means)."""

    kind: str = "other"
    chars: int = 0
    text_hash: str = ""
    sketch: bytes | None = None
    site_name: str | None = None
    site_domain: str | None = None
    site_code: str | None = None
    column_name: str | None = None
    column_type: str | None = None
    article_title: str | None = None
    pub_date: str | None = None
    content_source: str | None = None
    published: str | None = None
    published_from: str = ""
    url_date: str | None = None
    crumbs: str = "[]"
    items: int = 0
    latest: str | None = None
    marks: int = 0
    footer_code: str | None = None
    error_entry: int = 0
    doc_number: str | None = None
    doc_date: str | None = None
    claims: str = "[]"
    prompt: int = 0
    error_page: int = 0

    def row(self) -> dict[str, Any]:
        """Columns and values."""
        return {item.name: getattr(self, item.name) for item in fields(self)}


def read_facts(document: Document, url: str) -> PageFacts:
    """Read the facts of a page; never raises on what a page holds."""
    facts = PageFacts()
    for name, meta in (
        ("site_name", "SiteName"),
        ("site_domain", "SiteDomain"),
        ("site_code", "SiteIDCode"),
        ("column_name", "ColumnName"),
        ("column_type", "ColumnType"),
        ("article_title", "ArticleTitle"),
        ("pub_date", "PubDate"),
        ("content_source", "ContentSource"),
    ):
        found = document.meta(meta)
        setattr(facts, name, found.content.strip() if found is not None else None)
    return facts


def bands(sketch: bytes | None) -> list[int]:
    """Keys under which near duplicates meet; signed 64-bit integers."""
    return []
