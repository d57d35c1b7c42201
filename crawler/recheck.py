"""Fetch what was approved and see whether it is still what was approved (读网复查)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack

from crawler.fetch import PAGE_TYPES, Fetched, Fetcher, Kind, Limits
from crawler.links import _ask, _Host, judge
from qa import drift
from qa.approval import Approval, File, is_file
from qa.document import Document
from qa.drift import Comparison
from qa.drift_rules import MISSING_ATTACHMENT
from qa.engine import Outcome
from qa.finding import Level
from qa.passes import Gates, Unchecked
from qa.readers import read
from qa.source import Source, UnreadableError

GATES = Gates(default=Level.WARNING)
"""Everything but a note is drift."""
MAX_FILES = 100
"""Attachments and images of one article that are asked for."""
_GONE = frozenset({404, 410})
_MEDIA = {"text/plain": "text", "text/markdown": "markdown"}


def assess(approval: Approval, url: str, fetched: Fetched) -> tuple[Comparison, Document | None]:
    """What an answer says about an approved article; never raises for what a page holds.

    Args:
        approval: what was approved.
        url: where it should be.
        fetched: what came back from there.
    """
    failure = fetched.failure
    if failure is not None:
        if failure.status in _GONE:
            where = f"跳转到 {fetched.final_url} 后，" if fetched.hops else ""
            return drift.offline(f"{where}{failure.message}"), None
        return Comparison(gap=f"网页打不开，没有核对：{failure.message}"), None
    if fetched.hops and drift.moved_home(url, fetched.final_url):
        return drift.offline("被转到网站首页，原网页可能已不存在"), None
    if not fetched.body.strip():
        return drift.offline("网页打开后没有内容"), None
    try:
        source = Source.from_bytes(
            fetched.body,
            url,
            media=_MEDIA.get(fetched.content_type, "html"),
            http_charset=fetched.charset,
            url=fetched.final_url or url,
        )
        document = read(source)
        return drift.compare(approval, document), document
    except UnreadableError as error:
        reason = str(error)
    except MemoryError:
        reason = "内存不足"
    except Exception as error:  # noqa: BLE001 - one bad page must not stop the others
        reason = f"核对时出错：{type(error).__name__}：{error}"
    return Comparison(gap=f"网页读不出来，没有核对：{reason}"), None


def _outcome(
    approval: Approval, url: str, found: Comparison, document: Document | None, gaps: list[Unchecked]
) -> Outcome:
    outcome = Outcome(url, title=approval.article.title, identity=approval.identity, media="html")
    if document is not None:
        outcome.encoding = document.source.encoding
        outcome.notices = list(document.source.notices)
    outcome.notices += found.notices
    if found.gap:
        outcome.unchecked.append(Unchecked(found.gap))
    outcome.unchecked += gaps
    outcome.findings = drift.findings(found.drifts, approval, url, document)
    return outcome.settle(GATES)


class _Rechecker:
    """Two clients (public addresses alone, and all), and every host's turns."""

    def __init__(self, guarded: Fetcher, free: Fetcher, per_host: int, spacing: float, private: bool) -> None:
        self._guarded = guarded
        self._free = free
        self._private = private
        self._per_host = per_host
        self._spacing = spacing
        self._hosts: dict[str, _Host] = {}
        self._reading = asyncio.Lock()

    def _host(self, url: str) -> _Host:
        name = url.partition("//")[2].partition("/")[0].lower()
        return self._hosts.setdefault(name, _Host(self._per_host, self._spacing))

    async def article(self, approval: Approval, url: str) -> Outcome:
        """Fetch one article's page and what it lists."""
        host = self._host(url)
        async with host.turns:
            await host.wait()
            fetched, fetcher = await self._page(url)
        async with self._reading:  # one page at a time in memory as a document
            found, document = await asyncio.to_thread(assess, approval, url, fetched)
        gaps: list[Unchecked] = []
        asked: dict[str, File] = {}
        for file, address in found.files:
            asked.setdefault(address, file)
        for address, file in list(asked.items())[:MAX_FILES]:
            cause, sure = await self._file(fetcher, address)
            if cause and sure:
                found.drifts.append(drift.dead_file(file, address, cause))
            elif cause:
                words = f"附件或图片“{drift.clip(file.name or file.base, 50)}”没有查到：{cause}"
                gaps.append(Unchecked(words, MISSING_ATTACHMENT.id, MISSING_ATTACHMENT.passes))
        if len(asked) > MAX_FILES:
            words = f"附件和图片共 {len(asked)} 个，只查了前 {MAX_FILES} 个"
            gaps.append(Unchecked(words, MISSING_ATTACHMENT.id, MISSING_ATTACHMENT.passes))
        return _outcome(approval, url, found, document, gaps)

    async def _page(self, url: str) -> tuple[Fetched, Fetcher]:
        """A page, asked for in a private network only where its own address lies in one."""
        if self._private:
            return await self._free.fetch(url, types=PAGE_TYPES), self._free
        fetched = await self._guarded.fetch(url, types=PAGE_TYPES)
        if fetched.failure is not None and fetched.failure.kind is Kind.PRIVATE and not fetched.hops:
            return await self._free.fetch(url, types=PAGE_TYPES), self._free
        return fetched, self._guarded

    async def _file(self, fetcher: Fetcher, url: str) -> tuple[str, bool]:
        """``(what is wrong, whether that is sure)``; both empty where all is well."""
        host = self._host(url)
        async with host.turns:
            await host.wait()
            fetched = await _ask(fetcher, url)
        failure = fetched.failure
        if failure is not None:
            return failure.message, failure.status in _GONE
        if drift.moved_home(url, fetched.final_url) and fetched.hops:
            return "被转到网站首页", True
        if is_file(url) and fetched.content_type == "text/html":
            return "打开的是网页，不是文件", True
        return judge(url, fetched).cause if not fetched.hops else "", False


async def recheck(
    articles: Sequence[tuple[Approval, str]],
    *,
    limits: Limits | None = None,
    allow_private: bool = False,
    concurrency: int = 8,
    per_host: int = 2,
    spacing: float = 0.2,
    progress: Callable[[int, int], None] | None = None,
) -> list[Outcome]:
    """Recheck articles; outcomes come in their order, without their documents.

    Args:
        articles: what was approved, and where it should be.
        limits: bytes, seconds, redirects, retries.
        allow_private: whether pages may lead into private networks; an address given that lies in
            one itself may be asked in any case.
        concurrency: articles at a time; ``per_host``: requests at a time at one host, ``spacing``
            seconds apart at least.
        per_host: see above.
        spacing: see above.
        progress: told ``(done, of)`` after each.
    """
    found: dict[int, Outcome] = {}
    waiting = iter(enumerate(articles))
    bounds = limits or Limits(bytes=16 << 20)
    async with AsyncExitStack() as stack:
        guarded = await stack.enter_async_context(Fetcher(bounds, connections=concurrency * 2))
        free = await stack.enter_async_context(
            Fetcher(bounds, allow_private=True, connections=concurrency * 2)
        )
        rechecker = _Rechecker(guarded, free, per_host, spacing, allow_private)

        async def work() -> None:
            for number, (approval, url) in waiting:
                found[number] = await rechecker.article(approval, url)
                if progress is not None:
                    progress(len(found), len(articles))

        async with asyncio.TaskGroup() as group:
            for _ in range(min(concurrency, len(articles))):
                group.create_task(work())
    return [found[number] for number in range(len(articles))]
