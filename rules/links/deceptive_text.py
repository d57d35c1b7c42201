"""A link whose text is one address and whose target is another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from qa.document import Document
from qa.finding import Level, Pass
from qa.patterns import lazy
from qa.rule import Bad, Hit, rule
from rules._standards import EDITING
from rules.links._classify import facts

_SHOWN = lazy(
    r"(?:https?://|www\.)[A-Za-z0-9][\w.-]*\.[A-Za-z]{2,}(?::\d+)?(?:[/?#][!-~]*)?\Z", re.IGNORECASE
)
_CUT = lazy(r"(?:\.{3,}|…+)\Z")
_INDEX = lazy(r"/(?:index|default)\.\w+\Z", re.IGNORECASE)


def _parts(address: str) -> tuple[str, str, str]:
    """Host without ``www.``, path without index page and closing slash, query."""
    parts = urlsplit(address if "//" in address[:8] else f"http://{address}")
    host = (parts.hostname or "").lower().removeprefix("www.")
    return host, _INDEX.sub("", unquote(parts.path)).rstrip("/").lower(), unquote(parts.query)


def _differs(shown: str, target: str, *, cut: bool) -> bool:
    """Whether the two lead to different places, small matters of writing aside."""
    try:
        host, path, query = _parts(shown)
        other_host, other_path, other_query = _parts(target)
    except ValueError:
        return False
    if host != other_host:
        return True
    if not path and not query:
        return False  # the text names the site, the link a page of it
    if cut:
        return not f"{other_path}?{other_query}".startswith(f"{path}?{query}" if query else path)
    return path != other_path or (bool(query) and query != other_query)


@rule(
    title="显示的网址与实际去向不同",
    level=Level.WARNING,
    passes=Pass.REVIEW2,
    basis=EDITING["链接"],
    bad=(
        Bad('<p>网址：<a href="http://www.example.net/">⟦http://www.example.com/⟧</a></p>'),
        Bad('<p><a href="https://www.example.com/b.html">⟦https://www.example.com/a.html⟧</a></p>'),
        Bad('<p><a href="http://www.example.com/c/1">⟦www.example.com/b/...⟧</a></p>'),
        Bad('<p><a href="http://www.example.com/?id=2">⟦http://www.example.com/?id=1⟧</a></p>'),
    ),
    good=(
        '<a href="https://www.example.com/">http://example.com</a>',
        '<a href="http://www.example.com/a/b.html">www.example.com</a>',
        '<a href="http://www.example.com/a/b/c.html">http://www.example.com/a/b…</a>',
        '<a href="http://www.example.com/%E7%94%B2/index.html?x=1">http://www.example.com/%e7%94%b2/</a>',
        '<a href="http://www.example.net/">www 网站名录页面</a>',
        '<a href="http://[::1">http://www.example.com/</a>',
        '<a href="a.html">https://www.example.com/</a>',
    ),
)
def deceptive_text(document: Document) -> Iterator[Hit]:
    """读者看着一个网址，点开的却是另一个：或是改稿时漏改链接，或是链接被人替换。

    协议、“www.”、首页文件名、大小写等写法差别不算；显示时截短的网址按开头比对。
    """
    for link in facts(document).addressed:
        shown = document.slice(link.span).strip()
        cut = _CUT.search(shown)
        if cut:
            shown = shown[: cut.start()]
        target = (link.href or "").strip()
        if not _SHOWN.match(shown) or not target.lower().startswith(("http://", "https://", "//")):
            continue
        if _differs(shown, target, cut=cut is not None):
            yield Hit(link.span, f"显示的是 {shown}，实际打开的是 {target[:120]}；请核对")
