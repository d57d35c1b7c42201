"""Addresses: one spelling for each, so that one page is fetched once.

Parsing follows the WHATWG URL standard (ada): that is what browsers do with an ``href``.  On top
of it session numbers are taken out, since they make endless addresses of one page.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

import ada_url

MAX_LENGTH = 2000
"""Characters; longer addresses are nobody's pages and are not followed."""

_SESSION_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.IGNORECASE)
_DROPPED = frozenset(
    [
        "jsessionid",
        "phpsessid",
        "aspsessionid",
        "cfid",
        "cftoken",
        "zenid",
        "spm",
        "spm_id_from",
        "share_token",
        "from_source",
    ]
)
"""Keys of queries that never choose a page: session numbers, and where a visitor came from."""
_MAYBE_SESSION = frozenset(["sid", "session_id", "sessionid"])
"""Keys that may as well stand for a section or a site: only a long random value is a session."""
_RANDOM = re.compile(r"(?=\D*\d)[\w-]{16,}", re.ASCII)
_ROOTED = ("/", "http://", "https://")
_ON_PAGE = re.compile(r"\A\?|[#:\t\n\r]")
"""In an ``href`` whose meaning may hang on the page's own name and query."""
_ABSOLUTE = re.compile(r"https?:[/\\]{2}", re.IGNORECASE)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_TRIM = "".join(map(chr, range(33)))
"""What browsers take off both ends; wide blanks they ask the server for, so that such a link is often dead."""


def _escape(match: re.Match[str]) -> str:
    char = chr(int(match.group(1), 16))
    return char if char in _PLAIN else match.group().upper()


def _tidy(url: str) -> str:
    """A parsed address (no fragment) in its one spelling: escapes in capitals, no session numbers."""
    if "%" in url:
        url = _ESCAPE.sub(_escape, url)
    if ";" in url:
        at = url.index("/", len("https://"))
        plain = url[:at] + _SESSION_PATH.sub("", url[at:])
        if plain != url:
            url = ada_url.normalize_url(plain)  # what is left may be a dot
    at = url.find("?")
    if at < 0:
        return url
    path, query = url[:at], url[at + 1 :]
    kept = "&".join(part for part in query.split("&") if not _drops(part))
    return f"{path}?{kept}" if kept else path


def _drops(part: str) -> bool:
    key, _, value = part.partition("=")
    key = key.lower()
    if key in _MAYBE_SESSION:
        return _RANDOM.fullmatch(value) is not None
    return key in _DROPPED or key.startswith("utm_")


_PLAIN_PATH = re.compile(r"/?[A-Za-z0-9_-][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*/?", re.ASCII)
_FOLDER = re.compile(
    r"https?://[a-z0-9.-]+(?::(?!80/|443/)[1-9][0-9]*)?/(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*/)*", re.ASCII
)
"""A path that says itself: appended to a folder, or to the root, it is the address."""


@lru_cache(maxsize=8192)
def resolve(base: str, href: str) -> tuple[str, str] | None:
    """An ``href`` made absolute: ``(address without fragment, fragment)``.

    The fragment is percent-decoded, empty where there is none.  ``None``: not an address that
    can be fetched over HTTP (``mailto:``, ``javascript:``, malformed).

    Args:
        base: absolute address of the page, or its ``<base href>`` made absolute.
        href: as written in the page, entities resolved.
    """
    if len(href) <= MAX_LENGTH and _PLAIN_PATH.fullmatch(href) and _FOLDER.fullmatch(base):
        if href[0] != "/":
            return base + href, ""
        if base.count("/") == 3:
            return base + href[1:], ""
    href = href.strip(_TRIM)
    try:
        joined = ada_url.join_url(base, href)
    except ValueError:
        return None
    if not joined.startswith(("http://", "https://")):
        return None
    url, _, fragment = joined.partition("#")
    if len(url) > MAX_LENGTH * 3:
        return None
    return _tidy(url), unquote(fragment) if fragment else ""


def canonical(url: str) -> str | None:
    """An absolute address, as people type it, in its one spelling, without fragment; ``None`` where it is none."""
    url = url.strip(_TRIM + "\u3000\u00a0\ufeff\u200b")
    found = resolve(url, "") if _ABSOLUTE.match(url) else None
    return found[0] if found else None


def folder(url: str) -> str:
    """The address up to and with the last slash of its path: what relative links hang on."""
    path = url.partition("?")[0]
    return path[: path.rindex("/") + 1]


@lru_cache(maxsize=4096)
def host(url: str) -> str:
    """Host with port, lower case: ``www.example.com``, ``127.0.0.1:8080``."""
    return url.partition("//")[2].partition("/")[0].partition("?")[0].rpartition("@")[2]


class Resolver:
    """Resolves the links of one page; addresses that look alike on every page are found by memory."""

    __slots__ = ("_base", "_folder", "_here", "_root")

    def __init__(self, url: str, base: str | None = None) -> None:
        found = resolve(url, base) if base else None
        self._base = found[0] if found else url
        self._here = url
        self._folder = folder(self._base)
        head, _, rest = self._base.partition("//")
        self._root = f"{head}//{rest.partition('/')[0]}/"

    def __call__(self, href: str) -> tuple[str, str] | None:
        """As :func:`resolve`. An empty ``href`` is the page itself."""
        if href.startswith(_ROOTED):
            return resolve(self._root, href)
        href = href.strip(_TRIM)
        if href.startswith(_ROOTED):
            return resolve(self._root, href)
        if not href or _ON_PAGE.search(href):
            return resolve(self._base, href)
        return resolve(self._folder, href)
