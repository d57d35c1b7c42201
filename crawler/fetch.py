"""One address in, one answer out; whatever goes wrong comes back as a named cause, never as an exception.

The network interface is kept narrow: :class:`Fetcher` wraps one HTTP client with limits on bytes,
time, redirects and decompression, retries only what can heal, and refuses addresses inside private
networks at the moment of connecting, so that neither a redirect nor a name that resolves to one
address first and another later gets past.
"""

from __future__ import annotations

import errno
import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from qa import __version__
from qa.source import MAX_BYTES

if TYPE_CHECKING:
    import httpx

USER_AGENT = f"Mozilla/5.0 (compatible; shenjiao/{__version__})"
PAGE_TYPES = (
    "text/html",
    "application/xhtml+xml",
    "text/plain",
    "text/markdown",
    "application/xml",
    "text/xml",
)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_HEALABLE_STATUS = frozenset({429, 502, 503, 504})


class Kind(StrEnum):
    """Why nothing came back."""

    DNS = "dns"
    DNS_TEMPORARY = "dns-temporary"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    RESET = "reset"
    TIMEOUT = "timeout"
    TLS_EXPIRED = "tls-expired"
    TLS_HOST = "tls-host"
    TLS_UNTRUSTED = "tls-untrusted"
    TLS_OLD = "tls-old"
    TLS = "tls"
    TOO_LARGE = "too-large"
    REDIRECTS = "redirects"
    LOOP = "redirect-loop"
    MALFORMED = "malformed"
    TRUNCATED = "truncated"
    CLIENT_ERROR = "client-error"
    SERVER_ERROR = "server-error"
    WRONG_TYPE = "wrong-type"
    BAD_URL = "bad-url"
    PRIVATE = "private"
    ROBOTS = "robots"


WORDS = {
    Kind.DNS: "找不到这个域名",
    Kind.DNS_TEMPORARY: "域名暂时无法解析，请检查本机网络",
    Kind.REFUSED: "服务器拒绝连接",
    Kind.UNREACHABLE: "网络不通，到不了服务器",
    Kind.RESET: "连接中途被断开",
    Kind.TIMEOUT: "等待超时，服务器没有回应",
    Kind.TLS_EXPIRED: "网站证书已过期",
    Kind.TLS_HOST: "网站证书与域名不符",
    Kind.TLS_UNTRUSTED: "网站证书不是受信任的机构签发的（可能是自签名）",
    Kind.TLS_OLD: "网站只支持过时的加密协议",
    Kind.TLS: "建立加密连接失败",
    Kind.TOO_LARGE: "内容过大，超过上限",
    Kind.REDIRECTS: "跳转次数过多",
    Kind.LOOP: "网页来回跳转，打不开",
    Kind.MALFORMED: "服务器的回应不合规范",
    Kind.TRUNCATED: "内容没有传完，连接就断了",
    Kind.WRONG_TYPE: "不是网页",
    Kind.BAD_URL: "网址写法不对",
    Kind.PRIVATE: "指向内网地址，出于安全没有访问",
    Kind.ROBOTS: "robots.txt 不允许访问",
}
_STATUS_WORDS = {
    400: "服务器认为请求有误",
    401: "需要登录",
    403: "服务器拒绝访问",
    404: "找不到该网页",
    405: "服务器不接受这种访问方式",
    408: "服务器等待超时",
    410: "网页已删除",
    412: "服务器拒绝自动访问",
    429: "访问过于频繁，被服务器限制",
    451: "因法律原因不提供",
    500: "服务器内部出错",
    502: "网关出错",
    503: "服务暂时不可用",
    504: "网关超时",
}
_HEALABLE = frozenset({Kind.TIMEOUT, Kind.RESET, Kind.TRUNCATED, Kind.DNS_TEMPORARY})
_TLS_CODES = {
    10: Kind.TLS_EXPIRED,
    62: Kind.TLS_HOST,
    64: Kind.TLS_HOST,
    18: Kind.TLS_UNTRUSTED,
    19: Kind.TLS_UNTRUSTED,
    20: Kind.TLS_UNTRUSTED,
    21: Kind.TLS_UNTRUSTED,
}
"""Verification codes of OpenSSL (``X509_V_ERR_*``)."""
_TLS_OLD = (
    "UNSUPPORTED_PROTOCOL",
    "PROTOCOL_VERSION",
    "WRONG_SSL_VERSION",
    "DH_KEY_TOO_SMALL",
    "LEGACY_RENEGOTIATION",
    "NO_PROTOCOLS_AVAILABLE",
    "HANDSHAKE_FAILURE",
    "NO_CIPHERS_AVAILABLE",
)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an address gave no page; ``message`` is Chinese and complete."""

    kind: Kind
    message: str
    status: int = 0
    retry_after: float | None = None

    @property
    def healable(self) -> bool:
        """Whether a second try may succeed."""
        return self.kind in _HEALABLE or self.status in _HEALABLE_STATUS


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect: the status that sent us on and where to."""

    status: int
    url: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came back.

    Attributes:
        url, final_url: as asked for, and after redirects.
        status: of the last response; 0 where none came.
        content_type: media type, lower case, without parameters; ``charset``: as the header says.
        body: decompressed; empty where it was not asked for.
        failure: ``None`` where all went well.
        attempts: how many tries it took.
    """

    url: str
    final_url: str = ""
    status: int = 0
    charset: str | None = None
    content_type: str = ""
    body: bytes = b""
    failure: Failure | None = None
    hops: tuple[Hop, ...] = ()
    attempts: int = 1

    @property
    def ok(self) -> bool:
        return self.failure is None

    @property
    def permanent(self) -> bool:
        """Whether it moved for good: every redirect says so."""
        return bool(self.hops) and all(hop.status in _PERMANENT for hop in self.hops)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much.

    Attributes:
        bytes: of the body, compressed and decompressed alike.
        connect, read: seconds for one step; ``total``: for everything, retries included.
        retry_after: the longest wait a server may ask for.
        backoff: the first wait; doubles with every retry.
    """

    bytes: int = MAX_BYTES
    connect: float = 10.0
    read: float = 15.0
    total: float = 60.0
    redirects: int = 10
    retries: int = 2
    retry_after: float = 20.0
    backoff: float = 0.5


