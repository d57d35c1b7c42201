"""Many requests at a time, one thread: the hot path of a crawl, over libcurl's multi interface.

httpx stays the client for single pages (:mod:`crawler.fetch`).  Thousands of pages a night need
more: on the same machine, same server and 32 connections a request cost 40 µs of processor time
here, 215 µs with aiohttp under uvloop and several times that with httpx; and libcurl brings
HTTP/2, keep-alive and decompression.  What goes wrong comes back as a named cause in the same
words as there, never as an exception.

One request is one answer: redirects are not followed, the crawl records every hop as a fetch of
its own.
"""

from __future__ import annotations

import errno
import os
import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pycurl

from crawler.fetch import USER_AGENT, WORDS, Failure, Kind, is_public, seconds, status_failure
from qa.site.options import CrawlOptions
from qa.site.urls import host

_ACCEPT = "text/html,application/xhtml+xml,*/*;q=0.8"
_FIELDS = [f"Accept: {_ACCEPT}".encode(), b"Accept-Language: zh-CN,zh;q=0.9"]
_HTML = ("text/html", "application/xhtml+xml")
_READABLE = (*_HTML, "text/plain", "application/xml", "text/xml", "application/gzip", "application/x-gzip")
_SLOW_SECONDS = 20
"""A body that comes slower than 100 bytes a second for so long will not come (slow loris)."""
_MAX_HEADERS = 100_000

_CURL_KINDS = {
    pycurl.E_URL_MALFORMAT: Kind.BAD_URL,
    pycurl.E_COULDNT_RESOLVE_HOST: Kind.DNS,
    pycurl.E_COULDNT_CONNECT: Kind.REFUSED,
    pycurl.E_OPERATION_TIMEDOUT: Kind.TIMEOUT,
    pycurl.E_PARTIAL_FILE: Kind.TRUNCATED,
    pycurl.E_RECV_ERROR: Kind.RESET,
    pycurl.E_SEND_ERROR: Kind.RESET,
    pycurl.E_GOT_NOTHING: Kind.RESET,
    pycurl.E_BAD_CONTENT_ENCODING: Kind.MALFORMED,
    pycurl.E_FILESIZE_EXCEEDED: Kind.TOO_LARGE,
    pycurl.E_SSL_CONNECT_ERROR: Kind.TLS,
    pycurl.E_SSL_CACERT: Kind.TLS,
    pycurl.E_FTP_WEIRD_SERVER_REPLY: Kind.MALFORMED,
    pycurl.E_UNSUPPORTED_PROTOCOL: Kind.MALFORMED,  # no HTTP at all
    pycurl.E_HTTP2: Kind.MALFORMED,
    92: Kind.RESET,  # CURLE_HTTP2_STREAM, which pycurl has no name for
}
_VERIFY_KINDS = {
    9: Kind.TLS_EXPIRED,  # not yet valid
    10: Kind.TLS_EXPIRED,
    18: Kind.TLS_UNTRUSTED,
    19: Kind.TLS_UNTRUSTED,
    20: Kind.TLS_UNTRUSTED,
    21: Kind.TLS_UNTRUSTED,
    62: Kind.TLS_HOST,
    64: Kind.TLS_HOST,
}
"""Verification codes of OpenSSL (``X509_V_ERR_*``)."""
_OLD_TLS = re.compile(
    r"unsupported.protocol|protocol.version|wrong.ssl.version|dh.key.too.small|legacy.renegotiation"
    r"|no.protocols|handshake.failure|no.ciphers|legacy.sigalg|internal error",
    re.IGNORECASE,
)
_WRONG_HOST = re.compile(r"subject|host ?name|does not match", re.IGNORECASE)


class Request(NamedTuple):
    """One thing to ask.

    Attributes:
        url: absolute, canonical.
        token: the caller's own, handed back with the answer.
        head: ask for the headers alone.
        etag, modified: validators of the body already known.
        enough: bytes of a body after which no more is needed (external pages); 0: all of it.
        html_only: bodies of other media types are not read.
        private: whether the host may lie in a private network.
        cookie: sent back where a server insists (redirects to the same address).
        fresh: on a connection of its own.
    """

    url: str
    token: Any = None
    head: bool = False
    etag: str | None = None
    modified: str | None = None
    enough: int = 0
    html_only: bool = False
    private: bool = False
    cookie: str = ""
    fresh: bool = False


