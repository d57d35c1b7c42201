"""The crawler against real servers on 127.0.0.1, most of them hostile."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import subprocess
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from email.utils import formatdate
from pathlib import Path

import httpx
import pytest

from crawler import fetch as fetching
from crawler.fetch import (
    Failure,
    Fetched,
    Fetcher,
    Hop,
    Kind,
    Limits,
    failure_of,
    fetch_page,
    is_public,
    status_failure,
)
from crawler.links import allows_private, attach, check_links, check_links_sync, external_urls, judge
from qa.document import LinkVerdict
from qa.readers import read
from qa.source import Source

QUICK = Limits(connect=1.0, read=0.5, total=2.0, retries=1, backoff=0.02, retry_after=1.0, bytes=200_000)
Handler = Callable[[socket.socket, str, int], None]


class Server:
    """Answers every connection with the handler of its path; ``seen`` counts ``METHOD path``."""

    def __init__(self, address: str = "127.0.0.1", context: ssl.SSLContext | None = None) -> None:
        self.routes: dict[str, Handler] = {}
        self.seen: Counter[str] = Counter()
        self.times: list[float] = []
        self.active = self.most_active = 0
        self._lock = threading.Lock()
        self._context = context
        self._stop = threading.Event()
        self._listener = socket.create_server((address, 0))
        self._listener.settimeout(0.05)
        self.port = self._listener.getsockname()[1]
        self.base = f"{'https' if context else 'http'}://{address}:{self.port}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                continue
            threading.Thread(target=self._one, args=(connection,), daemon=True).start()
        self._listener.close()

    def _one(self, connection: socket.socket) -> None:
        connection.settimeout(3)
        try:
            if self._context is not None:
                connection = self._context.wrap_socket(connection, server_side=True)
            head = b""
            while b"\r\n\r\n" not in head:
                data = connection.recv(65536)
                if not data:
                    return
                head += data
            method, path, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
            with self._lock:
                self.seen[f"{method} {path}"] += 1
                self.times.append(time.monotonic())
                count = self.seen[f"{method} {path}"]
                self.active += 1
                self.most_active = max(self.most_active, self.active)
            try:
                self.routes.get(path, reply(404))(connection, method, count)
            finally:
                with self._lock:
                    self.active -= 1
        except OSError:
            pass
        finally:
            connection.close()

    def stop(self) -> None:
        self._stop.set()


def reply(status: int, body: bytes = b"", *headers: str, length: int | None = None) -> Handler:
    def answer(connection: socket.socket, method: str, _: int) -> None:
        size = len(body) if length is None else length
        lines = [f"HTTP/1.1 {status} X", f"Content-Length: {size}", *headers, "", ""]
        connection.sendall("\r\n".join(lines).encode("utf-8") + (b"" if method == "HEAD" else body))

    return answer


def raw(data: bytes) -> Handler:
    return lambda connection, _method, _count: connection.sendall(data)


def turn(*handlers: Handler) -> Handler:
    """The first handler at the first visit, and so on; the last one for good."""
    return lambda connection, method, count: handlers[min(count, len(handlers)) - 1](
        connection, method, count
    )


def silent(connection: socket.socket, _method: str, _count: int) -> None:
    connection.recv(1)  # until the client gives up


def drip(connection: socket.socket, _method: str, _count: int) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(60):
        connection.sendall(b"a")
        time.sleep(0.05)


def endless(connection: socket.socket, _method: str, _count: int) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65536)


def reset(connection: socket.socket, _method: str, _count: int) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.stop()


def get(url: str, limits: Limits = QUICK, **more: object) -> Fetched:
    return fetch_page(url, limits=limits, **more)  # type: ignore[arg-type]


def kind_of(fetched: Fetched) -> Kind | None:
    return fetched.failure.kind if fetched.failure else None


PAGE = "<html><p>通知</p></html>".encode()


def test_a_page(server: Server) -> None:
    server.routes["/a"] = reply(200, PAGE, "Content-Type: text/HTML; charset=GB2312")
    found = get(f"{server.base}/a")
    assert found.ok
    assert (found.status, found.charset, found.content_type, found.body) == (200, "gb2312", "text/html", PAGE)
    assert found.final_url == f"{server.base}/a"
    assert found.attempts == 1
    assert not found.permanent


def test_redirects_are_followed(server: Server) -> None:
    server.routes["/a"] = reply(301, b"", "Location: b#part")
    server.routes["/b"] = reply(302, b"", "Location: /目录/c")
    server.routes["/%E7%9B%AE%E5%BD%95/c"] = reply(200, PAGE, "Content-Type: text/html")
    found = get(f"{server.base}/a")
    assert found.ok
    assert [hop.status for hop in found.hops] == [301, 302]
    assert found.final_url.endswith("/c")
    assert not found.permanent


@pytest.mark.parametrize(
    ("path", "handler", "kind", "words"),
    [
        ("/404", reply(404), Kind.CLIENT_ERROR, "找不到该网页（404）"),
        ("/418", reply(418), Kind.CLIENT_ERROR, "拒绝了请求（418）"),
        ("/500", reply(500), Kind.SERVER_ERROR, "内部出错（500）"),
        ("/599", reply(599), Kind.SERVER_ERROR, "服务器出错（599）"),
        ("/pdf", reply(200, b"%PDF", "Content-Type: application/pdf"), Kind.WRONG_TYPE, "application/pdf"),
        ("/silent", silent, Kind.TIMEOUT, "超时"),
        ("/drip", drip, Kind.TIMEOUT, "超时"),
        ("/reset", reset, Kind.RESET, "断开"),
        ("/close", raw(b""), Kind.RESET, "断开"),
        ("/nonsense", raw(b"hello\r\n\r\n"), Kind.MALFORMED, "不合规范"),
        ("/short", reply(200, b"abc", length=100), Kind.TRUNCATED, "没有传完"),
        ("/long", reply(200, b"abc", length=10**9), Kind.TOO_LARGE, "0.190735 MB"),
        ("/endless", endless, Kind.TOO_LARGE, "过大"),
        ("/loop", reply(302, b"", "Location: /loop"), Kind.LOOP, "来回跳转"),
        ("/cookie", reply(302, b"", "Location: /cookie", "Set-Cookie: a=b"), Kind.LOOP, "来回跳转"),
        ("/js", reply(302, b"", "Location: javascript:alert(1)"), Kind.MALFORMED, "不是网页的地址"),
        ("/bad", reply(302, b"", "Location: http://[zz/"), Kind.MALFORMED, "无效的网址"),
        ("/port", reply(302, b"", "Location: http://a:b/"), Kind.MALFORMED, "无效的网址"),
        ("/br", reply(200, b"x", "Content-Encoding: br"), Kind.MALFORMED, "压缩方式（br）"),
        ("/rot", reply(200, b"x" * 50, "Content-Encoding: gzip"), Kind.MALFORMED, "已损坏"),
        (
            "/cut",
            reply(200, gzip.compress(b"x" * 500, mtime=0)[:20], "Content-Encoding: gzip"),
            Kind.TRUNCATED,
            "没有传完",
        ),
        (
            "/bomb",
            reply(200, gzip.compress(b"\0" * 20_000_000, mtime=0), "Content-Encoding: gzip"),
            Kind.TOO_LARGE,
            "过大",
        ),
        (
            "/bombs",
            reply(200, gzip.compress(b"\0" * 90_000, mtime=0) * 3, "Content-Encoding: gzip"),
            Kind.TOO_LARGE,
            "过大",
        ),
        ("/head", raw(b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 300_000), Kind.MALFORMED, "不合规范"),
    ],
)
def test_failures_are_told_apart(server: Server, path: str, handler: Handler, kind: Kind, words: str) -> None:
    server.routes[path] = handler
    start = time.monotonic()
    found = get(server.base + path)
    assert kind_of(found) is kind
    assert words in (found.failure.message if found.failure else "")
    assert found.body == b""
    assert time.monotonic() - start < 6


def test_many_redirects(server: Server) -> None:
    for i in range(15):
        server.routes[f"/{i}"] = reply(302, b"", f"Location: /{i + 1}")
    found = get(f"{server.base}/0")
    assert kind_of(found) is Kind.REDIRECTS
    assert len(found.hops) == 11


def test_cookie_then_answer(server: Server) -> None:
    server.routes["/a"] = turn(reply(302, b"", "Location: /a", "Set-Cookie: a=b"), reply(200, PAGE))
    assert get(f"{server.base}/a").ok


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(PAGE, mtime=0)),
        ("x-gzip", gzip.compress(PAGE[:9], mtime=0) + gzip.compress(PAGE[9:], mtime=0)),
        ("gzip", gzip.compress(PAGE, mtime=0) + b"\0\0trailing"),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)[2:-4]),
        ("identity", PAGE),
    ],
)
def test_compression(server: Server, encoding: str, body: bytes) -> None:
    server.routes["/z"] = reply(200, body, f"Content-Encoding: {encoding}")
    assert get(f"{server.base}/z").body == PAGE


def test_rubbish_after_the_end_is_left(server: Server) -> None:
    def answer(connection: socket.socket, _method: str, _count: int) -> None:
        packed = gzip.compress(PAGE, mtime=0)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + packed[:15])
        time.sleep(0.05)
        connection.sendall(packed[15:])
        for _ in range(3):
            time.sleep(0.05)
            connection.sendall(b"rubbish")

    server.routes["/z"] = answer
    assert get(f"{server.base}/z").body == PAGE


def test_what_can_heal_is_tried_again(server: Server) -> None:
    server.routes["/busy"] = turn(reply(503, b"", "Retry-After: 0"), reply(200, PAGE))
    server.routes["/reset"] = turn(reset, reply(200, PAGE))
    server.routes["/gone"] = reply(410)
    server.routes["/later"] = reply(429, b"", "Retry-After: 3600")
    server.routes["/dated"] = turn(
        reply(503, b"", f"Retry-After: {formatdate(time.time() - 5)}"), reply(200, PAGE)
    )
    server.routes["/vague"] = turn(reply(502, b"", "Retry-After: soon"), reply(200, PAGE))
    assert get(f"{server.base}/busy").attempts == 2
    assert get(f"{server.base}/reset").ok
    assert get(f"{server.base}/gone").attempts == 1
    assert get(f"{server.base}/later").attempts == 1
    assert get(f"{server.base}/dated").ok
    assert get(f"{server.base}/vague").ok
    short = Limits(connect=0.5, read=0.2, total=0.3, retries=5, backoff=1.0)
    server.routes["/silent"] = silent
    assert get(f"{server.base}/silent", short).attempts == 1


@pytest.mark.parametrize(
    "url", ["", "ftp://example.com/", "www.example.com", "http://", "http://[zz]/", "http://a b/"]
)
def test_bad_addresses(url: str) -> None:
    assert kind_of(get(url, allow_private=False)) is Kind.BAD_URL


def test_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert kind_of(get(f"http://127.0.0.1:{port}/")) is Kind.REFUSED


def resolve(monkeypatch: pytest.MonkeyPatch, names: dict[str, list[str] | OSError]) -> None:
    real = asyncio.base_events.BaseEventLoop.getaddrinfo

    async def fake(loop: asyncio.AbstractEventLoop, host: str, port: int, **more: int) -> object:
        known = names.get(host)
        if known is None:
            return await real(loop, host, port, **more)  # type: ignore[arg-type]
        if isinstance(known, OSError):
            raise known
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in known]

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", fake)


def test_names(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    names: dict[str, list[str] | OSError] = {
        "gone.example.com": socket.gaierror(socket.EAI_NONAME, "no"),
        "later.example.com": socket.gaierror(socket.EAI_AGAIN, "later"),
        "inside.example.com": ["10.0.0.1", "127.0.0.1"],
        "two.example.com": ["127.0.0.9", "127.0.0.1"],
    }
    resolve(monkeypatch, names)
    server.routes["/"] = reply(200, PAGE)
    assert kind_of(get("http://gone.example.com/")) is Kind.DNS
    assert kind_of(get("http://later.example.com/")) is Kind.DNS_TEMPORARY
    assert kind_of(get(f"http://inside.example.com:{server.port}/", allow_private=False)) is Kind.PRIVATE
    assert get(f"http://two.example.com:{server.port}/").ok, (
        "the second address answers where the first refuses"
    )


def test_private_networks_are_closed_even_behind_a_redirect(
    monkeypatch: pytest.MonkeyPatch, server: Server
) -> None:
    monkeypatch.setattr(fetching, "is_public", lambda address: address == "127.0.0.1")
    inner = Server("127.0.0.2")
    inner.routes["/secret"] = reply(200, b"secret")
    server.routes["/a"] = reply(302, b"", f"Location: {inner.base}/secret")
    found = get(f"{server.base}/a")
    assert kind_of(found) is Kind.PRIVATE
    assert found.hops
    assert not inner.seen
    assert kind_of(get(f"{inner.base}/secret", allow_private=False)) is Kind.PRIVATE
    assert get(f"{inner.base}/secret").ok, "its owner asked for it by name"
    assert get(f"{server.base}/a", allow_private=True).ok
    inner.stop()


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("10.0.0.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b::808:808", True),
        ("2002:7f00:1::", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CA with three servers' certificates: good (127.0.0.1), of another host, expired."""
    folder = tmp_path_factory.mktemp("tls")

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True, timeout=20)

    try:
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        openssl(
            "req",
            "-x509",
            *key,
            "-keyout",
            "ca.key",
            "-out",
            "ca.pem",
            "-days",
            "30",
            "-subj",
            "/CN=test ca",
            "-addext",
            "keyUsage=critical,keyCertSign,cRLSign",
        )
        (folder / "ca.cnf").write_text(
            "[ca]\ndefault_ca=d\n[d]\ndatabase=index\nnew_certs_dir=.\nserial=serial\npolicy=p\ndefault_md=sha256\n"
            "certificate=ca.pem\nprivate_key=ca.key\nunique_subject=no\n[p]\ncommonName=supplied\n"
        )
        (folder / "index").touch()
        (folder / "serial").write_text("01")
        for name, alternative, start, end in (
            ("good", "IP:127.0.0.1", "20200101000000Z", "20491231000000Z"),
            ("other", "DNS:www.example.com", "20200101000000Z", "20491231000000Z"),
            ("expired", "IP:127.0.0.1", "20200101000000Z", "20200201000000Z"),
        ):
            openssl("req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
            (folder / f"{name}.ext").write_text(
                f"subjectAltName={alternative}\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
            )
            openssl("ca", "-batch", "-config", "ca.cnf", "-in", f"{name}.csr", "-out", f"{name}.pem", "-notext",
                    "-startdate", start, "-enddate", end, "-extfile", f"{name}.ext")  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        pytest.skip("没有可用的 openssl 命令")
    return folder


def tls(folder: Path, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
    return context


def test_tls(certificates: Path, server: Server) -> None:
    trust = ssl.create_default_context(cafile=str(certificates / "ca.pem"))
    for name, kind in (("good", None), ("other", Kind.TLS_HOST), ("expired", Kind.TLS_EXPIRED)):
        secure = Server(context=tls(certificates, name))
        secure.routes["/"] = reply(200, PAGE)
        assert kind_of(get(f"{secure.base}/", verify=trust)) is kind, name
        secure.stop()
    unknown = Server(context=tls(certificates, "good"))
    assert kind_of(get(f"{unknown.base}/")) is Kind.TLS_UNTRUSTED
    unknown.stop()
    context = tls(certificates, "good")
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    new = Server(context=context)
    trust.maximum_version = ssl.TLSVersion.TLSv1_2
    assert kind_of(get(f"{new.base}/", verify=trust)) is Kind.TLS_OLD
    new.stop()
    assert kind_of(get(f"https://127.0.0.1:{server.port}/", verify=trust)) is Kind.TLS


def test_causes_without_a_server() -> None:
    assert failure_of(OSError(101, "x")).kind is Kind.UNREACHABLE
    assert failure_of(OSError(5, "x")).kind is Kind.MALFORMED
    assert failure_of(httpx.ReadError("x")).kind is Kind.RESET
    assert failure_of(httpx.UnsupportedProtocol("x")).kind is Kind.BAD_URL
    assert failure_of(ValueError("x")).message == "服务器的回应不合规范（ValueError）"
    assert failure_of(ExceptionGroup("x", [ConnectionRefusedError()])).kind is Kind.REFUSED
    assert status_failure(200) is None
    circle = ValueError("x")
    circle.__context__ = KeyError("y")
    circle.__context__.__context__ = circle
    assert failure_of(circle).kind is Kind.MALFORMED


def test_a_closed_fetcher_says_so() -> None:
    async def run() -> Fetched:
        fetcher = Fetcher(QUICK)
        await fetcher.__aexit__()
        return await fetcher.fetch("http://www.example.com/")

    assert kind_of(asyncio.run(run())) is Kind.MALFORMED
    asyncio.run(fetching._Guard(_Sleeper(), allow_private=False).sleep(0))


class _Sleeper:
    async def sleep(self, _seconds: float) -> None:
        return None


# -- links ------------------------------------------------------------------------------------


def check(urls: list[str], **more: object) -> dict[str, object]:
    settings = {"allow_private": True, "spacing": 0.0, "timeout": 1.0, **more}
    found = check_links_sync(urls, **settings)  # type: ignore[arg-type]
    return dict(found)


def test_states_of_links(server: Server) -> None:
    server.routes |= {
        "/alive": reply(200),
        "/get-only": lambda c, m, n: reply(405 if m == "HEAD" else 200)(c, m, n),
        "/head-hangs-up": lambda c, m, n: reset(c, m, n) if m == "HEAD" else reply(200)(c, m, n),
        "/old": reply(301, b"", "Location: /new"),
        "/new": reply(200),
        "/slash": reply(301, b"", "Location: /slash/"),
        "/slash/": reply(200),
        "/for-now": reply(302, b"", "Location: /new"),
        "/home": reply(302, b"", "Location: /index.html"),
        "/index.html": reply(200),
        "/to-gone": reply(301, b"", "Location: /gone"),
        "/forbidden": reply(403),
        "/busy": reply(429),
        "/broken": reply(500),
        "/silent": silent,
        "/loop": reply(302, b"", "Location: /loop"),
        "/healing": turn(reply(503), reply(200)),
    }
    names = ["alive", "gone", "get-only", "head-hangs-up", "old", "slash", "for-now", "home", "to-gone", "forbidden",
             "busy", "broken", "silent", "loop", "healing"]  # fmt: skip
    told: list[tuple[int, int]] = []
    urls = [f"{server.base}/{name}" for name in [*names, "alive"]]
    found = check_links_sync(
        urls,
        allow_private=True,
        spacing=0.0,
        timeout=1.5,
        per_host=8,
        progress=lambda *step: told.append(step),
    )
    assert list(found) == urls[:-1]
    states = {url.rpartition("/")[2]: result.state for url, result in found.items()}
    assert states == {
        "alive": "alive", "gone": "dead", "get-only": "alive", "head-hangs-up": "alive", "old": "moved",
        "slash": "alive", "for-now": "alive", "home": "unsure", "to-gone": "dead", "forbidden": "unsure",
        "busy": "unsure", "broken": "dead", "silent": "unsure", "loop": "dead", "healing": "alive",
    }  # fmt: skip
    assert found[f"{server.base}/old"].verdict == LinkVerdict(
        "moved", "已永久迁移（301）", f"{server.base}/new"
    )
    assert found[f"{server.base}/alive"].verdict is None
    assert found[f"{server.base}/to-gone"].cause == f"跳转到 {server.base}/gone 后，找不到该网页（404）"
    assert found[f"{server.base}/forbidden"].verdict == LinkVerdict("unsure", "服务器拒绝访问（403）")
    assert server.seen["HEAD /alive"] == 1
    assert server.seen["GET /alive"] == 0
    assert sorted(told) == [(i, len(names)) for i in range(1, len(names) + 1)]


def test_one_host_is_not_stormed(server: Server) -> None:
    def slow(connection: socket.socket, method: str, count: int) -> None:
        time.sleep(0.03)
        reply(200)(connection, method, count)

    urls = [f"{server.base}/{i}" for i in range(12)]
    server.routes |= {f"/{i}": slow for i in range(12)}
    check(urls, per_host=2, spacing=0.02)
    assert server.most_active <= 2
    assert max(server.times) - min(server.times) >= 11 * 0.02 * 0.8


def test_total_time_is_bounded(server: Server) -> None:
    server.routes |= {"/0": reply(200), "/1": silent, "/2": silent}
    start = time.monotonic()
    found = check_links_sync(
        [f"{server.base}/{i}" for i in range(3)],
        allow_private=True,
        total=0.8,
        per_host=1,
        spacing=0.0,
        timeout=3.0,
    )
    assert time.monotonic() - start < 2.5
    assert [result.state for result in found.values()] == ["alive", "unsure", "unsure"]
    assert found[f"{server.base}/2"].cause == "超过检查总时限，没有检查"


def test_cancelling_closes_everything(server: Server) -> None:
    server.routes["/silent"] = silent

    async def run() -> None:
        task = asyncio.create_task(check_links([f"{server.base}/silent"], allow_private=True))
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(run())


def test_private_links_are_not_asked(server: Server) -> None:
    (result,) = check_links_sync([f"{server.base}/"]).values()
    assert (result.state, result.cause) == ("unsure", "指向内网地址，出于安全没有访问")
    assert not server.seen


def test_being_offline_is_no_dead_link(monkeypatch: pytest.MonkeyPatch) -> None:
    hosts = [f"h{i}.example.com" for i in range(3)]
    resolve(monkeypatch, {host: socket.gaierror(socket.EAI_NONAME, "no") for host in hosts})
    found = check_links_sync([f"http://{host}/" for host in hosts], spacing=0.0)
    assert {result.cause for result in found.values()} == {"所有网址都连不上，本机可能没有联网"}
    assert [result.state for result in check_links_sync([f"http://{hosts[0]}/"]).values()] == ["dead"]
    assert check_links_sync([]) == {}


def test_judging() -> None:
    moved = Fetched(
        "http://a.example.com/x", "http://a.example.com/y", 200, hops=(Hop(308, "http://a.example.com/y"),)
    )
    assert judge(moved.url, moved).state == "moved"
    refused = Fetched("http://a.example.com/x", failure=Failure(Kind.REFUSED, "服务器拒绝连接"))
    assert judge(refused.url, refused).cause == "服务器拒绝连接"


def test_addresses_of_a_document() -> None:
    page = (
        '<base href="/sub/"><a href="a.html#x">甲</a><a href="#y">乙</a><a href="mailto:a@example.com">丙</a>'
        '<a href="https://www.example.net/?a=1&amp;b=2#z">丁</a><img src="/logo.png" alt="标志">'
        '<script src="//static.example.net/a.js"></script><a href="a.html">又</a><a href="{{x}}">戊</a><a>己</a>'
    )
    document = read(Source("a.html", page, url="https://www.example.com/x/y.html"))
    assert external_urls(document) == [
        "https://www.example.com/sub/a.html",
        "https://www.example.net/?a=1&b=2",
        "https://www.example.com/logo.png",
        "https://static.example.net/a.js",
    ]
    assert external_urls(document, own=False) == [
        "https://www.example.net/?a=1&b=2",
        "https://static.example.net/a.js",
    ]
    local = read(Source("a.html", page))
    assert external_urls(local) == ["https://www.example.net/?a=1&b=2"]
    broken = read(Source("a.html", '<base href="http://[x"><a href="a.html">甲</a>'))
    assert external_urls(broken) == []
    assert not allows_private([document])
    assert not allows_private([local])
    assert allows_private([read(Source("a.html", page, url="http://127.0.0.1:8000/")), local])


def test_results_reach_the_document(server: Server) -> None:
    server.routes["/alive"] = reply(200)
    text = f'<a href="{server.base}/gone#x">甲</a><a href="{server.base}/alive">乙</a><a href="http://x.example.com/">丙</a>'
    document = read(Source("a.html", text))
    urls = external_urls(document)[:2]
    attach(document, check_links_sync(urls, allow_private=True, spacing=0.0))
    assert document.link_results == {f"{server.base}/gone": LinkVerdict("dead", "找不到该网页（404）")}
