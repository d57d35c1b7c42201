"""Addresses without end: calendars, session numbers, query strings that multiply one page.

A trap shows by what it serves: pages that lead only to more addresses of their own shape and
differ in nothing but figures, or one path that answers every query with the same page.  Shapes
are closed between two levels of a crawl only, so that coverage does not hang on timing.
"""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from functools import lru_cache

_DIGITS = re.compile(r"\d+")
_NOISE = re.compile(
    rb"""\d+|(?:href|src|action|value|content)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE
)
_BARREN = 40
"""Pages of one shape that bring nothing but their like before the shape is closed."""
_TWINS = 30
"""Pages under one set of query keys that repeat another page of their path before it is closed."""
_SHARE = 0.8
_SHAPES = 20_000


@lru_cache(maxsize=8192)
def shape(url: str) -> str:
    """An address without its figures and query values: what calendars and lists have in common."""
    path, _, query = url.partition("?")
    folded = _DIGITS.sub("0", path)
    return f"{folded}?{keys(query)}" if query else folded


def keys(query: str) -> str:
    """The set of a query's keys."""
    return "&".join(sorted({part.partition("=")[0] for part in query.split("&")}))


def likeness(body: bytes) -> int:
    """Hash of a page without figures and addresses: equal for the pages of a calendar."""
    return int.from_bytes(hashlib.blake2b(_NOISE.sub(b"", body), digest_size=8).digest(), "big")


class _Shape:
    __slots__ = ("barren", "seen", "total", "twins")

    def __init__(self) -> None:
        self.seen: set[int] = set()
        self.barren = 0
        self.twins = 0
        self.total = 0

    @property
    def endless(self) -> bool:
        """Judged between levels, on all of one: the order of answers must not tell."""
        return self.barren >= _BARREN or (self.twins >= _TWINS and self.twins >= _SHARE * self.total - 1)


class Traps:
    """Watches the pages of a crawl."""

    def __init__(self) -> None:
        self._shapes: OrderedDict[str, _Shape] = OrderedDict()
        self.closed: set[str] = set()
        self.dropped: dict[str, int] = {}
        self._waiting: set[str] = set()

    def _shape(self, name: str) -> _Shape:
        found = self._shapes.get(name)
        if found is None:
            found = self._shapes[name] = _Shape()
            if len(self._shapes) > _SHAPES:
                self._shapes.popitem(last=False)
        return found

    def page(self, url: str, body: bytes, own: int, other: int) -> None:
        """A page came.

        Args:
            own: new addresses of its own shape it leads to; ``other``: of any other.
        """
        path, _, query = url.partition("?")
        if query:
            name = f"{path.split('/')[2]}?{keys(query)}"
            group = self._shape(name)
            group.total += 1
            like = hash((path, likeness(body)))
            if like in group.seen:
                group.twins += 1
                if group.twins >= _TWINS:
                    self._waiting.add(name)
            elif len(group.seen) < 10_000:
                group.seen.add(like)
        if own and not other:
            name = shape(url)
            group = self._shape(name)
            like = likeness(body)
            if like in group.seen:
                group.barren += 1
                if group.barren >= _BARREN:
                    self._waiting.add(name)
            elif len(group.seen) < 1000:
                group.seen.add(like)

    def settle(self) -> set[str]:
        """Close what was found; called between levels. Returns what is newly closed."""
        new = {name for name in self._waiting - self.closed if self._shape(name).endless}
        self.closed |= new
        return new

    def holds(self, url: str) -> str:
        """The closed shape an address belongs to; empty where it is free."""
        if not self.closed:
            return ""
        name = shape(url)
        if name in self.closed:
            return name
        path, _, query = url.partition("?")
        if query:
            name = f"{path.split('/')[2]}?{keys(query)}"
            if name in self.closed:
                return name
        return ""