@dataclass(slots=True)
class Response:
    """What came back.

    Attributes:
        status: 0 where none came.
        headers: as sent, one a line, status line first; of the last response alone.
        body: decoded (gzip and the like taken off).
        media, charset: of ``Content-Type``; empty and ``None`` without one.
        location: of a redirect, as sent.
        failure: ``None`` below 400.
        elapsed: seconds.
        retry_after: seconds the server asks to wait, or ``None``.
        whole: the body was read to its end.
    """

    request: Request
    status: int = 0
    headers: str = ""
    body: bytes = b""
    media: str = ""
    charset: str | None = None
    location: str = ""
    etag: str | None = None
    modified: str | None = None
    cookie: str = ""
    failure: Failure | None = None
    elapsed: float = 0.0
    retry_after: float | None = None
    whole: bool = True

    @property
    def html(self) -> bool:
        return self.media in _HTML or (not self.media and self.body.lstrip()[:1] == b"<")


_NOTHING = Request("")


@dataclass(slots=True)
class _Job:
    """A request on its way, and the callbacks libcurl feeds; made once a handle."""

    limit: int
    request: Request = _NOTHING
    lines: list[bytes] = field(default_factory=list)
    parts: list[bytes] = field(default_factory=list)
    size: int = 0
    stopped: str = ""
    blocked: bool = False
    header_size: int = 0
    headers: list[bytes] = field(default_factory=list)
    """As set last."""

    def begin(self, request: Request) -> None:
        """Take on a request."""
        self.request = request
        self.lines = []
        self.parts = []
        self.size = self.header_size = 0
        self.stopped = ""
        self.blocked = False

    def header(self, line: bytes) -> int | None:
        if line[:5] == b"HTTP/":
            self.lines.clear()
            self.header_size = 0
        self.header_size += len(line)
        if self.header_size > _MAX_HEADERS:
            self.stopped = "headers"
            return -1
        self.lines.append(line)
        return None

    def write(self, data: bytes) -> int | None:
        if not self.size and self.request.html_only and not self._wanted():
            self.stopped = "media"
            return -1
        self.size += len(data)
        enough = self.request.enough
        if enough and self.size >= enough:
            self.parts.append(data[: len(data) - (self.size - enough)])
            self.stopped = "enough"
            return -1
        if self.size > self.limit:
            self.stopped = "limit"
            return -1
        self.parts.append(data)
        return None

    def _wanted(self) -> bool:
        for line in self.lines:
            if line[:13].lower() == b"content-type:":
                media = line[13:].split(b";")[0].strip().lower().decode("latin-1")
                return not media or media in _READABLE
        return True


def _authorities() -> str:
    """File with the trusted authorities: the user's own (``SSL_CERT_FILE``) or certifi's."""
    own = os.environ.get("SSL_CERT_FILE")
    if own:
        return own
    import certifi

    return certifi.where()