class PrivateAddressError(Exception):
    """A name that leads into a private network."""


class _Stop(Exception):  # noqa: N818 - carries an answer, is no error
    """A failure found on the way; ``failure`` says which."""

    def __init__(self, kind: Kind, message: str = "") -> None:
        super().__init__(kind)
        self.failure = Failure(kind, message or WORDS[kind])


def is_public(host: str) -> bool:
    """Whether an IP address is one of the public internet."""
    address = ipaddress.ip_address(host.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            address = inner
    return address.is_global and not address.is_multicast


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class _Guard:
    """Network backend that resolves names itself and connects to public addresses only."""

    def __init__(self, inner: Any, *, allow_private: bool) -> None:
        self._inner = inner
        self._allow_private = allow_private

    async def connect_tcp(self, host: str, port: int, timeout: float | None = None, **more: Any) -> Any:  # noqa: ASYNC109 - httpcore's signature
        import asyncio

        async with asyncio.timeout(timeout):
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(item[4][0]) for item in found))
        if not self._allow_private:
            addresses = [address for address in addresses if is_public(address)]
        if not addresses:
            raise PrivateAddressError(host)
        for address in addresses[:-1]:
            try:
                return await self._inner.connect_tcp(address, port, timeout=timeout, **more)
            except Exception:  # noqa: BLE001, S112 - the next address may do
                continue
        return await self._inner.connect_tcp(addresses[-1], port, timeout=timeout, **more)

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


