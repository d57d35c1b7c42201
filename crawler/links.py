"""Are the addresses of a page alive? One check an address, gentle with every host.

``HEAD`` first, ``GET`` where that is refused or fails.  What comes back is a judgement in three
kinds: dead, moved for good, and not to be told from here; rules turn it into findings.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from crawler.fetch import Failure, Fetched, Fetcher, Kind, Limits
from qa.document import Document, LinkVerdict
from rules.links._classify import absolute, address, inside, references, target_of

State = Literal["alive", "moved", "dead", "unsure"]

_DEAD = frozenset(
    {Kind.DNS, Kind.REFUSED, Kind.TLS_EXPIRED, Kind.TLS_HOST, Kind.LOOP, Kind.REDIRECTS, Kind.BAD_URL}
)
_DEAD_STATUS = frozenset({404, 410, 500, 501, 502, 504})
"""Other refusals (401, 403, 412, 429, 503 …) are what crawlers get where people get in."""
_OFFLINE = frozenset({Kind.DNS, Kind.DNS_TEMPORARY, Kind.UNREACHABLE})
_CONFIRM = frozenset(
    {
        Kind.RESET,
        Kind.TRUNCATED,
        Kind.MALFORMED,
        Kind.TIMEOUT,
        Kind.CLIENT_ERROR,
        Kind.SERVER_ERROR,
        Kind.LOOP,
    }
)
"""Failures of ``HEAD`` that ``GET`` may not share: many servers never tried ``HEAD``."""


@dataclass(frozen=True, slots=True)
class LinkResult:
    """What became of one address.

    Attributes:
        state: ``alive``, ``moved`` (for good), ``dead`` or ``unsure``.
        cause: Chinese; empty where it is alive.
        address: where it ended up.
    """

    url: str
    state: State
    status: int = 0
    cause: str = ""
    address: str = ""
    failure: Failure | None = None

    @property
    def verdict(self) -> LinkVerdict | None:
        """In the shape rules read; ``None`` where nothing is wrong."""
        if self.state == "alive":
            return None
        return LinkVerdict(self.state, self.cause, self.address if self.state == "moved" else "")


def external_urls(document: Document, *, own: bool = True) -> list[str]:
    """Absolute addresses a document names, each once, in order, without fragments.

    Args:
        document: links, images and resources are looked at; relative ones count where the
            document has an address of its own.
        own: whether addresses on the document's own host count.
    """
    found: dict[str, None] = {}
    host = address(document.source.url).host if document.source.url else ""
    for reference in references(document):
        url = absolute(document, target_of(reference))
        if url is not None and (own or address(url).host != host):
            found[url] = None
    return list(found)


def allows_private(documents: Iterable[Document]) -> bool:
    """Whether private addresses may be asked: only where every page with an address lies on one."""
    pages = [document for document in documents if document.source.url]
    return bool(pages) and all(inside(document) for document in pages)


def attach(document: Document, results: Mapping[str, LinkResult]) -> None:
    """Hand a document the results that concern it, for the rule ``links/dead_external``."""
    verdicts: dict[str, LinkVerdict] = {}
    for url in external_urls(document):
        result = results.get(url)
        if result is not None and result.verdict is not None:
            verdicts[url] = result.verdict
    document.link_results = verdicts


def judge(url: str, fetched: Fetched) -> LinkResult:
    """What an answer says about the address."""
    failure, status, final = fetched.failure, fetched.status, fetched.final_url
    if failure is not None:
        dead = failure.kind in _DEAD or failure.status in _DEAD_STATUS
        cause = failure.message
        if dead and fetched.hops:
            cause = f"跳转到 {final} 后，{cause}"
        return LinkResult(url, "dead" if dead else "unsure", status, cause, final, failure)
    if fetched.hops and _path(final) == "" and _path(url) != "":
        return LinkResult(url, "unsure", status, "被转到网站首页，原网页可能已不存在", final)
    if fetched.permanent and final.rstrip("/") != url.rstrip("/"):
        return LinkResult(url, "moved", status, f"已永久迁移（{fetched.hops[0].status}）", final)
    return LinkResult(url, "alive", status, "", final)


def _path(url: str) -> str:
    """Path and query of an address; empty for a site's front page."""
    rest = url.partition("//")[2].partition("/")[2].partition("#")[0]
    return "" if rest.lower().startswith(("index.", "default.")) and "?" not in rest else rest