class Transport:
    """Requests in flight. Not thread-safe: one thread starts and polls.

    Args:
        options: limits and time-outs.
        trusted: further authorities, a PEM file (tests).
    """

    def __init__(self, options: CrawlOptions, *, trusted: str = "") -> None:
        self._options = options
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_PIPELINING, pycurl.PIPE_MULTIPLEX)
        self._authorities = trusted or _authorities()
        self._free: list[tuple[Any, _Job]] = []
        self._outside: set[str] = set()
        self._jobs: dict[Any, _Job] = {}
        self._agent = (options.user_agent or USER_AGENT).encode()

    def __len__(self) -> int:
        """Number of requests in flight."""
        return len(self._jobs)

    def _handle(self) -> tuple[Any, _Job]:
        if self._free:
            return self._free.pop()
        options = self._options
        handle = pycurl.Curl()
        job = _Job(options.max_bytes)
        for name, value in (
            (pycurl.NOSIGNAL, 1),
            (pycurl.FOLLOWLOCATION, 0),
            (pycurl.CONNECTTIMEOUT_MS, max(1, int(options.connect * 1000))),
            (pycurl.TIMEOUT_MS, max(1, int(options.timeout * 1000))),
            (pycurl.LOW_SPEED_LIMIT, 100),
            (pycurl.LOW_SPEED_TIME, _SLOW_SECONDS),
            (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS),
            (pycurl.PIPEWAIT, 1),
            (pycurl.ACCEPT_ENCODING, "gzip, deflate"),
            (pycurl.USERAGENT, self._agent),
            (pycurl.CAINFO, self._authorities),
            (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS),
            (pycurl.PROXY, ""),
            (pycurl.TCP_KEEPALIVE, 1),
            (pycurl.SSL_VERIFYPEER, 0 if options.insecure else 1),
            (pycurl.SSL_VERIFYHOST, 0 if options.insecure else 2),
            (pycurl.HTTPGET, 1),
            (pycurl.HEADERFUNCTION, job.header),
            (pycurl.WRITEFUNCTION, job.write),
            (pycurl.OPENSOCKETFUNCTION, self._opener(job)),
        ):
            handle.setopt(name, value)
        return handle, job

    def start(self, request: Request) -> None:
        """Send a request; its answer comes out of :meth:`poll`."""
        handle, job = self._handle()
        job.begin(request)
        fields = _FIELDS
        if request.etag or request.modified or request.cookie:
            fields = [*_FIELDS]
            if request.etag:
                fields.append(f"If-None-Match: {request.etag}".encode())  # servers' own words may be Chinese
            if request.modified:
                fields.append(f"If-Modified-Since: {request.modified}".encode())
            if request.cookie:
                fields.append(f"Cookie: {request.cookie}".encode())
        if fields != job.headers:
            handle.setopt(pycurl.HTTPHEADER, fields)
            job.headers = fields
        handle.setopt(pycurl.URL, request.url.encode("ascii", "ignore"))
        if request.fresh:
            handle.setopt(pycurl.FRESH_CONNECT, 1)
        if request.head:
            handle.setopt(pycurl.NOBODY, 1)
        self._jobs[handle] = job
        self._multi.add_handle(handle)

    def _opener(self, job: _Job) -> Callable[[int, Any], Any]:
        """Opens sockets to public addresses only, at the moment of connecting: no name gets past.

        A host the user named may be private, but not public at first and private later (rebinding).
        """
        outside, anything = self._outside, self._options.allow_private

        def open_socket(_purpose: int, address: Any) -> Any:
            request = job.request
            family, kind, protocol, where = address
            found = where[0]
            if isinstance(found, bytes):
                found = found.decode("ascii", "replace")
            if not anything:
                if is_public(found):
                    outside.add(host(request.url))
                elif not request.private or host(request.url) in outside:
                    job.blocked = True
                    return pycurl.SOCKET_BAD
            return _Handed(family, kind, protocol)

        return open_socket

    def poll(self, wait: float) -> list[Response]:
        """Answers that have come; waits ``wait`` seconds at most for one."""
        multi = self._multi
        found = self._collect()
        if not found and self._jobs:
            multi.select(min(wait, 1.0))
            found = self._collect()
        return found

    def _collect(self) -> list[Response]:
        multi = self._multi
        while multi.perform()[0] == pycurl.E_CALL_MULTI_PERFORM:
            pass
        found: list[Response] = []
        remaining = 1
        while remaining:
            remaining, good, bad = multi.info_read()
            found.extend(self._finish(handle, 0, "") for handle in good)
            found.extend(self._finish(handle, code, message) for handle, code, message in bad)
        return found

    def _finish(self, handle: Any, code: int, message: str) -> Response:
        self._multi.remove_handle(handle)
        job = self._jobs.pop(handle)
        response = Response(job.request)
        response.elapsed = handle.getinfo(pycurl.TOTAL_TIME)
        response.status = handle.getinfo(pycurl.RESPONSE_CODE)
        response.body = b"".join(job.parts)
        _read_headers(response, job.lines)
        if job.stopped in ("media", "enough"):
            response.whole = False
            response.failure = status_failure(response.status, None)
        elif code:
            response.whole = False
            response.failure = _failure(handle, job, code, message)
        else:
            response.failure = status_failure(response.status, None)
        self._let_go(handle, job)
        return response

    def _let_go(self, handle: Any, job: _Job) -> None:
        if job.request.head:
            handle.setopt(pycurl.NOBODY, 0)
            handle.setopt(pycurl.HTTPGET, 1)
        if job.request.fresh:
            handle.setopt(pycurl.FRESH_CONNECT, 0)
        self._free.append((handle, job))

    def abort(self) -> list[Request]:
        """Drop what is in flight; returns it."""
        dropped = [job.request for job in self._jobs.values()]
        for handle in self._jobs:
            self._multi.remove_handle(handle)
            handle.close()
        self._jobs.clear()
        return dropped

    def close(self) -> None:
        """Close all connections."""
        self.abort()
        for handle, _ in self._free:
            handle.close()
        self._free.clear()
        self._multi.close()