class _Inflater:
    """Decompression that never makes more than it was told to."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._stream: Any = None
        self._members = 0
        self._over = False
        self.finished = True
        if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise _Stop(Kind.MALFORMED, f"服务器用了没有请求过的压缩方式（{encoding[:20]}）")

    def feed(self, data: bytes, room: int) -> bytes:
        """Decompress; longer than ``room`` means too much."""
        if self._encoding in ("", "identity"):
            return data
        try:
            return self._inflate(data, room)
        except zlib.error:
            raise _Stop(Kind.MALFORMED, "内容的压缩数据已损坏") from None

    def _inflate(self, data: bytes, room: int) -> bytes:
        parts: list[bytes] = []
        made = 0
        while data and made <= room and not self._over:
            if self._stream is None:
                if self._members and (self._encoding == "deflate" or data[:2] != b"\x1f\x8b"):
                    self._over = True  # what follows is no part of it
                    break
                self._stream = self._open(data)
            part = self._stream.decompress(data, room - made + 1)
            parts.append(part)
            made += len(part)
            self.finished = self._stream.eof
            if not self.finished:
                break  # all taken in, or too much made
            data = self._stream.unused_data.lstrip(b"\x00")
            self._members += 1
            self._stream = None
        return b"".join(parts)

    def _open(self, data: bytes) -> Any:
        if self._encoding != "deflate":
            return zlib.decompressobj(31)
        # "deflate" means zlib's wrapping, but some servers leave it off.
        wrapped = len(data) > 1 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
        return zlib.decompressobj(15 if wrapped else -15)


@cache
def _default_context() -> ssl.SSLContext:
    """The trusted authorities; reading them takes longer than many a fetch."""
    import httpx

    return httpx.create_ssl_context()


async def _take_location(response: httpx.Response) -> None:
    """Keep httpx from looking into a redirect: it raises on bad ones, and then the status is lost."""
    response.extensions[_LOCATION] = response.headers.pop("location", "")


_LOCATION = "shenjiao.location"


class Fetcher:
    """An HTTP client with limits; use it as an async context manager.

    Args:
        limits: bytes, seconds, redirects, retries.
        allow_private: whether addresses in private networks may be asked.
        verify: as httpx has it: ``True``, ``False`` or an ``ssl.SSLContext``.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        allow_private: bool = False,
        verify: ssl.SSLContext | bool = True,
        connections: int = 64,
    ) -> None:
        self.limits = limits or Limits()
        self._allow_private = allow_private
        self._verify = verify
        self._connections = connections
        self._client: httpx.AsyncClient | None = None

    async def __aenter__(self) -> Self:
        import httpx

        limits = self.limits
        transport = httpx.AsyncHTTPTransport(
            verify=_default_context() if self._verify is True else self._verify,
            trust_env=False,
            limits=httpx.Limits(max_connections=self._connections, max_keepalive_connections=0),
        )
        # httpx has no public way to say how to connect; fail rather than go unguarded.
        pool: Any = transport._pool
        if not hasattr(pool, "_network_backend"):  # pragma: no cover - another httpcore
            raise RuntimeError("httpcore 的内部结构已改变，无法限制访问内网地址")
        pool._network_backend = _Guard(pool._network_backend, allow_private=self._allow_private)
        self._client = httpx.AsyncClient(
            transport=transport,
            headers={
                "User-Agent": USER_AGENT,
                "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
                "Accept-Language": "zh-CN,zh;q=0.9",
                "Accept-Encoding": "gzip, deflate",
            },
            timeout=httpx.Timeout(limits.read, connect=limits.connect, pool=limits.total),
            follow_redirects=False,
            trust_env=False,
            event_hooks={"response": [_take_location]},
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def fetch(
        self,
        url: str,
        *,
        method: str = "GET",
        body: bool = True,
        types: tuple[str, ...] = (),
        retries: int | None = None,
    ) -> Fetched:
        """Fetch one address.

        Args:
            url: absolute, http or https.
            method: ``GET`` or ``HEAD``.
            body: whether to read the body.
            types: media types to accept; empty for any. A response that names none is accepted.
            retries: instead of those of the limits.
        """
        limits = self.limits
        tries = 1 + (limits.retries if retries is None else retries)
        import asyncio

        deadline = time.monotonic() + limits.total
        attempt = 1
        while True:
            fetched = replace(await self._attempt(url, method, types, deadline, body=body), attempts=attempt)
            failure = fetched.failure
            if failure is None or not failure.healable or attempt == tries:
                return fetched
            wait = limits.backoff * 2 ** (attempt - 1)
            if failure.retry_after is not None:
                wait = max(wait, failure.retry_after)
                if failure.retry_after > limits.retry_after:
                    return fetched
            if time.monotonic() + wait >= deadline:
                return fetched
            await asyncio.sleep(wait)
            attempt += 1

    async def _attempt(
        self, url: str, method: str, types: tuple[str, ...], deadline: float, *, body: bool
    ) -> Fetched:
        import asyncio

        walk = _Walk(url)
        try:
            async with asyncio.timeout(max(deadline - time.monotonic(), 0.01)):
                return await self._follow(walk, method, types, body=body)
        except _Stop as stop:
            failure = stop.failure
        except Exception as error:  # noqa: BLE001 - every cause becomes words
            failure = failure_of(error)
        return Fetched(url, walk.url, walk.status, failure=failure, hops=tuple(walk.hops))

    async def _follow(self, walk: _Walk, method: str, types: tuple[str, ...], *, body: bool) -> Fetched:
        client = self._client
        if client is None:
            raise RuntimeError("Fetcher is not open")
        while True:
            request = client.build_request(method, parse(walk.url))
            response = await client.send(request, stream=True)
            try:
                walk.status = response.status_code
                location = response.extensions.get(_LOCATION)
                if response.status_code in _REDIRECTS and location:
                    walk.go(location, self.limits.redirects, fresh="set-cookie" in response.headers)
                    continue
                return await self._answer(walk, response, types, body=body)
            finally:
                await response.aclose()

    async def _answer(
        self, walk: _Walk, response: httpx.Response, types: tuple[str, ...], *, body: bool
    ) -> Fetched:
        status = response.status_code
        content_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        failure = status_failure(status, response.headers.get("retry-after"))
        if failure is None and types and content_type and content_type not in types:
            failure = Failure(
                Kind.WRONG_TYPE, f"{WORDS[Kind.WRONG_TYPE]}（类型是 {content_type[:60]}）", status
            )
        data = await self._read(response) if body and failure is None else b""
        charset = response.charset_encoding if content_type else None
        return Fetched(walk.first, walk.url, status, charset, content_type, data, failure, tuple(walk.hops))

    async def _read(self, response: httpx.Response) -> bytes:
        limit = self.limits.bytes
        words = f"{WORDS[Kind.TOO_LARGE]}（{limit / 1048576:g} MB）"
        length = response.headers.get("content-length", "")
        if length.isdecimal() and int(length[:20]) > limit:
            raise _Stop(Kind.TOO_LARGE, words)
        inflater = _Inflater(response.headers.get("content-encoding", "").strip().lower())
        parts: list[bytes] = []
        raw = made = 0
        async for chunk in response.aiter_raw():
            raw += len(chunk)
            part = inflater.feed(chunk, limit - made)
            made += len(part)
            if raw > limit or made > limit:
                raise _Stop(Kind.TOO_LARGE, words)
            parts.append(part)
        if not inflater.finished:
            raise _Stop(Kind.TRUNCATED)
        return b"".join(parts)


class _Walk:
    """Where a fetch has got to along its redirects."""

    def __init__(self, url: str) -> None:
        self.first = url
        self.url = url
        self.status = 0
        self.hops: list[Hop] = []
        self._seen = {url: 1}

    def go(self, location: str, limit: int, *, fresh: bool) -> None:
        """Follow one redirect.

        Args:
            location: the header's value.
            limit: how many redirects are enough.
            fresh: whether a cookie came along, with which the same address may answer differently.
        """
        try:
            target = parse(self.url).join(location)
        except Exception:  # noqa: BLE001 - httpx raises several kinds
            raise _Stop(Kind.MALFORMED, "服务器要求跳转到一个无效的网址") from None
        if target.scheme not in ("http", "https"):
            raise _Stop(Kind.MALFORMED, f"服务器要求跳转到不是网页的地址（{str(target)[:80]}）")
        if not _sound(target):
            raise _Stop(Kind.MALFORMED, "服务器要求跳转到一个无效的网址")
        address = str(target.copy_with(fragment=None))
        visits = self._seen[address] = self._seen.get(address, 0) + 1
        self.hops.append(Hop(self.status, address))
        self.url = address
        if visits > 3 or (visits > 1 and not fresh):
            raise _Stop(Kind.LOOP)
        if len(self.hops) > limit:
            raise _Stop(Kind.REDIRECTS, f"{WORDS[Kind.REDIRECTS]}（超过 {limit} 次）")


def parse(url: str) -> httpx.URL:
    """An absolute http(s) address.

    Raises:
        _Stop: it is none.
    """
    import httpx

    try:
        parsed = httpx.URL(url.strip())
    except (httpx.InvalidURL, ValueError, TypeError):
        raise _Stop(Kind.BAD_URL) from None
    if parsed.scheme not in ("http", "https"):
        raise _Stop(Kind.BAD_URL, "网址应以 http:// 或 https:// 开头")
    if not _sound(parsed):
        raise _Stop(Kind.BAD_URL)
    return parsed


def _sound(url: httpx.URL) -> bool:
    """Whether the host can be one at all; httpx escapes what cannot."""
    return bool(url.host) and "%" not in url.host and " " not in url.host


def status_failure(status: int, retry_after: str | None = None) -> Failure | None:
    """The failure a status stands for; ``None`` below 400."""
    if status < 400:
        return None
    kind = Kind.CLIENT_ERROR if status < 500 else Kind.SERVER_ERROR
    words = _STATUS_WORDS.get(status) or ("服务器拒绝了请求" if kind is Kind.CLIENT_ERROR else "服务器出错")
    return Failure(kind, f"{words}（{status}）", status, seconds(retry_after))


def seconds(retry_after: str | None) -> float | None:
    """Seconds a ``Retry-After`` asks for."""
    words = (retry_after or "").strip()
    if not words:
        return None
    if words.isdecimal():
        return float(words[:9])
    try:
        return max(0.0, parsedate_to_datetime(words).timestamp() - time.time())
    except ValueError:
        return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and all that caused it."""
    pending: list[BaseException | None] = [error]
    seen: set[int] = set()
    while pending:
        one = pending.pop(0)
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        if isinstance(one, BaseExceptionGroup):
            pending.extend(one.exceptions)
        pending += [one.__cause__, one.__context__]


def failure_of(error: BaseException) -> Failure:
    """The cause of an exception, told apart as finely as it can be."""
    import httpx

    kind = next((kind for one in _chain(error) if (kind := _system_kind(one)) is not None), None)
    if kind is None and any(isinstance(one, OverflowError) for one in _chain(error)):
        kind = Kind.BAD_URL  # a port above 65535
    if kind is None:
        if isinstance(error, (httpx.TimeoutException, TimeoutError)):
            kind = Kind.TIMEOUT
        elif isinstance(
            error, (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError, UnicodeError)
        ):
            kind = Kind.BAD_URL
        elif isinstance(error, httpx.RemoteProtocolError):
            words = str(error)
            if "complete" in words:
                kind = Kind.TRUNCATED
            else:
                kind = Kind.RESET if "disconnected" in words else Kind.MALFORMED
        elif isinstance(error, httpx.NetworkError):
            kind = Kind.RESET
        else:
            return Failure(Kind.MALFORMED, f"{WORDS[Kind.MALFORMED]}（{type(error).__name__}）")
    return Failure(kind, WORDS[kind])


def _system_kind(error: BaseException) -> Kind | None:
    """Kind of an exception of the system's, ``None`` for others."""
    if isinstance(error, PrivateAddressError):
        return Kind.PRIVATE
    if isinstance(error, socket.gaierror):
        return Kind.DNS_TEMPORARY if error.errno == socket.EAI_AGAIN else Kind.DNS
    if isinstance(error, ssl.SSLCertVerificationError):
        return _TLS_CODES.get(error.verify_code, Kind.TLS)
    if isinstance(error, ssl.SSLError):
        reason = error.reason or ""
        return Kind.TLS_OLD if any(word in reason for word in _TLS_OLD) else Kind.TLS
    if isinstance(error, ConnectionRefusedError):
        return Kind.REFUSED
    if isinstance(error, ConnectionError):
        return Kind.RESET
    if isinstance(error, OSError) and error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
        return Kind.UNREACHABLE
    return None


def fetch_page(
    url: str,
    *,
    limits: Limits | None = None,
    allow_private: bool | None = None,
    verify: ssl.SSLContext | bool = True,
) -> Fetched:
    """Fetch the page a person asked for, and wait for it.

    Args:
        url: absolute, http or https.
        limits: bytes, seconds, redirects, retries.
        allow_private: whether it may lie in a private network. ``None``: yes where the address
            itself does (its owner asked for it), no where a public page redirects there.
        verify: as httpx has it.
    """
    import asyncio

    async def run(*, private: bool) -> Fetched:
        async with Fetcher(limits, allow_private=private, verify=verify) as fetcher:
            return await fetcher.fetch(url, types=PAGE_TYPES)

    fetched = asyncio.run(run(private=bool(allow_private)))
    blocked = fetched.failure is not None and fetched.failure.kind is Kind.PRIVATE
    if allow_private is None and blocked and not fetched.hops:
        fetched = asyncio.run(run(private=True))
    return fetched
