"""HTTP clients side by side: why the hot path of a crawl is libcurl and not httpx.

    python tests/bench/clients.py [--requests 3000] [--rounds 3]

One process, 32 connections, nginx on loopback, pages of 12 KB; each client runs in a process of its
own.  Peers that are not installed are named: ``pip install httpx-aiohttp aiohttp uvloop``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2]))

CONNECTIONS = 32
SIZE = 12_000


def ours(urls: list[str]) -> int:
    """crawler.transport: libcurl's multi interface."""
    from crawler.transport import Request, Transport
    from qa.site.options import CrawlOptions

    transport = Transport(CrawlOptions(allow_private=True))
    waiting = iter(urls)
    size = 0
    following: str | None = next(waiting, None)
    while following is not None or len(transport):
        while following is not None and len(transport) < CONNECTIONS:
            transport.start(Request(following, private=True))
            following = next(waiting, None)
        size += sum(len(response.body) for response in transport.poll(1.0))
    transport.close()
    return size


async def _httpx(urls: list[str], *, over_aiohttp: bool) -> int:
    import httpx

    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    if over_aiohttp:
        from httpx_aiohttp import AiohttpTransport

        client = httpx.AsyncClient(transport=AiohttpTransport(limits=limits), trust_env=False)
    else:
        client = httpx.AsyncClient(limits=limits, trust_env=False, timeout=60)
    waiting = iter(urls)
    size = 0

    async def work() -> None:
        nonlocal size
        for url in waiting:
            body = (await client.get(url)).content
            size += len(body)

    async with client:
        await asyncio.gather(*(work() for _ in range(CONNECTIONS)))
    return size


async def _aiohttp(urls: list[str]) -> int:
    import aiohttp

    waiting = iter(urls)
    size = 0

    async def work(session: aiohttp.ClientSession) -> None:
        nonlocal size
        for url in waiting:
            async with session.get(url) as response:
                body = await response.read()
            size += len(body)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as session:
        await asyncio.gather(*(work(session) for _ in range(CONNECTIONS)))
    return size


def _uvloop(urls: list[str]) -> int:
    import uvloop

    return uvloop.run(_aiohttp(urls))


CLIENTS = {
    "libcurl（本程序）": ours,
    "httpx": lambda urls: asyncio.run(_httpx(urls, over_aiohttp=False)),
    "httpx + httpx-aiohttp": lambda urls: asyncio.run(_httpx(urls, over_aiohttp=True)),
    "aiohttp": lambda urls: asyncio.run(_aiohttp(urls)),
    "aiohttp + uvloop": _uvloop,
}


def run(name: str, base: str, requests: int) -> None:
    """One client, in this process: prints its figures as JSON."""
    urls = [f"{base}{number % 50}.html" for number in range(requests)]
    try:
        CLIENTS[name](urls[:50])
    except ImportError as error:
        print(json.dumps({"missing": str(error)}))
        return
    cpu, wall = time.process_time(), time.perf_counter()
    size = CLIENTS[name](urls)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert size == requests * SIZE, size
    print(json.dumps({"rate": requests / wall, "cpu": cpu / requests * 1e6}))


def main() -> None:
    """Run all of them and print ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", nargs=2, metavar=("CLIENT", "BASE"))
    options = parser.parse_args()
    if options.one:
        run(*options.one, options.requests)
        return
    import nginx

    with tempfile.TemporaryDirectory() as folder:
        pages = Path(folder, "www")
        pages.mkdir()
        for number in range(50):
            (pages / f"{number}.html").write_bytes(b"x" * SIZE)
        with nginx.running([nginx.Block(pages)]) as (base,):
            results: dict[str, list[dict[str, float]]] = {}
            for _ in range(options.rounds):
                for name in CLIENTS:
                    command = [sys.executable, __file__, "--requests", str(options.requests)]
                    done = subprocess.run(
                        [*command, "--one", name, f"{base}/"], stdout=subprocess.PIPE, text=True, check=True
                    )
                    results.setdefault(name, []).append(json.loads(done.stdout))
    first = next(iter(CLIENTS))
    rate = statistics.median(one["rate"] for one in results[first])
    for name, rounds in results.items():
        if "missing" in rounds[0]:
            print(f"{name}：没有安装（{rounds[0]['missing']}）")
            continue
        own = statistics.median(one["rate"] for one in rounds)
        cpu = statistics.median(one["cpu"] for one in rounds)
        print(f"{name:<24} {own:8,.0f} 次/秒  处理器 {cpu:6.0f} 微秒/次  本程序为其 {rate / own:4.1f} 倍")


if __name__ == "__main__":
    main()