class _Handed(socket.socket):
    """A socket of which libcurl keeps a duplicate, so that this one is closed as soon as it is let go."""

    def __del__(self) -> None:
        self.close()


def _read_headers(response: Response, lines: Iterable[bytes]) -> None:
    text = []
    for raw in lines:
        line = raw.decode("utf-8", "replace").rstrip("\r\n")
        if not line:
            continue
        text.append(line)
        name, colon, value = line.partition(":")
        if not colon:
            continue
        name, value = name.lower(), value.strip()
        if name == "content-type":
            media, _, rest = value.partition(";")
            response.media = media.strip().lower()
            found = re.search(r"charset\s*=\s*[\"']?([^\s;\"']+)", rest, re.IGNORECASE)
            response.charset = found.group(1) if found else None
        elif name == "etag":
            response.etag = value
        elif name == "last-modified":
            response.modified = value
        elif name == "location":
            response.location = value
        elif name == "retry-after":
            response.retry_after = seconds(value)
        elif name == "set-cookie":
            pair = value.partition(";")[0]
            response.cookie = f"{response.cookie}; {pair}" if response.cookie else pair
    response.headers = "\n".join(text)


def _failure(handle: Any, job: _Job, code: int, message: str) -> Failure:
    if job.blocked:
        return Failure(Kind.PRIVATE, WORDS[Kind.PRIVATE])
    if job.stopped == "limit":
        return Failure(Kind.TOO_LARGE, WORDS[Kind.TOO_LARGE])
    if job.stopped == "headers":
        return Failure(Kind.MALFORMED, f"{WORDS[Kind.MALFORMED]}（响应头过大）")
    kind = _CURL_KINDS.get(code)
    if code == pycurl.E_COULDNT_CONNECT:
        kind = {
            errno.ECONNREFUSED: Kind.REFUSED,
            errno.ENETUNREACH: Kind.UNREACHABLE,
            errno.EHOSTUNREACH: Kind.UNREACHABLE,
            errno.ETIMEDOUT: Kind.TIMEOUT,
        }.get(handle.getinfo(pycurl.OS_ERRNO), Kind.REFUSED)
    elif code == pycurl.E_RECV_ERROR and "chunk" in message:
        kind = Kind.MALFORMED
    elif code == pycurl.E_SSL_CACERT:
        found = _VERIFY_KINDS.get(handle.getinfo(pycurl.SSL_VERIFYRESULT))
        kind = found or (Kind.TLS_HOST if _WRONG_HOST.search(message) else Kind.TLS)
    elif code == pycurl.E_SSL_CONNECT_ERROR and _OLD_TLS.search(message):
        kind = Kind.TLS_OLD
    if kind is None:
        return Failure(Kind.MALFORMED, f"{WORDS[Kind.MALFORMED]}（{code}）")
    return Failure(kind, WORDS[kind])
