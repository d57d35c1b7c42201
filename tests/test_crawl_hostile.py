"""Faults a crawl survives: killed, stopped, starved of disk, and servers that mean no good."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

sys.path.insert(0, str(Path(__file__).parent))

from hostile import (
    MOST,
    NIGHT,
    QUICK,
    SECOND,
    Hostile,
    Night,
    Visit,
    crawl,
    page,
    raw,
    reply,
    reset,
    serving,
    silent,
    to,
    tree,
    turn,
)

from crawler import crawl as crawling
from crawler import pace, traps
from crawler.crawl import Crawl, CrawlError, _Urls
from crawler.recorder import explain
from crawler.scope import ScopeError
from qa.site.options import CrawlOptions
from qa.site.snapshot import Place, Reader
from qa.site.store import StoreError

ROOT = Path(__file__).resolve().parents[1]
PAGES = 150


@pytest.fixture
def server() -> Iterator[Hostile]:
    with serving() as made:
        yield made


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_PATIENCE", 4)


# -- helpers -------------------------------------------------------------------


def command(server: Hostile, out: Path, *words: str) -> list[str]:
    return [
        sys.executable, "-m", "qa.cli", "crawl", f"{server.base}/", "--out", str(out), "--rate", "0", "--no-config",
        "--timeout", "3", "--retries", "1", "--no-probe", "--no-sitemap", *words,
    ]  # fmt: skip


def start(words: list[str], **more: object) -> subprocess.Popen[str]:
    environment = dict(os.environ, PYTHONPATH=str(ROOT), NO_COLOR="1")
    return subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, **more
    )  # fmt: skip


def run(words: list[str], **more: object) -> tuple[int, str]:
    process = start(words, **more)
    output, errors = process.communicate(timeout=40)
    assert "Traceback" not in errors, errors
    return process.returncode, output + errors


def until(ready: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "没有等到"
        time.sleep(0.005)


def store(out: Path, sql: str, *values: object) -> list[tuple]:
    with closing(sqlite3.connect(out / "run.db")) as db:
        return db.execute(sql, values).fetchall()


def committed(out: Path) -> set[str]:
    """Addresses whose fetch is in the store."""
    return {url for (url,) in store(out, "SELECT u.url FROM fetch f JOIN url u ON u.id = f.url_id")}


def check_warc(out: Path) -> int:
    """Every record opens with warcio, every body by its place and with its digest. Returns their number."""
    count = 0
    for path in sorted((out / "warc").glob("*.warc.gz")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                record.content_stream().read()
                count += record.rec_type == "response"
        gzip.decompress(path.read_bytes())
    reader = Reader(out / "warc")
    known = store(out, "SELECT warc, offset, length, digest FROM content")
    for warc, offset, length, digest in known:
        assert hashlib.sha1(reader.body(Place(warc, offset, length))).digest() == digest
    reader.close()
    assert count == len(known)
    with closing(sqlite3.connect(out / "run.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert not db.execute(
            "SELECT 1 FROM fetch WHERE content_id IS NOT NULL AND content_id NOT IN (SELECT id FROM content)"
        ).fetchall()
    return count


def facts(out: Path) -> set[tuple]:
    return set(
        store(
            out,
            "SELECT u.url, f.status, r.depth, f.purpose FROM fetch f JOIN url u ON u.id = f.url_id LEFT JOIN frontier r"
            " ON r.run_id = f.run_id AND r.url_id = f.url_id WHERE f.run_id = (SELECT max(id) FROM run)",
        )
    )


def linked(out: Path) -> list[tuple]:
    return sorted(
        store(
            out,
            "SELECT u.url, l.n, t.url FROM link l JOIN content c ON c.id = l.content_id JOIN url u ON u.id = c.url_id"
            " JOIN url t ON t.id = l.target_id",
        )
    )


# -- killed and stopped --------------------------------------------------------


def test_killed_again_and_again_nothing_is_lost_nor_asked_twice(server: Hostile, tmp_path: Path) -> None:
    pages = 250
    tree(server, pages)
    whole = crawl(server, tmp_path / "whole")
    assert len(whole.pages) == pages
    tree(server, pages, pause=0.05)
    server.seen.clear()
    out = tmp_path / "out"
    kept: set[str] = set()
    asked: dict[str, int] = {}
    for round_ in range(3):
        process = start(command(server, out, *(["--resume"] if round_ else [])))
        target = len(kept) + 20
        until(lambda target=target, process=process: process.poll() is not None or _pages(out) >= target)
        assert process.poll() is None
        process.kill()
        process.communicate()
        assert {
            path: server.seen[f"GET {path}"] for path in asked
        } == asked  # what was there was not asked for again
        before, kept = kept, committed(out)
        assert before < kept
        asked = {
            path: server.seen[f"GET {path}"]
            for url in kept
            if (path := url.removeprefix(server.base)) != "/robots.txt"
        }
        if round_ == 1:  # and the record the kill cut in half
            (last,) = (out / "warc").glob("*.warc.gz")
            with last.open("ab") as stream:
                stream.write(gzip.compress(b"WARC/1.1\r\nWARC-Type: response\r\n" + os.urandom(500))[:300])
    tree(server, pages)
    code, words = run(command(server, out, "--resume"))
    assert code == 0, words
    assert f"网页 {pages} 个" in words
    assert facts(out) == facts(tmp_path / "whole")
    assert linked(out) == linked(tmp_path / "whole")
    assert check_warc(out) == pages
    assert {path: server.seen[f"GET {path}"] for path in asked} == asked
    assert sum(server.asked().values()) <= pages + 3 * 60  # what was under way or not yet committed, no more


def _pages(out: Path) -> int:
    if not (out / "run.db").exists():
        return 0
    try:
        return int(store(out, "SELECT count(*) FROM fetch WHERE purpose = 'page'")[0][0])
    except sqlite3.OperationalError:  # the tables are not there yet
        return 0


def test_a_killed_run_that_is_not_resumed_leaves_its_snapshots_whole(server: Hostile, tmp_path: Path) -> None:
    tree(server, 20)
    crawl(server, tmp_path, max_pages=5)
    with (tmp_path / "warc" / "run-00001-00000.warc.gz").open("ab") as stream:
        stream.write(b"\x1f\x8b\x08half a record")
    (tmp_path / "warc" / "run-00001-00001.warc.gz").write_bytes(b"\x1f\x8b")
    again = crawl(server, tmp_path, at=SECOND)
    assert again.crawled.state == "done"
    assert check_warc(tmp_path) == 20


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_in_good_order(server: Hostile, tmp_path: Path, number: int) -> None:
    tree(server, PAGES, pause=0.05)
    process = start(command(server, tmp_path))
    until(lambda: len(server.log) > 20)
    process.send_signal(number)
    output, errors = process.communicate(timeout=10)
    assert process.returncode == 3, errors
    assert "抓取中断" in output
    assert "没有查全：抓取被中断，可用 --resume 接着抓" in errors
    assert "Traceback" not in errors
    assert store(tmp_path, "SELECT state FROM run") == [("stopped",)]
    kept = committed(tmp_path)
    assert kept
    tree(server, PAGES)
    code, words = run(command(server, tmp_path, "--resume"))
    assert code == 0, words
    assert store(tmp_path, "SELECT state, gaps FROM run") == [("done", "[]")]
    assert all(
        server.seen[f"GET {url.removeprefix(server.base)}"] == 1 for url in kept if "robots" not in url
    )
    assert check_warc(tmp_path) == PAGES


def test_a_second_signal_ends_at_once(server: Hostile, tmp_path: Path) -> None:
    server.routes["/robots.txt"] = silent
    process = start(command(server, tmp_path, "--timeout", "30"))
    until(lambda: len(server.log) > 0)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    assert process.returncode in (3, -signal.SIGTERM)


def test_two_in_one_folder(server: Hostile, tmp_path: Path) -> None:
    tree(server, PAGES, pause=0.05)
    first = start(command(server, tmp_path))
    until(lambda: len(server.log) > 3)
    code, words = run(command(server, tmp_path))
    assert code == 3
    assert "正被另一次抓取或判定使用" in words
    first.send_signal(signal.SIGTERM)
    first.communicate(timeout=10)
    assert store(tmp_path, "SELECT count(*) FROM run") == [(1,)]


def test_stopping_while_a_server_makes_us_wait(server: Hostile, tmp_path: Path) -> None:
    server.routes["/"] = reply(page("/a"))
    server.routes["/a"] = reply(b"", "Retry-After: 300", status=429)
    end = time.monotonic() + 1.0
    night = crawl(server, tmp_path, stopping=lambda: time.monotonic() > end)
    assert time.monotonic() < end + 1.5
    assert night.crawled.state == "stopped"
    server.routes["/a"] = reply(page())
    again = crawl(server, tmp_path, resume=True)
    assert (again.crawled.state, again.fetches["/a"].status) == ("done", 200)
    assert server.seen["GET /"] == 1


def test_resume_keeps_the_hosts_that_joined(server: Hostile, tmp_path: Path) -> None:
    """The home page sent us to another host, the crawl was stopped, and the rest must still be its pages."""
    with serving("127.0.0.2") as real:
        server.routes["/"] = to(f"{real.base}/")
        tree(real, 30)
        stop = threading.Event()
        inner = real.fallback

        def answer(visit: Visit) -> bytes | None:
            if len(real.log) > 12:
                stop.set()
            return inner(visit)

        real.fallback = answer
        first = crawl(server, tmp_path, stopping=stop.is_set, concurrency=2, allow_private=True)
        assert first.crawled.state == "stopped"
        second = crawl(server, tmp_path, resume=True, allow_private=True)
        assert second.crawled.state == "done"
        assert sum(row.purpose == "page" for row in second.fetches.values()) == 31


def test_resume_reads_the_sitemaps_that_were_left(server: Hostile, tmp_path: Path) -> None:
    index = (
        "<sitemapindex>"
        + "".join(f"<sitemap><loc>/map{n}.xml</loc></sitemap>" for n in range(3))
        + "</sitemapindex>"
    )
    server.routes["/"] = reply(page())
    server.routes["/sitemap.xml"] = reply(index, media="text/xml")
    for n in range(3):
        server.routes[f"/map{n}.xml"] = reply(
            f"<urlset><url><loc>/p{n}</loc></url></urlset>", media="text/xml"
        )
        server.routes[f"/p{n}"] = reply(page(words=str(n)))
    night = crawl(server, tmp_path, sitemaps=True, stopping=lambda: server.seen["GET /sitemap.xml"] > 0)
    assert night.crawled.state == "stopped"
    end = crawl(server, tmp_path, sitemaps=True, resume=True)
    assert set(end.pages) == {"/", "/p0", "/p1", "/p2"}
    assert server.seen["GET /sitemap.xml"] <= 2


def test_nothing_to_resume(server: Hostile, tmp_path: Path) -> None:
    with pytest.raises(CrawlError, match="没有中断的抓取"):
        crawl(server, tmp_path, resume=True)
    tree(server, 3)
    crawl(server, tmp_path)
    with pytest.raises(CrawlError, match="没有中断的抓取"):
        crawl(server, tmp_path, resume=True)
    crawl(server, tmp_path, stopping=lambda: True)
    with pytest.raises(CrawlError, match="不是同一网站"):
        crawl(server, tmp_path, resume=True, home="/1.html")


# -- a store that cannot be used -------------------------------------------------


def test_folders_and_stores_that_cannot_be_used(server: Hostile, tmp_path: Path) -> None:
    tree(server, 2)
    (tmp_path / "file").write_text("x")
    code, words = run(command(server, tmp_path / "file" / "out"))
    assert code == 2
    assert "不能使用" in words
    for name, content in (("text", b"not a database, but long enough to be looked at " * 10), ("empty", b"")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.db").write_bytes(content)
    code, words = run(command(server, tmp_path / "text"))
    assert code == 2
    assert "运行记录" in words
    assert run(command(server, tmp_path / "empty"))[0] == 0
    other = tmp_path / "other"
    other.mkdir()
    with closing(sqlite3.connect(other / "run.db")) as db:
        db.execute("CREATE TABLE t (a)")
    with pytest.raises(StoreError, match="不是审校的运行记录"):
        crawl(server, other)
    with closing(sqlite3.connect(tmp_path / "empty" / "run.db")) as db:
        db.execute("PRAGMA user_version=99")
    with pytest.raises(StoreError, match="另一版本"):
        crawl(server, tmp_path / "empty")
    with pytest.raises(CrawlError, match="不是网址"):
        Crawl("ftp://example.com/", tmp_path / "new", QUICK, clock=lambda: NIGHT)
    with pytest.raises(CrawlError, match="起始网址"):
        crawl(server, tmp_path / "new", seeds=("javascript:1",))
    with pytest.raises(ScopeError, match="写法有误"):
        crawl(server, tmp_path / "new", include=("re:[",))


def test_a_folder_that_may_not_be_written(server: Hostile, tmp_path: Path) -> None:
    tree(server, 2)
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o555)
    mounted = os.geteuid() == 0  # root may write anywhere but on a disk that is read-only
    if (
        mounted
        and subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", folder], check=False).returncode
    ):
        pytest.skip("不能挂载内存盘")
    try:
        code, words = run(command(server, folder))
        assert code == 2, words
        assert "不能使用" in words
        assert server.log == []
    finally:
        if mounted:
            subprocess.run(["umount", "-l", folder], check=True)


# -- a full disk ---------------------------------------------------------------


def test_a_file_that_may_not_grow(server: Hostile, tmp_path: Path) -> None:
    """As on a full disk: a clear stop, a sound store, and more room is all it takes to go on."""
    bodies(server, 80)
    limit = 400_000
    code, words = run(
        command(server, tmp_path),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert code == 3, words
    assert "写不进" in words
    assert "--resume" in words
    check_after_full(server, tmp_path, 80)


def bodies(server: Hostile, count: int) -> None:
    """Pages that do not compress."""
    server.routes["/"] = reply(page(*(f"/{n}" for n in range(1, count))))
    for n in range(1, count):
        noise = os.urandom(20_000).hex()
        server.routes[f"/{n}"] = reply(page("/", words=noise))


def fill(path: Path) -> None:
    """Take all the room there is."""
    with path.open("wb", buffering=0) as stream, suppress(OSError):
        while stream.write(os.urandom(100_000)):
            pass


def check_after_full(server: Hostile, out: Path, count: int) -> None:
    with closing(sqlite3.connect(out / "run.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("SELECT state FROM run").fetchone()[0] in ("running", "stopped")
    kept = committed(out)
    code, words = run(command(server, out, "--resume"))
    assert code == 0, words
    assert all(
        server.seen[f"GET {url.removeprefix(server.base)}"] == 1 for url in kept if "robots" not in url
    )
    assert check_warc(out) == count


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="不能挂载内存盘")
def test_a_disk_that_is_full(server: Hostile, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], check=False).returncode:
        pytest.skip("不能挂载内存盘")
    try:
        bodies(server, 80)
        code, words = run(command(server, disk / "out"))
        assert code == 3, words
        assert "磁盘空间不足" in words
        subprocess.run(["mount", "-o", "remount,size=20m", disk], check=True)
        check_after_full(server, disk / "out", 80)
        fill(disk / "filler")
        code, words = run(command(server, disk / "new"))
        assert code in (2, 3), words
        assert "磁盘空间不足" in words or "不能使用" in words
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def test_words_for_what_cannot_be_written() -> None:
    assert explain(OSError(28, "x")) == "磁盘空间不足"
    assert explain(OSError(5, "Input/output error")) == "写不进文件：Input/output error"
    assert explain(sqlite3.OperationalError("database or disk is full")) == "磁盘空间不足"
    assert explain(ValueError("x")) == "ValueError：x"


# -- addresses without end -----------------------------------------------------


def test_a_calendar_without_end(server: Hostile, tmp_path: Path) -> None:
    def answer(visit: Visit) -> bytes:
        if visit.target.startswith("/cal?"):
            year, month = (int(part.partition("=")[2]) for part in visit.target.partition("?")[2].split("&"))
            at = year * 12 + month - 1
            links = [f"/cal?y={n // 12}&m={n % 12 + 1}" for n in (at - 1, at + 1)]
            days = "".join(f"<td>{n}</td>" for n in range(1, 29 + at % 3))
            return reply(page(*links, words=f"{year}年{month}月 <table><tr>{days}</tr></table>"))
        if visit.target.startswith("/day/"):
            n = int(visit.target.removeprefix("/day/"))
            return reply(page(f"/day/{n + 1}", f"/day/{n + 2}", words=f"{n} 日没有活动"))
        return reply("404", status=404)

    server.fallback = answer
    server.routes["/"] = reply(page("/cal?y=2026&m=6", "/day/1", "/notice.html"))
    server.routes["/notice.html"] = reply(page(words="通知"))
    night = crawl(server, tmp_path)
    assert night.crawled.state == "done"
    assert len(night.pages) < 400
    assert night.pages["/notice.html"].status == 200
    assert any("没有尽头" in gap and "/day/0" in gap and "y" in gap for gap in night.crawled.gaps)
    asked = sum(server.asked().values())
    again = crawl(server, tmp_path, at=SECOND)
    assert again.crawled.state == "done"
    assert sum(server.asked().values()) - asked <= asked + 20


@pytest.mark.parametrize("form", ["/list;jsessionid={}", "/list?PHPSESSID={}", "/list?sid={}&x=1"])
def test_session_numbers_that_are_known(server: Hostile, tmp_path: Path, form: str) -> None:
    count = iter(range(10_000))

    def answer(visit: Visit) -> bytes:
        if visit.target.startswith("/list"):
            return reply(page(*(form.format(hashlib.md5(b"%d" % next(count)).hexdigest()) for _ in range(5))))
        return reply("404", status=404)

    server.fallback = answer
    server.routes["/"] = reply(page(form.format("0a" * 16)))
    night = crawl(server, tmp_path)
    assert len(night.pages) == 2
    assert sum(server.asked().values()) == 2
    assert night.crawled.gaps == []


@pytest.mark.parametrize(
    "form", ["/list?tok={}", "/list?a={}&b={}", "/list/{}/page.html"], ids=["unknown", "query", "path"]
)
def test_session_numbers_nobody_knows(server: Hostile, tmp_path: Path, form: str) -> None:
    count = iter(range(1_000_000))

    def answer(visit: Visit) -> bytes:
        if visit.target.startswith("/list"):
            return reply(page(*(form.format(next(count), next(count)) for _ in range(5)), words="栏目列表"))
        return reply("404", status=404)

    server.fallback = answer
    server.routes["/"] = reply(page(form.format(0, 0), "/notice.html"))
    server.routes["/notice.html"] = reply(page(words="通知"))
    night = crawl(server, tmp_path)
    assert night.crawled.state == "done"
    assert len(night.pages) < 1500
    assert night.pages["/notice.html"].status == 200
    assert any("没有尽头" in gap for gap in night.crawled.gaps)


def test_paths_that_grow(server: Hostile, tmp_path: Path) -> None:
    server.fallback = lambda visit: reply(page("a/", "b/", "a/b/")) if visit.method == "GET" else reply()
    night = crawl(server, tmp_path, home="/")
    assert night.crawled.state == "done"
    assert len(night.pages) < 3000


def test_addresses_that_grow_in_their_query(server: Hostile, tmp_path: Path) -> None:
    server.fallback = lambda visit: reply(
        page(f"{visit.target}{'&' if '?' in visit.target else '?'}k{len(visit.target)}=1")
    )
    night = crawl(server, tmp_path)
    assert night.crawled.state == "done"
    assert len(night.pages) < 700


def test_a_real_archive_is_no_trap(server: Hostile, tmp_path: Path) -> None:
    """Pages of a list differ in more than figures, so none of them is left out."""
    names = "甲乙丙丁戊己庚辛壬癸"

    def answer(visit: Visit) -> bytes:
        if visit.target.startswith("/list?page="):
            n = int(visit.target.rpartition("=")[2])
            more = [f"/list?page={n + 1}"] if n < 80 else []
            words = "".join(names[int(digit)] for digit in str(n))
            return reply(page(f"/art/{n}.html", *more, words=f"{words}的通知"))
        if visit.target.startswith("/art/"):
            return reply(page("/", words=visit.target))
        return reply("404", status=404)

    server.fallback = answer
    server.routes["/"] = reply(page("/list?page=1"))
    night = crawl(server, tmp_path)
    assert len(night.pages) == 161
    assert night.crawled.gaps == []


def test_traps_do_not_hang_on_the_order_of_answers() -> None:
    pages = [(f"http://h/l?t={n}", b"same" if n < 45 else str(n).encode(), 1, 0) for n in range(50)]
    closed = []
    for order in (pages, pages[::-1], pages[25:] + pages[:25]):
        made = traps.Traps()
        for one in order:
            made.page(*one)
        closed.append(made.settle())
        assert made.settle() == set()
    assert closed[0] == closed[1] == closed[2] == {"h?t", "http://h/l?t"}


# -- redirects -----------------------------------------------------------------


def test_redirects_that_never_end(server: Hostile, tmp_path: Path) -> None:
    server.routes["/"] = reply(page("/self", "/a", "/long/1", "/wall", "/odd", "/empty", "/chain/15"))
    server.routes["/self"] = to("/self")
    server.routes["/a"] = to("/b")
    server.routes["/b"] = to("/a")
    server.routes["/wall"] = lambda visit: (
        reply(page(words="进来了"))
        if "pass=1" in visit.headers.get("cookie", "")
        else to("/wall", "Set-Cookie: pass=1; Path=/")
    )
    server.routes["/odd"] = to("javascript:alert(1)")
    server.routes["/empty"] = reply(b"", status=302)

    def answer(visit: Visit) -> bytes:
        kind, _, n = visit.target.strip("/").partition("/")
        if kind == "long":
            return to(f"/long/{int(n) + 1}")
        if kind == "chain":
            return to(f"/chain/{int(n) - 1}") if int(n) else reply(page(words="到了"))
        return reply("404", status=404)

    server.fallback = answer
    night = crawl(server, tmp_path)
    assert night.crawled.state == "done"
    fetches = night.fetches
    assert fetches["/self"].next == "/self"
    assert (fetches["/a"].next, fetches["/b"].next) == ("/b", "/a")
    assert (fetches["/wall"].status, fetches["/wall"].failure) == (200, None)
    assert fetches["/odd"].failure == "malformed"
    assert fetches["/chain/0"].status == 200
    assert [fetches[f"/chain/{n}"].next for n in range(1, 16)] == [f"/chain/{n - 1}" for n in range(1, 16)]
    assert fetches["/long/21"].failure == "redirects"
    assert "/long/22" not in fetches
    assert night.crawled.progress.pages == len(night.pages)
    assert max(server.asked("/wall").values()) == 1
    assert server.seen["GET /wall"] == 2


def test_links_that_redirect_for_ever(
    server: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawling, "_MAX_HOPS", 6)
    with serving("127.0.0.2") as far:
        far.fallback = lambda visit: to(f"/{int(visit.target.strip('/') or 0) + 1}")
        server.routes["/"] = reply(page(f"{far.base}/0"))
        night = crawl(server, tmp_path, allow_private=True)
        assert night.crawled.state == "done"
        assert sum(far.seen.values()) == 7
        assert night.fetches[f"{far.base}/6"].failure == "redirects"


# -- bodies --------------------------------------------------------------------


def endless(head: bytes, part: bytes) -> Callable[[Visit], None]:
    def send(visit: Visit) -> None:
        visit.send(head)
        for _ in range(MOST // len(part)):
            visit.send(part)
            sent[0] += len(part)

    sent = [0]
    send.sent = sent  # type: ignore[attr-defined]
    return send


def test_bodies_and_answers_of_every_bad_kind(server: Hostile, tmp_path: Path) -> None:
    """What came is told by its kind, and none of it is taken for a page that was read."""
    ok = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
    big = endless(ok + b"Content-Length: 10000000000\r\n\r\n", b"<p>x" * 16384)
    stream = endless(ok + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"x" * 65536 + b"\r\n")
    bomb = gzip.compress(b"\0" * 50_000_000, 9)
    half = gzip.compress(page("/never-1").encode() * 50)
    routes: dict[str, tuple[object, str | None]] = {
        "/big": (big, "too-large"),
        "/stream": (stream, "too-large"),
        "/bomb": (reply(bomb, "Content-Encoding: gzip"), "too-large"),
        "/bad-gzip": (reply(b"\x1f\x8b\x08\0garbage garbage", "Content-Encoding: gzip"), "malformed"),
        "/half-gzip": (reply(half[: len(half) // 2], "Content-Encoding: gzip"), None),
        "/chunks": (raw(ok + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nnot hex\r\n"), "malformed"),
        "/short-chunk": (raw(ok + b"Transfer-Encoding: chunked\r\n\r\n40\r\n<a href=/never-2>"), "truncated"),
        "/cut": (raw(ok + b"Content-Length: 5000\r\n\r\n<a href=/never-3>x</a>"), "truncated"),
        "/drip-head": (raw(*(b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 100), pause=0.1), "timeout"),
        "/drip-body": (raw(ok + b"Content-Length: 9999\r\n\r\n", *[b"<p>"] * 100, pause=0.1), "timeout"),
        "/silent": (silent, "timeout"),
        "/reset": (reset, "reset"),
        "/nothing": (raw(b""), "reset"),
        "/garbage": (raw(b"\x00\x01\x02\x03 no http at all\r\n\r\n"), "malformed"),
        "/headers": (raw(b"HTTP/1.1 200 OK\r\n", *[b"X: " + b"y" * 1000 + b"\r\n"] * 400), "malformed"),
        "/no-length": (raw(ok + b"\r\n" + page("/found").encode()), None),
        "/length-lies": (raw(ok + b"Content-Length: 10\r\n\r\n<p>0123456789 and more than was said"), None),
        "/two-lengths": (raw(ok + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde"), "malformed"),
        "/negative": (raw(ok + b"Content-Length: -5\r\n\r\nabcde"), "malformed"),
        "/status": (raw(b"HTTP/1.1 999 ?\r\nContent-Length: 0\r\n\r\n"), "client-error"),
        "/1xx": (raw(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + reply(page("/found"))), None),
        "/pdf": (reply(b"%PDF-1.7 " + b"x" * 100_000, media="application/pdf"), None),
    }  # fmt: skip
    server.routes["/"] = reply(page(*routes))
    server.routes["/found"] = reply(page())
    server.routes.update({path: answer for path, (answer, _) in routes.items()})
    night = crawl(server, tmp_path, timeout=1.0, max_bytes=1_000_000, retries=0, concurrency=16)
    kinds = {path: night.kinds.get(path, "missing") for path in routes}
    expected = {path: kind for path, (_, kind) in routes.items()}
    wanted = ("malformed", "server-error", "client-error")
    assert {
        p: k
        for p, k in kinds.items()
        if k != expected[p]
        and not (p in ("/status", "/two-lengths", "/negative", "/half-gzip") and k in (*wanted, "truncated"))
    } == {}
    assert night.pages["/found"].status == 200
    assert not [path for path in server.asked() if path.startswith("/never")]
    for path, kind in expected.items():
        if kind in ("too-large", "truncated", "timeout", "malformed", "reset"):
            assert night.pages[path].content is None, path
    assert big.sent[0] < 8_000_000  # type: ignore[attr-defined]
    assert stream.sent[0] < 8_000_000  # type: ignore[attr-defined]
    assert check_warc(tmp_path)


def test_a_body_cut_short_is_not_believed_the_next_night(server: Hostile, tmp_path: Path) -> None:
    whole = page("/a").encode()
    cut = f'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nETag: "1"\r\nContent-Length: {len(whole)}\r\n\r\n'.encode()

    def answer(visit: Visit) -> bytes | None:
        if visit.headers.get("if-none-match") == '"1"':
            return reply(b"", 'ETag: "1"', status=304)
        if visit.count > 2:
            return reply(whole, 'ETag: "1"')
        visit.send(cut + whole[:30])
        return None

    server.routes["/"] = reply(page("/cut"))
    server.routes["/cut"] = answer
    server.routes["/a"] = reply(page())
    first = crawl(server, tmp_path)
    assert (first.pages["/cut"].failure, first.pages["/cut"].attempts) == ("truncated", 2)
    second = crawl(server, tmp_path, at=SECOND)
    assert (second.pages["/cut"].failure, second.pages["/a"].status) == (None, 200)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="只有 Linux 说得出内存峰值")
def test_memory_stays_flat_under_bodies_without_end(server: Hostile, tmp_path: Path) -> None:
    """20 endless bodies of up to 64 MB each, in a process of its own that tells its peak."""
    names = [f"/{n}" for n in range(20)]
    server.routes["/"] = reply(page(*names))
    for name in names:
        server.routes[name] = endless(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"y" * 65536)
    script = (
        "import sys, qa.cli\n"
        "try:\n    code = qa.cli.main(sys.argv[1:])\nexcept SystemExit as end:\n    code = end.code\n"
        "print('peak', open('/proc/self/status').read().partition('VmHWM:')[2].split()[0])\nraise SystemExit(code)\n"
    )
    code, words = run([sys.executable, "-c", script, *command(server, tmp_path, "--max-body", "2")[3:]])
    assert code == 3, words
    assert int(words.partition("peak ")[2].split()[0]) < 160_000  # kilobytes
    assert {
        row[0]
        for row in store(tmp_path, "SELECT failure FROM fetch WHERE status = 200 AND failure IS NOT NULL")
    } == {"too-large"}


def test_charsets_that_lie(server: Hostile, tmp_path: Path) -> None:
    words, title = "关于开展检查工作的通知，请各单位认真落实，切实抓好整改。", "通知公告栏目"
    html = f"<html><head><title>{title}</title></head><body><p>{words}</p><a href='/x?q=1'>下一页的文字</a></body></html>"
    meta = html.replace("<head>", '<head><meta charset="{}">')
    bodies = {
        "/header-lies": reply(html.encode("gb18030"), media="text/html; charset=utf-8"),
        "/header-lies-2": reply(html.encode(), media="text/html; charset=gb2312"),
        "/meta-lies": reply(meta.format("utf-8").encode("gb18030"), media="text/html"),
        "/meta-lies-2": reply(meta.format("gb2312").encode(), media="text/html"),
        "/utf-16": reply(html.encode("utf-16"), media="text/html"),
        "/utf-16be": reply(b"\xfe\xff" + html.encode("utf-16-be"), media="text/html; charset=utf-8"),
        "/bom": reply(b"\xef\xbb\xbf" + html.encode(), media="text/html; charset=gbk"),
        "/nonsense": reply(html.encode(), media="text/html; charset=no-such-charset"),
        "/gbk": reply(html.encode("gbk"), media="text/html; charset=GBK"),
    }
    server.routes["/"] = reply(page(*bodies))
    server.routes.update(bodies)
    night = crawl(server, tmp_path)
    titles = dict(
        night.rows(
            "SELECT u.url, c.title FROM content c JOIN url u ON u.id = c.url_id WHERE u.url NOT LIKE '%/'"
        )
    )
    assert {path: titles[server.base + path] for path in bodies} == dict.fromkeys(bodies, title)
    for path in bodies:
        assert [link[2] for link in night.links(path)] == ["下一页的文字"], path


def test_bytes_that_are_no_page_at_all(server: Hostile, tmp_path: Path) -> None:
    import random

    chance = random.Random(7)
    for n in range(30):
        junk = chance.randbytes(chance.randrange(3000))
        server.routes[f"/{n}"] = reply(
            b"<html>" + junk, media=["text/html", "text/html; charset=utf-8", ""][n % 3]
        )
    server.routes["/deep"] = reply("<div>" * 100_000 + "<a href=/ok>x</a>")
    server.routes["/odd"] = reply(
        "<title>&#xD800;\0</title><a href='&#xD800;\0'>x</a><a href='http://[::1'>y</a><a id='\0'>"
    )
    server.routes["/ok"] = reply(page())
    server.routes["/"] = reply(page("/deep", "/odd", *(f"/{n}" for n in range(30))))
    night = crawl(server, tmp_path)
    assert night.crawled.state == "done"
    assert all(night.pages[f"/{n}"].status == 200 for n in range(30))
    assert night.pages["/ok"].status == 200
    assert check_warc(tmp_path)


def test_a_hundred_thousand_links(server: Hostile, tmp_path: Path) -> None:
    body = "".join(f"<a href=/p{n % 50}?{n}>x</a>" for n in range(100_000))
    server.routes["/"] = reply(page("/many", "/few"))
    server.routes["/many"] = turn(reply(body, 'ETag: "1"'), reply(b"", status=304))
    server.routes["/few"] = reply(page())
    night = crawl(server, tmp_path, max_pages=50)
    assert night.pages["/few"].status == 200
    assert night.rows("SELECT count(*), max(n) FROM link")[0] == (20_002, 19_999)
    assert any("链接超过 20000 个" in gap for gap in night.crawled.gaps)
    again = crawl(server, tmp_path, at=SECOND, max_pages=50)
    assert any("链接超过 20000 个" in gap for gap in again.crawled.gaps)


def test_numbers_that_leave_memory(server: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a large site the oldest addresses are looked up in the store; no link and no body may get lost by it."""
    tree(server, 120)
    whole = crawl(server, tmp_path / "whole")
    monkeypatch.setattr(_Urls, "_GENERATION", 7)
    aged = crawl(server, tmp_path / "aged")
    assert facts(aged.out) == facts(whole.out)
    assert linked(aged.out) == linked(whole.out)
    assert check_warc(aged.out) == 120