class _Host:
    """Turns at one host: so many at a time, and so far apart."""

    def __init__(self, at_once: int, spacing: float) -> None:
        self.turns = asyncio.Semaphore(at_once)
        self.spacing = spacing
        self.next = 0.0

    async def wait(self) -> None:
        """Wait for one's turn."""
        now = asyncio.get_running_loop().time()
        at = max(now, self.next)
        self.next = at + self.spacing
        if at > now:
            await asyncio.sleep(at - now)


async def check_links(
    urls: Iterable[str],
    *,
    concurrency: int = 16,
    per_host: int = 2,
    spacing: float = 0.1,
    timeout: float = 15.0,  # noqa: ASYNC109 - a limit for each address, not for this call
    retries: int = 1,
    total: float | None = None,
    allow_private: bool = False,
    verify: ssl.SSLContext | bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, LinkResult]:
    """Check addresses; results come in the order the addresses were given.

    Args:
        urls: absolute addresses; each is checked once however often it is named.
        concurrency: checks at a time.
        per_host: checks at a time at one host.
        spacing: seconds between two checks at one host.
        timeout: seconds for one address in all, retries included.
        retries: further tries of what can heal.
        total: seconds for everything; what was not reached is ``unsure``.
        allow_private: whether addresses in private networks may be asked.
        verify: as httpx has it.
        progress: told ``(done, of)`` after each.
    """
    wanted = list(dict.fromkeys(urls))
    results: dict[str, LinkResult] = {}
    hosts: dict[str, _Host] = {}
    slots = asyncio.Semaphore(concurrency)
    step = min(timeout, 10.0)
    limits = Limits(
        bytes=1 << 20, connect=step, read=step, total=timeout, retries=retries, retry_after=min(timeout, 5.0)
    )

    async with Fetcher(
        limits, allow_private=allow_private, verify=verify, connections=concurrency
    ) as fetcher:

        async def one(url: str) -> None:
            name = url.partition("//")[2].partition("/")[0].lower()
            host = hosts.get(name) or hosts.setdefault(name, _Host(per_host, spacing))
            async with host.turns:
                await host.wait()
                async with slots:
                    results[url] = judge(url, await _ask(fetcher, url))
            if progress is not None:
                progress(len(results), len(wanted))

        try:
            async with asyncio.timeout(total), asyncio.TaskGroup() as group:
                for url in wanted:
                    group.create_task(one(url))
        except TimeoutError:
            pass  # what is missing is filled in below
    for url in wanted:
        results.setdefault(url, LinkResult(url, "unsure", cause="超过检查总时限，没有检查"))
    return _doubt_if_offline({url: results[url] for url in wanted})


async def _ask(fetcher: Fetcher, url: str) -> Fetched:
    fetched = await fetcher.fetch(url, method="HEAD", body=False, retries=0)
    failure = fetched.failure
    if failure is not None and failure.kind in _CONFIRM and failure.status != 429:
        fetched = await fetcher.fetch(url, body=False)
    elif failure is not None and failure.healable:
        fetched = await fetcher.fetch(url, method="HEAD", body=False)
    return fetched


def _doubt_if_offline(results: dict[str, LinkResult]) -> dict[str, LinkResult]:
    """Where no host at all could be found, it is this machine that is cut off."""
    failures = [result.failure for result in results.values()]
    hosts = {address(url).host for url in results}
    if len(hosts) < 3 or any(failure is None or failure.kind not in _OFFLINE for failure in failures):
        return results
    cause = "所有网址都连不上，本机可能没有联网"
    return {url: LinkResult(url, "unsure", 0, cause, "", result.failure) for url, result in results.items()}


def check_links_sync(
    urls: Iterable[str],
    *,
    concurrency: int = 16,
    per_host: int = 2,
    spacing: float = 0.1,
    timeout: float = 15.0,
    retries: int = 1,
    total: float | None = None,
    allow_private: bool = False,
    verify: ssl.SSLContext | bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, LinkResult]:
    """:func:`check_links`, waited for."""
    return asyncio.run(
        check_links(
            urls,
            concurrency=concurrency,
            per_host=per_host,
            spacing=spacing,
            timeout=timeout,
            retries=retries,
            total=total,
            allow_private=allow_private,
            verify=verify,
            progress=progress,
        )
    )
