"""A scripted server on loopback that misbehaves down to the byte, and what a crawl of it left.

Everything is bounded: connections end after a few seconds of silence, endless bodies after
:data:`MOST` bytes, and nothing outlives :meth:`Hostile.stop`.
"""

from __future__ import annotations

import contextlib
import socket
import sqlite3
import ssl
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from crawler.crawl import Crawl, Crawled
from qa.site.options import CrawlOptions

NIGHT = "2026-06-30T18:00:00Z"
SECOND = "2026-07-01T18:00:00Z"
MOST = 64_000_000
"""Bytes of an endless body at most, so that a crawler that never stops does not hang a test."""
_IDLE = 5.0

QUICK = CrawlOptions(rate=0, concurrency=8, timeout=3.0, connect=1.0, retries=1, probes=False, sitemaps=False)


@dataclass
class Visit:
    """One request, and the means to answer it byte by byte."""

    connection: socket.socket
    method: str
    target: str
    headers: dict[str, str]
    at: float
    count: int
    """How often this method and target have been asked for, this time included."""
    stopping: threading.Event

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def wait(self, seconds: float) -> None:
        self.stopping.wait(seconds)


Answer = bytes | Callable[[Visit], "bytes | None"]
"""The whole raw answer; or what sends it itself and returns nothing, after which the connection ends."""