def test_words_of_servers_that_are_not_ascii(server: Hostile, tmp_path: Path) -> None:
    server.routes["/"] = reply(page("/跳转", "/b"), 'ETag: "版本一"', "Last-Modified: 昨天")
    server.routes["/%E8%B7%B3%E8%BD%AC"] = to("/b", "Set-Cookie: 名=值")
    server.routes["/b"] = turn(to("/b", "Set-Cookie: 名=值"), reply(page()))
    assert crawl(server, tmp_path).crawled.state == "done"
    again = crawl(server, tmp_path, at=SECOND)
    assert (again.crawled.state, again.pages["/"].status) == ("done", 200)
    assert server.log[-1].headers["user-agent"].startswith("Mozilla")


def test_a_body_after_head(server: Hostile, tmp_path: Path) -> None:
    """What a server sends against the rules after HEAD is not taken for the answer to the next request."""

    def answer(visit: Visit) -> bytes | None:
        if visit.method == "HEAD":
            visit.send(reply(b"<p>not allowed", status=405))
            visit.wait(0.02)
            visit.send(b"HTTP/1.1 junk")
            visit.wait(0.2)
            return None
        return reply(b"file", media="application/zip")

    names = [f"/{n}.zip" for n in range(5)]
    server.routes["/"] = reply(page(*names))
    server.routes.update(dict.fromkeys(names, answer))
    night = crawl(server, tmp_path)
    assert {night.fetches[name].failure for name in names} == {None}


