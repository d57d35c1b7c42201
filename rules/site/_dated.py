"""Hits of the rules over dates: one a page, or one for all where a whole site was moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from qa.finding import Confidence, Level
from qa.site.model import Site, SiteHit


class Doubt(NamedTuple):
    """One page whose date is in doubt."""

    page: int
    url: str
    quote: str
    message: str


def told(
    site: Site, doubts: Iterable[Doubt], summary: str, *, key: str = "all", level: Level | None = None
) -> Iterator[SiteHit]:
    """A hit a page; where there are more than ``dates.many``, one note for all of them.

    Args:
        site: the site.
        doubts: the pages, in order.
        summary: Chinese, ``{n}`` stands for how many there are.
        key: of the one hit for all.
        level: of single hits, where not that of the rule.
    """
    many = int(site.threshold("dates", "many"))
    first: list[Doubt] = []
    pages: list[int] = []
    for doubt in doubts:
        pages.append(doubt.page)
        if len(first) <= many:
            first.append(doubt)
    if len(pages) > many:
        yield SiteHit(
            pages,
            key,
            quote=first[0].quote,
            message=summary.format(n=len(pages)),
            level=Level.NOTE,
            confidence=Confidence.LOW,
        )
        return
    for doubt in first:
        yield SiteHit([doubt.page], doubt.url, quote=doubt.quote, message=doubt.message, level=level)