def reply(
    body: bytes | str = b"", *headers: str, status: int = 200, media: str = "text/html; charset=utf-8"
) -> bytes:
    """A well-formed answer."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(data)}"]
    if media:
        lines.append(f"Content-Type: {media}")
    return "\r\n".join([*lines, *headers, "", ""]).encode() + data


def to(where: str, *headers: str, status: int = 302) -> bytes:
    """A redirect."""
    return reply(b"", f"Location: {where}", *headers, status=status)


def page(*links: str, title: str = "某区政府", words: str = "通知公告") -> str:
    """A small page with links."""
    anchors = "".join(f'<a href="{link}">{n}</a>\n' for n, link in enumerate(links))
    return (
        f"<!doctype html><html><head><title>{title}</title></head><body><p>{words}</p>{anchors}</body></html>"
    )


def turn(*answers: Answer) -> Answer:
    """The first answer at the first visit, and so on; the last one for good."""

    def one(visit: Visit) -> bytes | None:
        answer = answers[min(visit.count, len(answers)) - 1]
        return answer(visit) if callable(answer) else answer

    return one


def raw(*parts: bytes, pause: float = 0.0) -> Answer:
    """Bytes as they are, then the end of the connection."""

    def send(visit: Visit) -> None:
        for part in parts:
            visit.send(part)
            visit.wait(pause)

    return send


def reset(visit: Visit) -> None:
    """The connection torn down, not closed."""
    visit.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


def silent(visit: Visit) -> None:
    """Not a word until the other side gives up."""
    with suppress(OSError):
        visit.connection.recv(1)


class Hostile:
    """Answers with ``routes`` by path and query, else with ``fallback``, else 404.

    Attributes:
        seen: ``GET /path`` to number of requests; ``log``: all of them in order.
        connections: accepted so far; ``most_active``: requests at a time at most.
    """

    def __init__(
        self, address: str = "127.0.0.1", *, port: int = 0, context: ssl.SSLContext | None = None
    ) -> None:
        self.routes: dict[str, Answer] = {}
        self.fallback: Callable[[Visit], bytes | None] | None = None
        self.seen: Counter[str] = Counter()
        self.log: list[Visit] = []
        self.connections = self.active = self.most_active = 0
        self._address = address
        self._context = context
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self.port = port
        self.start()
        self.base = (
            f"{'https' if context else 'http'}://{f'[{address}]' if ':' in address else address}:{self.port}"
        )

    def start(self) -> None:
        """Listen (again, on the same port)."""
        family = socket.AF_INET6 if ":" in self._address else socket.AF_INET
        self._stopping = threading.Event()
        self._listener = socket.create_server((self._address, self.port), family=family, backlog=256)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, args=(self._listener, self._stopping), daemon=True).start()

    def stop(self) -> None:
        """Refuse from now on; connections under way are torn down."""
        self._stopping.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def _serve(self, listener: socket.socket, stopping: threading.Event) -> None:
        while not stopping.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(connection, stopping), daemon=True).start()

    def _talk(self, connection: socket.socket, stopping: threading.Event) -> None:
        connection.settimeout(_IDLE)
        with self._lock:
            self._open.add(connection)
        plain = connection
        try:
            if self._context is not None:
                connection = self._context.wrap_socket(connection, server_side=True)
            buffer = b""
            while not stopping.is_set():
                while b"\r\n\r\n" not in buffer:
                    data = connection.recv(65536)
                    if not data:
                        return
                    buffer += data
                head, _, buffer = buffer.partition(b"\r\n\r\n")
                if not self._one(connection, head.decode("latin-1"), stopping):
                    return
        except OSError:
            pass
        finally:
            with self._lock:
                self._open.discard(plain)
            connection.close()
            plain.close()

    def _one(self, connection: socket.socket, head: str, stopping: threading.Event) -> bool:
        first, *lines = head.split("\r\n")
        method, target, _ = first.split(" ", 2)
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        with self._lock:
            self.seen[f"{method} {target}"] += 1
            visit = Visit(
                connection,
                method,
                target,
                fields,
                time.monotonic(),
                self.seen[f"{method} {target}"],
                stopping,
            )
            self.log.append(visit)
            self.active += 1
            self.most_active = max(self.most_active, self.active)
        try:
            answer = self.routes.get(target) or self.fallback or reply(b"404", status=404)
            made = answer(visit) if callable(answer) else answer
            if made is None:
                return False
            connection.sendall(made.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if method == "HEAD" else made)
        finally:
            with self._lock:
                self.active -= 1
        return True

    def asked(self, *without: str) -> Counter[str]:
        """Requests for what the site itself holds, methods aside."""
        found: Counter[str] = Counter()
        for line, count in self.seen.items():
            path = line.partition(" ")[2]
            if path not in ("/robots.txt", "/sitemap.xml", *without):
                found[path] += count
        return found


@contextlib.contextmanager
def serving(address: str = "127.0.0.1", *, context: ssl.SSLContext | None = None) -> Iterator[Hostile]:
    server = Hostile(address, context=context)
    try:
        yield server
    finally:
        server.stop()


@dataclass
class Row:
    """One fetch."""

    status: int
    failure: str | None
    purpose: str
    depth: int | None
    content: int | None
    message: str
    next: str | None
    attempts: int
    cached: int


@dataclass
class Night:
    """What a crawl left: its own words, and every fetch by path (own host) or address."""

    crawled: Crawled
    out: Path
    base: str
    fetches: dict[str, Row] = field(default_factory=dict)

    @property
    def pages(self) -> dict[str, Row]:
        return {name: row for name, row in self.fetches.items() if row.purpose == "page"}

    @property
    def kinds(self) -> dict[str, str | None]:
        """Failure of every page and link."""
        return {name: row.failure for name, row in self.fetches.items() if row.purpose in ("page", "check")}

    def rows(self, sql: str, *values: object) -> list[tuple]:
        with closing(sqlite3.connect(self.out / "run.db")) as db:
            return db.execute(sql, values).fetchall()

    def links(self, path: str) -> list[tuple]:
        """Links of a page: target, kind, text, place, hidden, fragment."""
        found = self.rows(
            "SELECT t.url, l.kind, l.text, l.place, l.hidden, l.fragment FROM link l JOIN url t ON t.id = l.target_id"
            " JOIN fetch f ON f.content_id = l.content_id JOIN url u ON u.id = f.url_id"
            " WHERE f.run_id = ? AND u.url = ? ORDER BY l.n",
            self.crawled.run,
            self.base + path,
        )
        return [(target.removeprefix(self.base), *rest) for target, *rest in found]


def read_night(crawled: Crawled, out: Path, base: str) -> Night:
    night = Night(crawled, out, base)
    for url, *values in night.rows(
        "SELECT u.url, f.status, f.failure, f.purpose, r.depth, f.content_id, f.message, n.url, f.attempts, f.cached"
        " FROM fetch f JOIN url u ON u.id = f.url_id LEFT JOIN url n ON n.id = f.next_id"
        " LEFT JOIN frontier r ON r.run_id = f.run_id AND r.url_id = f.url_id WHERE f.run_id = ? ORDER BY u.url",
        crawled.run,
    ):
        values[6] = values[6] and values[6].removeprefix(base)
        night.fetches[url.removeprefix(base)] = Row(*values)
    return night


def crawl(server: Hostile, out: Path, *, at: str = NIGHT, resume: bool = False, trusted: str = "",
          stopping: Callable[[], bool] = lambda: False, home: str = "/", **options: object) -> Night:  # fmt: skip
    """Crawl a server, quickly unless options say otherwise."""
    made = Crawl(
        server.base + home, out, replace(QUICK, **options), clock=lambda: at, resume=resume, trusted=trusted,
        stopping=stopping,
    )  # fmt: skip
    return read_night(made.crawl(), out, server.base)


def tree(server: Hostile, pages: int, *, pause: float = 0.0) -> None:
    """A site of so many pages, each leading to five further on and to the next; all reachable, three referrers and more."""

    def answer(visit: Visit) -> bytes:
        name = visit.target.strip("/").removesuffix(".html") or "0"
        if not name.isdigit() or int(name) >= pages:
            return reply("404", status=404)
        if pause:
            visit.wait(pause)
        number = int(name)
        links = [f"/{n}.html" for n in range(number * 5 + 1, number * 5 + 6) if n < pages]
        text = "".join(
            "零一二三四五六七八九"[int(digit)] for digit in str(number)
        )  # figures alone would be a calendar's
        words = f"第{text}页 " + "文字" * 200
        return reply(page("/", *links, f"/{(number + 1) % pages or 1}.html", words=words))

    server.fallback = answer


def certificates(folder: Path) -> dict[str, Path]:
    """An authority and servers' certificates signed by it: ``good``, ``other`` (host), ``expired``; and ``self``."""

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True, timeout=20)

    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "30", "-subj", "/CN=test ca",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign")  # fmt: skip
    openssl("req", "-x509", *key, "-keyout", "self.key", "-out", "self.pem", "-days", "30", "-subj", "/CN=self",
            "-addext", "subjectAltName=IP:127.0.0.1")  # fmt: skip
    (folder / "ca.cnf").write_text(
        "[ca]\ndefault_ca=d\n[d]\ndatabase=index\nnew_certs_dir=.\nserial=serial\npolicy=p\ndefault_md=sha256\n"
        "certificate=ca.pem\nprivate_key=ca.key\nunique_subject=no\n[p]\ncommonName=supplied\n"
    )
    (folder / "index").touch()
    (folder / "serial").write_text("01")
    for name, alternative, end in (
        ("good", "IP:127.0.0.1", "20491231000000Z"),
        ("other", "DNS:www.example.com", "20491231000000Z"),
        ("expired", "IP:127.0.0.1", "20200201000000Z"),
    ):
        openssl("req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        (folder / f"{name}.ext").write_text(
            f"subjectAltName={alternative}\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
        )
        openssl("ca", "-batch", "-config", "ca.cnf", "-in", f"{name}.csr", "-out", f"{name}.pem", "-notext",
                "-startdate", "20200101000000Z", "-enddate", end, "-extfile", f"{name}.ext")  # fmt: skip
    return {name: folder / f"{name}.pem" for name in ("ca", "good", "other", "expired", "self")}


def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    return context