# -- a server that dies --------------------------------------------------------


def test_a_server_that_dies_at_half(server: Hostile, tmp_path: Path) -> None:
    tree(server, 100)
    inner = server.fallback
    assert inner is not None

    def answer(visit: Visit) -> bytes | None:
        if len(server.log) == 40:
            threading.Thread(target=server.stop).start()
        visit.wait(0.0 if len(server.log) < 40 else 0.05)
        return inner(visit)

    server.fallback = answer
    begun = time.monotonic()
    night = crawl(server, tmp_path)
    assert time.monotonic() - begun < 15
    assert night.crawled.state == "stopped"
    assert "连续没有回应" in night.crawled.gaps[0]
    assert "--resume" in night.crawled.gaps[0]
    kept = {path for path, row in night.pages.items() if row.status == 200}
    assert 10 < len(kept) < 100
    server.fallback = inner
    server.start()
    seen = server.asked()
    end = crawl(server, tmp_path, resume=True)
    assert (end.crawled.state, end.crawled.gaps) == ("done", [])
    assert len(end.pages) == 100
    assert {row.status for row in end.pages.values()} == {200}
    assert all(server.asked()[path] == seen[path] for path in kept)
    assert check_warc(tmp_path) == 100


def test_a_server_that_was_never_there(server: Hostile, tmp_path: Path) -> None:
    server.stop()
    night = crawl(server, tmp_path)
    assert night.crawled.state == "stopped"
    assert "打不开（服务器拒绝连接）" in night.crawled.gaps[0]
    assert night.kinds["/"] == "refused"
    code, words = run(command(server, tmp_path / "cli"))
    assert code == 3
    assert "服务器拒绝连接" in words


