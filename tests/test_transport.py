"""The hot path: many requests at a time, every failure told by its kind."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pycurl
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from hostile import QUICK, Hostile, certificates, crawl, page, raw, reply, reset, serving, silent, tls, to

from crawler import transport as module
from crawler.fetch import WORDS, Kind
from crawler.transport import Request, Response, Transport
from qa.site.options import CrawlOptions


@pytest.fixture
def server() -> Iterator[Hostile]:
    with serving() as made:
        yield made


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    try:
        return certificates(tmp_path_factory.mktemp("tls"))
    except (OSError, subprocess.SubprocessError):
        pytest.skip("没有可用的 openssl 命令")


def ask(*requests: Request, options: CrawlOptions = QUICK, trusted: str = "") -> list[Response]:
    """Answers in the order of the requests."""
    transport = Transport(options, trusted=trusted)
    found: dict[str, Response] = {}
    try:
        for request in requests:
            transport.start(request)
        end = time.monotonic() + 20
        while len(transport):
            assert time.monotonic() < end
            for response in transport.poll(0.5):
                found[response.request.url] = response
    finally:
        transport.close()
    return [found[request.url] for request in requests]


def one(url: str, *, options: CrawlOptions = QUICK, trusted: str = "", **more: object) -> Response:
    return ask(Request(url, private=True, **more), options=options, trusted=trusted)[0]  # type: ignore[arg-type]


def kind(url: str, *, options: CrawlOptions = QUICK, trusted: str = "", **more: object) -> Kind | None:
    failure = one(url, options=options, trusted=trusted, **more).failure
    assert failure is None or failure.message.startswith(WORDS.get(failure.kind, ""))
    return failure and failure.kind


def test_what_an_answer_holds(server: Hostile) -> None:
    server.routes["/"] = reply(
        page(), 'ETag: "1"', "Last-Modified: Mon, 01 Jun 2026 00:00:00 GMT", "Set-Cookie: a=1; Path=/", "Set-Cookie: b=2",
        "Retry-After: 7", media='Text/HTML; Charset="GBK"',
    )  # fmt: skip
    found = one(f"{server.base}/")
    assert (found.status, found.media, found.charset, found.html) == (200, "text/html", "GBK", True)
    assert (found.etag, found.modified) == ('"1"', "Mon, 01 Jun 2026 00:00:00 GMT")
    assert (found.cookie, found.retry_after, found.whole, found.failure) == ("a=1; b=2", 7.0, True, None)
    assert found.headers.startswith("HTTP/1.1 200 X\nContent-Length: ")
    assert found.body.decode() == page()
    assert 0 < found.elapsed < 3


def test_what_is_asked(server: Hostile) -> None:
    server.routes["/"] = reply(b"", status=304)
    found = one(f"{server.base}/", etag='"1"', modified="x", cookie="a=1")
    assert (found.status, found.failure) == (304, None)
    headers = server.log[0].headers
    assert headers["if-none-match"] == '"1"'
    assert headers["if-modified-since"] == "x"
    assert headers["cookie"] == "a=1"
    assert headers["accept-encoding"] == "gzip, deflate"
    assert headers["user-agent"].startswith("Mozilla/5.0 (compatible; shenjiao/")
    one(f"{server.base}/", options=CrawlOptions(user_agent="某单位巡检"), head=True)
    assert server.log[1].headers["user-agent"].encode("latin-1").decode() == "某单位巡检"
    assert "if-none-match" not in server.log[1].headers


def test_handles_are_used_again_and_again(server: Hostile) -> None:
    """HEAD, GET, conditional and cut requests through one handle leave nothing behind for the next."""
    server.routes["/"] = reply("x" * 1000)
    transport = Transport(CrawlOptions())
    wanted = [
        (Request(f"{server.base}/", head=True, private=True), b"", True),
        (Request(f"{server.base}/", private=True), b"x" * 1000, True),
        (Request(f"{server.base}/", enough=10, private=True), b"x" * 10, False),
        (Request(f"{server.base}/", head=True, etag="1", private=True), b"", True),
        (Request(f"{server.base}/", private=True), b"x" * 1000, True),
    ]
    for request, body, whole in wanted:
        transport.start(request)
        found: list[Response] = []
        while not found:
            found = transport.poll(1.0)
        assert (found[0].body, found[0].whole, found[0].failure) == (body, whole, None)
    assert transport.poll(0.0) == []
    transport.start(Request(f"{server.base}/", private=True))
    assert [request.url for request in transport.abort()] == [f"{server.base}/"]
    assert len(transport) == 0
    transport.close()
    assert [visit.method for visit in server.log[:5]] == ["HEAD", "GET", "GET", "HEAD", "GET"]
    assert "if-none-match" not in server.log[4].headers


def test_connections_are_kept(server: Hostile) -> None:
    for n in range(40):
        server.routes[f"/{n}"] = reply(page(words=str(n)))
    transport = Transport(QUICK)
    left = [Request(f"{server.base}/{n}", private=True) for n in range(40)]
    got = 0
    while left or len(transport):
        while left and len(transport) < 3:
            transport.start(left.pop())
        got += len(transport.poll(1.0))
    transport.close()
    assert got == 40
    assert server.connections <= 4
    assert server.most_active <= 3


def test_kinds_of_failure(server: Hostile) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = taken.getsockname()[1]
    quick = CrawlOptions(timeout=0.8, connect=0.8, max_bytes=1000)
    server.routes["/silent"] = silent
    server.routes["/reset"] = reset
    server.routes["/big"] = reply("x" * 2000)
    server.routes["/cut"] = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nabc")
    server.routes["/garbage"] = raw(b"\x00\x01\x02\r\n\r\n")
    server.routes["/500"] = reply(status=500)
    server.routes["/403"] = reply(status=403)
    expected = {
        f"http://127.0.0.1:{closed}/": Kind.REFUSED,
        "http://nothere.invalid/": Kind.DNS,
        f"{server.base}/silent": Kind.TIMEOUT,
        f"{server.base}/reset": Kind.RESET,
        f"{server.base}/big": Kind.TOO_LARGE,
        f"{server.base}/cut": Kind.TRUNCATED,
        f"{server.base}/garbage": Kind.MALFORMED,
        f"{server.base}/500": Kind.SERVER_ERROR,
        f"{server.base}/403": Kind.CLIENT_ERROR,
        f"{server.base}/404": Kind.CLIENT_ERROR,
        "http://256.256.256.256.256/": Kind.DNS,
    }
    answers = ask(*(Request(url, private=True) for url in expected), options=quick)
    found = {answer.request.url: answer.failure and answer.failure.kind for answer in answers}
    assert found == expected
    assert not [answer for answer in answers if answer.status == 0 and not answer.failure]


def test_a_body_slower_than_slow(server: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SLOW_SECONDS", 1)
    server.routes["/"] = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", *[b"x"] * 60, pause=0.1)
    begun = time.monotonic()
    assert kind(f"{server.base}/", options=CrawlOptions(timeout=30)) is Kind.TIMEOUT
    assert time.monotonic() - begun < 5


def test_no_more_than_wanted(server: Hostile) -> None:
    server.routes["/pdf"] = reply(b"%PDF" * 1000, media="application/pdf")
    server.routes["/none"] = reply(b"<p>x", media="")
    server.routes["/other"] = reply(b"x", media="")
    found = one(f"{server.base}/pdf", html_only=True)
    assert (found.status, found.body, found.whole, found.failure, found.html) == (
        200,
        b"",
        False,
        None,
        False,
    )
    assert one(f"{server.base}/none", html_only=True).html
    assert not one(f"{server.base}/other", html_only=True).html


def test_addresses_inside_are_refused(server: Hostile) -> None:
    """Whatever way they are spelt, and names as well as numbers; nothing is connected to."""
    with serving("::1") as six:
        names = [
            f"http://127.0.0.1:{server.port}/",
            f"http://localhost:{server.port}/",
            f"http://2130706433:{server.port}/",
            f"http://0x7f000001:{server.port}/",
            f"http://0177.0.0.1:{server.port}/",
            f"http://127.1:{server.port}/",
            f"http://0.0.0.0:{server.port}/",
            f"http://[::ffff:127.0.0.1]:{server.port}/",
            f"http://[::1]:{six.port}/",
            "http://10.0.0.1/",
            "http://169.254.169.254/latest/meta-data/",
            "http://192.168.1.1/",
            "http://[fe80::1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[fd00::1]/",
        ]
        answers = ask(*(Request(name) for name in names))
        assert {
            answer.request.url: answer.failure and answer.failure.kind for answer in answers
        } == dict.fromkeys(names, Kind.PRIVATE)
        assert server.connections == six.connections == 0
        assert one(f"http://[::1]:{six.port}/").status == 404


def test_a_name_that_turns_inside_is_refused(server: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    """Named by the user, public when first asked, and inside the next time."""
    public = True
    monkeypatch.setattr(module, "is_public", lambda _: public)
    server.routes["/"] = raw(reply(page(), "Connection: close"))
    for options, expected in ((QUICK, Kind.PRIVATE), (replace(QUICK, allow_private=True), None)):
        public = True
        transport = Transport(options)
        kinds = []
        for _ in range(2):
            transport.start(Request(f"{server.base}/", private=True))
            found: list[Response] = []
            while not found:
                found = transport.poll(1.0)
            kinds.append(found[0].failure and found[0].failure.kind)
            public = False
        transport.close()
        assert kinds == [None, expected]


def test_tls_told_apart(signed: dict[str, Path]) -> None:
    trusted = str(signed["ca"])
    for name, expected in (
        ("good", None),
        ("other", Kind.TLS_HOST),
        ("expired", Kind.TLS_EXPIRED),
        ("self", Kind.TLS_UNTRUSTED),
    ):
        with serving(context=tls(signed[name])) as secure:
            secure.routes["/"] = reply(page())
            assert kind(f"{secure.base}/", trusted=trusted) is expected, name
            assert kind(f"{secure.base}/", options=CrawlOptions(insecure=True), trusted=trusted) is None, name
    with serving(context=tls(signed["good"])) as secure:
        assert kind(f"{secure.base}/") is Kind.TLS_UNTRUSTED
    with socket.create_server(("127.0.0.1", 0)) as plain:

        def greet() -> None:
            connection, _ = plain.accept()
            with connection:
                connection.recv(10)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                connection.recv(10_000)

        threading.Thread(target=greet, daemon=True).start()
        assert kind(f"https://127.0.0.1:{plain.getsockname()[1]}/", trusted=trusted) is Kind.TLS


def test_protocols_of_old(signed: dict[str, Path]) -> None:
    context = tls(signed["good"])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers("ALL:@SECLEVEL=0")
    except (ssl.SSLError, ValueError):
        pytest.skip("本机的 OpenSSL 不再支持 TLS 1.1")
    with serving(context=context) as secure:
        assert kind(f"{secure.base}/", trusted=str(signed["ca"])) is Kind.TLS_OLD


def test_headers_that_read_oddly() -> None:
    response = Response(Request("http://example.com/"))
    module._read_headers(
        response,
        [b"HTTP/1.1 200 OK\r\n", b"no colon\r\n", b"\r\n", "Location: /通知\r\n".encode(), b"X: \xff\r\n"],
    )
    assert response.location == "/通知"
    assert response.headers.endswith("X: \ufffd")


def test_codes_nobody_knows() -> None:
    class Handle:
        def getinfo(self, _: int) -> int:
            return 0

    job = module._Job(1, Request("http://example.com/"))
    assert module._failure(Handle(), job, 9999, "").message == f"{WORDS[Kind.MALFORMED]}（9999）"
    assert module._failure(Handle(), job, pycurl.E_SSL_CACERT, "subject name").kind is Kind.TLS_HOST
    assert module._failure(Handle(), job, pycurl.E_SSL_CACERT, "").kind is Kind.TLS


def test_the_users_own_authorities(monkeypatch: pytest.MonkeyPatch, signed: dict[str, Path]) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(signed["ca"]))
    with serving(context=tls(signed["good"])) as secure:
        assert kind(f"{secure.base}/") is Kind.CLIENT_ERROR  # 404: the certificate held


NGINX = """
daemon off; worker_processes 1; pid {0}/pid; error_log {0}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log {0}/access.log; client_body_temp_path {0}; proxy_temp_path {0}; fastcgi_temp_path {0};
  uwsgi_temp_path {0}; scgi_temp_path {0};
  types {{ text/html html; }}
  server {{ listen 127.0.0.1:{1} ssl http2; ssl_certificate {2}; ssl_certificate_key {3}; root {0}/www; }}
}}
"""


def test_http_2(tmp_path: Path, signed: dict[str, Path]) -> None:
    """Over TLS, where the server speaks it: the whole crawl goes through a connection or two."""
    try:
        version = subprocess.run(["nginx", "-V"], capture_output=True, text=True, check=True).stderr
    except (OSError, subprocess.SubprocessError):
        pytest.skip("没有 nginx")
    if "http_v2" not in version:
        pytest.skip("这个 nginx 不支持 HTTP/2")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "index.html").write_text(page(*(f"/{n}.html" for n in range(30))))
    for n in range(30):
        (tmp_path / "www" / f"{n}.html").write_text(page("/", words=str(n)))
    for path in (tmp_path, *tmp_path.parents):  # nginx's workers are another user's
        if path.stat().st_uid == Path.home().stat().st_uid and path != Path("/"):
            path.chmod(path.stat().st_mode | 0o755)
    (tmp_path / "nginx.conf").write_text(
        NGINX.format(tmp_path, port, signed["good"], signed["good"].with_suffix(".key"))
    )
    process = subprocess.Popen(
        ["nginx", "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)], stderr=subprocess.DEVNULL
    )
    try:
        end = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert time.monotonic() < end, (tmp_path / "error.log").read_text()
                time.sleep(0.05)

        class Site:
            base = f"https://127.0.0.1:{port}"

        night = crawl(Site(), tmp_path / "out", trusted=str(signed["ca"]))  # type: ignore[arg-type]
        assert {row.status for row in night.pages.values()} == {200}
        assert len(night.pages) == 31
        lines = {
            headers.split("\n")[0].split(" ")[0] for (headers,) in night.rows("SELECT headers FROM fetch")
        }
        assert lines == {"HTTP/2"}
    finally:
        process.terminate()
        process.wait(10)


def test_redirects_are_not_followed(server: Hostile) -> None:
    server.routes["/"] = to("/next")
    found = one(f"{server.base}/")
    assert (found.status, found.location, found.failure) == (302, "/next", None)
    assert server.seen["GET /next"] == 0
