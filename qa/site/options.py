"""How a site is crawled: scope, limits, politeness; the same options on the command line and in a file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class CrawlOptions:
    """Options of one crawl; each is a key of a ``[[sites]]`` table and an option of ``shenjiao crawl``.

    Attributes:
        seeds: further addresses to start from, besides the home page.
        hosts: hosts in scope besides the home page's own; ``*.example.com`` for all below it.
        include, exclude: address prefixes or ``re:`` regular expressions; pages must match one of
            ``include`` (where there is any) and none of ``exclude``.
        max_pages: pages fetched at most; 0: no limit. ``max_depth``: clicks from the home page.
        max_seconds: for the whole crawl; 0: no limit.
        max_bytes: of one body, decoded.
        concurrency: requests at a time at one host; ``total``: at all hosts together.
        rate: requests a second at one host at most; 0: as fast as the host answers.
        timeout: seconds for one request; ``connect``: for connecting.
        retries: further tries of what can heal.
        robots: obey robots.txt. ``False`` is for one's own site and is written into the run.
        sitemaps: start from sitemaps too.
        external: check links to other sites. ``external_age``: hours for which a good answer
            of an earlier run is still believed; bad ones are always asked again.
        probes: learn soft 404s by asking for made-up addresses.
        allow_private: addresses in private networks may be asked even where public pages lead there.
        user_agent: what the crawler calls itself; empty: the usual name.
        insecure: do not check TLS certificates (they are still told of).
    """

    seeds: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_pages: int = 0
    max_depth: int = 0
    max_seconds: float = 0
    max_bytes: int = 20_000_000
    concurrency: int = 4
    total: int = 32
    rate: float = 10.0
    timeout: float = 30.0
    connect: float = 10.0
    retries: int = 2
    robots: bool = True
    sitemaps: bool = True
    external: bool = True
    external_age: float = 20.0
    probes: bool = True
    allow_private: bool = False
    user_agent: str = ""
    insecure: bool = False

    def to_json(self) -> str:
        """For the run store."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