def test_another_host_that_is_gone_does_not_stop_the_site(server: Hostile, tmp_path: Path) -> None:
    far = Hostile("127.0.0.2")
    far.stop()
    server.routes["/"] = reply(page("/a", *(f"{far.base}/{n}" for n in range(60))))
    server.routes["/a"] = reply(page())
    begun = time.monotonic()
    night = crawl(server, tmp_path, allow_private=True, retries=0)
    assert time.monotonic() - begun < 12
    assert (night.crawled.state, night.pages["/a"].status) == ("done", 200)
    assert {row.failure for name, row in night.fetches.items() if far.base in name} == {"refused"}


def test_a_host_in_scope_that_is_gone_is_a_gap(server: Hostile, tmp_path: Path) -> None:
    far = Hostile("127.0.0.2")
    far.stop()
    server.routes["/"] = reply(page("/a", f"{far.base}/x", f"{far.base}/y"))
    server.routes["/a"] = reply(page())
    night = crawl(server, tmp_path, allow_private=True, retries=0, hosts=(f"127.0.0.2:{far.port}",))
    assert night.pages["/a"].status == 200
    assert any(f"127.0.0.2:{far.port} 打不开" in gap for gap in night.crawled.gaps)


def test_a_host_in_scope_that_dies_at_half_is_a_gap(server: Hostile, tmp_path: Path) -> None:
    with serving("127.0.0.2") as far:
        tree(far, 60)
        inner = far.fallback
        assert inner is not None

        def answer(visit: Visit) -> bytes | None:
            if len(far.log) == 20:
                threading.Thread(target=far.stop).start()
            return inner(visit)

        far.fallback = answer
        server.routes["/"] = reply(page(f"{far.base}/", "/a"))
        server.routes["/a"] = reply(page("/b"))
        server.routes["/b"] = reply(page("/c"))
        server.routes["/c"] = reply(page())
        night = crawl(server, tmp_path, allow_private=True, retries=0, hosts=(f"127.0.0.2:{far.port}",))
    assert night.crawled.state == "done"
    assert {night.pages[path].status for path in ("/", "/a", "/b", "/c")} == {200}
    assert any(f"127.0.0.2:{far.port} 连续没有回应" in gap for gap in night.crawled.gaps)


