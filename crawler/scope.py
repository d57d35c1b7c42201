"""What belongs to a site, and what an address is asked for."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import lru_cache

from qa import __version__
from qa.site.options import CrawlOptions
from qa.site.store import CHECK, PAGE
from qa.site.urls import MAX_LENGTH, host

_FILES = frozenset(
    [
        "7z",
        "apk",
        "avi",
        "bin",
        "bmp",
        "bz2",
        "css",
        "csv",
        "dat",
        "doc",
        "docm",
        "docx",
        "dps",
        "dwg",
        "eot",
        "epub",
        "et",
        "exe",
        "flv",
        "gif",
        "gz",
        "ico",
        "iso",
        "jar",
        "jpeg",
        "jpg",
        "js",
        "json",
        "m3u8",
        "m4a",
        "mid",
        "mkv",
        "mov",
        "mp3",
        "mp4",
        "mpeg",
        "mpg",
        "msi",
        "ofd",
        "ogg",
        "otf",
        "pdf",
        "png",
        "pot",
        "pps",
        "ppt",
        "pptx",
        "psd",
        "rar",
        "rm",
        "rmvb",
        "rtf",
        "svg",
        "swf",
        "tar",
        "tgz",
        "tif",
        "tiff",
        "ttf",
        "wav",
        "webm",
        "webp",
        "wma",
        "wmv",
        "woff",
        "woff2",
        "wps",
        "xls",
        "xlsm",
        "xlsx",
        "xml",
        "xz",
        "zip",
    ]
)
"""Endings that are files, not pages: asked only whether they are there."""
_MAX_SEGMENTS = 20
_MAX_SAME = 3
"""``/a/b/a/b/a/b/``: an address that holds one folder more often is made by a faulty relative link."""


class ScopeError(Exception):
    """An option that makes no sense; the message is Chinese."""


def _matcher(pattern: str) -> Callable[[str], bool]:
    if pattern.startswith("re:"):
        try:
            expression = re.compile(pattern[3:])
        except re.error as error:
            raise ScopeError(f"正则表达式“{pattern[3:]}”写法有误：{error}") from error
        return lambda url: expression.search(url) is not None
    return lambda url: url.startswith(pattern)


class Scope:
    """Decides by address alone, so that the same site is covered the same way every night.

    Args:
        home: canonical address of the home page.
        options: hosts, include, exclude.

    Attributes:
        stamp: number its decisions are known by.

    Raises:
        ScopeError: a pattern that does not compile.
    """

    def __init__(self, home: str, options: CrawlOptions) -> None:
        self._hosts = {host(home)}
        self._below: list[str] = []
        for name in options.hosts:
            if name.startswith("*."):
                self._below.append(name[1:].lower())
            else:
                self._hosts.add(name.lower())
        self._include = [_matcher(pattern) for pattern in options.include]
        self._exclude = [_matcher(pattern) for pattern in options.exclude]
        self._home = home
        self._words = (
            home,
            __version__,
            sorted(options.include),
            sorted(options.exclude),
            sorted(self._below),
        )
        self.stamp = self._stamped()
        self.inside = lru_cache(maxsize=4096)(self._inside)
        self.purpose = lru_cache(maxsize=8192)(self._purpose)

    def _stamped(self) -> int:
        """What decisions made in this scope are known by: 63 bits."""
        words = repr((self._words, sorted(self._hosts))).encode()
        return int.from_bytes(hashlib.blake2b(words, digest_size=8).digest(), "big") >> 1

    def _inside(self, name: str) -> bool:
        """Whether a host (with port) is in scope."""
        bare = name.partition(":")[0]
        return name in self._hosts or any(bare.endswith(tail) for tail in self._below)

    def admit(self, name: str) -> None:
        """Take a host into scope."""
        self._hosts.add(name)
        self.stamp = self._stamped()
        self.inside.cache_clear()
        self.purpose.cache_clear()

    def excluded(self, url: str) -> bool:
        """Whether the options leave an address out, whatever it is."""
        return any(matches(url) for matches in self._exclude)

    def _purpose(self, url: str, followed: bool) -> str:
        """What to ask an address for: ``page``, ``check``, or nothing (``""``).

        Args:
            url: canonical.
            followed: whether the link is one that leads to pages (an image's address is not).
        """
        if self.excluded(url):
            return ""
        if not followed or not self._inside(host(url)) or is_file(url):
            return CHECK
        if len(url) > MAX_LENGTH or _endless(url):
            return ""
        if self._include and url != self._home and not any(matches(url) for matches in self._include):
            return CHECK
        return PAGE


@lru_cache(maxsize=4096)
def _is_file_ending(ending: str) -> bool:
    return ending in _FILES


def is_file(url: str) -> bool:
    """Whether an address ends like a file that is no page."""
    path = url.partition("?")[0]
    name = path[path.rfind("/") + 1 :]
    dot = name.rfind(".")
    return dot > 0 and _is_file_ending(name[dot + 1 :].lower())


def _endless(url: str) -> bool:
    """Whether a faulty relative link is growing the path without end."""
    segments = [part for part in url.partition("?")[0].split("/")[3:-1] if part]
    if len(segments) > _MAX_SEGMENTS:
        return True
    return (
        any(segments.count(part) > _MAX_SAME for part in set(segments))
        if len(segments) > _MAX_SAME
        else False
    )