def test_stopped_while_links_are_checked(server: Hostile, tmp_path: Path) -> None:
    files = [f"/{n}.pdf" for n in range(60)]
    server.routes["/"] = reply(page(*files))

    def answer(visit: Visit) -> bytes:
        visit.wait(0.01)
        return reply(b"", media="application/pdf")

    server.routes.update(dict.fromkeys(files, answer))
    first = crawl(server, tmp_path, stopping=lambda: len(server.log) > 20)
    assert first.crawled.state == "stopped"
    kept = [path for path in files if path in first.fetches]
    seen = {path: server.seen[f"HEAD {path}"] for path in kept}
    second = crawl(server, tmp_path, resume=True)
    assert {second.fetches[path].status for path in files} == {200}
    assert {path: server.seen[f"HEAD {path}"] for path in kept} == seen
    assert server.seen["GET /"] == 1


def test_a_disk_that_is_full_for_the_stores_own_tables(
    server: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree(server, 30)

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(Crawl, "_pending", full)
        night = crawl(server, tmp_path)
    assert night.crawled.state == "stopped"
    assert "写不进运行记录（磁盘空间不足）" in night.crawled.gaps[0]
    with monkeypatch.context() as patched:
        patched.setattr(Crawl, "_count_gaps", full)
        night = crawl(server, tmp_path, resume=True)
    assert "运行记录没有收尾：磁盘空间不足" in night.crawled.gaps
    assert len(crawl(server, tmp_path, resume=True).pages) == 30


def test_progress_is_told(server: Hostile, tmp_path: Path) -> None:
    tree(server, 30, pause=0.05)
    told = []
    options = CrawlOptions(rate=0, probes=False)
    Crawl(
        f"{server.base}/", tmp_path, options, clock=lambda: NIGHT, progress=lambda it: told.append(it.pages)
    ).crawl()
    assert told == sorted(told)
    assert len(told) >= 2


def test_night_after_night_reads_json(server: Hostile, tmp_path: Path) -> None:
    """What is written of a run can be read again."""
    tree(server, 3)
    night: Night = crawl(server, tmp_path, robots=False, insecure=True)
    ((config, notices),) = night.rows("SELECT config, notices FROM run")
    assert json.loads(config)["robots"] is False
    assert any("--ignore-robots" in words for words in json.loads(notices))
    assert any("--insecure" in words for words in json.loads(notices))


# -- judged once -----------------------------------------------------------------


def test_killed_while_judging_no_page_is_judged_twice(server: Hostile, tmp_path: Path) -> None:
    """Stopped and resumed while crawling, killed while judging: a trigger counts how often each body is judged."""
    tree(server, 120)
    until_40 = lambda: len(server.log) > 40  # noqa: E731
    assert crawl(server, tmp_path, stopping=until_40).crawled.state == "stopped"
    assert len(crawl(server, tmp_path, resume=True).pages) == 120
    with closing(sqlite3.connect(tmp_path / "run.db")) as db:
        db.executescript(
            "CREATE TABLE judged (content_id); CREATE TRIGGER told AFTER INSERT ON page"
            " BEGIN INSERT INTO judged VALUES (new.content_id); END;"
        )
    words = [sys.executable, "-m", "qa.cli", "judge", str(tmp_path), "--no-config", "-q", "-j", "1"]
    process = start(words)
    until(lambda: process.poll() is not None or store(tmp_path, "SELECT count(*) FROM judged") != [(0,)], 60)
    process.kill()
    _, errors = process.communicate()
    ((before,),) = store(tmp_path, "SELECT count(*) FROM judged")
    assert before, errors
    run(words)
    assert store(tmp_path, "SELECT count(*), count(DISTINCT content_id) FROM judged") == [(120, 120)]
    assert store(tmp_path, "SELECT count(*) FROM page WHERE unchecked <> '[]'") == [(0,)]
